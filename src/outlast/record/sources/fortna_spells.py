"""Cease-fire spells of civil wars 1947 to 1999 with peacekeeping missions: Fortna, Does Peacekeeping Work? (2008)."""

from __future__ import annotations

from collections.abc import Iterator

import polars as pl

from outlast.record.columns import Column
from outlast.record.sources.source import Dropped, Source, apart
from outlast.scenario.fault import Breach

A_DAY = 1.0
"""How far lengths and dates may lie apart: whether the last day counts is not the same everywhere."""

MISSIONS = {0: "none", 1: "political", 2: "monitoring", 3: "interposition", 4: "multidimensional", 5: "enforcement"}
CONTROLS = {
    "wartype": "whether the war is about identity",
    "logcost": "log of deaths and displaced",
    "logdead": "log of battle and civilian deaths",
    "wardur": "length of the war in years",
    "faction": "whether there are more than two factions",
    "contraband": "whether rebels live on contraband",
    "infst": "infant mortality at the start",
    "past_ag": "whether an earlier agreement failed",
    "garm": "size of the government's army in thousands",
    "gdpcap": "income a head",
    "major": "whether a great power gave military support",
}


def tidy(table: pl.DataFrame) -> tuple[pl.DataFrame, list[Dropped]]:
    """Return one row for each spell of constant mission, as survival analysis wants it.

    ``from_day`` and ``to_day`` since the cease-fire; ``failed`` at the end of the spell; ``cluster`` (wars that
    hang together); ``after_1989``; ``ended_by`` (victory, treaty or truce) and the three as yes or no; ``mission`` and
    ``peacekeeping`` in force; and the controls of the codebook, null where unknown.
    """
    made = table.select(
        number="id",
        place="cname",
        cluster="cluster",
        begun=pl.col("t0"),
        to=pl.col("t1"),
        from_day="_t0",
        to_day="_t",
        failed=pl.col("failed") == 1,
        after_1989=pl.col("pcw") == 1,
        ended_by=pl.when(pl.col("victory") == 1).then(pl.lit("victory"))
        .when(pl.col("treaty") == 1).then(pl.lit("treaty")).otherwise(pl.lit("truce")),
        victory=pl.col("victory") == 1,
        treaty=pl.col("treaty") == 1,
        mission=pl.col("pkop").replace_strict(MISSIONS, default="unknown", return_dtype=pl.String),
        peacekeeping=pl.col("pk_dum") == 1,
        consent=pl.col("consent") == 1,
        enforcement=pl.col("enforce") == 1,
        **{name: pl.col(name) for name in CONTROLS},
    ).sort("number", "from_day")  # fmt: skip
    empty = made.filter(pl.col("from_day") >= pl.col("to_day"))
    kept = made.filter(pl.col("from_day") < pl.col("to_day"))
    lost = f"spells of no length, {empty['failed'].sum()} of them failed"
    return kept, [Dropped(empty.height, lost, "a spell that nobody watched is not at risk")] if empty.height else []


def across(table: pl.DataFrame) -> Iterator[tuple[int, str, Breach]]:
    """Find the rows whose length in days is not that between their dates."""
    days = (pl.col("t1") - pl.col("t0")).dt.total_days()
    yield from apart(
        table, "_t", pl.col("_t0") + days, within=pl.lit(A_DAY),
        rule="_t lies as many days after _t0 as t1 lies after t0",
        reason="lengths are read in days; survival programs also write them in months or years",
    )  # fmt: skip


SOURCE = Source(
    name="fortna_spells",
    publisher="Fortna (Peacekeeping and the Peacekept, spells)",
    columns=(
        Column("id", "number", "the number of the cease-fire"),
        Column("cname", "text", "the country and the war", describes=True),
        Column("cluster", "text", "wars that hang together"),
        Column("t0", "date", "the first day of the spell"),
        Column("t1", "date", "the last day of the spell"),
        Column("_t0", "number", "days from the cease-fire to the start of the spell", low=0),
        Column("_t", "number", "days from the cease-fire to the end of the spell", low=0),
        Column("failed", "number", "whether war resumed at the end of the spell", low=0, high=1),
        Column("pcw", "number", "whether the cease-fire is of 1989 or later", low=0, high=1),
        Column("victory", "number", "whether one side won", low=0, high=1),
        Column("treaty", "number", "whether the war ended by a settlement", low=0, high=1),
        Column("pkop", "number", "the mission, a code from 0 to 5", low=0, high=5),
        Column("pk_dum", "number", "whether there are peacekeepers", low=0, high=1),
        Column("consent", "number", "whether the mission has consent", low=0, high=1),
        Column("enforce", "number", "whether the mission may enforce", low=0, high=1),
        *(Column(name, "number", words, blank=True) for name, words in CONTROLS.items()),
    ),
    tidy=tidy,
    across=across,
    warnings=(
        "Spells of one cease-fire follow one another: they are not separate cases.",
        "Peacekeepers are sent where peace is hardest to keep; without controls their effect looks smaller than it is.",
    ),
)
