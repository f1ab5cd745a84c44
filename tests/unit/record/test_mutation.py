"""Spoil files of every kind that is read: each is read or explains itself, and never fails in any other way."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Callable
from functools import partial
from pathlib import Path
from random import Random
from typing import Any

import polars as pl
import pytest

import outlast
from outlast.estimating.cases import cases_of, read_cases
from outlast.estimating.model_file import read_model
from outlast.record import read_record
from outlast.record.sources import SOURCES, import_file
from outlast.record.sources.readings import READINGS
from outlast.scenario.fault import ScenarioError
from outlast.scoring import read_forecasts, read_outcomes, score_forecasts
from spoiling import as_csv, mutations, spoilt_bytes, spoilt_rows, spoilt_text

from .publishers import SAMPLES, write_workbook

RECORD = """date,actor,kind,content,value,low,high,confidence,source,note
2026-03-01,challenger,attend,,,,,1,press,
2026-03-02,defender,table,soft_neutrality,,,,0.9,press,a note
2026-03-02,challenger,refuse,soft_neutrality,,,,0.9,press,
2026-03-05,patron,posture,sustain,,,,0.7,press,
2026-03-31,challenger,reading,territory,0.2,0.19,0.21,0.9,press,
2026-04-30,patron,reading,patience,0.5,,,0.3,press,
"""
SAID = """made,month,question,forecaster,form,at,value,note
2025-04-30,2025-05-01,attend,a,chance,yes,0.3,
2025-04-30,2025-05-01,posture,a,chance,surge,0.5,
2025-04-30,2025-05-01,posture,a,chance,sustain,0.5,
2025-05-31,2025-06-01,land,b,quantile,0.05,1,
2025-05-31,2025-06-01,land,b,quantile,0.95,3,
"""
CAME = """month,question,outcome,known,source
2025-04-01,attend,no,,x
2025-05-01,attend,yes,,x
2025-05-01,posture,surge,2025-06-02,x
2025-05-01,land,2,,x
2025-06-01,land,2.5,,x
"""
CASES = "m1,m2,x,trade,regime,w\n" + "".join(
    f"{i % 2},{i // 2 % 2},{i % 7 / 7},{i % 5 + 1},{'new' if i % 3 else 'old'},{i % 4}\n" for i in range(30)
)
MODEL = """game = "challenge"
outcomes = { moves = ["m1", "m2"] }
cluster = "w"
link = "logit"

[utilities]
u11 = [1, "x"]
u14 = [1, { factor = "regime", base = "old" }]
u24 = [1, { sqrt = "trade" }, { product = ["x", "trade"] }, { fixed = 1.0 }]
"""


def explained(read: Callable[[], Any]) -> Any:
    """Return what is read, or None where it is refused; a refusal must be whole and of bounded length."""
    try:
        return read()
    except ScenarioError as error:
        refusal = error
    assert refusal.faults
    for fault in refusal.faults:
        assert all([fault.found, fault.rule, fault.reason, fault.remedy, str(fault.place)])
    assert len(str(refusal)) < 100_000
    assert all(c.isprintable() or c == "\n" for c in str(refusal))
    return None


def written(folder: Path, rows: list[list[str]], form: str, random: Random) -> Path:
    """Write rows in one form, sometimes with spoilt bytes as well."""
    path = folder / f"spoilt.{form}"
    path.unlink(missing_ok=True)
    if form == "csv":
        path.write_bytes(spoilt_text(as_csv(rows), random))
        return path
    if form == "json":
        head, *rest = rows or [[]]
        text = json.dumps([dict(zip(head, row, strict=False)) for row in rest])
        path.write_bytes(spoilt_text(text, random))
        return path
    if form == "parquet":
        wide = min((len(row) for row in rows), default=0)
        columns = {
            f"{name}": [row[at] or None for row in rows[1:]] for at, name in enumerate(rows[0][:wide] if rows else [])
        }
        pl.DataFrame(columns).write_parquet(path)
    else:
        write_workbook(path, printable(rows))
        if random.random() < 0.3:
            respoilt(path, random)
    if random.random() < 0.3:
        path.write_bytes(spoilt_bytes(path.read_bytes(), random))
    return path


def printable(rows: list[list[str]]) -> list[list[str]]:
    """Return rows without the characters that no workbook can hold."""
    return [["".join(c for c in cell if c >= " " or c in "\t\n\r") for cell in row] for row in rows]


def respoilt(path: Path, random: Random) -> None:
    """Spoil the text of one part of a workbook and pack it again."""
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    name = random.choice(list(parts))
    parts[name] = spoilt_bytes(parts[name], random)
    book = io.BytesIO()
    with zipfile.ZipFile(book, "w") as archive:
        for each, content in parts.items():
            archive.writestr(each, content)
    path.write_bytes(book.getvalue())


def cut(text: str) -> list[list[str]]:
    return [line.split(",") for line in text.strip().split("\n")]


def spoil_and_read(rows: list[list[str]], folder: Path, read: Callable[[Path], Any], *, seed: str, usual: int) -> None:
    """Spoil a table again and again, in every form, and read what comes of it."""
    for number in range(mutations(usual)):
        random = Random(f"{seed} {number}")
        form = random.choice(("csv", "csv", "csv", "json", "xlsx", "parquet"))
        path = written(folder, spoilt_rows(rows, random), form, random)
        try:
            explained(partial(read, path))
        except Exception as error:
            error.add_note(f"seed {seed!r}, number {number}, {form}: {path.read_bytes()[:2000]!r}")
            raise


@pytest.mark.parametrize("name", SOURCES)
def test_every_publishers_file(name: str, tmp_path: Path):
    def read(path: Path) -> None:
        table = import_file(name, path).table
        table.to_dicts()
        table.write_csv()
        if name in READINGS:
            assert READINGS[name](table).width == 10

    header, rows = SAMPLES[name]
    spoil_and_read([header.split(","), *cut("\n".join(rows))], tmp_path, read, seed=name, usual=40)


def test_a_record(tmp_path: Path):
    war = outlast.read("geneva")

    def read(path: Path) -> None:
        record = read_record(path, scenario=war)
        record.by_month(war.as_of).to_dicts()

    spoil_and_read(cut(RECORD), tmp_path, read, seed="record", usual=150)


@pytest.mark.parametrize("which", ["forecasts", "outcomes"])
def test_forecasts_and_outcomes(which: str, tmp_path: Path):
    (tmp_path / "said").write_text(SAID)
    (tmp_path / "came").write_text(CAME)
    said, came = read_forecasts(tmp_path / "said"), read_outcomes(tmp_path / "came")

    def read(path: Path) -> None:
        if which == "forecasts":
            score_forecasts(read_forecasts(path), came)
        else:
            score_forecasts(said, read_outcomes(path))

    spoil_and_read(cut(SAID if which == "forecasts" else CAME), tmp_path, read, seed=which, usual=100)


def test_a_table_of_cases(tmp_path: Path):
    (tmp_path / "m.toml").write_text(MODEL)
    plan = read_model(tmp_path / "m.toml")

    def read(path: Path) -> None:
        assert cases_of(plan.model, read_cases(path), plan.cluster).total

    spoil_and_read(cut(CASES), tmp_path, read, seed="cases", usual=150)


def test_the_file_of_a_model(tmp_path: Path):
    (tmp_path / "c.csv").write_text(CASES)
    table = read_cases(tmp_path / "c.csv")
    for number in range(mutations(300)):
        random = Random(f"model {number}")
        path = tmp_path / "m.toml"
        path.write_bytes(spoilt_bytes(MODEL.encode(), random))

        def read(path: Path = path) -> None:
            plan = read_model(path)
            cases_of(plan.model, table, plan.cluster)

        try:
            explained(read)
        except Exception as error:
            error.add_note(f"number {number}: {path.read_bytes()!r}")
            raise
