"""What came: the outcomes that forecasts are held against, from a table of their own or from a record."""

from __future__ import annotations

import datetime
import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import polars as pl

from outlast.record.columns import Column, read_cells
from outlast.record.faults import RecordError, fault_at, limited, row_place
from outlast.record.form import HOLDER
from outlast.record.opening import Cells, opened
from outlast.record.record import Record
from outlast.scenario.fault import Breach
from outlast.scoring.forecasts import NO, YES
from outlast.scoring.months import last_day_of, month_of, shifted

SURE = 0.5
"""Confidence from which a row of a record counts as having happened."""

OUTCOME_COLUMNS = (
    Column("month", "date", "the day on which the month begins"),
    Column("question", "text", "what was foretold"),
    Column("outcome", "text", "what came: the answer, such as yes, or the number"),
    Column("known", "date", "the day on which it could be known; the month's last day where empty", True, True),
    Column("source", "text", "where it can be looked up", blank=True, absent=True),
)
"""The columns of a table of outcomes, in their order; the last two may be left out of a file."""

QUESTIONS = {
    "attend": "whether the challenger came to talks in the month: yes or no",
    "agreement": "whether a package was signed in the month: yes or no",
    "attack": "whether the challenger broke a peace in the month: yes or no",
    "collapse": "whether the challenger came to dictate the end in the month: yes or no",
    "posture": "what the patron did in the month: withhold, sustain or surge",
    **{stock: f"the last reading of {stock} in the month, in the stock's unit" for stock in HOLDER},
}
"""The questions that a record answers."""


@dataclass(frozen=True)
class Outcomes:
    """What came, by month. ``table`` has ``month``, ``question``, ``outcome`` (text) and ``known`` (a day).

    ``begins`` is the day of the calendar month on which these months begin. ``notes`` say how the table was made.
    """

    label: str
    begins: int
    table: pl.DataFrame = field(repr=False)
    notes: tuple[str, ...] = ()


def read_outcomes(source: str | os.PathLike[str]) -> Outcomes:
    """Read outcomes from a table (CSV, Excel, Parquet, JSON) and check them.

    Raises ``RecordError`` with every fault, each with its row.
    """
    return outcomes_from(opened(Path(source), label=os.fspath(source)))


def is_outcomes(cells: Cells) -> bool:
    """Say whether a table of outcomes is meant, and not a record: whether it has the column ``outcome``."""
    return "outcome" in cells.table.columns


def outcomes_from(cells: Cells) -> Outcomes:
    """Check cells that are open already. Raises ``RecordError`` with every fault."""
    table, faults, unread = read_cells(cells, OUTCOME_COLUMNS, what="a table of outcomes")
    begins = max((day.day for day in table["month"].drop_nulls()), default=1)
    seen: set[tuple[Any, ...]] = set()
    for place, row in enumerate(table.iter_rows(named=True)):
        if any((place, name) in unread for name in ("month", "question", "known")):
            continue
        breach, column = None, "month"
        if (month := month_of(row["month"], begins)) != row["month"]:
            breach = Breach(str(row["month"]), f"all months begin on day {begins}, as the latest of the table does",
                            "months that overlap cannot be told apart", f"write {month}")  # fmt: skip
        elif (row["month"], row["question"]) in seen:
            breach = Breach(f"{row['question']} in {row['month']} a second time", "one outcome for a month",
                            "it cannot be known which one came", "remove one of the two")  # fmt: skip
        elif row["known"] is not None and row["known"] < row["month"]:
            column = "known"
            breach = Breach(str(row["known"]), "a day not before the month begins",
                            "an outcome cannot be known before it can come", "leave it empty if unsure")  # fmt: skip
        seen.add((row["month"], row["question"]))
        if breach is not None:
            faults.append(fault_at(row_place(cells.label, column, row=place + 1, line=cells.line(place)), breach))
    if faults:
        raise RecordError(limited(sorted(faults, key=lambda fault: fault.place.line or 0)))
    ends = pl.Series([last_day_of(day, begins) for day in table["month"]], dtype=pl.Date)
    known = table.select(
        "month", "question", pl.col("outcome").str.to_lowercase(), pl.col("known").fill_null(ends)
    ).sort("question", "month")
    return Outcomes(cells.label, begins, known)


def outcomes_of_record(record: Record, *, begins: int, questions: Sequence[str]) -> Outcomes:
    """Return what a record answers of the questions, for every month that lies whole in it.

    ``begins`` is the day on which the months begin. Rows less than half sure do not count. Between its first and its
    last act that counts a record is taken as complete: a month in which nothing stands had nothing. A month without a
    reading has no outcome.
    """
    table = record.table.filter(pl.col("confidence") >= SURE)
    acts = table.filter(pl.col("kind") != "reading")
    rows = []
    for question in [each for each in questions if each in QUESTIONS]:
        read = _reader(question, table)
        for month in _months(table if question in HOLDER else acts, begins):
            end = last_day_of(month, begins)
            came = read(table.filter(pl.col("date").is_between(month, end)), end)
            if came is not None:
                rows.append((month, question, came, end))
    schema = {"month": pl.Date, "question": pl.String, "outcome": pl.String, "known": pl.Date}
    span = (
        f" between its first and its last act that counts, {acts['date'].min()} to {acts['date'].max()}"
        if acts.height
        else ""
    )
    note = f"The record is taken as complete{span}; rows less than {SURE:.0%} sure do not count."
    return Outcomes(record.label, begins, pl.DataFrame(rows, schema=schema, orient="row"), (note,))


def _months(table: pl.DataFrame, begins: int) -> list[datetime.date]:
    """Return the months that lie whole between the first and the last day of a table."""
    if table.is_empty():
        return []
    first, last = table["date"].to_list()[0], table["date"].to_list()[-1]
    month, months = month_of(first, begins), []
    if month < first:
        month = shifted(month, 1, begins)
    while last_day_of(month, begins) <= last:
        months.append(month)
        month = shifted(month, 1, begins)
    return months


Reader = Callable[[pl.DataFrame, datetime.date], str | None]


def _reader(question: str, table: pl.DataFrame) -> Reader:
    """Return what reads one question's answer off the rows of a month and the month's last day."""
    if question in HOLDER:
        return lambda rows, end: _last_reading(rows, question)
    if question == "posture":
        return lambda rows, end: _last(rows.filter(kind="posture"), "content")
    if question == "agreement":
        return lambda rows, end: _answer(_signed(rows))
    if question == "collapse":
        acts = table.filter(pl.col("kind") != "reading")["date"].max()
        return lambda rows, end: NO if acts is not None and acts > end else None  # pyright: ignore[reportOperatorIssue]
    return lambda rows, end: _answer(rows.filter(kind=question, actor="challenger").height > 0)


def _answer(happened: bool) -> str:
    return YES if happened else NO


def _last(rows: pl.DataFrame, column: str) -> str | None:
    return str(rows[column][-1]) if rows.height else None


def _last_reading(rows: pl.DataFrame, stock: str) -> str | None:
    return _last(rows.filter(kind="reading", content=stock).sort("date"), "value")


def _signed(rows: pl.DataFrame) -> bool:
    """Say whether a package had the word of challenger and defender, a yes among it and nobody's no."""
    for _, package in rows.filter(pl.col("kind").is_in(["table", "accept", "refuse"])).group_by("content"):
        for_it = set(package.filter(pl.col("kind") != "refuse")["actor"].to_list())
        kinds = set(package["kind"].to_list())
        if {"challenger", "defender"} <= for_it and "accept" in kinds and "refuse" not in kinds:
            return True
    return False
