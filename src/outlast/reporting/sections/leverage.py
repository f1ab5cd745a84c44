"""Section on sensitivity: which numbers move the answers over their ranges, one at a time."""

from __future__ import annotations

from typing import Any

import polars as pl

from outlast.reporting.charts import sensitivity as chart
from outlast.reporting.compare import change
from outlast.reporting.parts import NOT_COMPUTED, Cell, Column, Figure, Grid, Section, grid
from outlast.reporting.protocol import AnswersLike, table
from outlast.reporting.wording import NOTHING, count, number_name, plain, quoted, span

TITLE = "Which numbers matter"
LISTED = 5
"""Numbers of each headline that the table lists."""
MEANING = (
    "A bar is the change of the answer when the game is solved again with the number at an end of its range, all else "
    "held at its central value. What numbers do together shows in the draws, not here."
)
GRID = "Solved again on the coarse grid, as the draws behind the ranges are."


def leverage(answers: AnswersLike) -> Section:
    """Show what each number's range does to the headline answers."""
    data = table(answers, "sensitivity")
    if not data.height:
        return Section("sensitivity", TITLE, f"{NOT_COMPUTED} The option --sensitivity asks for it.")
    moving = data.filter(pl.col("effect").abs() > 0)
    reading = f"{_first(moving)} {_solves(data)}"
    drawn = Figure("sensitivity", chart, MEANING, f"Bars for each number, the largest first. {reading}")
    return Section("sensitivity", TITLE, reading, figures=(drawn,), grids=(_table(moving),), notes=(GRID,))


def _first(moving: pl.DataFrame) -> str:
    """Say which numbers move most headlines most."""
    if not moving.height:
        return "No number with a range moves a headline."
    tops = moving.group_by("headline", maintain_order=True).first()
    named = tops.group_by("path", "label", maintain_order=True).len().sort("len", descending=True, maintain_order=True)
    best = named.row(0, named=True)
    name = quoted(number_name(best["label"], best["path"]))
    return (
        f"The number whose range moves most answers furthest is {name}: it comes "
        f"first for {best['len']} of {count(tops.height, 'headline')}."
    )


def _solves(data: pl.DataFrame) -> str:
    tried = data.filter(pl.col("effect_low").is_not_null() | pl.col("effect_high").is_not_null())
    return f"{count(tried['path'].n_unique(), 'number')} moved, each to both ends of its range."


def _table(moving: pl.DataFrame) -> Grid:
    columns = [
        Column("Answer", heads=True), Column("Number", "words"), Column("Range", "number"),
        Column("At the low end", "number"), Column("At the high end", "number"), Column("From low to high", "number"),
    ]  # fmt: skip
    lines = []
    for _, own in moving.group_by("headline", maintain_order=True):
        lines += [_line(row) for row in own.head(LISTED).to_dicts()]
    caption = f"Change of each answer as a number moves through its range; {LISTED} numbers for each."
    return grid(caption, columns=columns, rows=lines, stack=True, fold="All headlines as a table")


def _line(row: dict[str, Any]) -> list[Cell]:
    unit = row["headline_unit"]
    effects = (row[name] for name in ("effect_low", "effect_high", "effect"))
    return [
        Cell(row["headline_label"]),
        Cell(number_name(row["label"], row["path"]), note=row["path"]),
        Cell(span(row["low"], row["high"], unit="") or plain(row["value"]), note=str(row["unit"] or "")),
        *(Cell(NOTHING if effect is None else change(effect, unit)) for effect in effects),
    ]
