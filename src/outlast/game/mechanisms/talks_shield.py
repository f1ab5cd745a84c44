"""Talks as a reason to hold back aid and punishment.

Law    while talks are on, supplying costs the patron an extra supply (1 - b), punishing an extra punish (1 - b),
       b the public belief that the challenger is a staller.
Claims shield (par. 4).
Source Min 2020, 2025 (talks under outside pressure relieve it). Neutral: both 0.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from jaxtyping import Float

from outlast.game.grid import Grid


@dataclass(frozen=True, eq=False)
class TalksShield:
    """Extra flow cost to the patron if the challenger is surely a settler."""

    supply: Float[np.ndarray, ""]
    punish: Float[np.ndarray, ""]

    def cost(self, grid: Grid) -> Float[np.ndarray, "postures beliefs 1"]:
        """Return the extra cost by posture (withhold, sustain, surge) and belief."""
        by_posture = np.stack([np.zeros_like(self.supply), self.supply, self.punish])
        return by_posture[:, None, None] * (1 - grid.beliefs)[None, :, None]
