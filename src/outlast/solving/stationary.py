"""The stationary solution: the fixed point of a map of values, reached by following noise down.

Where noise is high the map has one fixed point, whatever it started from. From there the branch of fixed points is
followed to the noise asked for (the principal branch: McKelvey & Palfrey 1995; Turocy 2005), by predictor and corrector
along its own length, so that a branch which turns back to higher noise is followed round the turn. Plain iteration of
the map need not converge at small noise; nothing here relies on it.

The map is any function of a module, ``step(values, scale, data) -> values``: ``values`` a tree of arrays, ``scale`` the
number that multiplies every noise, ``data`` a tree of numbers, as of an explicit game (``outlast.solving.explicit``).
The month of a war, whose loops cannot be differentiated, has its own continuation: ``outlast.solving.standing_path``.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np

from outlast.solving.crossing import WIDTH, above_one, locate
from outlast.solving.newton import Method, Step, correct, join, split, tangent

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

    values: Any
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


def solve_stationary(
    step: Step,
    start: Any,
    *,
    data: Any = None,
    path: NoisePath | None = None,
    tolerance: float = 1e-10,
    method: Method | None = None,
    watch: float | None = WIDTH,
) -> Stationary:
    """Follow the fixed points of ``step`` from high noise to the noise asked for.

    Args:
        step: ``step(values, scale, data)``, a function of a module; values in double precision.
        start: values to begin with at the highest noise.
        data: numbers for ``step``.
        path: where the branch is entered, and its steps.
        tolerance: largest gap between ``step(values)`` and ``values``, relative to the largest value.
        method: how linear equations are solved, and whether ``step`` can be differentiated.
        watch: look for other branches that meet this one, and say where to this relative width of noise; costs a few
            dozen maps at the ends of the branch. None does not look.

    Returns:
        The values with their residual. It never stalls: after ``path.most`` points, or when steps become shorter than
        ``path.shortest``, it says where and why it stopped.
    """
    path, method = path or NoisePath(), method or Method()
    for _ in range(TRIES):
        branch = _Branch(step, start, data, path, tolerance, method)
        found = branch.run()
        if watch is None:
            return found
        pair, unknown = branch.crossing(watch)
        if pair is None or not branch.apart(*pair):
            return branch.watched(found, pair, unknown)
        shorter = max(path.shortest, path.longest / CAREFUL)
        path = replace(path, longest=shorter, first=min(path.first, shorter))
    return branch.left(found, pair)


class _Branch:
    """One branch while it is followed: the points so far, the direction, the length of the next step."""

    def __init__(self, step: Step, start: Any, data: Any, path: NoisePath, tolerance: float, method: Method) -> None:
        self.step, self.like, self.problem = step, start, (start, data)
        self.path, self.relative, self.method = path, tolerance, method
        self.points: list[Any] = []
        self.record: list[PathPoint] = []
        self.notes: list[str] = []
        self.size = 1.0

    @property
    def tolerance(self) -> float:
        return self.relative * max(1.0, self.size)

    @property
    def weight(self) -> Any:
        """Return weights that make the spread of the values and a factor e of noise equally long."""
        count = self.points[0].size - 1 if self.points else 1
        return jnp.full(count + 1, 1 / (count * self.size**2)).at[-1].set(1.0)

    def of_length_one(self, direction: Any) -> Any:
        """Return a direction at the length that the weights now give to one: they follow the size of the values."""
        return direction / jnp.sqrt((self.weight * direction**2).sum())

    def along_noise(self, y: Any) -> Any:
        return jnp.zeros_like(y).at[-1].set(-1.0)

    def measure_size(self, y: Any) -> None:
        self.size = float(jnp.maximum(jnp.abs(y[:-1]).max(), 1e-12))

    def newton(self, y: Any, guide: Any, *, most: int = 12, tolerance: float | None = None) -> Any:
        return correct(
            self.step,
            y,
            self.problem,
            guide=(guide, self.weight),
            tolerance=self.tolerance if tolerance is None else tolerance,
            method=self.method,
            most=most,
        )

    def run(self) -> Stationary:
        y = join(self.like, np.log(self.path.start))
        self.points = [y]
        self.measure_size(y)
        entry = self.newton(y, self.along_noise(y), most=60)
        self.measure_size(entry.y)
        entry = self.newton(entry.y, self.along_noise(y), most=60)
        self.points = [entry.y]
        self.keep(entry, falling=True)
        if not float(entry.gap) <= self.tolerance:
            return self.stopped(
                f"no fixed point found at the highest noise ({self.path.start:g} times that asked for)",
                "start the noise path higher, or closer to a solution",
            )
        if self.path.start == 1:
            return self.ended()
        return self.follow()

    def follow(self) -> Stationary:
        y = self.points[-1]
        guide, _ = tangent(self.step, y, self.problem, guide=(self.along_noise(y), self.weight), method=self.method)
        length, tries = self.path.first, 0
        while tries < self.path.most:
            tries += 1
            y = self.points[-1]
            aim, fixed, share = self.predict(y, guide, length)
            point = self.newton(aim, fixed)
            ahead, refusal = self.judge(point, y, aim, guide, share)
            if refusal:
                length = share / 2
                if length < self.path.shortest:
                    return self.stopped(
                        f"the branch could not be followed below {self.scale_words(y)}: {refusal}",
                        "ask for more noise, allow shorter steps, or solve from several starts",
                    )
                continue
            self.accept(point, ahead, guide)
            if float(point.y[-1]) <= 0:
                return self.ended()
            if float(point.y[-1]) > np.log(self.path.start) + self.path.longest:
                return self.stopped("the branch returns to high noise", "solve from several starts")
            guide = self.of_length_one(ahead)
            length = self.lengthened(share, int(point.rounds))
        return self.stopped(
            f"{self.path.most} points did not reach the noise asked for", "allow more points or longer steps"
        )

    def predict(self, y: Any, guide: Any, length: float) -> tuple[Any, Any, float]:
        """Return the aim of the next step, the direction that pins it down, and the length: less at the noise asked."""
        aim = y + length * guide
        if float(aim[-1]) > 0:
            return aim, guide, length
        length = float(-y[-1] / guide[-1])
        return (y + length * guide).at[-1].set(0.0), self.along_noise(y), length

    def judge(self, point: Any, y: Any, aim: Any, guide: Any, length: float) -> tuple[Any, str]:
        """Return the direction of the branch at a point, and why the point is refused, or an empty string."""
        if not float(point.gap) <= self.tolerance:
            slack = float(point.slack)
            lost = f" and linear equations unsolved (residual {slack:.0e})" if slack > BLIND else ""
            return guide, f"Newton's method ends with a gap of {float(point.gap):.0e}{lost}"
        weight = self.weight
        off = float(jnp.sqrt((weight * (point.y - aim) ** 2).sum()))
        if off > FAR * length:
            return guide, "the next point found is too far from where the branch was heading"
        ahead, slack = tangent(self.step, point.y, self.problem, guide=(guide, weight), method=self.method)
        if float(slack) > BLIND:
            return guide, f"linear equations unsolved (residual {float(slack):.0e})"
        if float((weight * guide * ahead).sum()) < SHARP:
            return guide, "the branch bends too sharply"
        return ahead, ""

    def accept(self, point: Any, ahead: Any, before: Any) -> None:
        falling = float(ahead[-1]) < 0
        if falling != (float(before[-1]) < 0):
            back = "falls again" if falling else "turns back to higher noise"
            self.notes.append(f"the branch {back} near {self.scale_words(point.y)}; it was followed round the turn")
        self.points.append(point.y)
        self.keep(point, falling=falling)
        self.measure_size(point.y)

    def keep(self, point: Any, *, falling: bool) -> None:
        scale = float(np.exp(float(point.y[-1])))
        self.record.append(PathPoint(scale, float(point.gap), int(point.rounds), falling))

    def lengthened(self, length: float, rounds: int) -> float:
        factor = 2.0 if rounds <= 4 else 1.0 if rounds <= 7 else 0.6
        return min(self.path.longest, max(self.path.shortest, factor * length))

    def scale_words(self, y: Any) -> str:
        return f"{float(np.exp(float(y[-1]))):.6g} times the noise asked for"

    def ended(self) -> Stationary:
        y = self.points[-1]
        polished = self.newton(y.at[-1].set(0.0), self.along_noise(y), most=3, tolerance=0.0)
        self.points[-1] = polished.y
        good = float(polished.gap) <= self.tolerance
        if not good:
            return self.stopped("the last point is no fixed point", "ask for more noise")
        return self.result(reached=True, outcome="reached the noise asked for", gap=float(polished.gap))

    def stopped(self, why: str, remedy: str) -> Stationary:
        self.notes.append(f"stopped: {why}; {remedy}")
        return self.result(reached=False, outcome=f"stopped: {why}", gap=self.record[-1].gap)

    def result(self, *, reached: bool, outcome: str, gap: float) -> Stationary:
        values, tau = split(self.points[-1], self.like)
        return Stationary(
            values=jax.tree.map(np.asarray, values),
            scale=float(np.exp(float(tau))),
            residual=gap,
            reached=reached,
            outcome=outcome,
            warnings=tuple(self.notes),
            path=tuple(self.record),
            crossings=(),
        )

    def crossing(self, width: float) -> tuple[tuple[Any, Any] | None, bool]:
        """Return two near points between which another branch meets this one, or None; and whether that is unknown."""
        return locate(self.points, self.count, self.between, width)

    def count(self, y: Any) -> int | None:
        return above_one(self.step, y, self.problem, self.method)

    def apart(self, first: Any, second: Any) -> bool:
        """Return whether two points at nearly the same noise are on different branches."""
        return float(jnp.abs(first - second)[:-1].max()) > APART * self.size

    def watched(self, found: Stationary, pair: tuple[Any, Any] | None, unknown: bool) -> Stationary:
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

    def left(self, found: Stationary, pair: tuple[Any, Any]) -> Stationary:
        """Return the result of a branch that was left, however short the steps were, as one that was not reached."""
        why = f"the branch was left near {self.scale_words(pair[0])}, so the values may belong to another one"
        notes = (*found.warnings, f"stopped: {why}; ask for more noise, or solve from several starts")
        return replace(found, warnings=notes, reached=False, outcome=f"stopped: {why}")

    def between(self, first: Any, second: Any) -> Any:
        """Return a point of the branch between two others, or None where Newton's method finds none."""
        middle = (first + second) / 2
        guide = self.along_noise(middle)
        if abs(float(first[-1] - second[-1])) < SAME:
            guide = (second - first) / jnp.sqrt((self.weight * (second - first) ** 2).sum())
        point = self.newton(middle, guide)
        return point.y if float(point.gap) <= self.tolerance else None
