"""Negotiating styles: one side wants results, the other is at ease with open ends.

Law    value_i = (1 - discount_i) flow_i + discount_i E[value_i']; the patron earns a credit while a deal it backed
       or brokered holds, and pays for every round without one; the challenger pays its own cost of a round.
Claims styles (par. 4), buys_time (4).
Source Rubinstein 1982 (patience is bargaining power). Neutral: one discount for all, no credit, free rounds.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from jaxtyping import Float


@dataclass(frozen=True, eq=False)
class Styles:
    """Monthly discount factors; credit and round costs as flows."""

    challenger_discount: Float[np.ndarray, " types"]
    defender_discount: Float[np.ndarray, ""]
    patron_discount: Float[np.ndarray, ""]
    patron_credit: Float[np.ndarray, ""]
    challenger_round_cost: Float[np.ndarray, ""]
    patron_round_cost: Float[np.ndarray, ""]

    @property
    def discounts(self) -> Float[np.ndarray, " accounts"]:
        """Return the discount factor of every account: settler, staller, defender, patron."""
        return np.stack([*self.challenger_discount, self.defender_discount, self.patron_discount])
