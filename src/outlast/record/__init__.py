"""Records: what happened, row by row, from a file to a checked table.

``read_record`` makes a ``Record`` from a table (CSV, Excel, Parquet, JSON) or the name of a shipped one, or raises
``RecordError`` with every fault. ``outlast.record.sources`` reads the files of publishers. Words and tables only:
nothing here solves a game.
"""

from __future__ import annotations

from outlast.record.faults import RecordError
from outlast.record.reading import read_record
from outlast.record.record import Record

__all__ = ["Record", "RecordError", "read_record"]
