"""Read a record from a file or from what is shipped, and gather every fault of it."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from outlast.record.columns import read_cells
from outlast.record.faults import RecordError, limited
from outlast.record.form import record_columns
from outlast.record.opening import Cells, opened
from outlast.record.record import Record
from outlast.record.rules import broken_rules, with_roles
from outlast.scenario.shipped import FOLDER

if TYPE_CHECKING:
    from outlast.scenario import Scenario

SUFFIX = "_record.csv"


def shipped_records() -> tuple[str, ...]:
    """Return the names of the shipped records; each is that of the scenario it belongs to."""
    return tuple(sorted(path.name.removesuffix(SUFFIX) for path in FOLDER.glob(f"*{SUFFIX}")))


def read_record(
    source: str | os.PathLike[str], *, scenario: Scenario | None = None, from_start: bool = False
) -> Record:
    """Read a record from a table (CSV, Excel, Parquet, JSON), or the shipped record of that name, and check it.

    With a scenario, its party names may stand for the roles, and packages, postures, stocks and their axes are checked
    against it. ``from_start`` also refuses rows before its month 0, which no game that starts there can explain.
    Raises ``RecordError`` with every fault, each with its row.
    """
    label = os.fspath(source)
    path = FOLDER / f"{label}{SUFFIX}" if label in shipped_records() else Path(label)
    cells = opened(path, label=label)
    return record_from(cells, scenario=scenario, from_start=from_start)


def record_from(cells: Cells, *, scenario: Scenario | None = None, from_start: bool = False) -> Record:
    """Check cells that are open already. Raises ``RecordError`` with every fault."""
    table, faults, unread = read_cells(cells, record_columns(), what="a record")
    faults += broken_rules(table, cells, unread=unread, scenario=scenario, from_start=from_start)
    if faults:
        raise RecordError(limited(sorted(faults, key=lambda fault: fault.place.line or 0)))
    return Record(cells.label, with_roles(table, scenario))
