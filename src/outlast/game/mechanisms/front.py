"""The front grinds by relative strength.

Law    pi = f^m / (f^m + (e (1 + supply_a))^m);  territory rises at pace x pi and falls at pace x (1 - pi) a month.
Claims front (par. 4).
Source contest function (Tullock 1980; Hirshleifer 1989; Lanchester's ratio form). Neutral: pace 0.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from jaxtyping import Float

from outlast.game.grid import Grid
from outlast.game.layers import Step


@dataclass(frozen=True, eq=False)
class Front:
    """Pace in share of the prize per month at total superiority; supply adds to the defender's strength."""

    pace: Float[np.ndarray, ""]
    decisiveness: Float[np.ndarray, ""]
    supply_sustain: Float[np.ndarray, ""]
    supply_surge: Float[np.ndarray, ""]

    def superiority(self, grid: Grid) -> Float[np.ndarray, "postures 1 cells"]:
        """Return pi, the challenger's share of the contest, by the patron's posture (withhold, sustain, surge)."""
        supply = np.stack([np.zeros_like(self.supply_sustain), self.supply_sustain, self.supply_surge])
        strength = grid.of("endurance") * (1 + supply)[:, None, None]
        ratio = strength / grid.of("forces")
        safe = np.where(ratio > 0, ratio, 1.0)
        return np.where(ratio > 0, 1 / (1 + safe**self.decisiveness), 1.0)

    def in_war(
        self, grid: Grid, superiority: Float[np.ndarray, "postures 1 cells"], spread: float | None = None
    ) -> tuple[Step, ...]:
        """Return a month at the front by posture; ``spread`` as in ``Grid.move``."""
        return grid.move("territory", rise=self.pace * superiority, fall=self.pace * (1 - superiority), spread=spread)
