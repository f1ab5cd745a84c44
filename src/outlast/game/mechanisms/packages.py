"""What the terms of a deal are worth.

Law    in peace the challenger earns sanctions_relief x relief, the defender loses arms when demilitarised and alliances
       when they are denied; a legal cession costs the defender cession_cost once.
Claims terms (par. 9).
Source Walter 1997; Mattes & Savun 2009 on provisions. Neutral: all 0.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from jaxtyping import Float


@dataclass(frozen=True, eq=False)
class Packages:
    """Flow values of terms; ``cession_cost`` one-off; ``phased_share`` of full relief paid by phased relief."""

    sanctions_relief: Float[np.ndarray, ""]
    arms: Float[np.ndarray, ""]
    alliances: Float[np.ndarray, ""]
    cession_cost: Float[np.ndarray, ""]
    phased_share: Float[np.ndarray, ""]

    def relief(self, kind: np.ndarray) -> Float[np.ndarray, " phases"]:
        """Return the share of full relief by kind (0 none, 1 phased, 2 full)."""
        return np.where(kind == 0, 0.0, np.where(kind == 1, self.phased_share, 1.0))
