"""Derivatives through a stationary solution, by the implicit function theorem.

Values that solve x = T(x, data) move with the data by (1 - dT/dx)⁻¹ dT/ddata, however they were found. One linear
equation with the transposed matrix gives the derivatives of an answer with respect to every number at once:

    (1 - dT/dx)' w = da/dx,      da = (da/ddata + (dT/ddata)' w) ddata.

Where the branch of solutions turns, or another meets it, the matrix is singular and there is no derivative.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import equinox as eqx
import jax
import jax.numpy as jnp
import numpy as np
from jax.flatten_util import ravel_pytree
from jax.scipy.sparse.linalg import gmres

from outlast.game.explicit import ExplicitGame
from outlast.solving.explicit import ExplicitSolution
from outlast.solving.explicit_map import Choices, choices, layout_of, move_once, order_of
from outlast.solving.newton import LONGEST, SHORTEST, Method, Step
from outlast.solving.solution import precise, to_device

FORCING = 1e-10
"""How exactly the transposed equation is solved, relative to its right-hand side."""
WORST = 1e-6
"""Relative residual of the transposed equation above which derivatives are refused."""

Reading = Callable[[Any, Any], Any]
"""``reading(values, data)``: a number that depends on values and data."""


class NoDerivative(ArithmeticError):
    """The equation behind a derivative could not be solved: the solution is at a turn, or where branches meet."""


@dataclass(frozen=True)
class ExplicitDerivatives:
    """Derivatives of one answer with respect to the numbers of an explicit game, in the game's own order."""

    game: ExplicitGame
    pay: np.ndarray = field(repr=False)
    """``(accounts, rows)``."""
    noise: np.ndarray = field(repr=False)
    """``(states,)``; 0 where there is nothing to choose."""
    discount: np.ndarray = field(repr=False)
    """``(accounts, states)``."""
    value: np.ndarray = field(repr=False)
    """``(accounts, states)``, of the values at ends; 0 elsewhere."""
    slack: float
    """Relative residual of the linear equation."""


def slopes_of(
    step: Step, reading: Reading, values: Any, data: Any, *, scale: float = 1.0, method: Method | None = None
) -> tuple[Any, float]:
    """Return derivatives of ``reading`` at a fixed point with respect to the data, and the equation's slack.

    Args:
        step: ``step(values, scale, data)``, whose fixed point ``values`` are; differentiable as it stands.
        reading: ``reading(values, data)``, the answer.
        values: the fixed point, in double precision.
        data: numbers for both; derivatives have its structure, None where it holds no floating-point numbers.
        scale: what multiplies every noise.
        method: how many unknowns are eliminated, and the memory of the iteration for more of them.
    """
    method = method or Method()
    if not method.exact:
        raise ValueError("a step that iterates inside cannot be differentiated as it stands")
    found, slack = _slopes(step, reading, values, data, jnp.asarray(scale), method)
    if not float(slack) <= WORST:
        raise NoDerivative(
            f"the equation behind the derivatives is left with a residual of {float(slack):.0e}: the solution is at a "
            "turn of its branch or where branches meet; move a number a little"
        )
    return found, float(slack)


@eqx.filter_jit
def _slopes(step: Step, reading: Reading, values: Any, data: Any, scale: Any, method: Method) -> tuple[Any, Any]:
    numbers, rest = eqx.partition(data, eqx.is_inexact_array)
    flat, shaped = ravel_pytree(values)

    def ahead(x: Any, moving: Any) -> Any:
        return ravel_pytree(step(shaped(x), scale, eqx.combine(moving, rest)))[0]

    right, direct = jax.grad(lambda x, moving: reading(shaped(x), eqx.combine(moving, rest)), argnums=(0, 1))(
        flat, numbers
    )
    _, back = jax.vjp(ahead, flat, numbers)
    system = lambda weight: weight - back(weight)[0]  # noqa: E731
    if flat.size <= method.eliminate:
        matrix = jax.vmap(system, out_axes=1)(jnp.eye(flat.size, dtype=flat.dtype))
        weight = jnp.linalg.solve(matrix, right)
    else:
        room = min(LONGEST, flat.size, max(SHORTEST, method.memory // flat.size))
        weight, _ = gmres(system, right, tol=FORCING, atol=0.0, restart=room, maxiter=10 * method.restarts)
    size = jnp.maximum(jnp.linalg.norm(right), jnp.finfo(flat.dtype).tiny)
    slack = jnp.linalg.norm(system(weight) - right) / size
    slack = jnp.where(jnp.isfinite(weight).all(), slack, jnp.inf)
    return jax.tree.map(jnp.add, direct, back(weight)[1]), slack


def _move(values: Any, scale: Any, data: Any) -> Any:
    return move_once(values, scale, data[0])


def _weighed(values: Any, data: Any) -> Any:
    """Return values and chances, weighed."""
    layout, weights, on_chances = data
    found: Choices = choices(values, jnp.asarray(1.0), layout)
    chosen = sum((w * c).sum() for w, c in zip(on_chances, found.chances, strict=True))
    return (weights * values).sum() + chosen


def explicit_derivatives(
    solution: ExplicitSolution,
    *,
    value: np.ndarray | None = None,
    chance: np.ndarray | None = None,
    method: Method | None = None,
) -> ExplicitDerivatives:
    """Return derivatives of an answer about a solved explicit game with respect to all its numbers.

    Args:
        solution: a solution of a game without a private type.
        value: weights of the values in the answer, ``(accounts, states)``; none when None.
        chance: weights of the chances, ``(rows,)``; none when None.
        method: how the linear equation is solved.

    Returns:
        The derivatives, in the game's own order. Raises ``NoDerivative`` where there are none.
    """
    game = solution.game
    layout = layout_of(game, solution.convention)
    order, live = order_of(game), int((game.counts > 0).sum())
    states = [np.flatnonzero(game.counts == size) for size in np.unique(game.counts[game.counts > 0])]
    rows = [game.first[own] + np.arange(game.counts[own][0])[:, None] for own in states]
    on_values = np.zeros(solution.values.shape) if value is None else np.asarray(value, dtype=float)
    on_chances = np.zeros(len(solution.chances)) if chance is None else np.asarray(chance, dtype=float)
    with precise():
        data = to_device((layout, on_values[:, order[:live]], tuple(on_chances[at] for at in rows)))
        values = jnp.asarray(solution.values[:, order[:live]])
        found, slack = slopes_of(_move, _weighed, values, data, method=method)
    slopes = found[0]
    accounts = len(solution.values)
    pay, discount = np.zeros((accounts, len(solution.chances))), np.zeros(solution.values.shape)
    noise, ends = np.zeros(game.states), on_values * (game.counts == 0)
    for own, at, block in zip(states, rows, slopes.blocks, strict=True):
        pay[:, at] = np.asarray(block.pay)
        discount[:, own] = np.asarray(block.discount)
        noise[own] = np.where(game.counts[own] > 1, np.asarray(block.noise), 0.0)
    ends[:, game.counts == 0] += np.asarray(slopes.ends)
    return ExplicitDerivatives(game, pay, noise, discount, ends, slack)
