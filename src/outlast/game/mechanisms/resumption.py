"""A peace can be a pause.

Law    every month of peace the challenger may attack again at a one-off attack_cost; meanwhile its forces regain
       rearm + relief_rearm x relief a month, and a demilitarised defender rebuilds no further than demilitarised_cap.
Claims pause (par. 9).
Source Powell 2006 and Fearon 2004 (commitment problem); Leventoglu & Slantchev 2007 (armed peace).
Neutral: an attack cost so high that every peace is final.
"""

from __future__ import annotations

import equinox as eqx
import jax.numpy as jnp
from jaxtyping import Array, Float

from outlast.game.grid import Grid
from outlast.game.layers import Step


class Resumption(eqx.Module):
    """Cost in the prize's unit; rearming in shares of the starting force per month; cap a share of full endurance."""

    attack_cost: Float[Array, ""]
    rearm: Float[Array, ""]
    relief_rearm: Float[Array, ""]
    demilitarised_cap: Float[Array, ""]

    def in_peace(self, grid: Grid, relief: Float[Array, " phases"]) -> Step:
        """Return the challenger's forces over a month of peace in each phase."""
        rise = (self.rearm + self.relief_rearm * relief)[:, None, None] + 0 * grid.of("forces")
        return grid.step("forces", rise=rise, fall=0 * rise)

    def cap(self, demilitarised: Float[Array, " phases"]) -> Float[Array, " phases"]:
        """Return the highest endurance the defender can rebuild in each phase."""
        return jnp.where(demilitarised > 0, self.demilitarised_cap, 1.0)
