"""No CSV file that a command writes holds a text that a spreadsheet would run, and our own commands read it back."""

from __future__ import annotations

import csv
import re
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from outlast.cli import app
from outlast.record.opening import MISSING, opened
from outlast.reporting.cells import marked_text, write_csv
from small_war import SMALL

SIGNS = ("=", "+", "-", "@", "\t", "\r")
WAR = (
    SMALL.replace("[belief]", '[parties]\nchallenger = "=cmd"\ndefender = "+cmd"\npatron = "@cmd"\n\n[belief]')
    + """
[payoffs]
cost_slope = {value = 0.2, low = 0.1, high = 0.3, source = "=1+1", basis = "judgement"}

[[packages]]
name = "bare_ceasefire"
title = "@package"

[[events]]
name = "+event"
month = 5
set = {"payoffs.cost_slope" = 0.25}
"""
)
RECORD = """date,actor,kind,content,value,low,high,confidence,source
2030-03-05,=cmd,attend,,,,,0.9,=press
2030-04-06,=cmd,stay_away,,,,,0.9,@press
2030-04-20,@cmd,posture,withhold,,,,0.7,-press
"""
POLLS = 'series,poll_id,period,answer,share\n=S,+P,2024,-answer,0.5\n=S,+P,2024,"@a, b",0.4\n=S,+P,2024,\'=c,0.1\n'
CASES = "m1,m2,x\n" + "".join(f"{i % 2},{i // 2 % 2},{i % 7 - 3}\n" for i in range(40))
MODEL = 'game = "challenge"\noutcomes = {moves = ["m1", "m2"]}\n[utilities]\nu11 = [1]\nu24 = [1, "x"]\n'


@pytest.fixture(autouse=True)
def files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.chdir(tmp_path)
    contents = {"war.toml": WAR, "record.csv": RECORD, "polls.csv": POLLS, "cases.csv": CASES, "model.toml": MODEL}
    for name, content in contents.items():
        Path(name).write_text(content, encoding="utf-8")


def is_number(text: str) -> bool:
    """Say whether a cell is a number."""
    return re.fullmatch(r"[+-]?[0-9.]+([eE][+-]?[0-9]+)?", text) is not None


def harmless(folder: Path) -> int:
    """Check every cell of every CSV file below a folder; return how many were marked."""
    marked = 0
    for path in folder.rglob("*.csv"):
        with path.open(encoding="utf-8", newline="") as stream:
            for row in csv.reader(stream):
                assert not [cell for cell in row if cell.startswith(SIGNS) and not is_number(cell)], path
                marked += sum(cell.startswith("'") for cell in row)
    return marked


@pytest.mark.parametrize(
    "words",
    [
        ["run", "war.toml", "--draws", "0", "--out", "out"],
        ["fit", "war.toml", "record.csv", "--draws", "2", "--no-refresh", "--out", "out"],
        ["forecast", "war.toml", "record.csv", "--draws", "2", "--no-refresh", "--out", "out"],
        ["record", "import", "polls", "polls.csv", "--out", "out/polls.csv"],
        ["estimate", "model.toml", "cases.csv", "--beliefs", "out/beliefs.csv"],
    ],
    ids=lambda words: words[0],
)
def test_what_a_command_writes(words: list[str], capsys: pytest.CaptureFixture[str]):
    if words[0] in ("record", "estimate"):
        Path("out").mkdir()
    assert app.run_program(words) == 0, capsys.readouterr().err
    marked = harmless(Path("out"))
    assert marked > 0 or words[0] not in ("run", "record")
    for path in Path("out").rglob("*.csv"):
        if path.with_suffix(".parquet").exists() and pl.read_parquet(path.with_suffix(".parquet")).height:
            again, before = opened(path).table, opened(path.with_suffix(".parquet")).table
            for name, kind in pl.read_parquet_schema(path.with_suffix(".parquet")).items():
                if kind == pl.String:
                    assert again[name.strip()].to_list() == before[name].to_list()


def test_a_record_of_ours_is_read_with_its_own_texts(capsys: pytest.CaptureFixture[str]):
    table = pl.read_csv("record.csv", infer_schema=False).filter(pl.col("actor") == "=cmd")
    write_csv(table, Path("again.csv"))
    assert app.run_program(["record", "check", "again.csv", "--scenario", "war.toml"]) == 0
    assert "valid record" in capsys.readouterr().out


TEXTS = st.one_of(
    st.text(st.characters(exclude_categories=("Cc", "Cs")), max_size=8),
    st.builds("".join, st.lists(st.sampled_from("'=+-@ \t\r\n1.ex,\"\uff1d\ufeff"), max_size=6)),
)


@given(st.lists(TEXTS.filter(lambda text: "\0" not in text), min_size=1, max_size=5))
def test_any_text_comes_back(tmp_path_factory: pytest.TempPathFactory, texts: list[str]):
    path = tmp_path_factory.getbasetemp() / "texts" / "texts.csv"
    path.parent.mkdir(exist_ok=True)
    write_csv(pl.DataFrame({"n": range(len(texts)), "=text": texts}), path)
    harmless(path.parent)
    told = [text.strip() for text in texts]
    assert opened(path).table["=text"].to_list() == [None if text in ("", *MISSING) else text for text in told]


@pytest.mark.parametrize("number", ["-1", "+1", "-1.5e-3", "-.5", "1"])
def test_numbers_stay(number: str):
    assert marked_text(number) == number


def test_numbers_in_columns_stay(tmp_path: Path):
    write_csv(pl.DataFrame({"a": [-1.5, None], "b": [True, None], "c": [-3, 4]}), tmp_path / "a.csv")
    assert (tmp_path / "a.csv").read_text() == "a,b,c\n-1.5,true,-3\n,,4\n"
