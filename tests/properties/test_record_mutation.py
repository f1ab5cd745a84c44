"""Spoil a good record at random: it is read or it explains itself, and it never fails in any other way."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import outlast
from outlast.record import Record, RecordError, read_record
from outlast.scenario.shipped import FOLDER

CONTENT = (FOLDER / "geneva_record.csv").read_bytes()
LINES = CONTENT.decode().splitlines()
ODD = [
    "",
    " ",
    ",",
    '"',
    '""',
    "\n",
    "\0",
    ";",
    "nan",
    "inf",
    "-1",
    "1e999",
    "10" * 200,
    "2025-02-30",
    "é" * 50,
    "=1+1",
    "\ufeff",
]
CHEAP = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@pytest.fixture(scope="module")
def geneva():
    return outlast.read("geneva")


def read_or_explain(path: Path, scenario) -> None:
    """Read a file; a refusal must have found, rule, reason and remedy for every fault."""
    refusal = None
    try:
        assert isinstance(read_record(path, scenario=scenario), Record)
    except RecordError as error:
        refusal = error
    if refusal is not None:
        assert refusal.faults
        for fault in refusal.faults:
            assert all([fault.found, fault.rule, fault.reason, fault.remedy, fault.place.file])
        assert str(refusal)


@CHEAP
@given(
    line=st.integers(0, len(LINES) - 1),
    cell=st.integers(0, 9),
    value=st.one_of(st.sampled_from(ODD), st.text(max_size=8), st.floats().map(str)),
)
def test_a_spoilt_cell(line: int, cell: int, value: str, tmp_path: Path, geneva):
    cells = LINES[line].split(",")
    cells[min(cell, len(cells) - 1)] = value
    path = tmp_path / "r.csv"
    path.write_bytes("\n".join([*LINES[:line], ",".join(cells), *LINES[line + 1 :]]).encode("utf-8", "surrogatepass"))
    read_or_explain(path, geneva)


@CHEAP
@given(start=st.integers(0, len(CONTENT)), length=st.integers(0, 200), put=st.binary(max_size=20))
def test_spoilt_bytes(start: int, length: int, put: bytes, tmp_path: Path, geneva):
    path = tmp_path / "r.csv"
    path.write_bytes(CONTENT[:start] + put + CONTENT[start + length :])
    read_or_explain(path, geneva)


@CHEAP
@given(order=st.permutations(range(1, 12)), drop=st.sets(st.integers(0, 9), max_size=3))
def test_moved_rows_and_lost_columns(order: list[int], drop: set[int], tmp_path: Path, geneva):
    table = read_record("geneva").table
    kept = [name for place, name in enumerate(table.columns) if place not in drop]
    path = tmp_path / "r.parquet"
    table[order].select(kept).write_parquet(path)
    read_or_explain(path, geneva)


@CHEAP
@given(content=st.binary(max_size=300))
def test_any_bytes(content: bytes, tmp_path: Path, geneva):
    for head in (b"", b"PAR1", b"PK\x03\x04xl/"):
        path = tmp_path / "any"
        path.write_bytes(head + content)
        read_or_explain(path, geneva)
