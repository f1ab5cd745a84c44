"""A source: what a publisher's file must have, how it becomes a tidy table, and a report of what was left out."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import polars as pl

from outlast.record.columns import Column, typed
from outlast.record.faults import RecordError
from outlast.record.opening import Cells, opened
from outlast.scenario.fault import Fault


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


Tidy = Callable[[pl.DataFrame], tuple[pl.DataFrame, list[Dropped]]]


@dataclass(frozen=True)
class Source:
    """One publisher's file. ``columns`` are those that are read; ``tidy`` turns their typed table into the tidy one.

    ``warnings`` are what a reader of the table must know to read it right.
    """

    name: str
    publisher: str
    formats: tuple[str, ...]
    columns: tuple[Column, ...]
    tidy: Tidy
    warnings: tuple[str, ...] = ()


def read_source(source: Source, path: Path, *, others: Sequence[Source] = ()) -> Imported:
    """Read a file as one source's. Raises ``RecordError``; ``others`` are asked whether the file is theirs instead."""
    cells = opened(path, accepts=source.formats)
    try:
        table = typed(cells, source.columns, what=f"the file of {source.publisher}")
    except RecordError as error:
        raise _with_owner(error, cells, source, others) from None
    made, dropped = source.tidy(table)
    unread = len(cells.table.columns) - sum(column.name in cells.table.columns for column in source.columns)
    if unread:
        dropped = [*dropped, Dropped(unread, "columns", "not needed by anything here")]
    return Imported(source.name, cells.label, made, tuple(dropped), source.warnings)


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


def filtered(table: pl.DataFrame, keep: pl.Expr, what: str, why: str) -> tuple[pl.DataFrame, list[Dropped]]:
    """Return the rows to keep and a report of the others, empty where there are none; null counts as no."""
    kept = table.filter(keep.fill_null(False))
    lost = table.height - kept.height
    return kept, [Dropped(lost, what, why)] if lost else []
