"""Where branches of fixed points meet: the real eigenvalues of the map's derivative that have passed one.

The derivative of ``step(x) - x`` is singular where a real eigenvalue of the derivative of ``step`` is one. Their number
above one therefore changes where branches cross or turn, and nowhere else.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from scipy.sparse import issparse
from scipy.sparse.linalg import ArpackError, ArpackNoConvergence, LinearOperator, eigs

from outlast.solving.newton import Map, factorised

WHOLE = 1000
"""Most unknowns for which all eigenvalues are computed."""
ASKED = 4
"""Rightmost eigenvalues that are looked for where a map is too large to be factorised."""
WIDTH = 1e-3
"""Relative width to which the noise at a crossing is narrowed down."""


def above_one(of: Map, y: np.ndarray) -> int | None:
    """Return how many real eigenvalues of the map's derivative are above one, or None where that is not known.

    In maps of more than ``WHOLE`` values that can be factorised, 1 where that number is odd and 0 where it is even.
    """
    slopes = of.slopes(y)
    if of.size <= WHOLE:
        square = np.asarray(slopes[:, :-1].todense() if issparse(slopes) else slopes[:, :-1])
        return _count(np.linalg.eigvals(square + np.eye(of.size)))
    if isinstance(slopes, np.ndarray):
        return _odd(np.linalg.slogdet(slopes[:, :-1])[0], of.size)
    if of.direct:
        factor = factorised(slopes)
        if factor is None:
            return None
        sign = np.prod(np.sign(factor.U.diagonal())) * _parity(factor.perm_r) * _parity(factor.perm_c)
        return _odd(sign, of.size)
    found = _some(lambda v: slopes @ np.append(v, 0.0) + v.reshape(-1), of.size)
    return None if found is None else _count(found)


def _count(values: Any) -> int:
    real = values.real[np.abs(values.imag) <= 1e-9 * (1 + np.abs(values))]
    return int((real > 1).sum())


def _odd(sign: float, size: int) -> int | None:
    """Return whether an odd number of eigenvalues is above one, from the sign of the determinant of J - 1."""
    return None if sign == 0 else int(sign * (-1) ** size < 0)


def _parity(order: np.ndarray) -> int:
    """Return 1 for an even permutation, -1 for an odd one."""
    seen, even = np.zeros(len(order), dtype=bool), 1
    for first in range(len(order)):
        at, length = first, 0
        while not seen[at]:
            seen[at], at, length = True, order[at], length + 1
        if length and length % 2 == 0:
            even = -even
    return even


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


def locate(
    points: Sequence[np.ndarray],
    count: Callable[[np.ndarray], int | None],
    between: Callable[[np.ndarray, np.ndarray], np.ndarray | None],
    width: float,
) -> tuple[tuple[np.ndarray, np.ndarray] | None, bool]:
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
