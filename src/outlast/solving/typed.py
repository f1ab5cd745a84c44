"""Choices of a player with a private type, and the public belief they create.

At belief b the two types choose sigma_0 and sigma_1 by logit; after action a the belief is Bayes' rule

    posterior(a) = b sigma_1(a) / (b sigma_1(a) + (1 - b) sigma_0(a)),

and each type's value of a is read at that posterior. Undamped best replies cycle here: a staller wants to look like a
settler, who wants to look unlike it. Nodes start where the months after point to, take a few Newton rounds together in
single precision, the few left over are finished apart, and all are polished. At the two ends of the belief levels
nothing moves the belief.
"""

from __future__ import annotations

from typing import NamedTuple

import jax
import jax.numpy as jnp
from jaxtyping import Array, Float

from outlast.solving.node import EDGE, Node, chances, log_odds, narrow, newton_step, node_of, reply
from outlast.solving.restarting import NEAR, Crowd, finish

ROUGH = 1e-3
"""Gap from which the polish arrives."""
FIRST_ROUNDS = 5
"""Most rounds that all nodes take together."""
SHARE = 64
"""They stop earlier when fewer than one in SHARE are left."""
POLISH = 5
"""Most rounds of a polish."""
TRIPS = 3
"""Most times that nodes a polish spoils are finished again."""
LONGEST_LEAP = 0.5
"""Largest change between two months, in log odds, that is taken to go on."""


class Start(NamedTuple):
    """Log odds of the posterior in the month after, and their change in that month; interior beliefs only."""

    odds: Array
    change: Array


class TypedChoice(NamedTuple):
    """Chance by type and posterior of each action, ``(actions, index, beliefs, cells)``, the next start, and proof."""

    start: Start
    settler: Array
    staller: Array
    posterior: Array
    """The belief at which values were read; the chances are exact logit replies to it."""
    bayes: Array
    """Largest distance of that belief from Bayes' rule on the chances."""
    residual: Array
    """The most that distance can move a value, in normalised value."""
    rounds: Array


def pooling(levels: Float[Array, " levels"], shape: tuple[int, ...]) -> Start:
    """Return the start at a posterior equal to the prior; ``shape`` is ``(actions, index, levels, cells)``."""
    prior = log_odds(levels[1:-1])[:, None].astype(jnp.float32)
    odds = jnp.broadcast_to(prior, (*shape[:-2], len(levels) - 2, shape[-1]))
    return Start(odds, jnp.zeros_like(odds))


def _together(node: Node, start: Array, prior: Array) -> tuple[Array, Array, Array]:
    """Take Newton rounds at all nodes; return log odds, the gap before the last round, rounds."""

    def unfinished(carry):
        _, worst, count = carry
        return (count < FIRST_ROUNDS) & ((worst > ROUGH).sum() > worst.size // SHARE)

    def once(carry):
        odds, _, count = carry
        here = reply(node, odds, prior)
        worst = jnp.abs(here.gap).max(axis=0)
        return odds + newton_step(here, odds, worst < NEAR), worst, count + 1

    blank = jnp.full(start.shape[1:], jnp.inf, start.dtype)
    return jax.lax.while_loop(unfinished, once, (start, blank, jnp.asarray(0)))


class _Polish(NamedTuple):
    """Log odds; there: Bayes' log odds, the largest gap, the chances, and the step due; rounds."""

    odds: Array
    target: Array
    worst: Array
    chance: tuple[Array, Array]
    step: Array
    rounds: Array


def _polished(node: Node, odds: Array, prior: Array, tolerance: float) -> _Polish:
    """Take exact Newton rounds at all nodes until none is above the tolerance."""

    def unfinished(state: _Polish):
        return (state.rounds < POLISH) & (state.worst > tolerance).any()

    def once(state: _Polish) -> _Polish:
        odds = state.odds + state.step
        here = reply(node, odds, prior)
        worst = jnp.abs(here.gap).max(axis=0)
        step = jnp.where((worst > tolerance) & (worst < NEAR), newton_step(here, odds, worst < NEAR), 0.0)
        return _Polish(odds, here.target, worst, here.chance, step, state.rounds + 1)

    blank, far = jnp.zeros_like(odds), jnp.full(odds.shape[1:], jnp.inf, odds.dtype)
    return jax.lax.while_loop(unfinished, once, _Polish(odds, blank, far, (blank, blank), blank, jnp.asarray(0)))


def _crowd(node: Node, warm: Array, prior: Array, tolerance: float) -> Crowd:
    actions, index, beliefs, cells = warm.shape
    weight = jnp.broadcast_to(node.weight, (actions, index, 1, cells))
    flat = lambda array: array.reshape(*array.shape[:-3], index * cells)  # noqa: E731
    small = Node(flat(node.first), tuple(flat(piece) for piece in node.slope), flat(weight), node.levels)
    lane = jnp.arange(index * beliefs * cells)
    every = jnp.broadcast_to(prior, (index, beliefs, cells)).reshape(-1)
    return Crowd(small, every, warm.reshape(actions, -1), lane // (beliefs * cells) * cells + lane % cells, tolerance)


def _solve(node: Node, start: Array, prior: Array, tolerance: float) -> _Polish:
    """Return the polished solution of all nodes; its rounds count those of every stage."""
    odds, worst, rounds = _together(narrow(node, jnp.float32), start, prior.astype(jnp.float32))
    crowd = _crowd(node, start.astype(prior.dtype), prior, tolerance)

    def unfinished(carry):
        state, trip = carry
        return (trip == 0) | ((trip < TRIPS) & (state.worst > tolerance).any())

    def once(carry):
        before, trip = carry
        odds, more = finish(crowd, before.odds.reshape(len(start), -1), before.worst.reshape(-1))
        state = _polished(node, odds.reshape(start.shape), prior, tolerance)
        return state._replace(rounds=before.rounds + more + state.rounds), trip + 1

    blank = jnp.zeros(start.shape, prior.dtype)
    left = jnp.where(worst > ROUGH, worst, 0).astype(prior.dtype)
    state = _Polish(odds.astype(prior.dtype), blank, left, (blank, blank), blank, rounds)
    return jax.lax.while_loop(unfinished, once, (state, jnp.asarray(0)))[0]


def choose(
    values: Float[Array, "2 actions index levels cells"],
    weight: Array,
    *,
    noise: Array,
    start: Start,
    levels: Float[Array, " levels"],
    tolerance: float,
) -> TypedChoice:
    """Solve typed nodes: equilibrium chances by type and the posterior they imply.

    Args:
        values: value of each action to the settler and the staller at each belief level.
        weight: log base weight of each action, broadcastable to ``(actions, index, 1, cells)``.
        noise: logit noise in normalised value.
        start: where the months after point to.
        levels: belief levels; at the first and the last nothing moves the belief.
        tolerance: largest gap left, in log odds.
    """
    ends = values[..., :: max(len(levels) - 1, 1), :]
    sides = [chances(ends[kind] / noise + weight)[0] for kind in (0, 1)]
    if len(levels) < 3:
        posterior = jnp.broadcast_to(levels[:, None], sides[0].shape)
        none = jnp.zeros((), values.dtype)
        return TypedChoice(start, sides[0], sides[1], posterior, none, none, jnp.asarray(0))
    node = node_of(values, weight, noise, levels)
    inside = levels[1:-1, None]
    leap = jnp.where(jnp.abs(start.change) < LONGEST_LEAP, start.change, 0)
    state = _solve(node, jnp.clip(start.odds + leap, -EDGE, EDGE), log_odds(inside), tolerance)
    chance = [
        jnp.concatenate([s[..., :1, :], c, s[..., 1:, :]], axis=-2) for s, c in zip(sides, state.chance, strict=True)
    ]
    belief = jax.nn.sigmoid(state.odds)
    error = jnp.abs(jax.nn.sigmoid(state.target) - belief)
    steepest = noise * jnp.stack([jnp.abs(piece).max(axis=0) for piece in node.slope]).max(axis=0)
    edge = jnp.ones_like(belief[..., :1, :])
    posterior = jnp.concatenate([levels[0] * edge, belief, levels[-1] * edge], axis=-2)
    odds = state.odds.astype(start.odds.dtype)
    fresh = Start(odds, odds - start.odds)
    return TypedChoice(fresh, chance[0], chance[1], posterior, error.max(), (error * steepest).max(), state.rounds)
