"""Weights, tempers, resampling and the moves of a refresh, on numbers whose answers are known."""

from __future__ import annotations

import numpy as np
import pytest

from outlast.learning.posterior import moved
from outlast.learning.weights import effective, next_temper, normalised, quantiles, resampled


def test_weights_of_logs_far_from_one():
    assert normalised(np.array([-1000.0, -1000.0 + np.log(3), -np.inf])) == pytest.approx([0.25, 0.75, 0.0])
    with pytest.raises(ValueError, match="no draw"):
        normalised(np.array([-np.inf, -np.inf]))


def test_effective_size_of_even_weights_is_their_number_and_of_one_is_one():
    assert effective(np.full(7, 1 / 7)) == pytest.approx(7)
    assert effective(np.array([1.0, 0.0, 0.0])) == pytest.approx(1)


def test_the_next_temper_keeps_the_share_effective():
    logs = np.random.default_rng(1).normal(0, 20, 400)
    power = next_temper(logs, 0.0, 0.5)
    assert 0 < power < 1
    assert effective(normalised(power * logs)) == pytest.approx(200, rel=1e-3)
    assert next_temper(np.zeros(10), 0.3, 0.5) == 1.0


def test_resampling_keeps_each_draw_as_often_as_it_weighs_within_one():
    weights = np.array([0.5, 0.3, 0.15, 0.05])
    counts = np.bincount(resampled(weights, 40, np.random.default_rng(2)), minlength=4)
    assert np.abs(counts - 40 * weights).max() <= 1


def test_weighted_quantiles_of_even_weights_are_those_of_the_values():
    values = np.random.default_rng(3).random(2001)
    found = quantiles(values, np.full(2001, 1 / 2001), (0.05, 0.5, 0.95))
    assert found == pytest.approx(np.quantile(values, (0.05, 0.5, 0.95)), abs=1e-3)


def test_moves_leave_the_prior_alone():
    random = np.random.default_rng(4)
    points = random.random((20_000, 2))
    after = moved(points, 0.4, random)
    assert np.histogram(after[:, 0], 10, (0, 1))[0] == pytest.approx(2000, rel=0.1)
    assert 0.8 < np.corrcoef(points[:, 0], after[:, 0])[0, 1] < 0.95
