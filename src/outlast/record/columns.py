"""Say what each column of a table holds, turn text cells into typed ones, and check them with a pandera schema."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

import pandera.errors
import pandera.polars as pa
import polars as pl

from outlast.record.faults import RecordError, column_of, fault_at, limited, row_place
from outlast.record.opening import Cells
from outlast.scenario.fault import Breach, Fault, Place, nearest, shown

Kind = Literal["text", "number", "whole", "date"]
TYPES: dict[str, Any] = {"text": pl.String, "number": pl.Float64, "whole": pl.Int64, "date": pl.Date}
WORDS = {"text": "text", "number": "a number", "whole": "a whole number", "date": "a date such as 2025-05-16"}
REMEDIES = {
    "text": "write a word",
    "number": "write digits with a point, such as 0.2004; leave the cell empty where it is not known",
    "whole": "write digits only; leave the cell empty where it is not known",
    "date": "write the year, the month and the day as 2025-05-16, and check that the day exists",
}
EMPTY = "an empty cell, or one that says that nothing is known, such as NA"


@dataclass(frozen=True)
class Column:
    """What a column holds.

    ``blank`` lets cells be empty; ``absent`` lets the column be missing, which is then all blank. ``among`` lists the
    words it may hold; ``low`` and ``high`` bound a number. ``unknown`` lists what the publisher writes for "not known"
    besides what every table may write. ``describes`` marks words for a reader from which nothing is made: they may be
    blank.
    """

    name: str
    kind: Kind
    meaning: str
    blank: bool = False
    absent: bool = False
    among: tuple[str, ...] = ()
    low: float | None = None
    high: float | None = None
    unknown: tuple[str, ...] = ()
    describes: bool = False

    @property
    def may_be_blank(self) -> bool:
        """Whether a cell may hold nothing."""
        return self.blank or self.describes

    @property
    def rule(self) -> str:
        """What a cell must be, in words."""
        parts = [f"one of {', '.join(self.among)}" if self.among else WORDS[self.kind]]
        if self.low is not None and self.high is not None:
            parts.append(f"from {self.low:g} to {self.high:g}")
        elif self.low is not None or self.high is not None:
            parts.append(f"at least {self.low:g}" if self.low is not None else f"at most {self.high:g}")
        return " ".join(parts) + (", or empty" if self.may_be_blank else "")


def schema_of(columns: Sequence[Column]) -> pa.DataFrameSchema:
    """Return the pandera schema of a table with these columns, no others, in this order."""
    made = {}
    for column in columns:
        checks = [pa.Check.isin(column.among)] if column.among else []
        if column.low is not None:
            checks.append(pa.Check.ge(column.low))
        if column.high is not None:
            checks.append(pa.Check.le(column.high))
        made[column.name] = pa.Column(
            TYPES[column.kind], checks, nullable=column.may_be_blank, description=column.meaning
        )
    return pa.DataFrameSchema(made, strict=True, ordered=True)


@dataclass(frozen=True)
class Day:
    """The columns that write one day in three parts: numbers of the year, the month and the day of the month."""

    year: str
    month: str
    day: str

    @property
    def date(self) -> pl.Expr:
        """The day as a date; null where a part is unknown or where there is no such day."""
        parts = zip((self.year, self.month, self.day), (4, 2, 2), strict=True)
        text = pl.concat_str([pl.col(name).cast(pl.String).str.zfill(width) for name, width in parts], separator="-")
        return date_of(text)


def date_of(text: pl.Expr) -> pl.Expr:
    """Return the dates that texts such as 2025-05-16 write, null where a text writes no day of the years 1 to 9999."""
    plain = text.str.extract(r"^(\d{4}-\d{1,2}-\d{1,2})(?:[ T]00:00:00(?:\.0+)?)?$", 1)
    return pl.when(~plain.str.starts_with("0000")).then(plain.str.to_date("%Y-%m-%d", strict=False))


def typed(
    cells: Cells, columns: Sequence[Column], *, what: str, days: Sequence[Day] = (), most: int = 3
) -> pl.DataFrame:
    """Return the cells of these columns as a typed table, checked; other columns of the file are left out.

    ``what`` names the table in the faults; ``days`` are the days that columns write in parts, which must exist.
    ``most`` is how many faults of one kind are told in full; the rest is counted. Raises ``RecordError`` with every
    fault.
    """
    table, faults, _ = read_cells(cells, columns, what=what)
    order = {column.name: place for place, column in enumerate(columns)}
    faults += _no_days(table, cells, days)
    if faults:
        raise RecordError(limited(sorted(faults, key=lambda fault: order[column_of(fault)]), most=most))
    return table


def _no_days(table: pl.DataFrame, cells: Cells, days: Sequence[Day]) -> list[Fault]:
    """Return a fault for each day that is written in parts and does not exist."""
    faults = []
    for day in days:
        parts = [table[name] for name in (day.year, day.month, day.day)]
        given = table.select(pl.all_horizontal(pl.col(part.name).is_not_null() for part in parts)).to_series()
        for row in (given & table.select(day.date.is_null()).to_series()).arg_true().to_list():
            year, month, number = (part[row] for part in parts)
            remedy = "correct it, or leave the day empty where it is not known"
            breach = Breach(
                f"day {number} of month {month} of {year}", "a day of the calendar", "there is no such day", remedy
            )
            faults.append(fault_at(row_place(cells.label, day.day, row=row + 1, line=cells.line(row)), breach))
    return faults


def read_cells(
    cells: Cells, columns: Sequence[Column], *, what: str
) -> tuple[pl.DataFrame, list[Fault], frozenset[tuple[int, str]]]:
    """Return the typed table, every fault of a single cell, and the cells that have one: row (from 0) and column.

    Raises ``RecordError`` where columns are missing, because then no row can be read.
    """
    _refuse_missing(cells, columns, what)
    faults: list[Fault] = []
    unread: set[tuple[int, str]] = set()
    made: dict[str, pl.Series] = {}
    for column in columns:
        made[column.name], bad = _parsed(cells, column)
        faults += [_unparsed(cells, column, row) for row in bad]
        unread.update((row, column.name) for row in bad)
    table = pl.DataFrame(made)
    told = {fault.place for fault in faults}
    for cell, fault in _breaches(table, cells, columns):
        unread.add(cell)
        faults += [] if fault.place in told else [fault]
    return table, faults, frozenset(unread)


def _refuse_missing(cells: Cells, columns: Sequence[Column], what: str) -> None:
    header = cells.table.columns
    missing = [column for column in columns if column.name not in header and not column.absent]
    needed = [column for column in columns if not column.absent]
    if not missing:
        return
    if len(missing) > len(needed) / 2:
        listed = ", ".join(header[:8]) + (", ..." if len(header) > 8 else "")
        raise RecordError(
            [
                Fault(
                    place=Place(file=cells.label),
                    found=f"columns {shown(listed)}, without {len(missing)} of the {len(needed)} that are needed",
                    rule=f"{what} has columns {', '.join(column.name for column in needed)}",
                    reason="this looks like another table altogether",
                    remedy="check that it is the right file, and that its first line is the header",
                )
            ]
        )
    strangers = [name for name in header if name not in {column.name for column in columns}]
    raise RecordError(
        Fault(
            place=row_place(cells.label, column.name, line=1 if cells.lines else None),
            found=f"no column {shown(column.name)}",
            rule=f"{what} has a column {column.name}: {column.meaning}",
            reason="without it the rows cannot be read as they were meant",
            remedy="rename the column if it only has another name; else get the file that has it",
            suggestion=nearest(column.name, strangers),
        )
        for column in missing
    )


def _parsed(cells: Cells, column: Column) -> tuple[pl.Series, list[int]]:
    """Return a column's typed cells, null where blank or unreadable, and the rows (from 0) that are unreadable."""
    if column.name not in cells.table.columns:
        return pl.Series(column.name, [None] * cells.table.height, dtype=TYPES[column.kind]), []
    text = cells.table[column.name]
    if column.unknown:
        text = text.set(text.is_in(list(column.unknown)).fill_null(False), None)
    if column.kind == "date":
        series = text.to_frame().select(date_of(pl.col(text.name))).to_series()
    elif column.kind == "number":
        series = text.cast(pl.Float64, strict=False)
        series = series.set((~series.is_finite()).fill_null(False), None)
    elif column.kind == "whole":
        number = text.cast(pl.Float64, strict=False)
        series = number.set((number != number.round()).fill_null(False), None).cast(pl.Int64, strict=False)
    else:
        series = text
    return series, (series.is_null() & text.is_not_null()).arg_true().to_list()


def _unparsed(cells: Cells, column: Column, row: int) -> Fault:
    found = shown(cells.table[column.name][row])
    breach = Breach(found, column.rule, _reason(column), REMEDIES[column.kind])
    return fault_at(row_place(cells.label, column.name, row=row + 1, line=cells.line(row)), breach)


def _breaches(table: pl.DataFrame, cells: Cells, columns: Sequence[Column]) -> list[tuple[tuple[int, str], Fault]]:
    """Return what pandera finds wrong with typed cells, as cells and their faults."""
    try:
        schema_of(columns).validate(table, lazy=True)
    except pandera.errors.SchemaErrors as error:
        cases = error.failure_cases
    else:
        return []
    by_name = {column.name: column for column in columns}
    found = []
    for case in cases.unique(["column", "index"], maintain_order=True).iter_rows(named=True):
        column, row = by_name[case["column"]], case["index"]
        place = row_place(cells.label, column.name, row=row + 1, line=cells.line(row))
        found.append(((row, column.name), fault_at(place, _breach(column, table[column.name][row]))))
    return found


def _breach(column: Column, value: Any) -> Breach:
    if value is None:
        return Breach(EMPTY, column.rule, _reason(column), "fill it in, or remove the row")
    if column.among:
        near = nearest(str(value).replace(" ", "_"), column.among)
        return Breach(shown(value), column.rule, _reason(column), "use one of these words", near)
    return Breach(shown(value), column.rule, _reason(column), "check the value and its unit")


def _reason(column: Column) -> str:
    return f"it is {column.meaning}"
