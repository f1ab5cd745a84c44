"""Faults of a table: the same record of place, value, rule, reason and remedy as a scenario's, placed by row."""

from __future__ import annotations

from collections.abc import Iterable

from outlast.scenario.fault import Breach, Fault, Place, ScenarioError


class RecordError(ScenarioError):
    """Say that a table cannot be used, with every fault found; ``faults`` is never empty."""


def row_place(label: str, column: str, *, row: int | None = None, line: int | None = None) -> Place:
    """Return the place of a cell: the file, its line where the file has lines, the row (from 1) and the column."""
    where = f"row {row}, {column}" if row is not None else column
    return Place(file=label, line=line, path=where)


def fault_at(place: Place, breach: Breach) -> Fault:
    """Return a broken rule as a fault at its place."""
    return Fault(place, breach.found, breach.rule, breach.reason, breach.remedy, breach.suggestion)


def whole_file(label: str, breach: Breach) -> RecordError:
    """Return the error for a file that cannot be read as a table at all: one fault, nothing else to say."""
    return RecordError([fault_at(Place(file=label), breach)])


def limited(faults: Iterable[Fault], *, most: int = 10) -> list[Fault]:
    """Return the first ``most`` faults of each column and rule, and one fault that counts the rest of each."""
    kept: list[Fault] = []
    counts: dict[tuple[str, str], int] = {}
    last: dict[tuple[str, str], Fault] = {}
    for fault in faults:
        kind = (column_of(fault), fault.rule)
        counts[kind] = counts.get(kind, 0) + 1
        last[kind] = fault
        if counts[kind] <= most:
            kept.append(fault)
    for (column, rule), count in counts.items():
        if count > most:
            one = last[column, rule]
            found = f"{count - most:,} more {'cells' if column else 'rows'} like these"
            remedy = "mend the first ones and look again; so many faults of one kind have one cause"
            kept.append(Fault(Place(one.place.file, path=column), found, rule, one.reason, remedy))
    return kept


def column_of(fault: Fault) -> str:
    """Return the column that a fault of a cell is placed in, or "" for a fault of a whole row."""
    row, _, column = fault.place.path.partition(", ")
    return column if row.startswith("row ") else fault.place.path
