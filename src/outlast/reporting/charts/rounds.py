"""Chart of the next rounds: does the challenger come, is anything signed, does the round end with nothing."""

from __future__ import annotations

from typing import Any, Literal

import altair as alt
import polars as pl

from outlast.reporting.protocol import AnswersLike, highest, table
from outlast.reporting.theme import BLUE, INK, MUTED, PURPLE, VERMILLION, WIDE, Canvas, Look, percent_axis
from outlast.reporting.wording import percent

PANELS = {
    "attend": Look(PURPLE, shape="circle"),
    "signed": Look(BLUE, shape="square"),
    "nothing": Look(VERMILLION, shape="triangle-up"),
}


def rounds(answers: AnswersLike, *, canvas: Canvas = WIDE) -> Any:
    """Draw one panel per outcome: its chance in each round that is reached without a deal, with its range."""
    titles = {
        "attend": f"{answers.parties['challenger']} attends",
        "signed": "A package is signed",
        "nothing": "Talks end with nothing",
    }
    data = table(answers, "rounds")
    panels = [
        _panel(data, outcome=outcome, title=title, canvas=canvas, place=place)
        for place, (outcome, title) in enumerate(titles.items())
    ]
    if canvas.narrow:
        return alt.vconcat(*panels, spacing=14)
    return alt.hconcat(*panels, spacing=22)


def _panel(data: pl.DataFrame, *, outcome: str, title: str, canvas: Canvas, place: int) -> Any:
    look = PANELS[outcome]
    width, height = (285, 105) if canvas.narrow else (232, 190)
    data = data.select("round", value=outcome, low=f"{outcome}_low", high=f"{outcome}_high")
    shows_x = place == 2 or not canvas.narrow
    last = int(highest(data, "round"))
    x = alt.X(
        "round:Q",
        scale=alt.Scale(domain=[0.2, last + 0.8], nice=False),
        axis=alt.Axis(
            title="Round of talks (one a month)" if shows_x else None, values=data["round"].to_list(), grid=False,
            labels=shows_x, format="d", labelOverlap=True,
        ),
    )  # fmt: skip
    title_y = "Chance (%)" if place == 0 or canvas.narrow else None
    y = alt.Y("value:Q", scale=alt.Scale(domain=[0, 1]), axis=percent_axis(title_y, ticks=3))
    base, bars = alt.Chart(data), alt.Chart(data.drop_nulls(["low", "high"]))
    layers = [
        base.mark_line(color=MUTED, strokeWidth=0.8, opacity=0.7).encode(x=x, y=y),
        base.mark_point(color=look.colour, fill=look.colour, shape=look.shape, size=38, opacity=1).encode(x=x, y=y),
    ]
    if bars.data.height:
        bar = bars.mark_rule(color=look.colour, strokeWidth=3, opacity=0.45)
        layers.insert(0, bar.encode(x=x, y=alt.Y("low:Q"), y2=alt.Y2("high:Q")))
    layers += [_value(data, round_number=1, align="left", x=x), _value(data, round_number=last, align="right", x=x)]
    return alt.layer(*layers).properties(width=width, height=height, title=title)


def _value(data: pl.DataFrame, *, round_number: int, align: Literal["left", "right"], x: alt.X) -> Any:
    """Write one round's value beyond its range, on the side where there is room."""
    own = data.filter(pl.col("round") == round_number).head(1)
    above = own.height > 0 and own["value"][0] < 0.5
    edge = pl.col("high" if above else "low").fill_null(pl.col("value"))
    words = own.select("round", edge=edge, text=pl.col("value").map_elements(percent, return_dtype=pl.String))
    mark = alt.Chart(words).mark_text(
        align=align, baseline="bottom" if above else "top", dx=-5 if align == "left" else 5, dy=-7 if above else 7,
        fontWeight="bold", color=INK,
    )  # fmt: skip
    return mark.encode(x=x, y=alt.Y("edge:Q"), text=alt.Text("text:N"))
