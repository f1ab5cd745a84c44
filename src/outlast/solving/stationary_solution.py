"""A stationary equilibrium of a conflict as a solution of its calendar, so that every answer can be read off it.

Every month has the layers, the values and the log odds of the month that comes back.
"""

from __future__ import annotations

from functools import cached_property

import numpy as np

from outlast.solving.backward import Again, Calendar, Kept, Months
from outlast.solving.month import Ready
from outlast.solving.solution import WINDOW, Solution
from outlast.solving.stationary_war import StationaryWar
from outlast.solving.workspace import Proof


class Held(Months):
    """Months that all have the numbers of month 0."""

    def __getitem__(self, month: int) -> tuple[Ready, ...]:
        """Return the layers of month 0."""
        return super().__getitem__(0)


class StationarySolution(Solution):
    """A solution whose months are all alike and have no end."""

    @cached_property
    def again(self) -> Again:
        """What solves the month again, with all its stations and choices."""
        return Again(self.calendar, months=None, inclusive=self.convention == "logsumexp")


def as_solution(found: StationaryWar, *, window: int = WINDOW) -> StationarySolution:
    """Return a stationary equilibrium as a solution whose months are all alike.

    Its ``bayes`` is that of the nodes; its ``residual`` is the larger of what that can move and the gap of the month.
    What is no equilibrium of the game asked for has a residual without bound, and is never trusted.

    Args:
        found: the equilibrium.
        window: months that can be looked at.
    """
    months = Held(found.game.rules, found.game.inputs)

    def alike(arrays: dict[str, np.ndarray]) -> dict[str, np.ndarray]:
        return {name: np.broadcast_to(array, (window, *array.shape)) for name, array in arrays.items()}

    residual = max(found.residual, found.node) if found.reached else float("inf")
    proof = Proof(found.bayes, residual)
    kept = Kept(alike(found.point["values"]), alike(found.point["odds"]))
    calendar = Calendar(kept, proof, {"month": proof}, months, {})
    return StationarySolution(found.game, calendar, found.convention, found.seconds)
