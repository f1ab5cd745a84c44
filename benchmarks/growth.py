"""How the cost of a solve grows: ``python benchmarks/growth.py`` prints Markdown.

Processor seconds of one warm solve of `geneva` by war states, packages and months, each with the exponent of a power
law through its points, and of an ensemble by draws.
"""

from __future__ import annotations

import time
import tomllib
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np

import outlast as ol
from outlast.ensemble import LocalWorkers, make_ensemble
from outlast.game import Game
from outlast.scenario.shipped import shipped_path

REPEATS = 3
ENDURANCE = (3, 5, 9, 17)
"""Levels of endurance, evenly apart."""
PACKAGES = (2, 4, 8, 14)
MONTHS = (30, 60, 120, 240)
DRAWS = (4, 8, 16)
SMALL = {"scenario": {"base": "starter", "name": "small", "months": 24, "resolution": "coarse"}}


def by_states(levels: int) -> Game:
    """Return the war with so many levels of endurance."""
    start = ol.read("geneva").stocks.endurance.start.value
    scale = sorted({*np.linspace(0, 1, levels).round(6).tolist(), start})
    stock = {"levels": {f"level {i}": float(level) for i, level in enumerate(scale)}}
    changed = {"scenario": {"base": "geneva", "name": "grown"}, "stocks": {"endurance": stock}}
    return ol.compile(ol.read(changed), resolution="standard", months=24)


def by_packages(count: int) -> Game:
    """Return the war with the first so many packages."""
    path = shipped_path("geneva")
    assert path is not None
    names = [package["name"] for package in tomllib.loads(path.read_text(encoding="utf-8"))["packages"]][:count]
    return ol.compile(ol.read("geneva").with_packages(names), resolution="coarse", months=60)


def by_months(months: int) -> Game:
    """Return the war on a calendar of so many months."""
    return ol.compile(ol.read("geneva"), resolution="coarse", months=months)


def cost(game: Game) -> float:
    """Return processor seconds of one warm solve, the least of a few."""
    ol.solve(game)
    times = []
    for _ in range(REPEATS):
        begun = time.process_time()
        ol.solve(game)
        times.append(time.process_time() - begun)
    return min(times)


def drawn(count: int) -> float:
    """Return wall seconds of an ensemble of so many draws of a small war."""
    with TemporaryDirectory() as folder:
        begun = time.perf_counter()
        make_ensemble(ol.read(SMALL), draws=count, seed=1, out=Path(folder) / "e", workers=LocalWorkers(1))
        return time.perf_counter() - begun


def row(name: str, sizes: list[float], costs: list[float]) -> str:
    """Return a table row with the fitted exponent."""
    exponent = np.polyfit(np.log(sizes), np.log(costs), 1)[0]
    cells = ", ".join(f"{size:,.0f}: {seconds:.2f}" for size, seconds in zip(sizes, costs, strict=True))
    unit = costs[-1] / sizes[-1] * 1e3
    return f"| {name} | {cells} | {exponent:.2f} | {unit:.3g} |"


def growth_table() -> str:
    """Return the table as Markdown."""
    lines = ["| in | seconds at each size | exponent | ms per unit at the largest |", "|---|---|---|---|"]
    games = [by_states(levels) for levels in ENDURANCE]
    lines.append(
        row("war states (endurance levels; 24 months)", [g.shape.states for g in games], list(map(cost, games)))
    )
    kinds: tuple[tuple[str, Callable[[int], Game], tuple[int, ...]], ...] = (
        ("packages (coarse, 60 months)", by_packages, PACKAGES),
        ("months (coarse)", by_months, MONTHS),
    )
    for name, make, sizes in kinds:
        lines.append(row(name, list(sizes), [cost(make(size)) for size in sizes]))
    lines.append(row("draws (small war, one worker, wall)", list(DRAWS), [drawn(count) for count in DRAWS]))
    return "\n".join(lines)


if __name__ == "__main__":
    print(growth_table())
