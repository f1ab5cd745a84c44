"""One typed node: the gap of its fixed point, and a Newton step.

In the log odds m(a) of the posterior after action a, equilibrium is

    F(m) = logit b + [z_1 - lse z_1](a) - [z_0 - lse z_0](a) - m(a) = 0,   z = value / noise at posterior(a).

The Jacobian is a diagonal minus a matrix of rank one, so a Newton step costs as much as an evaluation (Sherman &
Morrison 1950). Far from a root the diagonal is reflected, which turns the step into one along the flow of F.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import jax
import jax.numpy as jnp
from jaxtyping import Array, Float

EDGE = 16.0
"""Bound on the posterior's log odds: beliefs within 1.2e-7 of certainty are read as certain."""
LONGEST_STEP = 3.0
"""Cap on a step in log odds: beyond it the piecewise linear values change slope too often to trust the step."""
LEAST = 0.005
"""Smallest pivot of an exact step."""


class Node(NamedTuple):
    """Value over noise as a function of the posterior: start, slopes per belief interval, log weight.

    ``first`` and each of ``slope`` have shape ``(2, actions, *lead, 1, cells)``, ``weight`` the same without types.
    """

    first: Array
    slope: tuple[Array, ...]
    weight: Array
    levels: Float[Array, " levels"]


class Reply(NamedTuple):
    """The two types' logit reply to a posterior: Bayes' log odds, the gap to them, slope of z and chance by type."""

    target: Array
    gap: Array
    slope: tuple[Array, Array]
    chance: tuple[Array, Array]


def node_of(values: Float[Array, "2 actions *lead levels cells"], weight: Array, noise: Array, levels: Array) -> Node:
    """Return the node of the given values; each type's are centred, which moves no choice and saves digits."""
    scaled = values / noise
    first = scaled[..., :1, :]
    steps = range(len(levels) - 1)
    slope = tuple(
        (scaled[..., i + 1 : i + 2, :] - scaled[..., i : i + 1, :]) / (levels[i + 1] - levels[i]) for i in steps
    )
    return Node(first - first.mean(axis=1, keepdims=True), slope, weight, levels)


def narrow(node: Node, dtype: Any) -> Node:
    """Return the node at another float width."""
    slope = tuple(piece.astype(dtype) for piece in node.slope)
    return Node(node.first.astype(dtype), slope, node.weight.astype(dtype), jnp.asarray(node.levels, dtype))


def _values(node: Node, belief: Array, kind: int) -> tuple[Array, Array]:
    """Return z of one type without its weight, and its slope in the posterior."""
    z, here = node.first[kind], jnp.zeros_like(belief)
    for i, piece in enumerate(node.slope):
        offset = belief - node.levels[i]
        z = z + piece[kind] * jnp.clip(offset, 0, node.levels[i + 1] - node.levels[i])
        here = jnp.where(offset >= 0, piece[kind], here)
    return z, here


def chances(z: Array) -> tuple[Array, Array]:
    """Return logit chances and log-sum-exp over actions, the leading axis."""
    top = z.max(axis=0)
    grown = jnp.exp(z - top)
    total = grown.sum(axis=0)
    return grown / total, top + jnp.log(total)


def reply(node: Node, odds: Array, prior: Array, scale: Array | float = 1.0) -> Reply:
    """Return the reply to log odds ``odds`` at log odds ``prior``; ``scale`` is target noise over noise used."""
    belief = jax.nn.sigmoid(odds)
    spread = belief * (1 - belief)
    target, slope, chance = prior, [], []
    for kind, sign in ((1, 1), (0, -1)):
        z, here = _values(node, belief, kind)
        z = scale * z
        share, total = chances(z + node.weight)
        target = target + sign * (z - total)
        slope.append(scale * here * spread)
        chance.append(share)
    return Reply(target, jnp.clip(target, -EDGE, EDGE) - odds, tuple(slope[::-1]), tuple(chance[::-1]))


def newton_step(reply: Reply, odds: Array, exact: Array) -> Array:
    """Return the step along the exact Jacobian where ``exact``, along the flow of F elsewhere."""
    _, gap, (slope0, slope1), (chance0, chance1) = reply
    free = (jnp.abs(odds + gap) < EDGE).astype(odds.dtype)
    stiff = 1 - (slope1 - slope0) * free
    pull = chance1 * slope1 - chance0 * slope0
    inverse = 1 / jnp.where(exact, _apart(stiff), jnp.maximum(jnp.abs(stiff), 0.05))
    coupling = 1 + (pull * free * inverse).sum(axis=0)
    coupling = jnp.where(exact, _apart(coupling), jnp.maximum(coupling, 0.2))
    back = (pull * gap * inverse).sum(axis=0) / coupling
    return jnp.clip((gap - back * free) * inverse, -LONGEST_STEP, LONGEST_STEP)


def _apart(value: Array) -> Array:
    return jnp.where(jnp.abs(value) < LEAST, jnp.where(value < 0, -LEAST, LEAST), value)


def log_odds(prior: Array) -> Array:
    """Return log odds of a belief."""
    return jnp.log(prior) - jnp.log1p(-prior)
