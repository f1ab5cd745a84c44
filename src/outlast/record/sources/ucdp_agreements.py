"""Peace agreements 1975 to 2021 with their provisions and whether they ended: UCDP Peace Agreement Dataset 22.1."""

from __future__ import annotations

import polars as pl

from outlast.record.columns import Column
from outlast.record.sources.source import Dropped, Source

DAYS_IN_A_MONTH = 365.25 / 12
LAST_DAY = (2021, 12, 31)
PROVISIONS = {
    "cease": "a cease-fire",
    "intarmy": "rebels in the army",
    "ddr": "disarmament",
    "withd": "withdrawal of foreign forces",
    "shagov": "shared government",
    "aut": "autonomy",
    "pko": "a peacekeeping operation",
}
EXTENT = {1: "full", 2: "partial", 3: "process"}


def tidy(table: pl.DataFrame) -> tuple[pl.DataFrame, list[Dropped]]:
    """Return one row for each agreement.

    ``signed``; ``ended`` (true only where the publisher says so); ``end``, null where unknown; ``months`` to the end or
    to 31 December 2021, null for an agreement that ended on an unknown day; ``extent`` (full, partial, process); and
    the provisions as yes or no.
    """
    said = (pl.col("ended") == "True").fill_null(False)
    last = pl.when(said).then(pl.col("duration")).otherwise(pl.date(*LAST_DAY))
    made = table.select(
        number="paid",
        conflict="conflict_name",
        signed="pa_date",
        ended=said,
        end="duration",
        months=(last - pl.col("pa_date")).dt.total_days() / DAYS_IN_A_MONTH,
        extent=pl.col("pa_type").replace_strict(EXTENT, default="unknown", return_dtype=pl.String),
        **{name: pl.col(name) == 1 for name in PROVISIONS},
    )
    blank = table["ended"].is_null().sum()
    unknown = made.filter(pl.col("ended") & pl.col("end").is_null()).height
    dropped = []
    if blank:
        dropped.append(
            Dropped(int(blank), "blank cells of `ended` read as not ended", "blank is not ended, or not coded")
        )
    if unknown:
        dropped.append(Dropped(unknown, "ended agreements without a length", "the day of the end is blank"))
    return made, dropped


SOURCE = Source(
    name="ucdp_agreements",
    publisher="UCDP (Peace Agreement Dataset)",
    columns=(
        Column("paid", "whole", "the number of the agreement"),
        Column("conflict_name", "text", "the conflict", describes=True),
        Column("year", "whole", "the year of signing", low=1900, high=2100),
        Column("pa_date", "date", "the day of signing"),
        Column("ended", "text", "whether the agreement ended", blank=True, among=("True", "False")),
        Column("duration", "date", "the day of the end, in spite of its name", blank=True),
        Column("pa_type", "whole", "1 full, 2 partial, 3 process", low=1, high=3),
        *(
            Column(name, "whole", f"whether it provides for {words}", low=0, high=1)
            for name, words in PROVISIONS.items()
        ),
    ),
    tidy=tidy,
    warnings=(
        "`duration` is a date, not a length; `noconf17` is 0 in every row and is left out.",
        "Provisions are not guarantees: cease-fires and peacekeeping go with hard cases, so a naive comparison turns"
        " the sign around.",
    ),
)
