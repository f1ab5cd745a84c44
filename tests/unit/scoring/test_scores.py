"""Scores, calibration and regression against values worked out by hand or by another method."""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy.integrate import quad
from scipy.stats import beta, norm

from outlast.scoring import brier_score, calibration, crps, interval_score, log_score
from outlast.scoring.scores import central_interval


def test_log_score_by_hand():
    assert log_score([0.25, 0.25, 1.0], [True, False, True]).tolist() == pytest.approx(
        [math.log(4), math.log(4 / 3), 0]
    )
    assert log_score([0.0], [True])[0] == math.inf


def test_brier_score_by_hand():
    assert brier_score([0.25, 0.25], [True, False]).tolist() == pytest.approx([0.5625, 0.0625])


@pytest.mark.parametrize("score", [log_score, brier_score])
def test_a_proper_score_is_best_for_who_says_what_she_believes(score):
    belief, said = 0.3, np.linspace(0.01, 0.99, 99)
    expected = belief * score(said, np.ones(99, bool)) + (1 - belief) * score(said, np.zeros(99, bool))
    assert said[expected.argmin()] == pytest.approx(belief)


@pytest.mark.parametrize("score", [log_score, brier_score])
@pytest.mark.parametrize(("chance", "happened"), [([1.2], [True]), ([-0.1], [True]), ([math.nan], [True]), ([0.5], [])])
def test_what_are_no_chances_is_refused(score, chance, happened):
    with pytest.raises(ValueError, match="chance"):
        score(chance, happened)


def test_crps_by_hand():
    assert crps([3.0], 5.0) == 2.0
    # draws 0 and 2 at 1: the mean distance is 1, half the mean distance between draws is (0 + 2 + 2 + 0) / 4 / 2
    assert crps([2.0, 0.0], 1.0) == pytest.approx(1 - 0.5)
    assert crps([0.0, 1.0, 5.0], 2.0) == pytest.approx((2 + 1 + 3) / 3 - (2 * (1 + 5 + 4)) / 9 / 2)
    with pytest.raises(ValueError, match="at least one draw"):
        crps([], 1.0)
    with pytest.raises(ValueError, match="finite"):
        crps([math.nan], 1.0)


def test_crps_of_many_draws_is_that_of_the_normal_curve():
    """By the definition as an integral, and by the closed form for a normal curve (Gneiting and Raftery 2007)."""
    draws = norm.ppf((np.arange(20_000) + 0.5) / 20_000)
    below, _ = quad(lambda x: norm.cdf(x) ** 2, -12, 0.7)
    above, _ = quad(lambda x: (1 - norm.cdf(x)) ** 2, 0.7, 12)
    assert crps(draws, 0.7) == pytest.approx(below + above, abs=1e-4)
    closed = 0.7 * (2 * norm.cdf(0.7) - 1) + 2 * norm.pdf(0.7) - 1 / math.sqrt(math.pi)
    assert below + above == pytest.approx(closed, abs=1e-6)


def test_interval_score_by_hand():
    found = interval_score([0, 0, 0], [2, 2, 2], [1, 3, -0.5], level=0.9)
    assert found.tolist() == pytest.approx([2, 2 + 20 * 1, 2 + 20 * 0.5])
    with pytest.raises(ValueError, match="low end above"):
        interval_score([1], [0], [0], level=0.9)
    with pytest.raises(ValueError, match="between 0 and 1"):
        interval_score([0], [1], [0], level=90)


def test_central_interval_of_draws():
    assert central_interval(np.arange(101), level=0.9) == pytest.approx((5, 95))


def test_calibration_by_hand():
    found = calibration([0.1, 0.15, 0.9, 1.0], [False, True, True, True], bins=5)
    assert found.select("from_chance", "to_chance", "forecasts", "mean_chance", "frequency").rows() == [
        (0.0, 0.2, 2, pytest.approx(0.125), 0.5),
        (0.8, 1.0, 2, pytest.approx(0.95), 1.0),
    ]
    assert found["low"].to_list() == pytest.approx([beta.ppf(0.05, 1.5, 1.5), beta.ppf(0.05, 2.5, 0.5)])
    assert found["high"].to_list() == pytest.approx([beta.ppf(0.95, 1.5, 1.5), 1.0])
    with pytest.raises(ValueError, match="chances"):
        calibration([2.0], [True])
