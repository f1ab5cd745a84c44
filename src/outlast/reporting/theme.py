"""Hold every colour, dash, size and font of the charts.

Colours are the eight of Okabe and Ito (2008), told apart by colour-blind readers. Each thing also has its own dash or
shape, so that the charts still read in grey. Text in a colour uses a darker shade with a contrast of at least 4.5 to 1
on white.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import altair as alt

BLACK, ORANGE, SKY, GREEN = "#000000", "#E69F00", "#56B4E9", "#009E73"
YELLOW, BLUE, VERMILLION, PURPLE = "#F0E442", "#0072B2", "#D55E00", "#CC79A7"
INK, MUTED, GRID, PAPER = "#1a1a1a", "#5a5a5a", "#e2e2e2", "#ffffff"
FONT = "Arial, Helvetica, 'Liberation Sans', sans-serif"
DARK = {
    ORANGE: "#8a5f00",
    SKY: "#1d6fa3",
    GREEN: "#00704f",
    VERMILLION: "#ad4b00",
    PURPLE: "#96447a",
    YELLOW: "#6f6900",
}


@dataclass(frozen=True)
class Look:
    """One thing's colour, line dash and point shape."""

    colour: str
    dash: tuple[int, ...] = ()
    shape: str = "circle"
    width: float = 2.4

    @property
    def text(self) -> str:
        """Return the shade in which words about this thing are written."""
        return DARK.get(self.colour, self.colour)


@dataclass(frozen=True)
class Canvas:
    """A chart's room: width of the drawing in pixels, font size, and whether it is the phone's rendering."""

    width: int
    font: int
    narrow: bool


WIDE = Canvas(width=860, font=13, narrow=False)
NARROW = Canvas(width=350, font=12, narrow=True)

ACCOUNTS = {
    "challenger": Look(VERMILLION),
    "settler": Look(PURPLE, (2, 3), "triangle-up", 1.8),
    "staller": Look(BLACK, (1, 2), "square", 1.8),
    "defender": Look(BLUE, (8, 3)),
    "patron": Look(GREEN, (8, 3, 2, 3)),
}
GUARANTEES = {
    "none": Look(BLACK, (2, 3), "circle"),
    "soft": Look(ORANGE, (7, 3), "triangle-up"),
    "enforceable": Look(BLUE, (), "square"),
}
PHASES = {"war": Look(VERMILLION), "peace": Look(SKY), "imposed": Look(INK)}
STOCKS = {
    "territory": Look(VERMILLION),
    "forces": Look(ORANGE),
    "endurance": Look(BLUE),
    "patience": Look(GREEN),
    "belief": Look(PURPLE),
}
TYPES = {"settler": Look(BLUE, (), "triangle-up"), "staller": Look(VERMILLION, (), "circle")}
PLAIN = Look(MUTED)


def dress(chart: Any, canvas: Canvas) -> Any:
    """Give a finished chart the report's fonts, sizes and quiet axes."""
    axis: dict[str, Any] = {
        "labelFontSize": canvas.font,
        "titleFontSize": canvas.font,
        "titleFontWeight": "normal",
        "titleColor": INK,
        "labelColor": INK,
        "titlePadding": 8,
        "domainColor": MUTED,
        "tickColor": MUTED,
        "gridColor": GRID,
        "labelFlush": False,
    }
    return chart.configure(
        aria=False,
        background="transparent",
        font=FONT,
        padding=4,
        autosize=alt.AutoSizeParams(type="pad"),
        view=alt.ViewConfig(stroke=None),
        axis=alt.AxisConfig(**axis),
        title=alt.TitleConfig(
            fontSize=canvas.font + 1, fontWeight="bold", color=INK, anchor="start", frame="group", offset=8
        ),
        text=alt.MarkConfig(fontSize=canvas.font, color=INK),
        legend=alt.LegendConfig(labelFontSize=canvas.font, titleFontSize=canvas.font, symbolStrokeWidth=2),
    )


def percent_axis(title: str | list[str] | None, *, ticks: int = 5, **options: Any) -> alt.Axis:
    """Make an axis in per cent, with about `ticks` ticks unless their values are given."""
    if "values" not in options:
        options["tickCount"] = ticks
    return alt.Axis(title=title, format=".0%", **options)
