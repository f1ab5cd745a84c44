"""Coarse, standard and fine grids from one list of levels.

A scenario writes the standard levels. Coarse thins out the axes that have more than ``FEW`` levels: it keeps the two
ends, the start, and every second level counted from the start. Shorter axes it leaves whole: a stock that runs down in
fewer steps runs down more erratically, which moves answers more than anything else of the grid does
(``benchmarks/notes.md``). Fine puts one level halfway into every interval. The start is on every grid.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from outlast.scenario import Scenario

RESOLUTIONS = ("coarse", "standard", "fine")
FEW = 5
"""Levels up to which the coarse grid leaves an axis whole."""


def stock_levels(scenario: Scenario, stock: str, resolution: str) -> np.ndarray:
    """Return the ascending levels of a stock at a resolution."""
    section = getattr(scenario.stocks, stock)
    levels = np.asarray(list(section.levels.values()), dtype=float)
    start = int(np.abs(levels - section.start.value).argmin())
    return refine(levels, start, resolution)


def belief_levels(scenario: Scenario, resolution: str) -> np.ndarray:
    """Return the ascending levels of the public belief at a resolution."""
    levels = np.asarray(scenario.belief.levels, dtype=float)
    middle = int(np.abs(levels - scenario.belief.staller.value).argmin())
    return refine(levels, middle, resolution)


def refine(levels: np.ndarray, start: int, resolution: str) -> np.ndarray:
    """Thin out or halve a list of levels around the index ``start``."""
    if resolution == "standard" or (resolution == "coarse" and len(levels) <= FEW):
        return levels
    if resolution == "fine":
        halves = (levels[:-1] + levels[1:]) / 2
        return np.sort(np.concatenate([levels, halves]))
    # The neighbours of an end are kept apart from it: a stock one step from an absorbing end must not skip there.
    kept = {0, start, len(levels) - 1} | {i for i in range(len(levels)) if (i - start) % 2 == 0}
    return levels[sorted(kept)]
