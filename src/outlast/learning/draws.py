"""Draws from the ranges of a scenario, each solved and kept as a policy: what a record is held against.

A draw is a point of the unit cube, one coordinate for each number that may differ; the ranges turn it into numbers.
What was not asked to differ keeps its central value.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np
from scipy.stats import qmc

from outlast.answers.draws import drawn
from outlast.game import Game
from outlast.learning.policy import Policy, policy_of
from outlast.scenario.prior import Spread, prior_of
from outlast.solving import solve

Progress = Callable[[str, int, int], None]
SPARE = 2
"""Months that a window keeps beyond those of a policy."""
THREADS = 2
"""Draws solved at once."""


@dataclass(frozen=True)
class Ranges:
    """The numbers that may differ and their ranges; half of a prior's draws lie below the central value, half above."""

    spreads: tuple[Spread, ...]

    @staticmethod
    def of(scenario, free: Sequence[str] | None = None) -> Ranges:
        """Return the ranges of a scenario, or of the numbers at the paths ``free`` only.

        Raises ``ValueError`` for a path that has no range.
        """
        spreads = prior_of(scenario).spreads
        if free is None:
            return Ranges(spreads)
        known = {spread.path: spread for spread in spreads}
        strange = [path for path in free if path not in known]
        if strange:
            raise ValueError(f"no number with a range is at {', '.join(strange)}; outlast check lists the ranges")
        return Ranges(tuple(known[path] for path in free))

    @property
    def paths(self) -> tuple[str, ...]:
        """Return the paths of the numbers, in order."""
        return tuple(spread.path for spread in self.spreads)

    def numbers(self, points: np.ndarray) -> np.ndarray:
        """Turn points of the unit cube ``(draws, numbers)`` into numbers, each in its own unit."""
        low, value, high = (np.array([getattr(s, end) for s in self.spreads]) for end in ("low", "value", "high"))
        below, above = low + 2 * points * (value - low), value + (2 * points - 1) * (high - value)
        return np.where(points < 0.5, below, above)

    def sample(self, count: int, seed: int) -> np.ndarray:
        """Return scrambled Sobol points of the unit cube, ``(count, numbers)``: a draw from the prior."""
        if not self.spreads:
            return np.zeros((count, 0))
        with warnings.catch_warnings():
            # Any number of draws is fine; only the evenness of a power of two is lost.
            warnings.filterwarnings("ignore", message="The balance properties")
            return qmc.Sobol(len(self.spreads), scramble=True, rng=seed).random(count)


@dataclass(frozen=True)
class Solver:
    """What solves draws of one game and keeps their policies."""

    game: Game
    ranges: Ranges
    months: int
    """Months of a policy."""

    def __call__(self, points: np.ndarray, say: Progress | None = None, stage: str = "solving draws") -> list[Policy]:
        """Return the policy of every point, in order."""
        numbers = self.ranges.numbers(points)
        pool = ThreadPoolExecutor(THREADS)
        try:
            futures = [pool.submit(self.one, row) for row in numbers]
            policies = []
            for done, future in enumerate(futures):
                policies.append(future.result())
                if say:
                    say(stage, done + 1, len(futures))
            return policies
        finally:
            pool.shutdown(wait=False, cancel_futures=True)

    def one(self, numbers: np.ndarray) -> Policy:
        """Solve one draw of the numbers."""
        solution = solve(drawn(self.game, self.ranges.paths, numbers), window=self.months + SPARE, threads=1)
        return policy_of(solution, self.months)


@dataclass(frozen=True)
class Draws:
    """Points of the unit cube and the policies solved there: a set of draws, of which an ensemble may hold many."""

    ranges: Ranges
    points: np.ndarray
    policies: Mapping[int, Policy] | Sequence[Policy]
    """Policy by draw; anything that is looked up by the draw's number, such as a reader of stored arrays."""

    @property
    def count(self) -> int:
        """Return the number of draws."""
        return len(self.points)

    @property
    def numbers(self) -> np.ndarray:
        """Return the numbers of every draw, ``(draws, numbers)``."""
        return self.ranges.numbers(self.points)
