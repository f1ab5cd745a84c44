"""What fruitless talks do to the stocks.

The mean of every stock in a war in which nobody is ever given the floor, so that nothing can be signed, and in which
all else goes as it is played. Claims about what time brings while the talks go on are read here. The table ``paths``
counts peace as well, in which units recover and ranks fill; and histories in which nothing happens to be signed are no
sample of the war, because a deal is likeliest where it goes badly for somebody.
"""

from __future__ import annotations

import numpy as np
import polars as pl

from outlast.answers.standpoint import Standpoint
from outlast.game.grid import STOCKS


def fruitless(view: Standpoint) -> pl.DataFrame:
    """Return a row per stock and month: its mean, in the stock's own unit."""
    sizes = view.game.shape.sizes
    war = view.mix(*(path.begun["war"].sum(axis=1) for path in view.undealt))
    grid = war.reshape(-1, *sizes)
    frames = []
    for axis, stock in enumerate(STOCKS):
        levels = np.asarray(view.game.inputs.grid.levels[axis])
        chance = grid.sum(axis=tuple(i for i in range(1, 5) if i != axis + 1))
        mean = chance @ levels / chance.sum(axis=-1)
        frames.append(pl.DataFrame({"stock": [stock] * len(mean), "month": np.arange(len(mean)), "mean": mean}))
    return pl.concat(frames)
