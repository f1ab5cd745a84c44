"""What the challenger gains when the defender is left without friends.

Law    in peace the challenger earns alliances_denied when alliances are denied and no_guarantor when nobody stands
       behind the deal; a dictated end gives it both.
Claims abandonment (par. 4).
Source Powell 2017 (a patron's alignment in wars of attrition). Neutral: both 0.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from jaxtyping import Float


@dataclass(frozen=True, eq=False)
class Alignment:
    """Flow values by type (settler, staller)."""

    alliances_denied: Float[np.ndarray, " types"]
    no_guarantor: Float[np.ndarray, " types"]

    def in_peace(
        self, *, denied: Float[np.ndarray, " phases"], alone: Float[np.ndarray, " phases"]
    ) -> Float[np.ndarray, "types phases"]:
        """Return the flow in each peace phase; ``denied`` and ``alone`` are 1 or 0."""
        return self.alliances_denied[:, None] * denied + self.no_guarantor[:, None] * alone

    @property
    def imposed(self) -> Float[np.ndarray, " types"]:
        """Return the flow when the challenger dictates."""
        return self.alliances_denied + self.no_guarantor
