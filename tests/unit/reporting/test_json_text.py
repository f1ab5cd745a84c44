"""Whatever is said as JSON can be read again by a strict reader, and says where numbers were not finite."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from outlast.reporting.json_text import cell_text, json_text

NUMBERS = st.floats(allow_nan=True, allow_infinity=True) | st.floats(width=32).map(np.float32)
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | NUMBERS | st.text() | st.dates() | NUMBERS.map(np.array),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=6), inner, max_size=4),
    max_leaves=12,
)


def strict(text: str) -> Any:
    """Read JSON as its standard has it, without NaN and infinities."""
    return json.loads(text, parse_constant=lambda name: pytest.fail(f"{name} is no JSON"))


@given(st.dictionaries(st.text(min_size=1, max_size=6), VALUES, max_size=4))
def test_any_content_is_json(content: dict[str, Any]):
    assert set(content) <= set(strict(json_text(content)))
    strict(cell_text(list(content.values())))


def test_numbers_that_are_not_finite_become_null_and_are_named():
    table = pl.DataFrame({"z": [1.0, float("nan"), float("nan")], "day": [date(2026, 1, 1)] * 3})
    content = strict(json_text({"ratio": float("inf"), "rows": table, "grid": np.array([[1.0, np.nan]]), "none": None}))
    assert content["ratio"] is None
    assert [row["z"] for row in content["rows"]] == [1.0, None, None]
    assert content["rows"][0]["day"] == "2026-01-01"
    assert content["grid"] == [[1.0, None]]
    assert content["undefined"] == {"ratio": "infinite", "rows[].z": "not a number", "grid[][]": "not a number"}


def test_a_document_of_finite_numbers_says_nothing_more():
    assert strict(json_text({"a": 1.5, "b": None, "c": np.int64(3), "d": np.bool_(True)})) == {
        "a": 1.5, "b": None, "c": 3, "d": True,
    }  # fmt: skip
