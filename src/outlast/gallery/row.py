"""One figure of a published model beside ours."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass


@dataclass(frozen=True)
class Row:
    """A published figure, ours, and by how much they may differ."""

    quantity: str
    published: float
    ours: float
    tolerance: float

    @property
    def error(self) -> float:
        """Return the distance between the two figures."""
        return abs(self.ours - self.published)

    @property
    def holds(self) -> bool:
        """Return whether the error is within the tolerance; false where our figure is no number."""
        return self.error <= self.tolerance

    def record(self) -> dict[str, float | str | bool]:
        """Return the row as plain values, error included."""
        return {**asdict(self), "error": self.error, "holds": self.holds}


def switch(is_above: Callable[[float], bool], low: float, high: float, tolerance: float = 1e-9) -> float:
    """Find the number between ``low`` and ``high`` at which ``is_above`` turns true, by halving.

    Returns NaN where it does not turn between the two.
    """
    if is_above(low) or not is_above(high):
        return float("nan")
    while high - low > tolerance:
        middle = (low + high) / 2
        low, high = (low, middle) if is_above(middle) else (middle, high)
    return (low + high) / 2


def markdown(rows: Sequence[Row]) -> list[str]:
    """Return the lines of a Markdown table."""
    lines = ["| quantity | published | ours | error | tolerance |", "|---|---|---|---|---|"]
    for row in rows:
        # Errors at the level of rounding differ between machines, so they are shown as what they are: below it.
        error = f"{row.error:.1e}" if row.error > 1e-7 else "< 1e-7"
        lines.append(f"| {row.quantity} | {row.published:.8g} | {row.ours:.8g} | {error} | {row.tolerance:.0e} |")
    return lines
