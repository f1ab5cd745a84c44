"""Choices of a player with a private type, and the public belief they create.

At belief b the two types choose sigma_0 and sigma_1 by logit; after action a the belief is Bayes' rule

    posterior(a) = b sigma_1(a) / (b sigma_1(a) + (1 - b) sigma_0(a)),

and each type's value of a is read at that posterior. In the posterior's log odds m(a) this is the fixed point

    F(m) = logit b + [z_1 - lse z_1](a) - [z_0 - lse z_0](a) - m(a) = 0,   z = value / noise at posterior(a).

Undamped best replies cycle here: a staller wants to look like a settler, who wants to look unlike it. The Jacobian is a
diagonal minus a matrix of rank one, so a Newton step costs as much as an evaluation (Sherman & Morrison 1950). Far from
a root the diagonal is reflected, which turns the step into one along the flow of F; near a root it is exact.
"""

from __future__ import annotations

from typing import NamedTuple

import jax
import jax.numpy as jnp
from jaxtyping import Array, Float

EDGE = 14.0
"""Bound on the posterior's log odds: beliefs within 1e-6 of certainty are read as certain."""
LONGEST_STEP = 3.0
"""Cap on a step in log odds: beyond it the piecewise linear values change slope too often to trust the step."""
NEAR = 0.03
"""Residual below which the exact Jacobian is used, in the first rounds from a warm start."""
BAND = 60
"""Rounds after which damping is reset: a node that cycled at one damping is let go at full step again."""
BANDS = 8
"""The first band continues the warm start; the second starts again from pooling and uses the flow alone."""
FIRST_ROUNDS = 5
"""Rounds that every node gets; the few left over are collected and finished apart."""
SHARE = 16
"""One in so many nodes fits the collected batch."""


class Node(NamedTuple):
    """Value over noise plus log weight at the lowest belief, and slopes per belief interval: ``(2, actions, index, 1, cells)``."""

    first: Array
    slope: tuple[Array, ...]


class TypedChoice(NamedTuple):
    """Log odds, chance by type and posterior of each action, ``(actions, index, beliefs, cells)``, and evidence."""

    odds: Array
    settler: Array
    staller: Array
    posterior: Array
    """The belief at which values were read; the chances are exact logit replies to it."""
    bayes: Array
    """Largest distance of that belief from Bayes' rule on the chances."""
    residual: Array
    """The most that distance can move a value, in normalised value."""
    rounds: Array


def _read(node: Node, odds: Array, settled: Array, fixed: Array, levels: Array) -> tuple[Array, Array]:
    """Return z and its slope in the log odds; ``settled`` marks beliefs of 0 and 1, which nothing moves."""
    belief = jnp.where(settled, fixed, jax.nn.sigmoid(odds))
    value, here = node.first, jnp.zeros_like(belief)
    for i, piece in enumerate(node.slope):
        offset = belief - levels[i]
        value = value + piece * jnp.clip(offset, 0, levels[i + 1] - levels[i])
        here = jnp.where(offset >= 0, piece, here)
    return value, here * (belief * (1 - belief))


def _log_sum(z: Array) -> Array:
    top = z.max(axis=1, keepdims=True)
    return top + jnp.log(jnp.exp(z - top).sum(axis=1, keepdims=True))


def _gap(node: Node, odds: Array, prior: Array, levels: Array) -> tuple[Array, Array, Array]:
    """Return F, the slopes of z by type, and the chances by type."""
    settled = (prior <= 0) | (prior >= 1)
    z, slope = _read(node, odds, settled, prior, levels)
    log_chance = z - _log_sum(z)
    target = _odds(prior) + log_chance[1] - log_chance[0]
    target = jnp.where(settled, jnp.sign(prior - 0.5) * EDGE, jnp.clip(target, -EDGE, EDGE))
    return target - odds, slope, jnp.exp(log_chance)


def _odds(prior: Array) -> Array:
    inside = jnp.clip(prior, 1e-30, 1 - 1e-7)
    return jnp.log(inside) - jnp.log1p(-inside)


def _improve(node: Node, prior: Array, levels: Array, tolerance: float, near: Array, state: tuple) -> tuple:
    """Take one damped step at every node that is not yet solved. ``state`` is (odds, gap, worst, damping)."""
    odds, last_gap, last_worst, damping = state
    gap, slope, chance = _gap(node, odds, prior, levels)
    worst = jnp.abs(gap).max(axis=0)
    free = (jnp.abs(odds + gap) < EDGE).astype(odds.dtype)
    exact = worst < near
    stiff = 1 - (slope[1] - slope[0]) * free
    pull = chance[1] * slope[1] - chance[0] * slope[0]
    true = jnp.where(jnp.abs(stiff) < 0.02, jnp.where(stiff < 0, -0.02, 0.02), stiff)
    diagonal = jnp.where(exact, true, jnp.maximum(jnp.abs(stiff), 0.05))
    coupling = 1 + (pull * free / diagonal).sum(axis=0)
    signed = jnp.where(jnp.abs(coupling) < 0.02, jnp.where(coupling < 0, -0.02, 0.02), coupling)
    coupling = jnp.where(exact, signed, jnp.maximum(coupling, 0.2))
    step = gap / diagonal - (pull * gap / diagonal).sum(axis=0) / coupling * free / diagonal
    step = jnp.clip(step, -LONGEST_STEP, LONGEST_STEP)
    turned = (last_gap * gap < 0) & (worst > 0.5 * last_worst)
    damping = jnp.where(turned, damping / 2, jnp.minimum(1.0, 1.5 * damping))
    odds = jnp.where(worst > tolerance, odds + damping * step, odds)
    return odds, gap, worst, damping


def _fresh(odds: Array) -> tuple:
    return odds, jnp.zeros_like(odds), jnp.full(odds.shape[1:], jnp.inf, odds.dtype), jnp.ones_like(odds)


def _first_rounds(node: Node, start: Array, prior: Array, levels: Array, tolerance: float) -> tuple[Array, Array]:
    """Take the rounds that every node gets; return log odds and the residual before the last step."""

    def unfinished(carry):
        state, count = carry
        return (count < FIRST_ROUNDS) & (state[2].max() > tolerance)

    def once(carry):
        state, count = carry
        return _improve(node, prior, levels, tolerance, jnp.asarray(NEAR), state), count + 1

    (state, _) = jax.lax.while_loop(unfinished, once, (_fresh(start), 0))
    return state[0], state[2]


def _last_rounds(node: Node, start: Array, prior: Array, levels: Array, tolerance: float) -> tuple[Array, Array]:
    """Iterate a batch of nodes through all bands until every one is solved; return log odds and rounds."""
    pooled = pooling(prior, start.shape, start.dtype)

    def unfinished(carry):
        state, count = carry
        return (count < BAND * BANDS) & (state[2].max() > tolerance)

    def once(carry):
        (odds, gap, worst, damping), count = carry
        reset = (count > 0) & (count % BAND == 0)
        again = (count == BAND) & (worst > tolerance)
        state = (
            jnp.where(again, pooled, odds),
            jnp.where(reset, 0.0, gap),
            jnp.where(reset & (worst > tolerance), jnp.inf, worst),
            jnp.where(reset, 1.0, damping),
        )
        near = jnp.where(count < BAND, NEAR, 0.0)
        return _improve(node, prior, levels, tolerance, near, state), count + 1

    state, count = jax.lax.while_loop(unfinished, once, (_fresh(start), 0))
    return state[0], count


def _finish(node: Node, odds: Array, worst: Array, prior: Array, levels: Array, tolerance: float) -> tuple[Array, Array]:
    """Finish the unsolved nodes in collected batches of fixed size, each batch until solved or out of rounds."""
    actions, index, beliefs, cells = odds.shape
    lanes = index * beliefs * cells
    size = min(lanes, max(32, lanes // SHARE))
    flat_prior = jnp.broadcast_to(prior, (index, beliefs, cells)).reshape(lanes)
    flat_first = node.first.reshape(2, actions, index * cells)
    flat_slope = [piece.reshape(2, actions, index * cells) for piece in node.slope]

    def unfinished(carry):
        return carry[1].any()

    def batch(carry):
        odds, open_lanes, rounds = carry
        (lane,) = jnp.nonzero(open_lanes, size=size, fill_value=0)
        place = lane // (beliefs * cells) * cells + lane % cells
        small = Node(flat_first[:, :, place], tuple(piece[:, :, place] for piece in flat_slope))
        solved, count = _last_rounds(small, odds[:, lane], flat_prior[lane], levels, tolerance)
        return odds.at[:, lane].set(solved), open_lanes.at[lane].set(False), jnp.maximum(rounds, count)

    state = (odds.reshape(actions, lanes), (worst > tolerance).reshape(lanes), jnp.asarray(0))
    odds, _, rounds = jax.lax.while_loop(unfinished, batch, state)
    return odds.reshape(actions, index, beliefs, cells), rounds


def choose(
    values: Float[Array, "2 actions index levels cells"],
    weight: Array,
    *,
    noise: Array,
    start: Float[Array, "actions index beliefs cells"],
    prior: Float[Array, "beliefs 1"],
    levels: Float[Array, " levels"],
    tolerance: float,
) -> TypedChoice:
    """Solve typed nodes: equilibrium chances by type and the posterior they imply.

    Args:
        values: value of each action to the settler and the staller at each belief level.
        weight: log base weight of each action, broadcastable to ``(actions, index, 1, cells)``.
        noise: logit noise in normalised value.
        start: log odds of the posterior to start from; pooling is ``logit(prior)``.
        prior: belief levels as a column.
        levels: belief levels.
        tolerance: largest gap left, in log odds.
    """
    scaled = values / noise
    node = Node(
        scaled[..., :1, :] + weight,
        tuple((scaled[..., i + 1 : i + 2, :] - scaled[..., i : i + 1, :]) / (levels[i + 1] - levels[i]) for i in range(len(levels) - 1)),
    )
    odds, worst = _first_rounds(node, start, prior, levels, tolerance)
    odds, rounds = _finish(node, odds, worst, prior, levels, tolerance)
    settled = (prior <= 0) | (prior >= 1)
    z, _ = _read(node, odds, settled, prior, levels)
    log_chance = z - _log_sum(z)
    belief = jnp.where(settled, prior, jax.nn.sigmoid(odds))
    by_rule = jnp.where(settled, prior, jax.nn.sigmoid(_odds(prior) + log_chance[1] - log_chance[0]))
    gap = jnp.abs(by_rule - belief)
    steepest = noise * jnp.stack([jnp.abs(piece).max(axis=0) for piece in node.slope]).max(axis=0)
    chance = jnp.exp(log_chance)
    return TypedChoice(odds, chance[0], chance[1], belief, gap.max(), (gap * steepest).max(), rounds)


def pooling(prior: Float[Array, "beliefs 1"], shape: tuple[int, ...], dtype) -> Array:
    """Return the log odds of a posterior equal to the prior, for every action."""
    return jnp.broadcast_to(jnp.clip(_odds(prior), -EDGE, EDGE), shape).astype(dtype)
