"""A source: what a publisher's file must have, how it becomes a tidy table, and a report of what was left out."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import polars as pl

from outlast.record.columns import Column, Day, typed
from outlast.record.faults import RecordError, fault_at, limited, row_place, whole_file
from outlast.record.opening import Cells, opened
from outlast.scenario.fault import Breach, Fault


@dataclass(frozen=True)
class Dropped:
    """What an importer left out, added or could not read: how many rows (or columns), what, and why."""

    count: int
    what: str
    why: str

    def __str__(self) -> str:
        return f"{self.count:,} {self.what}: {self.why}"


@dataclass(frozen=True)
class Imported:
    """A publisher's file as a tidy table, with the report of what was left out and the warnings that belong to it."""

    source: str
    label: str
    table: pl.DataFrame = field(repr=False)
    dropped: tuple[Dropped, ...] = ()
    warnings: tuple[str, ...] = ()


MOST = 3
"""Contradictions of one kind that are told in full; the rest is counted."""

AGAIN = ("rows given again, the same in every cell", "each is kept once")

Tidy = Callable[[pl.DataFrame], tuple[pl.DataFrame, list[Dropped]]]
Across = Callable[[pl.DataFrame], Iterable[tuple[int, str, Breach]]]
"""What finds rows whose cells contradict one another: row (from 0), column, and what is wrong."""


def _no_contradiction(table: pl.DataFrame) -> Iterable[tuple[int, str, Breach]]:
    return ()


@dataclass(frozen=True)
class Source:
    """One publisher's file. ``columns`` are those that are read; ``tidy`` turns their typed table into the tidy one.

    ``days`` are the days that columns write in parts; ``across`` checks columns by one another. ``warnings`` are what a
    reader of the table must know to read it right.
    """

    name: str
    publisher: str
    columns: tuple[Column, ...]
    tidy: Tidy
    warnings: tuple[str, ...] = ()
    days: tuple[Day, ...] = ()
    across: Across = _no_contradiction


def read_source(source: Source, path: Path, *, others: Sequence[Source] = ()) -> Imported:
    """Read a file as one source's: whole rows that are given again count once.

    Raises ``RecordError``; ``others`` are asked whether the file is theirs instead.
    """
    cells = opened(path)
    try:
        table = typed(cells, source.columns, what=f"the file of {source.publisher}", days=source.days)
    except RecordError as error:
        raise _with_owner(error, cells, source, others) from None
    contradictions = [
        fault_at(row_place(cells.label, column, row=row + 1, line=cells.line(row)), breach)
        for row, column, breach in source.across(table)
    ]
    if contradictions:
        raise RecordError(limited(contradictions, most=MOST))
    once = table.filter(cells.table.select(pl.struct(pl.all()).is_first_distinct()).to_series())
    made, dropped = source.tidy(once)
    if made.is_empty():
        raise _nothing_left(cells.label, dropped)
    if table.height > once.height:
        dropped.append(Dropped(table.height - once.height, *AGAIN))
    for column in source.columns:
        if column.describes and (blank := once[column.name].null_count()):
            dropped.append(Dropped(blank, f"blank cells of `{column.name}`, kept", "the column only describes"))
    unread = len(cells.table.columns) - sum(column.name in cells.table.columns for column in source.columns)
    if unread:
        dropped.append(Dropped(unread, "columns", "not needed by anything here"))
    if cells.unnamed:
        dropped.append(Dropped(cells.unnamed, "columns without a name", "nothing stands in them"))
    return Imported(source.name, cells.label, made, tuple(dropped), source.warnings)


def _nothing_left(label: str, dropped: Sequence[Dropped]) -> RecordError:
    """Return the error for a file of which every row was left out."""
    told = "; ".join(str(line) for line in dropped) or "no row is of the kind that is read"
    return whole_file(label, Breach(f"no row that can be used ({told})", "at least one row that says something",
                                    "an empty table would be mistaken for a quiet war",
                                    "check that it is the right file, and its units"))  # fmt: skip


def _with_owner(error: RecordError, cells: Cells, source: Source, others: Sequence[Source]) -> RecordError:
    """Return the error, with the name of the source whose columns the file has, where one has them all."""
    first = error.faults[0]
    if first.place.path:
        return error
    header = set(cells.table.columns)
    owners = [
        other.name
        for other in others
        if other is not source and {column.name for column in other.columns if not column.absent} <= header
    ]
    if not owners:
        return error
    mended = Fault(first.place, first.found, first.rule, first.reason, f"import it as {owners[0]}", owners[0])
    return RecordError([mended, *error.faults[1:]])


def told_once(table: pl.DataFrame, *key: str, what: str) -> tuple[pl.DataFrame, list[Dropped]]:
    """Return the rows with each key once, and a report of the others.

    Rows that are the same in all that is read count once. Of rows that differ under one key none is kept, because it
    cannot be known which one holds. ``what`` names what a key stands for, in the plural.
    """
    once = table.unique(maintain_order=True)
    again = [Dropped(table.height - once.height, *AGAIN)] if table.height > once.height else []
    same = pl.struct(key).is_duplicated()
    kept, dropped = filtered(
        once, ~same, f"rows of {what} given twice, with different cells", "which one holds is unknown"
    )
    return kept, [*again, *dropped]


def filtered(table: pl.DataFrame, keep: pl.Expr, what: str, why: str) -> tuple[pl.DataFrame, list[Dropped]]:
    """Return the rows to keep and a report of the others, empty where there are none; null counts as no."""
    kept = table.filter(keep.fill_null(False))
    lost = table.height - kept.height
    return kept, [Dropped(lost, what, why)] if lost else []


def apart(
    table: pl.DataFrame, column: str, other: pl.Expr, *, within: pl.Expr, rule: str, reason: str
) -> Iterator[tuple[int, str, Breach]]:
    """Find the rows whose number in a column lies further from that of other columns than it may.

    ``other`` and ``within`` are computed from the row's other columns; rows where either is null are passed over.
    """
    found = table.select(value=pl.col(column), other=other, within=within).with_row_index("row")
    for row in found.filter((pl.col("value") - pl.col("other")).abs() > pl.col("within")).iter_rows(named=True):
        yield row["row"], column, Breach(
            f"{row['value']:g} where the row's other columns give {row['other']:.6g}", rule, reason,
            "check the units of the columns, and which of them is right",
        )  # fmt: skip
