"""The command ``outlast gallery``: what it lists, prints and refuses, and that the pages are the generator's."""

from __future__ import annotations

import importlib.util
import json
import re
from pathlib import Path
from types import ModuleType

import pytest

from outlast.cli import app
from outlast.gallery import MODELS, Row

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def writer() -> ModuleType:
    spec = importlib.util.spec_from_file_location("write_gallery", ROOT / "docs" / "write_gallery.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_it_lists_every_model(capsys: pytest.CaptureFixture[str]):
    assert app.run_program(["gallery"]) == 0
    assert [line.split()[0] for line in capsys.readouterr().out.splitlines()] == list(MODELS)


def test_it_prints_a_table(capsys: pytest.CaptureFixture[str]):
    assert app.run_program(["gallery", "rearmament"]) == 0
    assert "0.1888888889" in capsys.readouterr().out
    assert app.run_program(["gallery", "rearmament", "--json"]) == 0
    (record, *_) = json.loads(capsys.readouterr().out)["rearmament"]
    assert record["holds"] is True
    assert record["error"] <= record["tolerance"]


def test_a_missed_figure_is_said_and_ends_in_failure(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr("outlast.gallery.rows_of", lambda name: [Row("off", 1.0, 2.0, 0.1)])
    assert app.run_program(["gallery", "powell"]) == 1
    assert "missed" in capsys.readouterr().out


@pytest.mark.parametrize("words", [["rubinstien"], ["powell", "--all"]])
def test_what_it_refuses(words: list[str], capsys: pytest.CaptureFixture[str]):
    assert app.run_program(["gallery", *words]) == app.MENDABLE
    printed = capsys.readouterr()
    assert printed.out == ""
    assert "model" in printed.err
    assert "Traceback" not in printed.err


@pytest.mark.parametrize("name", MODELS)
def test_page_is_the_generators(name: str, writer: ModuleType):
    """Everything but the figures, which the oracle tests compare: solving all models again takes a minute."""
    text = (ROOT / "docs" / "gallery" / f"{name}.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| (?!quantity|---)(.+) \|$", text, re.MULTILINE)
    assert rows
    assert text == writer.page(name, [f"| {row} |" for row in rows])
    assert (ROOT / "docs" / "gallery" / f"{name}.svg").stat().st_size < 60_000


def test_index_is_the_generators(writer: ModuleType):
    assert (ROOT / "docs" / "gallery" / "README.md").read_text(encoding="utf-8") == writer.index()


@pytest.mark.parametrize(
    ("name", "question", "published"),
    [
        ("attrition", "the first quits", [0.00492848, 0.32077073, 0.89686526]),
        ("lewis_schultz", "B resists", [0.296451824, 0.472423231, 0.874031428]),
    ],
)
def test_random_starts_find_every_known_equilibrium(
    name: str, question: str, published: list[float], capsys: pytest.CaptureFixture[str]
):
    assert app.run_program(["gallery", name, "--multistart", "16", "--seed", "3", "--json"]) == 0
    record = json.loads(capsys.readouterr().out)[name]
    found = [one["answers"][question] for one in record["equilibria"]]
    assert sorted(found) == pytest.approx(published, abs=1e-7)
    assert record["seed"] == 3
    assert record["failed"] + sum(one["starts"] for one in record["equilibria"]) == record["starts"] == 16
    assert record["spread"][question] == pytest.approx(published[-1] - published[0], abs=1e-7)
    (chosen,) = [one["answers"][question] for one in record["equilibria"] if one["principal"]]
    assert chosen == pytest.approx(published[1 if name == "attrition" else 0], abs=1e-7)


def test_equilibria_are_printed_with_what_they_differ_in(capsys: pytest.CaptureFixture[str]):
    assert app.run_program(["gallery", "attrition", "--multistart", "8"]) == 0
    printed = capsys.readouterr().out
    assert "distinct equilibri" in printed
    assert "seed 1" in printed
    assert "which is marked" in printed


@pytest.mark.parametrize("words", [["powell", "--multistart", "4"], ["--multistart", "4"]])
def test_random_starts_need_a_model_with_several_equilibria(words: list[str], capsys: pytest.CaptureFixture[str]):
    assert app.run_program(["gallery", *words]) == app.MENDABLE
    assert "attrition or lewis_schultz" in capsys.readouterr().err
