"""Choices of a player with a private type, and the public belief they create.

At belief b the two types choose sigma_0 and sigma_1 by logit; after action a the belief is Bayes' rule

    posterior(a) = b sigma_1(a) / (b sigma_1(a) + (1 - b) sigma_0(a)),

and each type's value of a is read at that posterior. Undamped best replies cycle here: a staller wants to look like a
settler, who wants to look unlike it. Nodes start from the month after, take a few Newton rounds together, and the few
left over are finished apart, if need be from many starts.
"""

from __future__ import annotations

from typing import NamedTuple

import jax
import jax.numpy as jnp
from jaxtyping import Array, Float

from outlast.solving.node import Node, gap, log_odds, log_sum, newton_step, read_odds, settled
from outlast.solving.restarting import restart

NEAR = 0.03
"""Residual below which the exact Jacobian is used in the first rounds."""
FIRST_ROUNDS = 5
"""Rounds that every node gets from its warm start; the few left over are collected and finished apart."""
MORE_ROUNDS = 30
"""Rounds for those left over, collected in batches of one in SHARE."""
SHARE = 16
FEW = 8
"""Batch of those that no Newton from the warm start solves."""


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


def _iterate(node: Node, start: Array, prior: Array, levels: Array, *, tolerance: float, rounds: int) -> tuple[Array, Array, Array]:
    """Take damped Newton rounds at many nodes together; return log odds, the residual before the last step, rounds."""

    def unfinished(carry):
        return (carry[-1] < rounds) & (carry[2].max() > tolerance)

    def once(carry):
        odds, last_gap, last_worst, damping, count = carry
        here, slope, chance = gap(node, odds, prior, levels)
        worst = jnp.abs(here).max(axis=0)
        step = newton_step(here, slope, chance, odds, worst < NEAR, 0.02)
        turned = (last_gap * here < 0) & (worst > 0.5 * last_worst)
        damping = jnp.where(turned, damping / 2, jnp.minimum(1.0, 1.5 * damping))
        return jnp.where(worst > tolerance, odds + damping * step, odds), here, worst, damping, count + 1

    fresh = (start, jnp.zeros_like(start), jnp.full(start.shape[1:], jnp.inf, start.dtype), jnp.ones_like(start), jnp.asarray(0))
    state = jax.lax.while_loop(unfinished, once, fresh)
    return state[0], state[2], state[-1]


class _Lanes(NamedTuple):
    """All nodes of a call on one axis, to collect some of them."""

    node: Node
    prior: Array
    beliefs: int
    cells: int

    def pick(self, lane: Array) -> tuple[Node, Array]:
        """Return the nodes at the given places."""
        place = lane // (self.beliefs * self.cells) * self.cells + lane % self.cells
        slope = tuple(piece[:, :, place] for piece in self.node.slope)
        return Node(self.node.first[:, :, place], slope, self.node.weight[:, place]), self.prior[lane]


def _lanes(node: Node, shape: tuple[int, ...], prior: Array) -> _Lanes:
    actions, index, beliefs, cells = shape
    flat = lambda array: array.reshape(2, actions, index * cells)  # noqa: E731
    weight = jnp.broadcast_to(node.weight, (actions, index, 1, cells)).reshape(actions, index * cells)
    every = jnp.broadcast_to(prior, (index, beliefs, cells)).reshape(-1)
    return _Lanes(Node(flat(node.first), tuple(flat(piece) for piece in node.slope), weight), every, beliefs, cells)


def _in_batches(odds: Array, left: Array, size: int, solve) -> tuple[Array, Array, Array]:
    """Solve the nodes marked in ``left``, ``size`` at a time; return log odds, nodes still unsolved, rounds."""

    def unfinished(carry):
        return carry[1].any()

    def batch(carry):
        odds, left, after, rounds = carry
        (lane,) = jnp.nonzero(left, size=size, fill_value=left.shape[0])
        solved, failed, count = solve(jnp.minimum(lane, left.shape[0] - 1), odds.at[:, lane].get(mode="clip"))
        odds = odds.at[:, lane].set(solved, mode="drop")
        return odds, left.at[lane].set(False, mode="drop"), after.at[lane].set(failed, mode="drop"), jnp.maximum(rounds, count)

    odds, _, after, rounds = jax.lax.while_loop(unfinished, batch, (odds, left, jnp.zeros_like(left), jnp.asarray(0)))
    return odds, after, rounds


def _finish(node: Node, odds: Array, worst: Array, prior: Array, levels: Array, tolerance: float) -> tuple[Array, Array]:
    """Finish the nodes left over: more rounds for some, then many starts at once for the last few."""
    shape = odds.shape
    lanes = _lanes(node, shape, prior)
    count = odds.size // shape[0]
    flat, left = odds.reshape(shape[0], count), (worst > tolerance).reshape(count)

    def rounds_more(lane, start):
        small, own = lanes.pick(lane)
        solved, residual, rounds = _iterate(small, start, own, levels, tolerance=tolerance, rounds=MORE_ROUNDS)
        return solved, residual > tolerance, rounds

    def from_many(lane, start):
        small, own = lanes.pick(lane)
        solved, rounds = restart(small, start, own, levels, tolerance)
        return solved, jnp.zeros(lane.shape, bool), rounds

    flat, left, first = _in_batches(flat, left, min(count, max(32, count // SHARE)), rounds_more)
    flat, _, last = _in_batches(flat, left, min(count, FEW), from_many)
    return flat.reshape(shape), jnp.maximum(first, last)


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
        scaled[..., :1, :],
        tuple((scaled[..., i + 1 : i + 2, :] - scaled[..., i : i + 1, :]) / (levels[i + 1] - levels[i]) for i in range(len(levels) - 1)),
        weight,
    )
    odds, worst, _ = _iterate(node, start, prior, levels, tolerance=tolerance, rounds=FIRST_ROUNDS)
    odds, rounds = _finish(node, odds, worst, prior, levels, tolerance)
    z, _ = read_odds(node, odds, prior, levels)
    z = z + weight
    log_chance = z - log_sum(z)
    belief = jnp.where(settled(prior), prior, jax.nn.sigmoid(odds))
    by_rule = jnp.where(settled(prior), prior, jax.nn.sigmoid(log_odds(prior) + log_chance[1] - log_chance[0]))
    error = jnp.abs(by_rule - belief)
    steepest = noise * jnp.stack([jnp.abs(piece).max(axis=0) for piece in node.slope]).max(axis=0)
    chance = jnp.exp(log_chance)
    return TypedChoice(odds, chance[0], chance[1], belief, error.max(), (error * steepest).max(), rounds)
