"""``outlast solve --stationary`` and ``--multistart``: what they print, save and refuse."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from outlast.cli import app
from outlast.solving import stationary_war
from outlast.solving.archive import read_archive
from outlast.solving.stationary_steps import calmed, newton_month


@pytest.mark.slow
def test_a_stationary_war_is_found_checked_answered_and_saved(
    tiny_file: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    out = tmp_path / "war.npz"
    words = ["solve", str(tiny_file), "--stationary", "--route", "months", "--multistart", "2", "--seed", "5"]
    assert app.run_program([*words, "--save", str(out), "--json"]) == 0
    record = json.loads(capsys.readouterr().out)
    assert record["reached"] is record["trusted"] is True
    assert record["route"] == "months"
    assert record["residual"] <= 1e-9
    assert record["second_computation"]["residual"] <= 1e-8
    assert record["second_computation"]["regret"] <= 1e-8
    assert {row["key"] for row in record["headlines"]} >= {"attend_next", "signed_next"}
    several = record["equilibria"]
    assert several["seed"] == 5
    assert several["failed"] + sum(one["starts"] for one in several["equilibria"]) == several["starts"] == 2
    assert sum(one["principal"] for one in several["equilibria"]) == 1
    assert len(several["spread"]) == len(record["headlines"]), "which package is the best may differ between them"
    saved = read_archive(out)
    assert saved.record["stationary"]["route"] == "months"
    assert app.run_program(["verify", str(out)]) == 0, "a saved stationary war can be verified"


def test_what_is_no_equilibrium_is_not_reported_as_one(
    tiny_file: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
):
    """Few months and no Newton step leave a gap: no answers, nothing saved, exit code 1, and words that say so."""
    monkeypatch.setattr(stationary_war, "calmed", lambda *args, **kwargs: calmed(*args, **(kwargs | {"most": 50})))
    monkeypatch.setattr(stationary_war, "newton_month", lambda *args, **kwargs: newton_month(*args, **kwargs, most=0))
    out = tmp_path / "war.npz"
    words = ["solve", str(tiny_file), "--stationary", "--route", "months", "--save", str(out)]
    assert app.run_program(words) == app.FAILED
    printed = capsys.readouterr().out
    assert "NO stationary equilibrium was reached" in printed
    assert "nothing is read off them" in printed
    assert "attends" not in printed
    assert not out.exists()


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--multistart", "4", "--save", "x.npz"], "--stationary"),
        (["--route", "noise", "--save", "x.npz"], "--stationary"),
        ([], "--save"),
        (["--stationary", "--save", "x.txt"], ".npz"),
        (["--stationary", "--route", "luck"], "noise"),
        (["--stationary", "--multistart", "-1"], "--multistart"),
    ],
)
def test_what_it_refuses(words: list[str], said: str, capsys: pytest.CaptureFixture[str]):
    assert app.run_program(["solve", "starter", *words]) == app.MENDABLE
    printed = capsys.readouterr()
    assert printed.out == ""
    assert said in " ".join(printed.err.split())
    assert "Traceback" not in printed.err
