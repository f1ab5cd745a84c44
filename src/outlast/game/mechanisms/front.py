"""The front grinds by relative strength.

Law    pi = f^m / (f^m + (e (1 + supply_a))^m);  territory rises at pace x pi and falls at pace x (1 - pi) a month.
Claims front (par. 4).
Source contest function (Tullock 1980; Hirshleifer 1989; Lanchester's ratio form). Neutral: pace 0.
"""

from __future__ import annotations

import equinox as eqx
import jax.numpy as jnp
from jaxtyping import Array, Float

from outlast.game.grid import Grid
from outlast.game.layers import Step


class Front(eqx.Module):
    """Pace in share of the prize per month at total superiority; supply adds to the defender's strength."""

    pace: Float[Array, ""]
    decisiveness: Float[Array, ""]
    supply_sustain: Float[Array, ""]
    supply_surge: Float[Array, ""]

    def superiority(self, grid: Grid) -> Float[Array, "postures 1 cells"]:
        """Return pi, the challenger's share of the contest, by the patron's posture (withhold, sustain, surge)."""
        supply = jnp.stack([jnp.zeros_like(self.supply_sustain), self.supply_sustain, self.supply_surge])
        strength = grid.of("endurance") * (1 + supply)[:, None, None]
        ratio = strength / grid.of("forces")
        safe = jnp.where(ratio > 0, ratio, 1.0)
        return jnp.where(ratio > 0, 1 / (1 + safe**self.decisiveness), 1.0)

    def in_war(self, grid: Grid, superiority: Float[Array, "postures 1 cells"]) -> Step:
        """Return a month at the front."""
        return grid.step("territory", rise=self.pace * superiority, fall=self.pace * (1 - superiority))
