"""A group that a scenario leaves empty keeps its place: every command answers, and every table has its columns."""

from __future__ import annotations

import json
from pathlib import Path

import polars as pl
import pytest

from outlast.cli import app
from outlast.cli.run import Plan

MECHANISMS = (
    "patience", "styles", "talks_shield", "alignment", "front", "endurance", "manpower", "home_front", "aspiration",
    "packages", "resumption", "guarantees",
)  # fmt: skip

WAR = """
[belief]
staller = {staller}
levels = [0.0, 0.5, 1.0]
[stocks.territory.levels]
line = 0.4
all = 1.0
[stocks.forces.levels]
worn = 0.6
start = 1.0
[stocks.endurance]
start = 1.0
[stocks.endurance.levels]
broken = 0.0
fresh = 1.0
[stocks.patience]
start = 1.0
[stocks.patience.levels]
gone = 0.0
resolute = 1.0
"""

PACKAGE = """
[[packages]]
name = "{name}"
title = "{name}"
line = "current"
guarantee = "{guarantee}"
alliances = "open"
demilitarised = false
sanctions_relief = "none"
"""


def written(path: Path, *, top: str = "", more: str = "", months: int = 24, staller: str = "0.5") -> str:
    """Write a small war over the starter: ``top`` stands before the first section, ``more`` after the last."""
    head = f'{top}\n[scenario]\nbase = "starter"\nmonths = {months}\nresolution = "coarse"\n'
    path.write_text(head + WAR.format(staller=staller) + more, encoding="utf-8")
    return str(path)


def starter_without_ranges() -> str:
    """Return the whole starter with every range taken out."""
    import re

    from outlast.scenario.shipped import shipped_path

    path = shipped_path("starter")
    assert path is not None
    bare = re.sub(r"\{value = ([-\d.]+), low = [-\d.]+, high = [-\d.]+\}", r"\1", path.read_text(encoding="utf-8"))
    assert "low" not in re.sub(r"#.*|\"[^\"]*\"|lower", "", bare).replace("slow", "").replace("below", "")
    return re.sub(r'resolution = "\w+"', 'resolution = "coarse"', re.sub(r"\nmonths = \d+", "\nmonths = 24", bare))


SCENARIOS = {
    "everything": {},
    "no pools": {"more": "[mechanisms.manpower]\npools = []\n"},
    "one package": {"more": PACKAGE.format(name="bare", guarantee="none")},
    "no guarantee is enforceable": {"more": "".join(PACKAGE.format(name=f"p{i}", guarantee="soft") for i in (1, 2))},
    "no mechanism": {"more": "".join(f"[mechanisms.{name}]\nenabled = false\n" for name in MECHANISMS)},
    "nothing but a package": {
        "more": PACKAGE.format(name="bare", guarantee="none")
        + "".join(f"[mechanisms.{name}]\nenabled = false\n" for name in MECHANISMS),
    },
    "no settler": {"staller": "1.0"},
    "no staller": {"staller": "0.0"},
}  # fmt: skip


@pytest.fixture(scope="module", autouse=True)
def solved_once():
    """Let commands that ask the same of the same scenario share the answers: each is solved once."""
    found: dict[tuple, object] = {}
    plain = Plan.answers

    def answers(self: Plan, say):
        key = (self.scenario.hash, self.resolution, self.sensitivity)
        if key not in found:
            found[key] = plain(self, say)
        return found[key]

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(Plan, "answers", answers)
        yield


@pytest.fixture(scope="module")
def full(tmp_path_factory: pytest.TempPathFactory) -> str:
    return written(tmp_path_factory.mktemp("full") / "full.toml")


@pytest.fixture(scope="module")
def schemas(full: str, tmp_path_factory: pytest.TempPathFactory) -> dict[str, pl.Schema]:
    """The columns of every table where no group is empty."""
    out = tmp_path_factory.mktemp("out") / "report"
    assert app.run_program(["run", full, "--draws", "1", "--out", str(out), "--json"]) in (0, 1)
    return tables(out)


def tables(report: Path) -> dict[str, pl.Schema]:
    return {path.stem: pl.read_parquet_schema(path) for path in (report / "tables").glob("*.parquet")}  # pyright: ignore


def answered(file: str, out: Path, capsys: pytest.CaptureFixture[str], *options: str) -> dict:
    """Put every command to a scenario; return what ``run`` gives as JSON."""
    assert app.run_program(["check", file]) == 0
    assert app.run_program(["check", file, "--json"]) == 0
    capsys.readouterr()
    assert app.run_program(["claims", file, *(option for option in options if option != "--sensitivity")]) in (0, 1)
    assert "The claim" in (said := capsys.readouterr().out) or "names no claims" in said
    assert app.run_program(["run", file, *options, "--out", str(out)]) in (0, 1)
    assert "The report is in" in capsys.readouterr().out
    return json.loads((out / "answers.json").read_text(encoding="utf-8"))


@pytest.mark.parametrize("name", SCENARIOS)
def test_every_command_answers(name: str, schemas, full: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    file = written(tmp_path / "war.toml", **SCENARIOS[name])
    answers = answered(file, tmp_path / "report", capsys, "--draws", "1")
    assert tables(tmp_path / "report") == schemas
    assert all(sentence for sentence in answers["verdict"])
    assert "nan" not in " ".join(answers["verdict"])
    assert app.run_program(["compare", full, file, "--json"]) in (0, 1)
    compared = json.loads(capsys.readouterr().out)
    assert {"assumptions", "headlines", "claims", "deals"} <= set(compared)
    assert app.run_program(["compare", file, full]) in (0, 1)
    assert "Headlines" in capsys.readouterr().out


@pytest.mark.parametrize("dropped", [(), ("claims",), ("events",), ("claims", "events")])
def test_without_ranges_and_sources(dropped, schemas, tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    """Over a base an empty list keeps what the base has, so these scenarios are written whole."""
    import re

    file, text = tmp_path / "bare.toml", starter_without_ranges()
    for group in dropped:
        text = re.sub(rf"\n\[\[{group}\]\][^\[]*(?=\n\[\[|\n#|\Z)", "", text)
        text = re.sub(rf"\n\[\[{group}\]\].*?(?=\n\[\[|\n# ---|\Z)", "", text, flags=re.DOTALL)
    file.write_text(text, encoding="utf-8")
    answers = answered(str(file), tmp_path / "report", capsys, "--draws", "1")
    assert bool(answers["tables"]["claims"]) == ("claims" not in dropped)
    assert not any(row["varied"] or row["source"] for row in answers["tables"]["assumptions"])
    assert tables(tmp_path / "report") == schemas
