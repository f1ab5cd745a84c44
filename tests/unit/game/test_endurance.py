"""Endurance: how the defender thins, recovers and feels the war."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest

from .small import at, drift, grid, inside, law, only

FREE, DISARMED = range(2)
CAP = 0.45


def in_war(superior: float, **numbers: float) -> np.ndarray:
    """Return the mean move in a month of war ``(postures, cells inside the axis)`` at one superiority everywhere."""
    on = grid()
    step = only(law("endurance", **numbers).in_war(on, np.full((3, 1, on.cells), superior)))
    return drift(on, "endurance", step)[:, 0][:, inside(on, "endurance")]


def in_peace(**numbers: float) -> np.ndarray:
    """Return the mean move in a month of peace, free and disarmed, ``(2, cells)``."""
    on = grid()
    return drift(on, "endurance", only(law("endurance", **numbers).in_peace(on, np.asarray([1.0, CAP]))))[:, 0]


def test_war_moves_endurance_by_recovery_less_fatigue_and_losses():
    for superior in (0.0, 0.4, 1.0):
        expected = np.asarray([0.0, 0.004, 0.007]) - 0.002 - 0.008 * superior
        np.testing.assert_allclose(in_war(superior), np.broadcast_to(expected[:, None], in_war(superior).shape))


@pytest.mark.parametrize("number", ["fatigue", "losses"])
def test_more_wear_lowers_endurance(number: str):
    assert (in_war(0.5, **{number: 0.012}) < in_war(0.5, **{number: 0.001})).all()


@pytest.mark.parametrize(("number", "posture"), [("recovery_sustain", 1), ("recovery_surge", 2)])
def test_support_restores_endurance_under_its_own_posture_alone(number: str, posture: int):
    gain = in_war(0.5, **{number: 0.02}) - in_war(0.5, **{number: 0.0})
    assert (gain[posture] > 0.019).all()
    assert np.abs(np.delete(gain, posture, axis=0)).max() < 1e-15


def test_peace_restores_a_free_defender_and_a_disarmed_one_up_to_its_cap():
    on, moved = grid(), in_peace()
    below = at(on, endurance=0.25)
    np.testing.assert_allclose(moved[:, below], 0.012)
    above = at(on, endurance=0.6)
    np.testing.assert_allclose(moved[FREE, above], 0.012)
    np.testing.assert_allclose(moved[DISARMED, above], -0.012)


def test_peace_never_carries_the_mean_past_the_cap():
    on = grid(endurance=(0.0, 0.4499, 0.46, 1.0))
    step = only(law("endurance").in_peace(on, np.asarray([CAP])))
    moved = drift(on, "endurance", step)[0, 0]
    np.testing.assert_allclose(moved[at(on, endurance=0.4499)], 0.0001)
    np.testing.assert_allclose(moved[at(on, endurance=0.46)], -0.01)


def test_no_peace_breaks_the_defender():
    """The lowest level means that the challenger dictates; a cap below the second level must not lead there."""
    on = grid()
    step = only(law("endurance", recovery_peace=0.5).in_peace(on, np.asarray([0.05])))
    assert not np.asarray(step.down)[0, 0, at(on, endurance=0.25)].any()
    assert np.asarray(step.down)[0, 0, at(on, endurance=0.6)].all()


def test_war_costs_more_the_more_exhausted_the_defender():
    on = grid()
    cost = np.asarray(law("endurance").cost(on))
    by_level = [cost[at(on, endurance=e)] for e in (0.0, 0.25, 0.6, 1.0)]
    np.testing.assert_allclose(by_level[-1], 0.15)
    np.testing.assert_allclose(by_level[0], 0.30)
    assert all((worse > better).all() for worse, better in pairwise(by_level))
    assert np.ptp(np.asarray(law("endurance", war_cost_slope=0.0).cost(on))) == 0


def test_neutral_numbers_keep_endurance_where_it_is():
    still = dict.fromkeys(("fatigue", "losses", "recovery_sustain", "recovery_surge", "recovery_peace"), 0.0)
    assert not in_war(0.7, **still).any()
    assert not in_peace(**still).any()
