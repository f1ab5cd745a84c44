"""Support for Ukraine by donor and month: the Kiel Institute's Ukraine Support Tracker, in billions of euros."""

from __future__ import annotations

import datetime

import polars as pl

from outlast.record.columns import Column
from outlast.record.sources.source import Dropped, Source

KINDS = ("total", "financial", "humanitarian", "military")


def tidy(table: pl.DataFrame) -> tuple[pl.DataFrame, list[Dropped]]:
    """Return ``donor``, ``iso``, ``month`` (its first day) and allocations in bn EUR, for every donor and every month.

    The publisher leaves out months in which a donor gave nothing; they come back as zeros.
    """
    given = table.with_columns(month=pl.date("year", "month", 1)).select("country", "iso", "month", *KINDS)
    summed = given.group_by("country", "month").agg(pl.col(*KINDS).sum())
    span = given.select(first=pl.col("month").min(), last=pl.col("month").max()).row(0)
    months = pl.DataFrame({"month": pl.date_range(*span, interval="1mo", eager=True)})
    donors = given.group_by("country").agg(pl.col("iso").drop_nulls().first())
    whole = donors.join(months, how="cross").join(summed, on=["country", "month"], how="left")
    made = whole.with_columns(pl.col(*KINDS).fill_null(0.0)).sort("country", "month").rename({"country": "donor"})
    dropped = []
    if made.height > summed.height:
        dropped.append(
            Dropped(
                made.height - summed.height,
                "donor-months added as zeros",
                "a month without a row is a month without money",
            )
        )
    if given.height > summed.height:
        dropped.append(Dropped(given.height - summed.height, "rows added to another", "same donor and month"))
    return made, dropped


def months_of(table: pl.DataFrame, donor: str | None = None) -> pl.DataFrame:
    """Return one donor's months, or the sum over all donors: ``month`` and the four allocations in bn EUR."""
    chosen = table if donor is None else table.filter(pl.col("donor") == donor)
    return chosen.group_by("month").agg(pl.col(*KINDS).sum()).sort("month")


def last_month_with_money(table: pl.DataFrame, donor: str) -> datetime.date | None:
    """Return the first day of the last month in which a donor allocated anything."""
    return months_of(table, donor).filter(pl.col("total") != 0)["month"].max()  # pyright: ignore[reportReturnType]


SOURCE = Source(
    name="kiel",
    publisher="the Kiel Institute (Ukraine Support Tracker, data explorer)",
    columns=(
        Column("country", "text", "the donor"),
        Column("iso", "text", "the donor's code", describes=True),
        Column("year", "whole", "the year of the allocation", low=2014, high=2100),
        Column("month", "whole", "the month of the allocation", low=1, high=12),
        *(Column(kind, "number", f"{kind} allocations in billions of euros") for kind in KINDS),
    ),
    tidy=tidy,
    warnings=(
        "One vintage of the tracker: a back-test as of an earlier month sees corrections that were made later.",
        "Allocations, not deliveries: money is decided before it flows.",
        "The last months of a release are still filling up.",
    ),
)
