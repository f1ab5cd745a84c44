"""Chart of renewed war: the monthly hazard under each package, one panel per kind of guarantee."""

from __future__ import annotations

from typing import Any

import altair as alt
import polars as pl

from outlast.reporting.charts.edges import End, Frame, edge_labels
from outlast.reporting.protocol import AnswersLike, highest, package_numbers, table
from outlast.reporting.theme import GUARANTEES, WIDE, Canvas

TITLES = {"none": "No guarantee", "soft": "Soft guarantee", "enforceable": "Enforceable guarantee"}


def hazard(answers: AnswersLike, *, canvas: Canvas = WIDE) -> Any:
    """Draw each package's hazard over 60 months of peace, numbered as in the deal map."""
    data = table(answers, "durability").select("package", "guarantee", "month", "hazard")
    numbers = package_numbers(answers)
    top = max(highest(data, "hazard"), 0.001) * 1.08
    kinds = [kind for kind in TITLES if kind in data["guarantee"].to_list()]
    panels = [
        _panel(
            data.filter(pl.col("guarantee") == kind), kind=kind, top=top, numbers=numbers, canvas=canvas,
            first=place == 0 or canvas.narrow,
        )
        for place, kind in enumerate(kinds)
    ]  # fmt: skip
    return alt.vconcat(*panels, spacing=18) if canvas.narrow else alt.hconcat(*panels, spacing=16)


def _panel(data: pl.DataFrame, *, kind: str, top: float, numbers: dict[str, int], canvas: Canvas, first: bool) -> Any:
    look = GUARANTEES[kind]
    last = highest(data, "month")
    frame = Frame(last, (0.0, top), *((215, 150) if canvas.narrow else (192, 250)))
    title = "Chance of renewed war in a month (%)" if not canvas.narrow else "Hazard (% a month)"
    lines = alt.Chart(data.select("package", "month", "hazard")).mark_line(
        color=look.colour, strokeWidth=1.7, strokeDash=list(look.dash) or [1, 0], opacity=0.9
    )
    base = lines.encode(
        x=alt.X(
            "month:Q",
            scale=alt.Scale(domain=[0, last], nice=False),
            axis=alt.Axis(title="Months of peace", values=list(range(0, int(last) + 1, 12)), grid=False),
        ),
        y=alt.Y(
            "hazard:Q",
            scale=alt.Scale(domain=[0, top], nice=False),
            axis=alt.Axis(title=title if first else None, format=".2~%", tickCount=5, labels=first, ticks=first),
        ),
        detail=alt.Detail("package:N"),
    )
    ends = _ends(data, numbers=numbers, shade=look.text, near=top * 0.022)
    names = edge_labels(ends, frame=frame, canvas=canvas, letters=14)
    return alt.layer(base, *names).properties(width=frame.width, height=frame.height, title=TITLES[kind])


def _ends(data: pl.DataFrame, *, numbers: dict[str, int], shade: str, near: float) -> list[End]:
    """Gather the numbers of lines that end at nearly the same height into one label."""
    known = data.drop_nulls("hazard").sort("month")
    final = known.group_by("package", maintain_order=True).agg(pl.col("hazard").last()).sort("hazard")
    groups: list[tuple[float, list[int]]] = []
    for row in final.iter_rows(named=True):
        if groups and row["hazard"] - groups[-1][0] <= near:
            groups[-1][1].append(numbers[row["package"]])
        else:
            groups.append((row["hazard"], [numbers[row["package"]]]))
    return [End(value, ", ".join(str(n) for n in sorted(members)), shade) for value, members in groups]
