"""How well a level of a stock agrees with a reading of it.

Law     p(y | level l) = integral of hat_l(x) g(x; y) dx / integral of hat_l(x) dx
A stock of the game is on one of its levels; a value x between two levels stands for a lottery between them that has x
as its mean, hat_l(x) being the chance of level l. By Bayes' rule with every x equally likely, a stock on level l has a
true value with density hat_l over its integral. g is the reading: two halves of normal curves around its value that
give its 90% interval, and a point where it has no interval. The same density, read the other way, draws readings.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.special import ndtr

NINETY = 1.6448536269514722
"""Standard deviations from the middle of a normal curve to the ends of its 90% interval."""
NARROWEST = 1e-9
"""Standard deviation, as a share of the axis, below which a reading is a point."""


@dataclass(frozen=True)
class Reading:
    """A stock as it was measured: value, standard deviations below and above it, and the chance that it is right."""

    stock: str
    value: float
    below: float
    above: float
    confidence: float

    @staticmethod
    def of(row: dict) -> Reading:
        """Make a reading from a row of a record."""
        value = float(row["value"])
        low = value if row["low"] is None else float(row["low"])
        high = value if row["high"] is None else float(row["high"])
        spread = ((value - low) / NINETY, (high - value) / NINETY)
        return Reading(row["content"], value, *spread, float(row["confidence"]))

    def weights(self, levels: np.ndarray) -> np.ndarray:
        """Return the density of the reading on each level, per unit of the stock.

        A reading that is wrong lies anywhere on the axis.
        """
        levels = np.asarray(levels, dtype=float)
        width = levels[-1] - levels[0]
        areas = (np.diff(levels, prepend=levels[0]) + np.diff(levels, append=levels[-1])) / 2
        if self.below + self.above < NARROWEST * width:
            seen = np.array([np.interp(self.value, levels, peak) for peak in np.eye(len(levels))])
        else:
            seen = self._smoothed(levels)
        return self.confidence * seen / areas + (1 - self.confidence) / width

    def _smoothed(self, levels: np.ndarray) -> np.ndarray:
        """Return the integral of every level's hat times the reading's curve."""
        out = np.zeros(len(levels))
        for left in range(len(levels) - 1):
            a, b = levels[left], levels[left + 1]
            mass, mean = self._moments(a, b)
            out[left + 1] += (mean - a * mass) / (b - a)
            out[left] += (b * mass - mean) / (b - a)
        return out

    def _moments(self, a: float, b: float) -> tuple[float, float]:
        """Return the integrals of g and of x g over an interval."""
        mass = mean = 0.0
        both = self.below + self.above
        for spread, low, high in ((self.below, a, min(b, self.value)), (self.above, max(a, self.value), b)):
            if high <= low or spread <= 0:
                continue
            low, high = (low - self.value) / spread, (high - self.value) / spread
            share = 2 * spread / both
            part = share * (ndtr(high) - ndtr(low))
            bell = share * (np.exp(-(low**2) / 2) - np.exp(-(high**2) / 2)) / np.sqrt(2 * np.pi)
            mass += part
            mean += self.value * part + spread * bell
        return float(mass), float(mean)

    def drawn(self, level: int, levels: np.ndarray, random: np.random.Generator) -> Reading:
        """Return a reading of a stock on a level, with this one's spread and confidence."""
        levels = np.asarray(levels, dtype=float)
        if random.random() >= self.confidence:
            value = random.uniform(levels[0], levels[-1])
        else:
            left, right = levels[max(level - 1, 0)], levels[min(level + 1, len(levels) - 1)]
            value = random.triangular(left, levels[level], right) + (self.below + self.above) / 2 * random.normal()
        return Reading(self.stock, float(np.clip(value, levels[0], levels[-1])), self.below, self.above,
                       self.confidence)  # fmt: skip
