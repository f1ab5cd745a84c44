"""What a month is to derivatives, and a decision as the compiled loops take it.

Weights have accounts and columns last, ``([index], beliefs, cells, accounts, columns)``; the accounts are the game's
and, where columns have a reading, one more, whose weight is the probability of being there. Readings are the same
without accounts.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, NamedTuple

import numpy as np

from outlast.game.layers import TYPED
from outlast.solving.adjoint.nodes import ACCOUNTS, Blocks, Counts, Direct, Played
from outlast.solving.backward import Resolved
from outlast.solving.layers import Choice
from outlast.solving.month import Ready, Steps, Workspace, grouped

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


def front(weight: np.ndarray) -> np.ndarray:
    """Return weights with accounts first, the shared ones only: the order of values and payments."""
    return np.moveaxis(weight[..., :ACCOUNTS, :], -2, 0)


def flattened(array: np.ndarray) -> np.ndarray:
    """Return an array as the loops take it, without axes."""
    return np.ascontiguousarray(array).reshape(-1)


def listed(array: np.ndarray, *, fan: bool, before: int, after: int) -> np.ndarray:
    """Return values at a station as ``(..., actions, index, ...)``: ``before`` axes first, ``after`` axes last."""
    if not fan:
        array = np.expand_dims(array, before)
    return array if array.ndim == before + 2 + after else np.expand_dims(array, before + 1)


class Board:
    """Weights at stations. An array that is lent holds old numbers until it is first asked for or written whole."""

    def __init__(self, arrays: Arrays):
        """Take the arrays that hold weights already."""
        self._arrays, self._stale = dict(arrays), set()

    def __contains__(self, name: str) -> bool:
        """Return whether there is an array for a station."""
        return name in self._arrays

    def lend(self, name: str, array: np.ndarray) -> None:
        """Take an array whose numbers mean nothing yet."""
        self._arrays[name] = array
        self._stale.add(name)

    def __getitem__(self, name: str) -> np.ndarray:
        """Return the weights at a station, nought where none were written."""
        if name in self._stale:
            self._stale.discard(name)
            self._arrays[name].fill(0.0)
        return self._arrays[name]

    def claim(self, name: str) -> tuple[np.ndarray, bool]:
        """Return the weights at a station, and whether their numbers mean nothing: the caller then writes them all."""
        stale = name in self._stale
        self._stale.discard(name)
        return self._arrays[name], stale

    def all(self) -> Arrays:
        """Return the weights at every station."""
        return {name: self[name] for name in self._arrays}


class Asked(NamedTuple):
    """A decision as the loops take it; where an action pays, its weights are gathered apart."""

    counts: Counts
    blocks: Blocks
    played: Played
    apart: list[np.ndarray | None]


def _played(choice: Choice, levels: np.ndarray) -> Played:
    def whole(parts: list[Any] | None) -> np.ndarray:
        if parts is None:
            return NONE
        return flattened(parts[0]) if len(parts) == 1 else np.concatenate(parts).reshape(-1)

    return Played(whole(choice.settler), whole(choice.staller), whole(choice.posterior), levels)


def _targets(
    layer: Any, sizes: list[Any], full: tuple[int, int], board: Board, space: Workspace
) -> tuple[list[Any], list[Any], list[bool]]:
    """Return where weights go by block of actions, those gathered apart because the action pays, and what is stale.

    ``full`` is accounts and columns. A decision that all see writes every weight of a block whose index it has.
    """
    into, apart, stale = [], [], []
    index = max(size[1] for size in sizes)
    for place, (action, size) in enumerate(zip(layer.actions, sizes, strict=True)):
        whole = layer.mover != TYPED and size[1] == index
        if action.pay is not None:
            own, old = space.lend("apart", layer.station, place, shape=(*size, *full)), whole
            if not whole:
                own.fill(0.0)
        else:
            own, old = board.claim(action.to) if whole else (board[action.to], False)
        into.append(own.reshape(-1))
        apart.append(own if action.pay is not None else None)
        stale.append(old)
    return into, apart, stale


def accounts_last(values: np.ndarray, space: Workspace, *name: Any) -> np.ndarray:
    """Return values with accounts last, flat, in a lent array."""
    out = space.lend("accounts last", *name, shape=(*values.shape[1:], len(values)))
    np.copyto(out, np.moveaxis(values, 0, -1))
    return out.reshape(-1)


def asked_of(layer: Any, choice: Choice, now: Now, space: Workspace, weights: Board | None, columns: int) -> Asked:
    """Lay out a decision; without ``weights`` for readings alone."""
    values, readings, sizes = [], [], []
    accounts = ACCOUNTS + (now.readings is not None)
    for place, action in enumerate(layer.actions):
        value = listed(now.solved.stations[action.to], fan=action.fan, before=1, after=2)
        if action.pay is not None:
            pay = np.asarray(action.pay)
            value = value + (pay if pay.ndim == value.ndim else pay[:, :, None])
        shape = value.shape[1:]
        sizes.append(shape)
        values.append(accounts_last(value, space, layer.station, place) if weights is not None else NONE)
        reading = NONE
        if now.readings is not None:
            reading = listed(now.readings[action.to], fan=action.fan, before=0, after=3)
            reading = flattened(np.broadcast_to(reading, (*shape, columns)))
        readings.append(reading)
    into, apart, stale = [NONE] * len(values), [], [False] * len(values)
    if weights is not None:
        into, apart, stale = _targets(layer, sizes, (accounts, columns), weights, space)
    if len(layer.actions) > 2:
        raise ValueError(f"{layer.station}: derivatives know decisions of at most two blocks of actions")
    while len(values) < 2:
        values, readings, into, sizes = [*values, NONE], [*readings, NONE], [*into, NONE], [*sizes, (0, 1)]
        stale = [*stale, False]
    index = max(shape[1] for shape in sizes)
    beliefs, cells = sizes[0][2:]
    mover = -1 if layer.mover == TYPED else layer.mover
    counts = Counts(
        accounts, sizes[0][0], sizes[1][0], index, sizes[0][1], sizes[1][1], beliefs, cells, columns, mover,
        float(layer.noise), *stale,
    )  # fmt: skip
    return Asked(counts, Blocks(*values, *readings, *into), _played(choice, space.levels), apart)


def groups_of(ready: Ready, index: Any, cells: int) -> list[Any]:
    """Return the moves of a layer in groups, or one group without any."""
    groups = ready.make("groups", lambda: grouped(ready.plain, index))
    return list(groups) or [Steps.none(len(index.pick), cells)]
