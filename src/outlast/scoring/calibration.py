"""Compare chances with frequencies: of the things said to have a chance of about 30%, how many happened?"""

from __future__ import annotations

import numpy as np
import polars as pl
from numpy.typing import ArrayLike
from scipy.stats import beta

BINS = 10
LEVEL = 0.9


def calibration(chance: ArrayLike, happened: ArrayLike, *, bins: int = BINS) -> pl.DataFrame:
    """Return the calibration curve: one row for each bin of equal width that holds a forecast.

    Columns: ``from_chance``, ``to_chance``, ``forecasts``, ``mean_chance``, ``frequency`` of what happened, and ``low``
    and ``high``, the 90% interval of the frequency (Jeffreys). Well calibrated: the mean chance lies within it nine
    times in ten. Raises ``ValueError`` for what are no chances.
    """
    chances, events = np.asarray(chance, dtype=float), np.asarray(happened, dtype=bool)
    if chances.shape != events.shape or np.any(~((chances >= 0) & (chances <= 1))):
        raise ValueError("as many chances from 0 to 1 as events are needed")
    place = np.minimum((chances * bins).astype(int), bins - 1)
    tail = (1 - LEVEL) / 2
    rows = []
    for each in np.unique(place):
        inside = place == each
        count, hits = int(inside.sum()), int(events[inside].sum())
        low, high = beta.ppf([tail, 1 - tail], hits + 0.5, count - hits + 0.5)
        low, high = (0.0 if hits == 0 else float(low)), (1.0 if hits == count else float(high))
        rows.append((each / bins, (each + 1) / bins, count, float(chances[inside].mean()), hits / count, low, high))
    names = ["from_chance", "to_chance", "forecasts", "mean_chance", "frequency", "low", "high"]
    return pl.DataFrame(rows, schema=names, orient="row")
