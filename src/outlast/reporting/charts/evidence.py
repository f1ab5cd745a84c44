"""Draw rows of evidence about the challenger's type: two chances to compare, and the bits they carry."""

from __future__ import annotations

from typing import Any

import altair as alt
import polars as pl

from outlast.reporting.placing import shortened
from outlast.reporting.protocol import highest
from outlast.reporting.theme import INK, MUTED, TYPES, Canvas, percent_axis
from outlast.reporting.wording import bits_text


def evidence(data: pl.DataFrame, *, canvas: Canvas, chance: str, who: str) -> Any:
    """Draw rows of (name, settler, staller, bits), most telling first.

    `chance` titles the axis of chances, `who` names the challenger. A wide chart sets bars of bits beside the
    chances; a narrow one writes each name above its row and the bits behind.
    """
    data = (
        data.sort("bits", descending=True, maintain_order=True)
        .with_row_index("row")
        .with_columns(
            words=pl.col("bits").map_elements(bits_text, return_dtype=pl.String),
            short=pl.col("name").map_elements(lambda name: shortened(name, letters=44), return_dtype=pl.String),
        )
    )
    return _narrow(data, chance=chance, who=who) if canvas.narrow else _wide(data, chance=chance, who=who)


def _chances(data: pl.DataFrame, *, y: alt.Y, title: str, who: str) -> list[Any]:
    long = data.unpivot(["settler", "staller"], index=["row"], variable_name="type", value_name="chance")
    kinds = list(TYPES)
    legend = alt.Legend(
        title=f"If {shortened(who, letters=30)} is a", orient="top", direction="horizontal", symbolSize=90
    )
    x = alt.X("chance:Q", scale=alt.Scale(domain=[0, 1]), axis=percent_axis(title, ticks=3))
    rule = alt.Chart(data.select("row", "settler", "staller")).mark_rule(color=MUTED, strokeWidth=1.4)
    points = alt.Chart(long).mark_point(size=80, filled=True, opacity=1)
    return [
        rule.encode(x=alt.X("settler:Q"), x2=alt.X2("staller:Q"), y=y),
        points.encode(
            x=x,
            y=y,
            color=alt.Color("type:N", legend=legend).scale(domain=kinds, range=[TYPES[k].colour for k in kinds]),
            shape=alt.Shape("type:N", legend=legend).scale(domain=kinds, range=[TYPES[k].shape for k in kinds]),
        ),
    ]


def _wide(data: pl.DataFrame, *, chance: str, who: str) -> Any:
    height = 25 * data.height
    scale = alt.Scale(domain=[-0.5, data.height - 0.5], reverse=True, nice=False, padding=0)
    bare = alt.Y("row:Q", scale=scale, axis=None)
    names = (
        alt.Chart(data.select("row", "short"))
        .mark_text(align="right", baseline="middle", dx=-12)
        .encode(x=alt.value(0), y=bare, text=alt.Text("short:N"))
    )
    left = alt.layer(names, *_chances(data, y=bare, title=chance, who=who)).properties(width=300, height=height)
    most = max(highest(data, "bits"), 1e-9)
    bits = alt.X(
        "bits:Q",
        scale=alt.Scale(domain=[0, most * 1.3], nice=False),
        axis=alt.Axis(title="Information about the type (bits)", tickCount=3),
    )
    base = alt.Chart(data.select("row", "bits", "words"))
    bars = base.mark_bar(color=MUTED, size=11, orient="horizontal").encode(x=bits, y=bare)
    words = base.mark_text(align="left", baseline="middle", dx=5, color=INK).encode(
        x=bits, y=bare, text=alt.Text("words:N")
    )
    right = alt.layer(bars, words).properties(width=190, height=height)
    return alt.hconcat(left, right, spacing=24)


def _narrow(data: pl.DataFrame, *, chance: str, who: str) -> Any:
    scale = alt.Scale(domain=[-0.75, data.height - 0.4], reverse=True, nice=False, padding=0)
    y = alt.Y("row:Q", scale=scale, axis=None)
    base = alt.Chart(data.select("row", "short", "words"))
    names = base.mark_text(align="left", baseline="bottom", dy=-8).encode(x=alt.value(0), y=y, text=alt.Text("short:N"))
    words = base.mark_text(align="left", baseline="middle", dx=14).encode(
        x=alt.value(255), y=y, text=alt.Text("words:N")
    )
    return alt.layer(*_chances(data, y=y, title=chance, who=who), names, words).properties(
        width=255, height=42 * data.height
    )
