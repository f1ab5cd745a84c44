"""The compiled loops are made anew when a module that they are compiled from changes."""

from __future__ import annotations

import re
from pathlib import Path

from outlast.solving import programs


def test_every_module_behind_the_loops_is_known():
    folder = Path(programs.__file__).parent
    used = {"stationwise", "movement"}
    for name in set(programs.SOURCES):
        text = (folder / f"{name}.py").read_text(encoding="utf-8")
        used |= set(re.findall(r"^from outlast\.solving\.(\w+) import", text, re.MULTILINE))
    assert used == set(programs.SOURCES)
