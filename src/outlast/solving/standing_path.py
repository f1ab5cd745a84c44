"""Stationary equilibrium of a conflict: the fixed point of its month, followed down from high noise.

Noise falls from where one month after another settles quickly to the noise asked for; each point begins where a
straight line through the last two leads. There plain months are taken as long as they bring values nearer to a fixed
point, and Newton's method where they do not: at small noise plain months may go in circles. Where the branch ends,
plain months lead to another one, which is said.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

from outlast.game import Game
from outlast.solving.standing import Point, StandingMonth
from outlast.solving.standing_steps import Found, calmed, distance, newton, size
from outlast.solving.stationary import NoisePath, PathPoint

JUMP = 0.2
"""Distance from where the line of the last points leads, relative to the largest value, that is taken for a jump."""
PATH = NoisePath(start=64.0, first=0.7, longest=1.4, shortest=0.05, most=60)
CALM = 1000
"""Most plain months at one noise."""
MONTHS = 8000
"""Most months solved on the way down."""


@dataclass(frozen=True)
class Standing:
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
    def of(cls, game: Game, found: Found, **words: Any) -> Standing:
        """Return what was found of a game; ``words`` are the fields that say how."""
        proof = found.proof
        return cls(game, found.point, residual=found.gap, bayes=proof.bayes, node=proof.residual, **words)

    @property
    def values(self) -> dict[str, np.ndarray]:
        """Start-of-month values by station, ``(accounts, [phases], beliefs, cells)``."""
        return self.point["values"]

    def after(self, first: Standing) -> Standing:
        """Return the same found after another route had stopped: its warnings and its cost are added."""
        return replace(
            self,
            warnings=(*first.warnings, *self.warnings),
            path=first.path,
            maps=first.maps + self.maps,
            seconds=first.seconds + self.seconds,
        )


def solve_standing(
    game: Game,
    *,
    path: NoisePath = PATH,
    tolerance: float = 1e-9,
    convention: str = "expectation",
    say: Callable[[str, int, int], None] | None = None,
    months: int = MONTHS,
) -> Standing:
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
    month = StandingMonth(game, convention=convention)
    follower = _Follower(month, path, tolerance, say, months)
    reached, outcome = follower.run()
    last = follower.points[-1]
    return Standing.of(
        game,
        last,
        scale=float(np.exp(last.tau)),
        reached=reached,
        outcome=outcome,
        warnings=tuple(follower.notes),
        path=tuple(follower.record),
        maps=month.maps,
        seconds=time.perf_counter() - begun,
        convention=convention,
    )


OTHER = "plain months settle on another, which is followed from there"


class _Follower:
    """The branch while it is followed."""

    def __init__(self, month: StandingMonth, path: NoisePath, tolerance: float, say: Any, months: int) -> None:
        self.month, self.path, self.relative, self.say, self.months = month, path, tolerance, say, months
        self.points: list[Found] = []
        self.record: list[PathPoint] = []
        self.notes: list[str] = []

    def run(self) -> tuple[bool, str]:
        tau = float(np.log(self.path.start))
        entry = self.solved(self.month.start(), tau)
        self.keep(entry)
        if not self.good(entry):
            return False, f"stopped: no fixed point found at {self.path.start:g} times the noise asked for"
        length = self.path.first
        for _ in range(self.path.most):
            here = self.points[-1]
            if here.tau <= 0:
                return True, "reached the noise asked for"
            if self.month.maps > self.months:
                return False, self.stopped(here, f"{self.month.maps:,} months were solved on the way")
            tau = max(0.0, here.tau - length)
            aim = self.predicted(tau)
            found = self.solved(aim, tau)
            off = distance(found.point, aim) / size(found.point)
            if self.good(found) and (off <= JUMP or length <= self.path.shortest):
                if off > JUMP:
                    self.notes.append(f"the branch ends near {np.exp(here.tau):.4g} times the noise asked for: {OTHER}")
                self.keep(found)
                longer = 1.0 if off > JUMP else 2.0 if found.rounds <= 4 else 0.6
                length = min(self.path.longest, max(self.path.first, longer * (here.tau - tau)))
                continue
            if length <= self.path.shortest:
                return False, self.stopped(here, f"plain months and Newton's method end with a gap of {found.gap:.0e}")
            length = max(self.path.shortest, (here.tau - tau) / 2)
        return False, f"stopped: {self.path.most} points did not reach the noise asked for"

    def solved(self, aim: Point, tau: float) -> Found:
        calm = calmed(self.month, aim, tau, relative=self.relative, most=CALM).found
        return calm if self.good(calm) else newton(self.month, calm.point, tau, relative=self.relative)

    def good(self, found: Found) -> bool:
        return found.gap <= self.relative * size(found.point)

    def stopped(self, here: Found, why: str) -> str:
        note = (
            f"stopped: the branch could not be followed below {np.exp(here.tau):.6g} times the noise asked for: {why}"
        )
        self.notes.append(f"{note}; ask for more noise, or solve from several starts")
        return note

    def keep(self, found: Found) -> None:
        self.points.append(found)
        self.record.append(PathPoint(float(np.exp(found.tau)), found.gap, found.rounds, True))
        if self.say is not None:
            self.say("following noise down", len(self.points), 0)

    def predicted(self, tau: float) -> Point:
        """Return where the line through the last two points leads; beliefs stay where they are."""
        here = self.points[-1]
        if len(self.points) < 2:
            return here.point
        before = self.points[-2]
        ahead = (tau - here.tau) / (here.tau - before.tau)
        values = {
            name: value + ahead * (value - before.point["values"][name]) for name, value in here.point["values"].items()
        }
        return {"values": values, "odds": here.point["odds"]}
