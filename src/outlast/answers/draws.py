"""Draws from the ranges of a scenario: the prior over its numbers.

A range says where a number may be and the value is its median: half the draws lie below it and half above, uniformly on
each side. Points are scrambled Sobol: a seed fixes them all, and more draws go on where fewer end. Numbers that a
scenario says are correlated get their ranks from a Gaussian copula, which leaves the range of each as it is.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from scipy.special import ndtr, ndtri
from scipy.stats import qmc

from outlast.game import Game
from outlast.game.compile import slot_values
from outlast.scenario.correlation import Correlation, lower_root, normal_matrix, paths_of
from outlast.scenario.prior import prior_of

TINY = 1e-12
"""How near to an end of the unit interval a point may come: a normal number has no ends."""


def points(scenario, *, count: int, seed: int) -> tuple[tuple[str, ...], np.ndarray]:
    """Return the paths that vary and ``count`` draws of their values, ``(count, paths)``."""
    prior = prior_of(scenario)
    if not len(prior):
        return (), np.zeros((count, 0))
    sampler = qmc.Sobol(len(prior), scramble=True, rng=seed)
    share = sampler.random_base2(max(0, int(np.ceil(np.log2(max(count, 1))))))[:count]
    share = _together(share, prior.paths, scenario.correlations)
    low, value, high = (np.array([getattr(s, end) for s in prior.spreads]) for end in ("low", "value", "high"))
    below = low + 2 * share * (value - low)
    above = value + (2 * share - 1) * (high - value)
    return prior.paths, np.where(share < 0.5, below, above)


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
