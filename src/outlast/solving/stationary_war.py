"""Stationary equilibrium of a conflict: the fixed point of its month, by one of two routes.

*Noise*: the branch of fixed points is followed down from high noise, where one month after another settles quickly, to
the noise asked for; each point begins where a straight line through the last two leads. There plain months are taken
as long as they bring values nearer to a fixed point, and Newton's method where they do not: at small noise plain months
may go in circles. Where the branch ends, plain months lead to another one, which is said.

*Months*: the last month of a calendar comes first, and one month after another is put before it, all with the same
numbers: that is what a calendar with an ever longer horizon does, so the equilibrium found is the one that a long
calendar begins with. Where months settle, Newton's method takes the little that is left. Where they go in circles, as
they may at small noise, that is said, and nothing is called an equilibrium that one more month would still change.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any, Literal

import numpy as np

from outlast.game import Game
from outlast.game.start import start_cell
from outlast.solving.stationary import Branch, NoisePath, PathPoint
from outlast.solving.stationary_month import Point, StationaryMonth
from outlast.solving.stationary_steps import BLOCK, Calmed, Found, Tell, calmed, distance, newton_month, size

Route = Literal["auto", "noise", "months"]
Say = Callable[[str, int, int], None]
JUMP = 0.2
"""Distance from where the line of the last points leads, relative to the largest value, that is taken for a jump."""
PATH = NoisePath(start=64.0, first=0.7, longest=1.4, shortest=0.05, most=60)
CALM = 1000
"""Most plain months at one noise."""
MONTHS = 8000
"""Most months solved on the way down."""
MOST = 4000
"""Most plain months from one start."""
NEAR = 1e-4
"""Gap, relative to the largest value, from which on Newton's method is tried: nearer than equilibria lie apart."""
OTHER = "plain months settle on another, which is followed from there"


@dataclass(frozen=True)
class StationaryWar:
    """Stationary values of a conflict, and what following noise down came to.

    ``reached`` says whether they are a fixed point at the noise asked for; where it is False, ``outcome`` says why, and
    the values are those of the last point that was one, at ``scale`` times the noise.
    """

    game: Game
    point: Point = field(repr=False)
    scale: float
    residual: float
    """Largest gap between a value and what one more month makes of all values."""
    bayes: float
    """Largest distance of a belief read from Bayes' rule on the chances played."""
    node: float
    """Most that this distance can move a value."""
    reached: bool
    outcome: str
    warnings: tuple[str, ...]
    path: tuple[PathPoint, ...] = field(repr=False)
    maps: int
    """Months solved."""
    seconds: float
    route: str = "noise"
    """``noise``: the branch was followed down; ``months``: plain months settled it, or failed to."""
    convention: str = "expectation"

    @classmethod
    def of(cls, game: Game, found: Found, **words: Any) -> StationaryWar:
        """Return what was found of a game; ``words`` are the fields that say how."""
        proof = found.proof
        return cls(game, found.point, residual=found.gap, bayes=proof.bayes, node=proof.residual, **words)

    @property
    def values(self) -> dict[str, np.ndarray]:
        """Start-of-month values by station, ``(accounts, [phases], beliefs, cells)``."""
        return self.point["values"]

    def after(self, first: StationaryWar) -> StationaryWar:
        """Return the same found after another route had stopped: its warnings and its cost are added."""
        return replace(
            self,
            warnings=(*first.warnings, *self.warnings),
            path=first.path,
            maps=first.maps + self.maps,
            seconds=first.seconds + self.seconds,
        )


def solve_stationary_war(
    game: Game,
    *,
    route: Route = "auto",
    tolerance: float = 1e-9,
    convention: str = "expectation",
    say: Say | None = None,
    months: int = MONTHS,
) -> StationaryWar:
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
    first = by_noise(game, tolerance=tolerance, convention=convention, say=say, months=months)
    if first.reached or route == "noise":
        return first
    second = by_months(game, tolerance=tolerance, convention=convention, say=say)
    return second.after(first)


def by_noise(
    game: Game,
    *,
    path: NoisePath = PATH,
    tolerance: float = 1e-9,
    convention: str = "expectation",
    say: Callable[[str, int, int], None] | None = None,
    months: int = MONTHS,
) -> StationaryWar:
    """Find the stationary equilibrium on the branch that begins at high noise.

    Args:
        game: its month 0 is the month that comes back; what the calendar holds later is not read.
        path: where noise begins and how far one step goes.
        tolerance: largest gap, relative to the largest value.
        convention: value of a decision to its mover.
        say: is told of every point.
        months: most months solved on the way down.

    Returns:
        Values with their residual, and in words how it ended. It never goes on for ever: after ``path.most`` points, or
        when steps become shorter than ``path.shortest``, it stops and says where.
    """
    begun = time.perf_counter()
    month = StationaryMonth(game, convention=convention)
    branch = _Months(month, path, tolerance, say, months)
    reached, outcome = branch.run()
    last = branch.points[-1]
    return StationaryWar.of(
        game,
        last,
        scale=float(np.exp(last.tau)),
        reached=reached,
        outcome=outcome,
        warnings=tuple(branch.notes),
        path=tuple(branch.record),
        maps=month.maps,
        seconds=time.perf_counter() - begun,
        convention=convention,
    )


class _Months(Branch[Found]):
    """The branch of a month, followed from noise to noise."""

    def __init__(self, month: StationaryMonth, path: NoisePath, tolerance: float, say: Say | None, months: int) -> None:
        super().__init__(path)
        self.month, self.relative, self.say, self.months = month, tolerance, say, months
        self.jumped = False

    def enter(self) -> Found:
        return self.solved(self.month.start(), float(np.log(self.path.start)))

    def good(self, found: Found) -> bool:
        return found.gap <= self.relative * size(found.point)

    def tau(self, found: Found) -> float:
        return found.tau

    def predict(self, length: float) -> tuple[tuple[Point, float], float]:
        """Return where the line through the last two points leads; beliefs stay where they are."""
        here = self.points[-1]
        tau = max(0.0, here.tau - length)
        if len(self.points) < 2:
            return (here.point, tau), here.tau - tau
        before = self.points[-2]
        ahead = (tau - here.tau) / (here.tau - before.tau)
        values = {
            name: value + ahead * (value - before.point["values"][name]) for name, value in here.point["values"].items()
        }
        return ({"values": values, "odds": here.point["odds"]}, tau), here.tau - tau

    def correct(self, aim: tuple[Point, float]) -> Found:
        return self.solved(*aim)

    def solved(self, aim: Point, tau: float) -> Found:
        calm = calmed(self.month, aim, tau, relative=self.relative, most=CALM).found
        return calm if self.good(calm) else newton_month(self.month, calm.point, tau, relative=self.relative)

    def refusal(self, found: Found, aim: tuple[Point, float], length: float) -> str:
        if not self.good(found):
            return f"plain months and Newton's method end with a gap of {found.gap:.0e}"
        self.jumped = distance(found.point, aim[0]) > JUMP * size(found.point)
        if self.jumped and length > self.path.shortest:
            return "the next point found is too far from where the branch was heading"
        return ""

    def accept(self, found: Found) -> None:
        if self.jumped:
            here = self.words(self.points[-1])
            self.notes.append(f"the branch ends near {here}: {OTHER}")
        super().accept(found)
        if self.say is not None:
            self.say("following noise down", len(self.points), 0)

    def marked(self, found: Found) -> PathPoint:
        return PathPoint(float(np.exp(found.tau)), found.gap, found.rounds, True)

    def lengthened(self, length: float, found: Found) -> float:
        longer = 1.0 if self.jumped else 2.0 if found.rounds <= 4 else 0.6
        self.jumped = False
        return min(self.path.longest, max(self.path.first, longer * length))

    def spent(self) -> str:
        maps = self.month.maps
        return f"{maps:,} months were solved on the way" if maps > self.months else ""


def by_months(
    game: Game,
    *,
    tolerance: float = 1e-9,
    convention: str = "expectation",
    start: Point | None = None,
    say: Say | None = None,
    most: int = MOST,
) -> StationaryWar:
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
    month = StationaryMonth(game, convention=convention)
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
    return StationaryWar.of(
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
    month: StationaryMonth, start: Point, *, tolerance: float, most: int = MOST, say: Tell | None = None
) -> tuple[Found, Calmed]:
    """Return where Newton's method ends after plain months from a point, and where these ended."""
    calm = calmed(month, start, 0.0, relative=max(NEAR, tolerance), most=most, say=say)
    found = newton_month(month, calm.found.point, 0.0, relative=tolerance)
    if not found.gap <= tolerance * size(found.point) and not calm.circling:
        calm = calmed(month, calm.found.point, 0.0, relative=tolerance, most=most, say=say)
        found = newton_month(month, calm.found.point, 0.0, relative=tolerance)
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
