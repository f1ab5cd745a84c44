"""Chart of calibration: of the things given about this chance, what share came?"""

from __future__ import annotations

from typing import Any

import altair as alt
import polars as pl

from outlast.reporting.theme import BLUE, GREEN, INK, MUTED, ORANGE, PURPLE, VERMILLION, WIDE, Canvas, percent_axis

COLOURS = (BLUE, VERMILLION, GREEN, ORANGE, PURPLE)
SHAPES = ("circle", "square", "triangle-up", "diamond", "cross")


def calibration(curves: pl.DataFrame, *, canvas: Canvas = WIDE) -> Any:
    """Draw rows of (name, mean_chance, frequency, low, high, forecasts) beside the line on which the two agree.

    The size of a point grows with its forecasts; a bar is the 90% interval of the frequency.
    """
    names = curves["name"].unique(maintain_order=True).to_list()
    colours = [COLOURS[place % len(COLOURS)] for place in range(len(names))]
    shapes = [SHAPES[place % len(SHAPES)] for place in range(len(names))]
    scale = alt.Scale(domain=[0, 1], nice=False)
    titles = ["Chance given (mean of the bin)", "Share that came"]
    x = alt.X("mean_chance:Q", scale=scale, axis=percent_axis(titles[0]))
    legend = alt.Legend(title=None, orient="bottom", columns=1 if canvas.narrow else 3, labelLimit=320)
    colour = alt.Color("name:N", sort=names, scale=alt.Scale(domain=names, range=colours), legend=legend)
    ends = alt.Chart(pl.DataFrame({"x": [0.0, 1.0]}))
    base = alt.Chart(curves.select("name", "mean_chance", "frequency", "low", "high", "forecasts"))
    layers = [
        ends.mark_line(color=MUTED, strokeDash=[4, 4]).encode(x=alt.X("x:Q", scale=scale), y=alt.Y("x:Q", scale=scale)),
        base.mark_rule(strokeWidth=2, opacity=0.6).encode(
            x=x, y=alt.Y("low:Q", scale=scale), y2=alt.Y2("high:Q"), color=colour
        ),
        base.mark_point(filled=True, opacity=1, stroke=INK, strokeWidth=0.5).encode(
            x=x,
            y=alt.Y("frequency:Q", scale=scale, axis=percent_axis(titles[1])),
            color=colour,
            shape=alt.Shape("name:N", sort=names, scale=alt.Scale(domain=names, range=shapes), legend=legend),
            size=alt.Size("forecasts:Q", scale=alt.Scale(domainMin=0, range=[20, 220]), legend=None),
        ),
    ]
    side = 250 if canvas.narrow else 360
    return alt.layer(*layers).properties(width=side, height=side)
