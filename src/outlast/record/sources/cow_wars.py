"""Inter-state wars: one row a war, from the participants' rows of the Correlates of War, version 4."""

from __future__ import annotations

import polars as pl

from outlast.record.columns import Column, Day
from outlast.record.sources.source import Dropped, Source

DAYS_IN_A_MONTH = 365.25 / 12
UNKNOWN = ("-9", "-8")
GOES_ON = -7
WON, ONGOING = 1, 5
COLUMNS = (
    *("war", "start", "end", "months", "months_at_least", "months_at_most"),
    *("participants", "deaths", "deaths_unknown", "ended_by"),
)
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
    """Return a row a war: number, name, ``start``, ``end``, ``months``, participants, deaths, ``ended_by``.

    A war begins with its first participant and ends with its last, second periods included. A participant counts in
    full whatever is unknown of it. ``start`` and ``end`` are null where the day is not known, and ``end`` where the war
    goes on; ``months`` lie between them, and where a day is unknown ``months_at_least`` and ``months_at_most`` are what
    month and year leave open, null where they leave everything open. ``deaths`` leaves out participants whose deaths
    are unknown, counted in ``deaths_unknown``, and is null where all are. ``ended_by`` is *ongoing* where a participant
    still fights, else *victory* where someone won, else the outcome that most participants had.

    One number given to wars with different names, one over before the next began, stands for as many wars.
    """
    dated = _dated(table)
    numbered = _told_apart(dated)
    start, end = pl.col("start_low"), pl.col("end_high")
    wars = (
        numbered.group_by("WarNum", "part")
        .agg(
            war=pl.col("WarName").drop_nulls().first(),
            start_low=pl.when(start.is_not_null().all()).then(start.min()),
            start_high=pl.col("start_high").min(),
            end_low=pl.col("end_low").max(),
            end_high=pl.when(end.is_not_null().all()).then(end.max()),
            ongoing=pl.col("ongoing").any(),
            participants=pl.len(),
            deaths=pl.when(pl.col("BatDeath").is_not_null().any()).then(pl.col("BatDeath").sum()),
            deaths_unknown=pl.col("BatDeath").null_count(),
            won=(pl.col("Outcome") == WON).any(),
            usual=pl.col("Outcome").drop_nulls().mode().min(),
        )
        .with_columns(pl.when(~pl.col("ongoing")).then(pl.col("end_low", "end_high")).name.keep())
        .with_columns(
            start=pl.when(pl.col("start_low") == pl.col("start_high")).then(pl.col("start_low")),
            end=pl.when(pl.col("end_low") == pl.col("end_high")).then(pl.col("end_low")),
            ended_by=pl.when("ongoing")
            .then(pl.lit(OUTCOMES[ONGOING]))
            .when("won")
            .then(pl.lit("victory"))
            .otherwise(pl.col("usual").replace_strict(OUTCOMES, default="unknown", return_dtype=pl.String)),
        )
        .with_columns(
            months=_months("start", "end"),
            months_at_most=_months("start_low", "end_high"),
            months_at_least=pl.when((pl.col("end_high") < pl.col("start_low")).fill_null(False))
            .then(None)
            .otherwise(_months("start_high", "end_low").fill_null(0.0)),
        )
        .with_columns(pl.when(pl.col("end_low").is_not_null()).then(pl.col("months_at_least")).name.keep())
        .sort("start_high", "WarNum", "part", nulls_last=True)
        .select(pl.col("WarNum").alias("number"), *COLUMNS)
    )
    settled = {end: (pl.col(f"{end}_low") == pl.col(f"{end}_high")).fill_null(False) for end in ("start", "end")}
    unknown = dated.filter(~settled["start"] | (~settled["end"] & ~pl.col("ongoing"))).height
    told = (
        (table.height - wars.height, "rows of participants merged", "one row for each war"),
        (
            unknown,
            "participants kept with a day unknown",
            "they count; the war's day is blank where it hangs on theirs",
        ),
        (wars.filter(ended_by=OUTCOMES[ONGOING]).height, "wars without an end", "they go on"),
        (
            dated.filter(pl.col("end_high") < pl.col("start_low")).height,
            "participants kept whose end lies before their start",
            "one of the two is wrong",
        ),
        (
            numbered.filter(pl.col("part") > 0)["WarNum"].n_unique(),
            "numbers read as several wars",
            "they have different names, and one is over before the next begins",
        ),
    )
    return wars, [Dropped(*line) for line in told if line[0]]


def _dated(table: pl.DataFrame) -> pl.DataFrame:
    """Return the participants with the earliest and latest day on which each can have begun and ended."""
    start, once, twice = _bounds("Start", 1), _bounds("End", 1), _bounds("End", 2)
    again = pl.col("StartYear2").is_not_null() | pl.col("EndYear2").is_not_null()
    low, high = (
        pl.when(~again).then(first).when(second.is_not_null()).then(pl.max_horizontal(first, second))
        for first, second in zip(once, twice, strict=True)
    )
    goes_on = (pl.col("EndYear1") == GOES_ON) | (pl.col("EndYear2") == GOES_ON) | (pl.col("Outcome") == ONGOING)
    return table.with_columns(
        start_low=start[0], start_high=start[1], end_low=low, end_high=high, ongoing=goes_on.fill_null(False)
    )


def _bounds(end: str, period: int) -> tuple[pl.Expr, pl.Expr]:
    """Return the earliest and the latest day that year, month and day allow; null where the year is unknown."""
    year, month, day = (pl.col(f"{end}{unit}{period}") for unit in ("Year", "Month", "Day"))
    year = pl.when(year > 0).then(year)
    first = pl.date(year, month.fill_null(1), 1)
    exact = pl.when(month.is_not_null()).then(first + pl.duration(days=day - 1))
    last = pl.when(month.is_not_null()).then(first.dt.month_end()).otherwise(pl.date(year, 12, 31))
    return pl.coalesce(exact, first), pl.coalesce(exact, last)


def _told_apart(dated: pl.DataFrame) -> pl.DataFrame:
    """Return the participants with ``part``: which of the wars under its number each is in, from 0."""
    spans = (
        dated.group_by("WarNum", "WarName")
        .agg(first=pl.col("start_low").min(), last=pl.coalesce("end_high", "start_high").max())
        .sort("WarNum", "first", nulls_last=False)
    )
    over = pl.col("first") > pl.col("last").cum_max().shift(1)
    parts = spans.with_columns(part=over.fill_null(False).cum_sum().over("WarNum").cast(pl.Int64))
    return dated.join(parts.select("WarNum", "WarName", "part"), on=["WarNum", "WarName"], nulls_equal=True)


def _months(first: str, last: str) -> pl.Expr:
    """Return the months between two days, null where the second lies before the first."""
    months = (pl.col(last) - pl.col(first)).dt.total_days() / DAYS_IN_A_MONTH
    return pl.when(months >= 0).then(months)


def _day(end: str, period: int) -> Day:
    return Day(f"{end}Year{period}", f"{end}Month{period}", f"{end}Day{period}")


def _dates() -> tuple[Column, ...]:
    """Return the columns of the days; years keep the code for what goes on."""
    bounds = {"Year": (GOES_ON, 2100), "Month": (1, 12), "Day": (1, 31)}
    return tuple(
        Column(
            f"{end}{unit}{period}", "whole", f"{unit.lower()} of period {period}", blank=True,
            unknown=UNKNOWN if unit == "Year" else (*UNKNOWN, str(GOES_ON)), low=bounds[unit][0], high=bounds[unit][1],
        )
        for period in (1, 2)
        for end in ("Start", "End")
        for unit in ("Month", "Day", "Year")
    )  # fmt: skip


SOURCE = Source(
    name="cow_wars",
    publisher="the Correlates of War project (inter-state wars, version 4)",
    columns=(
        Column("WarNum", "whole", "the number of the war"),
        Column("WarName", "text", "the name of the war", describes=True),
        *_dates(),
        Column(
            "Outcome", "whole", "how the participant came out, a code from 1 to 8", blank=True, unknown=UNKNOWN,
            low=1, high=8,
        ),
        Column("BatDeath", "whole", "battle deaths", blank=True, unknown=(*UNKNOWN, str(GOES_ON)), low=0),
    ),
    tidy=tidy,
    days=tuple(_day(end, period) for period in (1, 2) for end in ("Start", "End")),
    warnings=(
        "The codes -8 and -9 stand for not applicable and unknown and are read as blank; -7 says that a war goes on.",
        "Few wars pass three years (11 of the 95 in version 4.0): what is said of long wars rests on them.",
    ),
)  # fmt: skip
