"""Write a table as CSV so that no spreadsheet takes a text for a formula: the one way in which the program does so."""

from __future__ import annotations

import re
from pathlib import Path

import polars as pl

FORMULA = r"^'*[\s\x00-\x1f\u200b\ufeff]*[=+\-@\uff1d\uff0b\uff0d\uff20]|^'*[\t\r\n]"
"""How a text begins that a spreadsheet may run; what stands before the sign is what spreadsheets pass over."""

NUMBER = r"^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$"
"""A text that is a plain number; it cannot do anything and stays as it is."""


def write_csv(table: pl.DataFrame, path: Path) -> None:
    """Write a table as CSV, its texts marked where they begin as a formula does.

    The mark is an apostrophe before the text, which spreadsheets know; ``outlast.record.opening`` takes it off again.
    Numbers, dates and texts that are plain numbers stay as they are.
    """
    texts = [name for name, kind in table.schema.items() if kind in (pl.String, pl.Categorical, pl.Enum)]
    marked = table.with_columns(_marked(table[name].cast(pl.String)) for name in texts)
    marked.columns = [marked_text(name) for name in table.columns]
    marked.write_csv(path)


def marked_text(text: str) -> str:
    """Return a text with an apostrophe before it, if it begins as a formula does and is no plain number."""
    return f"'{text}" if re.search(FORMULA, text) and not re.search(NUMBER, text) else text


def _marked(texts: pl.Series) -> pl.Series:
    if not texts.str.contains(FORMULA).any():
        return texts
    return texts.map_elements(marked_text, return_dtype=pl.String)
