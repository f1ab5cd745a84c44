"""The command ``outlast score``: what it prints and writes, and what it refuses, writing nothing."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from outlast.cli import app

SAID = """made,month,question,forecaster,form,at,value
2025-07-31,2025-08-01,attend,model,chance,yes,0.5
2025-08-31,2025-09-01,attend,model,chance,yes,0.2
2025-08-31,2025-09-01,territory,model,quantile,0.05,0.19
2025-08-31,2025-09-01,territory,model,quantile,0.5,0.195
2025-08-31,2025-09-01,territory,model,quantile,0.95,0.20
"""
CAME = """month,question,outcome
2025-06-01,attend,yes
2025-07-01,attend,yes
2025-08-01,attend,no
2025-09-01,attend,no
"""


@pytest.fixture(autouse=True)
def files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.chdir(tmp_path)
    Path("said.csv").write_text(SAID)
    Path("came.csv").write_text(CAME)


def printed(capsys: pytest.CaptureFixture[str], *words: str) -> str:
    """Run the command and return what it prints."""
    assert app.run_program(["score", *words]) == 0
    return capsys.readouterr().out


def test_the_first_line_says_whether_a_baseline_wins(capsys: pytest.CaptureFixture[str]):
    out = printed(capsys, "said.csv", "geneva")
    assert "baseline" in out.splitlines()[0]
    assert "persistence" in out
    assert "climatology" in out


def test_a_table_of_outcomes_serves_as_well_and_what_it_lacks_is_counted(capsys: pytest.CaptureFixture[str]):
    out = " ".join(printed(capsys, "said.csv", "came.csv").split())
    assert "base rate" in out
    assert "1 of territory" in out


def test_the_page_holds_everything_and_is_not_overwritten(capsys: pytest.CaptureFixture[str]):
    printed(capsys, "said.csv", "geneva", "--out", "page.html")
    page = Path("page.html").read_text(encoding="utf-8")
    assert page.count("<svg") == 2
    assert 'role="img" aria-label="Chart. attend' in page
    assert "://" not in page.replace("http://www.w3.org", "")
    assert app.run_program(["score", "said.csv", "geneva", "--out", "page.html"]) == app.MENDABLE
    assert "--force" in capsys.readouterr().err
    assert Path("page.html").read_text(encoding="utf-8") == page


def test_json_has_every_table(capsys: pytest.CaptureFixture[str]):
    found = json.loads(printed(capsys, "said.csv", "geneva", "--json", "--war-began", "2022-02-24"))
    assert set(found) == {"lines", "notes", "means", "curves", "levels", "scored"}
    assert {row["forecaster"] for row in found["means"] if row["question"] == "attend"} >= {"model", "base rate"}


@pytest.mark.parametrize(
    ("words", "why"),
    [
        (["absent.csv", "geneva"], "no file"),
        (["said.csv", "absent.csv"], "no file"),
        (["came.csv", "geneva"], "another table"),
        (["said.csv", "said.csv"], "another table"),
        (["said.csv", "came.csv", "--out", "no/page.html"], "no folder"),
        (["said.csv", "came.csv", "--war-began", "yesterday"], "--war-began"),
        (["bad.csv", "geneva", "--out", "page.html"], "row 1, value"),
        (["said.csv"], "OUTCOMES"),
    ],
)
def test_bad_input_is_refused_and_nothing_is_written(words: list[str], why: str, capsys: pytest.CaptureFixture[str]):
    Path("bad.csv").write_text(SAID.replace("0.5\n", "5\n", 1))
    before = sorted(os.listdir())
    assert app.run_program(["score", *words]) == app.MENDABLE
    told = capsys.readouterr()
    assert told.out == ""
    assert "Traceback" not in told.err
    assert why in " ".join(told.err.split())
    assert sorted(os.listdir()) == before
