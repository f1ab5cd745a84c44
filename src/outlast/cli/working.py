"""Work that takes longer than a blink: show how far it is, and let Ctrl-C end it at once.

Compiled code does not look for Ctrl-C until it returns, which can take a minute. The work therefore runs in a thread
and this one waits for it; an interruption leaves the thread behind, and ``main`` ends the process without it.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any, TypeVar

Result = TypeVar("Result")
Say = Callable[[str, int, int], None]
"""Tell of a stage, steps done and steps in all; 0 in all where their number is unknown."""
COMPILING = "solving (compiling first, once per shape)"


def work(task: Callable[[Say], Result], *, apart: bool = True) -> Result:
    """Run ``task`` and return its result; meanwhile show on a terminal's standard error what it tells.

    With ``apart`` False it runs in this thread: what writes files must be reached by an interruption, to clean up.
    """
    with _bar() as bar:
        shown: dict[str, Any] = {}

        def say(stage: str, done: int, total: int) -> None:
            if stage not in shown:
                for earlier in shown.values():
                    bar.update(earlier, visible=False)
                shown[stage] = bar.add_task(stage, total=total or None)
            bar.update(shown[stage], completed=done)

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


def _bar() -> Any:
    from rich.console import Console
    from rich.progress import BarColumn, Progress, ProgressColumn, SpinnerColumn, TextColumn
    from rich.text import Text

    class Clock(ProgressColumn):
        """Time left where the number of steps is known, else time gone."""

        def render(self, task: Any) -> Text:
            """Return the clock of one stage."""
            if task.total is None or task.time_remaining is None:
                return Text(_minutes(task.elapsed or 0), style="dim")
            return Text(f"{_minutes(task.time_remaining)} left", style="dim")

    console = Console(stderr=True)
    columns = (SpinnerColumn(), TextColumn("{task.description}"), BarColumn(bar_width=20), Clock())
    quiet = not console.is_terminal
    return Progress(*columns, console=console, transient=True, disable=quiet, speed_estimate_period=600)


def _minutes(seconds: float) -> str:
    return f"{int(seconds) // 60}:{int(seconds) % 60:02d}"
