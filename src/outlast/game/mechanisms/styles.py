"""Negotiating styles: one side wants results, the other is at ease with open ends.

Law    value_i = (1 - discount_i) flow_i + discount_i E[value_i']; the patron earns a credit while a deal it backed
       or brokered holds, and pays for every round without one; the challenger pays its own cost of a round.
Claims styles (par. 4), buys_time (4).
Source Rubinstein 1982 (patience is bargaining power). Neutral: one discount for all, no credit, free rounds.
"""

from __future__ import annotations

import equinox as eqx
import jax.numpy as jnp
from jaxtyping import Array, Float


class Styles(eqx.Module):
    """Monthly discount factors; credit and round costs as flows."""

    challenger_discount: Float[Array, " types"]
    defender_discount: Float[Array, ""]
    patron_discount: Float[Array, ""]
    patron_credit: Float[Array, ""]
    challenger_round_cost: Float[Array, ""]
    patron_round_cost: Float[Array, ""]

    @property
    def discounts(self) -> Float[Array, " accounts"]:
        """Return the discount factor of every account: settler, staller, defender, patron."""
        return jnp.stack([*self.challenger_discount, self.defender_discount, self.patron_discount])
