"""The calendar solution: agent logit equilibrium by backward induction in compiled loops, one sweep a month.

Values of next month's stations go in, this month's layers are solved from last to first, values of this month's
stations come out. The equilibrium at typed nodes is followed from month to month, from pooling in the last month. Kept
are the start-of-month values of the first ``window`` months and the log odds at typed nodes, from which every choice of
a month follows again in one round; choices themselves would take ten times the memory.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Any, NamedTuple

import numpy as np

from outlast.game.layers import Layer
from outlast.solving.choice import Choice
from outlast.solving.month import Ready, Stations, solve_month
from outlast.solving.played import Played, way, where_played
from outlast.solving.workspace import Proof, Start, Workspace, pooling

TOLERANCE = 1e-7
"""Largest log-odds gap left at a typed node."""


class Months:
    """The layers of every month; a layer whose numbers stay the same is the same one."""

    def __init__(self, rules: Any, inputs: Any, *, keep: int = 0):
        """Take the rules and every number; the first ``keep`` months stay once they are made."""
        self.rules, self.inputs, self._keep = rules, inputs, keep
        self._make = rules.months(inputs)
        self._begins = rules.begins(inputs) if hasattr(rules, "begins") else {}
        self._kept: dict[int, tuple[Ready, ...]] = {}
        self._latest: dict[str, Ready] = {}
        self._played: dict[tuple[bytes, ...], dict[str, Played]] = {}

    def __getitem__(self, month: int) -> tuple[Ready, ...]:
        """Return the layers of a month, in the order of play."""
        if month in self._kept:
            return self._kept[month]
        found = tuple(self._ready(layer) for layer in self._make(month))
        if month < self._keep:
            self._kept[month] = found
        return found

    def _ready(self, layer: Layer) -> Ready:
        before = self._latest.get(layer.station)
        if before is None or before.layer is not layer:
            before = self._latest[layer.station] = Ready(layer)
        return before

    def played(self, layers: tuple[Ready, ...]) -> dict[str, Played]:
        """Return the cells in which each decision of a month of such layers can arise, where these are not all."""
        key = tuple(way(ready) for ready in layers)
        if key not in self._played:
            self._played[key] = where_played(layers, self._begins)
        return self._played[key]


class Kept(NamedTuple):
    """What is remembered of the first ``window`` months: leading axis month."""

    values: dict[str, np.ndarray]
    odds: dict[str, np.ndarray]


class Calendar(NamedTuple):
    """Values and log odds by month, and the evidence gathered in the sweep."""

    kept: Kept
    evidence: Proof
    worst: dict[str, Proof]
    """Evidence by station."""
    months: Months
    late: dict[int, Kept]
    """Of some months after the window: the same without the axis of months, for whoever checks the solution."""


def levels_of(rules: Any, inputs: Any) -> np.ndarray:
    """Return the belief levels."""
    return np.array(rules.beliefs(inputs), dtype=float)


def sweep(  # noqa: PLR0913
    rules: Any,
    inputs: Any,
    *,
    months: int,
    window: int,
    first: int = 0,
    later: Stations | None = None,
    late: Collection[int] = (),
    inclusive: bool = False,
    threads: int = 1,
) -> Calendar:
    """Solve the months from ``first`` to before ``months`` backward, keep the first ``window`` and those of ``late``.

    ``rules`` is hashable and gives layers, terminal values, belief levels and account kinds; ``inputs`` holds every
    number. ``later`` holds values of the stations of month ``months``, the rules' own end where it is None.
    """
    values = rules.terminal(inputs) if later is None else dict(later)
    levels = levels_of(rules, inputs)
    space = Workspace(levels, accounts=len(rules.kinds), tolerance=TOLERANCE, inclusive=inclusive, threads=threads)
    kept = Kept({name: np.empty((window, *value.shape)) for name, value in values.items()}, {})
    calendar = Months(rules, inputs, keep=window if first == 0 else 0)
    starts: dict[str, Start] = {}
    worst: dict[str, Proof] = {}
    kept_late: dict[int, Kept] = {}
    try:
        for month in range(months - 1, first - 1, -1):
            layers = calendar[month]
            stations, _, odds, proofs = solve_month(layers, values, starts, space, calendar.played(layers))
            own = Kept({name: stations[name] for name in rules.tomorrow}, odds)
            inside = month - first < window
            values, odds = _keep(kept, month - first, own) if inside else Kept(*map(_copied, own))
            if not inside and month in late:
                kept_late[month] = Kept(values, odds)
            starts = {name: _followed(levels, new, starts.get(name)) for name, new in odds.items()}
            worst = {name: proof.worst(worst.get(name, Proof())) for name, proof in proofs.items()}
    finally:
        space.close()
    total = Proof()
    for proof in worst.values():
        total = total.worst(proof)
    if not all(np.isfinite(value).all() for value in kept.values.values()):
        # No comparison is true of what is not a number, so it would pass every check of a gap.
        total = Proof(np.inf, np.inf)
    return Calendar(kept, total, worst, calendar, kept_late)


def _followed(levels: np.ndarray, odds: np.ndarray, before: Start | None) -> Start:
    before = before or pooling(levels, odds.shape)
    return Start(odds, odds - before.odds)


def _keep(kept: Kept, month: int, own: Kept) -> Kept:
    """Write down a month; return it as it stands there."""
    for name, found in own.odds.items():
        if name not in kept.odds:
            kept.odds[name] = np.empty((len(next(iter(kept.values.values()))), *found.shape))
    for book, page in zip(kept, own, strict=True):
        for name, array in page.items():
            book[name][month] = array
    return Kept(*({name: book[name][month] for name in page} for book, page in zip(kept, own, strict=True)))


def _copied(arrays: dict[str, np.ndarray]) -> dict[str, np.ndarray]:
    return {name: np.array(array) for name, array in arrays.items()}


class Resolved(NamedTuple):
    """A kept month solved again: its layers, values by station and choices by decision, in arrays of its own."""

    layers: tuple[Ready, ...]
    stations: Stations
    choices: dict[str, Choice]


class LentMonth(NamedTuple):
    """A kept month solved again, as views of buffers of the ``Again`` that made it, which it writes over when called.

    ``copied`` is what stays; nothing else of it may be kept.
    """

    layers: tuple[Ready, ...]
    stations: Stations
    choices: dict[str, Choice]

    def copied(self) -> Resolved:
        """Return the month in arrays of its own, which stay when another month is asked for."""
        choices = {name: choice.each(np.array) for name, choice in self.choices.items()}
        return Resolved(self.layers, _copied(self.stations), choices)


class Again:
    """Solve kept months again from the log odds found, in one round each; what a call gives is lent until the next."""

    def __init__(self, calendar: Calendar, *, months: int | None, inclusive: bool = False):
        """Take a calendar solution; ``months`` is the horizon of the game, None where it has none."""
        self.kept, self.late = calendar.kept, calendar.late
        self._months, self._horizon = calendar.months, months
        rules, inputs = self._months.rules, self._months.inputs
        self.levels = levels_of(rules, inputs)
        self._space = Workspace(self.levels, accounts=len(rules.kinds), tolerance=TOLERANCE, inclusive=inclusive)
        self._stations: dict[tuple[str, ...], frozenset[str]] = {}

    @property
    def last(self) -> int:
        """Return the last month that can be solved again."""
        window = len(next(iter(self.kept.values.values())))
        return window - 1 if window == self._horizon else window - 2

    def of(self, month: int) -> Kept:
        """Return what is kept of one month, without the axis of months."""
        if month in self.late:
            return self.late[month]
        return Kept(*({name: array[month] for name, array in page.items()} for page in self.kept))

    def _reached(self, begin: tuple[str, ...], layers: tuple[Ready, ...]) -> frozenset[str]:
        """Return the stations of the month that can be reached from some of them."""
        if begin not in self._stations:
            found = set(begin)
            for ready in layers:
                if ready.station in found:
                    found |= set(ready.leads())
            self._stations[begin] = frozenset(found)
        return self._stations[begin]

    def __call__(self, month: int, begin: tuple[str, ...] = ()) -> LentMonth:
        """Solve a month again: all of it, or what can be reached from the stations where it begins."""
        if month + 1 == self._horizon:
            later = self._months.rules.terminal(self._months.inputs)
        else:
            later = self.of(month + 1).values
        starts = {name: Start(odds, np.zeros_like(odds)) for name, odds in self.of(month).odds.items()}
        layers = whole = self._months[month]
        if begin:
            layers = tuple(ready for ready in whole if ready.station in self._reached(begin, whole))
        stations, choices, _, _ = solve_month(layers, later, starts, self._space, self._months.played(whole))
        return LentMonth(layers, stations, choices)
