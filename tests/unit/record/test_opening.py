"""A table file opened: by its content, whatever it is called, or refused with one clear fault."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import polars as pl
import pytest

from outlast.record.faults import RecordError
from outlast.record.opening import format_of, opened


def refusal(path: Path, *accepts: str) -> str:
    """Open what must be refused and return what is said."""
    with pytest.raises(RecordError) as caught:
        opened(path, accepts=accepts or ("csv",))
    text = str(caught.value)
    for word in ("found", "rule", "why", "remedy"):
        assert f"   {word}" in text
    return text


def test_cells_are_text_and_know_their_lines(tmp_path: Path):
    path = tmp_path / "a.csv"
    path.write_text('\ufeffa,b\n1," two\nlines "\n\n3,\n', encoding="utf-8")
    cells = opened(path, accepts=("csv",))
    assert cells.table.rows() == [("1", "two\nlines"), ("3", None)]
    assert cells.lines == (2, 5)


def test_parquet_gives_the_same_cells(tmp_path: Path):
    pl.DataFrame({"a": [1, None], "b": ["x", " "]}).write_parquet(tmp_path / "a.parquet")
    assert opened(tmp_path / "a.parquet", accepts=("parquet",)).table.rows() == [("1", "x"), (None, None)]


def test_json_rows_may_lack_a_key(tmp_path: Path):
    (tmp_path / "a.json").write_text('[{"a": 1, "b": "x"}, {"a": 2.5}]')
    assert opened(tmp_path / "a.json", accepts=("json",)).table.rows() == [("1", "x"), ("2.5", None)]


def test_format_is_told_by_content():
    book = io.BytesIO()
    with zipfile.ZipFile(book, "w") as archive:
        archive.writestr("xl/workbook.xml", "")
    assert format_of(book.getvalue()) == "xlsx"
    assert format_of(b"PK\x03\x04 something else") == "binary"
    assert format_of(b"a,b\n1,2\n") == "csv"
    assert format_of(b' [{"a": 1}]') == "json"
    assert format_of(b"PAR1....") == "parquet"
    assert format_of(b"\xd0\xcf\x11\xe0rest") == "xls"


@pytest.mark.parametrize("content", [b"", b"  \n\n", b"a,b\n"])
def test_empty_files_are_refused(content: bytes, tmp_path: Path):
    (tmp_path / "a.csv").write_bytes(content)
    refusal(tmp_path / "a.csv")


def test_a_csv_that_is_called_xlsx_is_refused(tmp_path: Path):
    (tmp_path / "a.xlsx").write_text("a,b\n1,2\n")
    assert "a CSV file whose name ends in .xlsx" in refusal(tmp_path / "a.xlsx", "csv")
    assert "the name ends in .xlsx but the content is a CSV file" in refusal(tmp_path / "a.xlsx", "xlsx")


def test_a_workbook_that_is_called_csv_is_refused(tmp_path: Path):
    with zipfile.ZipFile(tmp_path / "a.csv", "w") as archive:
        archive.writestr("xl/workbook.xml", "")
    assert "an Excel workbook" in refusal(tmp_path / "a.csv")


def test_a_broken_workbook_is_refused(tmp_path: Path):
    with zipfile.ZipFile(tmp_path / "a.xlsx", "w") as archive:
        archive.writestr("xl/workbook.xml", "nonsense")
    refusal(tmp_path / "a.xlsx", "xlsx")
    (tmp_path / "b.parquet").write_bytes(b"PAR1 nonsense")
    refusal(tmp_path / "b.parquet", "parquet")
    (tmp_path / "c.json").write_bytes(b"[{")
    refusal(tmp_path / "c.json", "json")
    (tmp_path / "d.json").write_bytes(b'{"a": 1}')
    assert "a list of objects" in refusal(tmp_path / "d.json", "json")


def test_every_ragged_row_is_told(tmp_path: Path):
    (tmp_path / "a.csv").write_text("a,b\n1,2\n1,2,3\n1\n")
    text = refusal(tmp_path / "a.csv")
    assert text.startswith("2 faults")
    assert "a.csv:3 row 2" in text
    assert "a.csv:4 row 3" in text


def test_columns_with_one_name_are_refused(tmp_path: Path):
    (tmp_path / "a.csv").write_text("a,a\n1,2\n")
    assert "2 columns named 'a'" in refusal(tmp_path / "a.csv")


@pytest.mark.parametrize(("mark", "words"), [(";", "semicolons"), ("\t", "tabs")])
def test_another_separator_is_named(mark: str, words: str, tmp_path: Path):
    (tmp_path / "a.csv").write_text(f"a{mark}b\n1,5{mark}2\n")
    assert f"not {words}" in refusal(tmp_path / "a.csv")


def test_what_cannot_be_read_is_explained(tmp_path: Path):
    (tmp_path / "readings.csv").write_text("a\n1\n")
    assert "readings.csv" in refusal(tmp_path / "reading.csv")
    assert "a directory" in refusal(tmp_path)
    refusal(tmp_path / "a\0b")
    refusal(tmp_path / ("x" * 400))
    (tmp_path / "latin.csv").write_bytes(b"a\nV\xe4rn\n")
    assert "UTF-8" in refusal(tmp_path / "latin.csv")
    (tmp_path / "quote.csv").write_text('a,b\n"1,2\n')
    assert "quotation mark" in refusal(tmp_path / "quote.csv")
