"""Peace agreements with their provisions and whether they ended: UCDP Peace Agreement Dataset."""

from __future__ import annotations

import polars as pl

from outlast.record.columns import Column
from outlast.record.sources.source import Dropped, Source

DAYS_IN_A_MONTH = 365.25 / 12
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
    to the last day of the data, null where that is not known or the dates contradict one another; ``extent`` (full,
    partial, process); and the provisions as yes or no.

    The last day of the data is that of the latest year in which the file has anything signed or ended.
    """
    said = (pl.col("ended") == "True").fill_null(False)
    sound = pl.col("pa_date").dt.year() == pl.col("year")
    year = table.select(pl.max_horizontal("year", pl.col("duration").dt.year()).max()).item()
    last = pl.when(said).then(pl.col("duration")).otherwise(pl.date(year, 12, 31))
    months = (last - pl.col("pa_date")).dt.total_days() / DAYS_IN_A_MONTH
    made = table.select(
        number="paid",
        conflict="conflict_name",
        signed="pa_date",
        ended=said,
        end="duration",
        months=pl.when(sound & (months >= 0)).then(months),
        extent=pl.col("pa_type").replace_strict(EXTENT, default="unknown", return_dtype=pl.String),
        **{name: pl.col(name) == 1 for name in PROVISIONS},
    )
    found = (
        (
            table["ended"].null_count(),
            "blank cells of `ended` read as not ended",
            "blank is not ended, or not coded",
        ),
        (
            made.filter(pl.col("ended") & pl.col("end").is_null()).height,
            "ended agreements without a length",
            "the day of the end is blank",
        ),
        (
            made.filter(pl.col("ended") & (pl.col("end") < pl.col("signed"))).height,
            "ended agreements without a length",
            "the day of the end lies before that of signing",
        ),
        (
            made.filter(~pl.col("ended") & pl.col("end").is_not_null()).height,
            "days of an end beside `ended` = False or blank",
            "they are read as not ended",
        ),
        (
            table.filter(~sound).height,
            "agreements without a length",
            "the day of signing does not lie in the year of signing",
        ),
        (
            made["number"].is_duplicated().sum(),
            "agreements kept under a number given twice",
            "each row is an agreement of its own",
        ),
    )
    return made, [Dropped(int(count), what, why) for count, what, why in found if count]


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
        "`duration` is a date, not a length. What still holds is watched to the end of the last year of the file.",
        "Provisions are not guarantees: cease-fires and peacekeeping go with hard cases, so a naive comparison turns"
        " the sign around.",
    ),
)
