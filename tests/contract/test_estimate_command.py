"""The command ``outlast estimate``: what it prints and writes, and that every fault of a file is told."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import polars as pl
import pytest

import refusing
from outlast.cli import app

MODEL = """
game = "challenge"
outcomes = { moves = ["m1", "m2"] }

[utilities]
u11 = [1, "x"]
u14 = [1, { factor = "regime" }]
u24 = [1, { sqrt = "trade" }]
"""


@pytest.fixture(autouse=True)
def files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("COLUMNS", raising=False)
    random = np.random.default_rng(1)
    first = random.integers(0, 2, 200)
    table = {
        "m1": first,
        "m2": random.integers(0, 2, 200),
        "x": random.normal(size=200),
        "regime": random.choice(["old", "new"], 200),
        "trade": random.uniform(size=200),
    }
    pl.DataFrame(table).write_csv("cases.csv")
    Path("game.toml").write_text(MODEL, encoding="utf-8")


def refused(capsys: pytest.CaptureFixture[str], *words: str) -> str:
    """Run `outlast estimate` with words that must be refused."""
    return refusing.refused(capsys, "estimate", *words)


def test_table_and_beliefs(capsys: pytest.CaptureFixture[str]):
    assert app.run_program(["estimate", "game.toml", "cases.csv", "--beliefs", "out.csv"]) == 0
    printed = capsys.readouterr().out
    assert "regime=old" in printed
    assert "sqrt(trade)" in printed
    assert "200 of 200 cases" in printed
    assert "converged" in printed
    assert pl.read_csv("out.csv").height == 200


def test_json_is_one_document(capsys: pytest.CaptureFixture[str]):
    assert app.run_program(["estimate", "game.toml", "cases.csv", "--json"]) == 0
    content = json.loads(capsys.readouterr().out)
    assert content["converged"]
    assert [row["utility"] for row in content["coefficients"]] == ["u11", "u11", "u14", "u14", "u24", "u24"]


def test_json_is_strict_where_numbers_are_undefined(capsys: pytest.CaptureFixture[str]):
    pl.read_csv("cases.csv").with_columns(one=pl.lit("A")).write_csv("cases.csv")
    Path("game.toml").write_text(MODEL.replace("[utilities]", 'cluster = "one"\n[utilities]'), encoding="utf-8")
    assert app.run_program(["estimate", "game.toml", "cases.csv", "--json"]) == 0
    content = json.loads(capsys.readouterr().out, parse_constant=pytest.fail)
    assert all(row["robust_se"] is None and "one cluster" in row["undefined"] for row in content["coefficients"])
    assert content["undefined"]["coefficients[].robust_se"] == "not a number"
    assert app.run_program(["estimate", "game.toml", "cases.csv"]) == 0
    printed = capsys.readouterr().out
    assert "nan" not in printed
    assert "all cases are in one cluster of one" in printed


def test_separated_data_are_named_and_fail(capsys: pytest.CaptureFixture[str]):
    data = pl.read_csv("cases.csv").with_columns(dem=(pl.col("x") > 0.5).cast(pl.Int64))
    data.with_columns(m2=pl.when(pl.col("dem") == 1).then(1).otherwise(pl.col("m2"))).write_csv("cases.csv")
    Path("game.toml").write_text(MODEL.replace('{ sqrt = "trade" }', '"dem"'), encoding="utf-8")
    assert app.run_program(["estimate", "game.toml", "cases.csv"]) == 1
    printed = capsys.readouterr().out
    assert "separated" in printed
    assert "u24: dem up" in " ".join(printed.split())
    assert app.run_program(["estimate", "game.toml", "cases.csv", "--json"]) == 1
    content = json.loads(capsys.readouterr().out, parse_constant=pytest.fail)
    assert not content["converged"]
    assert content["coefficients"][-1]["z"] is None


def test_redirected_terms_are_not_cut(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch):
    for name in ("COLUMNS", "FORCE_COLOR", "TTY_COMPATIBLE"):
        monkeypatch.delenv(name, raising=False)
    long = "a_covariate_with_a_long_name_" * 4
    pl.read_csv("cases.csv").rename({"x": long}).write_csv("cases.csv")
    Path("game.toml").write_text(MODEL.replace('"x"', f'"{long}"'), encoding="utf-8")
    assert app.run_program(["estimate", "game.toml", "cases.csv"]) == 0
    printed = capsys.readouterr().out
    assert long in printed
    assert "\u2026" not in printed


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("game =", "gane =", "perhaps game"),
        ('"challenge"', '"chalenge"', "perhaps challenge"),
        ("[utilities]", "method = 'nested'\n[utilities]", "belongs to the signalling game"),
        ("[utilities]", "link = 'logistic'\n[utilities]", "link is one of probit, logit"),
        ("[utilities]", "link = 'logit'\nerrors = 'private'\n[utilities]", "not logistic"),
        ("[utilities]", "cluster = 3\n[utilities]", "name one column"),
        ('"x"', '"y"', "a column is one of the table"),
        ("[utilities]", "[utilities", "a TOML file"),
        ('sqrt = "trade"', 'sqrt = "x"', "sqrt is of numbers 0 or more"),
    ],
)
def test_fault_of_the_model(old: str, new: str, told: str, capsys: pytest.CaptureFixture[str]):
    Path("game.toml").write_text(MODEL.replace(old, new), encoding="utf-8")
    assert told in refused(capsys, "game.toml", "cases.csv")


def test_faults_come_together(capsys: pytest.CaptureFixture[str]):
    Path("game.toml").write_text("gain = 3\nmethod = 'best'\n", encoding="utf-8")
    assert "5 faults" in refused(capsys, "game.toml", "cases.csv")


def test_absent_files_and_taken_names(capsys: pytest.CaptureFixture[str]):
    assert "no such file" in refused(capsys, "absent.toml", "cases.csv")
    assert "no file" in refused(capsys, "game.toml", "absent.csv")
    Path("out.csv").write_text("mine")
    assert "--force" in refused(capsys, "game.toml", "cases.csv", "--beliefs", "out.csv")
    Path("cases.csv").write_bytes(b"PK\x03\x04" + bytes(range(256)))
    refused(capsys, "game.toml", "cases.csv")


def test_every_choice_of_the_signalling_game_is_read():
    from outlast.estimating import ConstrainedLikelihood, NestedFixedPoint, PseudoLikelihood
    from outlast.estimating.model_file import read_model

    tables = {"game": "signalling", "outcomes": ["a", "b", "c", "d"], "utilities": {"S_A": [1]}, "cluster": "dyad"}
    assert read_model(tables).method is None
    assert read_model({**tables, "method": "constrained"}).method == ConstrainedLikelihood()
    assert read_model({**tables, "method": "repeated"}).method == PseudoLikelihood()
    nested = read_model({**tables, "method": "nested", "selection": "lowest"})
    assert nested.method == NestedFixedPoint("lowest")
    assert nested.cluster == "dyad"
