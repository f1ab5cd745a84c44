"""Chart of sensitivity: what moving each number through its range does to an answer, the largest first (a tornado)."""

from __future__ import annotations

from typing import Any

import altair as alt
import polars as pl

from outlast.reporting.placing import shortened, wrapped
from outlast.reporting.protocol import AnswersLike, table
from outlast.reporting.theme import BLUE, INK, VERMILLION, WIDE, Canvas
from outlast.reporting.wording import NOTHING, number_name, quantity, span

PANELS = ("attend_next", "signed_year", "delay_challenger", "best_product")
"""Headlines that are drawn; the table has all."""
BARS = 6
ENDS = ["at its low end", "at its high end"]
KEY = "The number"
SIGNED = "datum.value == 0 ? '0' : format(100 * datum.value, '+.3~g')"
UNITS = {"chance": "percentage points", "prize": "% of the prize"}


def sensitivity(answers: AnswersLike, *, canvas: Canvas = WIDE) -> Any:
    """Draw a panel per headline: bars for what solving again at each end of a range does to it."""
    data = table(answers, "sensitivity")
    ranged = data.filter(pl.col("effect").abs() > 0) if data.height else data
    panels = []
    for headline in PANELS:
        own = ranged.filter(pl.col("headline") == headline).head(BARS) if ranged.height else ranged
        if own.height:
            panels.append(_panel(own, canvas=canvas, first=not panels))
    return alt.vconcat(*panels, spacing=18)


def _panel(data: pl.DataFrame, *, canvas: Canvas, first: bool) -> Any:
    head = data.row(0, named=True)
    letters, room = (48, 46) if canvas.narrow else (56, 38)
    names = [
        f"{shortened(number_name(row['label'], row['path']), letters=letters)}\n{_range(row)}"
        for row in data.to_dicts()
    ]
    data = data.with_row_index("row").with_columns(name=pl.Series(names))
    low, high = _domain(data)
    scale = alt.Scale(domain=[-0.5, data.height - 0.5], reverse=True, nice=False, padding=0)
    y = alt.Y("row:Q", scale=scale, axis=None)
    axis = alt.Axis(
        title=f"Change of the answer ({UNITS.get(head['headline_unit'], '')})", labelExpr=SIGNED, tickCount=5
    )
    x = alt.X("effect:Q", scale=alt.Scale(domain=[low, high], nice=False), axis=axis)
    bars = _long(data)
    below = 9 if canvas.narrow else 0
    legend = alt.Legend(title=KEY, orient="top", direction="horizontal", symbolType="square", symbolStrokeWidth=1)
    colour = alt.Color("end:N", legend=legend if first else None).scale(domain=ENDS, range=[BLUE, VERMILLION])
    # The low end is pale and edged, the high end solid, so that the two differ in grey.
    pale = alt.condition(f"datum.end == '{ENDS[0]}'", alt.value(0.25), alt.value(1.0))
    mark = alt.Chart(bars).mark_bar(size=13, strokeWidth=1.2, yOffset=below, orient="horizontal")
    layers = [
        mark.encode(x=x, x2=alt.X2Datum(0), y=y, color=colour, stroke=_stroke(), fillOpacity=pale),
        alt.Chart(pl.DataFrame({"zero": [0.0]})).mark_rule(color=INK, strokeWidth=1.2).encode(x=alt.X("zero:Q")),
        _names(data, y=y, canvas=canvas),
    ]
    width = 285 if canvas.narrow else 470
    return alt.layer(*layers).properties(width=width, height=room * data.height, title=_title(head, canvas))


def _title(head: dict[str, Any], canvas: Canvas) -> list[str]:
    now = quantity(head["answer"], head["headline_unit"]) if "answer" in head else NOTHING
    return wrapped(f"{head['headline_label']}: {now} as it stands", letters=44 if canvas.narrow else 90)


def _range(row: dict[str, Any]) -> str:
    unit = str(row["unit"] or "")
    return f"{span(row['low'], row['high'], unit='')} {unit}".strip()


def _stroke() -> alt.Stroke:
    return alt.Stroke("end:N", legend=None).scale(domain=ENDS, range=[BLUE, VERMILLION])


def _names(data: pl.DataFrame, *, y: alt.Y, canvas: Canvas) -> Any:
    base = alt.Chart(data.select("row", "name"))
    if canvas.narrow:
        mark = base.mark_text(
            align="left", baseline="middle", dy=-19, lineBreak="\n", lineHeight=13, fontSize=11, color=INK
        )
    else:
        mark = base.mark_text(align="right", baseline="middle", dx=-10, dy=-7, lineBreak="\n", lineHeight=14, color=INK)
    return mark.encode(x=alt.value(0), y=y, text=alt.Text("name:N"))


def _long(data: pl.DataFrame) -> pl.DataFrame:
    """Return a row per number and end of its range."""
    parts = [
        data.select("row", effect=f"effect_{end}").with_columns(end=pl.lit(words))
        for end, words in zip(("low", "high"), ENDS, strict=True)
    ]
    return pl.concat(parts)


def _domain(data: pl.DataFrame) -> tuple[float, float]:
    values = [
        value for column in ("effect_low", "effect_high") for value in data[column].to_list() if value is not None
    ] + [0.0]
    low, high = min(values), max(values)
    margin = 0.06 * ((high - low) or 0.02)
    return low - margin, high + margin
