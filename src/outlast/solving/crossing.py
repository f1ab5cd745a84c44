"""Where branches of fixed points meet: the real eigenvalues of the map's derivative that have passed one.

The derivative of ``step(x) - x`` is singular where a real eigenvalue of the derivative of ``step`` is one. Their number
above one therefore changes where branches cross or turn, and nowhere else.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
from scipy.sparse.linalg import ArpackError, ArpackNoConvergence, LinearOperator, eigs

from outlast.solving.newton import Method, Step, derivative

WHOLE = 1000
"""Most unknowns for which all eigenvalues are computed."""
ASKED = 4
"""Rightmost eigenvalues that are looked for in larger maps."""
WIDTH = 1e-3
"""Relative width to which the noise at a crossing is narrowed down."""


@partial(jax.jit, static_argnames=("step", "method"))
def _push(step: Step, y: Any, problem: tuple[Any, Any], direction: Any, method: Method) -> Any:
    """Return the derivative of the map in a direction of the values."""
    _, push = derivative(step, y, *problem, method)
    return push(jnp.append(direction, 0.0)) + direction


@partial(jax.jit, static_argnames=("step", "method"))
def _matrix(step: Step, y: Any, problem: tuple[Any, Any], method: Method) -> Any:
    _, push = derivative(step, y, *problem, method)
    unit = jnp.eye(y.size - 1, y.size, dtype=y.dtype)
    return jax.vmap(push, out_axes=1)(unit) + jnp.eye(y.size - 1, dtype=y.dtype)


def rightmost(step: Step, y: Any, problem: tuple[Any, Any], method: Method) -> np.ndarray | None:
    """Return real eigenvalues of the map's derivative in falling order, those above one for certain among them.

    None where they did not converge.
    """
    size = y.size - 1
    if size <= WHOLE:
        values: Any = np.linalg.eigvals(np.asarray(_matrix(step, y, problem, method)))
    else:
        values = _some(lambda v: np.asarray(_push(step, y, problem, jnp.asarray(v.reshape(-1)), method)), size)
        if values is None:
            return None
    real = values.real[np.abs(values.imag) <= 1e-9 * (1 + np.abs(values))]
    return np.sort(real)[::-1]


def _some(push: Callable[[np.ndarray], np.ndarray], size: int) -> Any:
    """Return the rightmost eigenvalues of a linear map, or None where too few converged to know how many pass one."""
    operator: Any = LinearOperator
    options: dict[str, Any] = {"k": ASKED, "which": "LR", "tol": 1e-6, "maxiter": 50, "return_eigenvectors": False}
    start = np.random.default_rng(0).standard_normal(size)
    try:
        return eigs(operator((size, size), matvec=push, dtype=float), v0=start, **options)
    except ArpackNoConvergence as partly:
        found: Any = partly.eigenvalues
        return found if len(found) and found.real.min() <= 1 else None
    except ArpackError:
        return None


def above_one(step: Step, y: Any, problem: tuple[Any, Any], method: Method) -> int | None:
    """Return how many real eigenvalues of the map's derivative are above one, or None where that is not known."""
    found = rightmost(step, y, problem, method)
    return None if found is None else int((found > 1).sum())


def locate(
    points: Sequence[Any],
    count: Callable[[Any], int | None],
    between: Callable[[Any, Any], Any],
    width: float,
) -> tuple[tuple[Any, Any] | None, bool]:
    """Return two points close in noise between which the count changes, or None; and whether a count was unknown.

    Only a change from the first point to the last is looked for: two crossings that undo each other stay unseen. Two
    points that are close in noise but not in values are on different branches: the branch was left between them.
    """
    first, last = count(points[0]), count(points[-1])
    if first is None or last is None:
        return None, True
    if first == last:
        return None, False
    low, high = 0, len(points) - 1
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (middle, high) if count(points[middle]) == first else (low, middle)
    a, b = points[low], points[high]
    while abs(float(a[-1]) - float(b[-1])) > width:
        middle = between(a, b)
        if middle is None:
            break
        a, b = (middle, b) if count(middle) == first else (a, middle)
    return (a, b), False
