"""Finish the typed nodes that Newton leaves over: more rounds for many, then many starts for the last few.

Where next month's branch has turned back, Newton from it fails. Nodes are collected into batches of a fixed number of
tracks. First every track is one node, going on from where it is; a node that does not arrive comes back with sixteen
tracks of its own, from the warm start and from pooling, scattered, along the flow or down from a high noise. The first
to arrive is taken, of several the one nearest to the warm start. The scatter is a fixed table: no seed to choose.
"""

from __future__ import annotations

from typing import NamedTuple

import jax
import jax.numpy as jnp
import numpy as np
from jaxtyping import Array, Float

from outlast.solving.node import EDGE, Node, newton_step, reply

TRACKS = 128
"""Tracks in a batch."""
STARTS = 16
"""Tracks of one node after its first batch."""
ATTEMPTS = 6
FIRST_ROUNDS = 8
"""Rounds of a first batch."""
ROUNDS = 32
"""Rounds of a second batch, in which tracks start in many places."""
LONG_ROUNDS = 120
"""Rounds of a third; each after it has as many more."""
HIGHEST = 200.0
"""Highest noise over target noise."""
NEAR = 0.3
"""Gap below which the exact Jacobian is used."""
SPREAD = np.asarray([0, 0, 0.3, 0.3, 1, 1, 1, 1, 3, 3, 3, 3, 6, 0, 1, 0.0])
"""Standard deviation of a track's start around its centre, in log odds."""
POOLED = np.asarray([0, 1, 0, 1, 0, 1, 0, 1, 0, 1, 0, 1, 1, 1, 1, 0])
"""1 where the centre is the prior, 0 where it is the warm start."""
FLOWS = np.asarray([0, 0, 0, 0, 0, 0, 1, 1, 0, 0, 1, 0, 0, 0, 0, 1])
"""1 where a track of a second batch follows the flow all the way."""
FALLS = np.asarray([0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 15, 15, 0])
"""Rounds in which a track of a second batch comes down from high noise, where the equilibrium is unique."""
LONG_FALLS = np.asarray([15, 15, 20, 20, 25, 25, 30, 30, 40, 40, 50, 50, 60, 60, 80, 80])
"""The same in a third batch; each after it takes as many more."""
SCATTER = 20260218
"""Seed of the fixed table of starts."""


class Crowd(NamedTuple):
    """All nodes of a station, flat: values to gather from, log odds of prior, log odds to start from, tolerance."""

    node: Node
    prior: Float[Array, " nodes"]
    warm: Float[Array, "actions nodes"]
    place: Array
    """Where each node's values lie in the node arrays' last axis."""
    tolerance: float


class _Queue(NamedTuple):
    odds: Float[Array, "actions nodes"]
    worst: Float[Array, " nodes"]
    tries: Array
    rounds: Array


class _Batch(NamedTuple):
    odds: Float[Array, "actions 1 tracks"]
    gap: Array
    worst: Array
    damping: Array
    distance: Float[Array, " tracks"]
    """Distance from the warm start on arrival; infinite before."""
    round: Array


def finish(crowd: Crowd, odds: Float[Array, "actions nodes"], worst: Float[Array, " nodes"]) -> tuple[Array, Array]:
    """Return log odds with every node above the tolerance finished, and the rounds used; unsolved nodes stay put."""

    def waiting(queue: _Queue) -> Array:
        return (queue.worst > crowd.tolerance) & (queue.tries < ATTEMPTS)

    def once(queue: _Queue) -> _Queue:
        score = jnp.where(waiting(queue), ATTEMPTS - queue.tries, 0).astype(jnp.float32)
        top, lane = jax.lax.top_k(score, min(TRACKS, len(score)))
        lane = jnp.resize(lane, (TRACKS,))
        single = top[0] == ATTEMPTS
        lane = jnp.where(single, lane, jnp.repeat(lane[: TRACKS // STARTS], STARTS))
        idle = score[lane] == 0
        found, arrived, count = _run(crowd, queue.odds[:, lane], lane, jnp.where(single, 0, queue.tries[lane]), idle)
        return _Queue(
            queue.odds.at[:, lane].set(found),
            queue.worst.at[lane].set(jnp.where(arrived, 0, queue.worst[lane])),
            queue.tries.at[lane].set(queue.tries[lane] + 1),
            queue.rounds + count,
        )

    queue = _Queue(odds, worst, jnp.zeros(worst.shape, int), jnp.asarray(0))
    queue = jax.lax.while_loop(lambda queue: waiting(queue).any(), once, queue)
    return queue.odds, queue.rounds


def _run(crowd: Crowd, odds: Array, lane: Array, attempt: Array, idle: Array) -> tuple[Array, Array, Array]:
    """Run one batch; return log odds by track, whether they are a root, and the rounds used."""
    place = crowd.place[lane]
    first, weight = crowd.node.first[..., place], crowd.node.weight[..., place]
    node = Node(
        first[:, :, None],
        tuple(s[..., place][:, :, None] for s in crowd.node.slope),
        weight[:, None],
        crowd.node.levels,
    )
    prior, warm = crowd.prior[lane], crowd.warm[:, lane]
    single = attempt[0] == 0
    start = jnp.where(single, odds, _scattered(prior, warm, attempt))
    falls, near, rounds = _plan(attempt[0])

    def done(batch: _Batch) -> Array:
        arrived = idle | jnp.isfinite(batch.distance)
        group = jnp.repeat(arrived.reshape(-1, STARTS).any(axis=1), STARTS)
        return jnp.where(single, arrived, group)

    def unfinished(batch: _Batch) -> Array:
        return (batch.round < rounds) & ~done(batch).all()

    def once(batch: _Batch) -> _Batch:
        ramp = jnp.minimum(batch.round / jnp.maximum(falls, 1), 1.0) - 1
        scale = jnp.where(falls > 0, jnp.exp(np.log(HIGHEST) * ramp), 1.0).astype(odds.dtype)
        here = reply(node, batch.odds, prior, scale)
        worst = jnp.abs(here.gap).max(axis=0)
        turned = (batch.gap * here.gap < 0) & (worst > 0.5 * batch.worst)
        damping = jnp.where(turned, batch.damping / 2, jnp.minimum(1.0, 1.5 * batch.damping))
        root = (worst <= crowd.tolerance) & (scale == 1.0)
        fresh = root[0] & ~done(batch)
        distance = jnp.where(fresh, jnp.abs(batch.odds[:, 0] - warm).sum(axis=0), batch.distance)
        step = damping * newton_step(here, batch.odds, worst < near)
        return _Batch(
            jnp.where(root, batch.odds, batch.odds + step), here.gap, worst, damping, distance, batch.round + 1
        )

    wide = start[:, None]
    blank = jnp.full((1, TRACKS), jnp.inf, odds.dtype)
    batch = _Batch(wide, jnp.zeros_like(wide), blank, jnp.ones_like(wide), blank[0], jnp.asarray(0))
    batch = jax.lax.while_loop(unfinished, once, batch)
    group = batch.distance.reshape(-1, STARTS).argmin(axis=1) + jnp.arange(0, TRACKS, STARTS)
    best = jnp.where(single, jnp.arange(TRACKS), jnp.repeat(group, STARTS))
    arrived = jnp.isfinite(batch.distance[best])
    return jnp.where(arrived, batch.odds[:, 0, best], odds), arrived, batch.round


def _plan(attempt: Array) -> tuple[Array, Array, Array]:
    """Return by track the rounds of its fall and the gap from which it is exact; and the rounds of the batch."""
    late = jnp.maximum(attempt - 1, 0)
    falls = jnp.where(late > 0, jnp.asarray(LONG_FALLS) * late, jnp.where(attempt > 0, jnp.asarray(FALLS), 0))
    near = jnp.where(late > 0, jnp.where(jnp.arange(STARTS) % 2 > 0, NEAR / 10, NEAR), NEAR)
    near = jnp.where((attempt == 1) & (jnp.asarray(FLOWS) > 0), 0.0, near)
    rounds = jnp.where(late > 0, LONG_ROUNDS * late, jnp.where(attempt > 0, ROUNDS, FIRST_ROUNDS))
    return jnp.tile(falls, TRACKS // STARTS), jnp.tile(near, TRACKS // STARTS), rounds


def _scattered(prior: Array, warm: Array, attempt: Array) -> Array:
    """Return one start per track ``(actions, tracks)``."""
    actions = warm.shape[0]
    table = np.random.default_rng(SCATTER).standard_normal((ATTEMPTS, actions, STARTS)) * SPREAD
    kind = jnp.arange(TRACKS) % STARTS
    offset = jnp.asarray(table, warm.dtype)[attempt[0] - 1][:, kind]
    centre = jnp.where(jnp.asarray(POOLED)[kind] > 0, prior, warm)
    return jnp.clip(centre + offset, -EDGE, EDGE)
