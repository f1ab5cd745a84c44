"""Show scores of forecasts: in the terminal, and as one page with the calibration and every forecast."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Protocol

import polars as pl
from markupsafe import Markup
from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.table import Table
from rich.text import Text

from outlast.reporting.charts.calibration import calibration
from outlast.reporting.console import paper
from outlast.reporting.drawing import draw
from outlast.reporting.parts import Cell, Column, Grid, grid
from outlast.reporting.sealing import sealed_page
from outlast.reporting.theme import NARROW, WIDE, dress
from outlast.reporting.wording import MINUS, NOTHING, count, day, known, percent, plain

LABELS = {
    "log": "Log score",
    "brier": "Brier score",
    "quantile": "Quantile score",
    "error": "Error of the median",
    "interval_50": "50% interval score",
    "inside_50": "In the 50% interval",
    "interval_90": "90% interval score",
    "inside_90": "In the 90% interval",
    "gap": "Gap to the best baseline",
}
SHORT = {
    "log": "Log",
    "brier": "Brier",
    "quantile": "Quantile",
    "error": "Error",
    "inside_50": "In 50%",
    "interval_90": "90% interval",
    "inside_90": "In 90%",
    "gap": "Gap",
}
"""The scores of the terminal, where there is less room."""

SHARES = ("inside_50", "inside_90")
HOW_TO_READ = (
    "Scores are losses: lower is better. Beside each forecast under test stand others that anybody could have made on"
    " the same day. The gap is its mean loss less that of the best of these; ± is one standard error, with months taken"
    " as independent, which they hardly are."
)


class BoardLike(Protocol):
    """Scores that can be shown: lines to read first, tables of means, calibration and every forecast, and notes."""

    @property
    def lines(self) -> Sequence[str]: ...

    @property
    def notes(self) -> Sequence[str]: ...

    @property
    def means(self) -> pl.DataFrame: ...

    @property
    def scored(self) -> pl.DataFrame: ...

    @property
    def curves(self) -> pl.DataFrame: ...

    @property
    def levels(self) -> pl.DataFrame: ...


def print_scores(board: BoardLike, *, console: Console | None = None) -> None:
    """Print the lines that come first, a table of mean scores for each question, and the notes."""
    page = paper(console)
    for place, line in enumerate(board.lines):
        page.print(Text(line, style="bold" if place == 0 else ""))
    for title, part in _blocks(board.means):
        columns = [name for name in _scores_in(part) if name in SHORT]
        made = Table(box=SIMPLE_HEAD, pad_edge=False, title=title, title_justify="left", title_style="bold")
        made.add_column("Forecaster")
        for name in columns:
            made.add_column(SHORT[name], justify="right")
        for row in part.iter_rows(named=True):
            made.add_row(Text(row["forecaster"]), *(_said(row, name) for name in columns), style=_style(row))
        page.print(made)
    for note in (HOW_TO_READ, *board.notes):
        page.print(Text(note, style="dim"))


def scores_page(board: BoardLike, *, title: str) -> str:
    """Return scores as one HTML page that needs nothing but itself; its first line says whether a baseline wins."""
    first, last = board.scored["month"].min(), board.scored["month"].max()
    return sealed_page(
        "scores.html.j2",
        title=title,
        lines=board.lines,
        notes=board.notes,
        how=HOW_TO_READ,
        meta=f"{count(board.scored.filter('ours').height, 'forecast')} of months from {day(first)} to {day(last)}",
        means=[_means_grid(title, part) for title, part in _blocks(board.means)],
        drawn=_curve(board.curves),
        curve=_curve_alternative(board.curves),
        calibration=[_levels_grid(board.levels)] if board.levels.height else [],
        every=_every(board.scored),
    )


def _blocks(means: pl.DataFrame) -> list[tuple[str, pl.DataFrame]]:
    """Return the tables of means, one for each question and forecaster, with their titles."""
    return [
        (f"{question}: {name} beside baselines, {count(part['forecasts'].max(), 'forecast')}", part)  # pyright: ignore[reportArgumentType]
        for (question, name), part in means.group_by("question", "beside", maintain_order=True)
    ]


def _scores_in(part: pl.DataFrame) -> list[str]:
    return [name for name in LABELS if part[name].is_not_null().any()]


def _style(row: Mapping[str, Any]) -> str:
    return "bold" if row["ours"] else ""


def _said(row: Mapping[str, Any], name: str) -> str:
    value = row[name]
    if name in SHARES:
        return percent(value)
    if name != "gap" or not known(value):
        return "infinite" if value == float("inf") else plain(value)
    error = f" ± {plain(row['gap_error'])}" if known(row["gap_error"]) else ""
    return f"{plain(value) if value < 0 else f'+{plain(value)}'}{error}".replace("-", MINUS)


def _means_grid(title: str, part: pl.DataFrame) -> Grid:
    columns = _scores_in(part)
    heads = [Column("Forecaster", "text", heads=True), *(Column(LABELS[name], "number") for name in columns)]
    rows = [
        (
            Cell(row["forecaster"], note="under test" if row["ours"] else ""),
            *(Cell(_said(row, name)) for name in columns),
        )
        for row in part.iter_rows(named=True)
    ]
    return grid(title, columns=heads, rows=rows, stack=True)


def _curve(curves: pl.DataFrame) -> dict[str, Markup] | None:
    """Draw the calibration of chances, for a desk and for a phone; None where there is none."""
    if curves.is_empty():
        return None
    data = curves.with_columns(name=pl.format("{}: {}", "question", "forecaster"))
    return {
        size: Markup(
            draw(
                dress(calibration(data, canvas=canvas), canvas),
                name=f"calibration-{size}",
                alternative=f"Chart. {_curve_alternative(curves)}",
            )
        )
        for size, canvas in (("wide", WIDE), ("narrow", NARROW))
    }


def _curve_alternative(curves: pl.DataFrame) -> str:
    """Say what the chart of calibration shows to those who do not see it."""
    parts = [
        f"{row['question']}, {row['forecaster']}: of {count(row['forecasts'], 'forecast')} that gave"
        f" {percent(row['mean_chance'])} on average, {percent(row['frequency'])} came"
        for row in curves.iter_rows(named=True)
    ]
    return "; ".join(parts) + "." if parts else ""


def _levels_grid(levels: pl.DataFrame) -> Grid:
    heads = [
        Column("Question", "text", heads=True),
        Column("Forecaster", "text"),
        Column("Level of the quantile", "number"),
        Column("Outcomes at or below it", "number"),
        Column("Forecasts", "number"),
    ]
    rows = [
        (
            Cell(row["question"]),
            Cell(row["forecaster"]),
            Cell(percent(row["level"])),
            Cell(percent(row["below"])),
            Cell(str(row["forecasts"])),
        )
        for row in levels.iter_rows(named=True)
    ]
    caption = "Quantiles: how often the outcome lay at or below; best where the two agree"
    return grid(caption, columns=heads, rows=rows, stack=True)


def _every(scored: pl.DataFrame) -> Grid:
    """Return every forecast under test with its outcome, folded away on a screen."""
    heads = [
        Column("Month", "text", heads=True),
        Column("Question", "text"),
        Column("Forecaster", "text"),
        Column("Made", "text"),
        Column("Said", "number"),
        Column("Came", "text"),
        Column("Score", "number"),
    ]
    rows = [
        (
            Cell(day(row["month"])),
            Cell(row["question"]),
            Cell(row["forecaster"]),
            Cell(day(row["made"]), note=f"{row['ahead']} ahead"),
            Cell(percent(row["chance"]) if known(row["chance"]) else plain(row["median"])),
            Cell(row["outcome"]),
            Cell(_score(row)),
        )
        for row in scored.filter("ours").sort("question", "forecaster", "month", "made").iter_rows(named=True)
    ]
    caption = (
        "Every forecast: the chance given to yes, or to what came where there are several answers; or the median."
        " The score is the log or the quantile score."
    )
    return grid(caption, columns=heads, rows=rows, stack=True, fold=f"Every forecast ({len(rows)})")


def _score(row: Mapping[str, Any]) -> str:
    value = row["log"] if known(row["log"]) else row["quantile"]
    return "infinite" if value == float("inf") else plain(value) if known(value) else NOTHING
