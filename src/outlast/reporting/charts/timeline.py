"""Chart of a record: who did what when, above, and how the stocks were read, below."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import altair as alt
import polars as pl

from outlast.reporting.placing import wrapped
from outlast.reporting.theme import ACCOUNTS, INK, MUTED, PLAIN, STOCKS, WIDE, Canvas

SHAPES = {
    "attend": "circle",
    "stay_away": "cross",
    "table": "triangle-up",
    "accept": "square",
    "refuse": "diamond",
    "posture": "triangle-right",
    "attack": "stroke",
    "honour": "square",
    "renege": "triangle-down",
}
"""The shape of each kind of row; the words stand in the key beside the chart."""


def timeline(table: pl.DataFrame, *, parties: Mapping[str, str], canvas: Canvas = WIDE) -> Any:
    """Draw a record: one lane for each party's acts, and a panel for each stock that was read.

    ``table`` has the columns of a record, with roles as actors. Faint marks are rows that are not sure. A bar at a
    reading is its interval.
    """
    days = [str(table["date"].min()), str(table["date"].max())]
    acts = table.filter(pl.col("kind") != "reading")
    readings = table.filter(pl.col("kind") == "reading")
    panels = [_acts(acts, parties, days, canvas)] if acts.height else []
    stocks = readings["content"].unique(maintain_order=True).to_list()
    panels += [_stock(readings.filter(pl.col("content") == stock), stock, days, canvas) for stock in stocks]
    return alt.vconcat(*panels, spacing=18)


def _when(days: list[str], **options: Any) -> alt.X:
    ends = [alt.DateTime(**dict(zip(("year", "month", "date"), map(int, day.split("-")), strict=True))) for day in days]
    axis = alt.Axis(title=None, format="%b %Y", tickCount=6, grid=True, labelOverlap=True)
    return alt.X("date:T", scale=alt.Scale(domain=ends, nice=False, padding=12), axis=axis, **options)


def _acts(acts: pl.DataFrame, parties: Mapping[str, str], days: list[str], canvas: Canvas) -> Any:
    lanes = list(dict.fromkeys(acts["actor"].to_list()))
    letters = 12 if canvas.narrow else 26
    named = {role: "\n".join(wrapped(name, letters=letters)) for role, name in parties.items()}
    order = [name for role, name in named.items() if role in lanes]
    kinds = [kind for kind in SHAPES if kind in acts["kind"].to_list()]
    data = acts.select(
        pl.col("date").cast(pl.String),
        pl.col("actor").replace_strict(named).alias("party"),
        pl.col("kind").str.replace("_", " "),
        "confidence",
    ).with_columns(place=pl.int_range(pl.len()).over("date", "party"))
    colours = alt.Scale(domain=order, range=[ACCOUNTS[role].colour for role in named if role in lanes])
    shapes = alt.Scale(domain=[kind.replace("_", " ") for kind in kinds], range=[SHAPES[kind] for kind in kinds])
    axis = alt.Axis(title=None, labelExpr="split(datum.label, '\\n')", labelLimit=110 if canvas.narrow else 220)
    legend = alt.Legend(title=None, orient="bottom", columns=3 if canvas.narrow else 7, symbolFillColor=MUTED)
    chart = (
        alt.Chart(data)
        .mark_point(size=70 if canvas.narrow else 110, filled=True, stroke=INK, strokeWidth=0.6)
        .encode(
            x=_when(days),
            y=alt.Y("party:N", sort=order, axis=axis),
            yOffset=alt.YOffset("place:O"),
            color=alt.Color("party:N", scale=colours, legend=None),
            shape=alt.Shape("kind:N", scale=shapes, legend=legend),
            opacity=alt.Opacity("confidence:Q", scale=alt.Scale(domain=[0, 1], range=[0.15, 1]), legend=None),
        )
    )
    width = canvas.width - (110 if canvas.narrow else 230)
    return chart.properties(width=width, height=74 * len(lanes), title="What each party did")


def _stock(readings: pl.DataFrame, stock: str, days: list[str], canvas: Canvas) -> Any:
    look = STOCKS.get(stock, PLAIN)
    data = readings.select(pl.col("date").cast(pl.String), "value", "low", "high")
    zero = alt.Scale(zero=False, nice=True)
    base = alt.Chart(data).encode(x=_when(days))
    layers = [
        base.mark_rule(color=look.colour, strokeWidth=5, opacity=0.3).encode(
            y=alt.Y("low:Q", scale=zero), y2=alt.Y2("high:Q")
        ),
        base.mark_line(color=look.text, strokeWidth=1.6).encode(y=alt.Y("value:Q", scale=zero)),
        base.mark_point(color=look.text, filled=True, size=32, opacity=1).encode(
            y=alt.Y("value:Q", scale=zero, axis=alt.Axis(title=None, tickCount=4))
        ),
    ]
    width = canvas.width - (110 if canvas.narrow else 230)
    return alt.layer(*layers).properties(width=width, height=110, title=f"Readings of {stock}")
