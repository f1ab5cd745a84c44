"""More than one stationary equilibrium of a conflict: random starts, and which of them are distinct.

A start has random values and random posteriors at typed nodes. Half of them settle by plain months before Newton's
method is tried, as a long calendar would; the others leave that to Newton's method almost at once, which also finds
equilibria that plain months run away from.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from outlast.game.grid import dictated
from outlast.solving.multistart import distinct
from outlast.solving.stationary_month import Point, StationaryMonth
from outlast.solving.stationary_steps import Found, newton_month, settled, size
from outlast.solving.stationary_war import StationaryWar, from_months

APART = 1e-5
"""Difference in a value, relative to the largest, from which two equilibria are two."""
SPREAD = 3.0
"""Standard deviation of the log odds that posteriors begin with, around those of the prior."""
HASTY = 10
"""Plain months of a start that is left to Newton's method."""


@dataclass(frozen=True)
class StationaryWars:
    """Distinct stationary equilibria, the most often found first."""

    found: tuple[StationaryWar, ...]
    starts: tuple[int, ...]
    """Random starts that led to each; 0 where only the selected route did."""
    failed: int
    """Random starts that led to none."""
    selected: int | None
    """Which of them the route taken leads to; None where it stopped."""
    seed: int


def stationary_equilibria(
    first: StationaryWar,
    *,
    starts: int,
    seed: int,
    tolerance: float = 1e-9,
    say: Callable[[str, int, int], None] | None = None,
) -> StationaryWars:
    """Look for stationary equilibria from random starts.

    Args:
        first: what the route taken found; it counts among the equilibria where it is one.
        starts: how many random starts.
        seed: of the starts; start k is the same however many there are.
        tolerance: largest gap, relative to the largest value.
        say: is told of every start.
    """
    game = first.game
    month = StationaryMonth(game, convention=first.convention)
    lasting = ~dictated(game.inputs.grid.sizes)  # elsewhere a peace may have equilibria that nobody plays
    done = 0

    def solved(start: Point) -> StationaryWar | None:
        nonlocal done
        done += 1
        hasty = done % 2 == 0
        found = _hasty(month, start, tolerance) if hasty else from_months(month, start, tolerance=tolerance)[0]
        if say is not None:
            say("random starts", done, starts)
        return _found(first, found) if found.gap <= tolerance * size(found.point) else None

    drawn = (_drawn(month, np.random.default_rng([seed, k])) for k in range(starts))
    known = [first] if first.reached else []
    points, counts, failed = distinct(drawn, solved, lambda one, other: _alike(one, other, lasting), known)
    order = sorted(range(len(points)), key=lambda i: -counts[i])
    return StationaryWars(
        found=tuple(points[i] for i in order),
        starts=tuple(counts[i] for i in order),
        failed=failed,
        selected=order.index(0) if first.reached else None,
        seed=seed,
    )


def _drawn(month: StationaryMonth, rng: np.random.Generator) -> Point:
    """Return a random point: values within the range of each account's last ones, posteriors off their priors."""
    begin = month.start()
    values = {}
    for name, value in begin["values"].items():
        axes = tuple(range(1, value.ndim))
        low, high = value.min(axis=axes, keepdims=True), value.max(axis=axes, keepdims=True)
        values[name] = low + (high - low) * rng.random(value.shape)
    width = SPREAD * rng.random()
    odds = {name: each + width * rng.standard_normal(each.shape) for name, each in begin["odds"].items()}
    return {"values": values, "odds": odds}


def _hasty(month: StationaryMonth, start: Point, tolerance: float) -> Found:
    return newton_month(month, settled(month, start, 0.0, HASTY), 0.0, relative=tolerance)


def _found(first: StationaryWar, found: Found) -> StationaryWar:
    return StationaryWar.of(
        first.game,
        found,
        scale=1.0,
        reached=True,
        outcome="found from a random start",
        warnings=(),
        path=(),
        maps=0,
        seconds=0.0,
        route="start",
        convention=first.convention,
    )


def _alike(one: StationaryWar, other: StationaryWar, cells: np.ndarray) -> bool:
    gap = max(float(np.abs(one.values[name] - other.values[name])[..., cells].max()) for name in one.values)
    return gap <= APART * size(one.point)
