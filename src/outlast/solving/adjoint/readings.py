"""Readings carried back through a month: what is expected to happen later, under the choices as solved."""

from __future__ import annotations

import numpy as np

from outlast.game.layers import Absorb, Chance, Decision, Move
from outlast.solving.adjoint.layout import Arrays, Now, Pins, asked_of, flattened, groups_of
from outlast.solving.adjoint.moves import Sizes
from outlast.solving.adjoint.programs import loops
from outlast.solving.month import Ready, Steps, Workspace, indexing


def carry_month(now: Now, space: Workspace, columns: int) -> Arrays:
    """Return the readings at every station of a month, from those of next month's stations; arrays are lent."""
    readings: Arrays = dict(now.readings_later or {})
    now = now._replace(readings=readings)
    for ready in reversed(now.solved.layers):
        layer = ready.plain
        shape = (*now.solved.stations[layer.station].shape[1:], columns)
        if ready.kind is Decision:
            asked = asked_of(layer, now.solved.choices[layer.station], now, space, None, columns)
            found = space.lend("carried", layer.station, shape=shape).reshape(-1)
            loops().carry_readings(asked.counts, asked.blocks, asked.played, found)
            found = found.reshape(shape)
        elif ready.kind is Chance:
            parts = [np.asarray(p)[..., None] * readings[to] for p, to in zip(layer.chances, layer.to, strict=True)]
            found = np.sum(parts, axis=0)
        elif ready.kind is Move:
            source = (now.readings_later or {}) if layer.tomorrow else readings
            found = _carry_move(ready, space, source[layer.to], columns).reshape(shape)
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


def _carry_move(ready: Ready, space: Workspace, reading: np.ndarray, columns: int) -> np.ndarray:
    layer = ready.plain
    if not layer.moves:
        return reading if layer.pick is None else reading[layer.pick]
    index = ready.make("index", lambda: indexing(layer, reading.shape[:-3]))
    beliefs, cells = reading.shape[-3:-1]
    pick, flat = index.pick, flattened(reading)
    for number, group in reversed(list(enumerate(groups_of(ready, index, cells)))):
        sizes = Sizes(1, len(index.pick), 0, beliefs, cells, columns)
        out = space.lend("carried", layer.station, number, shape=(len(index.pick) * beliefs * cells * columns,))
        if isinstance(group, Steps):
            loops().carry_steps(sizes, flat, pick, group.arrays, out)
        else:
            loops().carry_shift(sizes, flat, pick, group.matrix, group.after, out)
        flat, pick = out, np.arange(len(index.pick))
    return flat
