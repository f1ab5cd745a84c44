"""Forecast month by month from nothing but what was known then, score, and say in the first line if a baseline wins."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl

from outlast.scoring.baselines import EventForecaster, ValueForecaster
from outlast.scoring.scores import brier_score, central_interval, crps, interval_score, log_score

LEVELS = (0.5, 0.9)


@dataclass(frozen=True)
class Timing:
    """When a forecast is made: for how many months ahead, how late the data come, and how many are needed to begin.

    At the end of month t the values up to month t - ``lag`` are known, and month t + ``ahead`` is forecast.
    """

    ahead: int = 1
    lag: int = 0
    warm_up: int = 12

    def origins(self, months: int) -> range:
        """Return the months, counted from 0, at whose ends a forecast is made."""
        return range(self.warm_up - 1 + self.lag, months - self.ahead)

    def known(self, origin: int) -> int:
        """Return how many values are known at the end of a month."""
        return origin + 1 - self.lag


def back_test_events(
    months: Sequence[object],
    happened: Sequence[bool],
    forecasters: Mapping[str, EventForecaster],
    *,
    timing: Timing | None = None,
) -> pl.DataFrame:
    """Return a row for each month forecast and forecaster, for an event.

    Columns: ``month``, ``forecaster``, ``chance``, ``happened``, and the scores ``log`` and ``brier``. A forecaster is
    given what happened in the months known at the time and nothing else.
    """
    when, events = timing or Timing(), np.asarray(happened, dtype=bool)
    rows = []
    for origin in when.origins(events.size):
        target = origin + when.ahead
        for name, forecaster in forecasters.items():
            chance = float(forecaster(events[: when.known(origin)]))
            log = float(log_score([chance], [events[target]])[0])
            brier = float(brier_score([chance], [events[target]])[0])
            rows.append((months[target], name, chance, bool(events[target]), log, brier))
    return pl.DataFrame(rows, schema=["month", "forecaster", "chance", "happened", "log", "brier"], orient="row")


def back_test_values(
    months: Sequence[object],
    values: Sequence[float],
    forecasters: Mapping[str, ValueForecaster],
    *,
    timing: Timing | None = None,
) -> pl.DataFrame:
    """Return a row for each month forecast and forecaster, for a quantity.

    Columns: ``month``, ``forecaster``, ``mean`` of the draws, ``value`` that came, ``error`` (absolute, of the mean),
    ``crps``, and for 50% and 90% ``interval_50``, ``inside_50``, ``interval_90``, ``inside_90``.
    """
    when, series = timing or Timing(), np.asarray(values, dtype=float)
    rows = []
    for origin in when.origins(series.size):
        value = float(series[origin + when.ahead])
        for name, forecaster in forecasters.items():
            draws = forecaster(series[: when.known(origin)])
            mean = float(np.mean(draws))
            row: list[object] = [months[origin + when.ahead], name, mean, value, abs(mean - value), crps(draws, value)]
            for level in LEVELS:
                low, high = central_interval(draws, level=level)
                row += [float(interval_score(low, high, value, level=level)), low <= value <= high]
            rows.append(row)
    names = ["month", "forecaster", "mean", "value", "error", "crps"]
    names += [f"{part}_{level:.0%}".rstrip("%") for level in LEVELS for part in ("interval", "inside")]
    return pl.DataFrame(rows, schema=names, orient="row")


def summary(scored: pl.DataFrame) -> pl.DataFrame:
    """Return the mean of every score for each forecaster, best first by the first score that the table has.

    Columns: ``forecaster``, ``forecasts``, and the scores: ``log`` and ``brier``, or ``crps``, ``error``,
    ``interval_50`` and ``interval_90`` with the shares ``inside_50`` and ``inside_90``.
    """
    wanted = ("log", "brier", "crps", "error", "interval_50", "inside_50", "interval_90", "inside_90")
    scores = [name for name in wanted if name in scored.columns]
    means = scored.group_by("forecaster", maintain_order=True).agg(
        pl.len().alias("forecasts"), *(pl.col(name).mean() for name in scores)
    )
    return means.sort(scores[0], maintain_order=True)


def verdict(means: pl.DataFrame, *, ours: Collection[str] = ()) -> str:
    """Return the first line of a table of scores: who wins by its first score, and whether that is a baseline.

    ``ours`` names the forecasters that are not baselines. Equal scores go to the baseline. Where the table has a second
    score and it has another winner, the line says so.
    """
    scores = [name for name in ("log", "brier", "crps", "interval_90") if name in means.columns]
    first, second = scores[0], scores[1]
    winner, other = _winner(means, first, ours), _winner(means, second, ours)
    best = f"mean {_named(first)} {means[first].min():.4g} over {means['forecasts'][0]} forecasts"
    line = f"{winner} wins, {best}" if winner in ours else f"A baseline wins: {winner}, {best}"
    rivals = means.filter(
        ~pl.col("forecaster").is_in(list(ours)) if winner in ours else pl.col("forecaster").is_in(list(ours))
    )
    rival = ", ".join(f"{row['forecaster']} has {row[first]:.4g}" for row in rivals.iter_rows(named=True))
    line += f"; {rival}" if rival else "; no forecast of ours is in this table"
    return f"{line}; by {_named(second)} {other} wins." if other != winner else f"{line}."


def _winner(means: pl.DataFrame, score: str, ours: Collection[str]) -> str:
    leaders = means.filter(pl.col(score) == means[score].min())["forecaster"].to_list()
    return next((name for name in leaders if name not in ours), leaders[0])


def _named(score: str) -> str:
    return {"crps": "CRPS", "brier": "Brier score", "log": "log score", "interval_90": "90% interval score"}[score]
