"""Coarse and fine grids are made from the standard one, with the ends and the start on all of them."""

from __future__ import annotations

import numpy as np
import pytest

from outlast.game import compile
from outlast.game.grid import STOCKS
from outlast.game.resolution import FEW, belief_levels, refine, stock_levels
from outlast.scenario import read

SHIPPED = ("geneva", "starter")


@pytest.mark.parametrize("name", SHIPPED)
@pytest.mark.parametrize("stock", STOCKS)
def test_coarse_keeps_ends_and_start_and_leaves_levels_out(name: str, stock: str):
    scenario = read(name)
    standard, coarse = (stock_levels(scenario, stock, r) for r in ("standard", "coarse"))
    start = getattr(scenario.stocks, stock).start.value
    assert {standard[0], standard[-1]} <= set(coarse)
    assert np.abs(coarse - start).min() < 1e-12
    assert set(coarse) <= set(standard)
    assert len(coarse) < len(standard) or len(standard) <= FEW


@pytest.mark.parametrize("name", SHIPPED)
@pytest.mark.parametrize("stock", STOCKS)
def test_fine_keeps_every_level_and_halves_every_interval(name: str, stock: str):
    scenario = read(name)
    standard, fine = (stock_levels(scenario, stock, r) for r in ("standard", "fine"))
    assert set(standard) <= set(fine)
    assert len(fine) == 2 * len(standard) - 1
    np.testing.assert_allclose(fine[1::2], (standard[1:] + standard[:-1]) / 2)


@pytest.mark.parametrize("name", SHIPPED)
@pytest.mark.parametrize("resolution", ["coarse", "standard", "fine"])
def test_belief_runs_from_certainty_to_certainty(name: str, resolution: str):
    levels = belief_levels(read(name), resolution)
    assert (levels[0], levels[-1]) == (0, 1)
    assert (np.diff(levels) > 0).all()


@pytest.mark.parametrize("start", range(7))
def test_every_second_level_counted_from_the_start(start: int):
    levels = np.arange(7.0)
    kept = set(refine(levels, start, "coarse"))
    assert kept == {0.0, 6.0} | {float(i) for i in range(7) if (i - start) % 2 == 0}


def test_coarse_game_has_the_shape_of_its_levels():
    scenario = read("geneva")
    game = compile(scenario, resolution="coarse")
    assert game.shape.sizes == tuple(len(stock_levels(scenario, stock, "coarse")) for stock in STOCKS)
    assert game.shape.states < compile(scenario).shape.states / 2
