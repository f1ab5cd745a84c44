"""A solution says when it is not one."""

from __future__ import annotations

import numpy as np

import outlast as ol
from outlast.solving import Solution


def test_the_small_war_is_trusted(small: Solution):
    assert small.trusted


def test_values_that_are_no_numbers_are_never_trusted(small: Solution):
    game = small.game
    values = np.array(game.inputs.values)
    values[game.shape.slot("payoffs.sovereignty")] = np.nan
    spoilt = ol.solve(game.with_values(values), window=2)
    assert not spoilt.trusted
    assert np.isinf(spoilt.residual)
