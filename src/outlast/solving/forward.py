"""Exact distributions: mass pushed through the layers of each month, in compiled loops.

Every layer maps values at later stations linearly to values at its own, so its transpose maps mass at its station to
mass at later ones. Nothing is sampled. A run follows one type of the challenger; mixing over types is the caller's.
Runs go side by side, so that each month is solved once for all of them.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import numpy as np

from outlast.game.layers import Absorb, Chance, Decision, Move
from outlast.solving.backward import Again
from outlast.solving.choice import Choice
from outlast.solving.month import Ready, Stations, Steps
from outlast.solving.programs import programs

Masses = dict[str, np.ndarray]


@dataclass(frozen=True)
class Course:
    """Where a run starts, whose choices it follows, and which histories it keeps."""

    start: Masses
    """Mass by station at the start of month 0."""
    kind: int
    """0 for the settler, 1 for the staller."""
    keep: dict[str, float] = field(default_factory=dict)
    """Share of the mass arriving at a station that goes on; 1 where none is given."""
    renew: bool = False
    """Whether what ``keep`` removes from the open mass of a month is made up in proportion by what stays: the histories
    that avoid a station, as if they had been certain, so that endings do not gain weight from being spared."""
    divert: dict[str, str] = field(default_factory=dict)
    """Stations from which everything goes to one of the stations they lead to, whatever the chances say."""


@dataclass(frozen=True)
class Path:
    """Distribution by month at its start, and mass through stations within each month."""

    begun: Masses
    """By station where a month can begin, as the rules name them, ``(months + 1, [index], beliefs, cells)``."""
    through: dict[str, np.ndarray]
    """Total mass that passed each station, ``(months, [index])``."""
    share: np.ndarray
    """Share of the month's open mass that was kept; 1 unless ``renew`` was set."""
    seen: np.ndarray | None = None
    """What ``observe`` returned for this run, leading axis month."""


class Month(NamedTuple):
    """One month of all runs, for observers: mass by run and values at every station, choices, kinds of the runs.

    All of it is lent: an observer returns what it made of it, and keeps none.
    """

    begun: Masses
    masses: Masses
    stations: Stations
    choices: dict[str, Choice]
    kinds: np.ndarray
    levels: np.ndarray


def sizes_of(stations: Stations) -> dict[str, tuple[int, ...]]:
    """Return the shape of one run's mass at every station."""
    return {name: value.shape[1:] for name, value in stations.items()}


def run(
    again: Again,
    courses: Sequence[Course],
    *,
    months: int,
    begin: tuple[str, ...] = (),
    observe: Callable[[Month], np.ndarray] | None = None,
) -> list[Path]:
    """Push the mass of each course through the first ``months`` kept months, as its type plays.

    Args:
        again: solves a kept month again.
        courses: what to follow.
        months: how far.
        begin: stations where mass can be at the start of a month; all that the rules name when empty.
        observe: maps a month to an array whose leading axis is the run, to record.
    """
    levels, kept, every = again.levels, again.kept, tuple(again.kept.values)
    kinds = np.array([course.kind for course in courses])
    renew = np.array([course.renew for course in courses])
    names = sorted({name for course in courses for name in course.keep})
    keep = {name: np.array([course.keep.get(name, 1.0) for course in courses]) for name in names}
    who = Followed(kinds, levels, keep, [course.divert for course in courses])
    empty = {name: np.zeros(value.shape[2:]) for name, value in kept.values.items()}
    masses = {name: np.stack([course.start.get(name, empty[name]) for course in courses]) for name in every}
    record: list[Masses] = [masses]
    through: list[dict[str, np.ndarray]] = []
    shares, seen = [], []
    for month in range(months):
        solved = again(month, begin)
        begun = {name: masses[name] for name in begin or every}
        here, after = push(solved.layers, solved.choices, begun, sizes_of(solved.stations), who)
        through.append({name: mass.sum(axis=(-2, -1)) for name, mass in here.items()})
        if observe:
            seen.append(observe(Month(masses, here, solved.stations, solved.choices, kinds, levels)))
        masses, share = _renewed(solved.layers, masses, after, renew)
        shares.append(share)
        record.append(masses)
    return [_path(number, record, through, shares, seen) for number in range(len(courses))]


def _path(number: int, record: list[Masses], through: list, shares: list, seen: list) -> Path:
    begun = {name: np.stack([masses[name][number] for masses in record]) for name in record[0]}
    passed = {name: np.stack([month[name][number] for month in through if name in month]) for name in through[-1]}
    observed = np.stack([each[number] for each in seen]) if seen else None
    return Path(begun, passed, np.array([share[number] for share in shares]), observed)


class Followed(NamedTuple):
    """Whose choices each run follows, and what share of the mass at a station goes on, by run."""

    kinds: np.ndarray
    levels: np.ndarray
    keep: dict[str, np.ndarray]
    divert: Sequence[dict[str, str]] = ()

    def chance(self, station: str, name: str, chance: np.ndarray) -> np.ndarray:
        """Return the chance of going from a chance node to a station, by run where some are diverted."""
        if not any(station in each for each in self.divert):
            return chance
        wide = np.atleast_2d(np.asarray(chance, dtype=float))
        return np.stack([np.full_like(wide, name == d[station]) if station in d else wide for d in self.divert])


def push(
    layers: Sequence[Ready],
    choices: dict[str, Choice],
    masses: Masses,
    sizes: dict[str, tuple[int, ...]],
    who: Followed,
) -> tuple[Masses, Masses]:
    """Push mass through one month; return mass at every station and mass at tomorrow's.

    ``sizes`` is the shape of one run's mass at every station. Mass has runs on its leading axis.
    """
    here = dict(masses)
    tomorrow: Masses = {}
    runs = len(who.kinds)

    def into(name: str, later: bool) -> np.ndarray:
        place = tomorrow if later else here
        if name not in place:
            place[name] = np.zeros((runs, *sizes[name]))
        elif not place[name].flags.c_contiguous:
            place[name] = place[name].copy()
        return place[name]

    for ready in layers:
        layer = ready.layer
        if layer.station not in here:
            continue
        mass = here[layer.station]
        if layer.station in who.keep:
            weight = who.keep[layer.station]
            mass = mass * weight.reshape(-1, *[1] * (mass.ndim - 1))
        if isinstance(layer, Decision):
            _push_decision(layer, choices[layer.station], mass, into, who)
        elif isinstance(layer, Chance):
            for chance, name in zip(layer.chances, layer.to, strict=True):
                into(name, False)[...] += mass * who.chance(layer.station, name, chance)
        elif isinstance(layer, Move):
            _push_move(ready, mass, into(layer.to, layer.tomorrow))
        else:
            into(layer.station, True)[...] += mass * layer.over
            into(layer.to, False)[...] += mass * (1 - layer.over)
    return here, tomorrow


def _push_decision(layer: Any, choice: Choice, mass: np.ndarray, into: Callable, who: Followed) -> None:
    beliefs, cells = mass.shape[-2:]
    flat = np.ascontiguousarray(mass.reshape(len(mass), -1, beliefs, cells))
    for number, action in enumerate(layer.actions):
        target = into(action.to, False)
        own = choice.settler[number]
        wide = own if own.ndim == 4 else own[:, None]
        # A station without an index of its own, or with one entry, takes what comes from every entry together.
        out = target.reshape(len(mass), len(wide), -1, beliefs, cells)
        if choice.staller is None or choice.posterior is None:
            wide = np.ascontiguousarray(np.broadcast_to(wide, (len(wide), *flat.shape[1:])))
            programs().pass_mass(flat, wide, out)
            continue
        chances = np.stack([wide, choice.staller[number].reshape(wide.shape)])
        after = np.ascontiguousarray(choice.posterior[number].reshape(wide.shape))
        programs().split_mass(flat, chances, after, who.levels, who.kinds, out)


def _push_move(ready: Ready, mass: np.ndarray, target: np.ndarray) -> None:
    layer = ready.layer
    assert isinstance(layer, Move)
    index = ready.indexed(target.shape[1:-2])
    groups = ready.grouped(index)
    if not groups:
        given, out = (each.reshape(len(each), -1, *each.shape[-2:]) for each in (mass, target))
        for place, reached in enumerate(index.pick):
            out[:, reached] += given[:, place if given.shape[1] > 1 else 0]
        return
    flat = np.ascontiguousarray(mass.reshape(len(mass), -1, *mass.shape[-2:]))
    flat = np.ascontiguousarray(np.broadcast_to(flat, (len(mass), len(index.pick), *mass.shape[-2:])))
    out = target.reshape(len(mass), -1, *mass.shape[-2:])
    same = np.arange(len(index.pick))
    for number, group in enumerate(groups):
        last = number == len(groups) - 1
        pick, reached = (index.pick, out) if last else (same, np.zeros_like(flat))
        if isinstance(group, Steps):
            programs().step_mass(flat, pick, group.arrays, reached)
        else:
            programs().shift_mass(flat, pick, group.matrix, group.after, reached)
        flat = reached


def _renewed(layers: Sequence[Ready], before: Masses, after: Masses, renew: np.ndarray) -> tuple[Masses, np.ndarray]:
    """Scale what is still open to the mass that was open at the start of the month; return it and the share kept."""
    ended = {ready.station: ready.ended() for ready in layers if isinstance(ready.layer, Absorb)}
    after = {name: after.get(name, np.zeros_like(mass)) for name, mass in before.items()}
    if not renew.any():
        return after, np.ones(len(renew))
    total = lambda mass: mass.reshape(len(mass), -1).sum(axis=1)  # noqa: E731
    resting = {name: mass * np.asarray(ended.get(name, 0.0)) for name, mass in before.items()}
    was_open = sum(total(before[name] - resting[name]) for name in before)
    still = sum(total(after[name] - resting[name]) for name in before)
    share = np.where(was_open > 0, still / np.where(was_open > 0, was_open, 1.0), 1.0)
    factor = np.where(renew & (share > 0), 1 / np.where(share > 0, share, 1.0), 1.0)
    scaled = {
        name: resting[name] + factor.reshape(-1, *[1] * (mass.ndim - 1)) * (after[name] - resting[name])
        for name, mass in before.items()
    }
    return scaled, np.where(renew, share, 1.0)
