from __future__ import annotations

import json
import os
import stat
from datetime import date

import polars as pl
import pytest

from outlast.reporting import saving
from outlast.reporting.saving import OutputExists, as_json, save_report

from . import synthetic

PAGE = "<!DOCTYPE html><title>x</title>"


@pytest.fixture
def made():
    return synthetic.answers()


def test_every_table_is_written_and_reads_back(made, tmp_path):
    written = save_report(PAGE, answers=made, folder=tmp_path / "deep" / "out")
    assert written == tmp_path / "deep" / "out" / "report.html"
    assert written.read_text(encoding="utf-8") == PAGE
    tables = written.parent / "tables"
    assert {file.stem for file in tables.glob("*.csv")} == set(synthetic.TABLES)
    for name, table in made.tables.items():
        assert pl.read_parquet(tables / f"{name}.parquet").equals(table)
        read = pl.read_csv(tables / f"{name}.csv", infer_schema_length=None)
        assert read.columns == table.columns
        assert read.height == table.height


def test_json_holds_everything(made):
    content = json.loads(as_json(made))
    assert content["verdict"] == list(made.verdict)
    assert content["record"]["seed"] == 7
    assert content["headlines"]["durable"]["value"] == 0
    assert set(content["tables"]) == set(synthetic.TABLES)
    assert content["tables"]["rounds"][0]["date"] == "2026-03-18"
    assert len(content["tables"]["paths"]) == made.tables["paths"].height


def test_json_has_no_numbers_that_json_lacks(made):
    made.tables["stall"] = pl.DataFrame({"value": [float("nan"), float("inf"), 1.0], "day": [date(2026, 1, 1)] * 3})
    content = json.loads(as_json(made), parse_constant=lambda name: pytest.fail(name))
    assert [row["value"] for row in content["tables"]["stall"]] == [None, None, 1.0]


def test_nested_columns_become_json_in_csv(made, tmp_path):
    made.tables["stall"] = pl.DataFrame({"members": [[1, 2], [3]]})
    save_report(PAGE, answers=made, folder=tmp_path / "out")
    assert pl.read_csv(tmp_path / "out" / "tables" / "stall.csv")["members"].to_list() == ["[1, 2]", "[3]"]


def test_an_earlier_report_is_not_overwritten(made, tmp_path):
    save_report(PAGE, answers=made, folder=tmp_path / "out")
    with pytest.raises(OutputExists, match=r"already holds report.html.*force") as caught:
        save_report("new", answers=made, folder=tmp_path / "out")
    assert caught.value.path == tmp_path / "out"
    assert (tmp_path / "out" / "report.html").read_text() == PAGE


def test_force_overwrites_and_leaves_other_files(made, tmp_path):
    save_report(PAGE, answers=made, folder=tmp_path)
    (tmp_path / "notes.txt").write_text("mine")
    (tmp_path / "tables" / "mine.csv").write_text("mine")
    save_report("new", answers=made, folder=tmp_path, force=True)
    assert (tmp_path / "report.html").read_text() == "new"
    assert (tmp_path / "notes.txt").read_text() == "mine"
    assert (tmp_path / "tables" / "mine.csv").read_text() == "mine"


def test_a_folder_with_other_files_is_no_earlier_report(made, tmp_path):
    (tmp_path / "notes.txt").write_text("mine")
    assert save_report(PAGE, answers=made, folder=tmp_path).exists()


def test_a_file_in_the_way_is_refused_even_with_force(made, tmp_path):
    (tmp_path / "out").write_text("mine")
    with pytest.raises(OutputExists, match="is a file"):
        save_report(PAGE, answers=made, folder=tmp_path / "out", force=True)


def test_failure_leaves_what_was_there_and_no_litter(made, tmp_path, monkeypatch):
    save_report(PAGE, answers=made, folder=tmp_path / "out")
    monkeypatch.setattr(saving, "as_json", lambda answers: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        save_report("new", answers=made, folder=tmp_path / "out", force=True)
    assert (tmp_path / "out" / "report.html").read_text() == PAGE
    assert os.listdir(tmp_path) == ["out"]


def test_table_names_cannot_leave_the_folder(made, tmp_path):
    made.tables["../evil"] = pl.DataFrame({"x": [1]})
    with pytest.raises(ValueError, match="no name for a table"):
        save_report(PAGE, answers=made, folder=tmp_path / "out")
    assert os.listdir(tmp_path) == []


def test_others_may_read_the_folder_as_usual(made, tmp_path):
    before = os.umask(0o022)
    try:
        save_report(PAGE, answers=made, folder=tmp_path / "out")
    finally:
        os.umask(before)
    assert stat.S_IMODE((tmp_path / "out").stat().st_mode) == 0o755


def test_report_saves_itself(full, tmp_path):
    assert full.save(tmp_path / "out").read_text(encoding="utf-8") == full.html
    with pytest.raises(OutputExists):
        full.save(str(tmp_path / "out"))
    full.save(tmp_path / "out", force=True)
