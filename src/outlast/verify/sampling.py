"""Which months and cells are checked: all of them where that takes seconds, else a sample that a seed repeats."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from outlast.verify.board import Board
from outlast.verify.kernels import kernels_in
from outlast.verify.month import open_cells
from outlast.verify.numbers import numbers_in

if TYPE_CHECKING:
    from outlast.game.inputs import Inputs
    from outlast.game.shape import Shape

DRAWN = 3
"""Months of a sample that are drawn at random, at least, where it has room for them."""


@dataclass(frozen=True)
class Effort:
    """How much is checked: all of a game that is small enough, else a sample of this size."""

    values: int = 300_000
    """Values (phase of war or peace, belief, cell) that may be worked out, over all months: a second or two."""
    months: int = 8
    """Months, at least; four or more: the first two, the last, up to half of them of events, the rest at random."""
    seed: int = 1
    """Of what is drawn."""


@dataclass(frozen=True)
class Sample:
    """The months checked, and the cells in each.

    A cell is drawn with every other cell that differs from it in territory only, as deals move territory. Those around
    the stocks at the start are always among them.
    """

    cells: Mapping[int, NDArray]
    """Flat numbers of the cells asked for, ascending, by month."""
    of_cells: int
    of_months: int
    """Cells of the board, and months of the game."""
    seed: int | None
    """None where nothing was left to chance."""

    @property
    def whole(self) -> bool:
        """Whether every cell of every month of the game is checked."""
        return len(self.cells) == self.of_months and all(len(own) == self.of_cells for own in self.cells.values())

    @property
    def extent(self) -> str:
        """Say in words which months and cells are checked."""
        if self.whole:
            return f"every cell of all {self.of_months} months" if self.of_months > 1 else "every cell of the month"
        fewest = min(len(own) for own in self.cells.values())
        cells = "every cell" if fewest == self.of_cells else f"{fewest:,} of {self.of_cells:,} cells"
        drawn = "" if self.seed is None else f", drawn with seed {self.seed}"
        return f"{cells} in {len(self.cells)} of {self.of_months} months{drawn}"


def sample(
    shape: Shape,
    inputs: Inputs,
    board: Board,
    *,
    available: Iterable[int],
    months: Iterable[int] | None = None,
    effort: Effort,
) -> Sample:
    """Choose what to check.

    Args:
        shape: counts of the game.
        inputs: its numbers and its calendar.
        board: its board, every cell looked at.
        available: months that can be checked, ascending.
        months: months to check in every cell, where the caller names some of those available.
        effort: how much may be checked.
    """
    can, every = sorted(available), board.cells
    if months is not None:
        return Sample(dict.fromkeys(sorted(set(months)), every), len(every), shape.months, None)
    values = len(board.beliefs) * (1 + len(board.phases))
    if values * len(every) * len(can) <= effort.values:
        return Sample(dict.fromkeys(can, every), len(every), shape.months, None)
    draw = np.random.default_rng(effort.seed)
    whole = effort.values // (values * len(every))
    chosen = _months(inputs, can, draw, fewest=effort.months, whole=whole)
    columns = len(every) // len(board.territory)
    count = max(1, effort.values // (values * len(chosen) * len(board.territory)))
    start = _around_start(board, numbers_in(shape, inputs, 0).by_name)

    def cells() -> NDArray:
        if count >= columns:
            return every
        others = draw.permutation(np.setdiff1d(np.arange(columns), start))[: max(count - len(start), 1)]
        own = np.concatenate([start, others])
        return np.sort((np.arange(len(board.territory))[:, None] * columns + own).reshape(-1))

    return Sample({month: cells() for month in chosen}, len(every), shape.months, effort.seed)


def _months(inputs: Inputs, can: list[int], draw: np.random.Generator, *, fewest: int, whole: int) -> list[int]:
    """Draw months: ``fewest`` of them, and up to ``whole`` where so many can be checked in every cell."""
    calendar = inputs.calendar
    dated = {int(month) for month in (*np.asarray(calendar.change_month), *np.asarray(calendar.shock_month))}
    known = sorted(dated & set(can))
    known = known if len(known) <= fewest - 4 else draw.permutation(known)[: fewest - 4].tolist()
    always = {*can[:2], can[-1], *known}
    rest = [month for month in can if month not in always]
    count = max(min(DRAWN, fewest - 3), max(fewest, whole) - len(always))
    return sorted({*always, *draw.permutation(rest)[:count].tolist()})


def _around_start(board: Board, numbers: Mapping[str, float]) -> NDArray:
    """Return the numbers of the cells around the start, territory left out."""
    near = []
    for stock, levels in zip(("forces", "endurance", "patience"), board.stocks[1:], strict=True):
        above = int(np.searchsorted(levels, numbers[f"stocks.{stock}.start"]))
        near.append(sorted({min(max(place, 0), len(levels) - 1) for place in (above - 1, above)}))
    endurance, patience = board.sizes[2:]
    return np.array([(f * endurance + e) * patience + p for f in near[0] for e in near[1] for p in near[2]])


def checks_of(shape: Shape, inputs: Inputs, board: Board) -> int:
    """Count the checks that there are: every value and every node of a decision that can arise, in every month."""
    packages, phases, cells = len(board.packages), len(board.phases), len(board.cells)
    deciding = 1 + 3 + 3 + 5 * packages + 2
    total, known = 0, {}
    for month in range(shape.months):
        numbers = numbers_in(shape, inputs, month)
        if numbers.shocks not in known:
            known[numbers.shocks] = int(open_cells(board, kernels_in(board, numbers)).sum())
        total += len(board.beliefs) * (deciding * known[numbers.shocks] + cells * (1 + 3 * phases))
    return total
