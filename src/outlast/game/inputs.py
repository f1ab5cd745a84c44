"""All numbers of a game in one tree: the argument of the solver.

Nothing here fixes a shape that ``Shape`` does not already fix, so new numbers never recompile.
"""

from __future__ import annotations

import equinox as eqx
import jax.numpy as jnp
from jaxtyping import Array, Float, Int

from outlast.game.grid import Grid


class Deals(eqx.Module):
    """The packages' terms as arrays: one entry per package, and one per peace phase for ``phase_*``.

    Guarantee 0 none, 1 soft, 2 enforceable; relief 0 none, 1 phased, 2 full; line 0 current, 1 rollback, 2 cession.
    """

    line: Int[Array, " packages"]
    backing: Int[Array, " packages"]
    """1 where the patron must back the package."""
    weight: Float[Array, " packages"]
    """Logit base weight on a menu: packages with the same terms share the weight of one."""
    phase: Int[Array, " packages"]
    guarantee: Int[Array, " packages"]
    denied: Float[Array, " packages"]
    demilitarised: Float[Array, " packages"]
    phase_guarantee: Int[Array, " phases"]
    phase_denied: Float[Array, " phases"]
    phase_demilitarised: Float[Array, " phases"]
    phase_relief: Int[Array, " phases"]


class Calendar(eqx.Module):
    """Dated events: from ``change_month`` on, slot ``change_to`` takes the value in slot ``change_from``."""

    change_month: Int[Array, " changes"]
    change_to: Int[Array, " changes"]
    change_from: Int[Array, " changes"]
    shock_month: Int[Array, " shocks"]
    shock_change: Int[Array, " shocks"]
    """Slot of the size of each shock, in the stock's unit."""
    shock_chance: Int[Array, " shocks"]
    """Slot of its probability."""


class Inputs(eqx.Module):
    """Number vector, levels, terms and calendar."""

    values: Float[Array, " slots"]
    grid: Grid
    deals: Deals
    calendar: Calendar

    def in_month(self, month: Array) -> Float[Array, " slots"]:
        """Return the number vector in force in the given month."""
        values = self.values
        for i in range(len(self.calendar.change_month)):
            target, source = self.calendar.change_to[i], self.calendar.change_from[i]
            begun = month >= self.calendar.change_month[i]
            values = values.at[target].set(jnp.where(begun, self.values[source], values[target]))
        return values
