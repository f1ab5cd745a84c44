"""One month differentiated in reverse: weights of its stations in, weights of next month's stations and numbers out."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from outlast.game.layers import Chance, Decision, Move
from outlast.solving.adjoint.layout import (
    NONE,
    Arrays,
    Beginning,
    Board,
    Now,
    accounts_last,
    asked_of,
    flattened,
    front,
    groups_of,
    listed,
    reduced,
)
from outlast.solving.adjoint.moves import Carried, Sizes
from outlast.solving.adjoint.nodes import ACCOUNTS, Direct
from outlast.solving.adjoint.programs import loops
from outlast.solving.month import Ready, Steps, Workspace, indexing
from outlast.solving.programs import programs


class Pulled(NamedTuple):
    """Weights of next month's stations, and of every layer's numbers: trees like ``numbers_of``, columns last."""

    tomorrow: Arrays
    numbers: tuple[dict[str, Any], ...]


class Puller:
    """Move weights through months; arrays are lent and hold until the next month."""

    def __init__(self, levels: np.ndarray, columns: int):
        """Take the belief levels and the number of columns, a multiple of the width of a vector."""
        self.columns = columns
        loops()  # made here, before threads ask for them
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
        here, tomorrow = Board(weights), Board({})
        wide = (next(iter(weights.values())).shape[-2], self.columns)
        # What is tomorrow's now is today's next time, so the two take turns.
        self._turn = not self._turn
        for name, value in now.solved.stations.items():
            if name not in here:
                here.lend(name, self._blank(name, 0, (*value.shape[1:], *wide)))
        for name, value in now.later.items():
            tomorrow.lend(name, self._blank(name, 1 + self._turn, (*value.shape[1:], *wide)))
        for name, more in extra.items():
            target = here[name][..., :ACCOUNTS, :]
            target += np.moveaxis(more, 0, -2)
        numbers = []
        for ready in now.solved.layers:
            name = ready.plain.station
            weight = here[name]
            if now.readings is not None and name in now.pins.keep:
                weight[..., ACCOUNTS, :] *= now.pins.keep[name]
            if ready.kind is Decision:
                numbers.append(self._decision(ready, now, here, direct.get(name, Direct(NONE, NONE, NONE))))
            elif ready.kind is Chance:
                numbers.append(self._chance(ready, now, here))
            elif ready.kind is Move:
                numbers.append(self._move(ready, now, weight, tomorrow if ready.plain.tomorrow else here))
            else:
                numbers.append(self._absorb(ready, now, here))
        return Pulled(tomorrow.all(), tuple(numbers))

    def _blank(self, name: str, turn: int, shape: tuple[int, ...]) -> np.ndarray:
        """Lend weights of a station; where readings are over, of the array that had them."""
        size = int(np.prod(shape))
        whole = self.space.lend(name, turn, shape=(size // shape[-2] * (ACCOUNTS + 1),))
        return whole[:size].reshape(shape)

    def _decision(self, ready: Ready, now: Now, here: Board, direct: Direct) -> dict[str, Any]:
        layer = ready.plain
        choice = now.solved.choices[layer.station]
        asked = asked_of(layer, choice, now, self.space, here, self.columns)
        weight, noise = here[layer.station].reshape(-1), np.zeros(self.columns)
        if asked.counts.mover < 0:
            own = Direct(*(part.reshape(-1) for part in direct))
            loops().pull_typed(asked.counts, asked.blocks, asked.played, weight, own, noise)
        else:
            loops().pull_public(asked.counts, asked.blocks, asked.played, weight, noise)
        pays = []
        for action, apart in zip(layer.actions, asked.apart, strict=True):
            if apart is None:
                pays.append(None)
                continue
            pays.append(reduced(front(apart), np.asarray(action.pay).shape))
            target = listed(here[action.to], fan=action.fan, before=0, after=4)
            target += reduced(apart, target.shape[:-1])
        return {"noise": noise, "pays": tuple(pays)}

    def _chance(self, ready: Ready, now: Now, here: Board) -> dict[str, Any]:
        layer, weight = ready.plain, here[ready.plain.station]
        found = []
        for chance, to in zip(layer.chances, layer.to, strict=True):
            own = np.asarray(chance)
            value = now.solved.stations[to]
            total = np.einsum("bcak,abc->bck", weight[..., :ACCOUNTS, :], value)
            if now.readings is not None:
                total = total + weight[..., ACCOUNTS, :] * now.readings[to]
            found.append(reduced(total, own.shape))
            target = here[to]
            target += weight * own[..., None, None]
        return {"chances": tuple(found)}

    def _absorb(self, ready: Ready, now: Now, here: Board) -> dict[str, Any]:
        layer, weight = ready.plain, here[ready.plain.station]
        over = np.asarray(layer.over)[:, None, None]
        target = here[layer.to]
        target += weight * (1 - over)
        return {"value": reduced(front(weight * over), np.asarray(layer.value).shape)}

    def _move(self, ready: Ready, now: Now, weight: np.ndarray, into: Board) -> dict[str, Any]:
        layer = ready.plain
        target = into[layer.to]
        pay = None if layer.pay is None else reduced(front(weight), np.asarray(layer.pay).shape)
        if not layer.moves and layer.discount is None:
            if layer.pick is None:
                target += weight
            else:
                picked = np.asarray(layer.pick)
                for place in np.ndindex(picked.shape):
                    target[picked[place]] += weight[place]
            return {"moves": (), "pay": pay, "discount": None}
        return _pull_moves(ready, now, self.space, weight, target) | {"pay": pay}


def _pull_moves(ready: Ready, now: Now, space: Workspace, weight: np.ndarray, target: np.ndarray) -> dict[str, Any]:
    """Move weights through the moves and the discount of a layer; return the weights of their numbers."""
    layer = ready.plain
    source = now.later if layer.tomorrow else now.solved.stations
    value = source[layer.to]
    beliefs, cells, accounts, columns = weight.shape[-4:]
    index = ready.make("index", lambda: indexing(layer, value.shape[1:-2]))
    groups = groups_of(ready, index, cells)
    befores = _stages(ready, now, space, value, columns)
    discount, factors = np.ones(accounts), np.zeros((accounts, columns))
    if layer.discount is not None:
        discount[:ACCOUNTS] = layer.discount
    found: list[Any] = []
    entries, same = len(index.pick), np.arange(len(index.pick))
    for number, group in enumerate(groups):
        last = number == len(groups) - 1
        value, reading = befores[number]
        reached = int(np.prod(target.shape[:-4])) if last else entries
        into = target.reshape(-1)
        if not last:
            into = space.lend("between", layer.station, number, shape=(entries * beliefs * cells * accounts * columns,))
            into.fill(0.0)
        factor, heat = (np.ones(accounts), np.zeros_like(factors)) if number else (discount, factors)
        wide = accounts_last(value.reshape(ACCOUNTS, -1, beliefs, cells), space, layer.station, number)
        pick = index.pick if last else same
        carried = Carried(wide, reading, flattened(weight), into, pick, factor, heat.reshape(-1))
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
    ready: Ready, now: Now, space: Workspace, value: np.ndarray, columns: int
) -> list[tuple[np.ndarray, np.ndarray]]:
    """Return values and readings that each group of moves carries, first group first."""
    reading = NONE
    if now.readings is not None and now.readings_later is not None:
        place = now.readings_later if ready.plain.tomorrow else now.readings
        reading = flattened(place[ready.plain.to])
    stages, index = [(value, reading)], ready.made["index"]
    beliefs, cells = value.shape[-2:]
    pick, flat = index.pick, value.reshape(len(value), -1, beliefs, cells)
    for number, group in reversed(list(enumerate(groups_of(ready, index, cells)))[1:]):
        name, entries = (ready.plain.station, number), len(index.pick)
        values = space.lend("stage", *name, shape=(len(value), entries, beliefs, cells))
        sizes = Sizes(1, entries, 0, beliefs, cells, columns)
        carried = space.lend("stage", *name, shape=(values[0].size * columns if len(reading) else 0,))
        _carry_group(group, flat, pick, values)
        if len(reading):
            if isinstance(group, Steps):
                loops().carry_steps(sizes, reading, pick, group.arrays, carried)
            else:
                loops().carry_shift(sizes, reading, pick, group.matrix, group.after, carried)
        flat, reading, pick = values, carried, np.arange(entries)
        stages.append((flat, reading))
    return stages[::-1]


def _carry_group(group: Any, values: np.ndarray, pick: np.ndarray, out: np.ndarray) -> None:
    nothing, ones = np.empty((0, 0, 0, 0)), np.ones(len(values))
    values = np.ascontiguousarray(values)
    if isinstance(group, Steps):
        programs().step_values(values, pick, group.arrays, nothing, ones, out)
    else:
        programs().shift_values(values, pick, group.matrix, group.after, ones, nothing, out)
