"""What is finished is safe, and what comes of it does not depend on how often or where the work was interrupted."""

from __future__ import annotations

import dataclasses
import errno
import os
import signal
import subprocess
import sys
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from outlast.ensemble import EnsembleFault, make_ensemble, making, open_ensemble, storing
from outlast.ensemble.manifest import Manifest

from .pretend import BROKEN, CONTRASTS, UNSURE, Pretenders, in_small_batches, keep_nothing, war

DRAWS = 20


@pytest.fixture(autouse=True)
def small_batches(monkeypatch: pytest.MonkeyPatch):
    """Eight draws in a file, so that a few draws make several, and two draws with mechanisms off."""
    monkeypatch.setattr(Manifest, "__init__", in_small_batches())
    monkeypatch.setattr(making, "CONTRASTS", CONTRASTS)


def contents(folder: Path) -> dict[str, bytes]:
    return {str(p.relative_to(folder)): p.read_bytes() for p in sorted(folder.rglob("*")) if p.is_file()}


@pytest.fixture
def undisturbed(tmp_path: Path) -> dict[str, bytes]:
    """The files of an ensemble made in one go."""
    make_ensemble(war(), draws=DRAWS, out=tmp_path / "undisturbed", workers=Pretenders())
    return contents(tmp_path / "undisturbed")


def test_files_are_a_manifest_a_centre_and_batches(undisturbed: dict[str, bytes]):
    tables = [f"draws/{first:07d}.parquet" for first in (0, 8, 16)]
    assert sorted(undisturbed) == sorted(["centre.json", "manifest.json", *tables])


@pytest.mark.parametrize("stop_after", [1, 4, 6, 7, 9, 15, 20, 24])
@pytest.mark.parametrize("stop", [KeyboardInterrupt, EnsembleFault, OSError])
def test_interrupted_and_gone_on_with_it_has_the_same_bytes(undisturbed, tmp_path: Path, stop_after: int, stop):
    def fail() -> BaseException:
        return EnsembleFault("x", found="", rule="", reason="", remedy="") if stop is EnsembleFault else stop("stop")

    class Stopping(Pretenders):
        stop = property(lambda self: fail(), lambda self, value: None)  # pyright: ignore

    folder = tmp_path / "interrupted"
    first, second = Stopping(stop_after=stop_after, stride=3), Pretenders(stride=2)
    with pytest.raises(stop):
        make_ensemble(war(), draws=DRAWS, out=folder, workers=first)
    make_ensemble(war(), draws=DRAWS, out=folder, workers=second)
    assert contents(folder) == undisturbed
    if "centre.json" in undisturbed and stop_after > 7:
        assert not set(first.done) & set(second.done), "a finished draw was solved again"


def test_many_interruptions_leave_the_same_bytes(undisturbed, tmp_path: Path):
    folder = tmp_path / "interrupted"
    done: list = []
    for _ in range(100):
        workers = Pretenders(stop_after=9)
        try:
            make_ensemble(war(), draws=DRAWS, out=folder, workers=workers)
        except KeyboardInterrupt:
            done += workers.done
            continue
        break
    assert contents(folder) == undisturbed
    assert len(done) == len(set(done))


# The writes: the manifest, 20 draws and among them the centre and a table per batch. Each is a place to be killed in.
@pytest.mark.parametrize("write", [1, 5, 9, 25])
def test_killed_in_the_middle_of_a_write(undisturbed: dict[str, bytes], tmp_path: Path, write: int):
    folder = tmp_path / "killed"
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    command = [sys.executable, str(Path(__file__).with_name("pretend.py")), str(folder), str(DRAWS), str(write)]
    killed = subprocess.run(command, env=environment, capture_output=True, text=True)
    assert killed.returncode == -signal.SIGKILL, killed.stderr
    assert list(folder.rglob(f"*{storing.PART}"))
    make_ensemble(war(), draws=DRAWS, out=folder, workers=Pretenders())
    assert contents(folder) == undisturbed


@pytest.mark.parametrize("room", [0, 3, 9, 12, 17])
def test_full_disk_loses_no_finished_draw(undisturbed, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, room: int):
    plain, writes = storing.write_whole, 0

    def write(path: Path, content: bytes, *, lasting: bool = False) -> None:
        nonlocal writes
        writes += 1
        if writes > room:
            raise OSError(errno.ENOSPC, "No space left on device")
        plain(path, content, lasting=lasting)

    folder = tmp_path / "full"
    first = Pretenders()
    with monkeypatch.context() as patched:
        patched.setattr(storing, "write_whole", write)
        with pytest.raises(OSError, match="No space"):
            make_ensemble(war(), draws=DRAWS, out=folder, workers=first)
    second = Pretenders()
    make_ensemble(war(), draws=DRAWS, out=folder, workers=second)
    assert contents(folder) == undisturbed
    plain_draws = [each for each in first.done if each[1] is None and each[0] > 1]
    assert not set(plain_draws[:-1]) & set(second.done)


def test_more_draws_are_added(tmp_path: Path):
    folder, at_once = tmp_path / "grown", tmp_path / "at_once"
    make_ensemble(war(), draws=5, out=folder, workers=Pretenders())
    workers = Pretenders()
    make_ensemble(war(), draws=DRAWS, out=folder, workers=workers)
    assert sorted(draw for draw, _ in workers.done) == list(range(5, DRAWS))
    make_ensemble(war(), draws=DRAWS, out=at_once, workers=Pretenders())
    assert contents(folder) == contents(at_once)


def test_fewer_draws_change_nothing(tmp_path: Path):
    made = make_ensemble(war(), draws=6, out=tmp_path / "e", workers=Pretenders())
    again = make_ensemble(war(), draws=2, out=tmp_path / "e", workers=Pretenders(stop_after=0))
    assert again.draws == made.draws == 6


@pytest.mark.parametrize("change", ["seed", "scenario", "keep", "program"])
def test_another_ensemble_is_never_mixed_in(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, change: str):
    folder = tmp_path / "e"
    make_ensemble(war(), draws=3, out=folder, workers=Pretenders())
    before = contents(folder)
    scenario = war().with_values({"recognition.defender": 0.1}) if change == "scenario" else war()
    if change == "program":
        monkeypatch.setattr("outlast.ensemble.manifest.program_digest", lambda: "other")
    keep = keep_nothing if change == "keep" else None
    with pytest.raises(EnsembleFault, match={"scenario": "hash"}.get(change, change)):
        make_ensemble(scenario, draws=3, seed=2 if change == "seed" else 1, keep=keep, out=folder, workers=Pretenders())
    assert contents(folder) == before


def test_a_folder_with_other_files_is_refused(tmp_path: Path):
    (tmp_path / "letters.txt").write_text("dear")
    with pytest.raises(EnsembleFault, match="other files"):
        make_ensemble(war(), draws=3, out=tmp_path, workers=Pretenders())
    assert contents(tmp_path) == {"letters.txt": b"dear"}


def test_one_process_at_a_time(tmp_path: Path):
    make_ensemble(war(), draws=3, out=tmp_path / "e", workers=Pretenders())
    with storing._alone(tmp_path / "e"), pytest.raises(EnsembleFault, match="another process"):
        make_ensemble(war(), draws=4, out=tmp_path / "e", workers=Pretenders())


def test_failed_draws_are_kept_marked_and_counted(tmp_path: Path):
    made = make_ensemble(war(), draws=DRAWS, out=tmp_path / "e", workers=Pretenders())
    failed = made.certificates.filter(~pl.col("trusted"))
    assert failed["draw"].to_list() == [UNSURE, BROKEN]
    assert failed["error"].to_list() == ["", "OverflowError: too large"]
    assert made.failed == 2
    assert made.complete
    assert np.isnan(made.headlines["one"].to_numpy()).nonzero()[0].tolist() == [BROKEN]
    assert made.claims["pause"].null_count() == 1
    answers = made.answers()
    assert (answers.failed, answers.draws) == (2, DRAWS)
    assert answers.held("pause")[1] == DRAWS - 1


def test_tables_say_what_the_solves_said(tmp_path: Path):
    made = make_ensemble(war(), draws=4, seed=9, out=tmp_path / "e", workers=Pretenders(stride=4))
    total = made.numbers.drop("draw").sum_horizontal().to_numpy()
    np.testing.assert_allclose(made.headlines["one"].to_numpy(), total, rtol=1e-12)
    assert made.claims["pause"].to_list() == (total > 1).tolist()
    # With the mechanism off a pretended total is larger by the length of its name.
    np.testing.assert_allclose(made.margins["patience"].to_numpy()[:2], -len("patience") - 0.001, atol=0.01)
    assert made.claims["patience"].to_list()[2:] == [None, None], "contrasts are solved in the first two draws alone"
    assert made.answers().held("patience") == (0, 2)
    np.testing.assert_array_equal(made.answers().bands["rounds.attend"][:, 0], made.headlines["one"].to_numpy())


def test_kept_arrays_come_back_by_draw(tmp_path: Path):
    made = make_ensemble(
        war(), draws=10, out=tmp_path / "e", keep=keep_nothing, workers=Pretenders(kept=True, stride=4)
    )
    row = made.numbers.drop("draw").row(7)
    np.testing.assert_array_equal(made.kept(7)["values"], row)
    np.testing.assert_array_equal(made.kept(7)["twice"], 2 * np.array(row))
    with pytest.raises(EnsembleFault, match="no such file"):
        made.kept(BROKEN)


def test_nothing_to_draw_is_explained(tmp_path: Path):
    fixed = war().with_values({path: number.value for path, number in war().numbers().items()})
    with pytest.raises(EnsembleFault, match="no number with a range"):
        make_ensemble(fixed, draws=3, out=tmp_path / "e", workers=Pretenders())
    with pytest.raises(EnsembleFault, match="at least one draw"):
        make_ensemble(war(), draws=0, out=tmp_path / "e", workers=Pretenders())
    assert not (tmp_path / "e").exists()


def test_what_is_no_ensemble_is_explained(tmp_path: Path):
    with pytest.raises(EnsembleFault, match=r"manifest\.json"):
        open_ensemble(tmp_path)
    (tmp_path / "manifest.json").write_text("{}")
    with pytest.raises(EnsembleFault, match="format"):
        open_ensemble(tmp_path)


def test_manifest_says_what_decides_and_no_more(tmp_path: Path):
    made = make_ensemble(war(), draws=3, out=tmp_path / "e", workers=Pretenders())
    assert made.manifest.hash == war().hash
    assert {"python", "numpy", "numba", "outlast"} <= made.manifest.versions.keys()
    assert (made.manifest.seed, made.manifest.resolution) == (1, "coarse")
    assert dataclasses.replace(made.manifest, draws=5).differences(made.manifest) == []
