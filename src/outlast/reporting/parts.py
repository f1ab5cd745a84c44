"""Name the parts a page is made of: sections with a reading, figures and tables of ready-worded cells."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from outlast.reporting.protocol import AnswersLike
from outlast.reporting.wording import known, percent

Kind = Literal["text", "words", "number", "code"]
Mark = Literal["", "good", "bad", "open"]


@dataclass(frozen=True)
class Cell:
    """A table cell: its words, and at most one of a shade, a bar (both a share in [0, 1]) and a mark."""

    text: str
    shade: float | None = None
    bar: float | None = None
    mark: Mark = ""
    note: str = ""
    link: str = ""


@dataclass(frozen=True)
class Column:
    """A table column: its heading, how it is set, and whether it names the row."""

    title: str
    kind: Kind = "text"
    heads: bool = False


@dataclass(frozen=True)
class Grid:
    """A table on the page. `stack` turns rows into cards on a phone; `fold` hides it behind these words on a screen."""

    caption: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]
    stack: bool = False
    fold: str = ""


@dataclass(frozen=True)
class Figure:
    """A chart on the page: the function that draws it, its caption and what it says to those who cannot see it."""

    name: str
    chart: Callable[..., Any]
    caption: str
    alternative: str


@dataclass(frozen=True)
class Section:
    """A section of the page; `reading` is its one-sentence plain-language reading."""

    key: str
    title: str
    reading: str
    figures: tuple[Figure, ...] = ()
    grids: tuple[Grid, ...] = ()
    notes: tuple[str, ...] = field(default=())


Maker = Callable[[AnswersLike], Section]
NOT_COMPUTED = "Not computed in this run."


def grid(
    caption: str, *, columns: Sequence[Column], rows: Sequence[Sequence[Cell]], stack: bool = False, fold: str = ""
) -> Grid:
    """Make a table from any sequences."""
    return Grid(caption, tuple(columns), tuple(tuple(row) for row in rows), stack, fold)


def ranged(found: Sequence[Mapping[str, Any]], *keys: str) -> bool:
    """Say whether any row has a range: a known value under one of the keys, such as 'low' or 'all_low'."""
    return any(known(row.get(key)) for row in found for key in keys)


def shaded(value: float | None, *, absent: str = "not needed") -> Cell:
    """Make a cell that shows a chance in words and as a shade."""
    return Cell(absent, mark="open") if value is None else Cell(percent(value), shade=value)


def barred(value: float) -> Cell:
    """Make a cell that shows a share in words and as a small bar."""
    return Cell(percent(value), bar=value)


def judged(value: bool | None, *, yes: str, no: str, absent: str = "\u2013") -> Cell:
    """Make a cell that says yes or no by symbol, word and colour."""
    if value is None:
        return Cell(absent, mark="open")
    return Cell(f"\u2713\u00a0{yes}", mark="good") if value else Cell(f"\u2717\u00a0{no}", mark="bad")
