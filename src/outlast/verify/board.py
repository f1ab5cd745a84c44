"""The board of a game as plain arrays: levels, beliefs, the terms of every package, and the cells looked at.

Values are ``(accounts, [index], beliefs, cells)``, in the flat order of the stored values: territory, forces,
endurance, patience, the last fastest. Accounts are 0 settler, 1 staller, 2 defender, 3 patron.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from outlast.game.inputs import Inputs
    from outlast.game.shape import Shape

SETTLER, STALLER, DEFENDER, PATRON = range(4)
CURRENT, ROLLBACK, CESSION = range(3)
NO_GUARANTEE = 0


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
    """Levels of each stock and of the belief, ascending, the deals on the table, and the cells that arrays run over."""

    territory: NDArray
    forces: NDArray
    endurance: NDArray
    patience: NDArray
    beliefs: NDArray
    phases: tuple[Terms, ...]
    packages: tuple[Package, ...]
    cells: NDArray
    """Flat numbers of the cells looked at, ascending; every cell unless ``among`` was asked for some."""
    lines: tuple[int, ...] | None = None
    """Places of the levels of territory at which a peace can hold its line; all where None."""

    pieces: tuple[int, int, int, int] = (1, 1, 1, 1)
    """In how many equal pieces a month of each stock is taken."""

    @property
    def stocks(self) -> tuple[NDArray, NDArray, NDArray, NDArray]:
        """Levels by axis: territory, forces, endurance, patience."""
        return self.territory, self.forces, self.endurance, self.patience

    @property
    def sizes(self) -> tuple[int, int, int, int]:
        """Number of levels by axis."""
        return len(self.territory), len(self.forces), len(self.endurance), len(self.patience)

    def among(self, cells: NDArray) -> Board:
        """Return the same board with other cells looked at, given by their flat numbers."""
        return replace(self, cells=np.unique(cells))

    @cached_property
    def places(self) -> tuple[NDArray, ...]:
        """Places of the cells looked at on the list of levels of each stock, four times ``(cells,)``."""
        return np.unravel_index(self.cells, self.sizes)

    def at(self, axis: int, values: NDArray | None = None) -> NDArray:
        """Return ``values`` by level (the stock's own levels when None) in the cells looked at, ``(cells,)``."""
        return np.asarray(self.stocks[axis] if values is None else values)[self.places[axis]]

    @property
    def imposed(self) -> NDArray:
        """Whether the challenger dictates, by cell: it holds the whole prize, or the defender's endurance is gone."""
        return (self.places[0] == len(self.territory) - 1) | (self.places[2] == 0)

    @property
    def lined(self) -> NDArray:
        """Whether a peace can be there: only where a line can be, since in peace the line does not move."""
        if self.lines is None:
            return np.ones(len(self.cells), dtype=bool)
        return np.isin(self.places[0], self.lines)

    @property
    def present(self) -> NDArray:
        """Whether the patron has not left, ``(cells,)``."""
        return self.places[3] > 0


def board_of(shape: Shape, inputs: Inputs) -> Board:
    """Read the board from a game's shape and inputs; every cell is looked at."""
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
    every = np.arange(int(np.prod([len(axis) for axis in levels])))
    lines = inputs.grid.lines
    return Board(
        levels[0], levels[1], levels[2], levels[3], beliefs, phases, packages, every, lines, inputs.grid.pieces
    )
