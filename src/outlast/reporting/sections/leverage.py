"""Section on sensitivity: which numbers move the answers, and whether a derivative tells the truth about a range."""

from __future__ import annotations

from typing import Any

import polars as pl

from outlast.reporting.charts import sensitivity as chart
from outlast.reporting.compare import change
from outlast.reporting.parts import NOT_COMPUTED, Cell, Column, Figure, Grid, Section, grid, judged
from outlast.reporting.protocol import AnswersLike, table
from outlast.reporting.wording import NOTHING, count, number_name, plain, quoted, span

TITLE = "Which numbers matter"
LISTED = 5
"""Numbers of each headline that the table lists."""
MEANING = (
    "A bar is the derivative of the answer times the way from the number's value to an end of its range, all else "
    "held. A point is the answer solved again there. Where the two differ the answer bends on the way, and the point "
    "is right. How many packages lie in the durable zone is a count and has no derivative."
)

GRID = "Derivatives and solutions here are on the coarse grid, as the draws behind the ranges are."


def leverage(answers: AnswersLike) -> Section:
    """Show what each number's range does to the headline answers."""
    data = table(answers, "sensitivity")
    if not data.height:
        return Section("sensitivity", TITLE, f"{NOT_COMPUTED} The option --sensitivity asks for it.")
    moving = data.filter(pl.col("effect").abs() > 0)
    reading = f"{_first(moving)} {_honesty(data)}".strip()
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


def _honesty(data: pl.DataFrame) -> str:
    tried = data.drop_nulls("agrees")
    if not tried.height:
        return ""
    wrong = tried.filter(~pl.col("agrees")).height
    again = f"{count(tried['path'].n_unique(), 'number')} solved again at both ends"
    if not wrong:
        return f"With {again}, derivatives and solutions tell the same story throughout."
    return (
        f"With {again}, derivatives mislead about {wrong} of {count(tried.height, 'effect')}: the sign differs, or the "
        "size by more than a factor of two."
    )


def _table(moving: pl.DataFrame) -> Grid:
    columns = [
        Column("Answer", heads=True), Column("Number", "words"), Column("Range", "number"),
        Column("By derivative", "number"), Column("Solved again", "number"), Column("Agree"),
    ]  # fmt: skip
    lines = []
    for _, own in moving.group_by("headline", maintain_order=True):
        lines += [_line(row) for row in own.head(LISTED).to_dicts()]
    caption = f"Change of each answer from the low to the high end of a number's range; {LISTED} numbers for each."
    return grid(caption, columns=columns, rows=lines, stack=True, fold="All headlines as a table")


def _line(row: dict[str, Any]) -> list[Cell]:
    whole = None if row["resolved_low"] is None else row["resolved_high"] - row["resolved_low"]
    return [
        Cell(row["headline_label"]),
        Cell(number_name(row["label"], row["path"]), note=row["path"]),
        Cell(span(row["low"], row["high"], unit="") or plain(row["value"]), note=str(row["unit"] or "")),
        Cell(change(row["effect"], row["headline_unit"])),
        Cell(NOTHING if whole is None else change(whole, row["headline_unit"])),
        judged(row["agrees"], yes="yes", no="no", absent="not solved again"),
    ]
