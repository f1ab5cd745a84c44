"""Let a program die before or after any of its file operations, as a process does that is killed there."""

from __future__ import annotations

import io
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from outlast.files import whole

OPERATIONS = ("mkdir", "rename", "replace", "unlink", "remove", "rmdir", "link", "fsync", "chmod")


class Crash(BaseException):
    """The process is dead: nothing that it would still do is done."""


class Crasher:
    """Count file operations, and die at the step of that number; each operation has a step before it and one after."""

    def __init__(self, at: int | None = None) -> None:
        self.at, self.steps, self.dead = at, 0, False

    def step(self) -> None:
        """Go one step, or die."""
        self.steps += 1
        if self.dead or self.steps == self.at:
            self.dead = True
            raise Crash

    def around(self, operation: Callable[..., Any]) -> Callable[..., Any]:
        """Return an operation with a step before it and one after it."""

        def stepped(*args: Any, **named: Any) -> Any:
            self.step()
            found = operation(*args, **named)
            self.step()
            return found

        return stepped

    def opening(self, plain: Callable[..., Any]) -> Callable[..., Any]:
        """Return an ``open`` whose files, if they are for writing, can die in the middle of a write."""

        def opened(file: Any, mode: str = "r", *args: Any, **named: Any) -> Any:
            if not set(mode) & set("wax+"):
                return plain(file, mode, *args, **named)
            self.step()
            return _Dying(plain(file, mode, *args, **named), self)

        return opened


class _Dying:
    """A file for writing that can stay half written."""

    def __init__(self, file: Any, crasher: Crasher) -> None:
        self._file, self._crasher = file, crasher

    def __enter__(self) -> _Dying:
        return self

    def __exit__(self, *error: object) -> None:
        self._file.close()

    def __getattr__(self, name: str) -> Any:
        return getattr(self._file, name)

    def write(self, content: Any) -> int:
        self._crasher.step()
        self._file.write(content[: len(content) // 2])
        self._file.flush()
        self._crasher.step()
        self._file.write(content[len(content) // 2 :])
        self._file.flush()
        self._crasher.step()
        return len(content)


@contextmanager
def crashing(at: int | None = None) -> Iterator[Crasher]:
    """Let what runs inside die at the step of that number; without one, only count the steps."""
    crasher = Crasher(at)
    with pytest.MonkeyPatch.context() as patch:
        for name in OPERATIONS:
            patch.setattr(os, name, crasher.around(getattr(os, name)))
        patch.setattr(io, "open", crasher.opening(io.open))
        patch.setattr(whole, "exchange", crasher.around(whole.exchange))
        yield crasher


def dies(at: int, task: Callable[[], object]) -> bool:
    """Run a task that dies at a step; return False if it ended before."""
    with crashing(at):
        try:
            task()
        except Crash:
            return True
    return False


def steps_of(task: Callable[[], object]) -> int:
    """Run a task to its end and return its steps."""
    with crashing() as crasher:
        task()
    return crasher.steps
