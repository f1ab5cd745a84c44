"""``outlast check`` says what lattice is laid, and warns where a stock is left to its marks."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from outlast.cli import app

SPREAD = """[scenario]
base = "starter"
resolution = "coarse"

[stocks.endurance]
spread = 0.03
{levels}
"""
CLOSE = "[stocks.endurance.levels]\nbroken = 0.0\nsteady = 0.75\nfirm = 0.755\nfirmer = 0.76\nfresh = 1.0\n"


def checked(capsys: pytest.CaptureFixture[str], *words: str) -> str:
    assert app.run_program(["check", *words]) == 0
    return capsys.readouterr().out


@pytest.fixture
def war(tmp_path: Path) -> str:
    path = tmp_path / "war.toml"
    path.write_text(SPREAD.format(levels=""), encoding="utf-8")
    return str(path)


def test_it_says_what_was_laid(war: str, capsys: pytest.CaptureFixture[str]):
    said = checked(capsys, war)
    (line,) = [line for line in said.splitlines() if line.startswith("  lattice")]
    facts = json.loads(checked(capsys, war, "--json"))["scenario"]
    laid = facts["lattice"]["endurance"]
    assert f"endurance {laid['levels']} levels, {laid['gap']:.3g} apart at the start" in line
    assert f"{laid['excess']:.0%} of its own" in line
    assert laid["levels"] > facts["levels"]["endurance"]
    assert laid["lost"] == 0


def test_it_warns_of_stocks_without_a_spread(war: str, capsys: pytest.CaptureFixture[str]):
    (warned,) = json.loads(checked(capsys, war, "--json"))["scenario"]["warnings"]
    assert warned.startswith("no `spread` for territory, forces, patience: by the first version's rule")
    assert checked(capsys, war).count("  warning ") == 1


def test_it_warns_of_marks_too_close_for_the_spread(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    path = tmp_path / "close.toml"
    path.write_text(SPREAD.format(levels=CLOSE), encoding="utf-8")
    assert "endurance has levels too close together" in checked(capsys, str(path))
