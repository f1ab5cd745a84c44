"""The commands that solve: what they print and write, what they refuse before any work, and how they end."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from outlast.cli import app
from outlast.cli.run import Plan
from outlast.reporting.page import Report
from refusing import refused

ON_FILE = ("run", "claims", "solve", "verify")
REPORT = {"answers.json", "report.html", "tables"}


@pytest.fixture(autouse=True)
def in_own_folder(small_file: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.chdir(small_file.parent)


@pytest.fixture
def answered(small_answers, monkeypatch: pytest.MonkeyPatch):
    """Spare the commands the solving: their answers are those of the small war."""
    monkeypatch.setattr(Plan, "answers", lambda self, say: small_answers)
    return small_answers


@pytest.fixture
def undrawn(monkeypatch: pytest.MonkeyPatch):
    """Spare the commands the drawing as well: the page is one line."""
    monkeypatch.setattr("outlast.reporting.page.report", lambda answers: Report("<p>new</p>", answers))


@pytest.fixture
def idle(monkeypatch: pytest.MonkeyPatch):
    """Fail if a command begins to solve."""

    def never(*_: object, **__: object):
        raise AssertionError("it began to work before it refused")

    monkeypatch.setattr("outlast.cli.working.work", never)


def arguments(command: str, file: str) -> list[str]:
    """A whole command line for a file."""
    return [command, *([file, file] if command == "compare" else [file]), *(["--save", "s.npz"] * (command == "solve"))]


@pytest.mark.usefixtures("idle")
class TestRefusals:
    """What can be known before solving is said before solving."""

    @pytest.mark.parametrize("command", [*ON_FILE, "compare"])
    def test_unknown_file(self, command: str, capsys: pytest.CaptureFixture[str]):
        assert "absent.toml" in refused(capsys, *arguments(command, "absent.toml"))

    @pytest.mark.parametrize("command", [*ON_FILE, "compare"])
    def test_bad_file(self, command: str, capsys: pytest.CaptureFixture[str]):
        Path("bad.toml").write_text('[scenario]\nbase = "starter"\nmonths = "many"\ncolour = 1\n')
        assert "2 faults" in refused(capsys, *arguments(command, "bad.toml"))

    @pytest.mark.parametrize("command", [*ON_FILE, "compare"])
    def test_unknown_resolution(self, command: str, capsys: pytest.CaptureFixture[str]):
        assert "'coarse'" in refused(capsys, *arguments(command, "small.toml"), "--resolution", "rough")

    @pytest.mark.parametrize("command", ["run", "claims", "compare"])
    @pytest.mark.parametrize("option", [("--draws", "-1"), ("--seed", "x")])
    def test_bad_number(self, command: str, option: tuple[str, str], capsys: pytest.CaptureFixture[str]):
        assert option[0] in refused(capsys, *arguments(command, "small.toml"), *option)

    @pytest.mark.parametrize("name", sorted(REPORT))
    def test_earlier_report(self, name: str, capsys: pytest.CaptureFixture[str]):
        (Path("starter-report") / name).mkdir(parents=True)
        assert "--force" in refused(capsys, "run", "small.toml")
        assert "--force" in refused(capsys, "run", "small.toml", "--out", "starter-report", "--json")

    @pytest.mark.parametrize("out", ["small.toml", "no/folder", "small.toml/x", "x" * 300])
    def test_place_for_a_report(self, out: str, capsys: pytest.CaptureFixture[str]):
        assert "was not written" in refused(capsys, "run", "small.toml", "--out", out)

    @pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="every folder can be written")
    @pytest.mark.parametrize("out", ["locked", "locked/x"])
    def test_locked_folder(self, out: str, capsys: pytest.CaptureFixture[str]):
        Path("locked").mkdir(mode=0o500)
        assert "does not allow" in refused(capsys, "run", "small.toml", "--out", out)
        assert "does not allow" in refused(capsys, "solve", "small.toml", "--save", "locked/s.npz")

    def test_earlier_solution(self, capsys: pytest.CaptureFixture[str]):
        Path("s.npz").write_text("mine")
        assert "--force" in refused(capsys, "solve", "small.toml", "--save", "s.npz")
        assert Path("s.npz").read_text() == "mine"

    @pytest.mark.parametrize("save", ["s.zip", "s", "no/folder/s.npz", "small.toml/s.npz", "x" * 300 + ".npz"])
    def test_place_for_a_solution(self, save: str, capsys: pytest.CaptureFixture[str]):
        assert "was not written" in refused(capsys, "solve", "small.toml", "--save", save)

    def test_what_is_no_saved_solution(self, capsys: pytest.CaptureFixture[str]):
        Path("bad.npz").write_text("hello")
        assert "outlast solve" in refused(capsys, "verify", "bad.npz")
        assert "there is no file" in refused(capsys, "verify", "absent.npz")
        assert "--resolution" in refused(capsys, "verify", "bad.npz", "--resolution", "fine")

    def test_what_is_no_list_of_months(self, capsys: pytest.CaptureFixture[str]):
        assert "0,1,12" in refused(capsys, "verify", "small.toml", "--months", "first")


def test_run_prints_the_answers_and_writes_the_report(answered, monkeypatch, capsys: pytest.CaptureFixture[str]):
    # On a machine that is busy with other things this could take long enough to be told of.
    monkeypatch.setattr("outlast.cli.working.EVERY", 3600.0)
    assert app.run_program(["run", "small.toml"]) == 0
    printed = capsys.readouterr()
    assert printed.err == ""
    text = " ".join(printed.out.split())
    assert answered.verdict[0][:60] in text
    assert f"The report is in {Path('starter-report', 'report.html')}" in text
    assert {path.name for path in Path("starter-report").iterdir()} == REPORT
    assert sorted(os.listdir()) == ["small.toml", "starter-report"]


@pytest.mark.usefixtures("answered", "undrawn")
def test_run_replaces_what_it_made_and_nothing_else(capsys: pytest.CaptureFixture[str]):
    Path("out").mkdir()
    Path("out/mine.txt").write_text("mine")
    assert app.run_program(["run", "small.toml", "--out", "out", "--json"]) == 0
    printed = capsys.readouterr()
    assert json.loads(printed.out) == json.loads(Path("out/answers.json").read_text(encoding="utf-8"))
    assert "The report is in" in printed.err
    Path("out/report.html").write_text("old")
    assert app.run_program(["run", "small.toml", "--out", "out", "--force"]) == 0
    assert Path("out/report.html").read_text(encoding="utf-8") == "<p>new</p>"
    assert Path("out/mine.txt").read_text() == "mine"


def test_failed_certificate_is_an_exit_code_and_a_warning(answered, monkeypatch, capsys: pytest.CaptureFixture[str]):
    wrong = answered.tables["certificate"].with_columns(passed=pl.col("quantity") != "regret")
    failed = answered.with_tables({"certificate": wrong})
    monkeypatch.setattr(Plan, "answers", lambda self, say: failed)
    assert app.run_program(["run", "small.toml"]) == 1
    printed = capsys.readouterr()
    assert "failed" in printed.out
    assert "starter" in printed.err or "Varn" in printed.err
    assert "1 of 7 lines failed: Regret." in Path("starter-report/report.html").read_text(encoding="utf-8")
    assert app.run_program(["claims", "small.toml"]) == 1
    assert app.run_program(["compare", "small.toml", "small.toml", "--json"]) == 1


def test_claims_prints_the_ledger_alone(answered, capsys: pytest.CaptureFixture[str]):
    assert app.run_program(["claims", "small.toml"]) == 0
    text = capsys.readouterr().out
    assert "The claim" in text
    assert "Certificate" not in text
    assert app.run_program(["claims", "small.toml", "--json"]) == 0
    content = json.loads(capsys.readouterr().out)
    assert [row["claim"] for row in content["claims"]] == answered.tables["claims"]["claim"].to_list()
    assert content["record"]["hash"] == answered.record["hash"]
    assert sorted(os.listdir()) == ["small.toml"]


def test_compare_sets_two_side_by_side(answered, capsys: pytest.CaptureFixture[str]):
    assert app.run_program(["compare", "small.toml", "starter"]) == 0
    assert "Assumptions that differ" in capsys.readouterr().out
    assert app.run_program(["compare", "small.toml", "small.toml", "--json"]) == 0
    content = json.loads(capsys.readouterr().out)
    assert content["assumptions"] == []
    assert len(content["headlines"]) == answered.tables["headlines"].height
    assert {row["difference"] for row in content["headlines"]} == {0}


@pytest.mark.slow
def test_solve_saves_what_verify_checks(capsys: pytest.CaptureFixture[str]):
    from outlast.solving.archive import read_archive, write_archive

    assert app.run_program(["solve", "small.toml", "--save", "s.npz", "--json"]) == 0
    record = json.loads(capsys.readouterr().out)
    assert record["certificate"]["trusted"] is True
    assert sorted(os.listdir()) == ["s.npz", "small.toml"]
    assert app.run_program(["verify", "s.npz", "--months", "0,1"]) == 0
    assert "shares no code" in " ".join(capsys.readouterr().out.split())
    assert "--months" in refused(capsys, "verify", "s.npz", "--months", "0,99")

    saved = read_archive(Path("s.npz"))
    for blocks in saved.choices["posture"].settler:
        blocks[:] = blocks[:, ::-1].copy()
    with Path("wrong.npz").open("wb") as file:
        write_archive(saved, file)
    assert app.run_program(["verify", "wrong.npz", "--months", "1", "--json"]) == 1
    content = json.loads(capsys.readouterr().out)
    assert content["trusted"] is False
    assert {row["quantity"] for row in content["quantities"] if not row["passed"]} >= {"residual", "regret"}


def test_interruption_while_writing_leaves_nothing(monkeypatch, small, capsys: pytest.CaptureFixture[str]):
    def interrupted(saved: object, file: object):
        file.write(b"half")  # pyright: ignore[reportAttributeAccessIssue]
        raise KeyboardInterrupt

    monkeypatch.setattr("outlast.solving.solve", lambda game: small)
    monkeypatch.setattr("outlast.solving.archive.write_archive", interrupted)
    assert app.run_program(["solve", "small.toml", "--save", "s.npz"]) == app.INTERRUPTED
    assert "interrupted" in capsys.readouterr().err
    assert os.listdir() == ["small.toml"]


INTERRUPTED_RUN = """
import os, signal, threading
import outlast.solving

signal.signal(signal.SIGINT, signal.default_int_handler)  # a shell may have started this with Ctrl-C switched off
inner = outlast.solving.solve

def solve(*arguments, **options):
    threading.Timer(1.0, os.kill, (os.getpid(), signal.SIGINT)).start()
    return inner(*arguments, **options)

outlast.solving.solve = solve
from outlast.cli.app import main
main(["run", "small.toml", "--draws", "0"])
"""


@pytest.mark.skipif(sys.platform == "win32", reason="no such signal")
def test_ctrl_c_ends_a_run_at_once_and_leaves_nothing(tmp_path: Path):
    """The signal comes while the programs are compiled, which takes far longer than is waited for here."""
    begun = time.monotonic()
    command = [sys.executable, "-c", INTERRUPTED_RUN]
    empty = {"OUTLAST_CACHE": str(tmp_path / "cache")}
    finished = subprocess.run(command, capture_output=True, text=True, check=False, env=os.environ | empty, timeout=120)
    assert finished.returncode == app.INTERRUPTED
    assert finished.stdout == ""
    told = finished.stderr.strip().splitlines()
    assert told[-1] == "outlast: interrupted; unfinished output was not written."
    assert all(line.startswith("outlast: ") for line in told)  # how far it was, if that took long enough to be told
    assert time.monotonic() - begun < 60
    assert set(os.listdir(tmp_path)) <= {"small.toml", "cache"}


def test_work_is_shown_on_a_terminal_and_its_errors_are_raised(monkeypatch, capsys: pytest.CaptureFixture[str]):
    from outlast.cli.working import work

    monkeypatch.setenv("FORCE_COLOR", "1")
    monkeypatch.setenv("TTY_COMPATIBLE", "1")

    def task(say):
        say("counting", 0, 2)
        say("counting", 2, 2)
        say("waiting", 0, 0)
        time.sleep(0.3)
        return 42

    assert work(task) == 42
    printed = capsys.readouterr()
    assert printed.out == ""
    assert "waiting" in printed.err
    with pytest.raises(ZeroDivisionError):
        work(lambda say: 1 / 0)


def test_run_asks_what_it_is_told_to_ask(small, small_answers, monkeypatch):
    import polars as pl

    from outlast.scenario.reading import read

    asked: dict[str, object] = {}

    def answer(solution: object, **options: object):
        asked.update(options)
        return small_answers

    monkeypatch.setattr("outlast.solving.solve", lambda game: asked.update(game=game) or small)
    monkeypatch.setattr("outlast.answers.answer", answer)
    monkeypatch.setattr("outlast.answers.checks.horizon_check", lambda solution: pl.DataFrame({"key": ["h"]}))
    monkeypatch.setattr(
        "outlast.answers.checks.grid_check", lambda solution, resolution: pl.DataFrame({"key": [resolution]})
    )
    said: list[str] = []
    plan = Plan(read("small.toml"), 5, 9, "fine", horizon_check=True, grid_check=True)
    found = plan.answers(lambda stage, done, total: said.append(stage))
    assert (asked["draws"], asked["seed"]) == (5, 9)
    assert asked["game"].resolution == "fine"  # pyright: ignore[reportAttributeAccessIssue]
    assert found.tables["horizon_check"]["key"].item() == "h"
    assert found.tables["grid_check"]["key"].item() == "standard", "the next finer grid than the one solved on"
    assert "solving (compiling first, once per shape)" in said
