"""One month differentiated in reverse: weights of its stations in, weights of next month's stations and numbers out.

Weights have accounts and columns last, ``([index], beliefs, cells, accounts, columns)``; the accounts are the game's
and, where columns have a reading, one more, whose weight is the probability of being there. Readings are the same
without accounts.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, NamedTuple

import numpy as np

from outlast.game.layers import TYPED, Absorb, Chance, Decision, Move
from outlast.solving.adjoint.moves import Carried, Sizes
from outlast.solving.adjoint.nodes import ACCOUNTS, Blocks, Counts, Direct, Played
from outlast.solving.adjoint.programs import loops
from outlast.solving.backward import Resolved
from outlast.solving.layers import Choice
from outlast.solving.month import Ready, Steps, Workspace, grouped, indexing
from outlast.solving.programs import programs

Arrays = dict[str, np.ndarray]
NONE = np.empty(0)


@dataclass(frozen=True)
class Pins:
    """What readings are at some stations of a month, by column: ``keep`` times what follows, plus ``gain``."""

    keep: Arrays = field(default_factory=dict)
    gain: Arrays = field(default_factory=dict)
    """``(columns,)``, or of the shape of the station's readings."""
    ended: np.ndarray | None = None
    """Readings where the story is over, ``(beliefs, cells, columns)``."""


class Beginning(NamedTuple):
    """What month 0 is to the columns.

    ``mass`` is the weight of readings at its start, the probability of being there, ``([index], beliefs, cells,
    columns)``; ``direct`` holds weights of its choices, ``extra`` those of values at stations within it.
    """

    mass: Arrays
    direct: dict[str, Direct]
    extra: Arrays


class Now(NamedTuple):
    """A month solved again, next month's values, readings of its stations and of next month's, and pins."""

    solved: Resolved
    later: Arrays
    readings: Arrays | None
    readings_later: Arrays | None
    pins: Pins


def reduced(array: np.ndarray, shape: tuple[int, ...]) -> np.ndarray:
    """Sum the axes of ``(..., columns)`` that an array of ``shape`` does not have, or has once."""
    while array.ndim - 1 > len(shape):
        array = array.sum(axis=0)
    for axis, size in enumerate(shape):
        if size == 1 and array.shape[axis] > 1:
            array = array.sum(axis=axis, keepdims=True)
    return array


def _front(weight: np.ndarray) -> np.ndarray:
    """Return weights with accounts first, the shared ones only: the order of values and payments."""
    return np.moveaxis(weight[..., :ACCOUNTS, :], -2, 0)


def _flat(array: np.ndarray) -> np.ndarray:
    return np.ascontiguousarray(array).reshape(-1)


def _listed(array: np.ndarray, *, fan: bool, before: int, after: int) -> np.ndarray:
    """Return values at a station as ``(..., actions, index, ...)``: ``before`` axes first, ``after`` axes last."""
    if not fan:
        array = np.expand_dims(array, before)
    return array if array.ndim == before + 2 + after else np.expand_dims(array, before + 1)


class Asked(NamedTuple):
    """A decision as the loops take it; where an action pays, its weights are gathered apart."""

    counts: Counts
    blocks: Blocks
    played: Played
    apart: list[np.ndarray | None]


def _played(layer: Any, choice: Choice, levels: np.ndarray) -> Played:
    def whole(parts: list[Any] | None) -> np.ndarray:
        return NONE if parts is None else np.concatenate(parts).reshape(-1)

    return Played(whole(choice.settler), whole(choice.staller), whole(choice.posterior), levels)


def _asked(layer: Any, choice: Choice, now: Now, levels: np.ndarray, weights: Arrays | None, columns: int) -> Asked:
    """Lay out a decision; without ``weights`` for readings alone."""
    values, readings, into, apart, sizes = [], [], [], [], []
    accounts = ACCOUNTS + (now.readings is not None)
    for action in layer.actions:
        value = _listed(now.solved.stations[action.to], fan=action.fan, before=1, after=2)
        if action.pay is not None:
            pay = np.asarray(action.pay)
            value = value + (pay if pay.ndim == value.ndim else pay[:, :, None])
        shape = value.shape[1:]
        sizes.append(shape)
        values.append(_flat(np.moveaxis(value, 0, -1)) if weights is not None else NONE)
        reading = NONE
        if now.readings is not None:
            reading = _listed(now.readings[action.to], fan=action.fan, before=0, after=3)
            reading = _flat(np.broadcast_to(reading, (*shape, columns)))
        readings.append(reading)
        own = None
        if weights is not None and action.pay is not None:
            own = np.zeros((*shape, accounts, columns))
        apart.append(own)
        into.append(NONE if weights is None else (own if own is not None else weights[action.to]).reshape(-1))
    if len(layer.actions) > 2:
        raise ValueError(f"{layer.station}: derivatives know decisions of at most two blocks of actions")
    while len(values) < 2:
        values, readings, into, sizes = [*values, NONE], [*readings, NONE], [*into, NONE], [*sizes, (0, 1)]
    index = max(shape[1] for shape in sizes)
    beliefs, cells = sizes[0][2:]
    mover = -1 if layer.mover == TYPED else layer.mover
    counts = Counts(
        accounts, sizes[0][0], sizes[1][0], index, sizes[0][1], sizes[1][1], beliefs, cells, columns, mover,
        float(layer.noise),
    )  # fmt: skip
    return Asked(counts, Blocks(*values, *readings, *into), _played(layer, choice, levels), apart)


def carry_month(now: Now, levels: np.ndarray, columns: int) -> Arrays:
    """Return the readings at every station of a month, from those of next month's stations."""
    readings: Arrays = dict(now.readings_later or {})
    now = now._replace(readings=readings)
    for ready in reversed(now.solved.layers):
        layer = ready.plain
        shape = (*now.solved.stations[layer.station].shape[1:], columns)
        if ready.kind is Decision:
            asked = _asked(layer, now.solved.choices[layer.station], now, levels, None, columns)
            found = np.empty(int(np.prod(shape)))
            loops().carry_readings(asked.counts, asked.blocks, asked.played, found)
            found = found.reshape(shape)
        elif ready.kind is Chance:
            parts = [np.asarray(p)[..., None] * readings[to] for p, to in zip(layer.chances, layer.to, strict=True)]
            found = np.sum(parts, axis=0)
        elif ready.kind is Move:
            source = (now.readings_later or {}) if layer.tomorrow else readings
            found = _carry_move(ready, source[layer.to], columns).reshape(shape)
        else:
            found = np.where(np.asarray(layer.over)[:, None] > 0, 0.0, readings[layer.to])
        readings[layer.station] = _pinned(ready, found, now.pins)
    return readings


def _pinned(ready: Ready, found: np.ndarray, pins: Pins) -> np.ndarray:
    name = ready.plain.station
    if name in pins.keep:
        found = found * pins.keep[name]
    if name in pins.gain:
        found = found + pins.gain[name]
    if ready.kind is Absorb and pins.ended is not None:
        found = np.where(np.asarray(ready.plain.over)[:, None] > 0, pins.ended, found)
    return found


def _groups(ready: Ready, index: Any, cells: int) -> list[Any]:
    groups = ready.make("groups", lambda: grouped(ready.plain, index))
    return list(groups) or [Steps.none(len(index.pick), cells)]


def _carry_move(ready: Ready, reading: np.ndarray, columns: int) -> np.ndarray:
    layer = ready.plain
    if not layer.moves:
        return reading if layer.pick is None else reading[layer.pick]
    index = ready.make("index", lambda: indexing(layer, reading.shape[:-3]))
    beliefs, cells = reading.shape[-3:-1]
    pick, flat = index.pick, _flat(reading)
    for group in reversed(_groups(ready, index, cells)):
        sizes = Sizes(1, len(index.pick), 0, beliefs, cells, columns)
        out = np.empty(len(index.pick) * beliefs * cells * columns)
        if isinstance(group, Steps):
            loops().carry_steps(sizes, flat, pick, group.arrays, out)
        else:
            loops().carry_shift(sizes, flat, pick, group.matrix, group.after, out)
        flat, pick = out, np.arange(len(index.pick))
    return flat


class Pulled(NamedTuple):
    """Weights of next month's stations, and of every layer's numbers: trees like ``numbers_of``, columns last."""

    tomorrow: Arrays
    numbers: tuple[dict[str, Any], ...]


class Puller:
    """Move weights through months; arrays are lent and hold until the next month."""

    def __init__(self, levels: np.ndarray, columns: int):
        """Take the belief levels and the number of columns, a multiple of the width of a vector."""
        self.levels, self.columns = levels, columns
        self.space = Workspace(levels, accounts=ACCOUNTS, tolerance=1.0)
        self._turn = False

    def __call__(self, now: Now, weights: Arrays, begun: Beginning | None = None) -> Pulled:
        """Move weights through a month.

        Args:
            now: the month.
            weights: at the stations where it begins.
            begun: what columns put on the month itself, in month 0.
        """
        direct, extra = (begun.direct, begun.extra) if begun else ({}, {})
        here, tomorrow = dict(weights), {}
        accounts = next(iter(weights.values())).shape[-2]
        # What is tomorrow's now is today's next time, so the two take turns.
        self._turn = not self._turn

        def blank(name: str, shape: tuple[int, ...], later: bool) -> np.ndarray:
            array = self.space.lend(name, later and (1 + self._turn), shape=(*shape, accounts, self.columns))
            array.fill(0.0)
            return array

        for name, value in now.solved.stations.items():
            if name not in here:
                here[name] = blank(name, value.shape[1:], False)
        for name, value in now.later.items():
            tomorrow[name] = blank(name, value.shape[1:], True)
        for name, more in extra.items():
            here[name][..., :ACCOUNTS, :] += np.moveaxis(more, 0, -2)
        numbers = []
        for ready in now.solved.layers:
            name = ready.plain.station
            weight = here[name]
            if accounts > ACCOUNTS and name in now.pins.keep:
                weight[..., ACCOUNTS, :] *= now.pins.keep[name]
            if ready.kind is Decision:
                numbers.append(self._decision(ready, now, here, direct.get(name, Direct(NONE, NONE, NONE))))
            elif ready.kind is Chance:
                numbers.append(self._chance(ready, now, here))
            elif ready.kind is Move:
                numbers.append(self._move(ready, now, weight, tomorrow if ready.plain.tomorrow else here))
            else:
                numbers.append(self._absorb(ready, now, here))
        return Pulled(tomorrow, tuple(numbers))

    def _decision(self, ready: Ready, now: Now, here: Arrays, direct: Direct) -> dict[str, Any]:
        layer = ready.plain
        choice = now.solved.choices[layer.station]
        asked = _asked(layer, choice, now, self.levels, here, self.columns)
        noise, weight = np.zeros(self.columns), here[layer.station].reshape(-1)
        if layer.mover == TYPED:
            loops().pull_typed(asked.counts, asked.blocks, asked.played, weight, direct, noise)
        else:
            loops().pull_public(asked.counts, asked.blocks, asked.played, weight, noise)
        pays = []
        for action, apart in zip(layer.actions, asked.apart, strict=True):
            if apart is None:
                pays.append(None)
                continue
            pays.append(reduced(_front(apart), np.asarray(action.pay).shape))
            target = _listed(here[action.to], fan=action.fan, before=0, after=4)
            target += reduced(apart, target.shape[:-1])
        return {"noise": noise, "pays": tuple(pays)}

    def _chance(self, ready: Ready, now: Now, here: Arrays) -> dict[str, Any]:
        layer, weight = ready.plain, here[ready.plain.station]
        found = []
        for chance, to in zip(layer.chances, layer.to, strict=True):
            own = np.asarray(chance)
            value = now.solved.stations[to]
            total = np.einsum("bcak,abc->bck", weight[..., :ACCOUNTS, :], value)
            if now.readings is not None:
                total = total + weight[..., ACCOUNTS, :] * now.readings[to]
            found.append(reduced(total, own.shape))
            here[to] += weight * own[..., None, None]
        return {"chances": tuple(found)}

    def _absorb(self, ready: Ready, now: Now, here: Arrays) -> dict[str, Any]:
        layer, weight = ready.plain, here[ready.plain.station]
        over = np.asarray(layer.over)[:, None, None]
        here[layer.to] += weight * (1 - over)
        return {"value": reduced(_front(weight * over), np.asarray(layer.value).shape)}

    def _move(self, ready: Ready, now: Now, weight: np.ndarray, into: Arrays) -> dict[str, Any]:
        layer = ready.plain
        target = into[layer.to]
        pay = None if layer.pay is None else reduced(_front(weight), np.asarray(layer.pay).shape)
        if not layer.moves and layer.discount is None:
            if layer.pick is None:
                target += weight
            else:
                picked = np.asarray(layer.pick)
                for place in np.ndindex(picked.shape):
                    target[picked[place]] += weight[place]
            return {"moves": (), "pay": pay, "discount": None}
        return _pull_moves(ready, now, weight, target) | {"pay": pay}


def _pull_moves(ready: Ready, now: Now, weight: np.ndarray, target: np.ndarray) -> dict[str, Any]:
    """Move weights through the moves and the discount of a layer; return the weights of their numbers."""
    layer = ready.plain
    source = now.later if layer.tomorrow else now.solved.stations
    value = source[layer.to]
    beliefs, cells, accounts, columns = weight.shape[-4:]
    index = ready.make("index", lambda: indexing(layer, value.shape[1:-2]))
    groups = _groups(ready, index, cells)
    befores = _stages(ready, now, value, len(groups), columns)
    discount, factors = np.ones(accounts), np.zeros((accounts, columns))
    if layer.discount is not None:
        discount[:ACCOUNTS] = layer.discount
    found: list[Any] = []
    entries, same = len(index.pick), np.arange(len(index.pick))
    for number, group in enumerate(groups):
        last = number == len(groups) - 1
        value, reading = befores[number]
        reached = int(np.prod(target.shape[:-4])) if last else entries
        into = target.reshape(-1) if last else np.zeros(entries * beliefs * cells * accounts * columns)
        factor, heat = (np.ones(accounts), np.zeros_like(factors)) if number else (discount, factors)
        wide = np.moveaxis(value.reshape(ACCOUNTS, -1, beliefs, cells), 0, -1)
        pick = index.pick if last else same
        carried = Carried(_flat(wide), reading, _flat(weight), into, pick, factor, heat.reshape(-1))
        sizes = Sizes(accounts, entries, reached, beliefs, cells, columns)
        if isinstance(group, Steps):
            ups, downs = (np.zeros((*group.arrays[0].shape, columns)) for _ in range(2))
            loops().pull_steps(sizes, carried, group.arrays, ups.reshape(-1), downs.reshape(-1))
            found += list(zip(ups, downs, strict=True))
        else:
            chances = np.zeros((*group.matrix.shape, columns))
            loops().pull_shift(sizes, carried, group.matrix, group.after, chances.reshape(-1))
            found.append(chances)
        weight = into
    moves = tuple(_fitted(move, own, index.shape) for move, own in zip(layer.moves, found, strict=True))
    return {"moves": moves, "discount": None if layer.discount is None else factors[:ACCOUNTS]}


def _fitted(move: Any, found: Any, index: tuple[int, ...]) -> Any:
    """Return the weights of a move's chances in the shape in which the layer has them."""
    if not isinstance(found, tuple):
        own = np.asarray(move.matrix).shape
        return found[0] if len(own) == 2 else found
    pair = []
    for chance, weight in zip((move.up, move.down), found, strict=True):
        wide = weight.reshape(*index, 1, *weight.shape[1:])
        pair.append(reduced(wide, np.atleast_2d(chance).shape).reshape(*np.shape(chance), -1))
    return tuple(pair)


def _stages(
    ready: Ready, now: Now, value: np.ndarray, groups: int, columns: int
) -> list[tuple[np.ndarray, np.ndarray]]:
    """Return values and readings that each group of moves carries, first group first."""
    reading = NONE
    if now.readings is not None and now.readings_later is not None:
        place = now.readings_later if ready.plain.tomorrow else now.readings
        reading = _flat(place[ready.plain.to])
    stages = [(value, reading)]
    if groups == 1:
        return stages
    index = ready.made["index"]
    beliefs, cells = value.shape[-2:]
    pick, flat = index.pick, value.reshape(len(value), -1, beliefs, cells)
    for group in reversed(_groups(ready, index, cells)[1:]):
        values = np.empty((len(value), len(index.pick), beliefs, cells))
        sizes = Sizes(1, len(index.pick), 0, beliefs, cells, columns)
        carried = np.empty(values[0].size * columns if len(reading) else 0)
        _carry_group(group, flat, pick, values)
        if len(reading):
            if isinstance(group, Steps):
                loops().carry_steps(sizes, reading, pick, group.arrays, carried)
            else:
                loops().carry_shift(sizes, reading, pick, group.matrix, group.after, carried)
        flat, reading, pick = values, carried, np.arange(len(index.pick))
        stages.append((flat, reading))
    return stages[::-1]


def _carry_group(group: Any, values: np.ndarray, pick: np.ndarray, out: np.ndarray) -> None:
    nothing, ones = np.empty((0, 0, 0, 0)), np.ones(len(values))
    values = np.ascontiguousarray(values)
    if isinstance(group, Steps):
        programs().step_values(values, pick, group.arrays, nothing, ones, out)
    else:
        programs().shift_values(values, pick, group.matrix, group.after, nothing, out)
