"""Charts of what a record says: the stalling index by month, and a forecast by month."""

from __future__ import annotations

from typing import Any

import altair as alt
import polars as pl

from outlast.reporting.theme import BLUE, GREEN, ORANGE, VERMILLION, WIDE, Canvas, percent_axis

APART = 12
"""Pixels between the names of two months; closer ones are left out."""
LINES = {
    "attend": ("Talks", BLUE),
    "agreement": ("Signed by then", GREEN),
    "collapse": ("Imposed by then", VERMILLION),
    "surge": ("Surge", ORANGE),
}


def index_chart(table: pl.DataFrame, *, canvas: Canvas = WIDE) -> Any:
    """Draw the chance that the challenger is a staller after each month, with nine draws in ten."""
    width = 300 if canvas.narrow else 640
    base = alt.Chart(table.select("date", "staller", "low", "high"))
    x = alt.X("date:T", axis=alt.Axis(title="Everything seen up to", grid=False, format="%b %Y", labelSeparation=APART))
    axis = percent_axis("Chance of a staller (%)", ticks=4)
    y = alt.Y("staller:Q", scale=alt.Scale(domain=[0, 1]), axis=axis)
    line = base.mark_line(color=BLUE, strokeWidth=2.2, point=True).encode(x=x, y=y)
    layers = [*_band(table.select("date", "low", "high"), BLUE, x=x), line]
    return alt.layer(*layers).properties(width=width, height=220)


def forecast_chart(table: pl.DataFrame, *, canvas: Canvas = WIDE) -> Any:
    """Draw a panel for each forecast: the chance by month, with nine draws in ten."""
    panels = [_panel(table, name, canvas) for name in LINES]
    return alt.vconcat(*panels, spacing=16) if canvas.narrow else alt.concat(*panels, columns=2, spacing=22)


def _band(table: pl.DataFrame, colour: str, *, x: Any) -> list[Any]:
    """Draw the band from low to high, where there is one."""
    known = table.drop_nulls()
    shade = alt.Chart(known).mark_area(color=colour, opacity=0.2)
    return [shade.encode(x=x, y=alt.Y("low:Q"), y2=alt.Y2("high:Q"))] if known.height else []


def _panel(table: pl.DataFrame, name: str, canvas: Canvas) -> Any:
    title, colour = LINES[name]
    data = table.select("date", pl.col(name).alias("chance"), pl.col(f"{name}_low").alias("low"),
                        pl.col(f"{name}_high").alias("high"))  # fmt: skip
    base = alt.Chart(data)
    x = alt.X("date:T", axis=alt.Axis(title=None, grid=False, format="%b %Y", tickCount=4, labelSeparation=APART))
    y = alt.Y("chance:Q", scale=alt.Scale(domain=[0, 1]), axis=percent_axis("Chance (%)", ticks=4))
    line = base.mark_line(color=colour, strokeWidth=2.2).encode(x=x, y=y)
    layers = [*_band(data.select("date", "low", "high"), colour, x=x), line]
    return alt.layer(*layers).properties(width=280 if canvas.narrow else 290, height=140, title=title)
