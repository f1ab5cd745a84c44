"""All equilibria of signalling games: every root of the imbalance h(z), case by case.

h is computed on a grid of B's index z that is fine where chances are not extreme. A change of sign brackets a root;
where h turns back towards zero between two points of one sign, the turning point is found and the pair of roots it may
hide is bracketed too. Each bracket is closed by bisection and ended by Newton steps.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import jax
import jax.numpy as jnp
import numpy as np
from scipy.special import log_ndtr

from outlast.estimating.likelihood import in_blocks
from outlast.estimating.signalling import FAR, imbalance

EDGE = 1e6
"""Largest index, in absolute value. Beyond it a chance of B counts as 0 or 1."""
SEARCHES = 60
COARSE = 16
"""Nodes of the quadrature on the grid, where only the sign matters; brackets are closed with all of them."""


class Roots(NamedTuple):
    """The equilibria of many cases, in one row for each case and lowest index first.

    ``index`` is ``(cases, most)``, NaN beyond the last; ``slope`` is the slope of h there; ``count`` is ``(cases,)``.
    Where h has no root, ``count`` is 0 and ``index`` is the end of the grid that h approaches zero at or points to: A
    never challenges, or B's answer is certain. The slope is then infinite, since such an index does not move.
    """

    index: np.ndarray
    slope: np.ndarray
    count: np.ndarray


def index_grid() -> np.ndarray:
    """Return the grid of B's index: steps of a tenth within 6, growing to the edge."""
    middle = np.linspace(-6, 6, 121)
    outer = np.geomspace(6, EDGE, 24)[1:]
    return np.concatenate([-outer[::-1], middle, outer])


@jax.jit
def _on_grid(utilities: jax.Array, grid: jax.Array) -> jax.Array:
    return jax.vmap(jax.vmap(lambda u, z: imbalance(u, z, COARSE), (None, 0)), (0, None))(utilities, grid)


def _with_slope(utilities: jax.Array, z: jax.Array) -> tuple[jax.Array, jax.Array]:
    return jax.jvp(lambda at: imbalance(utilities, at), (z,), (jnp.ones_like(z),))


@jax.jit
def _closed(utilities: jax.Array, low: jax.Array, high: jax.Array, sign: jax.Array) -> tuple[jax.Array, jax.Array]:
    """Return the root of h in each bracket and the slope of h there; ``sign`` is that of h at the low end."""

    def one(u: jax.Array, low: jax.Array, high: jax.Array, sign: jax.Array) -> tuple[jax.Array, jax.Array]:
        def search(at: Any, state: tuple[jax.Array, ...]) -> tuple[jax.Array, ...]:
            lower, upper, z, _ = state
            value, slope = _with_slope(u, z)
            left = value * sign < 0
            lower, upper = jnp.where(left, lower, z), jnp.where(left, z, upper)
            newton = z - value / jnp.where(slope == 0, 1.0, slope)
            # Every third step halves the bracket, so that the end is certain; Newton steps make it exact.
            inside = (slope != 0) & (newton >= lower) & (newton <= upper) & (at % 3 > 0)
            return lower, upper, jnp.where(inside, newton, jnp.where(value == 0, z, (lower + upper) / 2)), slope

        middle = (low + high) / 2
        _, _, z, slope = jax.lax.fori_loop(0, SEARCHES, search, (low, high, middle, jnp.ones_like(middle)))
        return z, slope

    return jax.vmap(one)(utilities, low, high, sign)


@jax.jit
def _turned(utilities: jax.Array, low: jax.Array, high: jax.Array, sign: jax.Array) -> tuple[jax.Array, jax.Array]:
    """Return where h comes nearest to zero between two points of one ``sign``, and its value there."""

    def one(u: jax.Array, low: jax.Array, high: jax.Array, sign: jax.Array) -> tuple[jax.Array, jax.Array]:
        def halve(_: int, state: tuple[jax.Array, ...]) -> tuple[jax.Array, ...]:
            lower, upper = state[:2]
            z = (lower + upper) / 2
            value, slope = _with_slope(u, z)
            left = slope * sign > 0
            return jnp.where(left, lower, z), jnp.where(left, z, upper), z, value

        _, _, z, value = jax.lax.fori_loop(0, SEARCHES, halve, (low, high, low, jnp.ones_like(low)))
        return z, value

    return jax.vmap(one)(utilities, low, high, sign)


def all_roots(utilities: np.ndarray) -> Roots:
    """Return every equilibrium of each case; ``utilities`` is ``(cases, 7)`` in the order of ``UTILITIES``.

    Runs in double precision, which the caller switches on.
    """
    grid = index_grid()
    value = _without_corner(utilities, grid, in_blocks(lambda u: _on_grid(u, grid), utilities))
    case, low, high, sign = _brackets(utilities, grid, value)
    many = len(utilities)
    index, slope = in_blocks(_closed, utilities[case], low, high, sign) if len(case) else (np.zeros(0), np.zeros(0))
    order = np.lexsort((index, case))
    case, index, slope = case[order], index[order], slope[order]
    count = np.bincount(case, minlength=many)
    most = max(int(count.max(initial=0)), 1)
    place = np.arange(len(case)) - np.repeat(np.cumsum(count) - count, count)
    found, slopes = np.full((many, most), np.nan), np.full((many, most), np.nan)
    found[case, place], slopes[case, place] = index, slope
    lost = count == 0
    found[lost, 0], slopes[lost, 0] = np.where(value[lost, 0] > 0, -EDGE, EDGE), np.inf
    return Roots(found, slopes, count)


def _without_corner(utilities: np.ndarray, grid: np.ndarray, value: np.ndarray) -> np.ndarray:
    """Carry the first value with a cutoff below ``FAR`` down to all lower indices, so that no root is seen there.

    There B concedes so surely, and conceding is worth so little to A (S_A > V_A), that A never challenges.
    """
    s_a, v_a = utilities[:, :1], utilities[:, 1:2]
    beyond = v_a + (s_a - v_a) * np.exp(np.minimum(-log_ndtr(grid), 200.0)) > FAR
    first = np.minimum(beyond.sum(axis=1), len(grid) - 1)
    return np.where(beyond, value[np.arange(len(value)), first][:, None], value)


def _brackets(utilities: np.ndarray, grid: np.ndarray, value: np.ndarray) -> tuple[np.ndarray, ...]:
    """Return, for every root that could be seen, its case, the two ends of its interval and the sign at the low end."""
    sign = np.where(value >= 0, 1.0, -1.0)
    case, at = np.nonzero(sign[:, :-1] != sign[:, 1:])
    low, high, side = grid[at], grid[at + 1], sign[case, at]
    # A point nearer to zero than both its neighbours of the same sign may hide a pair of roots between them.
    size = np.abs(value)
    alike = (sign[:, :-2] == sign[:, 1:-1]) & (sign[:, 1:-1] == sign[:, 2:])
    dip = alike & (size[:, 1:-1] < size[:, :-2]) & (size[:, 1:-1] < size[:, 2:])
    turn, at = np.nonzero(dip)
    if len(turn):
        before, after, turned = grid[at], grid[at + 2], sign[turn, at]
        where, depth = in_blocks(_turned, utilities[turn], before, after, turned)
        pair = depth * turned <= 0
        case = np.concatenate([case, turn[pair], turn[pair]])
        low, high = np.concatenate([low, before[pair], where[pair]]), np.concatenate([high, where[pair], after[pair]])
        side = np.concatenate([side, turned[pair], -turned[pair]])
    return case, low, high, side
