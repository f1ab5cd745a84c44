"""Count failures over months at risk: a monthly hazard for each group and stretch of time, with an exact interval.

With a constant hazard h over a stretch, failures in T months at risk are Poisson with mean h T, so

    h = failures / T,   interval from the chi-squared quantiles of Garwood (1936).

The exact interval takes cases as independent, and wars of one country are not. A second interval lets them hang
together: on the log scale, with the variance of each cluster's failures around what its months lead one to expect.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import polars as pl
from numpy.typing import NDArray
from scipy.stats import chi2, norm

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


def clustered_interval(
    failures: NDArray[np.int64], months: NDArray[np.float64], *, level: float = LEVEL
) -> tuple[float, float] | None:
    """Return the ends of the interval of a monthly hazard from failures and months at risk of each cluster.

    None where nothing failed or there is one cluster only, because then nothing can be said of how clusters differ.
    """
    count, total = failures.size, int(failures.sum())
    if count < 2 or total == 0:
        return None
    hazard = total / float(months.sum())
    spread = np.sqrt(((failures - hazard * months) ** 2).sum() * count / (count - 1)) / total
    reach = float(norm.ppf((1 + level) / 2) * spread)
    return hazard * float(np.exp(-reach)), hazard * float(np.exp(reach))


def hazards(spells: pl.DataFrame, *, stretches: Sequence[tuple[float, float]] = STRETCHES) -> pl.DataFrame:
    """Return the monthly hazard, a rate, for each group and stretch.

    Columns: ``group``, ``from_month``, ``to_month``, ``cases`` seen in the stretch, ``failures``, ``months`` at risk,
    ``hazard`` (failures a month), ``low`` and ``high`` (90% interval, exact), ``clustered_low`` and ``clustered_high``
    (90% interval, wars of one cluster hanging together; null where that cannot be told). Stretches that nobody reached
    are left out; a stretch begins where the first spell of the group does.
    """
    groups = spells["group"].unique().sort().to_list()
    rows = [
        row
        for group in groups
        for first, last in stretches
        if (row := _row(spells.filter(pl.col("group") == group), group, first, last)) is not None
    ]
    names = ["group", "from_month", "to_month", "cases", "failures", "months", "hazard", "low", "high"]
    return pl.DataFrame(rows, schema=[*names, "clustered_low", "clustered_high"], orient="row")


def _row(part: pl.DataFrame, group: str, first: float, last: float) -> tuple[object, ...] | None:
    """Return one group's row for one stretch of months, or None where nobody was at risk."""
    counted = part.with_columns(
        exposed=(pl.col("stop").clip(upper_bound=last) - pl.col("start").clip(lower_bound=first)).clip(lower_bound=0),
        inside=pl.col("failed") & (pl.col("stop") > first) & (pl.col("stop") <= last),
    )
    months, failures = float(counted["exposed"].sum()), int(counted["inside"].sum())
    if months == 0:
        return None
    watched = counted.filter(pl.col("exposed") > 0)
    begins = max(first, float(part["start"].min()))  # pyright: ignore[reportArgumentType]
    low, high = exact_interval(failures, months)
    by_cluster = watched.group_by("cluster").agg(pl.col("inside").sum(), pl.col("exposed").sum())
    clustered = clustered_interval(by_cluster["inside"].cast(pl.Int64).to_numpy(), by_cluster["exposed"].to_numpy())
    ends = clustered or (None, None)
    return (group, begins, last, watched["case"].n_unique(), failures, months, failures / months, low, high, *ends)
