"""Draws from the ranges of a scenario: the prior over its numbers.

A range says where a number may be and the value is its median: half the draws lie below it and half above, uniformly on
each side. Points are scrambled Sobol, so a seed and a count fix them all.
"""

from __future__ import annotations

import numpy as np
from scipy.stats import qmc

from outlast.game import Game
from outlast.game.compile import slot_values
from outlast.scenario.prior import prior_of


def points(scenario, *, count: int, seed: int) -> tuple[tuple[str, ...], np.ndarray]:
    """Return the paths that vary and ``count`` draws of their values, ``(count, paths)``."""
    prior = prior_of(scenario)
    if not len(prior):
        return (), np.zeros((count, 0))
    sampler = qmc.Sobol(len(prior), scramble=True, rng=seed)
    share = sampler.random_base2(max(0, int(np.ceil(np.log2(max(count, 1))))))[:count]
    low, value, high = (np.array([getattr(s, end) for s in prior.spreads]) for end in ("low", "value", "high"))
    below = low + 2 * share * (value - low)
    above = value + (2 * share - 1) * (high - value)
    return prior.paths, np.where(share < 0.5, below, above)


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
