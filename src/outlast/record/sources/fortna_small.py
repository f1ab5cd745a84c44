"""One row for each cease-fire of the Fortna data: Gelman, Hill and Vehtari, Regression and Other Stories, ch. 1."""

from __future__ import annotations

import polars as pl

from outlast.record.columns import Column
from outlast.record.sources.source import Dropped, Source

DAYS_IN_A_YEAR = 365.25


def tidy(table: pl.DataFrame) -> tuple[pl.DataFrame, list[Dropped]]:
    """Return ``place``, ``peacekeeping``, ``held`` (still at peace when the data end), ``years`` and ``badness``.

    ``years`` run to the failure, or to the end of the data where peace held. ``badness`` is the authors' score of how
    hard the case was, higher for harder, null where it is not known.
    """
    made = table.select(
        place=pl.col(""),
        peacekeeping=pl.col("peacekeepers?") == 1,
        held=pl.col("censored?") == 1,
        years=(pl.col("faildate") - pl.col("cfdate")) / DAYS_IN_A_YEAR,
        badness=pl.col("badness"),
    )
    return made, []


SOURCE = Source(
    name="fortna_small",
    publisher="Gelman, Hill and Vehtari (minidata_small)",
    columns=(
        Column("", "text", "the place", describes=True),
        Column("peacekeepers?", "number", "whether there were peacekeepers", low=0, high=1),
        Column("badness", "number", "how hard the case was", blank=True),
        Column("cfdate", "number", "the day of the cease-fire, counted from 1970"),
        Column("faildate", "number", "the day of failure or of the end of the data, counted from 1970"),
        Column("censored?", "number", "whether peace still held", low=0, high=1),
    ),
    tidy=tidy,
    warnings=(
        "The mean years to failure leave out the cases that held: they say nothing of durability by themselves.",
    ),
)
