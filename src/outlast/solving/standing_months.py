"""Stationary equilibrium of a conflict by plain months, polished by Newton's method.

The last month of a calendar comes first, and one month after another is put before it, all with the same numbers: that
is what a calendar with an ever longer horizon does, so the equilibrium found is the one that a long calendar begins with.
Where months settle, Newton's method takes the little that is left. Where they go in circles, as they may at small noise,
that is said, and nothing is called an equilibrium that one more month would still change.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Literal

from outlast.game import Game
from outlast.solving.standing import Point, StandingMonth
from outlast.solving.standing_path import (
    MONTHS,
    Found,
    Standing,
    distance,
    newton,
    settled,
    size,
    solve_standing,
)

Route = Literal["auto", "noise", "months"]
Say = Callable[[str, int, int], None]
BLOCK = 50
"""Plain months between two looks at the gap."""
MOST = 4000
"""Most plain months from one start."""
NEAR = 1e-4
"""Gap, relative to the largest value, from which on Newton's method is tried: nearer than equilibria lie apart."""
POLISH = 6
"""Newton rounds of one try."""
SLOW, LOOKS = 0.9, 12
"""A gap that has not shrunk to this share of what it was so many looks ago is not shrinking."""


def solve_stationary_war(
    game: Game,
    *,
    route: Route = "auto",
    tolerance: float = 1e-9,
    convention: str = "expectation",
    say: Say | None = None,
    months: int = MONTHS,
) -> Standing:
    """Find a stationary equilibrium of a conflict by one route or the other.

    Args:
        game: its month 0 is the month that comes back; what the calendar holds later is not read.
        route: ``noise`` follows the branch from high noise down, ``months`` puts one month before another until they
            settle, ``auto`` tries the first and, where it stops, the second.
        tolerance: largest gap between a value and what one more month makes of all values, relative to the largest.
        convention: value of a decision to its mover.
        say: is told of every point and of the months.
        months: most months solved on the way down.

    Returns:
        Values with their residual, the route taken, and in words how it ended. ``reached`` is true only where one more
        month changes nothing by more than the tolerance, at the noise of the game.

    Raises:
        ValueError: if the route is unknown.
    """
    if route not in ("auto", "noise", "months"):
        raise ValueError(f"route {route!r} is unknown: it is auto, noise or months")
    if route == "months":
        return by_months(game, tolerance=tolerance, convention=convention, say=say)
    first = solve_standing(game, tolerance=tolerance, convention=convention, say=say, months=months)
    if first.reached or route == "noise":
        return first
    second = by_months(game, tolerance=tolerance, convention=convention, say=say)
    return second.after(first)


def by_months(
    game: Game,
    *,
    tolerance: float = 1e-9,
    convention: str = "expectation",
    start: Point | None = None,
    say: Say | None = None,
    most: int = MOST,
) -> Standing:
    """Find a stationary equilibrium by plain months and a polish by Newton's method.

    Args:
        game: its month 0 is the month that comes back.
        tolerance: largest gap, relative to the largest value.
        convention: value of a decision to its mover.
        start: the point to begin with; the end of a calendar when None.
        say: is told of the months.
        most: most plain months.
    """
    begun = time.perf_counter()
    month = StandingMonth(game, convention=convention)
    found, outcome, plain = _settled_and_polished(month, start or month.start(), tolerance, most, say)
    reached = found.gap <= tolerance * size(found.point)
    return Standing(
        game=game,
        point=found.point,
        scale=1.0,
        residual=found.gap,
        bayes=found.bayes,
        reached=reached,
        outcome=outcome if reached else f"stopped: {outcome}",
        warnings=() if reached else (f"{outcome}; solve from several starts, or with more noise",),
        path=(),
        maps=month.maps,
        seconds=time.perf_counter() - begun,
        route="months",
        convention=convention,
    )


def _settled_and_polished(
    month: StandingMonth, point: Point, tolerance: float, most: int, say: Say | None
) -> tuple[Found, str, int]:
    """Return where plain months and Newton's method end, in words how, and the plain months taken."""
    done, gaps = 0, []
    while True:
        point = settled(month, point, 0.0, BLOCK)
        done += BLOCK
        if say is not None:
            say("putting months before one another", done, 0)
        after = month.before(point)
        gaps.append(distance(after, point))
        done += 1
        point = after
        if gaps[-1] <= NEAR * size(point) and _falling(gaps):
            found = newton(month, point, 0.0, relative=tolerance, most=POLISH, plain=False)
            if found.gap <= tolerance * size(found.point):
                moved = distance(found.point, point)
                return found, f"{done} plain months and a polish by Newton's method that moved values by {moved:.0e}", done
        circling = len(gaps) > LOOKS and gaps[-1] > SLOW * gaps[-1 - LOOKS]
        if circling or done >= most:
            found = newton(month, point, 0.0, relative=tolerance)
            if found.gap <= tolerance * size(found.point):
                moved = distance(found.point, point)
                return found, f"{done} plain months did not settle; Newton's method moved values by {moved:.0e}", done
            why = "go in circles" if circling else "have not settled"
            return found, f"plain months {why}: after {done} the gap is {gaps[-1]:.0e}", done


def _falling(gaps: list[float]) -> bool:
    """Return whether the last gap is the smallest so far: a small one may also be a turning point of a circle."""
    return gaps[-1] <= min(gaps)
