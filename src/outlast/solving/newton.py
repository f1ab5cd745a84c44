"""Newton's method, and the linear equations of a fixed point and its noise together.

The unknown is y = (x, tau): all values as one vector, and the logarithm of the noise scale. A point of a branch solves

    F(x, tau) = step(x, exp tau) - x = 0   and   <guide, y - aim> = 0,

the second line pinning the point down: with ``guide`` along tau the noise is given, with ``guide`` along the branch it
is free, so that the bordered system stays regular where the branch turns (Keller 1977). Small systems are eliminated,
large ones too where their zeros allow it; the rest is left to GMRES (Saad & Schultz 1986). What was factorised for a
Newton step also gives the direction of the branch at the point that it leads to.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, Protocol, TypeVar

import numpy as np
from scipy.linalg import lapack
from scipy.sparse import csc_array, issparse
from scipy.sparse.csgraph import reverse_cuthill_mckee
from scipy.sparse.linalg import LinearOperator, gmres, splu
from threadpoolctl import threadpool_limits

LAPACK: Any = lapack

HALVINGS = 8
"""Most times a Newton step is halved because the gap does not shrink."""
RESTARTS = 6
SHORTEST, LONGEST = 20, 200
"""Fewest and most directions that GMRES keeps before it restarts."""
MEMORY = 10**8
"""Numbers that GMRES may keep."""
FORCING = 1e-5
"""How exactly GMRES solves a linear equation, relative to its right-hand side."""
LOST = 1e-3
"""Relative residual from which on GMRES has failed, and elimination is tried."""
FILL = 2 * 10**8
"""Most numbers that eliminating a sparse matrix may leave, as far as its bandwidth tells."""
ALWAYS = 5000
"""Unknowns up to which that is always tried."""


class Map(Protocol):
    """A map whose fixed points are wanted; ``y`` has all values, then the logarithm of the noise scale."""

    size: int
    """Count of values."""
    direct: bool
    """Whether elimination leaves the zeros of a sparse derivative alone, as where play moves on."""

    def gap(self, y: np.ndarray) -> np.ndarray:
        """Return F at a point, ``(size,)``."""
        ...

    def slopes(self, y: np.ndarray) -> Any:
        """Return the derivative of F, ``(size, size + 1)``: an array, a sparse one, or a linear operator."""
        ...


State = TypeVar("State", bound=Any)


def newton(
    start: State,
    ahead: Callable[[State], Callable[[float], State] | None],
    *,
    enough: Callable[[State], float],
    most: int,
    halvings: int = HALVINGS,
) -> tuple[State, int]:
    """Follow Newton's method until the gap is small enough or nothing helps any more.

    Args:
        start: a state, whose ``gap`` says how far it is from a fixed point.
        ahead: returns what maps the share of a Newton step to the state there; None where there is no step.
        enough: gap with which a state is good.
        most: most rounds.
        halvings: most times a step is halved because the gap does not shrink.

    Returns:
        The last state, and the rounds taken.
    """
    here, rounds = start, 0
    while rounds < most and not here.gap <= enough(here):
        rounds += 1
        along = ahead(here)
        if along is None:
            break
        for halving in range(halvings + 1):
            there = along(0.5**halving)
            if there.gap < (1 - 1e-4 * 0.5**halving) * here.gap:
                break
        else:
            break
        here = there
    return here, rounds


@dataclass(frozen=True)
class Point:
    """Where Newton's method ends: the point, the gap |F|, rounds taken, gap of the linear equations."""

    y: np.ndarray
    gap: float
    rounds: int
    slack: float
    """Largest relative residual of a linear equation: above one half, its direction cannot be trusted."""
    equations: Bordered | None = field(default=None, repr=False)
    """The equations of the last step, factorised."""


@dataclass(frozen=True)
class _At:
    y: np.ndarray
    vector: np.ndarray
    gap: float


def _at(of: Map, y: np.ndarray) -> _At:
    vector = of.gap(y)
    gap = float(np.abs(vector).max(initial=0.0))
    return _At(y, vector, gap if np.isfinite(gap) else np.inf)


def correct(
    of: Map, start: np.ndarray, *, guide: np.ndarray, weight: np.ndarray, tolerance: float, most: int = 12
) -> Point:
    """Follow Newton's method from ``start`` until the gap is within ``tolerance`` or nothing helps any more.

    Args:
        of: the map.
        start: where to begin, and the point that the result stays level with along ``guide``.
        guide: direction along which the point does not move.
        weight: of the inner product.
        tolerance: largest gap, in the unit of the values.
        most: most rounds.
    """
    slack, equations = 0.0, None

    def ahead(here: _At) -> Callable[[float], _At]:
        nonlocal slack, equations
        equations = Bordered(of, here.y, guide * weight)
        move, left = equations.solve(np.append(-here.vector, 0.0))
        slack = max(slack, left)
        return lambda share: _at(of, here.y + share * move)

    found, rounds = newton(_at(of, start), ahead, enough=lambda _: tolerance, most=most)
    return Point(found.y, found.gap, rounds, slack, equations)


def tangent(of: Map, point: Point, *, guide: np.ndarray, weight: np.ndarray) -> tuple[np.ndarray, float]:
    """Return the direction of the branch at a point, of length one, on the side of ``guide``; and the solve's slack."""
    equations = point.equations or Bordered(of, point.y, guide * weight)
    found, slack = equations.solve(np.append(np.zeros(of.size), 1.0))
    length = np.sqrt((weight * found * found).sum())
    side = -1.0 if (weight * guide * found).sum() < 0 else 1.0
    return side * found / max(length, np.finfo(float).tiny), slack


class Bordered:
    """The equations ``slopes d = right[:-1]``, ``<row, d> = right[-1]`` at one point, factorised once."""

    def __init__(self, of: Map, y: np.ndarray, row: np.ndarray) -> None:
        """Take the derivative at a point and the row that pins the direction down."""
        self.of, self.slopes = of, of.slopes(y)
        self.length = float(np.linalg.norm(row))
        self.row = row / self.length
        self._factor: Any = None
        if isinstance(self.slopes, np.ndarray):
            self._factor = LAPACK.dgetrf(np.vstack([self.slopes, self.row]), overwrite_a=True)

    def solve(self, right: np.ndarray) -> tuple[np.ndarray, float]:
        """Return the direction, zeros where there is none, and the relative residual that is left."""
        right = np.append(right[:-1], right[-1] / self.length)
        size = max(float(np.linalg.norm(right)), np.finfo(float).tiny)
        for way in self._ways():
            found = way(right)
            left = np.inf
            if found is not None and np.isfinite(found).all():
                left = float(np.linalg.norm(self._times(found) - right)) / size
            if left <= LOST:
                break
        return (found, left) if found is not None and left < np.inf else (np.zeros_like(right), np.inf)

    def _ways(self) -> Iterator[Callable[[np.ndarray], np.ndarray | None]]:
        if isinstance(self.slopes, np.ndarray):
            yield self._eliminated
            return
        if not self.of.direct:
            yield self._iterated
            if not issparse(self.slopes) or not _narrow(self.slopes):
                return
            self.of.direct = True
        yield self._directly

    def _times(self, direction: np.ndarray) -> np.ndarray:
        return np.append(self.slopes @ direction, self.row @ direction)

    def _eliminated(self, right: np.ndarray) -> np.ndarray | None:
        lower_upper, pivots, info = self._factor
        return None if info else LAPACK.dgetrs(lower_upper, pivots, right)[0]

    def _iterated(self, right: np.ndarray) -> np.ndarray:
        count = right.size
        operator: Any = LinearOperator
        system = operator((count, count), matvec=self._times, dtype=float)
        keep = min(LONGEST, count, max(SHORTEST, MEMORY // count))
        return gmres(system, right, rtol=FORCING, atol=0.0, restart=keep, maxiter=RESTARTS)[0]

    def _directly(self, right: np.ndarray) -> np.ndarray | None:
        """Eliminate the values, then the noise; a second pass takes what rounding left near a turn of the branch."""
        if self._factor is None:
            factor = factorised(self.slopes)
            last = np.asarray(self.slopes[:, [-1]].todense()).reshape(-1)
            self._factor = (factor, None if factor is None else factor.solve(last))
        factor, moved = self._factor
        if factor is None:
            return None
        bend = self.row[-1] - self.row[:-1] @ moved
        found, rest = np.zeros_like(right), right
        for _ in range(2):
            flat = factor.solve(rest[:-1])
            noise = (rest[-1] - self.row[:-1] @ flat) / bend if bend else np.nan
            found = found + np.append(flat - noise * moved, noise)
            rest = right - self._times(found)
        return found


def factorised(slopes: Any) -> Any:
    """Return the factors of the part of a sparse derivative that belongs to the values; None where it is singular."""
    try:
        return splu(csc_array(slopes[:, :-1]))
    except RuntimeError:
        return None


def _narrow(slopes: Any) -> bool:
    """Return whether elimination will not fill more memory than it may."""
    size = slopes.shape[0]
    if size <= ALWAYS:
        return True
    square = slopes[:, :-1].tocsr()
    place = np.argsort(reverse_cuthill_mckee(square))
    entries = square.tocoo()
    return size * (2 * float(np.abs(place[entries.row] - place[entries.col]).max(initial=0)) + 1) <= FILL


class _Single:
    """One thread of linear algebra while anybody asks for it: the matrices are small, and threads would only spin."""

    def __init__(self) -> None:
        self.lock, self.count, self.limits = threading.Lock(), 0, None

    @contextmanager
    def __call__(self) -> Iterator[None]:
        with self.lock:
            if self.count == 0:
                self.limits = threadpool_limits(1, user_api="blas")
            self.count += 1
        try:
            yield
        finally:
            with self.lock:
                self.count -= 1
                if self.count == 0 and self.limits is not None:
                    self.limits.restore_original_limits()


single_threaded = _Single().__call__
"""Hold linear algebra to one thread inside a block."""
