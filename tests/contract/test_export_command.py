"""The command ``outlast export``: what it writes, prints and refuses."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from outlast.cli import app

PACKAGE = ["--package", "soft_neutrality"]


def test_a_tree_for_gambit(tiny_file: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    out = tmp_path / "war.efg"
    words = ["export", str(tiny_file), "--to", "gambit", "--out", str(out), *PACKAGE]
    assert app.run_program([*words, "--json"]) == 0
    record = json.loads(capsys.readouterr().out)
    text = out.read_text(encoding="utf-8")
    assert text.startswith('EFG 2 R "')
    assert record["precision"] == 1.0
    assert record["nodes"] == len([line for line in text.splitlines() if line[:2] in ("c ", "p ", "t ")])
    assert app.run_program(words) == app.MENDABLE, "an existing file is not replaced unasked"
    assert "--force" in capsys.readouterr().err
    assert app.run_program([*words, "--force", "--players", "parties", "--type", "staller"]) == 0
    assert '{ "challenger" "defender" "patron" }' in out.read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--to", "gambit", "--out", "x.txt"], ".efg"),
        (["--to", "sgamesolver", "--out", "x.efg"], "gambit"),
        (["--to", "gambit", "--out", "x.efg", "--package", "soft_neutralty"], "perhaps soft_neutrality"),
        (["--to", "gambit", "--out", "x.efg", "--months", "0"], "--months"),
        (["--to", "gambit", "--out", "x.efg", "--months", "9", *PACKAGE], "at most 200,000 nodes"),
        (["--to", "gambit", "--out", "nowhere/x.efg"], "make the folder first"),
    ],
)
def test_what_it_refuses(
    words: list[str], said: str, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.chdir(tmp_path)
    assert app.run_program(["export", "starter", *words]) == app.MENDABLE
    printed = capsys.readouterr()
    assert printed.out == ""
    assert said in " ".join(printed.err.split())
    assert "Traceback" not in printed.err
    assert not [path for path in tmp_path.iterdir() if path.suffix in (".efg", ".npz", ".part")]
