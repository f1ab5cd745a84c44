"""The board of a game as plain arrays: levels, beliefs and the terms of every package.

Values are kept as ``(accounts, [index], beliefs, territory, forces, endurance, patience)``: every stock is an axis of
its own, the flat cell order of the stored values unfolded. Accounts are 0 settler, 1 staller, 2 defender, 3 patron.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from outlast.game.inputs import Inputs
    from outlast.game.shape import Shape

SETTLER, STALLER, DEFENDER, PATRON = range(4)
CURRENT, ROLLBACK, CESSION = range(3)
NO_GUARANTEE = 0


Cell = tuple[int, int, int, int]
"""Places on the stocks' lists of levels: territory, forces, endurance, patience."""


@dataclass(frozen=True)
class Terms:
    """What a peace rests on. Guarantee 0 none, 1 soft, 2 enforceable; relief 0 none, 1 phased, 2 full."""

    guarantee: int
    denied: bool
    demilitarised: bool
    relief: int


@dataclass(frozen=True)
class Package:
    """A package: its line, whether the patron must back it, its share of a menu, and the peace it leads to."""

    line: int
    backing: bool
    weight: float
    phase: int


@dataclass(frozen=True)
class Board:
    """Levels of each stock and of the belief, ascending, and the deals on the table."""

    territory: NDArray
    forces: NDArray
    endurance: NDArray
    patience: NDArray
    beliefs: NDArray
    phases: tuple[Terms, ...]
    packages: tuple[Package, ...]

    @property
    def stocks(self) -> tuple[NDArray, NDArray, NDArray, NDArray]:
        """Levels by axis: territory, forces, endurance, patience."""
        return self.territory, self.forces, self.endurance, self.patience

    @property
    def sizes(self) -> tuple[int, int, int, int]:
        """Number of levels by axis."""
        return len(self.territory), len(self.forces), len(self.endurance), len(self.patience)

    @property
    def cells(self) -> list[Cell]:
        """Every cell, in the flat order."""
        territory, forces, endurance, patience = (range(size) for size in self.sizes)
        return [(t, f, e, p) for t in territory for f in forces for e in endurance for p in patience]

    def along(self, axis: int, values: NDArray | None = None) -> NDArray:
        """Return ``values`` (the stock's own levels when None) laid along one stock's axis, others of length 1."""
        shape = [1, 1, 1, 1]
        shape[axis] = -1
        return np.asarray(self.stocks[axis] if values is None else values).reshape(shape)

    @property
    def imposed(self) -> NDArray:
        """Whether the challenger dictates, by cell: it holds the whole prize, or the defender's endurance is gone."""
        whole = np.arange(len(self.territory)) == len(self.territory) - 1
        broken = np.arange(len(self.endurance)) == 0
        return np.broadcast_to(self.along(0, whole) | self.along(2, broken), self.sizes)

    @property
    def present(self) -> NDArray:
        """Whether the patron has not left, ``(1, 1, 1, patience)``."""
        return self.along(3, np.arange(len(self.patience)) > 0)

    def unfold(self, stored: NDArray) -> NDArray:
        """Return stored values with the flat cell axis, the last, unfolded into the four stocks."""
        stored = np.asarray(stored, dtype=float)
        return stored.reshape(*stored.shape[:-1], *self.sizes)


def board_of(shape: Shape, inputs: Inputs) -> Board:
    """Read the board from a game's shape and inputs."""
    levels = [np.asarray(axis, dtype=float) for axis in inputs.grid.levels]
    deals = inputs.deals
    phases = tuple(
        Terms(
            guarantee=int(deals.phase_guarantee[j]),
            denied=float(deals.phase_denied[j]) > 0,
            demilitarised=float(deals.phase_demilitarised[j]) > 0,
            relief=int(deals.phase_relief[j]),
        )
        for j in range(shape.phases)
    )
    packages = tuple(
        Package(
            line=int(deals.line[k]),
            backing=float(deals.backing[k]) > 0,
            weight=float(deals.weight[k]),
            phase=int(deals.phase[k]),
        )
        for k in range(shape.packages)
    )
    beliefs = np.asarray(inputs.grid.beliefs, dtype=float)
    return Board(levels[0], levels[1], levels[2], levels[3], beliefs, phases, packages)
