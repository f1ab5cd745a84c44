"""Tables of others: what they claim is counted first, and no file takes the program along or keeps it for ever."""

from __future__ import annotations

import io
import random
import zipfile
from contextlib import suppress
from pathlib import Path

import polars as pl
import pytest

from outlast.files import foreign
from outlast.files.foreign import check_workbook, read_parquet
from outlast.files.sealed import Damaged
from outlast.record.faults import RecordError
from outlast.record.opening import opened

TABLE = pl.DataFrame({"whole": list(range(40)), "word": [f"w{i}" for i in range(40)], "share": [0.5] * 40})


def parquet(table: pl.DataFrame) -> bytes:
    stream = io.BytesIO()
    table.write_parquet(stream)
    return stream.getvalue()


def workbook(cells: str, *, sheet: str = "xl/worksheets/sheet1.xml") -> bytes:
    """As much of a workbook as is looked at before it is opened."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("[Content_Types].xml", "<Types/>")
        packed.writestr(sheet, f"<worksheet><sheetData>{cells}</sheetData></worksheet>")
    return stream.getvalue()


def test_a_sound_table_comes_as_it_is():
    assert read_parquet(parquet(TABLE), "x").equals(TABLE)


def test_mutations_are_refused_or_read_and_the_next_file_is_none_the_worse():
    plain, chance, refused = parquet(TABLE), random.Random(5), 0
    for number in range(150):
        content = bytearray(plain)
        for _ in range(chance.choice([1, 1, 2, 5])):
            content[chance.randrange(len(content))] = chance.randrange(256)
        if number % 8 == 0:
            content = content[: chance.randrange(len(content))]
        with suppress(Damaged):
            read_parquet(bytes(content), "x.parquet")
            refused -= 1
        refused += 1
    assert refused > 50
    assert read_parquet(plain, "x").equals(TABLE)


def test_a_small_file_of_very_many_rows_is_refused_by_its_cells(tmp_path: Path):
    many = parquet(pl.DataFrame({"a": pl.repeat(1, foreign.MOST_CELLS + 1, eager=True)}))
    assert len(many) < 1_000_000
    with pytest.raises(Damaged, match=r"50,000,001 rows of 1 columns"):
        read_parquet(many, "x")
    (tmp_path / "x.parquet").write_bytes(many)
    with pytest.raises(RecordError, match=r"50,000,001 rows"):
        opened(tmp_path / "x.parquet")


@pytest.mark.parametrize(
    ("reader", "words"),
    [
        ("import time; input(); time.sleep(3600)", "comes to no end"),
        ("import os; input(); os.abort()", "more memory than there is"),
        ("print(input()[:1], end='')", "more memory than there is"),
    ],
)
def test_a_reader_that_waits_or_dies_is_ended(monkeypatch: pytest.MonkeyPatch, reader: str, words: str):
    monkeypatch.setattr(foreign, "READER", reader)
    monkeypatch.setattr(foreign, "PATIENCE", 2.0 if "sleep" in reader else 120.0)
    own = foreign._Reader()
    monkeypatch.setattr(foreign, "_reader", lambda: own)
    with pytest.raises(Damaged, match=words):
        read_parquet(parquet(TABLE), "x")
    own._end()


@pytest.mark.parametrize(
    "cells",
    [
        '<row r="1"><c r="A1"/></row><row r="1048576"><c r="XFD1048576"/></row>',
        '<row r="1"><c r="A1"/><c t="s" r="XFD1"/></row><row spans="1:1" r="1048576"><c/></row>',
        '<x:row r="99999999999"/>',
    ],
)
def test_a_sheet_whose_rectangle_is_too_large_is_refused(tmp_path: Path, cells: str):
    with pytest.raises(Damaged, match="reaches over"):
        check_workbook(workbook(cells), "x")
    (tmp_path / "x.xlsx").write_bytes(workbook(cells))
    with pytest.raises(RecordError, match="reaches over"):
        opened(tmp_path / "x.xlsx")


def test_an_ordinary_sheet_and_what_is_no_sheet_pass():
    check_workbook(workbook('<row r="1"><c r="A1"/><c r="BZ1"/></row><row r="2000"/>'), "x")
    check_workbook(workbook('<row r="99999999999"/>', sheet="xl/other.xml"), "x")


def test_a_workbook_that_unpacks_to_more_than_is_allowed_is_refused(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(foreign, "MOST_UNPACKED", 100)
    with pytest.raises(Damaged, match="bytes unpacked"):
        check_workbook(workbook("<row/>" * 100), "x")
    with pytest.raises(Damaged, match="no workbook"):
        check_workbook(b"PK\x03\x04 and no more", "x")
