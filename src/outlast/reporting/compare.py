"""Set two answers side by side: which assumptions differ, and what that does to the headlines."""

from __future__ import annotations

from typing import Any

import polars as pl
from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.table import Table
from rich.text import Text

from outlast.reporting.console import paper
from outlast.reporting.protocol import AnswersLike, fact, table
from outlast.reporting.wording import NOTHING, WORTHS, is_share, known, percent, plain, quantity, span, worth


def compare(left: AnswersLike, right: AnswersLike) -> dict[str, pl.DataFrame]:
    """Return tables of what differs between two answers.

    `assumptions` (path, label, unit, left, right): numbers that differ or stand on one side only.
    `headlines` (key, label, unit, left, left_low, left_high, right, right_low, right_high, difference): all headlines.
    `claims` (claim, statement, left, right, left_share, right_share): claims that hold on one side only.
    `deals` (package, title, left_all, right_all, left_holds_60, right_holds_60, left_in_zone, right_in_zone): packages
    of either side. Differences are right less left.
    """
    return {
        "assumptions": _assumptions(left, right),
        "headlines": _headlines(left, right),
        "claims": _claims(left, right),
        "deals": _deals(left, right),
    }


def _joined(left: AnswersLike, right: AnswersLike, *, name: str, key: str, same: list[str]) -> pl.DataFrame:
    """Join one table of both sides on `key`; columns get the prefix of their side, those in `same` one value."""
    sides = [table(side, name) for side in (left, right)]
    if not any(side.width for side in sides):
        return pl.DataFrame()
    sides = [side if side.width else next(s for s in sides if s.width).clear() for side in sides]
    one, two = (
        side.rename({c: f"{prefix}_{c}" for c in side.columns if c != key})
        for side, prefix in zip(sides, ("left", "right"), strict=True)
    )
    joined = one.join(two, on=key, how="full", coalesce=True, maintain_order="left_right")
    return joined.with_columns([pl.coalesce(f"left_{c}", f"right_{c}").alias(c) for c in same])


def _assumptions(left: AnswersLike, right: AnswersLike) -> pl.DataFrame:
    joined = _joined(left, right, name="assumptions", key="path", same=["label", "unit"])
    if not joined.width:
        return joined
    found = joined.select("path", "label", "unit", left="left_value", right="right_value")
    return found.filter(pl.col("left").ne_missing(pl.col("right")))


def _headlines(left: AnswersLike, right: AnswersLike) -> pl.DataFrame:
    joined = _joined(left, right, name="headlines", key="key", same=["label", "unit"])
    if not joined.width:
        return joined
    return joined.select(
        "key", "label", "unit", pl.col("left_value").alias("left"), "left_low", "left_high",
        pl.col("right_value").alias("right"), "right_low", "right_high",
        (pl.col("right_value") - pl.col("left_value")).alias("difference"),
    )  # fmt: skip


def _claims(left: AnswersLike, right: AnswersLike) -> pl.DataFrame:
    joined = _joined(left, right, name="claims", key="claim", same=["statement"])
    if not joined.width:
        return joined
    found = joined.select(
        "claim", "statement", "left_share", "right_share", left="left_holds", right="right_holds"
    ).select("claim", "statement", "left", "right", "left_share", "right_share")
    return found.filter(pl.col("left").ne_missing(pl.col("right")))


def _deals(left: AnswersLike, right: AnswersLike) -> pl.DataFrame:
    joined = _joined(left, right, name="deal_map", key="package", same=["title"])
    if not joined.width:
        return joined
    sides = [f"{side}_{column}" for column in ("all", "holds_60", "in_zone") for side in ("left", "right")]
    return joined.select("package", "title", *sides)


def print_comparison(left: AnswersLike, right: AnswersLike, *, console: Console | None = None) -> None:
    """Print what differs between two answers."""
    page = paper(console)
    names = side_names(left, right)
    found = compare(left, right)
    for made in (
        _assumption_view(found["assumptions"], names),
        _headline_view(found["headlines"], names),
        _claim_view(found["claims"], names),
        _deal_view(found["deals"], names),
    ):
        page.print(made)


def side_names(left: AnswersLike, right: AnswersLike) -> tuple[str, str]:
    """Name the two sides by their scenarios, with the hash where the names are the same."""
    names = [str(fact(side, "name", default="") or fact(side, "title", default="")) for side in (left, right)]
    if names[0] != names[1]:
        return names[0] or "left", names[1] or "right"
    hashes = [str(fact(side, "hash", default=""))[:6] for side in (left, right)]
    if hashes[0] == hashes[1]:
        return f"{names[0]} (1)", f"{names[1]} (2)"
    return f"{names[0]} {hashes[0]}", f"{names[1]} {hashes[1]}"


def _view(title: str, *columns: str, numbers: int, empty: str, rows_drawn: list[list[Any]]) -> Table | Text:
    if not rows_drawn:
        return Text(f"{title}: {empty}\n")
    made = Table(title=title, title_justify="left", title_style="bold", box=SIMPLE_HEAD, pad_edge=False)
    for place, name in enumerate(columns):
        made.add_column(Text(name), justify="right" if place >= len(columns) - numbers else "left")
    for cells in rows_drawn:
        made.add_row(*(cell if isinstance(cell, Text) else Text(str(cell)) for cell in cells))
    return made


def _assumption_view(found: pl.DataFrame, names: tuple[str, str]) -> Table | Text:
    drawn = [
        [row["label"] or row["path"], row["unit"] or "", _as_written(row["left"]), _as_written(row["right"])]
        for row in found.iter_rows(named=True)
    ]
    return _view("Assumptions that differ", "Number", "Unit", *names, numbers=2, empty="none.", rows_drawn=drawn)


def _as_written(value: Any) -> str:
    return value if isinstance(value, str) else plain(value)


def _headline_view(found: pl.DataFrame, names: tuple[str, str]) -> Table | Text:
    drawn = []
    for row in found.iter_rows(named=True):
        cells: list[Any] = [row["label"]]
        for side in ("left", "right"):
            bounds = span(row[f"{side}_low"], row[f"{side}_high"], unit=row["unit"])
            cells.append(quantity(row[side], row["unit"]) + (f"\n{bounds}" if bounds else ""))
        drawn.append([*cells, change(row["difference"], row["unit"])])
    return _view("Headlines", "Question", *names, "Change", numbers=3, empty="none computed.", rows_drawn=drawn)


def change(difference: float | None, unit: str | None) -> str:
    """Write a difference with its sign; differences of percentages are in points."""
    if not known(difference):
        return NOTHING
    assert difference is not None
    name = (unit or "").strip().lower()
    if is_share(unit) or name in WORTHS:
        return worth(difference).replace("%", " points")
    sign = "+" if difference > 0 else ""
    return f"{sign}{quantity(difference, unit)}"


def _claim_view(found: pl.DataFrame, names: tuple[str, str]) -> Table | Text:
    word = {True: Text("\u2713 holds", style="green"), False: Text("\u2717 fails", style="bold red")}
    drawn = [
        [row["statement"], word.get(row["left"], NOTHING), word.get(row["right"], NOTHING)]
        for row in found.iter_rows(named=True)
    ]
    return _view("Claims that change", "Claim", *names, numbers=0, empty="none.", rows_drawn=drawn)


def _deal_view(found: pl.DataFrame, names: tuple[str, str]) -> Table | Text:
    durable = {True: "yes", False: "no"}
    drawn = [
        [
            row["title"],
            *(f"{percent(row[f'left_{key}'])} \u2192 {percent(row[f'right_{key}'])}" for key in ("all", "holds_60")),
            " \u2192 ".join(durable.get(row[f"{side}_in_zone"], NOTHING) for side in ("left", "right")),
        ]
        for row in found.iter_rows(named=True)
    ]
    columns = ("Package", "All accept", "Holds 60", "Durable")
    title = f"Deals, {names[0]} \u2192 {names[1]}"
    return _view(title, *columns, numbers=3, empty="none computed.", rows_drawn=drawn)
