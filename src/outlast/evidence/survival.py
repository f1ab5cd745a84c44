"""Estimate the share still at peace after some months (Kaplan and Meier 1958), and hazard ratios (Cox 1972)."""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd
import polars as pl
from lifelines import CoxPHFitter, KaplanMeierFitter
from lifelines.exceptions import ConvergenceError, ConvergenceWarning

MONTHS_SHOWN = (12.0, 36.0, 60.0)
LEVEL = 0.9
APART = 1e-7
"""Smallest part of standardised covariates that must differ, as a share of the largest."""
LOOSE = 10.0
"""Classical standard error of a log ratio, per standard deviation of its covariate, from which nothing bounds it."""


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

    Columns: ``covariate``, ``ratio``, ``low``, ``high``, ``rows``, ``failures``, ``undefined``. Rows in which a
    covariate is null are left out, which ``rows`` and ``failures`` show. A ratio below 1 goes with longer peace. Ties
    as in Efron 1977. Where the data give no ratio or no interval it is null, and ``undefined`` says why.
    """
    used = table.select(start, stop, failed, cluster, *covariates).drop_nulls()
    names = [name for name in used.columns if name != cluster]
    frame = pd.DataFrame({name: used[name].cast(pl.Float64).to_numpy() for name in names})
    frame[cluster] = used[cluster].rank("dense").to_numpy()
    failures = int(used[failed].sum())
    fitted, why = _fitted(frame, list(covariates), start=start, stop=stop, failed=failed, cluster=cluster)
    rows = []
    for name in covariates:
        ratio = low = high = None
        if fitted is not None and name not in why:
            ratio = float(np.exp(fitted.params_[name]))
            if used[cluster].n_unique() > 1:
                low, high = (float(end) for end in np.exp(fitted.confidence_intervals_.loc[name]))
            else:
                why[name] = "no interval: all spells are of one cluster, so nothing says how clusters differ"
        rows.append((name, ratio, low, high, used.height, failures, why.get(name)))
    kinds = (pl.String, pl.Float64, pl.Float64, pl.Float64, pl.Int64, pl.Int64, pl.String)
    columns = ("covariate", "ratio", "low", "high", "rows", "failures", "undefined")
    return pl.DataFrame(rows, schema=dict(zip(columns, kinds, strict=True)), orient="row")


def _fitted(
    frame: pd.DataFrame, covariates: list[str], *, start: str, stop: str, failed: str, cluster: str
) -> tuple[CoxPHFitter | None, dict[str, str]]:
    """Return a Cox regression, and why covariates have no ratio in it; None where none can be fitted."""
    if not frame[failed].sum():
        return None, dict.fromkeys(covariates, "no peace of these spells ended")
    spread: Any = frame[covariates].std(ddof=0)
    why = {name: "it is the same in all spells" for name in covariates if not spread[name] > 0}
    left = [name for name in covariates if name not in why]
    if not left:
        return None, why
    standard = (frame[left] - frame[left].mean()) / spread[left]
    _, apart, mixed = np.linalg.svd(standard.to_numpy(), full_matrices=False)
    for direction in mixed[apart < APART * apart[0]]:
        parts = [name for name, part in zip(left, np.abs(direction), strict=True) if part > 0.01]
        why |= dict.fromkeys(parts, f"these depend on each other: {', '.join(parts)}")
    left = [name for name in left if name not in why]
    if not left:
        return None, why
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)  # what it suspects is looked for below
        try:
            fitted = CoxPHFitter(alpha=1 - LEVEL).fit(
                frame[[start, stop, failed, cluster, *left]], duration_col=stop, event_col=failed, entry_col=start,
                cluster_col=cluster, robust=True,
            )  # fmt: skip
        except ConvergenceError:
            return None, why | dict.fromkeys(left, "the search for the ratios did not converge")
    classical = np.sqrt(np.diag(fitted.variance_matrix_))
    for name, error in zip(left, classical, strict=True):
        if not error * spread[name] < LOOSE:
            end = "infinity" if fitted.params_[name] > 0 else "zero"
            why[name] = f"runs to {end}: all ends of peace stand on one side of it (the data are separated)"
    return fitted, why
