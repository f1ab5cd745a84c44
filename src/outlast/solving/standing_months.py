"""Stationary equilibrium of a conflict by plain months, polished by Newton's method.

The last month of a calendar comes first, and one month after another is put before it, all with the same numbers: that
is what a calendar with an ever longer horizon does, so the equilibrium found is the one that a long calendar begins
with. Where months settle, Newton's method takes the little that is left. Where they go in circles, as they may at small
noise, that is said, and nothing is called an equilibrium that one more month would still change.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Literal

import numpy as np

from outlast.game import Game
from outlast.game.spelled import start_cell
from outlast.solving.standing import Point, StandingMonth
from outlast.solving.standing_path import MONTHS, Standing, solve_standing
from outlast.solving.standing_steps import BLOCK, Calmed, Found, Tell, calmed, distance, newton, size

Route = Literal["auto", "noise", "months"]
Say = Callable[[str, int, int], None]
MOST = 4000
"""Most plain months from one start."""
NEAR = 1e-4
"""Gap, relative to the largest value, from which on Newton's method is tried: nearer than equilibria lie apart."""


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
    tell = None if say is None else lambda done: say("putting months before one another", done, 0)
    found, calm = from_months(month, start or month.start(), tolerance=tolerance, most=most, say=tell)
    reached = found.gap <= tolerance * size(found.point)
    moved = distance(found.point, calm.found.point)
    if reached and calm.circling:
        outcome = f"plain months go in circles; Newton's method, which moved values by {moved:.0e}, found a fixed point"
    elif reached:
        outcome = f"plain months settled, and Newton's method moved values by {moved:.0e}"
    else:
        why = "go in circles" if calm.circling else "have not settled"
        outcome = f"stopped: plain months {why}, and Newton's method ends with a gap of {found.gap:.0e}"
    return Standing.of(
        game,
        found,
        scale=1.0,
        reached=reached,
        outcome=outcome,
        warnings=(_circles(game, calm),) if calm.circling else (),
        path=(),
        maps=month.maps,
        seconds=time.perf_counter() - begun,
        route="months",
        convention=convention,
    )


def from_months(
    month: StandingMonth, start: Point, *, tolerance: float, most: int = MOST, say: Tell | None = None
) -> tuple[Found, Calmed]:
    """Return where Newton's method ends after plain months from a point, and where these ended."""
    calm = calmed(month, start, 0.0, relative=max(NEAR, tolerance), most=most, say=say)
    found = newton(month, calm.found.point, 0.0, relative=tolerance)
    if not found.gap <= tolerance * size(found.point) and not calm.circling:
        calm = calmed(month, calm.found.point, 0.0, relative=tolerance, most=most, say=say)
        found = newton(month, calm.found.point, 0.0, relative=tolerance)
    return found, calm


def _circles(game: Game, calm: Calmed) -> str:
    """Say how far the values of the war at its start still swing with the length of the calendar."""
    at = start_cell(game)
    seen = np.stack([point["values"]["war"][..., at] for point in calm.seen])
    swing = float((seen.max(axis=0) - seen.min(axis=0)).max())
    return (
        f"after {calm.months:,} plain months values still move by {calm.found.gap:.0e} a month somewhere, and those of "
        f"the war at its start by {swing:.0e} in all over the last {BLOCK * (len(calm.seen) - 1)}: the end of a long "
        "calendar does not stop mattering"
    )
