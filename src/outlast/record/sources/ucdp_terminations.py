"""How conflict episodes ended 1946 to 2020, and whether the dyad fought again: UCDP Conflict Termination, dyads."""

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

    ``outcome``; ``began`` (the start of this episode) and ``first_clash`` (of the dyad, ever); ``ended``; ``years`` of
    the episode; ``again``, whether the dyad has a later year in the data; ``years_to_next``, to the start of that
    episode, or to the end of the data where there is none; ``flag``, the publisher's `recur` on the row of the ending.
    """
    last_year = table["year"].max()
    starts = table.group_by("dyad_id", "dyadepisode").agg(next_start=pl.col("start_date2").min())
    later = table.group_by("dyad_id").agg(dyad_last=pl.col("year").max())
    ends = table.filter((pl.col("dyadterm") == 1) & pl.col("outcome").is_not_null())
    made = (
        ends.join(later, on="dyad_id")
        .with_columns(following=pl.col("dyadepisode") + 1, again=pl.col("dyad_last") > pl.col("year"))
        .join(starts, left_on=["dyad_id", "following"], right_on=["dyad_id", "dyadepisode"], how="left")
        .with_columns(until=pl.coalesce(pl.col("next_start"), pl.date(pl.lit(last_year), 12, 31)))
    )
    length = (pl.col("ependdate") - pl.col("start_date2")).dt.total_days() / DAYS_IN_A_YEAR
    tidied = made.select(
        dyad=pl.col("dyad_id"),
        episode=pl.col("dyadepisode"),
        place=pl.col("location"),
        side_a=pl.col("side_a"),
        side_b=pl.col("side_b"),
        outcome=pl.col("outcome").replace_strict(OUTCOMES, default="unknown", return_dtype=pl.String),
        began=pl.col("start_date2"),
        first_clash=pl.col("start_date"),
        ended=pl.col("ependdate"),
        years=pl.when(length >= 0).then(length),
        again=pl.col("again"),
        years_to_next=((pl.col("until") - pl.col("ependdate")).dt.total_days() / DAYS_IN_A_YEAR),
        flag=pl.col("recur") == 1,
    ).sort("ended", "dyad", "episode", nulls_last=True)
    running = table.height - table.filter(pl.col("dyadterm") == 1).height
    dropped = [Dropped(running, "dyad-years in which the episode did not end", "one row for each episode that ended")]
    unknown = table.filter((pl.col("dyadterm") == 1) & pl.col("outcome").is_null()).height
    if unknown:
        dropped.append(Dropped(unknown, "episodes that ended without an outcome", "how they ended is blank"))
    backward = tidied.filter(pl.col("years").is_null()).height
    if backward:
        dropped.append(Dropped(backward, "lengths of episodes", "the end is blank or lies before the start"))
    return tidied, dropped


SOURCE = Source(
    name="ucdp_terminations",
    publisher="UCDP (Conflict Termination Dataset, dyads)",
    columns=(
        Column("dyad_id", "whole", "the number of the dyad"),
        Column("dyadepisode", "whole", "which episode of the dyad", low=1),
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
