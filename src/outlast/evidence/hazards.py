"""Count failures over months at risk: a monthly hazard for each group and stretch of time, with an exact interval.

With a constant hazard h over a stretch, failures in T months at risk are Poisson with mean h T, so

    h = failures / T,   interval from the chi-squared quantiles of Garwood (1936).

The interval takes cases as independent. Wars of one country are not, so it is rather too narrow than too wide.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import polars as pl
from scipy.stats import chi2

STRETCHES = ((0.0, 12.0), (12.0, 36.0), (36.0, 60.0), (0.0, 60.0))
"""The stretches of months since the settlement that the tables show."""

LEVEL = 0.9


def exact_interval(failures: int, months: float, *, level: float = LEVEL) -> tuple[float, float]:
    """Return the ends of the exact interval of a monthly hazard; the low end is 0 where nothing failed.

    Source: Garwood 1936. Raises ``ValueError`` if no month was at risk.
    """
    if months <= 0:
        raise ValueError(f"{months} months at risk: a hazard needs at least a moment")
    tail = (1 - level) / 2
    low = float(chi2.ppf(tail, 2 * failures)) / 2 if failures else 0.0
    high = float(chi2.ppf(1 - tail, 2 * failures + 2)) / 2
    return low / months, high / months


def hazards(spells: pl.DataFrame, *, stretches: Sequence[tuple[float, float]] = STRETCHES) -> pl.DataFrame:
    """Return the monthly hazard for each group and stretch.

    Columns: ``group``, ``from_month``, ``to_month``, ``cases`` seen in the stretch, ``failures``, ``months`` at risk,
    ``hazard`` (failures a month), ``low`` and ``high`` (90% interval). Stretches that nobody reached are left out; a
    stretch begins where the first spell of the group does.
    """
    rows = []
    for group in spells["group"].unique(maintain_order=True).sort():
        for first, last in stretches:
            part = spells.filter(pl.col("group") == group)
            exposed = (part["stop"].clip(upper_bound=last) - part["start"].clip(lower_bound=first)).clip(lower_bound=0)
            inside = part["failed"] & (part["stop"] > first) & (part["stop"] <= last)
            months, failures = float(exposed.sum()), int(inside.sum())
            if months > 0:
                low, high = exact_interval(failures, months)
                cases = part.filter(exposed > 0)["case"].n_unique()
                begins = max(first, float(part["start"].min()))  # pyright: ignore[reportArgumentType]
                rows.append((group, begins, last, cases, failures, months, failures / months, low, high))
    names = ("group", "from_month", "to_month", "cases", "failures", "months", "hazard", "low", "high")
    return pl.DataFrame(rows, schema=list(names), orient="row")


def held(hazard: float, months: float) -> float:
    """Return the chance that peace holds for some months under a constant monthly hazard of a continuous process."""
    return float(np.exp(-hazard * months))
