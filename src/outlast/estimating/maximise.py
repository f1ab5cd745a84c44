"""Maximise a log-likelihood with exact gradient and Hessian, and say in words how it ended.

A likelihood need not have a maximum. Where a column tells some outcomes apart without error (separation), it rises for
ever along a *loose* direction, ever more slowly, and a search stops where the slope is lost in rounding. There a Newton
step promises nothing and the curvature is positive by rounding alone, so neither is taken as proof: directions in which
the likelihood hardly bends are walked along, far, and if that costs nothing there is no maximum.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import NamedTuple

import numpy as np
from scipy.optimize import minimize

from outlast.estimating.cases import Cases

Evaluate = Callable[[np.ndarray], tuple[float, np.ndarray, np.ndarray]]

STEPS = 500
NEWTON = 20
FLAT = 1e-6
"""Largest Newton decrement of a maximum, in log-likelihood: what a further step could still gain."""
ROUNDING = 1e-13
"""Smallest curvature, as a share of the largest, that is more than rounding."""
WEAK = 1e-4
"""Curvature, as a share of the largest, below which a direction is walked along."""
FAR = (1.0, 5.0, 25.0, 125.0)
"""How far, in errors of the utility that moves most; and at last twice as far as the utilities are from zero, so that
a walk back from where a search ran off to comes out on the other side."""
COST = 0.01
"""Log-likelihood below which a walk costs nothing. A maximum that bends less has a standard error above 800 errors."""
PART = 1e-3
"""Part of a direction, as a share of its largest, that is rounding."""


class Loose(NamedTuple):
    """A direction of coefficients in which the likelihood has no maximum, in coefficient times scale.

    With ``both`` the opposite way costs nothing either: nothing in the data speaks of it. Otherwise the likelihood
    rises that way for ever.
    """

    direction: np.ndarray
    both: bool


class Maximum(NamedTuple):
    """Where the search ended: the point, its value, what a Newton step could still gain, steps, and words."""

    point: np.ndarray
    value: float
    decrement: float
    steps: int
    converged: bool
    words: str
    loose: tuple[Loose, ...] = ()


def maximise(at: Evaluate, start: np.ndarray, cases: Cases) -> Maximum:
    """Climb from ``start`` by a trust region (SciPy's ``trust-exact``), then polish by Newton steps.

    Args:
        at: the value, gradient and Hessian at a point. A value that is not finite counts as infinitely low.
        start: where to begin.
        cases: give the size of each coefficient's column, and what a direction does to utilities. The search runs in
            coefficient times size, so that the units of the data do not matter.

    Returns:
        The point and whether it is a maximum: the Hessian is negative definite by more than rounding, a further Newton
        step would gain something between nothing and ``FLAT`` in log-likelihood, and no direction is loose.
    """
    scale = np.where(cases.scale > 0, cases.scale, 1.0)
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
    value, _, hessian = scaled(point)
    loose = tuple(_loose(scaled, point, hessian, lambda direction: cases.reach(direction / scale)))
    converged = definite and 0 <= decrement < FLAT and not loose
    words = _words(converged, definite, decrement, steps, loose)
    return Maximum(point / scale, -value, decrement, steps, converged, words, loose)


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
        definite = _definite(hessian)
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


def _definite(hessian: np.ndarray) -> bool:
    """Say whether a Hessian is positive definite by more than rounding."""
    if not np.isfinite(hessian).all():
        return False
    bends = np.linalg.eigvalsh(hessian)
    return bool(bends[0] > ROUNDING * bends[-1] > 0)


def _loose(
    scaled: Evaluate, point: np.ndarray, hessian: np.ndarray, reach: Callable[[np.ndarray], float]
) -> Iterator[Loose]:
    """Give the directions in which the likelihood has no maximum, each independent of those before it."""
    if not np.isfinite(hessian).all():
        return
    here, found = scaled(point)[0], np.zeros((0, len(point)))
    lengths = (*FAR, max(FAR[-1], 2 * reach(point)))

    def free(direction: np.ndarray) -> bool:
        """Say whether a walk costs nothing, as far as it leads through numbers."""
        heights = np.array([scaled(point + far * direction)[0] for far in lengths])
        known = heights < np.finfo(float).max
        return bool(known[:2].all() and (heights[known] - here < COST).all())

    for direction in _weak(point, hessian):
        size = reach(direction)
        rest = direction - found.T @ (found @ direction)
        if size <= 0 or np.linalg.norm(rest) < 0.1 * np.linalg.norm(direction):
            continue
        up, down = free(direction / size), free(-direction / size)
        if up or down:
            found = np.vstack([found, rest / np.linalg.norm(rest)])
            yield Loose(direction if up else -direction, up and down)


def _weak(point: np.ndarray, hessian: np.ndarray) -> Iterator[np.ndarray]:
    """Give directions in which the likelihood hardly bends, without the parts that are rounding.

    They are single coefficients first, since these are told most simply; where the search was drawn, if it was drawn
    along weak directions; and the axes of the weakest curvature.
    """
    bends, axes = np.linalg.eigh(hessian)
    weak = axes[:, bends < WEAK * max(bends[-1], 0)]
    if not weak.size:
        return
    share = (weak**2).sum(axis=1)
    for place in np.flatnonzero(share > 0.5):
        yield np.eye(len(point))[place]
    for direction in (weak @ (weak.T @ point), *weak.T):
        size = np.abs(direction).max()
        if size > 0:
            yield np.where(np.abs(direction) > PART * size, direction, 0.0) / size


def _words(converged: bool, definite: bool, decrement: float, steps: int, loose: tuple[Loose, ...]) -> str:
    if converged:
        return f"converged: a maximum, with {decrement:.0e} of log-likelihood left to gain, after {steps} steps"
    if loose:
        return f"not converged: the likelihood has no maximum; the search was left after {steps} steps"
    if not definite:
        return (
            f"not converged: after {steps} steps the log-likelihood still curves upward or is flat in some direction; "
            "a coefficient may not be identified, or the data may be separated"
        )
    return f"not converged: after {steps} steps a further one would gain {decrement:.1e} of log-likelihood"
