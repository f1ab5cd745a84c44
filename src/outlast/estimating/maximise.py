"""Maximise a log-likelihood with exact gradient and Hessian, and say in words how it ended."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
from scipy.optimize import minimize

Evaluate = Callable[[np.ndarray], tuple[float, np.ndarray, np.ndarray]]

STEPS = 500
NEWTON = 20
FLAT = 1e-6
"""Largest Newton decrement of a maximum, in log-likelihood: what a further step could still gain."""


class Maximum(NamedTuple):
    """Where the search ended: the point, its value, what a Newton step could still gain, steps, and words."""

    point: np.ndarray
    value: float
    decrement: float
    steps: int
    converged: bool
    words: str


def maximise(at: Evaluate, start: np.ndarray, scale: np.ndarray) -> Maximum:
    """Climb from ``start`` by a trust region (SciPy's ``trust-exact``), then polish by Newton steps.

    Args:
        at: the value, gradient and Hessian at a point. A value that is not finite counts as infinitely low.
        start: where to begin.
        scale: the size of each coefficient's column; the search runs in coefficient times scale, so that the units of
            the data do not matter.

    Returns:
        The point and whether it is a maximum: the Hessian is negative definite and a further Newton step would gain
        less than ``FLAT`` in log-likelihood.
    """
    scale = np.where(scale > 0, scale, 1.0)
    kept: dict[bytes, tuple[float, np.ndarray, np.ndarray]] = {}

    def scaled(point: np.ndarray) -> tuple[float, np.ndarray, np.ndarray]:
        key = point.tobytes()
        if key not in kept:
            kept.clear()
            value, gradient, hessian = at(point / scale)
            whole = np.isfinite(value) and np.isfinite(gradient).all() and np.isfinite(hessian).all()
            flat = np.zeros_like(gradient), np.eye(len(point))
            kept[key] = (
                (-value, -gradient / scale, -hessian / np.outer(scale, scale))
                if whole
                else (np.finfo(float).max, *flat)
            )
        return kept[key]

    point, steps = _climbed(scaled, np.asarray(start, float) * scale)
    point, decrement, definite = _polished(scaled, point)
    converged = definite and decrement < FLAT
    words = _words(converged, definite, decrement, steps)
    return Maximum(point / scale, -scaled(point)[0], decrement, steps, converged, words)


def _climbed(scaled: Evaluate, start: np.ndarray) -> tuple[np.ndarray, int]:
    """Return where the trust region ends, and its steps.

    Where the curvature is beyond what its algebra can factor, SciPy's search fails; a quasi-Newton method, which needs
    no Hessian, then goes on from the start.
    """
    options = {"maxiter": STEPS, "gtol": 1e-6, "initial_trust_radius": 1.0, "max_trust_radius": 50.0}
    with np.errstate(all="ignore"):
        try:
            found = minimize(
                lambda x: scaled(x)[0],
                start,
                jac=lambda x: scaled(x)[1],
                hess=lambda x: scaled(x)[2],
                method="trust-exact",
                options=options,
            )
        except (UnboundLocalError, np.linalg.LinAlgError, ValueError):
            found = minimize(lambda x: scaled(x)[0], start, jac=lambda x: scaled(x)[1], method="BFGS")
    return found.x, int(found.nit)


def _polished(scaled: Evaluate, point: np.ndarray) -> tuple[np.ndarray, float, bool]:
    """Take Newton steps while they lose nothing; return the point, the last gain in sight and the curvature."""
    value, gradient, hessian = scaled(point)
    decrement, definite = np.inf, False
    for _ in range(NEWTON):
        definite = bool(np.linalg.eigvalsh(hessian)[0] > 0) if np.isfinite(hessian).all() else False
        if not definite:
            return point, float(np.abs(gradient).max()), False
        step = -np.linalg.solve(hessian, gradient)
        decrement = float(-gradient @ step / 2)
        if decrement < 1e-18 * (1 + abs(value)):
            break
        after = scaled(point + step)
        if not after[0] <= value + 1e-12 * abs(value):
            break
        point, (value, gradient, hessian) = point + step, after
    return point, decrement, definite


def _words(converged: bool, definite: bool, decrement: float, steps: int) -> str:
    if converged:
        return f"converged: a maximum, with {decrement:.0e} of log-likelihood left to gain, after {steps} steps"
    if not definite:
        return (
            f"not converged: after {steps} steps the log-likelihood still curves upward or is flat in some direction; "
            "a coefficient may not be identified, or the data may be separated"
        )
    return f"not converged: after {steps} steps a further one would gain {decrement:.1e} of log-likelihood"
