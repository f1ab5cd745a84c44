"""Long work tells how far it is where there is no terminal too: a line now and then, on standard error."""

from __future__ import annotations

import threading

import pytest

from outlast.cli import working
from outlast.cli.working import Stage, work


class Clock:
    """A clock that is set by hand."""

    def __init__(self):
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


def test_a_line_says_stage_steps_and_time_left():
    clock = Clock()
    stage = Stage(clock=clock)
    clock.now += 5
    assert stage.line() == "outlast: working, 0:05 so far"
    stage.told("solving draws", 0, 64)
    clock.now += 60
    assert stage.line() == "outlast: solving draws, 0 of 64, 1:00 so far"
    stage.told("solving draws", 16, 64)
    assert stage.line() == "outlast: solving draws, 16 of 64, about 3:00 left"
    stage.told("reading", 0, 0)
    clock.now += 125
    assert stage.line() == "outlast: reading, 2:05 so far"


def test_steps_of_an_earlier_run_say_nothing_of_the_pace():
    clock = Clock()
    stage = Stage(clock=clock)
    stage.told("solving draws", 1000, 1024)
    clock.now += 60
    stage.told("solving draws", 1006, 1024)
    assert stage.line().endswith("about 3:00 left")


@pytest.mark.parametrize("apart", [True, False])
def test_redirected_work_tells_lines_until_it_is_done(
    apart: bool, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
):
    monkeypatch.setattr(working, "EVERY", 0.02)
    told, line = threading.Event(), Stage.line

    def seen(stage: Stage) -> str:
        if stage.done:
            told.set()
        return line(stage)

    monkeypatch.setattr(Stage, "line", seen)

    def task(say) -> int:
        say("counting", 0, 8)
        say("counting", 3, 8)
        assert told.wait(30)
        return 42

    assert work(task, apart=apart, of="left (1 of 2)") == 42
    captured = capfd.readouterr()
    assert captured.out == ""
    assert "outlast: left (1 of 2): counting, 3 of 8, " in captured.err
    before = threading.active_count()
    told.clear()
    assert not told.wait(0.1), "it still tells of work that is done"
    assert threading.active_count() <= before


def test_short_work_tells_nothing(capfd: pytest.CaptureFixture[str]):
    assert work(lambda say: say("counting", 1, 2) or 7) == 7
    assert capfd.readouterr().err == ""
