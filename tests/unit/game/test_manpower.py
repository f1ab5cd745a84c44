"""Manpower: pools that run dry, losses, and what recruits cost."""

from __future__ import annotations

import numpy as np
import pytest

from .small import drift, grid, inside, law, only


def used(**numbers: tuple[float, ...]) -> np.ndarray:
    """Return what each pool gives in each of 24 months, ``(months, pools)``."""
    return np.asarray([law("manpower", **numbers).used(month) for month in range(24)])


def in_war(month: int, superior: float, **numbers: float) -> np.ndarray:
    """Return the mean move of the forces inside the axis, at one superiority everywhere."""
    on = grid()
    step = only(law("manpower", **numbers).in_war(on, np.full((3, 1, on.cells), superior), month))
    return drift(on, "forces", step)[:, 0][:, inside(on, "forces")]


def test_a_pool_is_open_for_its_size_over_its_rate_and_pro_rata_at_the_end():
    given = used(rate=(0.03, 0.01), size=(0.1, 0.05))
    np.testing.assert_allclose(given[:5, 0], [0.03, 0.03, 0.03, 0.01, 0.0], atol=1e-15)
    np.testing.assert_allclose(given[:7, 1], [0.01] * 5 + [0.0] * 2, atol=1e-15)


def test_a_pool_gives_its_size_and_no_more():
    np.testing.assert_allclose(used(rate=(0.03, 0.011), size=(0.1, 0.07)).sum(axis=0), [0.1, 0.07])


@pytest.mark.parametrize(("rate", "size"), [(0.0, 0.5), (0.02, 0.0), (0.0, 0.0)])
def test_an_empty_or_idle_pool_gives_nothing(rate: float, size: float):
    assert not used(rate=(rate, rate), size=(size, size)).any()


def test_forces_fall_by_losses_where_inferior_and_rise_by_open_pools():
    for superior in (0.0, 0.5, 1.0):
        np.testing.assert_allclose(in_war(0, superior), 0.04 - 0.05 * (1 - superior), atol=1e-15)
        np.testing.assert_allclose(in_war(20, superior), -0.05 * (1 - superior), atol=1e-15)


def test_more_losses_wear_the_forces_faster():
    assert (in_war(0, 0.5, losses=0.1) < in_war(0, 0.5, losses=0.05)).all()


def test_recruits_cost_their_price_while_they_come():
    cost = [float(law("manpower").cost(month)) for month in (0, 3, 4, 20)]
    np.testing.assert_allclose(cost, [0.03 * 0.1 + 0.01 * 0.5, 0.01 * 0.1 + 0.01 * 0.5, 0.01 * 0.5, 0.0], atol=1e-15)
    dear = float(law("manpower", price=(0.2, 0.5)).cost(0))
    assert dear > cost[0]


def test_a_war_without_pools_wears_the_forces_and_costs_nothing():
    on = grid()
    empty = law("manpower", rate=(), size=(), price=())
    assert float(empty.cost(0)) == 0
    moved = drift(on, "forces", only(empty.in_war(on, np.full((3, 1, on.cells), 0.5), 0)))
    np.testing.assert_allclose(moved[:, 0][:, inside(on, "forces")], -0.025, atol=1e-15)
