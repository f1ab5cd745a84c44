"""Draws from the ranges of a scenario: the prior over its numbers.

A range says where a number may be and the value is its median: half the draws lie below it and half above, uniformly on
each side. Points are scrambled Sobol: a seed fixes them all, and more draws go on where fewer end. Numbers that a
scenario says are correlated get their ranks from a Gaussian copula, which leaves the range of each as it is.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from scipy.special import ndtr, ndtri

from outlast.game import Game
from outlast.game.compile import slot_values
from outlast.scenario.correlation import Correlation, lower_root, normal_matrix, paths_of
from outlast.scenario.prior import Spread, prior_of

TINY = 1e-12
"""How near to an end of the unit interval a point may come: a normal number has no ends."""


def points(scenario, *, count: int, seed: int) -> tuple[tuple[str, ...], np.ndarray]:
    """Return the paths that vary and ``count`` draws of their values, ``(count, paths)``."""
    prior = prior_of(scenario)
    share = cube(len(prior), count=count, seed=seed)
    return prior.paths, spread_out(share, prior.spreads, scenario.correlations)


def cube(numbers: int, *, count: int, seed: int) -> np.ndarray:
    """Return ``count`` scrambled Sobol points ``(count, numbers)`` of the unit cube."""
    from scipy.stats import qmc  # takes a second to load, and stored draws do without

    if not numbers:
        return np.zeros((count, 0))
    sampler = qmc.Sobol(numbers, scramble=True, rng=seed)
    return sampler.random_base2(max(0, int(np.ceil(np.log2(max(count, 1))))))[:count]


def spread_out(share: np.ndarray, spreads: Sequence[Spread], correlations: Sequence[Correlation]) -> np.ndarray:
    """Turn points of the unit cube ``(draws, numbers)`` into numbers, each in its own unit."""
    share = _together(share, tuple(spread.path for spread in spreads), correlations)
    low, value, high = (np.array([getattr(s, end) for s in spreads]) for end in ("low", "value", "high"))
    below = low + 2 * share * (value - low)
    above = value + (2 * share - 1) * (high - value)
    return np.where(share < 0.5, below, above)


def _together(share: np.ndarray, paths: tuple[str, ...], correlations: Sequence[Correlation]) -> np.ndarray:
    """Return points ``(draws, paths)`` in the unit cube with the ranks of some numbers correlated."""
    root = lower_root(normal_matrix(correlations))
    if not root:
        return share
    columns = [paths.index(path) for path in paths_of(correlations)]
    normal = ndtri(np.clip(share[:, columns], TINY, 1 - TINY))
    joined = share.copy()
    joined[:, columns] = ndtr(normal @ np.array(root).T)
    return joined


def drawn(game: Game, paths: tuple[str, ...], values: np.ndarray, *, off: str | None = None) -> Game:
    """Return the game with one draw of its numbers; ``off`` switches a mechanism to its neutral value as well."""
    scenario = game.scenario if off is None else game.scenario.neutralised(off)
    numbers = {path: number.value for path, number in scenario.numbers().items()}
    numbers.update(zip(paths, (float(v) for v in values), strict=True))
    for mechanism, section in scenario.mechanisms.all().items():
        if not section.enabled:
            for path, becomes in scenario.neutral_rules(mechanism).items():
                numbers[path] = becomes if isinstance(becomes, float) else numbers[becomes]
    return game.with_values(slot_values(scenario, game.shape.slots, numbers), scenario=scenario)
