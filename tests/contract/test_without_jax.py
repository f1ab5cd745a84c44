"""The main path neither loads nor needs JAX: its compiler and its start of a second are for those who differentiate."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

ANNEXES = ("estimating", "gallery")
"""Rooms that the main path does without."""
BLOCKED = "import sys\nsys.modules.update(dict.fromkeys(('jax', 'jaxlib', 'equinox')))\n"
WALK = f"""
import pkgutil, importlib, outlast
for found in pkgutil.walk_packages(outlast.__path__, "outlast."):
    if found.name.split(".")[1] not in {ANNEXES} and found.name != "outlast.__main__":
        importlib.import_module(found.name)
"""


def finished(script: str, *arguments: str) -> None:
    """Run a script in which JAX cannot be loaded."""
    command = [sys.executable, "-c", BLOCKED + script, *arguments]
    done = subprocess.run(command, capture_output=True, text=True, timeout=600)
    assert done.returncode == 0, done.stderr[-3000:]


def test_every_module_of_the_main_path_loads_without_jax():
    finished(WALK)


def test_a_command_that_needs_it_says_how_to_get_it(capsys: pytest.CaptureFixture[str]):
    from outlast.cli.app import MENDABLE, _mendable

    assert _mendable(ModuleNotFoundError("No module named 'jax'", name="jax")) == MENDABLE
    assert "outlast[estimate]" in capsys.readouterr().err


@pytest.mark.slow
def test_a_scenario_is_answered_without_jax(tiny_file: Path, tmp_path: Path):
    script = "from outlast.cli.app import main\nmain()\n"
    finished(script, "run", str(tiny_file), "--draws", "0", "--out", str(tmp_path / "report"))
    assert (tmp_path / "report" / "report.html").is_file()
