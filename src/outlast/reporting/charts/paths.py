"""Chart of the stocks' paths: fans of what may happen over five years."""

from __future__ import annotations

from typing import Any

import altair as alt
import polars as pl

from outlast.reporting.placing import wrapped
from outlast.reporting.protocol import AnswersLike, highest, lowest, table
from outlast.reporting.theme import INK, MUTED, PLAIN, STOCKS, WIDE, Canvas, percent_axis
from outlast.reporting.wording import is_share, opened


def paths(answers: AnswersLike, *, canvas: Canvas = WIDE) -> Any:
    """Draw a fan per stock: nine paths in ten, the middle half, the median (line) and the mean (dashes)."""
    data = table(answers, "paths")
    stocks = list(dict.fromkeys(data["stock"].to_list()))
    panels = [_panel(data.filter(pl.col("stock") == stock), stock=stock, canvas=canvas) for stock in stocks]
    if canvas.narrow:
        return alt.vconcat(_key(canvas), *panels, spacing=16)
    return alt.concat(*panels, _key(canvas), columns=3, spacing=22)


def _panel(data: pl.DataFrame, *, stock: str, canvas: Canvas) -> Any:
    look = STOCKS.get(stock, PLAIN)
    label, unit = str(data["label"][0]), str(data["unit"][0] or "")
    last = int(highest(data, "month"))
    x = alt.X(
        "month:Q",
        scale=alt.Scale(domain=[0, last], nice=False),
        axis=alt.Axis(title="Months from now", values=list(range(0, last + 1, 12)), grid=False),
    )
    shares = is_share(unit)
    words = wrapped(opened(f"{unit} (%)" if shares else unit), letters=24)
    axis = percent_axis(words, ticks=4) if shares else alt.Axis(title=words, tickCount=4)
    y = alt.Y("q05:Q", scale=alt.Scale(domain=_domain(data), nice=4), axis=axis)
    base = alt.Chart(data.select("month", "mean", "q05", "q25", "q50", "q75", "q95"))
    layers = [
        base.mark_area(color=look.colour, opacity=0.2).encode(x=x, y=y, y2=alt.Y2("q95:Q")),
        base.mark_area(color=look.colour, opacity=0.35).encode(x=x, y=alt.Y("q25:Q"), y2=alt.Y2("q75:Q")),
        base.mark_line(color=INK, strokeWidth=1.1, strokeDash=[4, 3]).encode(x=x, y=alt.Y("mean:Q")),
        base.mark_line(color=look.text, strokeWidth=2.2).encode(x=x, y=alt.Y("q50:Q")),
    ]
    width, height = (270, 120) if canvas.narrow else (205, 150)
    title = wrapped(label, letters=38 if canvas.narrow else 28)
    return alt.layer(*layers).properties(width=width, height=height, title=title)


def _domain(data: pl.DataFrame) -> list[float]:
    """Cover what is drawn, at least a tenth of a whole, and nothing below zero."""
    low, high = lowest(data, "q05"), highest(data, "q95")
    room = max(0.0, 0.1 - (high - low)) / 2
    return [max(0.0, low - room), high + room]


def _key(canvas: Canvas) -> Any:
    """Draw the key to the fans in grey, laid out like a small panel of its own."""
    data = pl.DataFrame({"row": [0, 1, 2, 3], "text": ["Nine paths in ten", "The middle half", "Median", "Mean"]})
    scale = alt.Scale(domain=[-0.6, 3.6], reverse=True, nice=False)
    y = alt.Y("row:Q", scale=scale, axis=None)
    base = alt.Chart(data).encode(y=y)
    start, end = {"x": alt.value(0), "x2": alt.value(34)}, alt.value(44)
    layers = [
        base.transform_filter("datum.row < 2").mark_rule(color=MUTED, strokeWidth=15, opacity=0.3).encode(**start),
        base.transform_filter("datum.row == 1").mark_rule(color=MUTED, strokeWidth=15, opacity=0.4).encode(**start),
        base.transform_filter("datum.row == 2").mark_rule(color=MUTED, strokeWidth=2.4).encode(**start),
        base.transform_filter("datum.row == 3")
        .mark_rule(color=INK, strokeWidth=1.2, strokeDash=[4, 3])
        .encode(**start),
        base.mark_text(align="left", baseline="middle").encode(x=end, text=alt.Text("text:N")),
    ]
    size = {"width": 160, "height": 84} if canvas.narrow else {"width": 160, "height": 96}
    return alt.layer(*layers).properties(title="How to read the fans", **size)
