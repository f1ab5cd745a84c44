"""Where tables are printed: the one place that says how wide lines may be.

A terminal has a width, and tables fold into it. A file or a pipe has none: there a table takes the room that its names
and numbers need, so that none is cut or broken and every one can be searched for; only sentences go over several lines.
"""

from __future__ import annotations

import os
from dataclasses import dataclass

from rich.console import Console, RenderableType
from rich.measure import Measurement
from rich.table import Column, Table

WIDEST = 120
"""Columns that are used at most where there is no need for more."""
SENTENCE = 50
"""Columns from which a cell is a sentence, which may be broken at its spaces."""
UNBOUNDED = 1_000_000
"""Columns of a file or a pipe: more than any table needs."""


@dataclass(frozen=True)
class Paper:
    """What is printed on: a console, the width of its sentences, and whether its tables have a width to keep to."""

    console: Console
    width: int
    bounded: bool

    def print(self, *made: RenderableType) -> None:
        """Print tables and sentences, each from the start of a line; nothing for an empty line."""
        for each in made or ("",):
            width = self.width
            if isinstance(each, Table):
                for column in each.columns:
                    column.overflow = "fold"
                width = width if self.bounded else _room_of(each, self.console)
            self.console.print(each, width=width)


def paper(console: Console | None = None) -> Paper:
    """Return what to print on; ``console`` is taken as it is, with its width.

    Without one it is standard output: as wide as the terminal, or as ``COLUMNS`` says; in a file or a pipe without
    ``COLUMNS`` every table has the room it needs.
    """
    bounded = console is not None or os.environ.get("COLUMNS", "").isdigit()
    console = console or Console(highlight=False)
    if bounded or console.is_terminal:
        return Paper(console, min(console.width, WIDEST), True)
    return Paper(Console(highlight=False, width=UNBOUNDED), WIDEST, False)


def _room_of(table: Table, console: Console) -> int:
    """Let a table break nothing but sentences, and return the width that it then needs."""
    needed = sum(_settled(table, column, console) for column in table.columns)
    return max(WIDEST, needed + 3 * len(table.columns) + 2)


def _settled(table: Table, column: Column, console: Console) -> int:
    """Give a column the room of its longest name or number, and return that."""
    cells = [Measurement.get(console, console.options, cell) for cell in (column.header, *column.cells)]
    word, line = max(cell.minimum for cell in cells), max(cell.maximum for cell in cells)
    column.no_wrap = line <= SENTENCE
    column.min_width = line if column.no_wrap else max(word, SENTENCE)
    return column.min_width
