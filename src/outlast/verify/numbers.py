"""The numbers in force in a month, by name.

Reads the number vector and the calendar of a game as data. A change by an event holds from its month on, until a later
event changes the same number again.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from outlast.game.inputs import Inputs
    from outlast.game.shape import Shape

TYPES = ("settler", "staller")
GUARANTEES = ("none", "soft", "enforceable")
POSTURES = ("withhold", "sustain", "surge")


@dataclass(frozen=True)
class Shock:
    """One blow to a stock: ``axis`` 0 territory … 3 patience, ``change`` in the stock's unit, ``chance`` of it."""

    axis: int
    change: float
    chance: float


@dataclass(frozen=True)
class Numbers:
    """Every number of the scenario as it stands in one month, and the shocks that fall in it."""

    month: int
    by_name: dict[str, float]
    shocks: tuple[Shock, ...]
    pools: int
    automatic: bool = False
    """Whether the response to an attack may be automatic."""

    def __call__(self, name: str) -> float:
        """Return one number by its dotted name."""
        return self.by_name[name]

    def law(self, name: str) -> float:
        """Return a number of a mechanism: ``front.pace`` stands for ``mechanisms.front.pace``."""
        return self.by_name[f"mechanisms.{name}"]

    def by_type(self, name: str) -> tuple[float, float]:
        """Return a mechanism's number of the settler and of the staller."""
        return self.law(f"{name}.settler"), self.law(f"{name}.staller")

    def by_guarantee(self, name: str, guarantee: int) -> float:
        """Return a mechanism's number for guarantee 0 none, 1 soft or 2 enforceable."""
        return self.law(f"{name}.{GUARANTEES[guarantee]}")

    def drawn(self) -> tuple[float, float]:
        """Return what the pools give this month, in forces, and its political price, a flow.

        A pool is open for size / rate months, counted from month 0; in its last month it gives what is left.
        """
        men, price = 0.0, 0.0
        for i in range(self.pools):
            pool = f"manpower.pools.{i}"
            rate = self.law(f"{pool}.rate")
            if rate <= 0:
                continue
            months_left = self.law(f"{pool}.size") / rate - self.month
            used = rate * min(1.0, max(0.0, months_left))
            men += used
            price += self.law(f"{pool}.price") * used
        return men, price

    def spread(self, stock: str) -> float | None:
        """Return a stock's spread, None where it moves from mark to mark."""
        return self.by_name.get(f"stocks.{stock}.spread")

    def breakthroughs(self) -> list[tuple[float, float]]:
        """Return chance and signed size of each way in which the front can break."""
        found = []
        for way, sign in (("rise", 1.0), ("fall", -1.0)):
            path = f"stocks.territory.breakthrough.{way}"
            if f"{path}.chance" in self.by_name:
                found.append((self.by_name[f"{path}.chance"], sign * self.by_name[f"{path}.size"]))
        return found

    def discounts(self) -> NDArray:
        """Return the monthly discount factor of settler, staller, defender and patron, shape ``(4,)``."""
        own = self.by_type("styles.challenger_discount")
        return np.array([*own, self.law("styles.defender_discount"), self.law("styles.patron_discount")])


def numbers_in(shape: Shape, inputs: Inputs, month: int) -> Numbers:
    """Read the numbers in force in ``month``: from the settled month on, those of that month."""
    start = np.asarray(inputs.values, dtype=float)
    now = start.copy()
    struck, month = month, month if shape.settled is None else min(month, shape.settled)
    calendar = inputs.calendar
    changes = zip(
        np.asarray(calendar.change_month), np.asarray(calendar.change_to), np.asarray(calendar.change_from), strict=True
    )
    for begins, target, source in sorted(changes, key=lambda change: change[0]):
        if month >= begins:
            now[target] = start[source]
    shocks = tuple(
        Shock(axis, float(now[change]), float(now[chance]))
        for axis, due, change, chance in zip(
            shape.shocks, calendar.shock_month, calendar.shock_change, calendar.shock_chance, strict=True
        )
        if int(due) == struck
    )
    by_name = dict(zip(shape.slots, now.tolist(), strict=True))
    return Numbers(month, by_name, shocks, shape.pools, shape.automatic)
