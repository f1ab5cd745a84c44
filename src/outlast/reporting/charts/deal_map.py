"""Chart of the deals: how likely all would accept against how likely peace lasts."""

from __future__ import annotations

from typing import Any

import altair as alt
import polars as pl

from outlast.reporting.placing import Spot, place_labels, shortened, text_width
from outlast.reporting.protocol import AnswersLike, package_numbers, table, thresholds
from outlast.reporting.theme import GREEN, GUARANTEES, INK, MUTED, WIDE, Canvas, percent_axis

MARGIN = 0.025


def deal_map(answers: AnswersLike, *, canvas: Canvas = WIDE) -> Any:
    """Draw each package as a point named beside it (by its number on a phone); the durable zone is shaded."""
    numbers = package_numbers(answers)
    data = _data(answers, numbers=numbers)
    width, height = (282, 330) if canvas.narrow else (770, 500)
    scale = alt.Scale(domain=[-MARGIN, 1 + MARGIN], nice=False)
    marks = [0, 0.2, 0.4, 0.6, 0.8, 1]
    x = alt.X("all:Q", scale=scale, axis=percent_axis("Chance that all accept it now (%)", values=marks))
    y = alt.Y("holds:Q", scale=scale, axis=percent_axis("Chance that peace then holds 60 months (%)", values=marks))
    layers: list[Any] = [_zone(answers, empty=not data["in_zone"].any(), canvas=canvas)]
    faint = {"color": MUTED, "strokeWidth": 1, "opacity": 0.3}
    across, down = data.drop_nulls(["all_low", "all_high"]), data.drop_nulls(["holds_low", "holds_high"])
    if across.height:
        layers.append(
            alt.Chart(across)
            .mark_rule(**faint)
            .encode(x=alt.X("all_low:Q"), x2=alt.X2("all_high:Q"), y=alt.Y("holds:Q"))
        )
    if down.height:
        layers.append(
            alt.Chart(down)
            .mark_rule(**faint)
            .encode(x=alt.X("all:Q"), y=alt.Y("holds_low:Q"), y2=alt.Y2("holds_high:Q"))
        )
    inside = data.filter(pl.col("in_zone"))
    if inside.height:
        ring = alt.Chart(inside).mark_point(size=260, color=GREEN, strokeWidth=2.5, opacity=1)
        layers.append(ring.encode(x=alt.X("all:Q"), y=alt.Y("holds:Q")))
    names = list(GUARANTEES)
    legend = alt.Legend(title="Guarantee", orient="top", direction="horizontal", symbolSize=90, symbolFillColor=None)
    points = alt.Chart(data).mark_point(size=75, filled=True, opacity=1, stroke=INK, strokeWidth=0.6)
    layers.append(
        points.encode(
            x=x,
            y=y,
            color=alt.Color("guarantee:N", legend=legend).scale(
                domain=names, range=[GUARANTEES[n].colour for n in names]
            ),
            shape=alt.Shape("guarantee:N", legend=legend).scale(
                domain=names, range=[GUARANTEES[n].shape for n in names]
            ),
        )
    )
    layers += _labels(data, width=width, height=height, canvas=canvas)
    return alt.layer(*layers).properties(width=width, height=height)


def _data(answers: AnswersLike, *, numbers: dict[str, int]) -> pl.DataFrame:
    return table(answers, "deal_map").select(
        pl.col("package").replace_strict(numbers, return_dtype=pl.Int64).alias("number"),
        "title",
        "guarantee",
        "all",
        "all_low",
        "all_high",
        pl.col("in_zone").fill_null(False),
        holds="holds_60",
        holds_low="holds_60_low",
        holds_high="holds_60_high",
    )


def _zone(answers: AnswersLike, *, empty: bool, canvas: Canvas) -> Any:
    accept, hold = thresholds(answers)
    data = pl.DataFrame(
        {
            "x": [accept],
            "x2": [1 + MARGIN],
            "y": [hold],
            "y2": [1 + MARGIN],
            "text": ["Durable zone: empty" if empty else "Durable zone"],
        }
    )
    area = alt.Chart(data).mark_rect(color=GREEN, opacity=0.14, stroke=GREEN, strokeDash=[4, 3], strokeOpacity=1)
    words = alt.Chart(data).mark_text(
        align="right", baseline="bottom", dx=-6, dy=-5, fontWeight="bold", color="#00593f"
    )
    return alt.layer(
        area.encode(x=alt.X("x:Q"), x2=alt.X2("x2:Q"), y=alt.Y("y:Q"), y2=alt.Y2("y2:Q")),
        words.encode(x=alt.X("x2:Q"), y=alt.Y("y:Q"), text=alt.Text("text:N")),
    )


def _labels(data: pl.DataFrame, *, width: float, height: float, canvas: Canvas) -> list[Any]:
    spread = 1 + 2 * MARGIN
    texts = [
        str(row["number"]) if canvas.narrow else f"{row['number']}  {shortened(row['title'], letters=44)}"
        for row in data.iter_rows(named=True)
    ]
    spots = [
        Spot(
            x=(row["all"] + MARGIN) / spread * width,
            y=(1 + MARGIN - row["holds"]) / spread * height,
            width=text_width(text, size=canvas.font),
            height=canvas.font * 1.25,
        )
        for row, text in zip(data.iter_rows(named=True), texts, strict=True)
    ]
    placed = place_labels(spots, width=width, height=height)
    edges = [p.x - 2 if p.x > s.x else p.x + s.width + 2 for p, s in zip(placed, spots, strict=True)]
    drawn = pl.DataFrame(
        {
            "x": [p.x / width * spread - MARGIN for p in placed],
            "y": [1 + MARGIN - p.y / height * spread for p in placed],
            "edge": [e / width * spread - MARGIN for e in edges],
            "px": [row["all"] for row in data.iter_rows(named=True)],
            "py": [row["holds"] for row in data.iter_rows(named=True)],
            "text": texts,
            "led": [p.led for p in placed],
        }
    )
    words = alt.Chart(drawn.select("x", "y", "text")).encode(x=alt.X("x:Q"), y=alt.Y("y:Q"), text=alt.Text("text:N"))
    layers = [
        words.mark_text(align="left", baseline="middle", stroke="white", strokeWidth=3.5, strokeJoin="round"),
        words.mark_text(align="left", baseline="middle", color=INK),
    ]
    led = drawn.filter(pl.col("led"))
    if led.height:
        line = alt.Chart(led.drop("text", "led", "x")).mark_rule(color=MUTED, strokeWidth=0.7, opacity=0.8)
        layers.insert(0, line.encode(x=alt.X("px:Q"), y=alt.Y("py:Q"), x2=alt.X2("edge:Q"), y2=alt.Y2("y:Q")))
    return layers
