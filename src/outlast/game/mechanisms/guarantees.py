"""Guarantees, soft and enforceable.

Law    after an attack the patron honours (the challenger loses penalty_g; the patron pays honour_cost
       (1 + honour_cost_slope (1 - p)) and rallies) or reneges (it pays renege_cost_g and loses renege_patience_g);
       while it stands, a guarantee costs the patron the flow standing_cost_g.
Claims soft (par. 10), enforceable (10).
Source Fearon 1997 (tying hands); Fortna 2003; Werner & Yuen 2005. Neutral: every guarantee as good as none.
"""

from __future__ import annotations

import equinox as eqx
import jax.numpy as jnp
from jaxtyping import Array, Float

from outlast.game.grid import Grid

NONE, SOFT, ENFORCEABLE = 0, 1, 2


class Guarantees(eqx.Module):
    """By guarantee (none, soft, enforceable): one-off costs in the prize's unit, flows, patience in shares of full."""

    penalty: Float[Array, " guarantees"]
    renege_cost: Float[Array, " guarantees"]
    renege_patience: Float[Array, " guarantees"]
    standing_cost: Float[Array, " guarantees"]
    honour_cost: Float[Array, ""]
    honour_cost_slope: Float[Array, ""]

    def honouring(self, grid: Grid) -> Float[Array, " cells"]:
        """Return the patron's one-off cost of honouring in every cell."""
        return self.honour_cost * (1 + self.honour_cost_slope * (1 - grid.of("patience")))

    def after_reneging(self, grid: Grid, guarantee: Array) -> Float[Array, "phases levels levels"]:
        """Return the jump of patience when the patron reneges in each phase."""
        levels = grid.levels[3]
        return grid.jump("patience", jnp.maximum(levels - self.renege_patience[guarantee][:, None], levels[0]))
