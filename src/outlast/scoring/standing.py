"""Say where forecasts stand beside baselines: mean scores, the gap to the best baseline, and who wins, in words."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl

FIRST = ("log", "quantile")
"""The score that decides: of chances, and of quantities."""

SCORES = ("log", "brier", "quantile", "error", "interval_50", "inside_50", "interval_90", "inside_90")
FEW = 3
"""Forecasts from which a standard error is worth showing."""

SURE = 2.0
"""Standard errors from which a gap is not called close."""

NAMED = {"log": "log score", "quantile": "quantile score"}


@dataclass(frozen=True)
class Standing:
    """One forecaster on one question beside the best baseline; lower is better, equal scores go to the baseline."""

    question: str
    forecaster: str
    score: str
    mean: float
    baseline: str | None
    best: float | None
    unsure: bool = False
    """Whether the gap is within two standard errors, months taken as independent."""

    @property
    def wins(self) -> bool:
        """Say whether the forecaster beats every baseline."""
        return self.best is None or self.mean < self.best


def comparable(scored: pl.DataFrame) -> pl.DataFrame:
    """Return the rows of forecasts beside which every baseline stands that stands beside any of their kind."""
    count, keys = pl.len(), ["question", "beside"]
    return (
        scored.with_columns(beside_it=count.over(*keys, "made", "month"))
        .filter(pl.col("beside_it") == pl.col("beside_it").max().over(*keys))
        .drop("beside_it")
    )


def means_of(scored: pl.DataFrame) -> pl.DataFrame:
    """Return the mean of every score for each question, forecaster and baseline beside it, best first.

    Columns: ``question``, ``beside`` (whose forecasts these are), ``forecaster``, ``ours``, ``forecasts``, the scores,
    and for our own ``gap``, the mean difference of the deciding score to the best baseline (negative: better), with
    ``gap_error``, its standard error with months taken as independent.
    """
    parts = []
    for (_, _), part in scored.group_by("question", "beside", maintain_order=True):
        score = next(name for name in FIRST if part[name].is_not_null().any())
        part = part.with_columns(pl.col("inside_50", "inside_90").cast(pl.Float64))
        keys = ("question", "beside", "forecaster", "ours")
        means = part.group_by(*keys, maintain_order=True).agg(
            pl.len().alias("forecasts"), *(pl.col(name).mean() for name in SCORES)
        )
        means = means.sort(pl.col(score), "ours", maintain_order=True)
        gap, error = _gap(part, means, score)
        ours = pl.col("ours")
        parts.append(
            means.with_columns(
                gap=pl.when(ours).then(pl.lit(gap, dtype=pl.Float64)),
                gap_error=pl.when(ours).then(pl.lit(error, dtype=pl.Float64)),
            )
        )
    return pl.concat(parts)


def standing(means: pl.DataFrame) -> tuple[Standing, ...]:
    """Return how every forecaster stands on every question."""
    found = []
    for (question, name), part in means.group_by("question", "beside", maintain_order=True):
        score = next(each for each in FIRST if part[each].is_not_null().any())
        mine = part.filter("ours").row(0, named=True)
        others = part.filter(~pl.col("ours"))
        first = None if others.is_empty() else others.row(0, named=True)
        best = (None, None) if first is None else (first["forecaster"], first[score])
        gap, error = mine["gap"], mine["gap_error"]
        unsure = gap is not None and error is not None and abs(gap) < SURE * error
        found.append(Standing(str(question), str(name), score, mine[score], *best, unsure))
    return tuple(found)


def standing_lines(found: tuple[Standing, ...]) -> tuple[str, ...]:
    """Return what a reader must know first: whether a baseline wins, then a line for each question."""
    lost = [each for each in found if not each.wins]
    if not lost:
        first = f"No baseline beats the forecasts in any of {len(found)} comparisons."
    elif len(lost) == len(found):
        first = "A baseline wins every comparison." if len(found) > 1 else "A baseline wins."
    else:
        first = f"A baseline wins {len(lost)} of {len(found)} comparisons."
    return (first, *(_line(each) for each in found))


def _line(each: Standing) -> str:
    mine = f"{each.forecaster} has a mean {NAMED[each.score]} of {each.mean:.4g}"
    if each.best is None:
        return f"{each.question}: {mine}; no baseline could be made, because nothing was known beforehand."
    close = "; the gap is within two standard errors" if each.unsure else ""
    if each.wins:
        return f"{each.question}: {mine}; the best baseline, {each.baseline}, has {each.best:.4g}{close}."
    return f"{each.question}: a baseline wins, {each.baseline} with {each.best:.4g}; {mine}{close}."


def _gap(part: pl.DataFrame, means: pl.DataFrame, score: str) -> tuple[float | None, float | None]:
    mine = part.filter("ours").select("made", "month", own=score)
    others = means.filter(~pl.col("ours"))
    if others.is_empty():
        return None, None
    best = part.filter(forecaster=others["forecaster"][0], ours=False).select("made", "month", score)
    gaps = mine.join(best, on=["made", "month"]).select(pl.col("own") - pl.col(score))["own"].to_numpy()
    if not np.all(np.isfinite(gaps)):
        return (float("inf") if gaps.size else None), None
    error = float(gaps.std(ddof=1) / np.sqrt(gaps.size)) if gaps.size >= FEW else None
    return float(gaps.mean()), error
