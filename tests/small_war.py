"""The scenario file of a war small enough to be solved in a second: the starter for two years on few levels."""

from __future__ import annotations

SMALL = """[scenario]
base = "starter"
months = 24
resolution = "coarse"

[belief]
levels = [0.0, 0.25, 0.5, 0.75, 1.0]

[stocks.territory.levels]
foothold = 0.1
"present line" = 0.4
"upper coast" = 0.6
"all of it" = 1.0

[stocks.endurance.levels]
broken = 0.0
exhausted = 0.25
steady = 0.75
fresh = 1.0

[stocks.patience.levels]
gone = 0.0
wavering = 0.25
willing = 0.75
resolute = 1.0
"""
