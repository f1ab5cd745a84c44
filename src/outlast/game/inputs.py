"""All numbers of a game in one tree: the argument of the solver.

Nothing here fixes a shape that ``Shape`` does not already fix.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from jaxtyping import Float, Int

from outlast.game.grid import Grid


@dataclass(frozen=True, eq=False)
class Deals:
    """The packages' terms as arrays: one entry per package, and one per peace phase for ``phase_*``.

    Guarantee 0 none, 1 soft, 2 enforceable; relief 0 none, 1 phased, 2 full; line 0 current, 1 rollback, 2 cession.
    """

    line: Int[np.ndarray, " packages"]
    backing: Int[np.ndarray, " packages"]
    """1 where the patron must back the package."""
    weight: Float[np.ndarray, " packages"]
    """Logit base weight on a menu: packages with the same terms share the weight of one."""
    phase: Int[np.ndarray, " packages"]
    guarantee: Int[np.ndarray, " packages"]
    denied: Float[np.ndarray, " packages"]
    demilitarised: Float[np.ndarray, " packages"]
    phase_guarantee: Int[np.ndarray, " phases"]
    phase_denied: Float[np.ndarray, " phases"]
    phase_demilitarised: Float[np.ndarray, " phases"]
    phase_relief: Int[np.ndarray, " phases"]


@dataclass(frozen=True, eq=False)
class Calendar:
    """Dated events: from ``change_month`` on, slot ``change_to`` takes the value in slot ``change_from``."""

    change_month: Int[np.ndarray, " changes"]
    change_to: Int[np.ndarray, " changes"]
    change_from: Int[np.ndarray, " changes"]
    shock_month: Int[np.ndarray, " shocks"]
    shock_change: Int[np.ndarray, " shocks"]
    """Slot of the size of each shock, in the stock's unit."""
    shock_chance: Int[np.ndarray, " shocks"]
    """Slot of its probability."""


@dataclass(frozen=True, eq=False)
class Inputs:
    """Number vector, levels, terms and calendar."""

    values: Float[np.ndarray, " slots"]
    grid: Grid
    deals: Deals
    calendar: Calendar

    def in_month(self, month: int) -> Float[np.ndarray, " slots"]:
        """Return the number vector in force in the given month, a copy."""
        values = np.array(self.values, dtype=float)
        changes = self.calendar
        for begins, target, source in zip(changes.change_month, changes.change_to, changes.change_from, strict=True):
            if month >= begins:
                values[target] = self.values[source]
        return values
