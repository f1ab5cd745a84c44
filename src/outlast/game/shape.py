"""What fixes the array shapes of a game: counts only, no numbers, no names."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

BY_TYPE = ("settler", "staller")
BY_GUARANTEE = ("none", "soft", "enforceable")

SECTIONS: dict[str, tuple[str, ...]] = {
    "recognition": ("challenger", "defender", "patron"),
    "noise.challenger": ("attend", "table", "which", "answer", "resume"),
    "noise.defender": ("table", "which", "answer"),
    "noise.patron": ("table", "which", "answer", "posture", "honour"),
    "payoffs": (
        "sustain_penalty",
        "surge_penalty",
        "patron_security",
        "sustain_cost",
        "surge_cost",
        "cost_slope",
        "sovereignty",
    ),
}
"""Plain numbers outside the mechanisms, in canonical order."""


@dataclass(frozen=True)
class Shape:
    """Counts of everything that has an axis."""

    sizes: tuple[int, int, int, int]
    """Levels of territory, forces, endurance, patience."""
    beliefs: int
    packages: int
    phases: int
    """Distinct peace phases: packages that differ in their line alone share one."""
    pools: int
    changes: int
    """Parameter changes by calendar events."""
    shocks: tuple[int, ...]
    """For every shock by a calendar event, the axis it strikes (0 territory … 3 patience)."""
    months: int
    slots: tuple[str, ...]
    """Canonical name of every number, in the order of the number vector."""
    settled: int | None = None
    """Month from which the calendar moves no number; None where the war freezes at the horizon."""
    automatic: bool = False
    """Whether the response to an attack may be automatic."""

    @property
    def cells(self) -> int:
        """Cells of one phase at one belief."""
        total = 1
        for size in self.sizes:
            total *= size
        return total

    @property
    def states(self) -> int:
        """Cells times beliefs: states of the war, and as many again per peace phase."""
        return self.cells * self.beliefs

    def slot(self, name: str) -> int:
        """Return the place of a number in the number vector."""
        return self._places[name]

    @cached_property
    def _places(self) -> dict[str, int]:
        return {name: place for place, name in enumerate(self.slots)}
