"""More than one equilibrium: solve the fixed point from many starts and count the distinct ones.

Finding several proves that there are several; finding one proves nothing. Each is solved by Newton's method at the
noise asked for, so equilibria off the principal branch, and those that plain iteration leaves, are found as well.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np

from outlast.game.explicit import ExplicitGame, GameError
from outlast.game.explicit_checks import endless, private_type_fault
from outlast.solving.crossing import above_one
from outlast.solving.explicit import ExplicitSolution, by_row, evaluated, in_place, replies, solve_explicit
from outlast.solving.explicit_map import Layout, layout_of, move_once, order_of
from outlast.solving.newton import Method, Step, correct, join, split
from outlast.solving.solution import precise, to_device

APART = 1e-6
"""Distance relative to the largest value from which two fixed points are two."""
ROUNDS = 100
"""Most Newton rounds from one start."""
SHARPEST = 6.0
"""Standard deviation, in log odds, of the most extreme of the random chances that starts are made from."""


@dataclass(frozen=True)
class FixedPoint:
    """One fixed point: its values, how many starts led to it, its residual.

    ``passed`` is the number of real eigenvalues of the map's derivative above one: even numbers on one side of every
    crossing, odd ones on the other; None where unknown.
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


def fixed_points(
    step: Step,
    starts: Iterable[Any],
    *,
    data: Any = None,
    tolerance: float = 1e-11,
    method: Method | None = None,
) -> FixedPoints:
    """Solve ``step(values) = values`` at the noise asked for from every start, and gather what is distinct.

    Args:
        step: ``step(values, scale, data)``, a function of a module.
        starts: values to begin from, in double precision.
        data: numbers for ``step``.
        tolerance: largest gap, relative to the largest value.
        method: how linear equations are solved.
    """
    method = method or Method()
    points: list[Any] = []
    counts: list[int] = []
    gaps: list[float] = []
    failed = 0
    like: Any = None
    for like in starts:
        y = join(like, 0.0)
        size = jnp.maximum(jnp.abs(y).max(), 1.0)
        still = (jnp.zeros_like(y).at[-1].set(1.0), jnp.ones_like(y))
        point = correct(step, y, (like, data), guide=still, tolerance=tolerance * size, method=method, most=ROUNDS)
        if not float(point.gap) <= tolerance * float(size):
            failed += 1
            continue
        known = _same(point.y, points)
        if known is None:
            points.append(point.y)
            counts.append(1)
            gaps.append(float(point.gap))
        else:
            counts[known] += 1
    found = [
        FixedPoint(
            values=jax.tree.map(np.asarray, split(y, like)[0]),
            starts=count,
            residual=gap,
            passed=above_one(step, y, (like, data), method),
        )
        for y, count, gap in zip(points, counts, gaps, strict=True)
    ]
    return FixedPoints(tuple(sorted(found, key=lambda one: -one.starts)), failed)


def _same(y: Any, points: list[Any]) -> int | None:
    for i, other in enumerate(points):
        if float(jnp.abs(y - other).max()) <= APART * max(1.0, float(jnp.abs(other).max())):
            return i
    return None


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
    order = order_of(game)
    live = order[: int((game.counts > 0).sum())]
    with precise():
        layout = to_device(layout_of(game, convention))
        keys = jax.random.split(jax.random.key(seed), starts)
        begin = jnp.asarray(solution.values[:, live])
        drawn = (_drawn(key, begin, layout) for key in keys)
        found = fixed_points(move_once, drawn, data=layout)
        values = [jnp.asarray(one.values) for one in found.found]
        counts = [one.starts for one in found.found]
        gaps = [one.residual for one in found.found]
        principal = None
        if solution.trusted:
            principal = _same(begin, values)
            if principal is None:
                principal = len(values)
                values.append(begin)
                counts.append(0)
                gaps.append(solution.residual)
        one = jnp.asarray(1.0)
        chances = [replies(each, one, layout).chances for each in values]
    return Equilibria(
        game=game,
        values=tuple(in_place(game, np.asarray(each), order) for each in values),
        chances=tuple(by_row(game, each, order) for each in chances),
        starts=tuple(counts),
        residuals=tuple(gaps),
        failed=found.failed,
        principal=principal,
        solution=solution,
    )


@jax.jit
def _drawn(key: Any, values: Any, layout: Layout) -> Any:
    """Return values to start from: those of random chances, computed from ``values``."""
    return evaluated(values, _random_chances(key, layout), layout)


def _random_chances(key: Any, layout: Layout) -> tuple[Any, ...]:
    """Return chances whose log odds are normal, from nearly equal to nearly certain ones."""
    key, width = jax.random.split(key)
    spread = SHARPEST * jax.random.uniform(width)
    keys = jax.random.split(key, max(len(layout.blocks), 1))
    draw = [
        spread * jax.random.normal(k, block.pay.shape[1:], block.pay.dtype)
        for k, block in zip(keys, layout.blocks, strict=False)
    ]
    return tuple(jax.nn.softmax(one, axis=0) for one in draw)
