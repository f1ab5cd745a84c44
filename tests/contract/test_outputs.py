"""Outputs that cannot be replaced as a whole are refused before anything is solved, by every command that writes."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from crashing import dies, steps_of
from outlast.cli import app
from outlast.cli.output import write_text

FOLDERS = (
    ["run", "war.toml", "--out"],
    ["fit", "war.toml", "geneva", "--out"],
    ["forecast", "war.toml", "geneva", "--out"],
)
FILES = (
    (["solve", "war.toml", "--save"], "o.npz"),
    (["solve", "war.toml", "--stationary", "--save"], "o.npz"),
    (["export", "war.toml", "--to", "gambit", "--out"], "o.efg"),
    (["record", "show", "geneva", "--out"], "o.html"),
    (["schema", "--out"], "o.json"),
    (["new"], "o.toml"),
    (["score", "forecasts.csv", "geneva", "--out"], "o.html"),
    (["estimate", "model.toml", "cases.csv", "--beliefs"], "o.csv"),
    (["record", "import", "pax", "table.csv", "--out"], "o.csv"),
)


@pytest.fixture(autouse=True)
def alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """A folder with a scenario, in which nothing may be solved."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("OUTLAST_CACHE", str(tmp_path / "cache"))
    assert app.run_program(["new", "war"]) == 0

    def solved(*_: object, **__: object) -> None:
        raise AssertionError("something was solved")

    monkeypatch.setattr("outlast.solving.solve", solved)


def refused(words: list[str], capsys: pytest.CaptureFixture[str]) -> str:
    capsys.readouterr()
    assert app.run_program([*words, "--force"]) == app.MENDABLE, words
    said = capsys.readouterr().err
    assert "Traceback" not in said
    return said


@pytest.mark.parametrize("words", FOLDERS, ids=lambda words: words[0])
def test_a_folder_that_cannot_be_replaced_is_refused(words: list[str], capsys, monkeypatch: pytest.MonkeyPatch):
    Path("real").mkdir()
    Path("link").symlink_to("real")
    assert "symbolic link" in refused([*words, "link"], capsys)
    assert "in which you work" in refused([*words, "."], capsys)
    Path("mine/letters").mkdir(parents=True)
    assert "other folders" in refused([*words, "mine"], capsys)
    monkeypatch.setattr(os.path, "ismount", lambda path: Path(path).name == "real")
    assert "mount point" in refused([*words, "real"], capsys)
    assert os.listdir("real") == []
    assert os.readlink("link") == "real"


@pytest.mark.parametrize(("words", "name"), FILES, ids=lambda each: each if isinstance(each, str) else " ".join(each))
def test_a_file_that_cannot_be_replaced_is_refused(
    words: list[str], name: str, capsys, monkeypatch: pytest.MonkeyPatch
):
    Path("real").write_text("mine")
    Path(name).symlink_to("real")
    assert "symbolic link" in refused([*words, name], capsys)
    Path(name).unlink()
    os.mkfifo(name)
    assert "pipe" in refused([*words, name], capsys)
    Path(name).unlink()
    Path(name).write_text("mounted")
    monkeypatch.setattr(os.path, "ismount", lambda path: Path(path).name == name)
    assert "mount point" in refused([*words, name], capsys)
    assert (Path(name).read_text(), Path("real").read_text()) == ("mounted", "mine")


def test_a_single_file_is_the_old_one_or_the_new_one_whole(tmp_path: Path):
    """Killed before or after any file operation; what a dead process left beside it goes with the next write."""
    path = tmp_path / "o.json"
    path.write_text("old")
    write = lambda: write_text(path, "new " * 100, force=True)  # noqa: E731
    steps = steps_of(write)
    assert steps > 5
    for at in range(1, steps + 1):
        path.write_text("old")
        assert dies(at, write)
        assert path.read_text() in ("old", "new " * 100)
    (tmp_path / ".o.json.99999999.part").write_text("half")
    write()
    assert sorted(each.name for each in tmp_path.iterdir() if each.name != "war.toml") == ["o.json"]
