"""Spell months out as an explicit game: one state for every station, index and cell that play can reach.

Layers act on whole arrays, axis by axis. Other programs want one list of states, so each layer is read here at one cell
at a time: a decision becomes a state with a mover, a move becomes a state of chance whose successors are the product of
the axes' own chances. States where nothing happens are passed over.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

import numpy as np
from scipy.sparse import block_diag, csr_array, diags_array, eye_array, kron

from outlast.game.explicit import NOBODY, ExplicitGame, GameError, Private
from outlast.game.layers import Absorb, Action, Chance, Decision, Layer, Move, Step
from outlast.game.spelling_checks import curved_fault, weighted_fault

STRAIGHT = 1e-12
"""How far a payment may be from a straight line in the belief: rounding, not a bend."""
Arrays = Any


class Spot(NamedTuple):
    """One state: month, station, place on the station's index axes, cell."""

    month: int
    station: str
    index: tuple[int, ...]
    cell: int


class Row(NamedTuple):
    """One action: its place in its decision, what it pays at each end of the beliefs ``(accounts,)``, successors."""

    block: int
    fan: int
    first: np.ndarray
    second: np.ndarray
    to: tuple[tuple[Spot, float], ...]


class Entry(NamedTuple):
    """What happens at a spot; ``value`` is set where play is over, and ``rows`` empty."""

    mover: int
    noise: float
    discount: np.ndarray
    rows: tuple[Row, ...]
    value: np.ndarray | None = None


class Months(NamedTuple):
    """What is spelled out: layers of a month, the value after the last, how many months there are, and the sizes."""

    layers: Callable[[int], Sequence[Layer]]
    terminal: dict[str, np.ndarray]
    last: int
    levels: np.ndarray
    cells: int
    accounts: int


class Speller:
    """Spots of the months and what happens there, found when they are asked for."""

    def __init__(self, months: Months) -> None:
        """Take the months; nothing is read yet."""
        self.months = months
        self._views: dict[int, dict[str, Layer]] = {}
        self._entries: dict[Spot, Entry] = {}
        self._kernels: dict[tuple[int, tuple[int, ...]], tuple[Layer, csr_array]] = {}

    def view(self, month: int) -> dict[str, Layer]:
        """Return the layers of a month by station, in the order of play."""
        if month not in self._views:
            self._views[month] = {layer.station: layer for layer in self.months.layers(month)}
        return self._views[month]

    def entry(self, spot: Spot) -> Entry:
        """Return what happens at a spot."""
        if spot not in self._entries:
            self._entries[spot] = self._read(spot)
        return self._entries[spot]

    def settle(self, spot: Spot) -> Spot:
        """Return the first spot from here on where something happens: a choice, chance, a payment, the end."""
        while True:
            entry = self.entry(spot)
            if len(entry.rows) != 1 or len(entry.rows[0].to) != 1 or (entry.discount != 1).any():
                return spot
            if entry.rows[0].first.any() or entry.rows[0].second.any():
                return spot
            spot = entry.rows[0].to[0][0]

    def _read(self, spot: Spot) -> Entry:
        one = np.ones(self.months.accounts)
        if spot.month == self.months.last:
            value = self.months.terminal[spot.station]
            return Entry(NOBODY, 1.0, one, (), _flat(_at(value, spot.index, spot.cell)))
        layer = self.view(spot.month)[spot.station]
        match layer:
            case Absorb():
                if layer.over[spot.cell] > 0:
                    return Entry(NOBODY, 1.0, one, (), _flat(_at(np.asarray(layer.value), (), spot.cell)))
                return Entry(NOBODY, 1.0, one, (self._row(((spot._replace(station=layer.to), 1.0),)),))
            case Chance():
                wide = (1, len(self.months.levels), self.months.cells)
                own = [p[spot.index] if np.ndim(p) > 2 else p for p in map(np.asarray, layer.chances)]
                chances = [float(_flat(_at(np.broadcast_to(p, wide), (), spot.cell))[0]) for p in own]
                to = tuple((spot._replace(station=s), p) for s, p in zip(layer.to, chances, strict=True) if p > 0)
                return Entry(NOBODY, 1.0, one, (self._row(to),))
            case Move():
                return self._moved(layer, spot)
            case Decision():
                rows = [row for b, action in enumerate(layer.actions) for row in self._actions(action, b, spot)]
                mover = layer.mover if len(rows) > 1 else NOBODY
                return Entry(mover, float(layer.noise), one, tuple(rows))

    def _row(self, to: tuple[tuple[Spot, float], ...], pay: Arrays = None) -> Row:
        nothing = np.zeros(self.months.accounts)
        first, second = (nothing, nothing) if pay is None else _ends(pay, self.months.levels)
        return Row(0, 0, first, second, to)

    def _rank(self, month: int, station: str) -> int:
        return getattr(self.view(month)[station], "index", 0)

    def _moved(self, layer: Move, spot: Spot) -> Entry:
        month = spot.month + 1 if layer.tomorrow else spot.month
        index = spot.index
        if layer.pick is not None:
            pick = np.asarray(layer.pick)
            index = (int(pick), *index) if pick.ndim == 0 else (int(pick[index[0]]), *index[1:])
        index = _last(index, self._rank(spot.month, layer.to))
        kernel = self._kernel(layer, spot.index)
        span = slice(kernel.indptr[spot.cell], kernel.indptr[spot.cell + 1])
        to = tuple(
            (Spot(month, layer.to, index, int(cell)), float(chance))
            for cell, chance in zip(kernel.indices[span], kernel.data[span], strict=True)
            if chance > 0
        )
        pay = None if layer.pay is None else _at(np.asarray(layer.pay), spot.index, spot.cell)
        accounts = self.months.accounts
        discount = np.ones(accounts) if layer.discount is None else np.asarray(layer.discount, dtype=float)
        return Entry(NOBODY, 1.0, discount, (self._row(to, pay),))

    def _actions(self, action: Action, block: int, spot: Spot) -> list[Row]:
        rows = []
        if action.weight is not None and (np.asarray(action.weight) != 1).any():
            raise GameError([weighted_fault(spot.station)])
        for fan in range(_fan(action)):
            index = (fan, *spot.index)
            if action.allowed is not None and not _at(np.asarray(action.allowed)[None], index, spot.cell).all():
                continue
            reached = index if action.fan else spot.index
            to = Spot(spot.month, action.to, _last(reached, self._rank(spot.month, action.to)), spot.cell)
            pay = None if action.pay is None else _at(np.asarray(action.pay), index, spot.cell)
            rows.append(self._row(((to, 1.0),), pay)._replace(block=block, fan=fan))
        return rows

    def _kernel(self, layer: Move, index: tuple[int, ...]) -> Any:
        """Return the chances of each cell from each cell, the first move first."""
        key = (id(layer), index)
        if key not in self._kernels:
            kernel: Any = eye_array(self.months.cells, format="csr")
            for move in layer.moves:
                kernel = kernel @ (
                    _stepped(move, index, self.months.cells) if isinstance(move, Step) else _shifted(move, index)
                )
            kernel = csr_array(kernel)
            kernel.sum_duplicates()
            # The layer is kept with its kernel, so that no other one can come by the same id.
            self._kernels[key] = (layer, kernel)
        return self._kernels[key][1]


def _last(index: tuple[int, ...], rank: int) -> tuple[int, ...]:
    return index[len(index) - rank :]


def _fan(action: Action) -> int:
    """Return how many actions a block has."""
    if not action.fan:
        return 1
    for array, axis in ((action.weight, 0), (action.allowed, 0), (action.pay, 1)):
        if array is not None:
            return np.asarray(array).shape[axis]
    raise ValueError(f"the fan {action.name!r} has neither weights nor payments that say how many actions there are")


def _at(array: np.ndarray, index: tuple[int, ...], cell: int) -> np.ndarray:
    """Return ``(accounts, beliefs)`` of an array ``(accounts, *index, beliefs, cells)``, axes of length one spread."""
    *lead, _, cells = array.shape
    places = index[len(index) - len(lead[1:]) :]
    inner = tuple(place if size > 1 else 0 for place, size in zip(places, lead[1:], strict=True))
    return array[(slice(None), *inner, slice(None), cell if cells > 1 else 0)]


def _ends(array: np.ndarray, levels: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return ``(accounts,)`` at belief 0 and at belief 1; a game with types has no payment that bends in between."""
    first, second = array[:, 0], array[:, -1]
    if array.shape[1] > 1:
        line = first[:, None] + (second - first)[:, None] * levels
        if np.abs(array - line).max() > STRAIGHT * max(1.0, float(np.abs(array).max())):
            raise GameError([curved_fault()])
    return np.asarray(first, dtype=float), np.asarray(second, dtype=float)


def _flat(array: np.ndarray) -> np.ndarray:
    """Return ``(accounts,)`` of a value at an end, which no belief may move."""
    if (array != array[:, :1]).any():
        raise GameError([curved_fault()])
    return np.asarray(array[:, 0], dtype=float)


def _chance(array: Arrays, index: tuple[int, ...], cells: int) -> np.ndarray:
    """Return the chances by cell of a step ``(*index, 1, cells)``, axes of length one spread."""
    array = np.asarray(array)
    lead = array.shape[:-2]
    places = index[len(index) - len(lead) :]
    inner = tuple(place if size > 1 else 0 for place, size in zip(places, lead, strict=True))
    return np.broadcast_to(array[(*inner, *(0 for _ in array.shape[-2:-1]))], cells)


def _stepped(move: Step, index: tuple[int, ...], cells: int) -> Any:
    up, down = _chance(move.up, index, cells), _chance(move.down, index, cells)
    stride = move.stride
    diagonals: Any = diags_array
    return diagonals([1 - up - down, up[:-stride], down[stride:]], offsets=[0, stride, -stride], format="csr")


def _shifted(move: Any, index: tuple[int, ...]) -> Any:
    matrix = np.asarray(move.matrix)
    if matrix.ndim == 3:
        matrix = matrix[index[0] if len(matrix) > 1 else 0]
    one = kron(csr_array(matrix), eye_array(move.after), format="csr")
    return block_diag([one] * move.before, format="csr")


class Spelled(NamedTuple):
    """An explicit game and the spot of each of its states."""

    game: ExplicitGame
    spots: tuple[Spot, ...]


def collect(
    speller: Speller, spots: Sequence[Spot], *, players: tuple[str, ...], private: Private, words: Any
) -> Spelled:
    """Return the explicit game of some spots, of which the first is where play begins.

    Args:
        speller: what knows the spots.
        spots: closed under succession.
        players: the player with the private type first.
        private: its two types, which are the first two accounts.
        words: ``words.state(spot)`` and ``words.action(spot, row)`` name them.
    """
    place = {spot: i for i, spot in enumerate(spots)}
    entries = [speller.entry(spot) for spot in spots]
    successor: list[int] = []
    chance: list[float] = []
    edge, first = [0], [0]
    rows = [row for entry in entries for row in entry.rows]
    for entry in entries:
        first.append(first[-1] + len(entry.rows))
    for row in rows:
        reached: dict[int, float] = {}
        for spot, p in row.to:
            at = place[speller.settle(spot)]
            reached[at] = reached.get(at, 0.0) + p
        total = sum(reached.values())
        successor += reached
        chance += [p / total for p in reached.values()]
        edge.append(len(successor))
    accounts = speller.months.accounts
    none = np.zeros((accounts, 0))
    low = np.stack([row.first for row in rows], axis=1) if rows else none
    high = np.stack([row.second for row in rows], axis=1) if rows else none
    pay, lift = low.copy(), high - low
    pay[1], lift[:2] = high[1], 0.0
    nothing = np.zeros(accounts)
    game = ExplicitGame(
        players=players,
        first=first,
        mover=[entry.mover for entry in entries],
        pay=pay,
        edge=edge,
        successor=successor,
        chance=chance,
        discount=np.stack([entry.discount for entry in entries], axis=1),
        noise=[entry.noise for entry in entries],
        value=np.stack([nothing if entry.value is None else entry.value for entry in entries], axis=1),
        private=private,
        lift=lift if lift.any() else None,
        state_names=tuple(words.state(spot) for spot in spots),
        action_names=tuple(words.action(spot, row) for spot, e in zip(spots, entries, strict=True) for row in e.rows),
    )
    return Spelled(game, tuple(spots))
