"""Will the next round of mediation bring an agreement? Learnt from MEND's events to 2022, scored on 2023."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np
import polars as pl
from logistic import fit_logistic

from outlast.scoring.backtest import summary, verdict
from outlast.scoring.calibration import calibration
from outlast.scoring.scores import brier_score, log_score

LAST_YEAR_LEARNT = 2022
OURS = "logistic"
COVARIATES = ("several", "shuttle", "mediators", "rate_before", "agreed_last")
"""What the regression knows of an event: two or more local parties present; the mediator went between them; log of how
many mediators; the share of agreements in that country in earlier months, drawn to the overall share by ten events;
whether the country's last event of an earlier month brought one. All are known when the event begins."""

SHRINK = 10


@dataclass(frozen=True)
class MediationScores:
    """Scores of the forecasts of 2023. ``verdict`` comes first: it says whether a baseline wins.

    ``means``: ``forecaster``, ``forecasts``, mean ``log`` and ``brier``. ``scored``: every event and forecaster.
    ``curve``: the calibration of the regression.
    """

    verdict: str
    means: pl.DataFrame = field(repr=False)
    scored: pl.DataFrame = field(repr=False)
    curve: pl.DataFrame = field(repr=False)


def score_mediation(
    events: pl.DataFrame, *, last_year_learnt: int = LAST_YEAR_LEARNT, refit: bool = False
) -> MediationScores:
    """Return how well the constant, the one-variable rule and the regression foresee agreements in later years.

    With ``refit``, all three learn anew before each month from every event of earlier months.
    ``events`` is the tidy table of ``mend``; only mediation proper counts. Raises ``ValueError`` where there is nothing
    to learn from or nothing to score.
    """
    table = with_history(events.filter("proper"))
    before = table.filter(pl.col("month").dt.year() <= last_year_learnt)
    after = table.filter(pl.col("month").dt.year() > last_year_learnt)
    if before.is_empty() or after.is_empty():
        raise ValueError(f"there must be events both to {last_year_learnt} and after it")
    months = after["month"].unique().sort() if refit else []
    parts = [(table.filter(pl.col("month") < month), after.filter(month=month)) for month in months] or [
        (before, after)
    ]
    after = pl.concat(scored for _, scored in parts)
    forecasts = {
        name: np.concatenate([forecast(learnt, scored) for learnt, scored in parts])
        for name, forecast in FORECASTS.items()
    }
    happened = after["agreement"].to_numpy()
    scored = pl.concat(
        after.select("event", "month", pl.lit(name).alias("forecaster")).with_columns(
            chance=pl.Series(chance),
            happened=pl.Series(happened),
            log=pl.Series(log_score(chance, happened)),
            brier=pl.Series(brier_score(chance, happened)),
        )
        for name, chance in forecasts.items()
    )
    means = summary(scored)
    return MediationScores(verdict(means, ours=[OURS]), means, scored, calibration(forecasts[OURS], happened, bins=5))


def with_history(events: pl.DataFrame) -> pl.DataFrame:
    """Return the events with ``rate_before`` and ``agreed_last``, from events of earlier months alone."""
    monthly = (
        events.group_by("country", "month")
        .agg(count=pl.len(), hits=pl.col("agreement").sum(), last=pl.col("agreement").last())
        .sort("country", "month")
        .with_columns(
            seen=pl.col("count").cum_sum().shift(1, fill_value=0).over("country"),
            agreed=pl.col("hits").cum_sum().shift(1, fill_value=0).over("country"),
            agreed_last=pl.col("last").shift(1, fill_value=False).over("country"),
        )
    )
    whole = (
        events.group_by("month").agg(count=pl.len(), hits=pl.col("agreement").sum()).sort("month")
        .select(
            "month",
            overall=(pl.col("hits").cum_sum().shift(1, fill_value=0) + 0.5)
            / (pl.col("count").cum_sum().shift(1, fill_value=0) + 1),
        )
    )  # fmt: skip
    joined = events.join(monthly.select("country", "month", "seen", "agreed", "agreed_last"), on=["country", "month"])
    return joined.join(whole, on="month").with_columns(
        rate_before=(pl.col("agreed") + SHRINK * pl.col("overall")) / (pl.col("seen") + SHRINK)
    )


def _rate(events: pl.DataFrame) -> float:
    return (int(events["agreement"].sum()) + 0.5) / (events.height + 1)


def _constant(before: pl.DataFrame, after: pl.DataFrame) -> np.ndarray:
    return np.full(after.height, _rate(before))


def _by_parties(before: pl.DataFrame, after: pl.DataFrame) -> np.ndarray:
    several, fewer = _rate(before.filter("several")), _rate(before.filter(~pl.col("several")))
    return np.where(after["several"].to_numpy(), several, fewer)


def _regression(before: pl.DataFrame, after: pl.DataFrame) -> np.ndarray:
    fitted = fit_logistic(_covariates(before), before["agreement"].to_numpy())
    return fitted.chances(_covariates(after))


def _covariates(events: pl.DataFrame) -> np.ndarray:
    logs = events.with_columns(mediators=(pl.col("mediators") + 1).log(), shuttle=pl.col("shuttle").fill_null(False))
    return logs.select(pl.col(name).cast(pl.Float64) for name in COVARIATES).to_numpy()


FORECASTS: dict[str, Callable[[pl.DataFrame, pl.DataFrame], np.ndarray]] = {
    "constant": _constant,
    "one variable": _by_parties,
    OURS: _regression,
}
"""The forecasts by name; each takes the events learnt from and those to foresee, and returns a chance for each."""
