"""Faults of a table: the same record of place, value, rule, reason and remedy as a scenario's, placed by row."""

from __future__ import annotations

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
