"""The challenger refills its ranks from pools that can be used up.

Law    forces fall by losses (1 - pi) a month and rise by the rates of the pools still open; pool i is open for
       size_i / rate_i months of war, counted on the calendar, and costs price_i x rate_i while it is used.
Claims manpower (par. 6).
Source attrition with replacement (Lanchester 1916). Neutral: no losses, no refilling, no price.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from jaxtyping import Float

from outlast.game.grid import Grid
from outlast.game.layers import Step


@dataclass(frozen=True, eq=False)
class Manpower:
    """Losses and rates in shares of the starting force per month; sizes in the same shares; prices per unit of rate."""

    losses: Float[np.ndarray, ""]
    rate: Float[np.ndarray, " pools"]
    size: Float[np.ndarray, " pools"]
    price: Float[np.ndarray, " pools"]

    def used(self, month: int) -> Float[np.ndarray, " pools"]:
        """Return what each pool gives in the given month, pro rata in the month it runs dry."""
        return np.clip(self.size - self.rate * month, 0, self.rate)

    def in_war(
        self, grid: Grid, superiority: Float[np.ndarray, "postures 1 cells"], month: int, spread: float | None = None
    ) -> tuple[Step, ...]:
        """Return a month of war by posture; ``spread`` as in ``Grid.move``."""
        refill = self.used(month).sum()
        return grid.move("forces", rise=refill + 0 * superiority, fall=self.losses * (1 - superiority), spread=spread)

    def cost(self, month: int) -> Float[np.ndarray, ""]:
        """Return the political price of the men raised this month, a flow cost."""
        return (self.price * self.used(month)).sum()
