"""The war has to end in something that looks like a win.

Law    signing costs audience_cost x max(0, aspiration + sunk_cost x (months of war so far) - win), once;
       win = win_territory (share beyond the pre-war line) + win_demilitarised + win_alliances_denied
       + win_no_guarantor.
Claims win (par. 7), sunk_cost (9).
Source audience costs (Fearon 1994; Schultz 2001). Neutral: audience cost 0.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from jaxtyping import Float


@dataclass(frozen=True, eq=False)
class Aspiration:
    """Aspirations and audience costs by type (settler, staller); wins in the unit of the prize."""

    aspiration: Float[np.ndarray, " types"]
    audience_cost: Float[np.ndarray, " types"]
    sunk_cost: Float[np.ndarray, ""]
    prewar_line: Float[np.ndarray, ""]
    win_territory: Float[np.ndarray, ""]
    win_demilitarised: Float[np.ndarray, ""]
    win_alliances_denied: Float[np.ndarray, ""]
    win_no_guarantor: Float[np.ndarray, ""]

    def win(
        self,
        territory: Float[np.ndarray, "packages cells"],
        *,
        demilitarised: Float[np.ndarray, " packages"],
        denied: Float[np.ndarray, " packages"],
        alone: Float[np.ndarray, " packages"],
    ) -> Float[np.ndarray, "packages cells"]:
        """Return what the challenger can show at home for each package signed in each cell."""
        terms = (
            self.win_demilitarised * demilitarised + self.win_alliances_denied * denied + self.win_no_guarantor * alone
        )
        return self.win_territory * np.maximum(territory - self.prewar_line, 0) + terms[:, None]

    def cost(
        self, win: Float[np.ndarray, "packages cells"], months_of_war: float | np.ndarray
    ) -> Float[np.ndarray, "types packages cells"]:
        """Return the one-off cost of signing for less than the aspiration."""
        bar = self.aspiration + self.sunk_cost * months_of_war
        return self.audience_cost[:, None, None] * np.maximum(bar[:, None, None] - win, 0)
