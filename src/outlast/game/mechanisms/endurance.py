"""The defender's units thin and its people tire.

Law    de = recovery_a - (fatigue + losses pi) a month in war, + recovery_peace in peace (to the cap if demilitarised);
       the defender's cost of war is war_cost (1 + war_cost_slope (1 - e)). Level 0: the challenger dictates.
Claims thinning (par. 4), fatigue (4, 5, 6).
Source war of attrition (Maynard Smith 1974; Hendricks, Weiss & Wilson 1988). Neutral: no movement, slope 0.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from jaxtyping import Float

from outlast.game.grid import Grid
from outlast.game.layers import Step


@dataclass(frozen=True, eq=False)
class Endurance:
    """Monthly rates in shares of full endurance; costs as flows."""

    fatigue: Float[np.ndarray, ""]
    losses: Float[np.ndarray, ""]
    recovery_sustain: Float[np.ndarray, ""]
    recovery_surge: Float[np.ndarray, ""]
    recovery_peace: Float[np.ndarray, ""]
    war_cost: Float[np.ndarray, ""]
    war_cost_slope: Float[np.ndarray, ""]

    def in_war(
        self, grid: Grid, superiority: Float[np.ndarray, "postures 1 cells"], spread: float | None = None
    ) -> tuple[Step, ...]:
        """Return a month of war by posture; ``spread`` as in ``Grid.move``."""
        recovery = np.stack([np.zeros_like(self.recovery_sustain), self.recovery_sustain, self.recovery_surge])
        return grid.move(
            "endurance",
            rise=recovery[:, None, None] + 0 * superiority,
            fall=self.fatigue + self.losses * superiority,
            spread=spread,
        )

    def in_peace(self, grid: Grid, cap: Float[np.ndarray, " phases"], spread: float | None = None) -> tuple[Step, ...]:
        """Return a month of peace: recovery below the cap of each phase, the same speed down above it, never to 0."""
        here = grid.of("endurance")
        ceiling = cap[:, None, None]
        room = np.clip(ceiling - here, 0, None)
        excess = np.clip(here - ceiling, 0, None)
        floor = grid.levels[2][1]
        rise = np.minimum(self.recovery_peace, room)
        fall = np.where(here > floor, np.minimum(self.recovery_peace, excess), 0.0)
        return grid.move("endurance", rise=rise, fall=fall, spread=spread, lowest=1)

    def cost(self, grid: Grid) -> Float[np.ndarray, " cells"]:
        """Return the defender's flow cost of a month of war."""
        return self.war_cost * (1 + self.war_cost_slope * (1 - grid.of("endurance")))
