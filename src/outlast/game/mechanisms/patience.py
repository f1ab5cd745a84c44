"""A patron's patience runs out.

Law    dp = -(drift + fruitless [talks held, nothing signed]) dt in war;  dp = -attention_drift dt in peace;
       +rally when an attack on a peace is answered. Level 0 is absorbing: the patron has left for good.
Claims patience (par. 3), attention (4, 10).
Source Kenwick (working paper): a third party's commitment wanes after signature. Neutral: no drift, no rally.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from jaxtyping import Float

from outlast.game.grid import Grid
from outlast.game.layers import Step


@dataclass(frozen=True, eq=False)
class Patience:
    """Patience lost per month (share of full patience), and regained by a rally."""

    drift: Float[np.ndarray, ""]
    attention_drift: Float[np.ndarray, ""]
    fruitless: Float[np.ndarray, ""]
    rally: Float[np.ndarray, ""]

    def in_war(self, grid: Grid, *, talks: float | np.ndarray, spread: float | None = None) -> tuple[Step, ...]:
        """Return a month of war; ``talks`` is 1 when talks were held and nothing was signed, else 0."""
        return grid.move(
            "patience", rise=grid.of("patience") * 0, fall=self.drift + self.fruitless * talks, spread=spread
        )

    def in_peace(self, grid: Grid, spread: float | None = None) -> tuple[Step, ...]:
        """Return a month of peace."""
        return grid.move("patience", rise=grid.of("patience") * 0, fall=self.attention_drift, spread=spread)

    def after_honouring(self, grid: Grid) -> Float[np.ndarray, "levels levels"]:
        """Return the jump when the patron honours a guarantee; a patron that has left does not come back."""
        levels = grid.levels[3]
        return grid.jump("patience", levels + self.rally * (levels > levels[0]))
