"""The war has to end in something that looks like a win.

Law    signing costs audience_cost x max(0, aspiration + sunk_cost x (months of war so far) - win), once;
       win = win_territory (share beyond the pre-war line) + win_demilitarised + win_alliances_denied
       + win_no_guarantor.
Claims win (par. 7), sunk_cost (9).
Source audience costs (Fearon 1994; Schultz 2001). Neutral: audience cost 0.
"""

from __future__ import annotations

import equinox as eqx
import jax.numpy as jnp
from jaxtyping import Array, Float


class Aspiration(eqx.Module):
    """Aspirations and audience costs by type (settler, staller); wins in the unit of the prize."""

    aspiration: Float[Array, " types"]
    audience_cost: Float[Array, " types"]
    sunk_cost: Float[Array, ""]
    prewar_line: Float[Array, ""]
    win_territory: Float[Array, ""]
    win_demilitarised: Float[Array, ""]
    win_alliances_denied: Float[Array, ""]
    win_no_guarantor: Float[Array, ""]

    def win(
        self,
        territory: Float[Array, "packages cells"],
        *,
        demilitarised: Float[Array, " packages"],
        denied: Float[Array, " packages"],
        alone: Float[Array, " packages"],
    ) -> Float[Array, "packages cells"]:
        """Return what the challenger can show at home for each package signed in each cell."""
        terms = (
            self.win_demilitarised * demilitarised + self.win_alliances_denied * denied + self.win_no_guarantor * alone
        )
        return self.win_territory * jnp.maximum(territory - self.prewar_line, 0) + terms[:, None]

    def cost(self, win: Float[Array, "packages cells"], months_of_war: Array) -> Float[Array, "types packages cells"]:
        """Return the one-off cost of signing for less than the aspiration."""
        bar = self.aspiration + self.sunk_cost * months_of_war
        return self.audience_cost[:, None, None] * jnp.maximum(bar[:, None, None] - win, 0)
