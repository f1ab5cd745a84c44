"""Measure a fit from stored draws and print Markdown: ``python benchmarks/fit.py [DRAWS] [ENSEMBLE]``.

A record of 60 months is simulated from the first draw of an ensemble of ``geneva_2025``: a row each month on who came
and on the posture, a row for each package tabled and each answer, readings of territory and patience. It is weighed
over all draws, as ``outlast fit --ensemble`` does. Processor time is what a busy machine does not inflate; wall time is
what a user waits. Both are given for the draws at hand and, since every draw costs the same, for a thousand.

The ensemble is made first unless a folder is given that keeps 60 months of choices. All numbers with a range differ in
it; how many they are changes nothing here, for a draw is a draw.
"""

from __future__ import annotations

import sys
import tempfile
import time
from functools import partial
from pathlib import Path

import numpy as np

import outlast
from outlast.ensemble import Ensemble, LocalWorkers, make_ensemble, open_ensemble
from outlast.learning import Draws, choices, stored_draws, weigh
from outlast.learning.clues import Setting
from outlast.learning.evidence import Evidence, evidence_from
from outlast.learning.filter import filtered, stock_levels_of
from outlast.learning.meter import Reading
from outlast.learning.remembered import place_of
from outlast.learning.simulate import read_stocks, simulated
from outlast.learning.study import tables_of

MONTHS = 60
DRAWS = 16
THOUSAND = 1000
CONFIDENCE = 0.9
NAME = "geneva_2025"


def long_record(draws: Draws, levels: dict, setting: Setting, start) -> Evidence:
    """Return a record of 60 months simulated from the first draw."""
    random = np.random.default_rng(3)
    policy = draws.policies[0]
    path = simulated(policy, MONTHS, random)
    like = {
        "territory": Reading("territory", 0.2, 0.004, 0.004, 0.9),
        "patience": Reading("patience", 0.5, 0.1, 0.1, 0.9),
    }
    readings = read_stocks(path, policy, levels, like, random)
    return evidence_from(path.acts, readings, setting, start, months=MONTHS, confidence=CONFIDENCE)


def clocked(task) -> tuple[object, float, float]:
    """Return what a task gives, its processor seconds and its seconds."""
    begun = time.process_time(), time.perf_counter()
    found = task()
    return found, time.process_time() - begun[0], time.perf_counter() - begun[1]


def page(count: int = DRAWS, folder: str | None = None) -> str:
    """Return the section of the results."""
    with tempfile.TemporaryDirectory() as place:
        if folder is None:
            folder = f"{place}/e"
            keep = partial(choices, months=MONTHS)
            make_ensemble(outlast.read(NAME), draws=count, out=folder, keep=keep, workers=LocalWorkers(2))
        return _measured(open_ensemble(folder))


def _measured(ensemble: Ensemble) -> str:
    scenario = outlast.read(NAME)
    game = outlast.compile(scenario, resolution="coarse")
    levels, draws = stock_levels_of(game), stored_draws(ensemble, scenario)
    setting = Setting(tuple(game.labels.packages), draws.policies[0].phase)
    evidence = long_record(draws, levels, setting, scenario.as_of)
    memory = place_of(draws.mark, evidence)
    memory.unlink(missing_ok=True)
    policy = draws.policies[0]
    filtered(policy, evidence.until(2), levels)
    _, reading, _ = clocked(lambda: [draws.policies[i] for i in range(1, min(7, draws.count))])
    _, one, _ = clocked(lambda: filtered(policy, evidence, levels))
    found, processor, wall = clocked(lambda: weigh(draws, evidence, levels))
    _, _, again = clocked(lambda: weigh(draws, evidence, levels))
    _, _, tables = clocked(lambda: tables_of(found, evidence, levels, seed=1))
    memory.unlink()
    size = sum(path.stat().st_size for path in (Path(ensemble.folder) / "kept").rglob("*.npz")) / draws.count / 1e6
    scale = THOUSAND / draws.count
    rows = [
        ("reading the choices of a draw, processor ms", f"{1e3 * reading / min(6, draws.count - 1):.0f}"),
        ("filtering, processor ms a month and draw", f"{1e3 * one / MONTHS:.1f}"),
        (f"weighing {draws.count} draws the first time, processor s", f"{processor:.1f}"),
        (f"weighing {draws.count} draws the first time, s", f"{wall:.1f}"),
        ("the same for a thousand draws, s", f"{wall * scale:.0f}"),
        ("weighing them again, once read, for a thousand draws, s", f"{again * scale:.2f}"),
        ("posterior tables, rows and predictive checks, s", f"{tables:.0f}"),
        ("choices kept, MB a draw", f"{size:.1f}"),
    ]
    lines = ["| what | measured |", "|---|---|", *(f"| {name} | {value} |" for name, value in rows)]
    return "\n".join([
        *lines, "",
        f"A record of {MONTHS} months and {evidence.count} rows, {draws.count} draws of `{NAME}` on the coarse grid;"
        f" effective sample size {found.effective:.1f}. Figures for a thousand draws are scaled from these.",
    ])  # fmt: skip


if __name__ == "__main__":
    print(page(int(sys.argv[1]) if len(sys.argv) > 1 else DRAWS, sys.argv[2] if len(sys.argv) > 2 else None))
