"""Turn publishers' series into monthly readings of stocks, in the form of a record.

What a series says of a stock is a judgement, and so are the intervals: each row's note says which.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable

import polars as pl

from outlast.record.form import HOLDER, record_columns
from outlast.record.sources.economist_area import month_ends
from outlast.record.sources.kiel import months_of

UKRAINE_KM2 = 603_550
AREA_LOW, AREA_HIGH = 0.96, 1.01
"""Ends of a territory reading over its value: press counts of December 2025 were 4% below the series; 1% is slack."""

WINDOW = 12
USUAL = (datetime.date(2022, 2, 1), datetime.date(2024, 12, 1))
"""Months whose average military allocation stands for a patience of 1."""

PATIENCE_LOW = 0.5
"""Low end of a patience reading over its value: money is decided long before it flows, so will may be half of it."""


def territory_readings(area: pl.DataFrame) -> pl.DataFrame:
    """Return month-end readings of territory from the tidy table of ``economist_area``, as rows of a record.

    The value is the area over Ukraine's recognised territory. The last month is read on its last day in the table.
    """
    ends = month_ends(area)
    share = pl.col("area_km2") / UKRAINE_KM2
    return _rows(
        ends.select(
            date="day",
            value=share.round(4),
            low=(AREA_LOW * share).round(4),
            high=(AREA_HIGH * share).round(4),
            note=pl.col("area_km2").map_elements(lambda km2: f"{km2:,.0f} km2", return_dtype=pl.String)
            + "; low end 4% below, as press counts of December 2025 were, high end 1% above",
        ),
        stock="territory",
        confidence=0.9,
        source="The Economist, series of ISW/CTP assessed area, over 603,550 km2",
    )


def patience_readings(support: pl.DataFrame) -> pl.DataFrame:
    """Return month-end readings of patience from the tidy table of ``kiel``, as rows of a record.

    The value is the average military allocation of all donors over twelve months, over its average from February 2022
    to December 2024, at most 1. It is a proxy with a confidence of .3.
    """
    months = months_of(support).with_columns(trailing=pl.col("military").rolling_mean(WINDOW)).drop_nulls("trailing")
    usual = months_of(support).filter(pl.col("month").is_between(*USUAL))["military"].mean()
    assert isinstance(usual, float)
    value = pl.min_horizontal(pl.lit(1.0), pl.col("trailing") / usual)
    words = (
        "Military allocations of all donors: {:.2f} bn EUR a month over twelve months, against {:.2f} from February"
        " 2022 to December 2024; at most 1; money is decided long before it flows, so the low end is half"
    )
    return _rows(
        months.select(
            date=pl.col("month").dt.month_end(),
            value=value.round(3),
            low=(PATIENCE_LOW * value).round(3),
            high=value.round(3),
            note=pl.col("trailing").map_elements(lambda money: words.format(money, usual), return_dtype=pl.String),
        ),
        stock="patience",
        confidence=0.3,
        source="Kiel Institute, Ukraine Support Tracker, release 29",
    )


READINGS: dict[str, Callable[[pl.DataFrame], pl.DataFrame]] = {
    "economist_area": territory_readings,
    "kiel": patience_readings,
}
"""The sources whose tables can be turned into readings."""


def _rows(table: pl.DataFrame, *, stock: str, confidence: float, source: str) -> pl.DataFrame:
    named = table.with_columns(
        actor=pl.lit(HOLDER[stock]),
        kind=pl.lit("reading"),
        content=pl.lit(stock),
        confidence=pl.lit(confidence),
        source=pl.lit(source),
    )
    return named.select(column.name for column in record_columns())
