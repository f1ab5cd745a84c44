"""Support for Ukraine by donor and month: the Kiel Institute's Ukraine Support Tracker, in billions of euros."""

from __future__ import annotations

import datetime
from collections.abc import Iterator

import polars as pl

from outlast.record.columns import Column
from outlast.record.sources.source import Dropped, Source, apart
from outlast.scenario.fault import Breach

KINDS = ("total", "financial", "humanitarian", "military")
FAR = 300
"""How many times a total may be what other columns say before the two have different units: millions are a thousand."""

LARGEST_INCOME = 100_000.0
"""Billions of euros: about the income of the whole world."""


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


def across(table: pl.DataFrame) -> Iterator[tuple[int, str, Breach]]:
    """Find the rows whose total is in another unit than its parts, than the donor's income, or than billions."""
    parts = pl.sum_horizontal("financial", "humanitarian", "military")
    income = pl.when(pl.col("gdp") > 0).then(pl.col("pct_gdp") / 100 * pl.col("gdp"))
    for other, words in ((parts, "the sum of its parts"), (income, "pct_gdp percent of gdp")):
        ratio = (pl.col("total") / other).abs()
        alike = ratio.is_null() | ratio.is_nan() | (ratio == 0) | ratio.is_infinite() | ratio.is_between(1 / FAR, FAR)
        yield from apart(
            table, "total", other, within=pl.when(~alike).then(pl.lit(0.0)),
            rule=f"total is {words}, both in billions of euros", reason="thousands between them are another unit",
        )  # fmt: skip
    yield from apart(
        table, "gdp", pl.lit(LARGEST_INCOME), within=pl.when(pl.col("gdp") > LARGEST_INCOME).then(pl.lit(0.0)),
        rule="gdp is in billions of euros, less than that of the world", reason="total is in the unit of gdp",
    )  # fmt: skip


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
        Column("gdp", "number", "the donor's income in billions of euros", blank=True, absent=True),
        Column("pct_gdp", "number", "the total as a percentage of income", blank=True, absent=True),
    ),
    tidy=tidy,
    across=across,
    warnings=(
        "One vintage of the tracker: a back-test as of an earlier month sees corrections that were made later.",
        "Allocations, not deliveries: money is decided before it flows.",
        "The last months of a release are still filling up.",
    ),
)
