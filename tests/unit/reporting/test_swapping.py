"""A report takes the place of another in one step: killed at any file operation, one of the two is there, whole."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import polars as pl
import pytest

from crashing import dies, steps_of
from outlast.files import whole
from outlast.reporting.saving import OutputExists, refuse_taken, save_tables

OLD = {"kept": pl.DataFrame({"x": [1]}), "gone": pl.DataFrame({"x": [2]})}
NEW = {"kept": pl.DataFrame({"x": [3]}), "new": pl.DataFrame({"x": [4]})}


def save(folder: Path, tables: dict[str, pl.DataFrame], *, force: bool = True) -> Path:
    return save_tables(
        f"page of {sorted(tables)}", content={"tables": tables}, tables=tables, folder=folder, force=force
    )


def contents(folder: Path) -> dict[str, bytes | str]:
    return {
        str(p.relative_to(folder)): os.readlink(p) if p.is_symlink() else p.read_bytes()
        for p in sorted(folder.rglob("*"))
        if p.is_symlink() or p.is_file()
    }


@pytest.fixture(params=[True, False], ids=["exchanged", "set aside"])
def one_step(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> bool:
    """Whether the system can exchange two folders in one step."""
    if not request.param:

        def cannot(one: Path, other: Path) -> None:
            raise OSError("this system cannot exchange two folders")

        monkeypatch.setattr(whole, "exchange", cannot)
    return request.param


def before_and_after(tmp_path: Path) -> tuple[Path, dict, dict]:
    """A folder with an old report and somebody's notes, and what it holds then and after the new report."""
    old = tmp_path / "old" / "out"
    save(old, OLD)
    (old / "notes.txt").write_text("mine")
    (old / "tables" / "mine.csv").write_text("mine")
    (old / "link").symlink_to("notes.txt")
    fresh = tmp_path / "new" / "out"
    save(fresh, NEW)
    others = {"notes.txt": b"mine", "tables/mine.csv": b"mine", "link": "notes.txt"}
    return old, contents(old), contents(fresh) | others


def test_old_tables_go_and_other_files_stay(tmp_path: Path, one_step: bool):
    old, before, after = before_and_after(tmp_path)
    assert "tables/gone.csv" in before
    save(old, NEW)
    assert contents(old) == dict(sorted(after.items()))
    assert os.listdir(old.parent) == ["out"]


def test_killed_at_every_file_operation(tmp_path: Path, one_step: bool):
    old, before, after = before_and_after(tmp_path)
    counted = tmp_path / "counted" / "out"
    shutil.copytree(old, counted, symlinks=True)
    steps = steps_of(lambda: save(counted, NEW))
    assert steps > 30
    for at in range(1, steps + 1):
        folder = tmp_path / f"{at}" / "out"
        shutil.copytree(old, folder, symlinks=True)
        assert dies(at, lambda folder=folder: save(folder, NEW)), at
        if one_step or folder.exists():
            assert contents(folder) in (before, after), at
        refuse_taken(folder, force=True)  # as every command asks before it solves
        assert contents(folder) in (before, after), at
        dies(at, lambda folder=folder: save(folder, NEW))
        save(folder, NEW)
        assert contents(folder) == after, at
        assert os.listdir(folder.parent) == ["out"], at


def test_a_new_report_is_whole_or_absent(tmp_path: Path):
    steps = steps_of(lambda: save(tmp_path / "counted" / "out", NEW))
    for at in range(1, steps + 1):
        folder = tmp_path / f"{at}" / "out"
        dies(at, lambda folder=folder: save(folder, NEW))
        assert not folder.exists() or contents(folder) == contents(tmp_path / "counted" / "out"), at


def test_the_draft_of_a_process_that_lives_is_left_alone(tmp_path: Path):
    theirs = tmp_path / f".out.{os.getppid()}.part"
    ended = tmp_path / ".out.99999999.part"
    theirs.mkdir()
    ended.mkdir()
    save(tmp_path / "out", NEW)
    assert sorted(os.listdir(tmp_path)) == sorted([theirs.name, "out"])


def test_a_symbolic_link_is_refused(tmp_path: Path):
    (tmp_path / "real").mkdir()
    (tmp_path / "link").symlink_to("real")
    (tmp_path / "nowhere").symlink_to("absent")
    for name in ("link", "nowhere"):
        with pytest.raises(OutputExists, match="symbolic link"):
            refuse_taken(tmp_path / name, force=True)
    assert os.listdir(tmp_path / "real") == []


def test_a_mount_point_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """As the system tells of it, and as Linux lists one that is part of the same file system."""
    folder = tmp_path / "with space"
    folder.mkdir()
    table = tmp_path / "mountinfo"
    place = str(folder.resolve()).replace(" ", "\\040")
    table.write_text(f"36 35 98:0 /mnt1 {place} rw,noatime master:1 - ext3 /dev/root rw\n")
    refuse_taken(folder)
    with monkeypatch.context() as patch:
        patch.setattr(whole, "MOUNTS", table)
        with pytest.raises(OutputExists, match="mount point"):
            refuse_taken(folder, force=True)
    with monkeypatch.context() as patch:
        patch.setattr(os.path, "ismount", lambda path: True)
        with pytest.raises(OutputExists, match="mount point"):
            refuse_taken(folder, force=True)
    if os.path.ismount("/proc"):
        with pytest.raises(OutputExists, match="mount point"):
            refuse_taken(Path("/proc"), force=True)


def test_the_working_folder_and_folders_of_others_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.chdir(tmp_path)
    for folder in (Path("."), Path(".."), tmp_path, tmp_path.parent):
        with pytest.raises(OutputExists, match="in which you work"):
            refuse_taken(folder, force=True)
    (tmp_path / "out" / "letters").mkdir(parents=True)
    with pytest.raises(OutputExists, match=r"other folders \(letters\)"):
        refuse_taken(tmp_path / "out", force=True)
