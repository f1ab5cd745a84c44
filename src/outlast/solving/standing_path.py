"""Stationary equilibrium of a conflict: the fixed point of its month, followed down from high noise.

    F(values) = month(values) - values = 0

by Newton's method, matrix-free: the derivative of the month in a direction is a difference of two months, and Newton's
equation is solved by GMRES (Saad & Schultz 1986) only as exactly as the round needs (Dembo, Eisenstat & Steihaug 1982).
A step is halved until the gap shrinks. Noise falls from where one month after another settles quickly to the noise
asked for; each point begins where a straight line through the last two leads. Plain months, one after another, are not
relied on: at small noise they may go in circles.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
from scipy.sparse.linalg import LinearOperator, gmres

from outlast.game import Game
from outlast.solving.standing import Point, StandingMonth
from outlast.solving.stationary import NoisePath, PathPoint

ROUNDS = 24
"""Most Newton rounds at one noise."""
HALVINGS = 6
DIRECTIONS = 60
"""Most directions that GMRES tries; an equation that needs more is left, and plain months are taken instead."""
ENTRY, SETTLING, LONGEST = 100, 25, 400
"""Plain months taken at the highest noise, where they settle; where Newton's equation was left; and the most at once,
since every time that it is left again they are twice as many."""
FORCING = 0.02
"""How exactly Newton's equation is solved, relative to the gap."""
CHANGE = 1e-7
"""Size of the change that a difference of two months looks at, relative to the largest value."""
JUMP = 0.2
"""Distance from where the line of the last points leads, relative to the largest value, that is taken for a jump."""
PATH = NoisePath(start=64.0, first=0.7, longest=1.4, shortest=1e-3, most=60)
MONTHS = 20_000
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
    return Standing(
        game=game,
        point=last.point,
        scale=float(np.exp(last.tau)),
        residual=last.gap,
        bayes=last.bayes,
        reached=reached,
        outcome=outcome,
        warnings=tuple(follower.notes),
        path=tuple(follower.record),
        maps=month.maps,
        seconds=time.perf_counter() - begun,
        convention=convention,
    )


@dataclass(frozen=True)
class Found:
    """Where Newton's method ends at one noise."""

    point: Point = field(repr=False)
    tau: float
    gap: float
    bayes: float
    rounds: int


class _Follower:
    """The branch while it is followed."""

    def __init__(self, month: StandingMonth, path: NoisePath, tolerance: float, say: Any, months: int) -> None:
        self.month, self.path, self.relative, self.say, self.months = month, path, tolerance, say, months
        self.points: list[Found] = []
        self.record: list[PathPoint] = []
        self.notes: list[str] = []

    def run(self) -> tuple[bool, str]:
        tau = float(np.log(self.path.start))
        entry = newton(self.month, settled(self.month, self.month.start(), tau, ENTRY), tau, relative=self.relative)
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
            found = newton(self.month, aim, tau, relative=self.relative)
            off = distance(found.point, aim) / size(found.point)
            if not self.good(found) or (off > JUMP and length > self.path.shortest):
                length = (here.tau - tau) / 2
                if length < self.path.shortest:
                    gap = f"Newton's method ends with a gap of {found.gap:.0e}"
                    return False, self.stopped(here, "the values jump" if self.good(found) else gap)
                continue
            if off > JUMP:
                self.notes.append(f"values jump near {np.exp(tau):.6g} times the noise asked for: another branch")
            self.keep(found)
            factor = 2.0 if found.rounds <= 4 else 1.0 if found.rounds <= 8 else 0.6
            length = min(self.path.longest, factor * (here.tau - tau))
        return False, f"stopped: {self.path.most} points did not reach the noise asked for"

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


def size(point: Point) -> float:
    """Return the largest value of a point, at least 1."""
    return max(1.0, *(float(np.abs(value).max()) for value in point["values"].values()))


def distance(first: Point, second: Point) -> float:
    """Return the largest difference of two points in any value."""
    return max(float(np.abs(value - second["values"][name]).max()) for name, value in first["values"].items())


def newton(
    month: StandingMonth, start: Point, tau: float, *, relative: float, most: int = ROUNDS, plain: bool = True
) -> Found:
    """Follow Newton's method from a point at one noise until the gap is small enough or nothing helps any more.

    ``plain`` says whether plain months are taken where Newton's equation cannot be solved.
    """
    scale = float(np.exp(tau))
    held = start
    after = month.before(held, scale)
    bayes, gap = month.proof.bayes, distance(after, held)
    rounds, patience = 0, SETTLING
    while rounds < most and not gap <= relative * size(held):
        rounds += 1
        # Nodes are followed from where they are at this point, so that all months of a round are on one branch of each.
        held = {"values": held["values"], "odds": after["odds"]}
        move = _direction(month, held, after, scale)
        better = None if move is None else _shorter(month, held, move, scale, gap)
        if better is None:
            if not plain:
                break
            held = settled(month, after, tau, patience)
            patience = min(2 * patience, LONGEST)
            after = month.before(held, scale)
            bayes, gap = month.proof.bayes, distance(after, held)
            continue
        held, after, gap, bayes = better
    return Found(held, tau, gap, bayes, rounds)


def settled(month: StandingMonth, point: Point, tau: float, months: int) -> Point:
    """Return the point so many plain months earlier."""
    for _ in range(months):
        point = month.before(point, float(np.exp(tau)))
    return point


def _shorter(month: StandingMonth, held: Point, move: np.ndarray, scale: float, gap: float) -> Any:
    """Return the first of ever shorter steps that shrinks the gap: point, month before it, gap, Bayes error."""
    for halving in range(HALVINGS):
        aim = _moved(held, 0.5**halving * move)
        after = month.before(aim, scale)
        now = distance(after, aim)
        if now < (1 - 1e-4 * 0.5**halving) * gap:
            return aim, after, now, month.proof.bayes
    return None


def _direction(month: StandingMonth, held: Point, after: Point, scale: float) -> np.ndarray | None:
    """Return an approximate solution of Newton's equation, or None where none was found."""
    here, reached = _flat(held), _flat(after)
    largest = size(held)

    def push(direction: np.ndarray) -> np.ndarray:
        length = np.abs(direction).max()
        if length == 0:
            return np.zeros_like(direction)
        step = CHANGE * largest / length
        there = _flat(month.before(_moved(held, step * direction), scale))
        return direction - (there - reached) / step

    operator: Any = LinearOperator
    system = operator((here.size, here.size), matvec=push, dtype=float)
    found, left = gmres(system, reached - here, rtol=FORCING, atol=0.0, restart=DIRECTIONS, maxiter=1)
    return found if left == 0 else None


def _flat(point: Point) -> np.ndarray:
    return np.concatenate([value.reshape(-1) for value in point["values"].values()])


def _moved(point: Point, move: np.ndarray) -> Point:
    """Return the point with its values moved."""
    values, done = {}, 0
    for name, value in point["values"].items():
        values[name] = value + move[done : done + value.size].reshape(value.shape)
        done += value.size
    return {"values": values, "odds": point["odds"]}
