"""Write names at the right ends of lines, moved apart where lines end close together."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import altair as alt
import polars as pl

from outlast.reporting.placing import spread, wrapped
from outlast.reporting.theme import MUTED, Canvas


@dataclass(frozen=True)
class Frame:
    """The plot that lines are drawn in: its last x, its y domain, and its size in pixels."""

    last: float
    domain: tuple[float, float]
    width: float
    height: float

    def reach(self, pixels: float) -> float:
        """Return how much further right `pixels` is, in units of x that start at 0."""
        return self.last * pixels / self.width


@dataclass(frozen=True)
class End:
    """One line's end: where it is, what it is called and in which shade that is written."""

    value: float
    text: str
    shade: str


def edge_labels(ends: Sequence[End], *, frame: Frame, canvas: Canvas, letters: int) -> list[alt.Chart]:
    """Return the layers that name the lines: thin connectors and the words."""
    if not ends:
        return []
    low, high = frame.domain
    line = canvas.font * 1.2
    lines = [wrapped(end.text, letters=letters) for end in ends]
    wanted = [(high - end.value) / (high - low) * frame.height for end in ends]
    placed = spread(wanted, gaps=[len(t) * line + 3 for t in lines], low=-line, high=frame.height + line)
    data = pl.DataFrame(
        {
            "x": [frame.last] * len(ends),
            "x2": [frame.last + frame.reach(12)] * len(ends),
            "y": [end.value for end in ends],
            "y2": [high - at / frame.height * (high - low) for at in placed],
            "top": [
                high - (at - (len(t) - 1) * line / 2) / frame.height * (high - low)
                for at, t in zip(placed, lines, strict=True)
            ],
            "text": ["\n".join(t) for t in lines],
            "shade": [end.shade for end in ends],
        }
    )
    base = alt.Chart(data)
    connector = base.mark_rule(color=MUTED, strokeWidth=0.8, clip=False).encode(
        x=alt.X("x:Q"), x2=alt.X2("x2:Q"), y=alt.Y("y:Q"), y2=alt.Y2("y2:Q")
    )
    words = base.mark_text(align="left", baseline="middle", dx=4, lineBreak="\n", lineHeight=line, clip=False).encode(
        x=alt.X("x2:Q"), y=alt.Y("top:Q"), text=alt.Text("text:N"), color=alt.Color("shade:N", scale=None)
    )
    return [connector, words]
