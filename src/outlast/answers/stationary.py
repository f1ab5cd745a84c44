"""The stationary equilibrium of a war: is it one, what it answers, and whether there are others.

The numbers of month 0 hold for ever: no horizon, no calendar. What is found is held against a second computation that
shares no code with the solver, month against the month after it, before any answer is read off it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import polars as pl

from outlast.answers.headlines import BEST
from outlast.answers.tabulate import short_tables
from outlast.game import Game
from outlast.solving.stationary_solution import StationarySolution, as_solution
from outlast.solving.stationary_starts import StationaryWars, stationary_equilibria
from outlast.solving.stationary_war import Route, StationaryWar, solve_stationary_war
from outlast.verify import LIMITS, Verification, check

Say = Callable[[str, int, int], None]
ROUTES = {
    "noise": "noise was followed down from where there is one equilibrium",
    "months": "one month was put before another from the end of a calendar, then Newton's method",
    "start": "Newton's method from a random start",
}


@dataclass(frozen=True)
class StationaryAnswers:
    """A stationary equilibrium, or in words why there is none; its certificate and its headline answers."""

    found: StationaryWar
    proof: Verification | None
    """The second computation; None where no equilibrium was reached."""
    headlines: pl.DataFrame | None
    """``key``, ``label``, ``unit``, ``value``; None where no equilibrium was reached."""
    others: StationaryWars | None
    other_headlines: tuple[pl.DataFrame, ...]
    """The headline answers of each equilibrium of ``others``."""

    @property
    def trusted(self) -> bool:
        """Whether an equilibrium of the war asked for was reached and both computations say so."""
        return self.found.reached and self.proof is not None and self.proof.trusted

    @property
    def solution(self) -> StationarySolution:
        """Return two months of it as a solution, which can be saved and verified; never trusted where it is none."""
        return as_solution(self.found, window=2)

    def record(self) -> dict[str, Any]:
        """Return everything as plain values."""
        found, game = self.found, self.found.game
        proof = None if self.proof is None else {name: self.proof.worst(name)[0] for name in LIMITS}
        return {
            "scenario": {"name": game.scenario.name, "title": game.scenario.title, "hash": game.scenario.hash},
            "resolution": game.resolution,
            "trusted": self.trusted,
            "reached": found.reached,
            "outcome": found.outcome,
            "route": found.route,
            "route_in_words": ROUTES[found.route],
            "noise_scale": found.scale,
            "residual": found.residual,
            "bayes": found.bayes,
            "second_computation": proof,
            "warnings": list(found.warnings),
            "months_solved": found.maps,
            "seconds": found.seconds,
            "headlines": None if self.headlines is None else self.headlines.to_dicts(),
            "equilibria": self._several(),
        }

    def _several(self) -> dict[str, Any] | None:
        if self.others is None:
            return None
        tables = self.other_headlines
        places = zip(*(table["label"] for table in tables), strict=True)
        labels = [ones[0] if len(set(ones)) == 1 else f"Whatever is {BEST}" for ones in places]
        each = [dict(zip(labels, table["value"], strict=True)) for table in tables]
        rows = [
            {"starts": count, "residual": one.residual, "answers": answers, "principal": i == self.others.selected}
            for i, (one, count, answers) in enumerate(zip(self.others.found, self.others.starts, each, strict=True))
        ]
        spread = {name: max(a[name] for a in each) - min(a[name] for a in each) for name in labels}
        return {
            "subject": self.found.game.scenario.title,
            "seed": self.others.seed,
            "starts": sum(self.others.starts) + self.others.failed,
            "failed": self.others.failed,
            "equilibria": rows,
            "branch": self.found.outcome,
            "spread": spread,
        }


def stationary_answers(
    game: Game, *, route: Route = "auto", starts: int = 0, seed: int = 1, say: Say | None = None
) -> StationaryAnswers:
    """Find a stationary equilibrium of a war, check it, and read the headline answers.

    Args:
        game: compiled; the numbers of its month 0 hold for ever.
        route: as in ``outlast.solving.stationary_war.solve_stationary_war``.
        starts: random starts that look for others; 0 for none.
        seed: of the random starts.
        say: is told how far the work is.
    """
    found = solve_stationary_war(game, route=route, say=say)
    others = stationary_equilibria(found, starts=starts, seed=seed, say=say) if starts else None
    if say is not None:
        say("checking and reading the answers", 0, 0)
    each = () if others is None else tuple(_headlines(one) for one in others.found)
    if not found.reached:
        return StationaryAnswers(found, None, None, others, each)
    return StationaryAnswers(found, second_computation(found), _headlines(found), others, each)


def _headlines(found: StationaryWar) -> pl.DataFrame:
    return short_tables(as_solution(found))["headlines"]


def second_computation(found: StationaryWar) -> Verification:
    """Work the month out again from the values of the month after it, which are the same, and compare."""
    solution = as_solution(found, window=2)
    values = {name: np.asarray(value) for name, value in solution.values.items()}
    alone = replace(found.game.shape, months=1)
    return check(alone, found.game.inputs, values, solution.choices(), months=[0])
