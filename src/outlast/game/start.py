"""Where a war begins: the prior, and the weights of its stocks and of the prior on the grid.

A start may lie between two levels of a stock: it then stands on both, with weights that reproduce it in the mean.
"""

from __future__ import annotations

import numpy as np
from jaxtyping import Float

from outlast.game.compile import Game
from outlast.game.grid import STOCKS, hat


def number(game: Game, slot: str) -> float:
    """Return one number of a game at month 0, in its own unit, by its canonical name."""
    return float(game.inputs.values[game.shape.slot(slot)])


def prior(game: Game) -> float:
    """Return the chance at month 0 that the challenger is a staller."""
    return number(game, "belief.staller")


def belief_weights(game: Game) -> Float[np.ndarray, " beliefs"]:
    """Return the weights of the prior on the levels of the belief; they sum to one."""
    return hat(np.asarray(prior(game)), game.inputs.grid.beliefs)


def cell_weights(game: Game) -> Float[np.ndarray, " cells"]:
    """Return the weights of the starting stocks on the cells; they sum to one."""
    out = np.ones(1)
    for stock, levels in zip(STOCKS, game.inputs.grid.levels, strict=True):
        out = np.outer(out, hat(np.asarray(number(game, f"stocks.{stock}.start")), levels)).ravel()
    return out


def start_cell(game: Game) -> int:
    """Return the cell in which the war begins, or the nearest where it begins between cells."""
    return int(cell_weights(game).argmax())
