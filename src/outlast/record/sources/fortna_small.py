"""One row for each cease-fire of the Fortna data: Gelman, Hill and Vehtari, Regression and Other Stories, ch. 1."""

from __future__ import annotations

from collections.abc import Iterator

import polars as pl

from outlast.record.columns import Column
from outlast.record.sources.source import Dropped, Source, apart
from outlast.scenario.fault import Breach

DAYS_IN_A_YEAR = 365.25
HALF_A_DIGIT = 0.006
"""How far years written with two decimals may lie from the days."""


def tidy(table: pl.DataFrame) -> tuple[pl.DataFrame, list[Dropped]]:
    """Return ``place``, ``peacekeeping``, ``held`` (still at peace when the data end), ``years`` and ``badness``.

    ``years`` run to the failure, or to the end of the data where peace held, null where that comes before the start.
    ``badness`` is the authors' score of how hard the case was, higher for harder, null where it is not known.
    """
    years = (pl.col("faildate") - pl.col("cfdate")) / DAYS_IN_A_YEAR
    made = table.select(
        place=pl.col(""),
        peacekeeping=pl.col("peacekeepers?") == 1,
        held=pl.col("censored?") == 1,
        years=pl.when(years >= 0).then(years),
        badness=pl.col("badness"),
    )
    backward = made["years"].null_count()
    return made, [Dropped(backward, "lengths of peace", "it failed before it began")] if backward else []


def across(table: pl.DataFrame) -> Iterator[tuple[int, str, Breach]]:
    """Find the rows whose days give another length than the file's own years."""
    years = (pl.col("faildate") - pl.col("cfdate")) / DAYS_IN_A_YEAR
    yield from apart(
        table, "delay", years, within=HALF_A_DIGIT + 0.01 * years.abs(),
        rule="delay is faildate less cfdate, in years", reason="the two dates are read as days",
    )  # fmt: skip


SOURCE = Source(
    name="fortna_small",
    publisher="Gelman, Hill and Vehtari (minidata_small)",
    columns=(
        Column("", "text", "the place", describes=True),
        Column("peacekeepers?", "number", "whether there were peacekeepers", low=0, high=1),
        Column("badness", "number", "how hard the case was", blank=True),
        Column("cfdate", "number", "the day of the cease-fire, counted from 1970"),
        Column("faildate", "number", "the day of failure or of the end of the data, counted from 1970"),
        Column("delay", "number", "years between the two", blank=True, absent=True),
        Column("censored?", "number", "whether peace still held", low=0, high=1),
    ),
    tidy=tidy,
    across=across,
    warnings=(
        "The mean years to failure leave out the cases that held: they say nothing of durability by themselves.",
    ),
)
