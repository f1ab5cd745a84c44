"""Draws keep to their ranges and medians, go on where fewer end, and go together where the scenario says so."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import spearmanr

from outlast.answers.draws import points
from outlast.scenario import read

ONE, OTHER, THIRD = "mechanisms.patience.drift", "stocks.patience.start", "belief.staller"


def correlated(**ranks: float):
    pairs = {"one": (ONE, OTHER), "two": (OTHER, THIRD)}
    entries = [{"one": pairs[k][0], "other": pairs[k][1], "rank": rank} for k, rank in ranks.items()]
    return read({"scenario": {"base": "starter"}, "correlations": entries})


@pytest.mark.parametrize("scenario", [correlated(), correlated(one=0.7)])
def test_more_draws_go_on_where_fewer_end(scenario):
    few, many = points(scenario, count=20, seed=3)[1], points(scenario, count=300, seed=3)[1]
    np.testing.assert_array_equal(many[:20], few)


@pytest.mark.parametrize("scenario", [correlated(), correlated(one=0.7, two=-0.5)])
def test_half_the_draws_lie_on_each_side_of_the_value(scenario):
    paths, values = points(scenario, count=1024, seed=5)
    numbers = scenario.numbers()
    for path, column in zip(paths, values.T, strict=True):
        number = numbers[path]
        assert number.low <= column.min()
        assert column.max() <= number.high
        assert np.mean(column < number.value) == pytest.approx(0.5, abs=0.02)


def test_ranks_are_correlated_as_stated_and_others_are_not():
    paths, values = points(correlated(one=0.7, two=-0.5), count=2048, seed=5)
    one, other, third = (values[:, paths.index(path)] for path in (ONE, OTHER, THIRD))
    rest = values[:, paths.index("payoffs.cost_slope")]
    assert spearmanr(one, other).statistic == pytest.approx(0.7, abs=0.03)
    assert spearmanr(other, third).statistic == pytest.approx(-0.5, abs=0.03)
    # Nothing is said of the first and the third: given the second they are as independent as they can be.
    assert abs(spearmanr(one, rest).statistic) < 0.05


def test_correlations_leave_the_other_numbers_as_they_were():
    paths, free = points(correlated(), count=64, seed=2)
    _, bound = points(correlated(one=0.7), count=64, seed=2)
    moved = {path for place, path in enumerate(paths) if not np.allclose(free[:, place], bound[:, place], rtol=1e-9)}
    assert moved == {OTHER}
