"""How a stock's levels are laid, and the kernel that moves the stock between them.

Law    in a month a stock moves by a drift and around it by a spread, a standard deviation. On three neighbouring
       levels there is exactly one kernel with that mean and that variance; its chances are not negative where the gap
       g between levels keeps |drift| (g - |drift|) <= spread^2. Where a gap is wider the kernel keeps the mean and has
       the least variance that the levels allow; what that adds is the *excess spread*. Where a gap is narrower than
       the spread, the month is taken in several equal pieces; where even these are too wide for it, a piece goes to a
       neighbour for sure, with the mean. At an end the mean comes first.
Source moments matched on a lattice: Tauchen & Hussey 1991; Farmer & Toda 2017. The bound: a kernel on levels g apart
       whose mean lies a share q of g past a level has at least the variance q (1 - q) g^2.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

MOST_PIECES = 8
"""Most pieces that a month is taken in."""
GROWTH = 1.5
"""By how much a gap may grow per unit of distance from where the stock is likely to go."""
LOOK = 24
"""Months ahead over which the likely reach of a stock is counted."""


def matched(
    mean: np.ndarray, spread: float, below: np.ndarray, above: np.ndarray
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return the chances of one level up and of one level down, and the excess spread, by cell.

    Args:
        mean: expected change, in the stock's unit; any shape.
        spread: standard deviation of the change, in the same unit.
        below: distance to the level below, infinite where there is none; broadcasts with ``mean``.
        above: distance to the level above, likewise.

    Returns:
        Chances up and down, and variance beyond ``spread`` squared (negative where it falls short, as at an end).
    """
    square = spread**2 + mean**2
    inner = np.isfinite(below) & np.isfinite(above)
    low, high = np.where(inner, below, 1.0), np.where(inner, above, 1.0)
    up = (square + low * mean) / (high * (low + high))
    down = (square - high * mean) / (low * (low + high))
    fits = inner & (up >= 0) & (down >= 0) & (up + down <= 1)
    # Infinite distances give chances of nothing: a stock does not leave its lattice.
    least_up = np.minimum(np.maximum(mean, 0) / above, 1.0)
    least_down = np.minimum(np.maximum(-mean, 0) / below, 1.0)
    # Too narrow for the spread: the two neighbours alone hold the mean with the most variance there is.
    crowded = inner & (up >= 0) & (down >= 0) & ~fits
    most_up = np.clip((low + mean) / (low + high), 0.0, 1.0)
    up = np.where(fits, up, np.where(crowded, most_up, least_up))
    down = np.where(fits, down, np.where(crowded, 1 - most_up, least_down))
    far, near = np.where(np.isfinite(above), above, 0.0), np.where(np.isfinite(below), below, 0.0)
    moved = up * far - down * near
    return up, down, up * far**2 + down * near**2 - moved**2 - spread**2


def pieces(levels: Sequence[float] | np.ndarray, spread: float, drift: float) -> int:
    """Return in how many equal pieces a month is taken so that three levels hold its variance, 1 to ``MOST_PIECES``."""
    axis = np.asarray(levels, dtype=float)
    if len(axis) < 3 or spread <= 0:
        return 1
    gaps = np.diff(axis)
    # Levels written in decimals are equally far apart up to rounding.
    narrow = float((gaps[:-1] * gaps[1:]).min()) * (1 + 1e-9)
    for count in range(1, MOST_PIECES):
        if (spread**2 / count + (drift / count) ** 2) <= narrow:
            return count
    return MOST_PIECES


@dataclass(frozen=True)
class Motion:
    """How a stock is expected to move, for laying its levels.

    ``drift`` is the largest usual expected change in a month and ``spread`` its standard deviation, in the stock's
    unit; ``jumps`` is the variance that jumps add; ``towards`` is the usual drift of war with its sign.
    """

    drift: float
    spread: float
    jumps: float = 0.0
    towards: float = 0.0

    def widest(self, share: float) -> float:
        """Return the widest gap that adds at most ``share`` of the month's own variance; infinite without drift."""
        if self.drift <= 0:
            return math.inf
        return self.drift + (self.spread**2 + share * (self.spread**2 + self.jumps)) / self.drift

    def excess(self, gap: float) -> float:
        """Return the share of the month's own variance that levels so far apart add at the drift, 0 at least."""
        added = self.drift * (gap - self.drift) - self.spread**2
        own = self.spread**2 + self.jumps
        return max(added, 0.0) / own if own > 0 else (math.inf if added > 0 else 0.0)

    def reach(self, start: float) -> tuple[float, float]:
        """Return between which values the stock is likely to be within ``LOOK`` months of ``start``."""
        deviation = math.sqrt(LOOK * (self.spread**2 + self.jumps))
        ahead = LOOK * self.towards
        return start - deviation + min(ahead, 0.0), start + deviation + max(ahead, 0.0)


def lay(marks: Sequence[float] | np.ndarray, start: float, gap: float, reach: tuple[float, float]) -> np.ndarray:
    """Return the levels of a stock: every mark, gaps of at most ``gap`` within ``reach``, wider ones beyond.

    Args:
        marks: ascending values that have to be levels.
        start: where the stock begins; a level as well.
        gap: widest gap where the stock is likely to be, in its unit; infinite for the marks alone.
        reach: ends of where that is.

    Returns:
        Ascending levels.
    """
    fixed = sorted({float(mark) for mark in marks} | {float(start)})
    found = [fixed[0]]
    for low, high in pairwise(fixed):
        found += _between(low, high, gap, reach)
    return np.array(found)


def _between(low: float, high: float, gap: float, reach: tuple[float, float]) -> list[float]:
    """Return the levels after one mark up to the next, in steps of the gap that is allowed there."""
    if not math.isfinite(gap):
        return [high]

    def allowed(value: float) -> float:
        beyond = max(reach[0] - value, value - reach[1], 0.0)
        return gap + GROWTH * beyond

    # Number of gaps = integral of 1 / allowed; levels are where the integral passes the k-th part of the whole.
    points = np.linspace(low, high, 257)
    density = 1 / np.array([allowed(value) for value in points])
    passed = np.concatenate([[0.0], np.cumsum((density[1:] + density[:-1]) / 2 * np.diff(points))])
    count = max(1, math.ceil(passed[-1] - 1e-9))
    inside = np.interp(np.arange(1, count) * passed[-1] / count, passed, points)
    return [*(float(value) for value in inside), high]
