"""Guarantees, soft and enforceable.

Law    after an attack the patron honours (the challenger loses penalty_g; the patron pays honour_cost
       (1 + honour_cost_slope (1 - p)) and rallies) or reneges (it pays renege_cost_g and loses renege_patience_g);
       with the chance automatic_g nobody chooses: the challenger loses automatic_penalty, patience stays;
       while it stands, a guarantee costs the patron the flow standing_cost_g.
Claims soft (par. 10), enforceable (10).
Source Fearon 1997 (tying hands); Fortna 2003; Werner & Yuen 2005. Neutral: every guarantee as good as none.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from jaxtyping import Float

from outlast.game.grid import Grid

NONE, SOFT, ENFORCEABLE = 0, 1, 2


@dataclass(frozen=True, eq=False)
class Guarantees:
    """By guarantee (none, soft, enforceable): one-off costs in the prize's unit, flows, patience in shares of full."""

    penalty: Float[np.ndarray, " guarantees"]
    renege_cost: Float[np.ndarray, " guarantees"]
    renege_patience: Float[np.ndarray, " guarantees"]
    standing_cost: Float[np.ndarray, " guarantees"]
    automatic: Float[np.ndarray, " guarantees"]
    """Chance that the response to an attack is nobody's choice."""
    honour_cost: Float[np.ndarray, ""]
    honour_cost_slope: Float[np.ndarray, ""]
    automatic_penalty: Float[np.ndarray, ""]

    def honouring(self, grid: Grid) -> Float[np.ndarray, " cells"]:
        """Return the patron's one-off cost of honouring in every cell."""
        return self.honour_cost * (1 + self.honour_cost_slope * (1 - grid.of("patience")))

    def after_reneging(self, grid: Grid, guarantee: np.ndarray) -> Float[np.ndarray, "phases levels levels"]:
        """Return the jump of patience when the patron reneges in each phase."""
        levels = grid.levels[3]
        return grid.jump("patience", np.maximum(levels - self.renege_patience[guarantee][:, None], levels[0]))
