"""A peace can be a pause.

Law    every month of peace the challenger may attack again at a one-off attack_cost; meanwhile its forces regain
       rearm + relief_rearm x relief a month, and a demilitarised defender rebuilds no further than demilitarised_cap.
Claims pause (par. 9).
Source Powell 2006 and Fearon 2004 (commitment problem); Leventoglu & Slantchev 2007 (armed peace).
Neutral: an attack cost so high that every peace is final.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from jaxtyping import Float

from outlast.game.grid import Grid
from outlast.game.layers import Step


@dataclass(frozen=True, eq=False)
class Resumption:
    """Cost in the prize's unit; rearming in shares of the starting force per month; cap a share of full endurance."""

    attack_cost: Float[np.ndarray, ""]
    rearm: Float[np.ndarray, ""]
    relief_rearm: Float[np.ndarray, ""]
    demilitarised_cap: Float[np.ndarray, ""]

    def in_peace(
        self, grid: Grid, relief: Float[np.ndarray, " phases"], spread: float | None = None
    ) -> tuple[Step, ...]:
        """Return the challenger's forces over a month of peace in each phase."""
        rise = (self.rearm + self.relief_rearm * relief)[:, None, None] + 0 * grid.of("forces")
        return grid.move("forces", rise=rise, fall=0 * rise, spread=spread)

    def cap(self, demilitarised: Float[np.ndarray, " phases"]) -> Float[np.ndarray, " phases"]:
        """Return the highest endurance the defender can rebuild in each phase."""
        return np.where(demilitarised > 0, self.demilitarised_cap, 1.0)
