"""Steps towards a fixed point of a conflict's month at one noise: plain months, and Newton's method.

    F(values) = month(values) - values = 0

The derivative of the month in a direction is a difference of two months, and Newton's equation is solved by GMRES
(Saad & Schultz 1986) only as exactly as the round needs (Dembo, Eisenstat & Steihaug 1982). A step is halved until the
gap shrinks.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from scipy.sparse.linalg import LinearOperator, gmres

from outlast.solving.newton import newton
from outlast.solving.stationary_month import Point, StationaryMonth
from outlast.solving.workspace import Proof

ROUNDS = 24
"""Most Newton rounds at one noise."""
HALVINGS = 5
DIRECTIONS = 60
"""Most directions that GMRES tries; an equation that needs more is left."""
FORCING = 0.02
"""How exactly Newton's equation is solved, relative to the gap."""
CHANGE = 1e-7
"""Size of the change that a difference of two months looks at, relative to the largest value."""
BLOCK = 50
"""Plain months between two looks at the gap."""
Tell = Callable[[int], None]
SLOW, LOOKS = 0.9, 12
"""A gap that has not shrunk to this share of what it was so many looks ago is not shrinking."""


@dataclass(frozen=True)
class Found:
    """Where Newton's method ends at one noise."""

    point: Point = field(repr=False)
    tau: float
    gap: float
    proof: Proof
    """What the typed nodes of the month prove about themselves."""
    rounds: int


@dataclass(frozen=True)
class Calmed:
    """Where plain months end at one noise: the point, the months taken, and whether the gap had stopped shrinking."""

    found: Found
    months: int
    circling: bool
    seen: tuple[Point, ...] = field(repr=False)
    """The points looked at last, the newest at the end."""


def size(point: Point) -> float:
    """Return the largest value of a point, at least 1."""
    return max(1.0, *(float(np.abs(value).max()) for value in point["values"].values()))


def distance(first: Point, second: Point) -> float:
    """Return the largest difference of two points in any value."""
    return max(float(np.abs(value - second["values"][name]).max()) for name, value in first["values"].items())


def newton_month(month: StationaryMonth, start: Point, tau: float, *, relative: float, most: int = ROUNDS) -> Found:
    """Follow Newton's method from a point at one noise until the gap is small enough or nothing helps any more."""
    scale = float(np.exp(tau))

    def looked(point: Point) -> _Looked:
        after = month.before(point, scale)
        return _Looked(point, after, distance(after, point), month.proof)

    def ahead(here: _Looked) -> Callable[[float], _Looked] | None:
        # Nodes are followed from where they are at this point, so that all months of a round are on one branch of each.
        held = {"values": here.point["values"], "odds": here.after["odds"]}
        move = _direction(month, held, here.after, scale)
        return None if move is None else lambda share: looked(_moved(held, share * move))

    enough = lambda here: relative * size(here.point)  # noqa: E731
    found, rounds = newton(looked(start), ahead, enough=enough, most=most, halvings=HALVINGS)
    return Found(found.point, tau, found.gap, found.proof, rounds)


@dataclass(frozen=True)
class _Looked:
    """A point, the month before it, the gap between the two, and what the month proves about itself."""

    point: Point
    after: Point
    gap: float
    proof: Proof


def settled(month: StationaryMonth, point: Point, tau: float, months: int) -> Point:
    """Return the point so many plain months earlier."""
    for _ in range(months):
        point = month.before(point, float(np.exp(tau)))
    return point


def calmed(
    month: StationaryMonth,
    start: Point,
    tau: float,
    *,
    relative: float,
    most: int,
    say: Callable[[int], None] | None = None,
) -> Calmed:
    """Put plain months before one another until the gap is small, shrinks no more, or ``most`` is over.

    The branch that nodes are on is carried along, so a gap may grow for a while where a node's equilibrium ends.
    """
    scale = float(np.exp(tau))
    point, gaps, seen, done = start, [], [], 0
    while True:
        point = settled(month, point, tau, BLOCK - 1)
        after = month.before(point, scale)
        done += BLOCK
        gaps.append(distance(after, point))
        seen = [*seen[-LOOKS:], point]
        circling = len(gaps) > 2 * LOOKS and min(gaps[-LOOKS:]) > SLOW * min(gaps[:-LOOKS])
        if gaps[-1] <= relative * size(point) or circling or done >= most:
            held = {"values": point["values"], "odds": after["odds"]}
            return Calmed(Found(held, tau, gaps[-1], month.proof, 0), done, circling, tuple(seen))
        point = after
        if say is not None:
            say(done)


def _direction(month: StationaryMonth, held: Point, after: Point, scale: float) -> np.ndarray | None:
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
