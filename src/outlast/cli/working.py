"""Work that takes longer than a blink: show how far it is, and let Ctrl-C end it at once.

Compiled code does not look for Ctrl-C until it returns, which can take a minute. The work therefore runs in a thread
and this one waits for it; an interruption leaves the thread behind, and ``main`` ends the process without it.

On a terminal a bar shows each stage. Where standard error goes to a file or a pipe, a line tells of it every ten
seconds, so that nobody has to guess whether a long command still runs.
"""

from __future__ import annotations

import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from typing import Any, TypeVar

Result = TypeVar("Result")
Say = Callable[[str, int, int], None]
"""Tell of a stage, steps done and steps in all; 0 in all where their number is unknown."""
COMPILING = "solving (compiling first, once per shape)"
EVERY = 10.0
"""Seconds from one line to the next where there is no terminal."""


def work(task: Callable[[Say], Result], *, apart: bool = True, of: str = "") -> Result:
    """Run ``task`` and return its result; meanwhile show on standard error what it tells.

    With ``apart`` False it runs in this thread: what writes files must be reached by an interruption, to clean up.
    ``of`` names what is worked at, where a command works at several.
    """
    from rich.console import Console

    console = Console(stderr=True)
    with _bar(console) if console.is_terminal else _lines() as told:

        def say(stage: str, done: int, total: int) -> None:
            told(f"{of}: {stage}" if of else stage, done, total)

        return _patiently(lambda: task(say)) if apart else task(say)


def _patiently(task: Callable[[], Result]) -> Result:
    """Run ``task`` in a thread and wait for it where an interruption can arrive."""
    results: list[Result] = []
    errors: list[BaseException] = []

    def attempt() -> None:
        try:
            results.append(task())
        except BaseException as error:
            errors.append(error)

    thread = threading.Thread(target=attempt, daemon=True)
    thread.start()
    while thread.is_alive():
        thread.join(0.1)
    if errors:
        raise errors[0]
    return results[0]


@dataclass
class Stage:
    """How far a command is: its stage, since when, and the steps done of all; 0 in all where their number is unknown.

    Steps that were done when the stage was first told of, such as those of an earlier run, tell nothing of the pace.
    """

    name: str = ""
    done: int = 0
    total: int = 0
    clock: Callable[[], float] = time.monotonic
    began: float = field(init=False)
    first: int = 0

    def __post_init__(self) -> None:
        self.began = self.clock()

    def told(self, name: str, done: int, total: int) -> None:
        """Take what the work tells."""
        if name != self.name:
            self.name, self.began, self.first = name, self.clock(), done
        self.done, self.total = done, total

    def line(self) -> str:
        """Return what stage it is, how many steps are done, and the time left, or gone where that is not known."""
        gone = self.clock() - self.began
        steps = f", {self.done} of {self.total}" if self.total else ""
        made = self.done - self.first
        left = gone * (self.total - self.done) / made if self.total and made > 0 else None
        clock = f"{_minutes(gone)} so far" if left is None else f"about {_minutes(left)} left"
        return f"outlast: {self.name or 'working'}{steps}, {clock}"


@contextmanager
def _lines() -> Iterator[Say]:
    """Print a line every so often until the work is done."""
    stage, over = Stage(), threading.Event()

    def tell() -> None:
        while not over.wait(EVERY):
            with suppress(OSError, ValueError):  # nobody reads standard error any more
                print(stage.line(), file=sys.stderr, flush=True)

    thread = threading.Thread(target=tell, daemon=True)
    thread.start()
    try:
        yield stage.told
    finally:
        over.set()
        thread.join(1.0)  # a line that is being written is whole before anything else is said


@contextmanager
def _bar(console: Any) -> Iterator[Say]:
    """Show a bar for the stage that the work is at."""
    from rich.progress import BarColumn, Progress, ProgressColumn, SpinnerColumn, TextColumn
    from rich.text import Text

    class Clock(ProgressColumn):
        """Time left where the number of steps is known, else time gone."""

        def render(self, task: Any) -> Text:
            """Return the clock of one stage."""
            if task.total is None or task.time_remaining is None:
                return Text(_minutes(task.elapsed or 0), style="dim")
            return Text(f"{_minutes(task.time_remaining)} left", style="dim")

    columns = (SpinnerColumn(), TextColumn("{task.description}"), BarColumn(bar_width=20), Clock())
    shown: dict[str, Any] = {}
    with Progress(*columns, console=console, transient=True, speed_estimate_period=600) as bar:

        def told(stage: str, done: int, total: int) -> None:
            if stage not in shown:
                for earlier in shown.values():
                    bar.update(earlier, visible=False)
                shown[stage] = bar.add_task(stage, total=total or None)
            bar.update(shown[stage], completed=done)

        yield told


def _minutes(seconds: float) -> str:
    return f"{int(seconds) // 60}:{int(seconds) % 60:02d}"
