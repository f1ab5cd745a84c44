"""The commands of ``outlast record``: what they print and write, and what they refuse, writing nothing."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from importlib import import_module
from keyword import iskeyword
from pathlib import Path

import pytest

import refusing
from outlast.cli import app
from outlast.cli.record import COMMANDS

HEADER = "date,actor,kind,content,value,low,high,confidence,source\n"
ROW = "2026-03-01,challenger,attend,,,,,1,press\n"
BAD = {
    "bytes": (b"", "an empty file"),
    "header": (HEADER.encode(), "no rows"),
    "prose": (b"It was a dark and stormy night.\n" * 3, "another table"),
    "nulls": (b"\0" * 99, "no known table format"),
    "zip": (b"PK\x03\x04" + b"\0" * 99, "no known table format"),
    "latin": ((HEADER + ROW).replace("press", "pr\xe4ss").encode("latin-1"), "UTF-8"),
    "row": ((HEADER + ROW + ROW).encode(), "row 2, kind"),
}


@pytest.fixture(autouse=True)
def in_own_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.chdir(tmp_path)


def refused(capsys: pytest.CaptureFixture[str], *words: str) -> str:
    """Run `outlast record` with words that must be refused."""
    return refusing.refused(capsys, "record", *words)


@pytest.mark.parametrize("name", COMMANDS)
def test_command_is_documented_where_it_is_listed(name: str, capsys: pytest.CaptureFixture[str]):
    own = f"{name}_" if iskeyword(name) else name
    command = getattr(import_module(f"outlast.cli.record.{own}"), own)
    assert (command.__doc__ or "").strip().splitlines()[0] == COMMANDS[name]
    assert app.run_program(["record", name, "--help"]) == 0
    assert COMMANDS[name] in " ".join(capsys.readouterr().out.split())


@pytest.mark.parametrize("name", COMMANDS)
def test_wrong_options_are_refused(name: str, capsys: pytest.CaptureFixture[str]):
    refused(capsys, name)
    assert "--bogus" in refused(capsys, name, "--bogus")


def test_unknown_command_is_refused_with_the_nearest(capsys: pytest.CaptureFixture[str]):
    assert "Did you mean 'check'?" in refused(capsys, "chek", "geneva")


@pytest.mark.parametrize("command", ["check", "show"])
@pytest.mark.parametrize(("content", "words"), BAD.values(), ids=BAD)
def test_bad_file_is_explained(command: str, content: bytes, words: str, capsys: pytest.CaptureFixture[str]):
    Path("bad.csv").write_bytes(content)
    assert words in refused(capsys, command, "bad.csv")


@pytest.mark.parametrize("file", ["absent.csv", "genva", "", ".", "a\0b", "x" * 5000])
def test_what_is_no_file_is_explained(file: str, capsys: pytest.CaptureFixture[str]):
    refused(capsys, "check", file)


def test_unknown_scenario_is_refused(capsys: pytest.CaptureFixture[str]):
    assert "geneva" in refused(capsys, "check", "geneva", "--scenario", "genva")


def test_check_says_what_is_in_a_good_record(capsys: pytest.CaptureFixture[str]):
    assert app.run_program(["record", "check", "geneva", "--scenario", "geneva"]) == 0
    printed = capsys.readouterr()
    assert printed.out.startswith("geneva is a valid record\n")
    assert re.search(r"rows before +\d+", printed.out)
    assert "--scenario" in refused(capsys, "check", "geneva", "--from-start")
    assert "month 0 of geneva" in refused(capsys, "check", "geneva", "--scenario", "geneva", "--from-start")


def test_check_writes_findings_as_json(capsys: pytest.CaptureFixture[str]):
    assert app.run_program(["record", "check", "geneva", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["record"]["kinds"]["reading"] > 20
    Path("bad.csv").write_text(HEADER + ROW + ROW)
    assert app.run_program(["record", "check", "bad.csv", "--json"]) == app.MENDABLE
    (fault,) = json.loads(capsys.readouterr().out)["faults"]
    assert (fault["line"], fault["path"]) == (3, "row 2, kind")


def test_show_prints_the_rows_and_writes_a_page_once(capsys: pytest.CaptureFixture[str]):
    assert app.run_program(["record", "show", "geneva", "--scenario", "geneva", "--out", "page.html"]) == 0
    assert "2025-05-16" in capsys.readouterr().out
    page = Path("page.html").read_text(encoding="utf-8")
    assert "Swissinfo" in page
    assert "Russia" in page
    assert page.count("<svg") == 2
    assert not re.search(r"""(?:src|href)=["']|url\(["']?http|@import""", page)
    assert "exists already" in refused(capsys, "show", "geneva", "--out", "page.html")
    assert app.run_program(["record", "show", "geneva", "--out", "page.html", "--force"]) == 0


@pytest.mark.parametrize("out", [".", "no/folder/x.html", "x" * 300])
def test_show_explains_a_page_that_cannot_be_written(out: str, capsys: pytest.CaptureFixture[str]):
    assert "was not written" in refused(capsys, "show", "geneva", "--out", out)


def test_what_a_record_says_is_shown_as_text(capsys: pytest.CaptureFixture[str]):
    Path("r.csv").write_text(HEADER + ROW.replace("press", "<script>alert(1)</script>"))
    assert app.run_program(["record", "show", "r.csv"]) == 0
    assert "<script>alert" not in Path("r-timeline.html").read_text(encoding="utf-8")


@pytest.fixture
def area_file() -> Path:
    path = Path("area.csv")
    header = "date,area_assessed_as_russia_controlled,area_assessed_as_russia_controlled_percent"
    path.write_text(f"{header}\n2024-01-31,120725600000,20\n", encoding="utf-8")
    return path


def test_import_writes_a_table_and_says_what_to_know(area_file: Path, capsys: pytest.CaptureFixture[str]):
    for name in ("out.csv", "out.parquet"):
        assert app.run_program(["record", "import", "economist_area", str(area_file), "--out", name]) == 0
        assert "never take differences over less than a month" in capsys.readouterr().out
    assert Path("out.csv").read_text() == "date,area_km2,share\n2024-01-31,120725.6,0.2\n"
    again = ["import", "economist_area", str(area_file), "--out", "out.csv"]
    assert "exists already" in refused(capsys, *again)
    assert app.run_program(["record", *again, "--force"]) == 0


def test_import_refuses_before_it_writes(area_file: Path, capsys: pytest.CaptureFixture[str]):
    assert "perhaps kiel" in refused(capsys, "import", "keil", str(area_file), "--out", "o.csv")
    assert "import it as economist_area" in refused(capsys, "import", "kiel", str(area_file), "--out", "o.csv")
    assert "neither .csv nor .parquet" in refused(capsys, "import", "economist_area", str(area_file), "--out", "o.xlsx")
    assert "no file" in refused(capsys, "import", "kiel", "absent.csv", "--out", "o.csv")
    assert "there is no folder" in refused(capsys, "import", "economist_area", str(area_file), "--out", "no/o.csv")


def test_import_lists_the_sources(capsys: pytest.CaptureFixture[str]):
    assert app.run_program(["record", "import", "--list"]) == 0
    assert "kiel" in capsys.readouterr().out


def test_import_makes_readings_that_are_a_record(area_file: Path, capsys: pytest.CaptureFixture[str]):
    arguments = ["import", "economist_area", str(area_file), "--out", "rows.csv", "--readings"]
    assert app.run_program(["record", *arguments]) == 0
    assert app.run_program(["record", "check", "rows.csv", "--scenario", "geneva"]) == 0
    assert "reading 1" in capsys.readouterr().out
    assert "not from polls" in refused(capsys, "import", "polls", "absent.csv", "--out", "o.csv", "--readings")


def test_check_loads_no_engine():
    code = (
        "import sys; from outlast.cli.app import run_program;"
        " run_program(['record', 'check', 'geneva']); print(*sys.modules)"
    )
    finished = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True, text=True)
    assert not {"jax", "altair", "equinox", "lifelines", "matplotlib"} & set(finished.stdout.split())
