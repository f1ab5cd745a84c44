"""All derivatives of some answers with respect to every number, month by month through a calendar solution.

An answer here is a *column*: it depends on values at the start of some months, and on a reading, the expectation of
something that happens later, under the choices of the solution. Readings are carried back to month 0. Then weights walk
from month 0 to the last: a value's weight says how far it moves the answer, a reading's is the probability of being
there. Each month adds the weights of its layers' numbers, which JAX takes to the numbers of the scenario.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
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


class Tape(Protocol):
    """A solution that can be read month by month."""

    levels: np.ndarray
    months: int

    def __call__(self, month: int) -> tuple[Resolved, Arrays]:
        """Return a month solved again, and the values of the month after."""
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


def walk(tape: Tape, rules: Any, inputs: Any, columns: Columns) -> Found:
    """Return the derivatives of every column with respect to every number of ``inputs``."""
    record = _readings(tape, columns)
    puller = Puller(tape.levels, columns.count)
    try:
        return Found(_walked(tape, (rules, inputs), columns, record, puller), record[0])
    finally:
        puller.close()


def _walked(
    tape: Tape, game: tuple[Any, Any], columns: Columns, record: dict[int, Arrays], puller: Puller
) -> np.ndarray:
    """Walk from month 0 to the end; return the derivatives. What was recorded of a month is let go after it."""
    total = np.zeros((columns.count, len(game[1].values)))
    weights = {
        name: np.zeros((*reading.shape[:-1], ACCOUNTS + 1, columns.count)) for name, reading in record[0].items()
    }
    begun = columns.first(record[0])
    for name, mass in begun.mass.items():
        weights[name][..., ACCOUNTS, :] = mass
    for month in range(tape.months):
        solved, later = tape(month)
        now = Now(solved, later, None, None, Pins())
        if month < columns.end:
            now = now._replace(readings_later=record.pop(month + 1), pins=columns.pins(month))
            now = now._replace(readings=carry_month(now, tape.levels, columns.count))
        else:
            weights = {name: np.ascontiguousarray(weight[..., :ACCOUNTS, :]) for name, weight in weights.items()}
        for name, more in columns.values.get(month, {}).items():
            weights[name][..., :ACCOUNTS, :] += np.moveaxis(more, 0, -2)
        pulled = puller(now, weights, begun if month == 0 else None)
        total += np.asarray(_layers_back(*game, jnp.asarray(month), pulled.numbers))
        weights = pulled.tomorrow
    shared = {name: np.moveaxis(weight[..., :ACCOUNTS, :], -2, 0) for name, weight in weights.items()}
    return total + np.asarray(_terminal_back(*game, shared))


def _readings(tape: Tape, columns: Columns) -> dict[int, Arrays]:
    """Return the readings at the start of every month up to the last that has them."""
    record = {columns.end: columns.final}
    for month in range(columns.end - 1, -1, -1):
        solved, later = tape(month)
        now = Now(solved, later, {}, record[month + 1], columns.pins(month))
        found = carry_month(now, tape.levels, columns.count)
        record[month] = {name: found[name] for name in columns.final}
    return record
