"""The calendar solution: agent logit equilibrium by backward induction in compiled loops, one sweep a month.

Values of next month's stations go in, this month's layers are solved from last to first, values of this month's
stations come out. The equilibrium at typed nodes is followed from month to month, from pooling in the last month. Kept
are the start-of-month values of the first ``window`` months and the log odds at typed nodes, from which every choice of
a month follows again in one round; choices themselves would take ten times the memory.
"""

from __future__ import annotations

from functools import partial
from itertools import repeat
from typing import Any, NamedTuple

import jax
import numpy as np

from outlast.solving.choice import Choice
from outlast.solving.month import Ready, Stations, solve_month
from outlast.solving.played import Played, way, where_played
from outlast.solving.workspace import Proof, Start, Workspace, pooling

TOLERANCE = 1e-7
"""Largest log-odds gap left at a typed node."""


BLOCK = 12
"""Months whose layers are made in one go."""


@partial(jax.jit, static_argnames=("rules",))
def _layers(rules: Any, inputs: Any, months: Any) -> Any:
    """Return the layers of several months, with the month as leading axis of every array."""
    return jax.vmap(rules.layers, in_axes=(None, 0))(inputs, months)


@partial(jax.jit, static_argnames=("rules",))
def _terminal(rules: Any, inputs: Any) -> Any:
    return rules.terminal(inputs)


class Months:
    """The layers of every month as NumPy arrays; a layer whose numbers stay the same is the same one."""

    def __init__(self, rules: Any, inputs: Any, *, block: int = BLOCK):
        """Take the rules and every number; ``block`` months are made in one go."""
        self.rules, self.inputs, self._block = rules, inputs, block
        self._near: list[_Made] = []
        self._made: dict[int, tuple[Ready, ...]] = {}
        self._played: dict[tuple[bytes, ...], dict[str, Played]] = {}

    def __getitem__(self, month: int) -> tuple[Ready, ...]:
        """Return the layers of a month, in the order of play; a month once made is kept."""
        if month not in self._made:
            begin = month // self._block * self._block
            months = np.arange(begin, begin + self._block)
            near = self._near or repeat(None)
            layers = _layers(self.rules, self.inputs, months)
            found = [_by_month(layer, self._block, own) for layer, own in zip(layers, near, strict=False)]
            self._near = [months[0] for months in found]
            for place, own in enumerate(zip(*found, strict=True)):
                self._made[begin + place] = tuple(made.ready for made in own)
        return self._made[month]

    def played(self, month: int) -> dict[str, Played]:
        """Return the cells in which each decision of a month can arise, where these are not all."""
        layers = self[month]
        key = tuple(ready.make("way", lambda ready=ready: way(ready.plain)) for ready in layers)
        if key not in self._played:
            self._played[key] = where_played(layers)
        return self._played[key]


class _Made(NamedTuple):
    """A layer of one month, and its arrays."""

    leaves: list[np.ndarray]
    ready: Ready


def _by_month(layer: Any, count: int, near: _Made | None) -> list[_Made]:
    """Return a layer of ``count`` months, which share one where its numbers are the same; ``near`` is of a month after.

    What is shared is copied, so that the months that share it go.
    """
    leaves, kind = jax.tree.flatten(layer)
    arrays = [np.asarray(leaf) for leaf in leaves]
    same = np.ones(count - 1, dtype=bool)
    for array in arrays:
        same &= (array[1:] == array[:-1]).reshape(count - 1, array[0].size).all(axis=1)

    def made(place: int) -> _Made:
        own = [np.array(array[place]) for array in arrays]
        return _Made(own, Ready(jax.tree.unflatten(kind, own)))

    shared = near is not None and all(
        np.array_equal(array[-1], own) for array, own in zip(arrays, near[0], strict=True)
    )
    found = [near if near is not None and shared else made(count - 1)]
    for place in range(count - 2, -1, -1):
        found.append(found[-1] if same[place] else made(place))
    return found[::-1]


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


def levels_of(rules: Any, inputs: Any) -> np.ndarray:
    """Return the belief levels."""
    return np.asarray(rules.beliefs(inputs), dtype=float)


def sweep(rules: Any, inputs: Any, *, months: int, window: int, inclusive: bool = False, threads: int = 1) -> Calendar:
    """Solve ``months`` months backward and keep the first ``window``.

    ``rules`` is hashable and gives layers, terminal values, belief levels and account kinds; ``inputs`` holds every
    number.
    """
    values = {name: np.asarray(value) for name, value in _terminal(rules, inputs).items()}
    levels = levels_of(rules, inputs)
    space = Workspace(levels, accounts=len(rules.kinds), tolerance=TOLERANCE, inclusive=inclusive, threads=threads)
    kept = Kept({name: np.empty((window, *value.shape)) for name, value in values.items()}, {})
    calendar = Months(rules, inputs)
    starts: dict[str, Start] = {}
    worst: dict[str, Proof] = {}
    try:
        for month in range(months - 1, -1, -1):
            stations, _, odds, proofs = solve_month(calendar[month], values, starts, space, calendar.played(month))
            own = Kept({name: stations[name] for name in rules.tomorrow}, odds)
            values, odds = _keep(kept, month, own) if month < window else jax.tree.map(np.array, own)
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
    return Calendar(kept, total, worst, calendar)


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


class Resolved(NamedTuple):
    """A kept month solved again: its layers, values by station and choices by decision."""

    layers: tuple[Ready, ...]
    stations: Stations
    choices: dict[str, Choice]


class Again:
    """Solve kept months again from the log odds found, in one round each.

    Arrays hold until the next month is asked for.
    """

    def __init__(self, calendar: Calendar, *, months: int | None, inclusive: bool = False):
        """Take a calendar solution; ``months`` is the horizon of the game, None where it has none."""
        self.kept, self._months, self._horizon = calendar.kept, calendar.months, months
        rules, inputs = self._months.rules, self._months.inputs
        self.levels = levels_of(rules, inputs)
        self._space = Workspace(self.levels, accounts=len(rules.kinds), tolerance=TOLERANCE, inclusive=inclusive)
        self._stations: dict[tuple[str, ...], frozenset[str]] = {}

    @property
    def last(self) -> int:
        """Return the last month that can be solved again."""
        window = len(next(iter(self.kept.values.values())))
        return window - 1 if window == self._horizon else window - 2

    def _reached(self, begin: tuple[str, ...], layers: tuple[Ready, ...]) -> frozenset[str]:
        """Return the stations of the month that can be reached from some of them."""
        if begin not in self._stations:
            found = set(begin)
            for ready in layers:
                if ready.plain.station in found:
                    found |= set(ready.leads())
            self._stations[begin] = frozenset(found)
        return self._stations[begin]

    def __call__(self, month: int, begin: tuple[str, ...] = ()) -> Resolved:
        """Solve a month again: all of it, or what can be reached from the stations where it begins."""
        if month + 1 == self._horizon:
            later = {
                name: np.asarray(value) for name, value in _terminal(self._months.rules, self._months.inputs).items()
            }
        else:
            later = {name: value[month + 1] for name, value in self.kept.values.items()}
        starts = {name: Start(odds[month], np.zeros_like(odds[month])) for name, odds in self.kept.odds.items()}
        layers = self._months[month]
        if begin:
            layers = tuple(ready for ready in layers if ready.plain.station in self._reached(begin, layers))
        stations, choices, _, _ = solve_month(layers, later, starts, self._space, self._months.played(month))
        return Resolved(layers, stations, choices)
