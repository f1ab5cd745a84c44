"""The calendar solution: agent logit equilibrium by backward induction, one sweep a month.

Values of next month's stations go in, this month's layers are solved from last to first, values of this month's
stations come out. Choices are kept for the first ``window`` months, where answers look; values too. The equilibrium at
typed nodes is followed from month to month by warm start, from pooling in the last month.
"""

from __future__ import annotations

from functools import partial
from typing import Any, NamedTuple

import jax
import jax.numpy as jnp
from jaxtyping import Array

from outlast.solving.layers import Choice, Evidence, Setting, Stations, evaluate, respond
from outlast.solving.typed import pooling

TOLERANCE = {jnp.dtype("float64"): 1e-7, jnp.dtype("float32"): 1e-4}
"""Largest log-odds gap left at a typed node, by float width."""


class Kept(NamedTuple):
    """What is remembered of the first ``window`` months: leading axis month."""

    values: Stations
    choices: dict[str, Choice]


class Calendar(NamedTuple):
    """Values and choices by month, and the evidence gathered in the sweep (maxima over months and nodes)."""

    kept: Kept
    evidence: Evidence
    worst: dict[str, Evidence]
    """Evidence by station."""


def solve_month(layers: tuple, after: Stations, warm: dict[str, Any], setting: Setting, convention: str):
    """Solve one month backward; return stations, choices, warm starts and evidence by station."""
    stations = dict(after)
    choices: dict[str, Choice] = {}
    starts: dict[str, Any] = {}
    evidence: dict[str, Evidence] = {}
    for layer in reversed(layers):
        choice, start, proof = respond(layer, stations, warm.get(layer.station), setting)
        value = evaluate(layer, choice, stations, setting, convention)
        shape = (len(setting.kinds), *value.shape[1:-2], len(setting.levels), value.shape[-1])
        stations[layer.station] = jnp.broadcast_to(value, shape)
        if choice is not None:
            choices[layer.station] = choice
        if start is not None and proof is not None:
            starts[layer.station] = start
            evidence[layer.station] = proof
    return stations, choices, starts, evidence


def _reserve(tree: Any, months: int) -> Any:
    return jax.tree.map(lambda leaf: jnp.zeros((months, *leaf.shape), leaf.dtype), tree)


def _write(memory: Any, month: Array, entry: Any, window: int) -> Any:
    """Write ``entry`` at its month; months beyond the window land in the last place, which its own month overwrites."""
    place = jnp.minimum(month, window - 1)
    return jax.tree.map(lambda m, e: jax.lax.dynamic_update_index_in_dim(m, e, place, 0), memory, entry)


@partial(jax.jit, static_argnames=("rules", "months", "window", "convention"))
def sweep(rules: Any, inputs: Any, *, months: int, window: int, convention: str = "expectation") -> Calendar:
    """Solve ``months`` months backward and keep the first ``window``.

    ``rules`` is hashable and gives layers, terminal values, belief levels and account kinds; ``inputs`` holds every
    number.
    """
    levels = rules.beliefs(inputs)
    setting = Setting(levels, rules.kinds, TOLERANCE[jnp.dtype(levels.dtype)])
    last = rules.terminal(inputs)

    def one(month: Array, values: Stations, warm: dict):
        layers = rules.layers(inputs, month)
        stations, choices, starts, evidence = solve_month(layers, values, warm, setting, convention)
        return {name: stations[name] for name in rules.tomorrow}, choices, starts, evidence

    cold = jax.eval_shape(lambda: one(jnp.asarray(0), last, {})[1:3])
    memory = Kept(_reserve(last, window), _reserve(cold[0], window))
    warm = {name: pooling(levels, start.odds.shape) for name, start in cold[1].items()}

    def back(state, month):
        values, warm, memory = state
        values, choices, warm, evidence = one(month, values, warm)
        memory = _write(memory, month, Kept(values, choices), window)
        return (values, warm, memory), evidence

    (_, _, memory), evidence = jax.lax.scan(back, (last, warm, memory), jnp.arange(months - 1, -1, -1))
    worst = {name: jax.tree.map(jnp.max, proof) for name, proof in evidence.items()}
    total = Evidence(*(jnp.max(jnp.stack([getattr(w, f) for w in worst.values()])) for f in Evidence._fields))
    return Calendar(memory, total, worst)
