"""The generated page of keys is what ``make docs`` would write now."""

from __future__ import annotations

from pathlib import Path
from runpy import run_path

from outlast.scenario.schema import json_schema

DOCS = Path(__file__).resolve().parents[2] / "docs"


def test_keys_page_is_up_to_date():
    page = run_path(str(DOCS / "write_keys.py"))["page"]
    written = (DOCS / "keys.md").read_text(encoding="utf-8")
    assert written == page(json_schema()), "docs/keys.md is out of date: run make docs"
