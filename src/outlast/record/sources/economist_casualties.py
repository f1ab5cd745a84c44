"""Russian casualties or deaths: The Economist's daily estimate of the total since 24 February 2022, with intervals."""

from __future__ import annotations

from collections.abc import Iterator

import polars as pl

from outlast.record.columns import Column
from outlast.record.sources.source import Dropped, Source, apart, told_once
from outlast.scenario.fault import Breach


def tidy(table: pl.DataFrame) -> tuple[pl.DataFrame, list[Dropped]]:
    """Return ``date``, ``what`` (casualties or deaths), ``total``, and its ``low`` and ``high``, a day a row.

    The interval is the publisher's prediction interval, the wider of its two.
    """
    once, dropped = told_once(table, "type", "date", what="days")
    made = once.sort("type", "date").select(
        "date", what="type", total="estimate", low="pi_low", high="pi_high"
    )  # fmt: skip
    return made, dropped


def across(table: pl.DataFrame) -> Iterator[tuple[int, str, Breach]]:
    """Find the rows whose estimate lies outside its own interval."""
    nearest = pl.col("estimate").clip(pl.col("pi_low"), pl.col("pi_high"))
    yield from apart(
        table, "estimate", nearest, within=1e-9 * nearest.abs(),
        rule="the estimate lies in its own interval, from pi_low to pi_high",
        reason="all three count people",
    )  # fmt: skip


SOURCE = Source(
    name="economist_casualties",
    publisher="The Economist (meta-estimate of casualties or deaths)",
    columns=(
        Column("date", "date", "the day up to which losses are counted"),
        Column("estimate", "number", "the estimate of the total", low=0),
        Column("pi_low", "number", "the low end of the prediction interval", low=0),
        Column("pi_high", "number", "the high end of the prediction interval", low=0),
        Column("type", "text", "what is counted", among=("casualties", "deaths")),
        Column("country", "text", "whose losses they are", among=("russia",)),
    ),
    tidy=tidy,
    across=across,
    warnings=(
        "Totals since 24 February 2022, not monthly losses; the interval is of the total.",
        "The narrower interval of the mean (ci_lower, ci_upper) is left out: it says less than it seems to.",
    ),
)
