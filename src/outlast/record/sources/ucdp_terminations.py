"""How conflict episodes ended, and whether the dyad fought again: UCDP Conflict Termination, dyads."""

from __future__ import annotations

import polars as pl

from outlast.record.columns import Column
from outlast.record.sources.source import Dropped, Source

DAYS_IN_A_YEAR = 365.25
OUTCOMES = {
    1: "agreement",
    2: "ceasefire",
    3: "victory of side A",
    4: "victory of side B",
    5: "low activity",
    6: "actor gone",
}


def tidy(table: pl.DataFrame) -> tuple[pl.DataFrame, list[Dropped]]:
    """Return one row for each episode that ended.

    ``episode`` counts the dyad's episodes by date, from 1; ``outcome``; ``began`` (the start of this episode) and
    ``first_clash`` (of the dyad, ever); ``ended``; ``years`` of the episode; ``again``, whether the dyad has a later
    episode in the data; ``years_to_next``, to the start of that episode, or to the end of the data where there is
    none, and null where the end or that start is not known; ``flag``, the publisher's `recur` on the row of the ending.

    The publisher's own number decides nothing: one number may stand for two episodes, or be skipped.
    """
    once = table.unique(maintain_order=True)
    counted = _counted(once)
    ends = counted.filter(pl.col("dyadterm") == 1)
    told = ends.filter(pl.col("outcome").is_not_null())
    made = told.join(_following(counted), on=["dyad_id", "episode"]).with_columns(
        sound=pl.col("ependdate").dt.year() <= pl.col("year"),
        until=pl.when("again")
        .then(pl.col("next_start"))
        .otherwise(pl.date(table.select(pl.col("year").max()).item(), 12, 31)),
    )
    length = pl.when("sound").then(_years("start_date2", "ependdate"))
    ahead = pl.when("sound").then(_years("ependdate", "until"))
    tidied = made.select(
        dyad=pl.col("dyad_id"),
        episode=pl.col("episode"),
        place=pl.col("location"),
        side_a=pl.col("side_a"),
        side_b=pl.col("side_b"),
        outcome=pl.col("outcome").replace_strict(OUTCOMES, default="unknown", return_dtype=pl.String),
        began=pl.col("start_date2"),
        first_clash=pl.col("start_date"),
        ended=pl.col("ependdate"),
        years=pl.when(length >= 0).then(length),
        again=pl.col("again"),
        years_to_next=pl.when((ahead > 0) | ((ahead == 0) & ~pl.col("again"))).then(ahead),
        flag=pl.col("recur") == 1,
    ).sort("ended", "dyad", "episode", nulls_last=True)
    dated = counted.filter(pl.col("dyadterm").ne_missing(1) & pl.col("outcome").is_not_null())
    return tidied, _told(
        (table.height - once.height, "rows given twice", "the same in every column that is read"),
        (
            counted.height - ends.height,
            "dyad-years in which the episode did not end",
            "one row for each episode that ended",
        ),
        (dated.height, "of these with an outcome all the same", "`dyadterm` says that the episode went on"),
        (
            told.filter(pl.col("dyadepisode") != pl.col("episode")).height,
            "episodes counted anew",
            "the publisher gave a number twice or skipped one; they are counted by date",
        ),
        (ends.height - told.height, "episodes that ended without an outcome", "how they ended is blank"),
        (
            made.filter(~pl.col("sound")).height,
            "endings dated later than the year of their row",
            "one of the two is wrong, so their lengths are blank",
        ),
        (tidied["years"].null_count(), "lengths of episodes", "the end is blank, lies before the start or is in doubt"),
        (
            tidied.filter(pl.col("again") & pl.col("years_to_next").is_null()).height,
            "times to the next episode",
            "there is one, but its start or the end before it is blank, out of order or in doubt",
        ),
    )  # fmt: skip


def _counted(table: pl.DataFrame) -> pl.DataFrame:
    """Return the dyad-years in order, with ``episode``: the dyad's episodes counted from 1 by date.

    An episode begins with the dyad's first row, after a row of an ending, and where the start changes.
    """
    ordered = table.sort("dyad_id", "year", "start_date2", "dyadterm", nulls_last=True)
    start = pl.col("start_date2").forward_fill()
    begins = (pl.col("dyadterm").shift(1) == 1).fill_null(False) | (start != start.shift(1)).fill_null(False)
    return ordered.with_columns(episode=begins.cum_sum().over("dyad_id").cast(pl.Int64) + 1)


def _following(counted: pl.DataFrame) -> pl.DataFrame:
    """Return for each episode of a dyad whether there is a later one (``again``) and when that starts."""
    starts = counted.group_by("dyad_id", "episode").agg(start=pl.col("start_date2").min()).sort("dyad_id", "episode")
    return starts.select(
        "dyad_id",
        "episode",
        again=pl.col("episode").shift(-1).over("dyad_id").is_not_null(),
        next_start=pl.col("start").shift(-1).over("dyad_id"),
    )


def _years(first: str, last: str) -> pl.Expr:
    return (pl.col(last) - pl.col(first)).dt.total_days() / DAYS_IN_A_YEAR


def _told(*found: tuple[int, str, str]) -> list[Dropped]:
    return [Dropped(*line) for line in found if line[0]]


SOURCE = Source(
    name="ucdp_terminations",
    publisher="UCDP (Conflict Termination Dataset, dyads)",
    columns=(
        Column("dyad_id", "whole", "the number of the dyad"),
        Column("dyadepisode", "whole", "the publisher's number of the episode", blank=True, absent=True),
        Column("dyadterm", "whole", "whether the episode ended in this year", blank=True, low=0, high=1),
        Column("year", "whole", "the year", low=1900, high=2100),
        Column("location", "text", "where it was fought", describes=True),
        Column("side_a", "text", "the first side", describes=True),
        Column("side_b", "text", "the other side", describes=True),
        Column("outcome", "whole", "how the episode ended, a code from 1 to 6", blank=True, low=1, high=6),
        Column("ependdate", "date", "the day on which the episode ended", blank=True),
        Column("recur", "whole", "whether this year begins an episode after an earlier one", low=0, high=1),
        Column("start_date", "date", "the dyad's first clash ever", blank=True),
        Column("start_date2", "date", "the start of the episode", blank=True),
    ),
    tidy=tidy,
    warnings=(
        "`start_date` is the dyad's first clash ever, `start_date2` the start of the episode; lengths are of episodes.",
        "`recur` marks the first year of a later episode, so on the row of an ending it tells of the past, not of the"
        " future; `again` looks ahead in the data instead.",
        "Endings of the last years had less time to fail: use `years_to_next` with survival methods.",
    ),
)
