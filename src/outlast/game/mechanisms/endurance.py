"""The defender's units thin and its people tire.

Law    de = recovery_a - (fatigue + losses pi) a month in war, + recovery_peace in peace (to the cap if demilitarised);
       the defender's cost of war is war_cost (1 + war_cost_slope (1 - e)). Level 0: the challenger dictates.
Claims thinning (par. 4), fatigue (4, 5, 6).
Source war of attrition (Maynard Smith 1974; Hendricks, Weiss & Wilson 1988). Neutral: no movement, slope 0.
"""

from __future__ import annotations

import equinox as eqx
import jax.numpy as jnp
from jaxtyping import Array, Float

from outlast.game.grid import Grid
from outlast.game.layers import Step


class Endurance(eqx.Module):
    """Monthly rates in shares of full endurance; costs as flows."""

    fatigue: Float[Array, ""]
    losses: Float[Array, ""]
    recovery_sustain: Float[Array, ""]
    recovery_surge: Float[Array, ""]
    recovery_peace: Float[Array, ""]
    war_cost: Float[Array, ""]
    war_cost_slope: Float[Array, ""]

    def in_war(self, grid: Grid, superiority: Float[Array, "postures 1 cells"]) -> Step:
        """Return a month of war by posture."""
        recovery = jnp.stack([jnp.zeros_like(self.recovery_sustain), self.recovery_sustain, self.recovery_surge])
        return grid.step(
            "endurance", rise=recovery[:, None, None] + 0 * superiority, fall=self.fatigue + self.losses * superiority
        )

    def in_peace(self, grid: Grid, cap: Float[Array, " phases"]) -> Step:
        """Return a month of peace: recovery below the cap of each phase, the same speed down above it, never to 0."""
        here = grid.of("endurance")
        ceiling = cap[:, None, None]
        room = jnp.clip(ceiling - here, 0, None)
        excess = jnp.clip(here - ceiling, 0, None)
        floor = grid.levels[2][1]
        rise = jnp.minimum(self.recovery_peace, room)
        fall = jnp.where(here > floor, jnp.minimum(self.recovery_peace, excess), 0.0)
        return grid.step("endurance", rise=rise, fall=fall)

    def cost(self, grid: Grid) -> Float[Array, " cells"]:
        """Return the defender's flow cost of a month of war."""
        return self.war_cost * (1 + self.war_cost_slope * (1 - grid.of("endurance")))
