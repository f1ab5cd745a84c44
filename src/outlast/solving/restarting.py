"""Solve the last few typed nodes by many starts at once.

Where next month's branch has turned back, Newton from it fails. Then 32 starts scattered around pooling are iterated
together, wider and with another switch between flow and exact Newton at each attempt, until one arrives; of those that
arrive the one nearest to the warm start is taken. The scatter is a fixed table, so a solution does not depend on a seed.
"""

from __future__ import annotations

from typing import NamedTuple

import jax
import jax.numpy as jnp
import numpy as np
from jaxtyping import Array

from outlast.solving.node import EDGE, Node, gap, log_odds, newton_step

STARTS = 32
ROUNDS = 80
DESCENT = 60
"""Rounds in which an attempt from high noise comes down to the target."""
HIGHEST = 200.0
"""Highest noise over target noise."""
SPREAD = (0.3, 1.0, 3.0, 6.0)
"""Standard deviation of the starts around pooling, in log odds, by attempt."""
NEAR = (0.03, 0.3, 1e-9)
"""Residual below which the exact Jacobian is used, by attempt."""
ATTEMPTS = 12
SCATTER = 20260218
"""Seed of the fixed table of starts."""


class _State(NamedTuple):
    odds: Array
    last: Array
    worst: Array
    damping: Array
    best: Array
    """Best odds met so far, ``(actions, nodes)``."""
    distance: Array
    """Distance of the best from the warm start; infinite while nothing has arrived."""
    count: Array


def restart(node: Node, start: Array, prior: Array, levels: Array, tolerance: float) -> tuple[Array, Array]:
    """Return log odds ``(actions, nodes)`` of a root of every node, and the rounds used; unsolved nodes keep ``start``."""
    actions, nodes = start.shape
    wide = Node(node.first[:, :, None], tuple(piece[:, :, None] for piece in node.slope), node.weight[:, None])
    table = jnp.asarray(np.random.default_rng(SCATTER).standard_normal((ATTEMPTS, 256, STARTS)), start.dtype)
    table = jnp.resize(table, (ATTEMPTS, max(actions, 256), STARTS))[:, :actions]
    spread, near = jnp.asarray(SPREAD, start.dtype), jnp.asarray(NEAR, start.dtype)
    centre = jnp.clip(log_odds(prior), -EDGE, EDGE)

    def scattered(attempt: Array) -> Array:
        offsets = (spread[attempt % len(SPREAD)] * table[attempt]).at[:, 0].set(0.0)
        return jnp.clip(centre + offsets[:, :, None], -EDGE, EDGE)

    def unfinished(state: _State):
        return (state.count < ROUNDS * ATTEMPTS) & jnp.isinf(state.distance).any()

    def once(state: _State) -> _State:
        attempt = state.count // ROUNDS
        fresh = state.count % ROUNDS == 0
        odds = jnp.where(fresh, scattered(attempt), state.odds)
        last = jnp.where(fresh, 0.0, state.last)
        damping = jnp.where(fresh, 1.0, state.damping)
        # Odd attempts come down from a high noise, where the equilibrium is unique, a little every round.
        ramp = jnp.minimum((state.count % ROUNDS) / DESCENT, 1.0)
        scale = jnp.where(attempt % 2 == 1, HIGHEST ** (ramp - 1), 1.0)
        here, slope, chance = gap(wide, odds, prior, levels, scale)
        worst = jnp.abs(here).max(axis=0)
        step = newton_step(here, slope, chance, odds, worst < near[attempt % len(NEAR)], 1e-3)
        turned = (last * here < 0) & (worst > 0.5 * state.worst)
        damping = jnp.where(turned, damping / 2, jnp.minimum(1.0, 1.5 * damping))
        away = jnp.where((worst <= tolerance) & (scale == 1.0), jnp.abs(odds - start[:, None]).sum(axis=0), jnp.inf)
        nearest = away.argmin(axis=0)
        arrived = away.min(axis=0)
        found = jnp.take_along_axis(odds, nearest[None, None], axis=1)[:, 0]
        better = arrived < state.distance
        best = jnp.where(better, found, state.best)
        odds = jnp.where((worst > tolerance) | (scale < 1.0), odds + damping * step, odds)
        return _State(odds, here, worst, damping, best, jnp.where(better, arrived, state.distance), state.count + 1)

    shape = (actions, STARTS, nodes)
    blank = jnp.zeros(shape, start.dtype)
    state = _State(blank, blank, blank[0], blank, start, jnp.full(nodes, jnp.inf, start.dtype), jnp.asarray(0))
    state = jax.lax.while_loop(unfinished, once, state)
    return state.best, state.count
