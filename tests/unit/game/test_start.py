"""Where a war begins: one cell where its stocks are levels of the grid, weights around it where they are not."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from outlast.game import Game
from outlast.game.grid import STOCKS
from outlast.game.start import belief_weights, cell_weights, number, prior, start_cell
from tiny import tiny_game


def moved(game: Game, **starts: float) -> Game:
    values = np.array(game.inputs.values)
    for stock, value in starts.items():
        values[game.shape.slot(f"stocks.{stock}.start")] = value
    return replace(game, inputs=replace(game.inputs, values=values))


def test_a_start_on_the_grid_is_one_cell():
    game = tiny_game(1)
    weights = cell_weights(game)
    assert weights.max() == weights.sum() == 1
    for stock in STOCKS:
        assert game.inputs.grid.of(stock)[start_cell(game)] == number(game, f"stocks.{stock}.start")


def test_a_start_between_levels_is_reproduced_in_the_mean():
    grid = tiny_game(1).inputs.grid
    inside = {stock: 0.7 * levels[0] + 0.3 * levels[1] for stock, levels in zip(STOCKS, grid.levels, strict=True)}
    game = moved(tiny_game(1), **inside)
    weights = cell_weights(game)
    assert weights.sum() == pytest.approx(1)
    for stock, value in inside.items():
        assert weights @ grid.of(stock) == pytest.approx(value)
    assert [int(place) for place in np.unravel_index(start_cell(game), grid.sizes)] == [0, 0, 0, 0], "the nearest"


def test_the_prior_is_reproduced_in_the_mean():
    game = tiny_game(1)
    weights = belief_weights(game)
    assert weights @ game.inputs.grid.beliefs == pytest.approx(prior(game))
    assert np.count_nonzero(weights) <= 2
