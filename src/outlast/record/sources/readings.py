"""Turn publishers' series into monthly readings of stocks, in the form of a record.

What a series says of a stock is a judgement, and so are the intervals: each row's note says which.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable

import polars as pl

from outlast.record.faults import RecordError, fault_at
from outlast.record.form import HOLDER, record_columns
from outlast.record.sources.economist_area import month_ends
from outlast.record.sources.kiel import months_of
from outlast.scenario.fault import Breach, Place

UKRAINE_KM2 = 603_550
AREA_LOW, AREA_HIGH = 0.96, 1.01
"""Ends of a territory reading over its value: press counts of December 2025 were 4% below the series; 1% is slack."""

WINDOW = 12
USUAL = (datetime.date(2022, 2, 1), datetime.date(2024, 12, 1))
"""Months whose average military allocation stands for a patience of 1, or those of them that a file has."""

PATIENCE_LOW = 0.5
"""Low end of a patience reading over its value: money is decided long before it flows, so will may be half of it."""


def territory_readings(area: pl.DataFrame, *, label: str = "the table of economist_area") -> pl.DataFrame:
    """Return month-end readings of territory from the tidy table of ``economist_area``, as rows of a record.

    The value is the area over Ukraine's recognised territory. The last month is read on its last day in the table.
    ``label`` would name the file in a fault.
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


def patience_readings(support: pl.DataFrame, *, label: str = "the table of kiel") -> pl.DataFrame:
    """Return month-end readings of patience from the tidy table of ``kiel``, as rows of a record.

    The value is the average military allocation of all donors over twelve months, over its average in the usual months
    (February 2022 to December 2024) that the table has, at most 1. It is a proxy with a confidence of .3.

    Raises ``RecordError`` where the table has fewer than twelve months, or fewer than twelve usual ones, or no money in
    them; ``label`` names the file there.
    """
    money = months_of(support)
    usual = money.filter(pl.col("month").is_between(*USUAL))
    average = float(usual.select(pl.col("military").mean().fill_null(0.0)).item())
    _refuse_few(money, usual, average, label)
    months = money.with_columns(trailing=pl.col("military").rolling_mean(WINDOW)).drop_nulls("trailing")
    value = pl.min_horizontal(pl.lit(1.0), pl.col("trailing") / average)
    words = (
        "Military allocations of all donors: {:.2f} bn EUR a month over twelve months, against {:.2f} from {};"
        " at most 1; money is decided long before it flows, so the low end is half"
    )
    span = _span(usual)
    return _rows(
        months.select(
            date=pl.col("month").dt.month_end(),
            value=value.round(3),
            low=(PATIENCE_LOW * value).round(3),
            high=value.round(3),
            note=pl.col("trailing").map_elements(lambda got: words.format(got, average, span), return_dtype=pl.String),
        ),
        stock="patience",
        confidence=0.3,
        source=f"Kiel Institute, Ukraine Support Tracker, months to {money['month'][-1]:%B %Y}",
    )


def _refuse_few(money: pl.DataFrame, usual: pl.DataFrame, average: float, label: str) -> None:
    """Raise ``RecordError`` with every reason for which no reading can be made."""
    first, last = USUAL
    wanted = f"at least {WINDOW} months from {first:%B %Y} to {last:%B %Y}"
    remedy = "give the publisher's whole file"
    found = []
    if money.height < WINDOW:
        what, rule = f"{money.height} months, {_span(money)}", f"at least {WINDOW} months"
        found.append(Breach(what, rule, f"a reading is an average over {WINDOW} months", remedy))
    why = "their average stands for a patience of 1"
    if usual.height < WINDOW:
        found.append(Breach(f"{usual.height} of them; the file has {_span(money)}", wanted, why, remedy))
    elif average <= 0:
        what = f"{average:g} bn EUR of military allocations a month, {_span(usual)}"
        found.append(Breach(what, "more than nothing in these months", why, remedy))
    if found:
        raise RecordError(fault_at(Place(file=label), breach) for breach in found)


def _span(months: pl.DataFrame) -> str:
    return f"{months['month'][0]:%B %Y} to {months['month'][-1]:%B %Y}"


READINGS: dict[str, Callable[..., pl.DataFrame]] = {
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
