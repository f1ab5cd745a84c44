"""Measure stationary wars: ``python benchmarks/stationary.py`` prints the tables that ``tables`` returns.

A small war (the starter with two levels of each stock and one package, nothing in it dated) is solved by both routes
and as a calendar of 1,500 months. ``geneva`` is solved by both routes on the coarse grid, and as calendars of other
lengths.
"""

from __future__ import annotations

import time
from typing import Any

LEVELS = {
    "territory": {"line": 0.4, "all": 1.0},
    "forces": {"worn": 0.6, "start": 1.0},
    "endurance": {"broken": 0.0, "fresh": 1.0},
    "patience": {"gone": 0.0, "resolute": 1.0},
}
LONG = 1500
LENGTHS = (120, 240, 480, 720, 960)
ANSWERS = ("attend_next", "signed_next", "signed_year", "delay_challenger", "best_product", "peace_end", "imposed_end")


def small_war() -> Any:
    """Return the small war as a scenario in which nothing depends on the month."""
    import tomllib

    import outlast as ol
    from outlast.scenario.shipped import shipped_path

    path = shipped_path("starter")
    assert path is not None
    words = tomllib.loads(path.read_text(encoding="utf-8"))
    words["events"], words["claims"] = [], []
    words["belief"] = {"staller": 0.5, "levels": [0.0, 0.25, 0.5, 0.75, 1.0]}
    for stock, levels in LEVELS.items():
        words["stocks"][stock] |= {"levels": levels, "start": min(levels.values())}
    for stock in ("forces", "endurance", "patience"):
        words["stocks"][stock]["start"] = 1.0
    scenario = ol.read(words).with_packages(["soft_neutrality"])
    return scenario.neutralised("manpower").neutralised("aspiration")


def routes_table() -> str:
    """Return the table of the small war by route, against the long calendar, in cells where the war goes on."""
    import numpy as np

    import outlast as ol
    from outlast.solving.stationary_war import solve_stationary_war

    scenario = small_war()
    game = ol.compile(scenario, resolution="standard", months=12)
    grid = game.inputs.grid
    inside = (np.asarray(grid.highest("territory")) == 0) & (np.asarray(grid.lowest("endurance")) == 0)
    begun = time.perf_counter()
    long = ol.solve(ol.compile(scenario, resolution="standard", months=LONG), window=3)
    seconds = time.perf_counter() - begun
    lines = [
        "| small war | outcome | residual | furthest from the calendar | months solved | s |",
        "|---|---|---|---|---|---|",
        f"| calendar of {LONG:,} months | | | | {LONG:,} | {seconds:.1f} |",
    ]
    for route in ("noise", "months"):
        found = solve_stationary_war(game, route=route)
        gap = max(float(np.abs(found.values[n] - long.values[n][0])[..., inside].max()) for n in found.values)
        lines.append(
            f"| {route} | {found.outcome} | {found.residual:.0e} | {gap:.0e} | {found.maps:,} | {found.seconds:.1f} |"
        )
    return "\n".join(lines)


def geneva_table() -> str:
    """Return what either route comes to on ``geneva``, with every warning."""
    import outlast as ol
    from outlast.solving.stationary_war import solve_stationary_war

    game = ol.compile(ol.read("geneva"), resolution="coarse")
    lines = ["| `geneva`, route | reached | outcome | residual | months solved | s |", "|---|---|---|---|---|---|"]
    warnings = []
    for route in ("noise", "months"):
        found = solve_stationary_war(game, route=route)
        said = "yes" if found.reached else "no"
        lines.append(
            f"| {route} | {said} | {found.outcome} | {found.residual:.0e} | {found.maps:,} | {found.seconds:.0f} |"
        )
        warnings += [f"- {route}: {warning}" for warning in found.warnings]
    return "\n".join(["\n".join(lines), "", *warnings])


def lengths_table() -> str:
    """Return the headline answers of ``geneva`` with calendars of other lengths, coarse grid."""
    import outlast as ol
    from outlast.answers.tabulate import short_tables

    lines = ["| months | " + " | ".join(ANSWERS) + " |", "|---|" + "---|" * len(ANSWERS)]
    for months in LENGTHS:
        solution = ol.solve(ol.compile(ol.read("geneva"), resolution="coarse", months=months))
        table = short_tables(solution)["headlines"]
        found = dict(zip(table["key"], table["value"], strict=True))
        lines.append(f"| {months} | " + " | ".join(f"{found[name]:.4f}" for name in ANSWERS) + " |")
    return "\n".join(lines)


def tables() -> str:
    """Return all tables as Markdown."""
    parts = ["### A small war by both routes and as a long calendar", routes_table()]
    parts += ["### `geneva`, coarse grid: the numbers of month 0 for ever", geneva_table()]
    parts += ["### `geneva`, coarse grid: how the length of the calendar moves the answers", lengths_table()]
    return "\n\n".join(parts)


if __name__ == "__main__":
    print(tables(), flush=True)
