"""The challenger refills its ranks from pools that can be used up.

Law    forces fall by losses (1 - pi) a month and rise by the rates of the pools still open; pool i is open for
       size_i / rate_i months of war, counted on the calendar, and costs price_i x rate_i while it is used.
Claims manpower (par. 6).
Source attrition with replacement (Lanchester 1916). Neutral: no losses, no refilling, no price.
"""

from __future__ import annotations

import equinox as eqx
import jax.numpy as jnp
from jaxtyping import Array, Float

from outlast.game.grid import Grid
from outlast.game.layers import Step


class Manpower(eqx.Module):
    """Losses and rates in shares of the starting force per month; sizes in the same shares; prices per unit of rate."""

    losses: Float[Array, ""]
    rate: Float[Array, " pools"]
    size: Float[Array, " pools"]
    price: Float[Array, " pools"]

    def used(self, month: Array) -> Float[Array, " pools"]:
        """Return what each pool gives in the given month, pro rata in the month it runs dry."""
        return jnp.clip(self.size - self.rate * month, 0, self.rate)

    def in_war(self, grid: Grid, superiority: Float[Array, "postures 1 cells"], month: Array) -> Step:
        """Return a month of war by posture."""
        refill = self.used(month).sum()
        return grid.step("forces", rise=refill + 0 * superiority, fall=self.losses * (1 - superiority))

    def cost(self, month: Array) -> Float[Array, ""]:
        """Return the political price of the men raised this month, a flow cost."""
        return (self.price * self.used(month)).sum()
