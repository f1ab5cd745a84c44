"""Records: what happened, row by row, from a file to a checked table.

``read_record`` makes a ``Record`` from a table (CSV, Excel, Parquet, JSON) or the name of a shipped one, or raises
``RecordError`` with every fault. ``outlast.record.sources`` reads the files of publishers. Words and tables only:
nothing here solves a game. What reads files is loaded when it is first used: a report needs the counts alone.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from outlast.record.faults import RecordError
    from outlast.record.reading import read_record
    from outlast.record.record import Record

__all__ = ["Record", "RecordError", "read_record"]

_HOMES = {"Record": "record", "RecordError": "faults", "read_record": "reading"}


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
    globals()[name] = value
    return value
