"""Section on the paths: where the war and its stocks may be in five years."""

from __future__ import annotations

from typing import Any

from outlast.reporting.charts import paths as paths_chart
from outlast.reporting.charts import phases as phases_chart
from outlast.reporting.parts import NOT_COMPUTED, Cell, Column, Figure, Grid, Section, grid
from outlast.reporting.protocol import AnswersLike, rows, table
from outlast.reporting.wording import NOTHING, SHARES, is_share, known, percent


def futures(answers: AnswersLike) -> Section:
    """Show the chances of war and peace, and a fan for each stock."""
    title = "Paths of the next five years"
    phases, paths = rows(answers, "phases"), rows(answers, "paths")
    reading = " ".join(part for part in (_phase_reading(phases), _stock_reading(paths)) if part) or NOT_COMPUTED
    figures, grids = [], []
    if phases:
        figures.append(
            Figure("phases", phases_chart, "Chance of each phase, month by month.", f"Stacked areas. {reading}")
        )
    if paths:
        stocks = table(answers, "paths")["label"].unique(maintain_order=True).to_list()
        caption = (
            "Where each stock may stand. Axes cover what is drawn and need not start at zero. A "
            "stock moves in steps, so its median can jump while the mean slides."
        )
        figures.append(Figure("paths", paths_chart, caption, f"Fans over the months, for: {', '.join(stocks)}."))
        grids.append(_ends(paths))
    return Section("futures", title, reading, figures=tuple(figures), grids=tuple(grids))


def _phase_reading(phases: list[dict[str, Any]]) -> str:
    if not phases:
        return ""
    last = max(phases, key=lambda row: row["month"])
    return (
        f"After {last['month']} months it is still war with {percent(last['war'])}, peace with "
        f"{percent(last['peace'])} and an imposed end with {percent(last['imposed'])}."
    )


def _stock_reading(paths: list[dict[str, Any]]) -> str:
    own = sorted((row for row in paths if row["stock"] == "territory"), key=lambda row: row["month"])
    if not own:
        return ""
    first, last = own[0], own[-1]
    unit = first["unit"]
    return (
        f"{first['label']} goes from {_stated(first['mean'], unit)} to {_stated(last['mean'], unit)} on average "
        f"(nine paths in ten: {_stated(last['q05'], unit)} to {_stated(last['q95'], unit)})."
    )


def _stated(value: float | None, unit: str | None) -> str:
    """Write a stock's level: shares to a tenth of a point, since a front moves by tenths."""
    if not known(value):
        return NOTHING
    return f"{value:.1%}" if is_share(unit) else f"{value:.2f}"


def _ends(paths: list[dict[str, Any]]) -> Grid:
    by_place = {(row["stock"], row["month"]): row for row in paths}
    stocks = list(dict.fromkeys(row["stock"] for row in paths))
    months = sorted({row["month"] for row in paths})
    shown = [m for m in (0, 12, 36, 60) if m in months] or months[-1:]
    lines = []
    for stock in stocks:
        unit = by_place[stock, shown[0]]["unit"]
        cells = [Cell(by_place[stock, shown[0]]["label"], note="" if unit in SHARES else str(unit or ""))]
        for at in shown:
            now = by_place[stock, at]
            cells.append(
                Cell(_stated(now["mean"], unit), note=f"{_stated(now['q05'], unit)} to {_stated(now['q95'], unit)}")
            )
        lines.append(cells)
    columns = [Column("Stock", heads=True), *(Column(f"Month {at}", "number") for at in shown)]
    return grid("Mean, and nine paths in ten.", columns=columns, rows=lines, stack=True)
