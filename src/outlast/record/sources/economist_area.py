"""Area assessed as held by Russia: The Economist's daily series from the maps of ISW and CTP."""

from __future__ import annotations

import polars as pl

from outlast.record.columns import Column
from outlast.record.sources.source import Dropped, Source, filtered, told_once

TERRITORY_KM2 = 603_628
"""The territory by which the publisher divides: area over share, in every row of the series."""

UNITS = {
    "": (1e6, 100.0),
    "shares given as a fraction, in a column called percent": (1e6, 1.0),
    "areas given in square kilometres": (1.0, 100.0),
    "areas given in square kilometres and shares as a fraction": (1.0, 1.0),
}
"""What the two columns may be written in, in parts of a km² and of the whole; the first is what the publisher says."""

SLACK = 0.05
AREA, PERCENT = "area_assessed_as_russia_controlled", "area_assessed_as_russia_controlled_percent"


def tidy(table: pl.DataFrame) -> tuple[pl.DataFrame, list[Dropped]]:
    """Return ``date``, ``area_km2`` and ``share`` of Ukraine's recognised territory, a day a row.

    The units of each row are those in which its area and its share give Ukraine's territory; a row that fits none is
    left out.
    """
    once, dropped = told_once(table, "date", what="days")
    fits = [
        ((pl.col(AREA) / area / TERRITORY_KM2) - pl.col(PERCENT) / share).abs() <= SLACK * pl.col(PERCENT) / share
        for area, share in UNITS.values()
    ]
    cases = [pl.when(fit).then(pl.lit(place)) for place, fit in enumerate(fits)]
    units = once.with_columns(unit=pl.coalesce(cases))
    kept, lost = filtered(
        units, pl.col("unit").is_not_null(), "rows whose area and share contradict each other",
        f"in no unit do the two give a territory of {TERRITORY_KM2:,} km²",
    )  # fmt: skip
    dropped += lost
    for place, words in enumerate(UNITS):
        if words and (count := kept.filter(unit=place).height):
            dropped.append(Dropped(count, words, "each column was checked by the other"))
    per_km2, whole = (pl.col("unit").replace_strict(dict(enumerate(factors)), return_dtype=pl.Float64)
                        for factors in zip(*UNITS.values(), strict=True))  # fmt: skip
    made = kept.sort("date").select("date", area_km2=pl.col(AREA) / per_km2, share=pl.col(PERCENT) / whole)
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
        Column(AREA, "number", "the area in square metres (or square kilometres)", low=0),
        Column(PERCENT, "number", "the area as a percentage (or a fraction) of Ukraine", low=0, high=100),
    ),
    tidy=tidy,
    warnings=(
        "The series lags what happens: never take differences over less than a month.",
        "Gains over a year run 3 to 5% above the press figures of the same source; over weeks they can be half off.",
        "The publisher's own columns of daily and weekly change are left out for that reason.",
    ),
)
