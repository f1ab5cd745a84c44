"""The product grid of the war's stocks, flattened into cells.

Cells run territory-major: territory, forces, endurance, patience, the last fastest. Territory is a share of the prize,
forces a multiple of the strength at the start, endurance and patience shares of full.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from jaxtyping import Float

from outlast.game.lattice import matched
from outlast.game.layers import Shift, Step

STOCKS = ("territory", "forces", "endurance", "patience")


@dataclass(frozen=True, eq=False)
class Grid:
    """Levels of every stock and of the public belief; everything else follows from them."""

    levels: tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]
    beliefs: Float[np.ndarray, " beliefs"]
    lines: tuple[int, ...] | None = None
    """Places of the levels of territory at which a peace can hold its line; all of them where None."""
    pieces: tuple[int, int, int, int] = (1, 1, 1, 1)
    """In how many equal pieces a month of each stock is taken (``outlast.game.lattice.pieces``)."""

    @property
    def sizes(self) -> tuple[int, ...]:
        """Number of levels of each stock, in the order of ``STOCKS``."""
        return tuple(len(axis) for axis in self.levels)

    @property
    def cells(self) -> int:
        """Number of cells: the product of the sizes."""
        total = 1
        for size in self.sizes:
            total *= size
        return total

    def stride(self, stock: str) -> int:
        """Distance in the flat order between neighbours on the stock's axis."""
        total = 1
        for size in self.sizes[STOCKS.index(stock) + 1 :]:
            total *= size
        return total

    def _spread(self, stock: str, values: np.ndarray) -> Float[np.ndarray, " cells"]:
        axis = STOCKS.index(stock)
        shape = [1] * len(STOCKS)
        shape[axis] = len(values)
        return np.broadcast_to(values.reshape(shape), self.sizes).flatten()

    def of(self, stock: str) -> Float[np.ndarray, " cells"]:
        """Return the stock's value in every cell."""
        return self._spread(stock, self.levels[STOCKS.index(stock)])

    def lowest(self, stock: str) -> Float[np.ndarray, " cells"]:
        """Return 1 in the cells at the stock's first level, else 0."""
        axis = self.levels[STOCKS.index(stock)]
        return self._spread(stock, 1.0 * (np.arange(len(axis)) == 0))

    def highest(self, stock: str) -> Float[np.ndarray, " cells"]:
        """Return 1 in the cells at the stock's last level, else 0."""
        axis = self.levels[STOCKS.index(stock)]
        return self._spread(stock, 1.0 * (np.arange(len(axis)) == len(axis) - 1))

    def step(self, stock: str, *, rise: np.ndarray, fall: np.ndarray) -> Step:
        """Turn expected monthly rise and fall (stock units, per cell) into chances of moving one level.

        Chance = rate / distance to the neighbour, so the mean drift does not depend on the grid. Where rise and fall
        together exceed one level a month they are scaled to one.
        """
        axis = self.levels[STOCKS.index(stock)]
        gap = np.diff(axis)
        up = self._spread(stock, np.concatenate([1 / gap, np.zeros(1)])) * np.maximum(rise, 0)
        down = self._spread(stock, np.concatenate([np.zeros(1), 1 / gap])) * np.maximum(fall, 0)
        total = np.maximum(up + down, 1.0)
        return Step(self.stride(stock), up / total, down / total)

    def move(
        self, stock: str, *, rise: np.ndarray, fall: np.ndarray, spread: float | None = None, lowest: int = 0
    ) -> tuple[Step, ...]:
        """Return a month of one stock, from expected rise and fall per cell, in the stock's unit.

        With a spread, a standard deviation in the same unit, the kernel has the mean ``rise - fall`` and that spread
        (``outlast.game.lattice``). Without one, the stock moves from mark to mark by its rise and by its fall, each on
        its own (``step``). ``lowest`` is the place of the lowest level that the move may reach.
        """
        if spread is None:
            return (self.step(stock, rise=rise, fall=fall),)
        mean = np.asarray(rise) - np.asarray(fall)
        count = self.pieces[STOCKS.index(stock)]
        below, above = self.distances(stock, lowest)
        up, down, _ = matched(mean / count, spread / count**0.5, below, above)
        return (Step(self.stride(stock), up, down),) * count

    def distances(self, stock: str, lowest: int = 0) -> tuple[np.ndarray, np.ndarray]:
        """Return the distance to the level below and above by cell, infinite at an end; ``lowest`` is the lower end."""
        gap = np.diff(self.levels[STOCKS.index(stock)])
        below = np.concatenate([[np.inf], gap])
        below[: lowest + 1] = np.inf
        return self._spread(stock, below), self._spread(stock, np.concatenate([gap, [np.inf]]))

    def shift(self, stock: str, matrix: Float[np.ndarray, "*index levels levels"]) -> Shift:
        """Return the jump of one stock with the given level-to-level chances."""
        axis = STOCKS.index(stock)
        before = 1
        for size in self.sizes[:axis]:
            before *= size
        return Shift(before, self.stride(stock), matrix)

    def jump(self, stock: str, target: Float[np.ndarray, "*index levels"]) -> Float[np.ndarray, "*index levels levels"]:
        """Return level-to-level chances that send each level to the value ``target`` in the mean (two neighbours)."""
        return hat(target, self.levels[STOCKS.index(stock)])

    def lined(self, target: Float[np.ndarray, "*index levels"]) -> Float[np.ndarray, "*index levels levels"]:
        """Return level-to-level chances that send territory to ``target`` in the mean, on levels where lines can be."""
        levels = self.levels[0]
        if self.lines is None:
            return hat(target, levels)
        places = list(self.lines)
        out = np.zeros((*target.shape, len(levels)))
        out[..., places] = hat(target, levels[places])
        return out


def dictated(sizes: tuple[int, ...]) -> np.ndarray:
    """Return in which cells the war is over, as truth values.

    The challenger dictates where it holds the whole prize, or where the defender's endurance is gone.
    """
    held, _, endurance, _ = np.indices(sizes)
    return ((held == sizes[0] - 1) | (endurance == 0)).reshape(-1)


def hat(value: Float[np.ndarray, "*lead"], levels: Float[np.ndarray, " levels"]) -> Float[np.ndarray, "*lead levels"]:
    """Return the weights on the grid levels that reproduce ``value`` in the mean; outside the grid, the end level."""
    value = np.clip(value, levels[0], levels[-1])[..., None]
    gap = np.diff(levels)
    rising = np.clip((value - levels[:-1]) / gap, 0, 1)
    one = np.ones_like(value)
    zero = np.zeros_like(value)
    return np.concatenate([one, rising], axis=-1) - np.concatenate([rising, zero], axis=-1)
