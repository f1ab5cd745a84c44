"""Every command answers bad input with a sentence and exit code 2, never with a traceback."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from importlib import import_module
from pathlib import Path

import pytest

from outlast.cli import app
from outlast.cli.output import OutputRefused, write_text
from outlast.scenario.shipped import shipped_path

STARTER = shipped_path("starter")
assert STARTER is not None
TEXT = STARTER.read_text(encoding="utf-8")
AS_PROGRAM = [sys.executable, "-c", "from outlast.cli.app import main; main()"]


@pytest.fixture(autouse=True)
def in_empty_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.chdir(tmp_path)


def refused(capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    """Run a command that must be refused and return what it prints for the user."""
    code = app.run_program(list(arguments))
    printed = capsys.readouterr()
    assert code == app.MENDABLE
    assert printed.err.strip()
    assert "Traceback" not in printed.err
    assert len(printed.err) > 20
    return printed.err


@pytest.mark.parametrize("name", app.COMMANDS)
def test_command_is_documented_where_it_is_listed(name: str):
    command = getattr(import_module(f"outlast.cli.{name}"), name)
    assert (command.__doc__ or "").strip().splitlines()[0] == app.COMMANDS[name]


@pytest.mark.parametrize("name", app.COMMANDS)
def test_command_has_help(name: str, capsys: pytest.CaptureFixture[str]):
    assert app.run_program([name, "--help"]) == 0
    assert app.COMMANDS[name] in " ".join(capsys.readouterr().out.split())


@pytest.mark.parametrize("name", app.COMMANDS)
def test_unknown_option_is_refused(name: str, capsys: pytest.CaptureFixture[str]):
    assert "--bogus" in refused(capsys, name, "--bogus")


@pytest.mark.parametrize("name", [name for name in app.COMMANDS if name not in ("gallery", "scenarios", "schema")])
def test_missing_argument_is_refused(name: str, capsys: pytest.CaptureFixture[str]):
    refused(capsys, name)


def test_unknown_command_is_refused_with_the_nearest(capsys: pytest.CaptureFixture[str]):
    assert "Did you mean 'check'?" in refused(capsys, "chek", "starter")
    assert "Did you mean" not in refused(capsys, "zzzzzz")


def test_help_lists_every_command_without_importing_it():
    code = "import sys; from outlast.cli.app import run_program; run_program(['--help']); print(*sys.modules)"
    finished = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True, text=True)
    page, modules = finished.stdout.rsplit("\n", 2)[:2]
    assert all(name in page for name in app.COMMANDS)
    loaded = set(modules.split())
    assert not {"jax", "numpy", "polars", "altair", "pydantic", "rich"} & loaded
    assert not {f"outlast.cli.{name}" for name in app.COMMANDS} & loaded


def test_check_loads_no_arrays():
    code = "import sys; from outlast.cli.app import run_program; run_program(['check', 'starter']); print(*sys.modules)"
    finished = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True, text=True)
    assert not {"jax", "numpy", "polars", "altair", "scipy"} & set(finished.stdout.split())


BAD_FILES = {
    "empty": b"",
    "comment": b"# nothing here\n",
    "syntax": b"[scenario\n",
    "duplicate key": b"a = 1\na = 2\n",
    "other toml": b"[project]\nname = 'x'\n",
    "json": json.dumps({"scenario": {}}).encode(),
    "zip": b"PK\x03\x04\x14\x00\x00\x00",
    "nulls": b"\0" * 100,
    "latin": TEXT.replace("Varn", "V\xe4rn").encode("latin-1"),
    "utf-16": TEXT.encode("utf-16"),
    "wrong types": b"scenario = 3\nparties = []\nstocks = 'x'\npackages = {}\nevents = 1\nmechanisms = [[]]\n",
    "half": TEXT[: len(TEXT) // 2].encode(),
    "own base": b"[scenario]\nbase = 'bad.toml'\n",
    "too large": b"#" * 5_000_001,
}


@pytest.mark.parametrize("content", BAD_FILES.values(), ids=BAD_FILES)
def test_check_explains_a_bad_file(content: bytes, capsys: pytest.CaptureFixture[str]):
    Path("bad.toml").write_bytes(content)
    text = refused(capsys, "check", "bad.toml")
    assert "bad.toml" in text
    for word in ("found", "rule", "why", "remedy"):
        assert f"   {word}" in text


@pytest.mark.parametrize("file", ["absent.toml", "stater", "", ".", "/", "a\0b", "x" * 5000])
def test_check_explains_what_is_no_file(file: str, capsys: pytest.CaptureFixture[str]):
    refused(capsys, "check", file)


def test_check_counts_and_numbers_the_faults(capsys: pytest.CaptureFixture[str]):
    Path("bad.toml").write_text(TEXT.replace("start = 0.4", "start = 0.42").replace("drift =", "drfit =", 1))
    text = refused(capsys, "check", "bad.toml")
    assert text.startswith("2 faults\n\n1. bad.toml:")
    assert "did you mean `drift`?" in text


def test_check_writes_findings_as_json(capsys: pytest.CaptureFixture[str]):
    assert app.run_program(["check", "starter", "--json"]) == 0
    content = json.loads(capsys.readouterr().out)
    assert content["valid"] is True
    assert content["faults"] == []
    assert content["scenario"]["packages"] == 8
    Path("bad.toml").write_text(TEXT.replace("start = 0.4", "start = 0.42"))
    assert app.run_program(["check", "bad.toml", "--json"]) == app.MENDABLE
    (fault,) = json.loads(capsys.readouterr().out)["faults"]
    assert fault["path"] == "stocks.territory.start"
    assert fault["line"] > 1
    assert all(fault[key] for key in ("file", "found", "rule", "reason", "remedy", "suggestion"))


def test_check_accepts_a_good_file(capsys: pytest.CaptureFixture[str]):
    assert app.run_program(["check", "starter"]) == 0
    printed = capsys.readouterr()
    assert "starter is a valid scenario" in printed.out
    assert printed.err == ""


def test_scenarios_lists_what_can_be_checked(capsys: pytest.CaptureFixture[str]):
    assert app.run_program(["scenarios"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert any(line.startswith("starter ") for line in lines)
    for line in lines:
        assert app.run_program(["check", line.split()[0]]) == 0


def test_new_writes_a_valid_file_once(capsys: pytest.CaptureFixture[str]):
    assert app.run_program(["new", "my_war"]) == 0
    assert app.run_program(["check", "my_war.toml"]) == 0
    written = Path("my_war.toml").read_bytes()
    Path("my_war.toml").write_text("mine")
    assert "--force" in refused(capsys, "new", "my_war")
    assert Path("my_war.toml").read_text() == "mine"
    assert app.run_program(["new", "my_war.toml", "--force"]) == 0
    assert Path("my_war.toml").read_bytes() == written
    assert os.listdir() == ["my_war.toml"]


@pytest.mark.parametrize("name", ["", "My War", "starter", "9", "no/folder/x", "a\0b", "x" * 300, "-"])
def test_new_explains_a_name_that_will_not_do(name: str, capsys: pytest.CaptureFixture[str]):
    refused(capsys, "new", name)
    assert os.listdir() == []


@pytest.mark.parametrize("out", [".", "no/folder/x.json", "x" * 300, "a\0b", "file/x.json"])
def test_schema_explains_an_output_that_cannot_be_written(out: str, capsys: pytest.CaptureFixture[str]):
    Path("file").write_text("")
    refused(capsys, "schema", "--out", out)
    assert os.listdir() == ["file"]


def test_schema_writes_and_does_not_overwrite(capsys: pytest.CaptureFixture[str]):
    assert app.run_program(["schema", "--out", "s.json"]) == 0
    assert json.loads(Path("s.json").read_text(encoding="utf-8"))["$schema"]
    assert "exists already" in refused(capsys, "schema", "--out", "s.json")
    assert app.run_program(["schema", "--out", "s.json", "--force", "--explain", "drift"]) == 0
    assert Path("s.json").read_text(encoding="utf-8").startswith("mechanisms.patience.drift\n")


def test_schema_explains_an_unknown_key(capsys: pytest.CaptureFixture[str]):
    assert "patience" in refused(capsys, "schema", "--explain", "patiense")


def test_write_that_fails_leaves_nothing_behind(monkeypatch: pytest.MonkeyPatch):
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "replace", full)
    with pytest.raises(OutputRefused, match="No space left"):
        write_text(Path("x"), "text")
    monkeypatch.setattr(os, "replace", lambda *_: (_ for _ in ()).throw(KeyboardInterrupt))
    with pytest.raises(KeyboardInterrupt):
        write_text(Path("x"), "text")
    assert os.listdir() == []


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="every folder can be written")
def test_folder_that_may_not_be_written_is_explained(capsys: pytest.CaptureFixture[str]):
    Path("locked").mkdir(mode=0o500)
    assert "does not allow" in refused(capsys, "new", "locked/x")


def test_interruption_is_one_line(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch):
    def interrupted(_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("outlast.scenario.reading.read", interrupted)
    assert app.run_program(["check", "starter"]) == app.INTERRUPTED
    assert capsys.readouterr().err.strip().splitlines() == ["outlast: interrupted; unfinished output was not written."]


def test_bug_keeps_its_traceback(monkeypatch: pytest.MonkeyPatch):
    def broken(_: object) -> None:
        raise ZeroDivisionError("a bug")

    monkeypatch.setattr("outlast.scenario.reading.read", broken)
    with pytest.raises(ZeroDivisionError):
        app.run_program(["check", "starter"])


def test_program_exits_with_its_code():
    for arguments, code in ((["check", "starter"], 0), (["check", "absent"], 2), (["--version"], 0), ([], 2)):
        finished = subprocess.run([*AS_PROGRAM, *arguments], capture_output=True, text=True, check=False)
        assert finished.returncode == code
        assert "Traceback" not in finished.stderr


@pytest.mark.skipif(sys.platform == "win32", reason="no such pipes")
def test_reader_that_stops_reading_is_no_error():
    command = subprocess.Popen([*AS_PROGRAM, "schema"], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    assert command.stdout is not None
    assert command.stderr is not None
    with command, command.stdout, command.stderr:
        command.stdout.readline()
        command.stdout.close()
        assert command.stderr.read() == ""
    assert command.returncode == 0


@pytest.mark.skipif(sys.platform == "win32", reason="no such names")
def test_name_that_cannot_be_printed_is_no_error():
    finished = subprocess.run([*AS_PROGRAM, "check", b"\xff.toml"], capture_output=True, check=False)
    assert finished.returncode == 2
    assert b"Traceback" not in finished.stderr
