"""Talks as a shield, and who is in a hurry."""

from __future__ import annotations

import numpy as np
import pytest

from .small import BELIEFS, grid, law

WITHHOLD, SUSTAIN, SURGE = range(3)


def shield(**numbers: float) -> np.ndarray:
    """Return the extra cost ``(postures, beliefs)``."""
    return np.asarray(law("talks_shield", **numbers).cost(grid()))[:, :, 0]


def test_the_shield_weighs_by_the_chance_that_the_challenger_settles():
    np.testing.assert_allclose(shield()[SUSTAIN], 0.015 * (1 - np.asarray(BELIEFS)))
    np.testing.assert_allclose(shield()[SURGE], 0.040 * (1 - np.asarray(BELIEFS)))


def test_withholding_is_free_and_nobody_is_shielded_who_surely_stalls():
    assert not shield()[WITHHOLD].any()
    assert not shield()[:, -1].any()


@pytest.mark.parametrize(("number", "posture"), [("supply", SUSTAIN), ("punish", SURGE)])
def test_each_number_weighs_on_its_own_posture(number: str, posture: int):
    more = shield(**{number: 0.2}) - shield(**{number: 0.0})
    assert (more[posture, :-1] > 0).all()
    assert not np.delete(more, posture, axis=0).any()


def test_discounts_stand_in_the_order_of_the_accounts():
    np.testing.assert_allclose(np.asarray(law("styles").discounts), [0.98, 0.992, 0.99, 0.987])
