"""The page of measurements says each thing once."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

PAGE = Path(__file__).resolve().parents[2] / "benchmarks" / "RESULTS.md"


def blocks() -> list[str]:
    """List the paragraphs and tables of the page, in order."""
    return PAGE.read_text(encoding="utf-8").strip().split("\n\n")


def test_no_table_has_the_same_row_twice():
    for table in (block for block in blocks() if block.startswith("|")):
        head, _, *rows = table.splitlines()
        assert len(rows) == len(set(rows)), f"a row stands twice under {head}"


def test_no_paragraph_follows_itself():
    found = blocks()
    assert [one for one, after in pairwise(found) if one == after] == []
