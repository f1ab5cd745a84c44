"""The table of forecasts: who foretold what, when, about which month; read and checked.

One row is one number: the chance of one answer, or one quantile of a quantity. The rows of one forecast share ``made``,
``month``, ``question`` and ``forecaster``. A program that writes forecasts can check them with ``FORECAST_COLUMNS`` of
``outlast.record.form`` and ``schema_of`` of ``outlast.record.columns``, or whole with ``forecasts_from``.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path
from typing import Any

import polars as pl

from outlast.record.columns import read_cells
from outlast.record.faults import RecordError, fault_at, limited, row_place
from outlast.record.form import FORECAST_COLUMNS
from outlast.record.opening import Cells, opened
from outlast.scenario.fault import Breach, Fault, shown
from outlast.scoring.months import first_day_of

YES, NO = "yes", "no"
FORECAST = ("made", "month", "question", "forecaster")
"""The columns that together name one forecast."""

ROUNDING = 1e-3
"""How far the chances of one forecast may lie from adding up to one: what writing them with few digits costs."""

Row = dict[str, Any]


@dataclass(frozen=True)
class Forecasts:
    """Checked forecasts. ``table`` has the columns of ``FORECAST_COLUMNS``, in the order of the file."""

    label: str
    table: pl.DataFrame = field(repr=False)


def read_forecasts(source: str | os.PathLike[str]) -> Forecasts:
    """Read forecasts from a table (CSV, Excel, Parquet, JSON) and check them.

    Raises ``RecordError`` with every fault, each with its row.
    """
    return forecasts_from(opened(Path(source), label=os.fspath(source)))


def forecasts_from(cells: Cells) -> Forecasts:
    """Check cells that are open already. Raises ``RecordError`` with every fault."""
    table, faults, unread = read_cells(cells, FORECAST_COLUMNS, what="a table of forecasts")
    sound = [row not in {place for place, _ in unread} for row in range(table.height)]
    rows = list(table.with_row_index("row").filter(pl.Series(sound, dtype=pl.Boolean)).iter_rows(named=True))
    faults += [_placed(cells, *found) for found in (*_alone(rows), *_together(rows))]
    if faults:
        raise RecordError(limited(sorted(faults, key=lambda fault: fault.place.line or 0)))
    return Forecasts(cells.label, table)


def answers_of(forecast: list[Row]) -> dict[str, float]:
    """Return the chance of every answer of one forecast, in small letters; of a lone *yes* or *no* also the other."""
    chances = {str(row["at"]).casefold(): float(row["value"]) for row in forecast}
    if len(chances) == 1 and (only := next(iter(chances))) in (YES, NO):
        chances[NO if only == YES else YES] = 1 - chances[only]
    return chances


def level_of(text: str) -> float | None:
    """Return the level that a quantile's ``at`` writes, or None where it writes no number between 0 and 1."""
    try:
        level = float(text)
    except ValueError:
        return None
    return level if 0 < level < 1 else None


def _placed(cells: Cells, row: int, column: str, breach: Breach) -> Fault:
    return fault_at(row_place(cells.label, column, row=row + 1, line=cells.line(row)), breach)


def _alone(rows: list[Row]) -> Iterator[tuple[int, str, Breach]]:
    """Find what is wrong with rows one by one."""
    for row in rows:
        if row["made"] > row["month"]:
            yield (
                row["row"],
                "made",
                Breach(
                    f"made on {row['made']}, about the month from {row['month']}",
                    "a forecast is made no later than the day on which its month begins",
                    "later it could have seen part of what it foretells",
                    "give the day of making, or leave the row out",
                ),
            )
        if row["form"] == "chance" and not 0 <= row["value"] <= 1:
            yield (
                row["row"],
                "value",
                Breach(
                    f"{row['value']:g}",
                    "a chance lies from 0 to 1",
                    "it is scored as a probability",
                    "write 30% as 0.3",
                ),
            )
        if row["form"] == "quantile" and level_of(row["at"]) is None:
            yield row["row"], "at", Breach(
                shown(row["at"]), "the level of a quantile is a number between 0 and 1, such as 0.9",
                "it says what share of outcomes should lie below", "write 90% as 0.9",
            )  # fmt: skip


def _together(rows: list[Row]) -> Iterator[tuple[int, str, Breach]]:
    """Find what is wrong with rows beside others: of one forecast, of one question, of one table."""
    forecasts: dict[tuple[Any, ...], list[Row]] = {}
    forms: dict[str, str] = {}
    for row in rows:
        forecasts.setdefault(tuple(row[name] for name in FORECAST), []).append(row)
        if forms.setdefault(row["question"], row["form"]) != row["form"]:
            yield row["row"], "form", Breach(
                f"{row['form']} for {shown(row['question'])}", f"as in an earlier row: {forms[row['question']]}",
                "one question is scored in one way", "give the quantity a question of its own",
            )  # fmt: skip
    begins = max((row["month"].day for row in rows), default=1)
    for row in rows:
        if row["month"] != (right := first_day_of(row["month"], begins)):
            yield row["row"], "month", Breach(
                str(row["month"]), f"all months begin on day {begins}, as the latest of the table does",
                "months that overlap cannot be told apart", f"write {right}",
            )  # fmt: skip
    for forecast in forecasts.values():
        yield from _one_forecast(forecast)


def _one_forecast(rows: list[Row]) -> Iterator[tuple[int, str, Breach]]:
    seen: set[str | float | None] = set()
    for row in rows:
        at = level_of(row["at"]) if row["form"] == "quantile" else row["at"].casefold()
        if at in seen:
            yield row["row"], "at", Breach(
                f"{shown(row['at'])} a second time", "one row for each answer or level of a forecast",
                "it cannot be known which number is meant", "remove one, or give it the forecaster it belongs to",
            )  # fmt: skip
        seen.add(at)
    if {row["form"] for row in rows} == {"chance"}:
        total = sum(answers_of(rows).values())
        if len(seen) == len(rows) and abs(total - 1) > ROUNDING:
            lone = len(rows) == 1
            yield rows[0]["row"], "value", Breach(
                f"chances that add up to {total:g}", "the chances of a forecast's answers add up to 1",
                "what has no chance is taken as held impossible",
                "name the one answer yes or no, or add the other answers" if lone else "add what is missing",
            )  # fmt: skip
    elif {row["form"] for row in rows} == {"quantile"}:
        levels = sorted((level, row["value"], row["row"]) for row in rows if (level := level_of(row["at"])) is not None)
        for (low, below, _), (high, above, row) in pairwise(levels):
            if above < below:
                yield row, "value", Breach(
                    f"{above:g} at {high:g} and {below:g} at {low:g}", "quantiles rise with their levels",
                    "a larger share of outcomes cannot lie below a smaller value", "sort them, or mend the one",
                )  # fmt: skip
