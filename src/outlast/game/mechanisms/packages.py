"""What the terms of a deal are worth.

Law    in peace the challenger earns sanctions_relief x relief, the defender loses arms when demilitarised and alliances
       when they are denied; a legal cession costs the defender cession_cost once.
Claims terms (par. 9).
Source Walter 1997; Mattes & Savun 2009 on provisions. Neutral: all 0.
"""

from __future__ import annotations

import equinox as eqx
import jax.numpy as jnp
from jaxtyping import Array, Float


class Packages(eqx.Module):
    """Flow values of terms; ``cession_cost`` one-off; ``phased_share`` of full relief paid by phased relief."""

    sanctions_relief: Float[Array, ""]
    arms: Float[Array, ""]
    alliances: Float[Array, ""]
    cession_cost: Float[Array, ""]
    phased_share: Float[Array, ""]

    def relief(self, kind: Array) -> Float[Array, " phases"]:
        """Return the share of full relief by kind (0 none, 1 phased, 2 full)."""
        return jnp.where(kind == 0, 0.0, jnp.where(kind == 1, self.phased_share, 1.0))
