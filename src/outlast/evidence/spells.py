"""Bring the settlements of three publishers into one form: how long peace was watched, and whether it failed.

Every table made here has one row for each spell: ``case``, ``cluster`` (cases that hang together), ``group``, ``start``
and ``stop`` in months since the settlement, and ``failed``, whether war came back at ``stop``. A case may have several
spells, one after the other, where its group changed.
"""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

DAYS_IN_A_MONTH = 365.25 / 12
MONTHS_IN_A_YEAR = 12
GUARANTEE_OF_MISSION = {
    "none": "none",
    "political": "none",
    "monitoring": "soft",
    "interposition": "soft",
    "multidimensional": "soft",
    "enforcement": "enforceable",
}
"""What a mission on the ground is taken for: with consent it may watch and leave (soft), with a mandate to use force it
may act (enforceable). A judgement: no mission is the promise of a patron to fight."""


def mission_spells(fortna: pl.DataFrame, *, since_1989: bool = True) -> pl.DataFrame:
    """Return Fortna's spells, grouped by the guarantee that the mission in force stands for.

    ``fortna`` is the tidy table of ``fortna_spells``. Before 1989 missions were few and of another kind.
    """
    chosen = fortna.filter("after_1989") if since_1989 else fortna
    return chosen.select(
        case=pl.col("number").cast(pl.String).str.replace(r"\.0$", ""),
        cluster="cluster",
        group=pl.col("mission").replace_strict(GUARANTEE_OF_MISSION, default="none", return_dtype=pl.String),
        start=pl.col("from_day") / DAYS_IN_A_MONTH,
        stop=pl.col("to_day") / DAYS_IN_A_MONTH,
        failed="failed",
    )


def agreement_spells(agreements: pl.DataFrame, *, carried: Sequence[str] = ()) -> pl.DataFrame:
    """Return UCDP's peace agreements, grouped by whether they provide for a peacekeeping operation.

    ``agreements`` is the tidy table of ``ucdp_agreements``; columns in ``carried`` come along. Agreements of unknown or
    no length are left out. A number that the publisher gave to several agreements makes as many cases.
    """
    number, again = pl.col("number").cast(pl.String), pl.col("number").cum_count().over("number")
    case = pl.when(pl.col("number").is_duplicated()).then(pl.format("{}, {}", number, again)).otherwise(number)
    return (
        agreements.with_columns(case=case)
        .filter(pl.col("months") > 0)
        .select(
            "case",
            *carried,
            cluster="conflict",
            group=pl.when("pko").then(pl.lit("with peacekeeping clause")).otherwise(pl.lit("without")),
            start=pl.lit(0.0),
            stop="months",
            failed="ended",
        )
    )


def ending_spells(endings: pl.DataFrame) -> pl.DataFrame:
    """Return the years after UCDP's conflict episodes, grouped by how they ended.

    ``endings`` is the tidy table of ``ucdp_terminations``. A spell fails when the same dyad fights again, however
    little: 25 battle deaths in a year. It starts a year after the ending, because only a quiet year makes an ending:
    by the publisher's rule nothing can fail in the first. Episodes whose end, or the start of the next one, has no
    date, and those that end less than a year before the data, are left out.
    """
    watched = endings.filter(pl.col("years_to_next") > 1)
    return watched.select(
        case=pl.format("{}-{}", "dyad", "episode"),
        cluster=pl.col("dyad").cast(pl.String),
        group="outcome",
        start=pl.lit(float(MONTHS_IN_A_YEAR)),
        stop=pl.col("years_to_next") * MONTHS_IN_A_YEAR,
        failed="again",
    )
