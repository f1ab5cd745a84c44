"""Read a calendar solution month by month, in bounded memory.

A solution keeps the first months, where answers look. The months after are solved again: once to the end of what is
kept, leaving values behind at a few months, and once more from each of these, a stretch at a time, which is kept while
it is read. That is checkpointing in two levels: no month is solved more than twice.
"""

from __future__ import annotations

from itertools import cycle
from typing import NamedTuple

import numpy as np

from outlast.solving.adjoint.layout import Arrays
from outlast.solving.backward import TOLERANCE, Again, Resolved
from outlast.solving.month import Start, Workspace, pooling, solve_month
from outlast.solving.solution import Solution

LIMIT = 128 << 20
"""Bytes that a stretch may take."""


class _Mark(NamedTuple):
    """Values after a month and where its typed decisions may start."""

    values: Arrays
    starts: dict[str, Start]


class SolutionTape:
    """Every month of a solution, in any order, cheapest from first to last. What a call returns holds for one more."""

    def __init__(self, solution: Solution, *, limit: int = LIMIT):
        """Take a solution of the plain value convention; ``limit`` bounds a stretch, in bytes."""
        if solution.convention != "expectation":
            raise ValueError(
                f"derivatives know the value convention expectation, not {solution.convention}: solve with expectation"
            )
        again, self._kept = solution.again, solution.calendar.kept
        self._layers = solution.calendar.months
        self.levels, self.months, self._last = again.levels, solution.game.shape.months, again.last
        # Arrays of one call live on while the next is worked out in the other's.
        self._turns = cycle((again, Again(solution.calendar, months=self.months)))
        self._behind, *spaces = (Workspace(self.levels, accounts=4, tolerance=TOLERANCE) for _ in range(3))
        self._spaces = cycle(spaces)
        per_month = sum(part[0].nbytes for part in (*self._kept.values.values(), *self._kept.odds.values()))
        self._length = max(1, limit // per_month)
        self._marks: dict[int, _Mark] = {}
        self._stretch: dict[int, _Mark] = {}
        self._end: Arrays = {}

    def __call__(self, month: int) -> tuple[Resolved, Arrays]:
        """Return a month solved again, and the values of the month after; both hold until the call after the next."""
        if month <= self._last:
            solved = next(self._turns)(month)
            if month + 1 < self.months:
                return solved, {name: value[month + 1] for name, value in self._kept.values.items()}
            return solved, self._terminal()
        if month not in self._stretch:
            self._solve_stretch(month)
        mark = self._stretch[month]
        layers = self._layers[month]
        stations, choices, _, _ = solve_month(layers, mark.values, mark.starts, next(self._spaces))
        return Resolved(layers, stations, choices), mark.values

    def _terminal(self) -> Arrays:
        if not self._end:
            rules, inputs = self._layers.rules, self._layers.inputs
            self._end = {name: np.asarray(value) for name, value in rules.terminal(inputs).items()}
        return self._end

    def _solve_stretch(self, month: int) -> None:
        first = self._last + 1
        if not self._marks:
            self._marks = {self.months - 1: _Mark(self._terminal(), {})}
            if self.months - first > self._length:
                self._back(self.months - 1, first, every=self._length)
        ends = sorted(end for end in self._marks if end >= month)
        begin = max([end + 1 for end in self._marks if end < month], default=first)
        self._stretch = {}
        self._back(ends[0], max(begin, first), every=0)

    def _back(self, last: int, first: int, *, every: int) -> None:
        """Solve from a mark down; leave a mark every so many months, or keep each month where ``every`` is 0."""
        mark = self._marks[last]
        for month in range(last, first - 1, -1):
            if every and (self.months - 1 - month) % every == 0 and month not in self._marks:
                self._marks[month] = mark
            stations, _, odds, _ = solve_month(self._layers[month], mark.values, mark.starts, self._behind)
            if not every:
                # Exact log odds and no leap: reading the month again takes one round.
                at = {name: Start(found.copy(), np.zeros_like(found)) for name, found in odds.items()}
                self._stretch[month] = _Mark(mark.values, at)
            starts = {name: self._followed(found, mark.starts.get(name)) for name, found in odds.items()}
            mark = _Mark({name: np.array(stations[name]) for name in mark.values}, starts)

    def _followed(self, odds: np.ndarray, before: Start | None) -> Start:
        before = before or pooling(self.levels, odds.shape)
        return Start(odds.copy(), odds - before.odds)
