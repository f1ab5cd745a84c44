"""The standing game of two countries between peace, crisis and war (Crisman-Cox & Gibilisco 2018), its equilibria.

In state s of {1 peace, 2 crisis, 3 war} both choose a level of {1, 2, 3} at once, and the next state is the larger.
With the other's chances P_j, discount d, and shocks of type-1 extreme value to every choice,

    v_i(a, s) = sum_b P_j(b | s) [u_i(a, b, s) + d W_i(max(a, b))],    W_i(s) = log sum_a exp v_i(a, s),
    P_i(a | s) = exp(v_i(a, s) - W_i(s)),
    u_i = x_i(s) + k_i(a) + c_s 1[a > 1, b > 1] + e_i 1[b >= s, a < s],

where x_i(1) = k_i(1) = 0 and e_i is the audience cost of backing down from s while the other does not. Values follow
the log-sum-exp convention without Euler's constant. An equilibrium is a zero of v -> right-hand side - v.
"""

from __future__ import annotations

from typing import NamedTuple

import jax
import jax.numpy as jnp
import numpy as np

from outlast.estimating.precision import precise

STATES = 3
NEWTON = 60
SMALLEST_STEP = 1e-3
APART = 1e-6
"""Largest difference of chances within which two equilibria count as one."""


class Standoff(NamedTuple):
    """The numbers of one pair of countries; leading axes are country, then state or level.

    ``states`` is x, ``(2, 3)`` with 0 in peace; ``levels`` is k, ``(2, 3)`` with 0 at level 1; ``contested`` is c,
    ``(3,)``; ``audience`` is e, ``(2,)``.
    """

    states: np.ndarray
    levels: np.ndarray
    contested: np.ndarray
    audience: np.ndarray
    discount: float = 0.9


class Standings(NamedTuple):
    """Equilibria found: chances ``(equilibria, 2, state, level)``, and the largest residual of each in values."""

    chances: np.ndarray
    residual: np.ndarray


def payoffs(standoff: Standoff) -> np.ndarray:
    """Return u, ``(country, own level, other's level, state)``."""
    level = np.arange(STATES)
    own, other, state = level[:, None, None], level[None, :, None], level[None, None, :]
    contest = np.asarray(standoff.contested)[None, None, :] * ((own > 0) & (other > 0))
    backing = (other >= state) & (own < state)
    parts = [
        np.asarray(standoff.states)[i][None, None, :]
        + np.asarray(standoff.levels)[i][:, None, None]
        + contest
        + standoff.audience[i] * backing
        for i in (0, 1)
    ]
    return np.stack([np.broadcast_to(part, (STATES, STATES, STATES)) for part in parts])


@jax.jit
def _gap(values: jax.Array, payoff: jax.Array, discount: jax.Array) -> jax.Array:
    """Return right-hand side minus v, with v of shape ``(country, level, state)``."""
    chances = jax.nn.softmax(values, axis=1)
    worth = jax.nn.logsumexp(values, axis=1)
    level = np.arange(STATES)
    later = worth[:, np.maximum(level[:, None], level[None, :])]  # (country, own, other)
    flow = payoff + discount * later[..., None]
    return jnp.einsum("ibs,iabs->ias", chances[::-1], flow) - values


@jax.jit
def _newton(values: jax.Array, payoff: jax.Array, discount: jax.Array) -> jax.Array:
    """Return v after damped Newton steps: each is halved until the gap shrinks."""
    shape = values.shape

    def gap(flat: jax.Array) -> jax.Array:
        return _gap(flat.reshape(shape), payoff, discount).ravel()

    def step(_: int, flat: jax.Array) -> jax.Array:
        here = gap(flat)
        move = jnp.linalg.solve(jax.jacfwd(gap)(flat), -here)
        lengths = 0.5 ** jnp.arange(11)
        sizes = jax.vmap(lambda length: jnp.abs(gap(flat + length * move)).max())(lengths)
        sizes = jnp.where(jnp.isfinite(sizes), sizes, jnp.inf)
        best = jnp.argmin(sizes)
        return jnp.where(sizes[best] < jnp.abs(here).max(), flat + lengths[best] * move, flat)

    return jax.lax.fori_loop(0, NEWTON, step, values.ravel()).reshape(shape)


def residual(standoff: Standoff, chances: np.ndarray) -> float:
    """Return by how much given chances miss equilibrium: the largest difference to the best replies to them.

    The values that go with the chances, ``(2, state, level)``, are found by iterating with the chances held fixed.
    """
    with precise():
        payoff, discount = jnp.asarray(payoffs(standoff)), jnp.asarray(standoff.discount)
        values = _values_at(jnp.asarray(chances).transpose(0, 2, 1), payoff, discount)
        return float(jnp.abs(jax.nn.softmax(values, axis=1).transpose(0, 2, 1) - chances).max())


@jax.jit
def _values_at(other: jax.Array, payoff: jax.Array, discount: jax.Array) -> jax.Array:
    """Return v of each country against the chances of the other, ``(country, level, state)``, a contraction."""
    level = np.arange(STATES)

    def improve(_: int, values: jax.Array) -> jax.Array:
        worth = jax.nn.logsumexp(values, axis=1)
        later = worth[:, np.maximum(level[:, None], level[None, :])]
        return jnp.einsum("ibs,iabs->ias", other[::-1], payoff + discount * later[..., None])

    return jax.lax.fori_loop(0, 600, improve, jnp.zeros_like(other))


def standings(standoff: Standoff, *, starts: int, generator: np.random.Generator, tolerance: float = 1e-9) -> Standings:
    """Return the distinct equilibria that Newton's method reaches from random starts: a lower bound on their number.

    Args:
        standoff: the pair of countries.
        starts: how many. Each draws chances from a flat distribution and begins at the values that go with them, and
            every second one is then spread out, so that extreme equilibria are found too.
        generator: where the starts come from.
        tolerance: largest gap, in values, of an equilibrium.
    """
    with precise():
        payoff, discount = jnp.asarray(payoffs(standoff)), jnp.asarray(standoff.discount)
        drawn = generator.dirichlet(np.ones(STATES), size=(starts, 2, STATES)).transpose(0, 1, 3, 2)
        drawn[1::2] = drawn[1::2] ** 8
        drawn /= drawn.sum(axis=2, keepdims=True)
        begun = jax.vmap(_values_at, (0, None, None))(jnp.asarray(drawn), payoff, discount)
        ended = jax.vmap(_newton, (0, None, None))(begun, payoff, discount)
        gaps = np.asarray(jnp.abs(jax.vmap(_gap, (0, None, None))(ended, payoff, discount)).max(axis=(1, 2, 3)))
        chances = np.asarray(jax.nn.softmax(ended, axis=2)).transpose(0, 1, 3, 2)
    kept: list[int] = []
    for at in np.flatnonzero(gaps < tolerance):
        if all(np.abs(chances[at] - chances[other]).max() > APART for other in kept):
            kept.append(int(at))
    order = sorted(kept, key=lambda at: -chances[at, :, 0, 0].sum())
    return Standings(chances[order], gaps[order])
