"""Talks as a reason to hold back aid and punishment.

Law    while talks are on, supplying costs the patron an extra supply (1 - b), punishing an extra punish (1 - b),
       b the public belief that the challenger is a staller.
Claims shield (par. 4).
Source Min 2020, 2025 (talks under outside pressure relieve it). Neutral: both 0.
"""

from __future__ import annotations

import equinox as eqx
import jax.numpy as jnp
from jaxtyping import Array, Float

from outlast.game.grid import Grid


class TalksShield(eqx.Module):
    """Extra flow cost to the patron if the challenger is surely a settler."""

    supply: Float[Array, ""]
    punish: Float[Array, ""]

    def cost(self, grid: Grid) -> Float[Array, "postures beliefs 1"]:
        """Return the extra cost by posture (withhold, sustain, surge) and belief."""
        by_posture = jnp.stack([jnp.zeros_like(self.supply), self.supply, self.punish])
        return by_posture[:, None, None] * (1 - grid.beliefs)[None, :, None]
