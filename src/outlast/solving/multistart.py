"""More than one equilibrium: solve the fixed point from many starts and count the distinct ones.

Finding several proves that there are several; finding one proves nothing. Each is solved by Newton's method at the
noise asked for, so equilibria off the principal branch, and those that plain iteration leaves, are found as well.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from outlast.game.explicit import ExplicitGame, GameError
from outlast.game.explicit_checks import endless, private_type_fault
from outlast.solving.crossing import above_one
from outlast.solving.explicit import ExplicitSolution, evaluated, replies, solve_explicit
from outlast.solving.explicit_map import ExplicitMap
from outlast.solving.newton import Map, correct, single_threaded

APART = 1e-6
"""Distance relative to the largest value from which two fixed points are two."""
ROUNDS = 100
"""Most Newton rounds from one start."""
SHARPEST = 6.0
"""Standard deviation, in log odds, of the most extreme of the random chances that starts are made from."""


@dataclass(frozen=True)
class FixedPoint:
    """One fixed point: its values, how many starts led to it, its residual.

    ``passed`` is the number of real eigenvalues of the map's derivative above one (of a large map whether it is odd):
    even numbers on one side of every crossing, odd ones on the other; None where unknown.
    """

    values: Any = field(repr=False)
    starts: int
    residual: float
    passed: int | None


@dataclass(frozen=True)
class FixedPoints:
    """Distinct fixed points, the most often found first, and the number of starts that led to none."""

    found: tuple[FixedPoint, ...]
    failed: int


def fixed_points(of: Map, starts: Iterable[np.ndarray], *, tolerance: float = 1e-11) -> FixedPoints:
    """Solve for fixed points at the noise asked for from every start, and gather what is distinct.

    Args:
        of: the map.
        starts: values to begin from, ``(of.size,)`` each.
        tolerance: largest gap, relative to the largest value.
    """
    still, flat = np.append(np.zeros(of.size), 1.0), np.ones(of.size + 1)

    def solved(start: np.ndarray) -> tuple[np.ndarray, float] | None:
        enough = tolerance * max(1.0, float(np.abs(start).max(initial=0.0)))
        point = correct(of, np.append(start, 0.0), guide=still, weight=flat, tolerance=enough, most=ROUNDS)
        return (point.y, point.gap) if point.gap <= enough else None

    with single_threaded():
        points, counts, failed = distinct(starts, solved, lambda one, other: _alike(one[0], other[0]))
        found = [
            FixedPoint(values=y[:-1], starts=count, residual=gap, passed=above_one(of, y))
            for (y, gap), count in zip(points, counts, strict=True)
        ]
    return FixedPoints(tuple(sorted(found, key=lambda one: -one.starts)), failed)


def distinct(
    starts: Iterable[Any],
    solved: Callable[[Any], Any],
    alike: Callable[[Any, Any], bool],
    known: Iterable[Any] = (),
) -> tuple[list[Any], list[int], int]:
    """Solve from every start; return what is distinct, how many starts led to each, and how many led nowhere.

    Args:
        starts: where to begin.
        solved: returns what a start leads to, None where it leads nowhere.
        alike: whether two of these are one.
        known: what counts among them from the beginning, with no start of its own.
    """
    points = [*known]
    counts, failed = [0] * len(points), 0
    for start in starts:
        found = solved(start)
        if found is None:
            failed += 1
            continue
        place = next((i for i, other in enumerate(points) if alike(found, other)), None)
        if place is None:
            points.append(found)
            counts.append(1)
        else:
            counts[place] += 1
    return points, counts, failed


def _alike(one: np.ndarray, other: np.ndarray) -> bool:
    return float(np.abs(one - other).max(initial=0.0)) <= APART * max(1.0, float(np.abs(other).max(initial=0.0)))


@dataclass(frozen=True)
class Equilibria:
    """The equilibria found of an explicit game, the most often found first."""

    game: ExplicitGame
    values: tuple[np.ndarray, ...] = field(repr=False)
    """Of each equilibrium, ``(accounts, states)``."""
    chances: tuple[np.ndarray, ...] = field(repr=False)
    """Of each equilibrium, ``(rows,)``."""
    starts: tuple[int, ...]
    """Starts that led to each."""
    residuals: tuple[float, ...]
    """Of each, the largest gap between a value and what the map makes of all values."""
    failed: int
    """Starts that led to none."""
    principal: int | None
    """Which of them the principal branch leads to; None where it was not followed to the end."""
    solution: ExplicitSolution = field(repr=False)
    """What following the branch found; it counts among the equilibria even where no start led there."""

    @property
    def spread(self) -> float:
        """Return the largest difference that the choice of equilibrium makes to any chance of an action."""
        whole = np.stack(self.chances)
        return float((whole.max(axis=0) - whole.min(axis=0)).max()) if self.game.rows else 0.0


def equilibria_of(
    game: ExplicitGame, *, starts: int = 64, seed: int = 0, convention: str = "expectation"
) -> Equilibria:
    """Look for equilibria of a stationary game from random chances of every action.

    Args:
        game: without a private type.
        starts: how many random starts.
        seed: of the starts.
        convention: value of a choice to its mover.

    Raises:
        GameError: if the game has a private type, or play can go on for ever undiscounted.
    """
    if game.private is not None:
        raise GameError([private_type_fault()])
    if faults := endless(game):
        raise GameError(faults)
    solution = solve_explicit(game, convention=convention)
    with single_threaded():
        of = ExplicitMap(game, convention)
        begin = solution.values[:, of.live]
        drawn = (_drawn(of, begin, np.random.default_rng([seed, k])) for k in range(starts))
        found = fixed_points(of, drawn)
        points = [one.values for one in found.found]
        counts = [one.starts for one in found.found]
        gaps = [one.residual for one in found.found]
        principal = None
        if solution.trusted:
            flat = begin.reshape(-1)
            principal = next((i for i, other in enumerate(points) if _alike(flat, other)), None)
            if principal is None:
                principal = len(points)
                points.append(flat)
                counts.append(0)
                gaps.append(solution.residual)
        each = [one.reshape(begin.shape) for one in points]
        chances = tuple(replies(of, values).chances[0] for values in each)
    return Equilibria(
        game=game,
        values=tuple(of.full(values) for values in each),
        chances=chances,
        starts=tuple(counts),
        residuals=tuple(gaps),
        failed=found.failed,
        principal=principal,
        solution=solution,
    )


def _drawn(of: ExplicitMap, values: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Return values to start from: those of random chances, from nearly equal to nearly certain ones."""
    z = SHARPEST * rng.random() * rng.standard_normal(of.game.rows)
    grown = np.exp(z - z.max(initial=0.0))
    return evaluated(of, values, grown / of.sums(grown)[of.at]).reshape(-1)
