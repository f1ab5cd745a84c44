"""Chart of the phases: how likely war, peace and an imposed end are in each month."""

from __future__ import annotations

from typing import Any

import altair as alt
import polars as pl

from outlast.reporting.charts.edges import End, Frame, edge_labels
from outlast.reporting.protocol import AnswersLike, highest, table
from outlast.reporting.theme import PHASES, WIDE, Canvas, percent_axis
from outlast.reporting.wording import percent

NAMES = {"war": "War", "peace": "Peace", "imposed": "Imposed end"}


def phases(answers: AnswersLike, *, canvas: Canvas = WIDE) -> Any:
    """Draw the chances of the three phases stacked to one, named at the right with their last value."""
    data = table(answers, "phases").sort("month")
    last = highest(data, "month")
    frame = Frame(last, (0.0, 1.0), *((215, 200) if canvas.narrow else (640, 220)))
    x = alt.X(
        "month:Q",
        scale=alt.Scale(domain=[0, last], nice=False),
        axis=alt.Axis(title="Months from now", values=list(range(0, int(last) + 1, 12)), grid=False),
    )
    y = alt.Y("foot:Q", scale=alt.Scale(domain=[0, 1]), axis=percent_axis("Chance (%)", ticks=5))
    layers: list[Any] = []
    ends: list[End] = []
    foot = pl.lit(0.0)
    for phase, look in PHASES.items():
        own = data.select("month", foot=foot, head=foot + pl.col(phase))
        area = alt.Chart(own).mark_area(color=look.colour, opacity=0.75, stroke="white", strokeWidth=1.5)
        layers.append(area.encode(x=x, y=y, y2=alt.Y2("head:Q")))
        middle = (own["foot"][-1] + own["head"][-1]) / 2
        ends.append(End(middle, f"{NAMES[phase]} {percent(data[phase][-1])}", look.text))
        foot = foot + pl.col(phase)
    layers += edge_labels(ends, frame=frame, canvas=canvas, letters=12 if canvas.narrow else 24)
    return alt.layer(*layers).properties(width=frame.width, height=frame.height)
