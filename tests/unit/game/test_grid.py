"""Steps and jumps: the mean they promise, whatever the grid."""

from __future__ import annotations

import numpy as np
import pytest

from outlast.game.grid import STOCKS, hat

from .small import at, drift, grid, inside

EVEN = tuple(np.linspace(0, 1, 5))
UNEVEN = (0.0, 0.1, 0.5, 0.8, 1.0)
FINE = tuple(np.linspace(0, 1, 17))


@pytest.mark.parametrize("stock", STOCKS)
def test_values_and_ends_follow_the_axis(stock: str):
    on = grid()
    axis = np.asarray(on.levels[STOCKS.index(stock)])
    by_axis = np.moveaxis(np.asarray(on.of(stock)).reshape(on.sizes), STOCKS.index(stock), 0)
    assert (by_axis == axis.reshape(-1, 1, 1, 1)).all()
    assert (np.asarray(on.lowest(stock)) == (np.asarray(on.of(stock)) == axis[0])).all()
    assert (np.asarray(on.highest(stock)) == (np.asarray(on.of(stock)) == axis[-1])).all()


@pytest.mark.parametrize("stock", STOCKS)
def test_stride_leads_to_the_neighbour_on_the_axis_and_nowhere_else(stock: str):
    on = grid()
    cells = np.flatnonzero(np.asarray(on.highest(stock)) == 0)
    above = cells + on.stride(stock)
    axis = np.asarray(on.levels[STOCKS.index(stock)])
    place = np.searchsorted(axis, np.asarray(on.of(stock)))
    assert (place[above] == place[cells] + 1).all()
    for other in set(STOCKS) - {stock}:
        assert (np.asarray(on.of(other))[above] == np.asarray(on.of(other))[cells]).all()


@pytest.mark.parametrize("stock", STOCKS)
@pytest.mark.parametrize("levels", [EVEN, UNEVEN, FINE], ids=["even", "uneven", "fine"])
def test_mean_drift_of_a_step_does_not_depend_on_the_grid(stock: str, levels: tuple[float, ...]):
    on = grid(**{stock: levels})
    rise, fall = 0.011, 0.004
    step = on.step(stock, rise=np.full(on.cells, rise), fall=np.full(on.cells, fall))
    np.testing.assert_allclose(drift(on, stock, step)[inside(on, stock)], rise - fall, atol=1e-14)


@pytest.mark.parametrize("stock", STOCKS)
def test_a_step_never_leaves_the_grid(stock: str):
    on = grid()
    step = on.step(stock, rise=np.full(on.cells, 0.05), fall=np.full(on.cells, 0.05))
    assert (np.asarray(step.up)[np.asarray(on.highest(stock)) == 1] == 0).all()
    assert (np.asarray(step.down)[np.asarray(on.lowest(stock)) == 1] == 0).all()
    assert (np.asarray(step.up)[np.asarray(on.highest(stock)) == 0] > 0).all()


def test_more_than_one_level_a_month_is_scaled_to_one_level_in_the_same_proportion():
    on = grid(territory=EVEN)
    step = on.step("territory", rise=np.full(on.cells, 0.6), fall=np.full(on.cells, 0.2))
    mid = inside(on, "territory")
    np.testing.assert_allclose(np.asarray(step.up)[mid], 0.75)
    np.testing.assert_allclose(np.asarray(step.down)[mid], 0.25)


@pytest.mark.parametrize("value", [0.0, 0.05, 0.1, 0.37, 0.5, 0.99, 1.0])
def test_hat_keeps_the_mean_on_two_neighbours(value: float):
    weights = np.asarray(hat(np.asarray(value), np.asarray(UNEVEN)))
    assert weights @ np.asarray(UNEVEN) == pytest.approx(value, abs=1e-15)
    assert weights.sum() == pytest.approx(1)
    assert (weights >= 0).all()
    used = np.flatnonzero(weights)
    assert len(used) <= 2
    assert used[-1] - used[0] == len(used) - 1


@pytest.mark.parametrize(("value", "end"), [(-0.3, 0), (1.4, -1)])
def test_hat_stops_at_the_ends(value: float, end: int):
    assert np.asarray(hat(np.asarray(value), np.asarray(UNEVEN)))[end] == 1


def test_jump_sends_each_level_to_its_target_in_the_mean():
    on = grid(patience=UNEVEN)
    target = np.asarray([0.0, 0.3, 0.45, 1.0, 0.7])
    matrix = np.asarray(on.jump("patience", target))
    np.testing.assert_allclose(matrix @ np.asarray(UNEVEN), target, atol=1e-15)
    np.testing.assert_allclose(matrix.sum(axis=1), 1)


def test_no_place_named_twice():
    on = grid()
    assert at(on, territory=0.2, forces=1.0, endurance=0.6, patience=0.5).sum() == 1
