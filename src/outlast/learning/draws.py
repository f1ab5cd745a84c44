"""Draws from the ranges of a scenario, each solved and kept as a policy: what a record is held against.

A draw is a point of the unit cube, one coordinate for each number that may differ; the ranges turn it into numbers.
What was not asked to differ keeps its central value.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np

from outlast.answers.draws import cube, drawn, spread_out
from outlast.game import Game
from outlast.learning.policy import Policy, policy_of
from outlast.scenario.correlation import Correlation
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
    correlations: tuple[Correlation, ...] = ()

    @staticmethod
    def of(scenario, free: Sequence[str] | None = None) -> Ranges:
        """Return the ranges of a scenario, or of the numbers at the paths ``free`` only.

        Raises ``ValueError`` for a path that has no range.
        """
        known = {spread.path: spread for spread in prior_of(scenario).spreads}
        wanted = dict.fromkeys(known if free is None else free)
        strange = [path for path in wanted if path not in known]
        if strange:
            raise ValueError(f"no number with a range is at {', '.join(strange)}; outlast check lists the ranges")
        both = tuple(pair for pair in scenario.correlations if pair.one in wanted and pair.other in wanted)
        return Ranges(tuple(known[path] for path in wanted), both)

    @property
    def paths(self) -> tuple[str, ...]:
        """Return the paths of the numbers, in order."""
        return tuple(spread.path for spread in self.spreads)

    def numbers(self, points: np.ndarray) -> np.ndarray:
        """Turn points of the unit cube ``(draws, numbers)`` into numbers, each in its own unit.

        Where the scenario states correlations, numbers go together as it says, and evenly spread points remain so.
        """
        return spread_out(points, self.spreads, self.correlations)

    def quantiles(self, shares: Sequence[float]) -> np.ndarray:
        """Return quantiles of each number under the prior, ``(shares, numbers)``."""
        return spread_out(np.tile(np.array(shares)[:, None], len(self.spreads)), self.spreads, ())

    def sample(self, count: int, seed: int) -> np.ndarray:
        """Return scrambled Sobol points of the unit cube, ``(count, numbers)``: a draw from the prior."""
        return cube(len(self.spreads), count=count, seed=seed)


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
    """Points of the unit cube and the policies solved there, in order; policies may be read only when asked for."""

    ranges: Ranges
    points: np.ndarray
    policies: Sequence[Policy]
    source: str = ""
    """Where they are stored; empty if they were solved for this."""
    mark: str = ""
    """What tells them, and the program that reads them, from all others; empty where nothing is to be remembered."""

    @property
    def count(self) -> int:
        """Return the number of draws."""
        return len(self.points)

    @property
    def numbers(self) -> np.ndarray:
        """Return the numbers of every draw, ``(draws, numbers)``."""
        return self.ranges.numbers(self.points)
