"""Area assessed as held by Russia: The Economist's daily series from the maps of ISW and CTP."""

from __future__ import annotations

import polars as pl

from outlast.record.columns import Column
from outlast.record.sources.source import Dropped, Source, told_once

SQUARE_METRES = 1e6
AREA, PERCENT = "area_assessed_as_russia_controlled", "area_assessed_as_russia_controlled_percent"


def tidy(table: pl.DataFrame) -> tuple[pl.DataFrame, list[Dropped]]:
    """Return ``date``, ``area_km2`` and ``share`` of Ukraine's recognised territory, a day a row."""
    once, dropped = told_once(table, "date", what="days")
    made = once.sort("date").select("date", area_km2=pl.col(AREA) / SQUARE_METRES, share=pl.col(PERCENT) / 100)
    return made, dropped


def month_ends(table: pl.DataFrame) -> pl.DataFrame:
    """Return the last day of each calendar month: the shortest step over which to take differences."""
    return table.sort("date").group_by_dynamic("date", every="1mo", label="left").agg(
        pl.col("date").last().alias("day"), pl.col("area_km2").last(), pl.col("share").last()
    ).rename({"date": "month"})  # fmt: skip


SOURCE = Source(
    name="economist_area",
    publisher="The Economist (area assessed as held by Russia)",
    columns=(
        Column("date", "date", "the day of the assessment"),
        Column(AREA, "number", "the area in square metres", low=0),
        Column(PERCENT, "number", "the area as a percentage of Ukraine", low=0, high=100),
    ),
    tidy=tidy,
    warnings=(
        "The series lags what happens: never take differences over less than a month.",
        "Gains over a year run 3 to 5% above the press figures of the same source; over weeks they can be half off.",
        "The publisher's own columns of daily and weekly change are left out for that reason.",
    ),
)
