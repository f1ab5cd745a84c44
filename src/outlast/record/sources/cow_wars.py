"""Inter-state wars since 1823: one row a war, from the participants' rows of the Correlates of War, version 4."""

from __future__ import annotations

import polars as pl

from outlast.record.columns import Column, Day
from outlast.record.sources.source import Dropped, Source

DAYS_IN_A_MONTH = 365.25 / 12
UNKNOWN = ("-9", "-8", "-7")
OUTCOMES = {
    1: "won",
    2: "lost",
    3: "compromise",
    4: "became another war",
    5: "ongoing",
    6: "stalemate",
    7: "goes on below war",
    8: "changed sides",
}


def tidy(table: pl.DataFrame) -> tuple[pl.DataFrame, list[Dropped]]:
    """Return a row a war: name, ``start``, ``end``, ``months`` between them, participants, deaths, ``ended_by``.

    A war begins with its first participant and ends with its last, second periods included. ``ended_by`` is *victory*
    where someone won, else the outcome that most participants had. ``deaths`` leaves out participants whose deaths are
    unknown, counted in ``deaths_unknown``.
    """
    dated = table.with_columns(
        start=_date("Start", 1), end=pl.max_horizontal(_date("End", 1), _date("End", 2)), outcome=pl.col("Outcome")
    )
    undated = dated.filter(pl.col("start").is_null() | pl.col("end").is_null())
    wars = (
        dated.filter(pl.col("start").is_not_null() & pl.col("end").is_not_null())
        .group_by("WarNum")
        .agg(
            war=pl.col("WarName").first(),
            start=pl.col("start").min(),
            end=pl.col("end").max(),
            participants=pl.len(),
            deaths=pl.col("BatDeath").sum(),
            deaths_unknown=pl.col("BatDeath").is_null().sum(),
            ended_by=pl.when((pl.col("outcome") == 1).any())
            .then(pl.lit("victory"))
            .otherwise(
                pl.col("outcome").mode().min().replace_strict(OUTCOMES, default="unknown", return_dtype=pl.String)
            ),
        )
        .with_columns(months=(pl.col("end") - pl.col("start")).dt.total_days() / DAYS_IN_A_MONTH)
        .sort("start", "WarNum")
        .select("WarNum", "war", "start", "end", "months", "participants", "deaths", "deaths_unknown", "ended_by")
        .rename({"WarNum": "number"})
    )
    dropped = [
        Dropped(table.height - undated.height - wars.height, "rows of participants merged", "one row for each war")
    ]
    if undated.height:
        dropped.append(Dropped(undated.height, "participants without a date", "when they entered or left is unknown"))
    return wars, dropped


def _date(end: str, period: int) -> pl.Expr:
    return _day(end, period).date


def _day(end: str, period: int) -> Day:
    return Day(f"{end}Year{period}", f"{end}Month{period}", f"{end}Day{period}")


def _dates() -> tuple[Column, ...]:
    return tuple(
        Column(f"{end}{unit}{period}", "whole", f"{unit.lower()} of period {period}", True, False, (), *ends, UNKNOWN)
        for period in (1, 2)
        for end in ("Start", "End")
        for unit, ends in (("Month", (1, 12)), ("Day", (1, 31)), ("Year", (1500, 2100)))
    )


SOURCE = Source(
    name="cow_wars",
    publisher="the Correlates of War project (inter-state wars, version 4)",
    columns=(
        Column("WarNum", "whole", "the number of the war"),
        Column("WarName", "text", "the name of the war", describes=True),
        *_dates(),
        Column("Outcome", "whole", "how the participant came out, a code from 1 to 8", low=1, high=8),
        Column("BatDeath", "whole", "battle deaths", blank=True, unknown=UNKNOWN, low=0),
    ),
    tidy=tidy,
    days=tuple(_day(end, period) for period in (1, 2) for end in ("Start", "End")),
    warnings=(
        "The codes -7, -8 and -9 stand for ongoing, not applicable and unknown; they are read as blank.",
        "Eleven wars pass three years: what is said of long wars rests on them.",
    ),
)  # fmt: skip
