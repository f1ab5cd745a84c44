"""Commands that must be refused, and what each of them owes the user."""

from __future__ import annotations

import os

import pytest

from outlast.cli import app


def refused(capsys: pytest.CaptureFixture[str], *words: str) -> str:
    """Run a command that must be refused and return what it says, in one line.

    It says why, prints nothing else, shows no traceback and leaves the folder as it was.
    """
    before = sorted(os.listdir())
    assert app.run_program(list(words)) == app.MENDABLE
    printed = capsys.readouterr()
    assert printed.out == ""
    assert "Traceback" not in printed.err
    assert len(printed.err) > 20
    assert sorted(os.listdir()) == before
    return " ".join(printed.err.split())
