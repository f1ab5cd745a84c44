"""The home front: what of the war the challenger feels."""

from __future__ import annotations

import numpy as np
import pytest

from .small import law

SUPERIOR = np.asarray([0.2, 0.5, 1.0]).reshape(3, 1, 1)


def cost(**numbers: object) -> np.ndarray:
    """Return the flow cost ``(types, postures)`` at superiority .2, .5 and 1."""
    return np.asarray(law("home_front", **numbers).cost(SUPERIOR))[:, :, 0, 0]


def test_cost_is_what_reaches_home_and_the_weight_of_losses():
    np.testing.assert_allclose(cost()[0], 0.25 * 0.25 + 0.05 * np.asarray([0.8, 0.5, 0.0]))
    np.testing.assert_allclose(cost()[1], 0.25 * 0.25 + 0.02 * np.asarray([0.8, 0.5, 0.0]))


@pytest.mark.parametrize("number", ["exposure", "war_cost"])
def test_a_war_that_reaches_home_costs_both_types_the_same_more(number: str):
    more = cost(**{number: 0.8}) - cost(**{number: 0.1})
    assert (more > 0).all()
    assert np.ptp(more) < 1e-15


def test_a_war_that_reaches_nobody_costs_its_losses_alone():
    np.testing.assert_allclose(cost(exposure=0.0)[:, 2], 0.0)


def test_losses_weigh_by_type_and_not_on_the_totally_superior():
    heavier = cost(casualty_weight=(0.05, 0.3)) - cost(casualty_weight=(0.05, 0.02))
    assert not heavier[0].any()
    assert heavier[1, 0] > heavier[1, 1] > heavier[1, 2] == 0
