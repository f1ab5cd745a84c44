"""Aspiration: what counts as a win, and what falling short costs."""

from __future__ import annotations

import numpy as np
import pytest

from .small import law

SHARES = (0.0, 0.1, 0.2, 0.6, 1.0)


def win(*, demilitarised: float = 0.0, denied: float = 0.0, alone: float = 0.0, **numbers: float) -> np.ndarray:
    """Return the win of one package at the shares above."""
    terms = {"demilitarised": demilitarised, "denied": denied, "alone": alone}
    given = {name: np.asarray([value]) for name, value in terms.items()}
    return np.asarray(law("aspiration", **numbers).win(np.asarray([SHARES]), **given))[0]


def cost(shown: float, months: float, **numbers: object) -> np.ndarray:
    """Return the audience cost of each type for showing so much after so many months."""
    return np.asarray(law("aspiration", **numbers).cost(np.asarray([[shown]]), months))[:, 0, 0]


def test_only_land_beyond_the_old_line_is_a_win():
    np.testing.assert_allclose(win(), 1.5 * np.asarray([0.0, 0.0, 0.1, 0.5, 0.9]), atol=1e-15)
    assert (win(prewar_line=0.15) <= win()).all()


@pytest.mark.parametrize(("term", "worth"), [("demilitarised", 0.25), ("denied", 0.3), ("alone", 0.2)])
def test_each_term_adds_its_own_worth(term: str, worth: float):
    np.testing.assert_allclose(win(**{term: 1.0}) - win(), worth)


def test_terms_and_land_add_up():
    np.testing.assert_allclose(win(demilitarised=1, denied=1, alone=1) - win(), 0.75)


@pytest.mark.parametrize("shown", [0.9, 1.2])
def test_a_win_that_meets_the_aspiration_costs_nothing(shown: float):
    assert not cost(shown, 0.0).any()


def test_falling_short_costs_in_proportion_by_type():
    np.testing.assert_allclose(cost(0.3, 0.0), [0.12 * 0.1, 0.25 * 0.6])
    np.testing.assert_allclose(cost(0.5, 0.0), [0.0, 0.25 * 0.4])


def test_the_bar_rises_with_the_months_of_war():
    np.testing.assert_allclose(cost(0.3, 50.0), [0.12 * 0.2, 0.25 * 0.7])
    assert (cost(0.3, 100.0) > cost(0.3, 50.0)).all()
    np.testing.assert_allclose(cost(0.3, 100.0, sunk_cost=0.0), cost(0.3, 0.0))


def test_without_an_audience_cost_nothing_is_paid():
    assert not cost(0.0, 100.0, audience_cost=(0.0, 0.0)).any()
