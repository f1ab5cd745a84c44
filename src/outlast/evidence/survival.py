"""Estimate the share still at peace after some months (Kaplan and Meier 1958), and hazard ratios (Cox 1972)."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
import polars as pl
from lifelines import CoxPHFitter, KaplanMeierFitter

MONTHS_SHOWN = (12.0, 36.0, 60.0)
LEVEL = 0.9


def still_at_peace(spells: pl.DataFrame, *, months: Sequence[float] = MONTHS_SHOWN) -> pl.DataFrame:
    """Return the share of each group still at peace after some months, with a 90% interval.

    Columns: ``group``, ``month``, ``share``, ``low``, ``high``, ``at_risk`` (spells watched at that month). Late
    entries are taken into account. A group that nobody watched that long has no row for that month.
    """
    rows = []
    for group in spells["group"].unique(maintain_order=True).sort():
        part = spells.filter(pl.col("group") == group)
        fitted = KaplanMeierFitter(alpha=1 - LEVEL).fit(
            part["stop"].to_numpy(), event_observed=part["failed"].to_numpy(), entry=part["start"].to_numpy()
        )
        bounds = fitted.confidence_interval_survival_function_
        for month in months:
            at_risk = part.filter((pl.col("start") < month) & (pl.col("stop") >= month)).height
            if at_risk:
                low, high = (float(value) for value in bounds[bounds.index <= month].iloc[-1])
                share = float(fitted.survival_function_at_times(month).iloc[0])
                rows.append((group, month, share, low, high, at_risk))
    return pl.DataFrame(rows, schema=["group", "month", "share", "low", "high", "at_risk"], orient="row")


def hazard_ratios(
    table: pl.DataFrame,
    covariates: Sequence[str],
    *,
    start: str = "start",
    stop: str = "stop",
    failed: str = "failed",
    cluster: str = "cluster",
) -> pl.DataFrame:
    """Return Cox hazard ratios with 90% intervals from standard errors clustered by case.

    Columns: ``covariate``, ``ratio``, ``low``, ``high``, ``rows``, ``failures``. Rows in which a covariate is null
    are left out, which the last two columns show. A ratio below 1 goes with longer peace. Ties as in Efron 1977.
    """
    used = table.select(start, stop, failed, cluster, *covariates).drop_nulls()
    names = [name for name in used.columns if name != cluster]
    frame = pd.DataFrame({name: used[name].cast(pl.Float64).to_numpy() for name in names})
    frame[cluster] = used[cluster].rank("dense").to_numpy()
    fitted = CoxPHFitter(alpha=1 - LEVEL).fit(
        frame, duration_col=stop, event_col=failed, entry_col=start, cluster_col=cluster, robust=True
    )
    bounds = np.exp(fitted.confidence_intervals_)
    return pl.DataFrame(
        {
            "covariate": list(covariates),
            "ratio": [float(np.exp(fitted.params_[name])) for name in covariates],
            "low": [float(bounds.loc[name].iloc[0]) for name in covariates],
            "high": [float(bounds.loc[name].iloc[1]) for name in covariates],
            "rows": [used.height] * len(covariates),
            "failures": [int(used[failed].sum())] * len(covariates),
        }
    )
