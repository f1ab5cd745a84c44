"""Patience: what wears it, what brings it back, and that gone is gone."""

from __future__ import annotations

import numpy as np
import pytest

from .small import at, drift, grid, inside, law, only

PRESENT = (0.25, 0.5, 1.0)


def in_war(talks: float, **numbers: float) -> np.ndarray:
    """Return the mean move of patience in a month of war, by cell."""
    on = grid()
    return drift(on, "patience", only(law("patience", **numbers).in_war(on, talks=talks)))


def in_peace(**numbers: float) -> np.ndarray:
    """Return the mean move of patience in a month of peace, by cell."""
    on = grid()
    return drift(on, "patience", only(law("patience", **numbers).in_peace(on)))


def left() -> np.ndarray:
    """Return the cells in which the patron has not gone."""
    return np.asarray(grid().of("patience")) > 0


def test_war_wears_patience_and_fruitless_talks_wear_it_more():
    np.testing.assert_allclose(in_war(0.0)[left()], -0.0035)
    np.testing.assert_allclose(in_war(1.0)[left()], -0.0050)


@pytest.mark.parametrize(("number", "talks"), [("drift", 0.0), ("drift", 1.0), ("fruitless", 1.0)])
def test_more_drift_lowers_patience(number: str, talks: float):
    assert (in_war(talks, **{number: 0.02})[left()] < in_war(talks, **{number: 0.0})[left()]).all()


def test_fruitless_talks_that_are_not_held_cost_nothing():
    np.testing.assert_array_equal(in_war(0.0, fruitless=0.02), in_war(0.0, fruitless=0.0))


def test_in_peace_attention_drifts_at_its_own_pace():
    np.testing.assert_allclose(in_peace()[left()], -0.008)
    np.testing.assert_array_equal(in_peace(drift=0.1, fruitless=0.1), in_peace())


def test_nothing_raises_patience_in_a_month_of_war_or_peace():
    on = grid()
    for step in (*law("patience").in_war(on, talks=1.0), *law("patience").in_peace(on)):
        assert not np.asarray(step.up).any()


def test_a_patron_that_has_left_does_not_move():
    on = grid()
    for step in (*law("patience").in_war(on, talks=1.0), *law("patience").in_peace(on)):
        gone = at(on, patience=0.0)
        assert not np.asarray(step.up)[..., gone].any()
        assert not np.asarray(step.down)[..., gone].any()


def test_honouring_brings_patience_back_in_the_mean_and_not_beyond_full():
    on = grid()
    matrix = np.asarray(law("patience").after_honouring(on))
    levels = np.asarray(on.levels[3])
    np.testing.assert_allclose(matrix @ levels, [0.0, 0.40, 0.65, 1.0])
    stronger = np.asarray(law("patience", rally=0.3).after_honouring(on)) @ levels
    assert (stronger[1:3] > (matrix @ levels)[1:3]).all()


def test_no_rally_brings_back_a_patron_that_has_left():
    matrix = np.asarray(law("patience", rally=1.0).after_honouring(grid()))
    assert matrix[0, 0] == 1


def test_neutral_numbers_keep_patience_where_it_is():
    still = dict.fromkeys(("drift", "attention_drift", "fruitless", "rally"), 0.0)
    assert not in_war(1.0, **still).any()
    assert not in_peace(**still).any()
    np.testing.assert_array_equal(law("patience", **still).after_honouring(grid()), np.eye(4))


def test_the_down_step_of_a_level_is_the_rate_over_the_distance_below():
    on = grid()
    step = only(law("patience").in_war(on, talks=0.0))
    for above, below in ((0.25, 0.0), (0.5, 0.25), (1.0, 0.5)):
        np.testing.assert_allclose(np.asarray(step.down)[..., at(on, patience=above)], 0.0035 / (above - below))
    assert inside(on, "patience").any()
    assert np.asarray(PRESENT).size == left().sum() / (left().size / 4)
