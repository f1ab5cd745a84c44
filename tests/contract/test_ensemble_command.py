"""The commands on ensembles: what they print, what they refuse, and that they go on where they stopped."""

from __future__ import annotations

import errno
import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest

import outlast
from outlast.cli import app
from outlast.ensemble import LocalWorkers, make_ensemble, open_ensemble
from outlast.ensemble.workers import Work
from small_war import SMALL

DRAWS = 4


class Here:
    """One worker: this process."""

    def solved(self, work: Work, jobs):
        """Yield every job solved."""
        return (work.solve(job) for job in jobs)


def first_cells(solution) -> dict[str, np.ndarray]:
    """Keep a few values of a solution."""
    return {"war": solution.values["war"][0, :, 0, :5]}


@pytest.fixture(scope="module")
def scenario(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("war") / "small.toml"
    path.write_text(SMALL, encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def solved(scenario: Path, tmp_path_factory: pytest.TempPathFactory):
    """An ensemble solved by one worker, in this process."""
    folder = tmp_path_factory.mktemp("solved") / "e"
    return make_ensemble(outlast.read(scenario), draws=DRAWS, seed=7, out=folder, keep=first_cells, workers=Here())


def test_stored_draws_answer_as_draws_solved_at_once(solved, small):
    at_once = outlast.answer(small, draws=DRAWS, seed=7, contrasts=DRAWS)
    stored = outlast.answer(small, drawn=solved.answers())
    for name in ("headlines", "rounds", "delay", "deal_map", "claims"):
        assert stored.tables[name].equals(at_once.tables[name], null_equal=True), name
    assert (stored.record["draws"], stored.record["seed"]) == (DRAWS, 7)
    assert stored.record["ensemble"] == str(solved.folder)
    assert at_once.record["ensemble"] == ""
    assert stored.verdict == at_once.verdict


def test_beside_a_stored_ensemble_the_central_solve_is_done_once(solved, small, scenario: Path, tmp_path, monkeypatch):
    from outlast.cli.run import Plan

    monkeypatch.setenv("OUTLAST_CACHE", str(tmp_path / "cache"))
    solves: list[object] = []
    monkeypatch.setattr("outlast.solving.solve", lambda game: solves.append(game) or small)
    plan = Plan(outlast.read(scenario), None, None, None, ensemble=solved.folder)
    first, second = (plan.answers(lambda *_: None) for _ in range(2))
    assert len(solves) == 1
    assert first.tables.keys() == second.tables.keys()
    for name, table in first.tables.items():
        assert second.tables[name].equals(table, null_equal=True), name
        assert second.tables[name].schema == table.schema, name
    assert {**first.record, "seconds": 0} == {**second.record, "seconds": 0}
    assert first.verdict == second.verdict
    # A check needs a solution, whatever is stored.
    checked = Plan(outlast.read(scenario), None, None, None, ensemble=solved.folder, grid_check=True)
    monkeypatch.setattr("outlast.answers.checks.grid_check", lambda solution, resolution: first.tables["rounds"])
    assert "grid_check" in checked.answers(lambda *_: None).tables
    assert len(solves) == 2


def test_what_is_kept_is_of_the_draw(solved, small):
    from outlast.answers.draws import drawn, points

    game = outlast.compile(small.game.scenario)
    paths, values = points(game.scenario, count=DRAWS, seed=7)
    again = outlast.solve(drawn(game, paths, values[2]), threads=1)
    np.testing.assert_array_equal(solved.kept(2)["war"], first_cells(again)["war"])
    assert solved.certificates["bayes"][2] == again.bayes


@pytest.mark.slow
def test_killed_and_run_again_it_is_what_one_worker_makes(solved, scenario: Path, tmp_path: Path):
    folder = tmp_path / "e"
    command = [sys.executable, "-c", "from outlast.cli.app import main; main()", "ensemble", str(scenario)]
    command += ["--draws", str(DRAWS), "--seed", "7", "--out", str(folder)]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    first = subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    end = time.monotonic() + 300
    while not list(folder.glob("pending/*.json")) and first.poll() is None and time.monotonic() < end:
        time.sleep(0.05)
    assert first.poll() is None, "it ended before it could be killed"
    first.send_signal(signal.SIGKILL)
    first.wait()
    finished = subprocess.run(command, env=environment, capture_output=True, text=True)
    assert finished.returncode == 0, finished.stderr
    assert f"holds {DRAWS} draws" in finished.stdout
    mine = open_ensemble(folder)
    assert mine.headlines.equals(solved.headlines)
    assert mine.margins.equals(solved.margins, null_equal=True)
    assert mine.certificates.equals(solved.certificates)


def printed(capsys: pytest.CaptureFixture[str]) -> str:
    return " ".join(capsys.readouterr().out.split())


def test_command_prints_what_is_stored(solved, scenario: Path, capsys: pytest.CaptureFixture[str], monkeypatch):
    monkeypatch.setattr("outlast.ensemble.making.make_ensemble", lambda *_, **__: solved)
    assert app.run_program(["ensemble", str(scenario), "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert (told["finished"], told["draws"], told["seed"], told["failed"]) == (DRAWS, DRAWS, 7, 0)
    assert app.run_program(["ensemble", str(scenario)]) == 0
    assert "certificate passed in all of them" in printed(capsys)


def test_full_disk_is_explained(scenario: Path, capsys: pytest.CaptureFixture[str], monkeypatch):
    def full(*_, **__):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr("outlast.ensemble.making.make_ensemble", full)
    assert app.run_program(["ensemble", str(scenario), "--out", "here"]) == app.MENDABLE
    said = " ".join(capsys.readouterr().err.split())
    assert "the disk is full" in said
    assert "finished draws are kept" in said


def test_refusals(scenario: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch):
    monkeypatch.setattr("outlast.ensemble.cluster.GREETING", 0.5)
    (tmp_path / "other").write_text("x")
    for words, says in (
        (["ensemble", str(scenario), "--out", str(tmp_path)], "other files"),
        (["ensemble", str(scenario), "--out", str(tmp_path / "other")], "other"),
        (["ensemble", "absent.toml"], "absent.toml"),
        (["ensemble", str(scenario), "--out", str(tmp_path / "e"), "--scheduler", "tcp://127.0.0.1:9"], "no scheduler"),
        (["influence", str(tmp_path)], "manifest.json"),
        (["run", str(scenario), "--out", str(tmp_path / "r"), "--ensemble", str(tmp_path)], "manifest.json"),
    ):
        assert app.run_program(words) == app.MENDABLE, words
        err = capsys.readouterr().err
        assert says in err
        assert "Traceback" not in err


def test_influence_of_too_few_draws_is_refused(solved, capsys: pytest.CaptureFixture[str]):
    assert app.run_program(["influence", str(solved.folder)]) == app.MENDABLE
    assert "at least 64" in capsys.readouterr().err


@pytest.mark.slow
def test_number_of_workers_changes_nothing(solved, scenario: Path, tmp_path: Path):
    two = make_ensemble(
        outlast.read(scenario), draws=DRAWS, seed=7, out=tmp_path / "e", keep=first_cells, workers=LocalWorkers(2)
    )
    for path in sorted(solved.folder.rglob("*")):
        if path.is_file():
            assert (two.folder / path.relative_to(solved.folder)).read_bytes() == path.read_bytes(), path
