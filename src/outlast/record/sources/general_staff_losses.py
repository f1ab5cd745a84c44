"""Russian personnel losses as Ukraine's General Staff claims them each day, in the file of the 2022 war dataset."""

from __future__ import annotations

from collections.abc import Iterator

import polars as pl

from outlast.record.columns import Column
from outlast.record.sources.source import Dropped, Source, told_once
from outlast.scenario.fault import Breach

CORRECTED = 0.9
"""Least share of an earlier total that a correction may leave."""


def tidy(table: pl.DataFrame) -> tuple[pl.DataFrame, list[Dropped]]:
    """Return ``date``, ``total`` claimed since 24 February 2022, and ``exact``, a day a row.

    ``exact`` is false where the publisher qualifies the total by a word such as *about*.
    """
    kept, dropped = told_once(table, "date", what="days")
    made = kept.sort("date").select(
        "date", total=pl.col("personnel"), exact=(pl.col("personnel*").is_null()).cast(pl.Boolean)
    )
    days = table["date"].unique().sort().diff().dt.total_days().drop_nulls()
    missing = int((days - 1).sum())
    if missing:
        dropped.append(Dropped(missing, "days without a row", "the publisher has none; none was made up"))
    return made, dropped


def across(table: pl.DataFrame) -> Iterator[tuple[int, str, Breach]]:
    """Find the days whose total lies far below an earlier one; the publisher may correct one a little."""
    earlier = pl.col("personnel").cum_max().shift(1)
    fell = (
        table.with_row_index("row")
        .sort("date")
        .with_columns(earlier=earlier)
        .filter(pl.col("personnel") < CORRECTED * pl.col("earlier"))
    )
    for row in fell.iter_rows(named=True):
        yield row["row"], "personnel", Breach(
            f"{row['personnel']:,} on {row['date']}, after {row['earlier']:,}",
            f"a total is at least {CORRECTED:.0%} of what it was",
            "it counts losses since 24 February 2022; losses of a day are another figure",
            "give the totals, or correct the row",
        )  # fmt: skip


SOURCE = Source(
    name="general_staff_losses",
    publisher="the 2022 Ukraine Russia War Dataset (General Staff losses, personnel)",
    columns=(
        Column("date", "date", "the day of the claim"),
        Column("personnel", "whole", "the total claimed", low=0),
        Column("personnel*", "text", "how exact the claim is", blank=True),
    ),
    tidy=tidy,
    across=across,
    warnings=(
        "A belligerent's claim about its enemy: killed, wounded and captured are not told apart.",
        "Prisoners of war, which the publisher gave for some weeks, are left out.",
    ),
)
