"""How much of the war the challenger's public feels.

Law    the challenger's cost of a month of war is war_cost x exposure + casualty_weight x (1 - pi).
Claims tolerance (par. 6), insulation (6).
Source Zartman 2000 (a stalemate must hurt both for talks to be ripe).
Neutral: exposure 1 and the casualty weight of a democracy.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from jaxtyping import Float


@dataclass(frozen=True, eq=False)
class HomeFront:
    """Costs as flows; exposure a share; casualty weights by type (settler, staller)."""

    war_cost: Float[np.ndarray, ""]
    exposure: Float[np.ndarray, ""]
    casualty_weight: Float[np.ndarray, " types"]

    def cost(self, superiority: Float[np.ndarray, "postures 1 cells"]) -> Float[np.ndarray, "types postures 1 cells"]:
        """Return the flow cost of a month of war by type and posture."""
        return self.war_cost * self.exposure + self.casualty_weight[:, None, None, None] * (1 - superiority)
