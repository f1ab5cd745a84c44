"""Show a record: as a table in the terminal, and as one page with a chart and every row with its source."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import polars as pl
from markupsafe import Markup
from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.table import Table
from rich.text import Text

from outlast.reporting.charts.timeline import timeline as timeline_chart
from outlast.reporting.console import paper
from outlast.reporting.drawing import draw
from outlast.reporting.parts import Cell, Column, Grid, grid
from outlast.reporting.sealing import sealed_page
from outlast.reporting.theme import NARROW, WIDE, dress
from outlast.reporting.wording import NOTHING, count, day, percent, plain

COLUMNS = (
    Column("Date", "text", heads=True),
    Column("Who", "text"),
    Column("What", "text"),
    Column("About", "words"),
    Column("Sure", "number"),
    Column("Source", "words"),
)


def print_timeline(table: pl.DataFrame, *, parties: Mapping[str, str], console: Console | None = None) -> None:
    """Print a record, a line for each row; ``parties`` names each role for the reader."""
    made = Table(box=SIMPLE_HEAD, pad_edge=False)
    for name in ("Date", "Who", "What", "About", "Sure"):
        made.add_column(name, justify="right" if name == "Sure" else "left", no_wrap=name == "Date")
    for row in table.iter_rows(named=True):
        made.add_row(
            str(row["date"]),
            Text(parties[row["actor"]]),
            row["kind"].replace("_", " "),
            Text(_about(row)),
            percent(row["confidence"]),
        )
    paper(console).print(made)


def timeline(table: pl.DataFrame, *, parties: Mapping[str, str], title: str) -> str:
    """Return a record as one HTML page that needs nothing but itself.

    ``table`` has the columns of a record, with roles as actors; ``parties`` names each role for the reader.
    """
    drawn = {
        size: Markup(
            draw(
                dress(timeline_chart(table, parties=parties, canvas=canvas), canvas),
                name=f"timeline-{size}",
                alternative=f"Chart. {_alternative(table)}",
            )
        )
        for size, canvas in (("wide", WIDE), ("narrow", NARROW))
    }
    acts, readings = table.filter(pl.col("kind") != "reading"), table.filter(pl.col("kind") == "reading")
    return sealed_page(
        "timeline.html.j2",
        title=title,
        first=day(table["date"].min()),
        last=day(table["date"].max()),
        reading=_alternative(table),
        drawn=drawn,
        grids=[
            _grid(acts, parties, "What each party did, with the source and how sure each row is"),
            _grid(readings, parties, "Readings of the stocks, with their intervals"),
        ],
    )


def _grid(table: pl.DataFrame, parties: Mapping[str, str], caption: str) -> Grid:
    rows = [
        (
            Cell(day(row["date"])),
            Cell(parties[row["actor"]]),
            Cell(row["kind"].replace("_", " ")),
            Cell(_about(row), note=row["note"] or ""),
            Cell(percent(row["confidence"])),
            Cell(row["source"]),
        )
        for row in table.iter_rows(named=True)
    ]
    return grid(caption, columns=COLUMNS, rows=rows, stack=True)


def _about(row: Mapping[str, Any]) -> str:
    content = row["content"] or NOTHING
    if row["value"] is None:
        return content
    interval = f" ({plain(row['low'])} to {plain(row['high'])})" if row["low"] is not None else ""
    return f"{content} {plain(row['value'])}{interval}"


def _alternative(table: pl.DataFrame) -> str:
    readings = table.filter(pl.col("kind") == "reading").height
    unsure = table.filter(pl.col("confidence") < 0.7).height
    return (
        f"{count(table.height - readings, 'act')} and {count(readings, 'reading')} of stocks from"
        f" {day(table['date'].min())} to {day(table['date'].max())}; {count(unsure, 'row')} less than 70% sure."
    )
