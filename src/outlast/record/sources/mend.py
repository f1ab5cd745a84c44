"""Mediation events 2018 to 2023 with place, parties and whether an agreement was made: MEND."""

from __future__ import annotations

import polars as pl

from outlast.record.columns import Column, Day
from outlast.record.sources.source import Dropped, Source

DAY = Day("Year", "Month", "Day")


def tidy(table: pl.DataFrame) -> tuple[pl.DataFrame, list[Dropped]]:
    """Return one row for each event, in order of month.

    ``event``, ``country`` (the first where several are named), ``day`` (null where only the month is known), ``month``
    (its first day), ``proper`` (mediation proper, not a meeting about it), ``parties`` ("0", "1" or "2+" local parties
    present), ``several`` (two or more), ``mediators``, ``shuttle``, ``belligerents``, ``agreement``.
    """
    made = table.with_columns(month=pl.date("Year", "Month", 1), day=DAY.date).select(
        event="med_event_ID",
        country=pl.col("conflict_country").str.split(";").list.first().str.strip_chars(),
        day="day",
        month="month",
        proper=pl.col("med_type") == "M",
        parties="num_local",
        several=pl.col("num_local") == "2+",
        mediators="num_med",
        shuttle=pl.col("shuttle") == 1,
        belligerents=pl.col("if_loc_belig") == 1,
        agreement=pl.col("agmt") == 1,
    ).sort("month", "day", "event", nulls_last=True)  # fmt: skip
    dropped = [Dropped(1, "column of news text (Summary)", "third parties' words are not carried on")]
    twice = made.filter(pl.col("event").is_not_null() & pl.col("event").is_duplicated()).height
    if twice:
        dropped.append(Dropped(twice, "rows kept under a number given twice", "they are different events"))
    undated = made["day"].null_count()
    if undated:
        dropped.append(Dropped(undated, "events kept with a month and no day", "the publisher gives none"))
    return made, dropped


SOURCE = Source(
    name="mend",
    publisher="MEND (mediation events)",
    columns=(
        Column("med_event_ID", "text", "the number of the event", describes=True),
        Column("conflict_country", "text", "the country of the conflict"),
        Column("Day", "whole", "the day", blank=True, low=1, high=31),
        Column("Month", "whole", "the month", low=1, high=12),
        Column("Year", "whole", "the year", low=1989, high=2100),
        Column("num_med", "whole", "how many mediators took part", low=0),
        Column("num_local", "text", "how many local parties were present", among=("0", "1", "2+")),
        Column("if_loc_belig", "whole", "whether a local party was a belligerent", blank=True, low=0, high=1),
        Column("agmt", "whole", "whether an agreement was made", low=0, high=1),
        Column("shuttle", "whole", "whether the mediator went between the parties", blank=True, low=0, high=1),
        Column("med_type", "text", "mediation proper, or a meeting about it", among=("M", "MR")),
    ),
    tidy=tidy,
    days=(DAY,),
    warnings=(
        "The number of events grows because more were coded: use rates, never counts over the years.",
        "An agreement is any agreement, a pause for a day too.",
    ),
)
