"""Answers to opinion polls: a plain table of series, poll, period, answer and share."""

from __future__ import annotations

import polars as pl

from outlast.record.columns import Column, date_of
from outlast.record.sources.source import Dropped, Source

ROUNDING = 0.025


def tidy(table: pl.DataFrame) -> tuple[pl.DataFrame, list[Dropped]]:
    """Return ``series``, ``poll``, ``day`` (the first of the period), ``precision``, ``answer`` and ``share``.

    ``precision`` says whether the period is a day, a month or a year. Polls whose answers add up to more than 1 and
    rounding are left out.
    """
    length = pl.col("period").str.len_chars()
    day = (
        pl.when(length == 4).then(pl.col("period") + "-01-01").when(length == 7).then(pl.col("period") + "-01")
    ).otherwise(pl.col("period"))
    made = table.with_columns(
        day=date_of(day),
        precision=length.replace_strict({4: "year", 7: "month", 10: "day"}, default=None, return_dtype=pl.String),
        whole=pl.col("share").sum().over("series", "poll_id", "period"),
    )
    undated = made.filter(pl.col("day").is_null())
    over = made.filter(pl.col("day").is_not_null() & (pl.col("whole") > 1 + ROUNDING))
    dropped = []
    if undated.height:
        dropped.append(
            Dropped(undated.height, "answers without a readable period", "a period is 2024, 2024-05 or 2024-05-08")
        )
    if over.height:
        dropped.append(Dropped(over.height, "answers of polls that add up to more than 1", "one of them must be wrong"))
    kept = made.filter(pl.col("day").is_not_null() & (pl.col("whole") <= 1 + ROUNDING))
    return kept.select("series", "day", "precision", "answer", "share", poll="poll_id").sort("series", "day"), dropped


SOURCE = Source(
    name="polls",
    publisher="polls (a plain table)",
    columns=(
        Column("series", "text", "the question, the same words every time"),
        Column("poll_id", "text", "the poll"),
        Column("period", "text", "when people were asked"),
        Column("answer", "text", "the answer"),
        Column("share", "number", "the share of those asked who gave it", low=0, high=1),
    ),
    tidy=tidy,
    warnings=("Series differ in their words: compare within a series only.",),
)
