"""A table file opened: by its content, whatever it is called, or refused with one clear fault."""

from __future__ import annotations

import io
import json
import zipfile
from pathlib import Path

import polars as pl
import pytest

from outlast.files import foreign
from outlast.record.faults import RecordError
from outlast.record.opening import MISSING, format_of, opened
from spoiling import as_csv

from .publishers import write_workbook


def refusal(path: Path) -> str:
    """Open what must be refused and return what is said."""
    with pytest.raises(RecordError) as caught:
        opened(path)
    text = str(caught.value)
    for word in ("found", "rule", "why", "remedy"):
        assert f"   {word}" in text
    return text


def test_cells_are_text_and_know_their_lines(tmp_path: Path):
    path = tmp_path / "a.csv"
    path.write_text('\ufeffa,b\n1," two\nlines "\n\n3,\n', encoding="utf-8")
    cells = opened(path)
    assert cells.table.rows() == [("1", "two\nlines"), ("3", None)]
    assert cells.lines == (2, 5)


def test_parquet_gives_the_same_cells(tmp_path: Path):
    pl.DataFrame({"a": [1, None], "b": ["x", " "]}).write_parquet(tmp_path / "a.parquet")
    assert opened(tmp_path / "a.parquet").table.rows() == [("1", "x"), (None, None)]


def test_json_rows_may_lack_a_key(tmp_path: Path):
    (tmp_path / "a.json").write_text('[{"a": 1, "b": "x"}, {"a": 2.5}]')
    assert opened(tmp_path / "a.json").table.rows() == [("1", "x"), ("2.5", None)]


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
    assert "a CSV file whose name ends in .xlsx" in refusal(tmp_path / "a.xlsx")
    (tmp_path / "b.xlsx").write_text("<!DOCTYPE html><p>not found")
    assert "a web page" in refusal(tmp_path / "b.xlsx")


def test_a_workbook_that_is_called_csv_is_refused(tmp_path: Path):
    with zipfile.ZipFile(tmp_path / "a.csv", "w") as archive:
        archive.writestr("xl/workbook.xml", "")
    assert "an Excel workbook" in refusal(tmp_path / "a.csv")


def test_a_broken_workbook_is_refused(tmp_path: Path):
    with zipfile.ZipFile(tmp_path / "a.xlsx", "w") as archive:
        archive.writestr("xl/workbook.xml", "nonsense")
    refusal(tmp_path / "a.xlsx")
    (tmp_path / "b.parquet").write_bytes(b"PAR1 nonsense")
    refusal(tmp_path / "b.parquet")
    (tmp_path / "c.json").write_bytes(b"[{")
    refusal(tmp_path / "c.json")
    (tmp_path / "d.json").write_bytes(b'{"a": 1}')
    assert "a list of objects" in refusal(tmp_path / "d.json")


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


FORMS = ("csv", "xlsx", "parquet", "json")


def written(folder: Path, form: str, rows: list[list[str]]) -> Path:
    """Write rows, header first, in one of the forms that are read."""
    path = folder / f"table.{form}"
    head, *rest = rows
    if form == "csv":
        path.write_text(as_csv(rows), encoding="utf-8")
    elif form == "json":
        path.write_text(json.dumps([dict(zip(head, row, strict=True)) for row in rest]))
    elif form == "parquet":
        pl.DataFrame(rest, schema=dict.fromkeys(head, pl.String), orient="row").write_parquet(path)
    else:
        write_workbook(path, rows)
    return path


@pytest.mark.parametrize("form", FORMS)
def test_every_form_knows_the_same_codes_for_what_is_not_known(form: str, tmp_path: Path):
    rows = [["a", "b"], *([code, "x"] for code in MISSING), ["", "x"], ["known", "x"]]
    cells = opened(written(tmp_path, form, rows))
    assert cells.table["a"].to_list() == [None] * (len(MISSING) + 1) + ["known"]


@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_columns_with_one_name_are_refused_in_every_form_that_can_have_them(form: str, tmp_path: Path):
    assert "2 columns named 'a'" in refusal(written(tmp_path, form, [["a", "b", "a"], ["1", "2", "3"]]))


def test_a_key_given_twice_in_a_json_object_is_refused(tmp_path: Path):
    (tmp_path / "a.json").write_text('[{"a": 1, "a": 2}]')
    assert "'a' twice" in refusal(tmp_path / "a.json")


@pytest.mark.parametrize("header", ["a,b", "a,b,", "a,b,,"])
def test_commas_at_the_end_of_every_line_are_left_out_and_counted(header: str, tmp_path: Path):
    (tmp_path / "a.csv").write_text(f"{header}\n1,2,,\n3,4,,\n")
    cells = opened(tmp_path / "a.csv")
    assert cells.table.rows() == [("1", "2"), ("3", "4")]
    assert cells.unnamed == 2


def test_lines_of_many_lengths_are_told_in_a_few_words(tmp_path: Path):
    (tmp_path / "a.csv").write_text("a,b\n" + "1,2,3\n" * 5000 + "1,2\n")
    text = refusal(tmp_path / "a.csv")
    assert len(text.splitlines()) < 100
    assert "4,990 more rows like these" in text


@pytest.mark.parametrize("length", [131_073, 1_000_000])
def test_a_long_cell_is_read(length: int, tmp_path: Path):
    (tmp_path / "a.csv").write_text(f'a,b\n"{"x" * length}",2\n')
    assert opened(tmp_path / "a.csv").table["a"].str.len_chars().to_list() == [length]


def test_an_open_quotation_mark_before_much_text_is_named_with_its_line(tmp_path: Path):
    (tmp_path / "a.csv").write_text('a,b\n1,2\n"1,2\n' + "x,y\n" * 100_000)
    text = refusal(tmp_path / "a.csv")
    assert "line 3" in text
    assert "quotation mark that is not closed" in text


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-32", "cp037"])
def test_other_encodings_are_refused(encoding: str, tmp_path: Path):
    (tmp_path / "a.csv").write_bytes("a,b\n1,2\n".encode(encoding))
    refusal(tmp_path / "a.csv")


def test_a_workbook_that_unpacks_to_too_much_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(foreign, "MOST_UNPACKED", 100)
    assert "at most 100" in refusal(written(tmp_path, "xlsx", [["a"], ["1"]]))
