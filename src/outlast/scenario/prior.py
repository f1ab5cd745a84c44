"""The prior in words: which numbers vary and between which ends. Drawing from it is the work of a later room."""

from __future__ import annotations

from dataclasses import dataclass

from outlast.scenario.scenario import Scenario


@dataclass(frozen=True, slots=True)
class Spread:
    """One number that varies: its path, the ends of its range and its central value, in the unit of its key."""

    path: str
    low: float
    value: float
    high: float


@dataclass(frozen=True, slots=True)
class Prior:
    """The numbers of a scenario that vary, in file order.

    A number of a mechanism that is switched off stays in the list, so that a draw means the same with and without the
    mechanism.
    """

    spreads: tuple[Spread, ...]

    @property
    def paths(self) -> tuple[str, ...]:
        """Paths of the numbers that vary, in order."""
        return tuple(spread.path for spread in self.spreads)

    def __len__(self) -> int:
        return len(self.spreads)


def prior_of(scenario: Scenario) -> Prior:
    """Return the prior of a scenario: each number whose range has two different ends."""
    return Prior(
        tuple(
            Spread(path, number.low, number.value, number.high)
            for path, number in scenario.numbers().items()
            if number.low is not None and number.high is not None and number.low < number.high
        )
    )
