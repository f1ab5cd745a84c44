"""Chart of the delay dividend: what fruitless months are worth to each party."""

from __future__ import annotations

from typing import Any

import altair as alt
import polars as pl

from outlast.reporting.charts.edges import End, Frame, edge_labels
from outlast.reporting.protocol import AnswersLike, account_name, highest, table
from outlast.reporting.theme import ACCOUNTS, INK, WIDE, Canvas

SIGNED = "datum.value == 0 ? '0%' : format(datum.value, '+.2~%')"
PARTIES = ("challenger", "defender", "patron")


def delay(answers: AnswersLike, *, canvas: Canvas = WIDE) -> Any:
    """Draw a line per party and per type of the challenger; the parties' ranges are shaded, zero is marked."""
    data = table(answers, "delay").select("account", "months", "dividend", "low", "high")
    known = [account for account in ACCOUNTS if account in data["account"].to_list()]
    low, high = _domain(data)
    last = highest(data, "months")
    frame = Frame(last, (low, high), *((225, 320) if canvas.narrow else (600, 370)))
    x = alt.X(
        "months:Q",
        scale=alt.Scale(domain=[0, last], nice=False),
        axis=alt.Axis(title="Months of talks without a deal", values=list(range(0, int(last) + 1, 6)), grid=False),
    )
    y = alt.Y(
        "dividend:Q",
        scale=alt.Scale(domain=[low, high], nice=False),
        axis=alt.Axis(title="Gain from delay (% of the whole prize)", labelExpr=SIGNED, tickCount=7),
    )
    zero = alt.Chart(pl.DataFrame({"zero": [0.0]})).mark_rule(color=INK, strokeWidth=1.3).encode(y=alt.Y("zero:Q"))
    layers: list[Any] = []
    for account in known:
        own = data.filter(pl.col("account") == account).drop("account")
        band = own.drop_nulls(["low", "high"])
        if account in PARTIES and band.height:
            shade = alt.Chart(band).mark_area(color=ACCOUNTS[account].colour, opacity=0.16)
            layers.append(shade.encode(x=x, y=alt.Y("low:Q"), y2=alt.Y2("high:Q")))
    layers.append(zero)
    ends = []
    for account in known:
        # Of months that cannot come there is no line.
        own = data.filter(pl.col("account") == account).drop("account").drop_nulls("dividend")
        if own.is_empty():
            continue
        look = ACCOUNTS[account]
        line = alt.Chart(own).mark_line(color=look.colour, strokeWidth=look.width, strokeDash=list(look.dash) or [1, 0])
        layers.append(line.encode(x=x, y=y))
        ends.append(End(own.sort("months")["dividend"][-1], account_name(answers, account), look.text))
    layers += edge_labels(ends, frame=frame, canvas=canvas, letters=11 if canvas.narrow else 14)
    return alt.layer(*layers).properties(width=frame.width, height=frame.height)


def _domain(data: pl.DataFrame) -> tuple[float, float]:
    lines = data.select("dividend").to_series()
    bands = data.filter(pl.col("account").is_in(PARTIES))
    values = [v for v in [*lines, *bands["low"], *bands["high"], 0.0] if v is not None]
    low, high = min(values), max(values)
    margin = 0.06 * ((high - low) or 0.02)
    return low - margin, high + margin
