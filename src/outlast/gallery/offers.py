"""One offer and its answer, repeated, as an explicit game: how offers on a line are written with finitely many.

A theory with offers on a line says that the one who answers takes what makes it indifferent. Two devices replace that
limit. *Courtesy*: saying yes pays a hair, so that an offer which makes it exactly indifferent is taken; noise is far
below the hair. *Zoom*: offers are finitely many; the solution says near which one the answer lies, and the next grid
is finer around it. What is left is the last step.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np

from outlast.game.explicit import ExplicitGame
from outlast.solving.explicit import solve_explicit

COURTESY = 1e-10
"""What saying yes pays, in units of the whole prize."""
NOISE = 1e-13
"""Logit noise: without effect on any choice that is not a tie."""
POINTS = 81
KEPT = 12
"""Steps on each side of the demand chosen that the next grid covers: an error of the next stage moves this one."""

Grids = Mapping[str, np.ndarray]


def zoom(build: Callable[[Grids], ExplicitGame], states: tuple[str, ...], moves: int | None, last: float = 1e-9):
    """Return the demand chosen at each proposing state, with grids refined until their step is below ``last``.

    Args:
        build: makes the game from the demands at each proposing state, which are actions named by their place.
        states: the proposing states.
        moves: how far ahead play is followed, as ``solve_explicit`` takes it.
        last: the largest step of the last grids.

    Returns:
        The demand chosen, by state.
    """
    grids = {name: np.linspace(0, 1, POINTS) for name in states}
    while True:
        found = solve_explicit(build(grids), moves=moves, watch=None)
        at = {name: max(range(POINTS), key=lambda k, s=name: found.chance(s, str(k))) for name in states}
        chosen = {name: float(grids[name][at[name]]) for name in states}
        step = max(float(grid[1] - grid[0]) for grid in grids.values())
        if step <= last:
            return chosen
        reach = KEPT * step
        grids = {n: np.linspace(max(0.0, x - reach), min(1.0, x + reach), POINTS) for n, x in chosen.items()}
