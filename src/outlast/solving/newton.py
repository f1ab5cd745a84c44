"""Newton's method for a fixed point and the noise together, matrix-free.

The unknown is y = (x, tau): all values as one vector, and the logarithm of the noise scale. A point of a branch solves

    F(x, tau) = step(x, exp tau) - x = 0   and   <guide, y - aim> = 0,

the second line pinning the point down: with ``guide`` along tau the noise is given, with ``guide`` along the branch it
is free, so that the bordered system stays regular where the branch turns (Keller 1977). Newton's equation is solved by
GMRES (Saad & Schultz 1986), which needs the derivative of ``step`` in a direction only; a few unknowns are solved by
elimination.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any, NamedTuple

import jax
import jax.numpy as jnp
from jax.flatten_util import ravel_pytree
from jax.scipy.sparse.linalg import gmres
from jaxtyping import Array, Float

Step = Callable[[Any, Array, Any], Any]
"""``step(values, scale, data)``: values one round earlier. A function of a module, so that it is compiled once."""

HALVINGS = 8
"""Most times a Newton step is halved because the gap does not shrink."""
SHORTEST, LONGEST = 20, 200
"""Fewest and most directions that GMRES keeps before it restarts."""
PERTURBATION = 1e-7
"""Relative size of the change that a difference quotient looks at."""


class Method(NamedTuple):
    """How the linear equations of a Newton round are solved; every field is fixed when the solver is compiled.

    ``exact`` says whether ``step`` can be differentiated as it stands; a step that iterates inside until a tolerance is
    met cannot, and its derivative is then a difference quotient.
    """

    eliminate: int = 1000
    """Most unknowns for which the matrix is made and eliminated."""
    memory: int = 10**8
    """Numbers that GMRES may keep; how many directions before it restarts follows from it."""
    restarts: int = 6
    forcing: float = 1e-5
    """How exactly each linear equation is solved, relative to its right-hand side."""
    exact: bool = True


class Point(NamedTuple):
    """Where Newton's method ends, with proof: the gap |step(x) - x|, rounds taken, gap of the linear solves."""

    y: Float[Array, " unknowns"]
    gap: Array
    rounds: Array
    slack: Array
    """Largest relative residual of a linear equation: above one half, its direction cannot be trusted."""


def join(values: Any, tau: Array | float) -> Array:
    """Return values and the logarithm of the scale as one vector."""
    flat = ravel_pytree(values)[0]
    return jnp.append(flat, jnp.asarray(tau, flat.dtype))


def split(y: Array, like: Any) -> tuple[Any, Array]:
    """Return what ``join`` joined; ``like`` has the values' structure."""
    return ravel_pytree(like)[1](y[:-1]), y[-1]


def gap_of(step: Step, y: Array, like: Any, data: Any) -> Array:
    """Return F at a point."""
    values, tau = split(y, like)
    return ravel_pytree(step(values, jnp.exp(tau), data))[0] - y[:-1]


def derivative(step: Step, y: Array, like: Any, data: Any, method: Method) -> tuple[Array, Callable[[Array], Array]]:
    """Return F at a point and its derivative there as a function of a direction."""
    at = lambda z: gap_of(step, z, like, data)  # noqa: E731
    if method.exact:
        return jax.linearize(at, y)
    here = at(y)
    size = jnp.maximum(jnp.abs(y).max(), 1.0)

    def quotient(direction: Array) -> Array:
        length = jnp.maximum(jnp.linalg.norm(direction), 1e-300) / jnp.sqrt(direction.size)
        change = PERTURBATION * size / length
        return (at(y + change * direction) - at(y - change * direction)) / (2 * change)

    return here, quotient


def bordered(
    push: Callable[[Array], Array], guide: Array, right: Array, weight: Array, method: Method
) -> tuple[Array, Array]:
    """Solve push(d) = right[:-1], <guide, d> = right[-1]; return d and the relative residual that is left."""
    row = guide * weight
    size = jnp.linalg.norm(row)
    row, right = row / size, right.at[-1].divide(size)

    def system(direction: Array) -> Array:
        return jnp.append(push(direction), (row * direction).sum())

    if right.size - 1 <= method.eliminate:
        matrix = jax.vmap(system, out_axes=1)(jnp.eye(right.size, dtype=right.dtype))
        found = jnp.linalg.solve(matrix, right)
    else:
        found, _ = gmres(
            system,
            right,
            tol=method.forcing,
            atol=0.0,
            restart=min(LONGEST, right.size, max(SHORTEST, method.memory // right.size)),
            maxiter=method.restarts,
            solve_method="incremental",
        )
    size = jnp.maximum(jnp.linalg.norm(right), jnp.finfo(right.dtype).tiny)
    slack = jnp.linalg.norm(system(found) - right) / size
    good = jnp.isfinite(found).all()
    return jnp.where(good, found, 0.0), jnp.where(good, slack, jnp.inf)


class _State(NamedTuple):
    y: Array
    gap: Array
    rounds: Array
    slack: Array
    stuck: Array


@partial(jax.jit, static_argnames=("step", "method"))
def correct(
    step: Step,
    start: Array,
    problem: tuple[Any, Any],
    *,
    guide: tuple[Array, Array],
    tolerance: Array | float,
    method: Method,
    most: int | Array = 12,
) -> Point:
    """Follow Newton's method from ``start`` until the gap is within ``tolerance`` or nothing helps any more.

    Args:
        step: the map whose fixed point is wanted.
        start: where to begin, and the point that the result stays level with along ``guide``.
        problem: values of the right structure, of which only shapes are read, and the numbers for ``step``.
        guide: direction along which the point does not move, and the weights of the inner product.
        tolerance: largest gap, in the unit of the values.
        method: how the linear equations are solved.
        most: most rounds.
    """
    like, data = problem

    def measure(y: Array) -> Array:
        gap = jnp.abs(gap_of(step, y, like, data)).max()
        return jnp.where(jnp.isfinite(gap), gap, jnp.inf)

    def unfinished(state: _State) -> Array:
        return (state.rounds < most) & ~state.stuck & (state.gap > tolerance)

    def once(state: _State) -> _State:
        here, push = derivative(step, state.y, like, data, method)
        move, slack = bordered(push, guide[0], jnp.append(-here, 0.0), guide[1], method)

        def too_far(carry) -> Array:
            count, _, gap = carry
            return (count < HALVINGS) & ~(gap < (1 - 1e-4 * 0.5**count) * state.gap)

        def halve(carry):
            count, _, _ = carry
            y = state.y + 0.5 ** (count + 1) * move
            return count + 1, y, measure(y)

        first = state.y + move
        _, y, gap = jax.lax.while_loop(too_far, halve, (jnp.asarray(0), first, measure(first)))
        better = gap < state.gap
        return _State(
            jnp.where(better, y, state.y),
            jnp.where(better, gap, state.gap),
            state.rounds + 1,
            jnp.maximum(state.slack, slack),
            ~better,
        )

    none = jnp.zeros((), start.dtype)
    state = _State(start, measure(start), jnp.asarray(0), none, jnp.asarray(False))
    state = jax.lax.while_loop(unfinished, once, state)
    return Point(state.y, state.gap, state.rounds, state.slack)


@partial(jax.jit, static_argnames=("step", "method"))
def tangent(
    step: Step, y: Array, problem: tuple[Any, Any], *, guide: tuple[Array, Array], method: Method
) -> tuple[Array, Array]:
    """Return the direction of the branch at a point, of length one, on the side of ``guide``; and the solve's slack."""
    _, push = derivative(step, y, *problem, method)
    right = jnp.zeros_like(y).at[-1].set(1.0)
    found, slack = bordered(push, guide[0], right, guide[1], method)
    length = jnp.sqrt((guide[1] * found * found).sum())
    return found / jnp.maximum(length, jnp.finfo(y.dtype).tiny), slack
