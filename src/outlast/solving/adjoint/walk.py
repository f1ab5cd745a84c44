"""All derivatives of some answers with respect to every number, month by month through a calendar solution.

An answer here is a *column*: it depends on values at the start of some months, and on a reading, the expectation of
something that happens later, under the choices of the solution. Readings are carried back to month 0. Then weights walk
from month 0 to the last: a value's weight says how far it moves the answer, a reading's is the probability of being
there. Each month adds the weights of its layers' numbers, which JAX takes to the numbers of the scenario.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import partial
from typing import Any, NamedTuple, Protocol

import jax
import jax.numpy as jnp
import numpy as np

from outlast.game.layers import Absorb, Chance, Decision, Layer, Move, Step
from outlast.solving.adjoint.layout import Arrays, Beginning, Now, Pins
from outlast.solving.adjoint.month import Puller
from outlast.solving.adjoint.nodes import ACCOUNTS
from outlast.solving.adjoint.readings import carry_month
from outlast.solving.backward import Resolved
from outlast.solving.solution import precise
from outlast.solving.vectors import WIDTH

THREADS = 2
"""How many threads work at columns, a vector's width or more each."""


@dataclass(frozen=True)
class Columns:
    """What is differentiated. Arrays have columns on their last axis; ``count`` is a multiple of a vector's width."""

    count: int
    end: int
    """Month at whose start readings are ``final``."""
    final: Arrays
    pins: Callable[[int], Pins]
    """What readings are at stations of a month."""
    first: Callable[[Arrays], Beginning]
    """What month 0 is to the columns, given the readings at its start."""
    values: dict[int, Arrays] = field(default_factory=dict)
    """Weights of values at the start of a month, by station, ``(accounts, [index], beliefs, cells, columns)``."""


def _cut(tree: Any, own: slice) -> Any:
    """Return the arrays of some of the columns."""
    return jax.tree.map(lambda leaf: np.ascontiguousarray(leaf[..., own]), tree)


class Tape(Protocol):
    """A solution that can be read month by month."""

    levels: np.ndarray
    months: int

    def __call__(self, month: int) -> tuple[Resolved, Arrays]:
        """Return a month solved again, and the values of the month after; both hold until the call after the next."""
        ...


class Found(NamedTuple):
    """Derivatives ``(columns, numbers)`` with month 0 as it begins held fixed, and readings at its start."""

    derivatives: np.ndarray
    readings: Arrays


def numbers_of(layer: Layer) -> dict[str, Any]:
    """Return the numbers of a layer that can move: no masks, no places."""
    match layer:
        case Decision():
            return {"noise": layer.noise, "pays": tuple(action.pay for action in layer.actions)}
        case Chance():
            return {"chances": layer.chances}
        case Move():
            moves = tuple((move.up, move.down) if isinstance(move, Step) else move.matrix for move in layer.moves)
            return {"moves": moves, "pay": layer.pay, "discount": layer.discount}
        case Absorb():
            return {"value": layer.value}


@partial(jax.jit, static_argnames=("rules",))
def _layers_back(rules: Any, inputs: Any, month: Any, weights: Any) -> Any:
    """Return derivatives ``(columns, numbers)`` from weights of the layers' numbers, columns last."""

    def laws(values: Any) -> Any:
        layers = rules.layers(dataclasses.replace(inputs, values=values), month)
        return tuple(numbers_of(layer) for layer in layers)

    _, back = jax.vjp(laws, inputs.values)
    return jax.vmap(lambda weight: back(weight)[0], in_axes=-1)(weights)


@partial(jax.jit, static_argnames=("rules",))
def _terminal_back(rules: Any, inputs: Any, weights: Any) -> Any:
    _, back = jax.vjp(lambda values: rules.terminal(dataclasses.replace(inputs, values=values)), inputs.values)
    return jax.vmap(lambda weight: back(weight)[0], in_axes=-1)(weights)


def walk(tape: Tape, rules: Any, inputs: Any, columns: Columns, *, threads: int = THREADS) -> Found:
    """Return the derivatives of every column with respect to every number of ``inputs``.

    Columns never touch one another, so that ``threads`` may each take some of them, a vector's width or more.
    """
    each = -(-columns.count // (threads * WIDTH)) * WIDTH
    walkers = [
        _Walker((rules, inputs), columns, slice(begin, begin + each), tape.levels)
        for begin in range(0, columns.count, each)
    ]
    with ThreadPoolExecutor(len(walkers)) as pool:

        def together(step: Callable[[_Walker, int, Resolved, Arrays], None], months: Iterable[int]) -> None:
            steps: list[Future[None]] = []
            for month in months:
                now = tape(month)  # while the month before is walked
                for own in steps:
                    own.result()
                steps = [pool.submit(step, walker, month, *now) for walker in walkers]
            for own in steps:
                own.result()

        together(_Walker.back, reversed(range(columns.end)))
        parts = [walker.record[0] for walker in walkers]
        readings = {name: np.concatenate([part[name] for part in parts], axis=-1) for name in parts[0]}
        begun = columns.first(readings)
        for walker in walkers:
            walker.begin(begun)
        together(_Walker.onward, range(tape.months))
        return Found(np.concatenate([walker.end() for walker in walkers]), readings)


class _Walker:
    """Some of the columns on their way: readings back to month 0, then weights from there to the end."""

    def __init__(self, game: tuple[Any, Any], columns: Columns, own: slice, levels: np.ndarray):
        self._game, self._columns, self._own = game, columns, own
        self._count = len(range(columns.count)[own])
        self.record = {columns.end: _cut(columns.final, own)}
        self._puller = Puller(levels, self._count)
        self._begun = Beginning({}, {}, {})
        self._weights: Arrays = {}
        self._total = np.zeros((self._count, len(game[1].values)))

    def _pins(self, month: int) -> Pins:
        pins = self._columns.pins(month)
        return Pins(*(_cut(part, self._own) for part in (pins.keep, pins.gain, pins.ended)))

    def back(self, month: int, solved: Resolved, later: Arrays) -> None:
        """Carry readings to the start of a month."""
        now = Now(solved, later, {}, self.record[month + 1], self._pins(month))
        found = carry_month(now, self._puller.space, self._count)
        self.record[month] = {name: np.array(found[name]) for name in self._columns.final}

    def begin(self, begun: Beginning) -> None:
        """Take what month 0 is to all columns."""
        self._begun = _cut(begun, self._own)
        for name, reading in self.record[0].items():
            self._weights[name] = np.zeros((*reading.shape[:-1], ACCOUNTS + 1, self._count))
        for name, mass in self._begun.mass.items():
            self._weights[name][..., ACCOUNTS, :] = mass

    def onward(self, month: int, solved: Resolved, later: Arrays) -> None:
        """Move weights through a month; what was recorded of the next is let go."""
        weights, now = self._weights, Now(solved, later, None, None, Pins())
        if month < self._columns.end:
            now = now._replace(readings_later=self.record.pop(month + 1), pins=self._pins(month))
            now = now._replace(readings=carry_month(now, self._puller.space, self._count))
        else:
            weights = {name: np.ascontiguousarray(weight[..., :ACCOUNTS, :]) for name, weight in weights.items()}
        for name, more in self._columns.values.get(month, {}).items():
            weights[name][..., :ACCOUNTS, :] += np.moveaxis(more[..., self._own], 0, -2)
        pulled = self._puller(now, weights, self._begun if month == 0 else None)
        with precise():  # a thread has a precision of its own
            self._total += np.asarray(_layers_back(*self._game, jnp.asarray(month), pulled.numbers))
        self._weights = pulled.tomorrow

    def end(self) -> np.ndarray:
        """Return the derivatives, with those through the values where the calendar ends."""
        shared = {name: np.moveaxis(weight[..., :ACCOUNTS, :], -2, 0) for name, weight in self._weights.items()}
        return self._total + np.asarray(_terminal_back(*self._game, shared))
