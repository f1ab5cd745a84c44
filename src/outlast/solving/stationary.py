"""Stationary equilibria: the branch of fixed points of a map, followed from high noise to the noise asked for.

Where noise is high the map has one fixed point, whatever it started from. From there the branch of fixed points is
followed to the noise asked for (the principal branch: McKelvey & Palfrey 1995; Turocy 2005), one predicted and
corrected point after another; steps shorten where a point is refused and lengthen where points come easily. Plain
iteration of the map need not converge at small noise; nothing here relies on it.

``Branch`` is that walk, for every map. ``solve_stationary`` takes it along the branch's own length, so that a branch
which turns back to higher noise is followed round the turn: for maps with a derivative, such as explicit games
(``outlast.solving.explicit``). The month of a war has none; it steps from noise to noise
(``outlast.solving.stationary_war``).
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any, Generic, TypeVar

import numpy as np

from outlast.solving.crossing import WIDTH, above_one, locate
from outlast.solving.newton import Map, Point, correct, single_threaded, tangent

FAR = 0.2
"""Largest distance from the prediction, as a share of the step, that is not taken for a jump to another branch."""
SHARP = 0.9
"""Least cosine between two directions of the branch one step apart."""
APART = 0.05
"""Distance of two points at nearly the same noise, in the values' own size, from which they are on two branches."""
CAREFUL = 4
"""How much shorter the steps become when the branch turns out to have been left."""
SAME = 1e-12
"""Difference of two logarithms of noise that is rounding."""
TRIES = 4
"""Most times that a branch which was left is followed again."""
BLIND = 0.5
"""Relative residual of a linear equation from which on its direction is worth nothing."""
CHANGE = 1e-6
"""Change of a value, relative to the largest, that the difference quotients of a plain function look at."""


@dataclass(frozen=True)
class NoisePath:
    """Where the branch is entered and how far one step goes.

    ``start`` multiplies every noise at the entry and must be high enough for a single fixed point; 1 is the noise asked
    for. Lengths are in logarithms of the noise where the values stand still.
    """

    start: float = 100.0
    first: float = 0.5
    longest: float = 1.0
    shortest: float = 1e-4
    most: int = 300
    """Most points of the branch, refused ones included."""

    def __post_init__(self) -> None:
        """Check the lengths."""
        if not (np.isfinite(self.start) and self.start >= 1):
            raise ValueError(f"a noise path starts at a scale of at least 1, the noise asked for; found {self.start}")
        if not 0 < self.shortest <= self.first <= self.longest:
            raise ValueError(
                f"steps of a noise path must rise from shortest to first to longest, all above 0; found "
                f"{self.shortest}, {self.first}, {self.longest}"
            )


@dataclass(frozen=True)
class PathPoint:
    """One point of the branch: noise scale, gap |step(values) - values|, Newton rounds, and whether noise falls on."""

    scale: float
    gap: float
    rounds: int
    falling: bool


@dataclass(frozen=True)
class Stationary:
    """What following the branch came to. ``values`` are a fixed point at ``scale``, up to ``residual``.

    ``reached`` says whether that is the noise asked for, to the tolerance asked for; where it is False, ``outcome``
    says why in words, and ``values`` are those of the last point that was one.
    """

    values: np.ndarray
    """All unknowns as one vector, in the order of the map."""
    scale: float
    residual: float
    reached: bool
    outcome: str
    warnings: tuple[str, ...]
    path: tuple[PathPoint, ...]
    crossings: tuple[tuple[float, float], ...]
    """Intervals of noise scale, higher first, within which other branches meet this one."""

    def __repr__(self) -> str:
        """Return one line."""
        return f"Stationary({self.outcome}; residual {self.residual:.0e}, {len(self.path)} points)"


Found = TypeVar("Found", bound=Any)


class Branch(ABC, Generic[Found]):
    """A branch of fixed points while it is followed down in noise: the points so far, and what was noted on the way."""

    def __init__(self, path: NoisePath) -> None:
        """Begin a branch that is to be followed along a noise path."""
        self.path = path
        self.points: list[Found] = []
        self.record: list[PathPoint] = []
        self.notes: list[str] = []

    @abstractmethod
    def enter(self) -> Found:
        """Return the point at the highest noise."""

    @abstractmethod
    def good(self, found: Found) -> bool:
        """Return whether a point is a fixed point, to the tolerance."""

    @abstractmethod
    def predict(self, length: float) -> tuple[Any, float]:
        """Return where the next point is looked for, and the length of that step: less at the noise asked for."""

    @abstractmethod
    def correct(self, aim: Any) -> Found:
        """Return the point that a prediction leads to."""

    @abstractmethod
    def refusal(self, found: Found, aim: Any, length: float) -> str:
        """Return in words why a point is not taken for the next one of the branch; empty where it is."""

    @abstractmethod
    def tau(self, found: Found) -> float:
        """Return the logarithm of a point's noise scale."""

    @abstractmethod
    def marked(self, found: Found) -> PathPoint:
        """Return what is written down of a point."""

    @abstractmethod
    def lengthened(self, length: float, found: Found) -> float:
        """Return the length of the step after one that succeeded."""

    def accept(self, found: Found) -> None:
        """Add a point to the branch."""
        self.points.append(found)
        self.record.append(self.marked(found))

    def spent(self) -> str:
        """Return in words why no more work may be put into the branch; empty while it may."""
        return ""

    def run(self) -> tuple[bool, str]:
        """Follow the branch; return whether the noise asked for was reached, and in words how it ended."""
        entry = self.enter()
        self.accept(entry)
        if not self.good(entry):
            return self.stopped(
                f"no fixed point found at the highest noise ({self.path.start:g} times that asked for)",
                "start the noise path higher, or closer to a solution",
            )
        length, tries = self.path.first, 0
        while self.tau(self.points[-1]) > 0:
            if tries == self.path.most:
                why = f"{self.path.most} points did not reach the noise asked for"
                return self.stopped(why, "allow more points or longer steps")
            if why := self.spent():
                return self.lost(why)
            if self.tau(self.points[-1]) > np.log(self.path.start) + self.path.longest:
                return self.stopped("the branch returns to high noise", "solve from several starts")
            tries += 1
            aim, share = self.predict(length)
            found = self.correct(aim)
            if why := self.refusal(found, aim, share):
                if share <= self.path.shortest:
                    return self.lost(why)
                length = max(self.path.shortest, share / 2)
                continue
            self.accept(found)
            length = self.lengthened(share, found)
        return True, "reached the noise asked for"

    def lost(self, why: str) -> tuple[bool, str]:
        """Note that the branch could not be followed any further."""
        return self.stopped(
            f"the branch could not be followed below {self.words(self.points[-1])}: {why}",
            "ask for more noise, allow shorter steps, or solve from several starts",
        )

    def stopped(self, why: str, remedy: str) -> tuple[bool, str]:
        """Note why the branch was left where it is, with a way out."""
        self.notes.append(f"stopped: {why}; {remedy}")
        return False, f"stopped: {why}"

    def words(self, found: Found) -> str:
        """Return a point's noise in words."""
        return f"{float(np.exp(self.tau(found))):.6g} times the noise asked for"


def solve_stationary(
    of: Map,
    start: np.ndarray,
    *,
    path: NoisePath | None = None,
    tolerance: float = 1e-10,
    watch: float | None = WIDTH,
) -> Stationary:
    """Follow the fixed points of a map from high noise to the noise asked for.

    Args:
        of: the map.
        start: values to begin with at the highest noise, ``(of.size,)``.
        path: where the branch is entered, and its steps.
        tolerance: largest gap between ``step(values)`` and ``values``, relative to the largest value.
        watch: look for other branches that meet this one, and say where to this relative width of noise; costs a few
            dozen maps at the ends of the branch. None does not look.

    Returns:
        The values with their residual. It never stalls: after ``path.most`` points, or when steps become shorter than
        ``path.shortest``, it says where and why it stopped.
    """
    path = path or NoisePath()
    with single_threaded():
        for _ in range(TRIES):
            branch = _Arc(of, np.asarray(start, dtype=float), path, tolerance)
            found = branch.result(*branch.run())
            if watch is None:
                return found
            pair, unknown = branch.crossing(watch)
            if pair is None or not branch.apart(*pair):
                return branch.watched(found, pair, unknown)
            shorter = max(path.shortest, path.longest / CAREFUL)
            path = replace(path, longest=shorter, first=min(path.first, shorter))
    return branch.left(found, pair)


@dataclass(frozen=True)
class _Aim:
    y: np.ndarray
    fixed: np.ndarray
    """The direction along which the point does not move."""


class _Arc(Branch[Point]):
    """A branch followed along its own length."""

    def __init__(self, of: Map, start: np.ndarray, path: NoisePath, tolerance: float) -> None:
        super().__init__(path)
        self.of, self.start, self.relative = of, start, tolerance
        self.size = 1.0
        self.guide = self.ahead = np.append(np.zeros(of.size), -1.0)

    @property
    def tolerance(self) -> float:
        return self.relative * max(1.0, self.size)

    @property
    def weight(self) -> np.ndarray:
        """Return weights that make the spread of the values and a factor e of noise equally long."""
        return np.append(np.full(self.of.size, 1 / (self.of.size * self.size**2)), 1.0)

    @property
    def down(self) -> np.ndarray:
        return np.append(np.zeros(self.of.size), -1.0)

    def measure(self, y: np.ndarray) -> None:
        self.size = max(float(np.abs(y[:-1]).max(initial=0.0)), 1e-12)

    def newton(self, y: np.ndarray, guide: np.ndarray, *, most: int = 12, tolerance: float | None = None) -> Point:
        enough = self.tolerance if tolerance is None else tolerance
        return correct(self.of, y, guide=guide, weight=self.weight, tolerance=enough, most=most)

    def enter(self) -> Point:
        y = np.append(self.start, np.log(self.path.start))
        self.measure(y)
        entry = self.newton(y, self.down, most=60)
        self.measure(entry.y)
        entry = self.newton(entry.y, self.down, most=60)
        self.ahead, _ = tangent(self.of, entry, guide=self.down, weight=self.weight)
        self.guide = self.ahead
        return entry

    def good(self, found: Point) -> bool:
        return found.gap <= self.tolerance

    def tau(self, found: Point) -> float:
        return float(found.y[-1])

    def predict(self, length: float) -> tuple[_Aim, float]:
        y = self.points[-1].y
        aim = y + length * self.guide
        if aim[-1] > 0:
            return _Aim(aim, self.guide), length
        length = float(-y[-1] / self.guide[-1])
        aim = y + length * self.guide
        aim[-1] = 0.0
        return _Aim(aim, self.down), length

    def correct(self, aim: _Aim) -> Point:
        return self.newton(aim.y, aim.fixed)

    def refusal(self, found: Point, aim: _Aim, length: float) -> str:
        if not self.good(found):
            lost = f" and linear equations unsolved (residual {found.slack:.0e})" if found.slack > BLIND else ""
            return f"Newton's method ends with a gap of {found.gap:.0e}{lost}"
        weight = self.weight
        if float(np.sqrt((weight * (found.y - aim.y) ** 2).sum())) > FAR * length:
            return "the next point found is too far from where the branch was heading"
        self.ahead, slack = tangent(self.of, found, guide=self.guide, weight=weight)
        if slack > BLIND:
            return f"linear equations unsolved (residual {slack:.0e})"
        if float((weight * self.guide * self.ahead).sum()) < SHARP:
            return "the branch bends too sharply"
        return ""

    def accept(self, found: Point) -> None:
        falling = bool(self.ahead[-1] < 0)
        if falling != bool(self.guide[-1] < 0):
            back = "falls again" if falling else "turns back to higher noise"
            self.notes.append(f"the branch {back} near {self.words(found)}; it was followed round the turn")
        self.guide = self.ahead
        # Factors are needed for the direction at the point only, and are large.
        super().accept(replace(found, equations=None))
        self.measure(found.y)
        # The weights follow the size of the values, and the guide has length one by them.
        self.guide = self.guide / np.sqrt((self.weight * self.guide**2).sum())

    def marked(self, found: Point) -> PathPoint:
        return PathPoint(float(np.exp(found.y[-1])), found.gap, found.rounds, bool(self.guide[-1] < 0))

    def lengthened(self, length: float, found: Point) -> float:
        factor = 2.0 if found.rounds <= 4 else 1.0 if found.rounds <= 7 else 0.6
        return min(self.path.longest, max(self.path.shortest, factor * length))

    def result(self, reached: bool, outcome: str) -> Stationary:
        last = self.points[-1]
        gap = last.gap
        if reached:
            polished = self.newton(np.append(last.y[:-1], 0.0), self.down, most=3, tolerance=0.0)
            last, gap = replace(polished, equations=None), polished.gap
            self.points[-1] = last
            if not self.good(last):
                reached, outcome = self.stopped("the last point is no fixed point", "ask for more noise")
        return Stationary(
            values=last.y[:-1],
            scale=float(np.exp(last.y[-1])),
            residual=gap,
            reached=reached,
            outcome=outcome,
            warnings=tuple(self.notes),
            path=tuple(self.record),
            crossings=(),
        )

    def crossing(self, width: float) -> tuple[tuple[np.ndarray, np.ndarray] | None, bool]:
        """Return two near points between which another branch meets this one, or None; and whether that is unknown."""
        points = [point.y for point in self.points]
        return locate(points, lambda y: above_one(self.of, y), self.between, width)

    def apart(self, first: np.ndarray, second: np.ndarray) -> bool:
        """Return whether two points at nearly the same noise are on different branches."""
        return float(np.abs(first - second)[:-1].max(initial=0.0)) > APART * self.size

    def watched(self, found: Stationary, pair: tuple[np.ndarray, np.ndarray] | None, unknown: bool) -> Stationary:
        """Return the result with the place where other branches meet this one."""
        notes, places = list(found.warnings), ()
        if unknown:
            notes.append("it is not known whether other branches meet this one: the eigenvalues did not converge")
        if pair is not None:
            high, low = sorted((float(np.exp(float(y[-1]))) for y in pair), reverse=True)
            places = ((high, low),)
            notes.append(
                f"other branches meet this one between {high:.6g} and {low:.6g} times the noise asked for; this one "
                "was continued, and solving from several starts shows the others"
            )
        return replace(found, warnings=tuple(notes), crossings=places)

    def left(self, found: Stationary, pair: tuple[np.ndarray, np.ndarray]) -> Stationary:
        """Return the result of a branch that was left, however short the steps were, as one that was not reached."""
        scale = float(np.exp(float(pair[0][-1])))
        why = f"the branch was left near {scale:.6g} times the noise asked for, so the values may belong to another one"
        notes = (*found.warnings, f"stopped: {why}; ask for more noise, or solve from several starts")
        return replace(found, warnings=notes, reached=False, outcome=f"stopped: {why}")

    def between(self, first: np.ndarray, second: np.ndarray) -> np.ndarray | None:
        """Return a point of the branch between two others, or None where Newton's method finds none."""
        middle = (first + second) / 2
        guide = self.down
        if abs(float(first[-1] - second[-1])) < SAME:
            guide = (second - first) / np.sqrt((self.weight * (second - first) ** 2).sum())
        point = self.newton(middle, guide)
        return point.y if self.good(point) else None


class FunctionMap:
    """A plain function of few values as a map; its derivative is a difference quotient."""

    direct = True

    def __init__(self, step: Callable[[np.ndarray, float], np.ndarray], size: int) -> None:
        """Take ``step(values, scale)``, which returns as many values as it takes; ``scale`` multiplies every noise."""
        self.step, self.size = step, size

    def gap(self, y: np.ndarray) -> np.ndarray:
        """Return F at a point."""
        return np.asarray(self.step(y[:-1], float(np.exp(y[-1]))), dtype=float) - y[:-1]

    def slopes(self, y: np.ndarray) -> np.ndarray:
        """Return the derivative of F, column by column."""
        change = CHANGE * max(1.0, float(np.abs(y).max()))
        moves = change * np.eye(self.size + 1)
        return np.stack([(self.gap(y + move) - self.gap(y - move)) / (2 * change) for move in moves], axis=1)
