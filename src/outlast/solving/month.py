"""One month backward in compiled loops: values of the next month in, values and choices at every station out.

Layers come as NumPy arrays. What is decided is decided by ``outlast.solving.stationwise``, what moves is moved by
``outlast.solving.movement``; the rest is small. Arrays are lent by a workspace and hold until the next month is solved.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np

from outlast.game.layers import TYPED, Absorb, Action, Chance, Decision, Layer, Move, Step
from outlast.solving.choice import Choice
from outlast.solving.played import Played
from outlast.solving.programs import programs
from outlast.solving.stationwise import Answer, Plan, Question
from outlast.solving.vectors import WIDTH
from outlast.solving.workspace import Proof, Start, Workspace, pooling

Stations = dict[str, np.ndarray]


@dataclass(eq=False)
class Ready:
    """A layer, with what is worked out from it once: months with the same numbers share one.

    What is None has not been asked for yet, or is none of the layer's kind.
    """

    layer: Layer
    weight: np.ndarray | None = None
    """Of a decision: log base weight of every action, ``(actions, index or 1, cells or 1)``."""
    index: Index | None = None
    """Of a move: the index axes of its station, and where each entry goes."""
    groups: list[Steps | Jump] | None = None
    """Of a move: its steps and jumps in order."""
    pay: np.ndarray | None = None
    """Of a move: what it pays, ``(accounts, index, 1 or beliefs, cells)``; empty where nothing."""
    over: np.ndarray | None = None
    """Of an end: truth value by cell."""
    way: bytes | None = None
    """What tells apart the cells that the layer leads to."""

    @property
    def station(self) -> str:
        """Return the station whose value the layer gives."""
        return self.layer.station

    def leads(self) -> list[str]:
        """Return the stations of the same month that the layer leads to."""
        layer = self.layer
        if isinstance(layer, Decision):
            return [action.to for action in layer.actions]
        if isinstance(layer, Chance):
            return list(layer.to)
        return [] if isinstance(layer, Move) and layer.tomorrow else [layer.to]

    def weights(self, sizes: list[int]) -> np.ndarray:
        """Return the log base weights of a decision whose fans have the given sizes."""
        if self.weight is None:
            assert isinstance(self.layer, Decision)
            self.weight = _weights(self.layer, sizes)
        return self.weight

    def indexed(self, reached: tuple[int, ...]) -> Index:
        """Return the index of a move, given the index axes of the station reached."""
        if self.index is None:
            assert isinstance(self.layer, Move)
            self.index = indexing(self.layer, reached)
        return self.index

    def grouped(self, index: Index) -> list[Steps | Jump]:
        """Return the steps and jumps of a move in order."""
        if self.groups is None:
            assert isinstance(self.layer, Move)
            self.groups = grouped(self.layer, index)
        return self.groups

    def paid(self, index: Index, flat: tuple[int, ...]) -> np.ndarray:
        """Return what a move pays, where values have the given flat shape."""
        if self.pay is None:
            assert isinstance(self.layer, Move)
            self.pay = np.empty((0, 0, 0, 0)) if self.layer.pay is None else _paid(self.layer, index, flat)
        return self.pay

    def ended(self) -> np.ndarray:
        """Return in which cells an end has come."""
        if self.over is None:
            assert isinstance(self.layer, Absorb)
            self.over = np.asarray(self.layer.over) > 0
        return self.over


class Solved(NamedTuple):
    """A decision solved: choice, value, where the month before may start, and proof. Its arrays are lent."""

    choice: Choice
    value: np.ndarray
    odds: np.ndarray | None
    proof: Proof


def solve_month(
    month: tuple[Ready, ...],
    later: Stations,
    starts: dict[str, Start],
    space: Workspace,
    played: dict[str, Played] | None = None,
):
    """Solve one month.

    Args:
        month: its layers, in the order of play.
        later: values of next month's stations.
        starts: where typed decisions may start; pooling where none is given.
        space: where arrays come from.
        played: cells in which a decision can arise; all where none are given.

    Returns:
        Values by station, choices by decision, log odds by typed decision, and proofs. Arrays are lent by ``space``.
    """
    stations = dict(later)
    choices: dict[str, Choice] = {}
    odds: dict[str, np.ndarray] = {}
    proofs: dict[str, Proof] = {}
    for ready in reversed(month):
        layer, name = ready.layer, ready.station
        if isinstance(layer, Decision):
            solved = decide(ready, stations, starts.get(name), space, (played or {}).get(name))
            choices[name], stations[name] = solved.choice, solved.value
            if solved.odds is not None:
                odds[name], proofs[name] = solved.odds, solved.proof
        elif isinstance(layer, Chance):
            parts = [chance * stations[to] for chance, to in zip(layer.chances, layer.to, strict=True)]
            stations[name] = np.sum(parts, axis=0)
        elif isinstance(layer, Move):
            stations[name] = carry(ready, stations[layer.to], space)
        else:
            stations[name] = np.where(ready.ended(), layer.value, stations[layer.to])
    return stations, choices, odds, proofs


def decide(
    ready: Ready, stations: Stations, start: Start | None, space: Workspace, played: Played | None = None
) -> Solved:
    """Solve one decision in the cells in which it is played."""
    layer = ready.layer
    assert isinstance(layer, Decision)
    blocks = [_block(action, stations, layer.index) for action in layer.actions]
    sizes = [block.shape[1] for block in blocks]
    index, (levels, cells) = max(block.shape[2] for block in blocks), blocks[0].shape[3:]
    one, two = blocks[0], _joined(blocks[1:], index) if len(blocks) > 1 else blocks[0][:, :0]
    weight = ready.weights(sizes)
    filled = max(WIDTH - cells, 0)
    if filled:
        one, two = (np.pad(block, [(0, 0)] * 4 + [(0, filled)], mode="edge") for block in (one, two))
        weight = np.pad(weight, [(0, 0)] * 3 + [(0, filled)], mode="edge") if weight.shape[3] > 1 else weight
        cells, played = WIDTH, None
    played = played or space.everywhere(cells)
    typed, actions = layer.mover == TYPED, sum(sizes)
    name, whole = layer.station, (actions, index, levels, cells)
    inner = (actions, index, max(levels - 2, 0), cells)
    none, noise = np.empty(0), float(layer.noise)
    start = (start or pooling(space.levels, inner)) if typed else Start(none, none)
    chances = [space.lend(name, k, shape=whole) if typed or k == 0 else none for k in range(3)]
    value = space.lend(name, "value", shape=(space.accounts, index, levels, cells))
    found = space.lend(name, "odds", shape=inner) if typed else none
    answer = Answer._make([value, *chances, found, np.zeros(4)])
    space.blank(name, played, answer)
    counts = [space.accounts, sizes[0], actions - sizes[0], index, one.shape[2], two.shape[2], levels, cells]
    plan = Plan._make([*counts, len(weight), *weight.shape[2:], -1 if typed else layer.mover, space.inclusive, 0, 1])
    flat = [_flat(array) for array in (one, two, weight, *start)]
    asked = Question._make([*flat[:3], space.levels, played.begins, *flat[3:], noise, space.tolerance])
    proof = space.share(plan, asked, Answer._make([_flat(array) for array in answer]))
    return _solved(layer, sizes, answer, proof, filled)


def _solved(layer: Decision, sizes: list[int], answer: Answer, proof: Proof, filled: int) -> Solved:
    """Cut the answer into the blocks of the layer."""
    cells = slice(None, -filled if filled else None)
    cuts = np.cumsum(sizes)[:-1]

    def parts(whole: np.ndarray) -> list[Any] | None:
        if not whole.size:
            return None
        whole = whole[..., cells] if layer.index else whole[:, 0, :, cells]
        return np.split(whole, cuts)

    value = answer.value[..., cells] if layer.index else answer.value[:, 0, :, cells]
    settler = parts(answer.settler)
    assert settler is not None
    odds = answer.odds if layer.mover == TYPED else None
    return Solved(Choice(settler, parts(answer.staller), parts(answer.posterior)), value, odds, proof)


def _flat(array: np.ndarray) -> np.ndarray:
    return np.ascontiguousarray(array, dtype=float).reshape(-1)


def _block(action: Action, stations: Stations, index: int) -> np.ndarray:
    """Return the values of an action's fan, ``(accounts, actions, index or 1, beliefs, cells)``."""
    value = stations[action.to]
    if not action.fan:
        value = value[:, None]
    if action.pay is not None:
        pay = np.asarray(action.pay)
        value = (value if value.ndim == pay.ndim else value[:, :, None]) + pay
    return value if value.ndim == 5 else value[:, :, None]


def _joined(blocks: list[np.ndarray], index: int) -> np.ndarray:
    if len(blocks) == 1:
        return blocks[0]
    return np.concatenate([np.broadcast_to(b, (*b.shape[:2], index, *b.shape[3:])) for b in blocks], axis=1)


def _weights(layer: Decision, sizes: list[int]) -> np.ndarray:
    """Return the log base weight of every action, ``(types or 1, actions, index or 1, cells or 1)``.

    Minus infinity where the action cannot be taken.
    """
    parts = []
    for action, size in zip(layer.actions, sizes, strict=True):
        weight = np.zeros((1, size, 1, 1))
        if action.weight is not None:
            given = np.asarray(action.weight)[:, None, None]
            weight = np.where(given > 0, np.log(np.where(given > 0, given, 1.0)), -np.inf)[None]
        if action.allowed is not None:
            weight = np.where(_allowed(np.asarray(action.allowed), layer.index), weight, -np.inf)
        parts.append(weight)
    types, index, cells = np.broadcast_shapes(*((len(part), *part.shape[2:]) for part in parts))
    return np.concatenate([np.broadcast_to(part, (types, part.shape[1], index, cells)) for part in parts], axis=1)


def _allowed(allowed: np.ndarray, index: int) -> np.ndarray:
    """Return whether actions can be taken, ``(types or 1, actions, index or 1, cells or 1)``."""
    if allowed.ndim < index + 4:
        allowed = allowed[None]
    return (allowed if allowed.ndim == 5 else allowed[:, :, None])[:, :, :, 0] > 0


def carry(ready: Ready, value: np.ndarray, space: Workspace) -> np.ndarray:
    """Return the value at a move's station, from the value at the station it leads to."""
    layer = ready.layer
    assert isinstance(layer, Move)
    runs = value.shape[0]
    index = ready.indexed(value.shape[1:-2])
    groups = ready.grouped(index)
    if not groups and layer.pay is None and layer.discount is None:
        return value if layer.pick is None else value[:, layer.pick]
    flat = value.reshape(runs, -1, *value.shape[-2:])
    nothing, ones = np.empty((0, 0, 0, 0)), np.ones(runs)
    pay = ready.paid(index, flat.shape)
    discount = ones if layer.discount is None else np.ascontiguousarray(layer.discount)
    pick = index.pick
    groups = list(reversed(groups)) or [Steps.none(len(pick), flat.shape[-1])]
    for number, group in enumerate(groups):
        last = number == len(groups) - 1
        out = space.lend(layer.station, "carried", number, shape=(runs, len(pick), *flat.shape[2:]))
        paid, factor = pay if last else nothing, discount if last else ones

        def part(own: slice, flat=flat, pick=pick, group=group, paid=paid, factor=factor, out=out) -> None:
            if isinstance(group, Steps):
                programs().step_values(flat[own], pick, group.arrays, paid[own], factor[own], out[own])
            else:
                programs().shift_values(flat[own], pick, group.matrix, group.after, factor[own], paid[own], out[own])

        space.spread(part, runs, flat[0, 0].size * len(pick))
        flat, pick = out, np.arange(len(pick))
    return flat.reshape(runs, *index.shape, *flat.shape[2:])


class Index(NamedTuple):
    """The index axes of a move's station, and where each entry goes at the station reached."""

    shape: tuple[int, ...]
    pick: np.ndarray


def indexing(layer: Move, reached: tuple[int, ...]) -> Index:
    """Return the index of a move's station from the index axes of the station reached."""
    if layer.pick is not None:
        pick = np.asarray(layer.pick)
        places = np.arange(int(np.prod(reached))).reshape(reached)[pick]
        return Index(places.shape, np.ascontiguousarray(places.reshape(-1)))
    shapes = [reached]
    for move in layer.moves:
        own = move.up.shape[:-2] if isinstance(move, Step) else move.matrix.shape[:-2]
        shapes.append(tuple(own))
    if layer.pay is not None:
        shapes.append(tuple(np.asarray(layer.pay).shape[1:-2]))
    wide = tuple(max(sizes) for sizes in zip(*(_padded(shape, layer.index) for shape in shapes), strict=True))
    places = np.broadcast_to(np.arange(int(np.prod(reached))).reshape(_padded(reached, layer.index)), wide)
    return Index(wide, np.ascontiguousarray(places.reshape(-1)))


def _padded(shape: tuple[int, ...], axes: int) -> tuple[int, ...]:
    return (*[1] * (axes - len(shape)), *shape)


def _paid(layer: Move, index: Index, flat: tuple[int, ...]) -> np.ndarray:
    pay = np.asarray(layer.pay)
    wide = (flat[0], *index.shape, pay.shape[-2], flat[-1])
    # Not a view of fewer numbers: such a one is read-only, and loops would be compiled for it once more.
    whole = pay if pay.shape == wide else np.array(np.broadcast_to(pay, wide))
    return np.ascontiguousarray(whole).reshape(flat[0], -1, pay.shape[-2], flat[-1])


class Steps(NamedTuple):
    """Stocks that move one level each, in order: chances ``(steps, index, cells)`` and strides."""

    arrays: tuple[np.ndarray, np.ndarray, np.ndarray]

    @classmethod
    def none(cls, index: int, cells: int) -> Steps:
        """Return no steps."""
        blank = np.empty((0, index, cells))
        return cls((blank, blank, np.empty(0, dtype=int)))


class Jump(NamedTuple):
    """One stock that jumps: chances ``(index or 1, levels, levels)`` and the cells after its axis."""

    matrix: np.ndarray
    after: int


def grouped(layer: Move, index: Index) -> list[Steps | Jump]:
    """Return a layer's moves in order, steps that follow one another as one group; jumps that stay are left out."""
    groups: list[Steps | Jump] = []
    waiting: list[Step] = []

    def flush() -> None:
        if waiting:
            # What is stacked has the order in memory of its parts, and loops read rows as if they were contiguous.
            ups, downs = (
                np.ascontiguousarray(np.stack([_wide(getattr(s, way), index) for s in waiting]))
                for way in ("up", "down")
            )
            groups.append(Steps((ups, downs, np.array([s.stride for s in waiting]))))
            waiting.clear()

    for move in layer.moves:
        if isinstance(move, Step):
            waiting.append(move)
            continue
        matrix = np.asarray(move.matrix)
        if (matrix == np.eye(matrix.shape[-1])).all():
            continue
        flush()
        matrix = matrix[None] if matrix.ndim == 2 else matrix
        groups.append(Jump(np.ascontiguousarray(matrix), move.after))
    flush()
    return groups


def _wide(chance: Any, index: Index) -> np.ndarray:
    """Return a step's chances for every index entry, ``(index, cells)``."""
    chance = np.atleast_2d(chance)[..., 0, :]
    axes = chance.shape[:-1]
    chance = chance.reshape(*[1] * (len(index.shape) - len(axes)), *axes, chance.shape[-1])
    return np.broadcast_to(chance, (*index.shape, chance.shape[-1])).reshape(-1, chance.shape[-1])
