"""One typed node: the gap of its fixed point, and a Newton step.

In the log odds m(a) of the posterior after action a, equilibrium is

    F(m) = logit b + [z_1 - lse z_1](a) - [z_0 - lse z_0](a) - m(a) = 0,   z = value / noise at posterior(a).

The Jacobian is a diagonal minus a matrix of rank one, so a Newton step costs as much as an evaluation (Sherman &
Morrison 1950). Far from a root the diagonal is reflected, which turns the step into one along the flow of F.
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


class Node(NamedTuple):
    """Value over noise at the lowest belief, slopes per belief interval, log weight: ``(2, actions, index, 1, cells)``."""

    first: Array
    slope: tuple[Array, ...]
    weight: Array


def read_odds(node: Node, odds: Array, prior: Array, levels: Array) -> tuple[Array, Array]:
    """Return z without its weight, and its slope in the log odds; nothing moves a prior of 0 or 1."""
    belief = jnp.where(settled(prior), prior, jax.nn.sigmoid(odds))
    value, here = node.first, jnp.zeros_like(belief)
    for i, piece in enumerate(node.slope):
        offset = belief - levels[i]
        value = value + piece * jnp.clip(offset, 0, levels[i + 1] - levels[i])
        here = jnp.where(offset >= 0, piece, here)
    return value, here * (belief * (1 - belief))


def log_sum(z: Array) -> Array:
    """Return log-sum-exp over actions, ``(2, 1, ...)``."""
    top = z.max(axis=1, keepdims=True)
    return top + jnp.log(jnp.exp(z - top).sum(axis=1, keepdims=True))


def settled(prior: Array) -> Array:
    """Return where the prior is certain."""
    return (prior <= 0) | (prior >= 1)


def gap(node: Node, odds: Array, prior: Array, levels: Array, scale: Array | float = 1.0) -> tuple[Array, Array, Array]:
    """Return F, the slopes of z by type, and the chances by type; ``scale`` is the target noise over the noise used."""
    z, slope = read_odds(node, odds, prior, levels)
    z = scale * z + node.weight
    log_chance = z - log_sum(z)
    target = log_odds(prior) + log_chance[1] - log_chance[0]
    target = jnp.where(settled(prior), jnp.sign(prior - 0.5) * EDGE, jnp.clip(target, -EDGE, EDGE))
    return target - odds, scale * slope, jnp.exp(log_chance)


def newton_step(gap: Array, slope: Array, chance: Array, odds: Array, exact: Array, least: float) -> Array:
    """Return the step along the exact Jacobian where ``exact``, along the flow of F elsewhere."""
    free = (jnp.abs(odds + gap) < EDGE).astype(odds.dtype)
    stiff = 1 - (slope[1] - slope[0]) * free
    pull = chance[1] * slope[1] - chance[0] * slope[0]
    diagonal = jnp.where(exact, _apart(stiff, least), jnp.maximum(jnp.abs(stiff), 0.05))
    coupling = 1 + (pull * free / diagonal).sum(axis=0)
    coupling = jnp.where(exact, _apart(coupling, least), jnp.maximum(coupling, 0.2))
    step = gap / diagonal - (pull * gap / diagonal).sum(axis=0) / coupling * free / diagonal
    return jnp.clip(step, -LONGEST_STEP, LONGEST_STEP)


def _apart(value: Array, least: float) -> Array:
    return jnp.where(jnp.abs(value) < least, jnp.where(value < 0, -least, least), value)


def log_odds(prior: Array) -> Array:
    """Return log odds of a belief, finite at 0 and 1."""
    inside = jnp.clip(prior, 1e-30, 1 - 1e-7)
    return jnp.log(inside) - jnp.log1p(-inside)


def pooling(prior: Float[Array, "beliefs 1"], shape: tuple[int, ...], dtype) -> Array:
    """Return the log odds of a posterior equal to the prior, for every action."""
    return jnp.broadcast_to(jnp.clip(log_odds(prior), -EDGE, EDGE), shape).astype(dtype)
