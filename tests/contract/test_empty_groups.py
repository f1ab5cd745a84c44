"""A group that a scenario leaves empty keeps its place: every command answers, and every table has its columns."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import polars as pl
import pytest

import outlast as ol
from outlast.answers import job
from outlast.cli import app
from outlast.cli.run import Plan
from outlast.scenario.shipped import shipped_path
from tiny import LEVELS

FEWEST = 16


def whole_words() -> dict[str, Any]:
    """Return a tiny war in which no group is empty, without a base: over a base an empty list keeps what that has."""
    path = shipped_path("starter")
    assert path is not None
    words = tomllib.loads(path.read_text(encoding="utf-8"))
    words["scenario"] |= {"months": 12, "resolution": "coarse"}
    words["events"][1]["month"] = 6
    words["belief"]["levels"] = [0.0, 0.5, 1.0]
    for stock, levels in LEVELS.items():
        words["stocks"][stock]["levels"] = levels
    for stock in ("endurance", "patience"):
        words["stocks"][stock]["start"] = {"value": 1.0, "low": 0.5, "high": 1.0, "source": "the press"}
    return words


def toml(value: Any) -> str:
    """Write one value as TOML on one line."""
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{json.dumps(key)} = {toml(inner)}" for key, inner in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(toml, value)) + "]"
    return json.dumps(value, ensure_ascii=False) if isinstance(value, str | bool) else str(value)


def written(path: Path, words: Mapping[str, Any]) -> str:
    """Write a scenario file and return its name."""
    path.write_text("".join(f"{key} = {toml(value)}\n" for key, value in words.items()), encoding="utf-8")
    return str(path)


def plain(value: Any) -> Any:
    """Return words with every range, source and basis taken out."""
    if isinstance(value, Mapping):
        return value["value"] if "value" in value else {key: plain(inner) for key, inner in value.items()}
    return [plain(each) for each in value] if isinstance(value, list) else value


def switched_off(words: dict[str, Any]) -> dict[str, Any]:
    """Return words with every mechanism switched off."""
    return words | {"mechanisms": {name: each | {"enabled": False} for name, each in words["mechanisms"].items()}}


def without_pools(words: dict[str, Any]) -> dict[str, Any]:
    """Return words in which nobody can be recruited."""
    mechanisms = words["mechanisms"]
    return words | {"mechanisms": mechanisms | {"manpower": mechanisms["manpower"] | {"pools": []}}}


EMPTIED = {
    "claims and pools": lambda words: without_pools(words) | {"claims": []},
    "events, ranges and sources": lambda words: plain(words | {"events": []}),
    "mechanisms": switched_off,
    "everything": lambda words: plain(switched_off(without_pools(words)) | {"claims": [], "events": []}),
}


@pytest.fixture(scope="module", autouse=True)
def solved_here_and_once():
    """Let commands that ask the same of the same scenario share the answers, and solve draws in this process."""
    found: dict[tuple, object] = {}
    answers = Plan.answers

    def once(self: Plan, say):
        key = (self.scenario.hash, self.draws)
        if key not in found:
            found[key] = answers(self, say)
        return found[key]

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(Plan, "answers", once)
        patched.setattr("outlast.cli.run.PROCESSES", 0)
        yield


@pytest.fixture(scope="module")
def full(tmp_path_factory: pytest.TempPathFactory) -> str:
    return written(tmp_path_factory.mktemp("full") / "full.toml", whole_words())


@pytest.fixture(scope="module")
def schemas(full: str, tmp_path_factory: pytest.TempPathFactory) -> dict[str, pl.Schema]:
    """The columns of every table where no group is empty."""
    out = tmp_path_factory.mktemp("out") / "report"
    assert app.run_program(["run", full, "--draws", "1", "--out", str(out), "--json"]) in (0, 1)
    return tables(out)


def tables(report: Path) -> dict[str, pl.Schema]:
    found = {path.stem: pl.read_parquet(path).schema for path in (report / "tables").glob("*.parquet")}
    assert found
    return found


def answered(file: str, out: Path, capsys: pytest.CaptureFixture[str], *, draws: int = 1) -> dict:
    """Put every command to a scenario; return what ``run`` gives as JSON."""
    assert app.run_program(["check", file]) == 0
    assert app.run_program(["check", file, "--json"]) == 0
    capsys.readouterr()
    assert app.run_program(["claims", file, "--draws", str(draws)]) in (0, 1)
    assert "The claim" in (said := capsys.readouterr().out) or "names no claims" in said
    assert app.run_program(["run", file, "--draws", str(draws), "--out", str(out)]) in (0, 1)
    assert "The report is in" in capsys.readouterr().out
    return json.loads((out / "answers.json").read_text(encoding="utf-8"))


@pytest.mark.parametrize("group", EMPTIED)
def test_every_command_answers_without(group, schemas, full: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    file = written(tmp_path / "war.toml", EMPTIED[group](whole_words()))
    found = answered(file, tmp_path / "report", capsys)
    assert tables(tmp_path / "report") == schemas
    assert found["tables"].keys() >= {"claims", "assumptions", "headlines"}
    assert "nan" not in " ".join(found["verdict"])
    assert bool(found["tables"]["claims"]) == (group != "everything" and "claims" not in group)
    if group in ("events, ranges and sources", "everything"):
        assert not any(row["varied"] or row["source"] for row in found["tables"]["assumptions"])
    assert app.run_program(["compare", full, file, "--draws", "1", "--json"]) in (0, 1)
    compared = json.loads(capsys.readouterr().out)
    assert {"assumptions", "headlines", "claims", "deals"} <= set(compared)
    assert app.run_program(["compare", file, full, "--draws", "1"]) in (0, 1)
    assert "Headlines" in capsys.readouterr().out


def test_claims_may_be_left_out_altogether():
    words = whole_words()
    empty, absent = words | {"claims": []}, {key: value for key, value in words.items() if key != "claims"}
    assert ol.read(empty).hash == ol.read(absent).hash


def test_every_draw_may_be_without_a_solution(schemas, tmp_path: Path, monkeypatch, capsys):
    """Sixteen draws of which none has a solution are told, and leave ranges, shares and counts empty."""
    words, solve = whole_words(), job._solve

    def centre_alone(game, paths, asked, keep):
        if asked.draw != job.CENTRE:
            raise OverflowError("too large")
        return solve(game, paths, asked, keep)

    monkeypatch.setattr(job, "_solve", centre_alone)
    found = answered(written(tmp_path / "war.toml", words), tmp_path / "report", capsys, draws=FEWEST)
    assert tables(tmp_path / "report") == schemas
    assert (found["record"]["draws"], found["record"]["draws_failed"]) == (FEWEST, FEWEST)
    assert f"{FEWEST} of {FEWEST} draws failed" in found["record"]["trust"]
    assert all(row["low"] is None and row["high"] is None for row in found["tables"]["headlines"])
    assert found["tables"]["claims"]
    for row in found["tables"]["claims"]:
        assert (row["held"], row["draws"], row["share"]) == (0, 0, None)
        assert row["holds"] is not None, "the central numbers have a solution"
