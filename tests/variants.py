"""The Geneva war and its variants on one coarse grid: other numbers and other switches, one compilation.

A variant is what an analyst would write over ``base = "geneva"``. Solved wars are kept, so that tests share them.
"""

from __future__ import annotations

import json
import tomllib
from typing import Any

import polars as pl

import outlast
from outlast.answers.claims import CLAIMS
from outlast.answers.standpoint import Standpoint
from outlast.answers.tabulate import short_tables
from outlast.game import Game
from outlast.game.compile import slot_values
from outlast.scenario import Scenario, read
from outlast.scenario.shipped import shipped_path

MONTHS = 120
"""The calendar as shipped: on one of half the length its end is a deadline that is felt at its start."""

Over = dict[str, Any]


class Wars:
    """Variants of a shipped scenario by what is written over it and which mechanism is off."""

    def __init__(self, name: str, *, months: int = MONTHS):
        self.name = name
        self.game: Game = outlast.compile(read(name), resolution="coarse", months=months)
        self._tables: dict[str, dict[str, pl.DataFrame]] = {}

    def scenario(self, over: Over, off: str | None = None) -> Scenario:
        """Return the scenario of a variant."""
        found = read({"scenario": {"base": self.name, "name": "variant"}, **over})
        return found.neutralised(off) if off else found

    def view(self, over: Over, off: str | None = None) -> Standpoint:
        """Solve a variant and read it at its start; the grid is that of the shipped scenario."""
        scenario = self.scenario(over, off)
        game = self.game.with_values(slot_values(scenario, self.game.shape.slots), scenario=scenario)
        solution = outlast.solve(game)
        assert solution.trusted, f"{over} without {off}: {solution!r}"
        return Standpoint(solution)

    def tables(self, over: Over | None = None, off: str | None = None) -> dict[str, pl.DataFrame]:
        """Return the short tables of a variant."""
        key = json.dumps([over or {}, off], sort_keys=True, default=str)
        if key not in self._tables:
            self._tables[key] = short_tables(self.view(over or {}, off).solution)
        return self._tables[key]

    def margin(self, claim: str, over: Over | None = None) -> float:
        """Return by how much a claim holds in a variant."""
        said = CLAIMS[claim]
        without = self.tables(over, said.mechanism) if said.contrast else None
        return said.margin(self.tables(over), without)

    def headlines(self, over: Over | None = None, off: str | None = None) -> dict[str, float]:
        """Return the headline answers of a variant by key."""
        return dict(self.tables(over, off)["headlines"].select("key", "value").iter_rows())


def calm_calendar() -> list[dict[str, Any]]:
    """Return the events of the Geneva war with all shocks to patience without a chance."""
    path = shipped_path("geneva")
    assert path is not None
    events = tomllib.loads(path.read_text(encoding="utf-8"))["events"]
    return [e | {"shock": e["shock"] | {"chance": 0.0}} if "shock" in e else e for e in events]
