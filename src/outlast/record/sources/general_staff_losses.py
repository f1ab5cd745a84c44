"""Russian personnel losses as Ukraine's General Staff claims them each day, in the file of the 2022 war dataset."""

from __future__ import annotations

import polars as pl

from outlast.record.columns import Column
from outlast.record.sources.source import Dropped, Source, told_once


def tidy(table: pl.DataFrame) -> tuple[pl.DataFrame, list[Dropped]]:
    """Return ``date``, ``total`` claimed since 24 February 2022, and ``exact`` (never true so far), a day a row."""
    kept, dropped = told_once(table, "date", what="days")
    made = kept.sort("date").select(
        "date", total=pl.col("personnel"), exact=(pl.col("personnel*").is_null()).cast(pl.Boolean)
    )
    days = table["date"].unique().sort().diff().dt.total_days().drop_nulls()
    missing = int((days - 1).sum())
    if missing:
        dropped.append(Dropped(missing, "days without a row", "the publisher has none; none was made up"))
    return made, dropped


SOURCE = Source(
    name="general_staff_losses",
    publisher="the 2022 Ukraine Russia War Dataset (General Staff losses, personnel)",
    columns=(
        Column("date", "date", "the day of the claim"),
        Column("personnel", "whole", "the total claimed", low=0),
        Column("personnel*", "text", "how exact the claim is", blank=True),
    ),
    tidy=tidy,
    warnings=(
        "A belligerent's claim about its enemy: killed, wounded and captured are not told apart.",
        "Prisoners of war were given in the first weeks only and are left out.",
    ),
)
