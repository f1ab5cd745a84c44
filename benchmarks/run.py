"""Measure what the project promises and write ``benchmarks/RESULTS.md``: ``python benchmarks/run.py [--fine]``.

Every figure comes from a fresh process. Medians over repeats where a repeat is cheap; the count is in the table.
"""

from __future__ import annotations

import json
import os
import platform
import subprocess
import sys
import tempfile
import time
from importlib.metadata import version
from pathlib import Path

from as_of import as_of_tables
from derivatives import section as derivatives
from ensemble import ensemble_tables
from estimating import speed
from explicit import tables as explicit_tables
from fit import page as fit
from gallery import gallery_table
from honesty import page as honesty
from importers import importers_table
from learned import learned_tables
from recovery import page as recovery
from scores import score_tables
from stationary import tables as stationary_tables
from trees import tables as tree_tables

HERE = Path(__file__).parent
LEFT_OUT = "Left out of this run (`--quick`); the modules print them by themselves."
NOTES = HERE / "notes.md"
PACKAGES = ("outlast", "jax", "jaxlib", "numba", "numpy", "polars", "pydantic", "altair")


def timed(command: list[str], repeats: int) -> float:
    """Return the median wall time of a command."""
    times = []
    for _ in range(repeats):
        begun = time.perf_counter()
        subprocess.run(command, check=True, capture_output=True)
        times.append(time.perf_counter() - begun)
    return sorted(times)[len(times) // 2]


def one_solve(resolution: str, repeats: int, *more: str) -> dict:
    """Return what ``one_solve.py`` prints."""
    command = [sys.executable, str(HERE / "one_solve.py"), resolution, str(repeats), *more]
    return json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)


def processor() -> str:
    """Return the processor's name where the system tells it."""
    try:
        names = [line for line in Path("/proc/cpuinfo").read_text().splitlines() if line.startswith("model name")]
        return names[0].split(":", 1)[1].strip()
    except (OSError, IndexError):
        return platform.processor() or "unknown"


def solves_table(rows: list[dict]) -> str:
    """Return the table of solves."""
    lines = [
        "| grid | war states | packages, phases, months | first solve s | warm s | µs per month and state | peak GB |"
        " Bayes error | residual |",
        "|---|---|---|---|---|---|---|---|---|",
    ]
    for row in rows:
        unit = 1e6 * row["warm"] / row["months"] / (row["states"] * (1 + row["phases"]))
        lines.append(
            f"| {row['resolution']} | {row['states']:,} | {row['packages']}, {row['phases']}, {row['months']} | "
            f"{row['first']:.1f} | {row['warm']:.2f} | {unit:.2f} | {row['memory']:.2f} | {row['bayes']:.1e} | "
            f"{row['residual']:.1e} |"
        )
    return "\n".join(lines)


def main() -> None:
    """Measure and write the page."""
    quick = "--quick" in sys.argv
    outlast = str(Path(sys.executable).parent / "outlast")
    startup = [
        ("`outlast --help`", timed([outlast, "--help"], 5)),
        ("`outlast check geneva`", timed([outlast, "check", "geneva"], 5)),
    ]
    rows = [one_solve("coarse", 5, "cold"), one_solve("standard", 2, "cold")]
    if "--fine" in sys.argv:
        rows.append(one_solve("fine", 0, "cold"))
    with tempfile.TemporaryDirectory() as folder:
        draws = "32" if "--draws" not in sys.argv else sys.argv[sys.argv.index("--draws") + 1]
        whole = timed([outlast, "run", "geneva", "--draws", draws, "--out", f"{folder}/report"], 1)
    versions = ", ".join(f"{name} {version(name)}" for name in PACKAGES)
    page = f"""# Results

Written by `make bench`. The machine is shared: its speed varied by a factor of two while this was measured.
Machine: {processor()}, {os.cpu_count()} cores, {platform.system()} {platform.machine()},
Python {platform.python_version()}; {versions}.
Threads: as the libraries choose, at most {os.cpu_count()}. Double precision.

## Startup

| command | median seconds |
|---|---|
{chr(10).join(f"| {name} | {seconds:.2f} |" for name, seconds in startup)}

## One solve of `geneva`

The first solve contains the compilation, with an empty disk cache. A state is a cell and a belief; a month solves the
war and every peace phase.

{solves_table(rows)}

## The main job

`outlast run geneva --draws {draws}`, loops already compiled: {whole:.0f} s.

## What could fool a reader

{LEFT_OUT if quick else honesty()}

## Derivatives

{LEFT_OUT if quick else derivatives()}

## Ensembles

`python benchmarks/ensemble.py`; what follows for many machines is in `docs/how_to/many_machines.md`.

{LEFT_OUT if quick else ensemble_tables()}

## Estimators

{LEFT_OUT if quick else speed()}

## Published figures

Every figure of the gallery: the published one, ours, the error and the tolerance (`python benchmarks/gallery.py`).

{LEFT_OUT if quick else gallery_table()}

## Explicit games beside sgamesolver

`python benchmarks/explicit.py`; sgamesolver runs where `OUTLAST_SGAMESOLVER_PYTHON` names an interpreter that can
import it. Games in which several choose at once are outside what is solved here.

{LEFT_OUT if quick else explicit_tables()}

## Trees beside Gambit

`python benchmarks/trees.py`; Gambit runs where `OUTLAST_GAMBIT_PYTHON` names an interpreter that can import it.

{LEFT_OUT if quick else tree_tables()}

## Stationary wars

`python benchmarks/stationary.py`.

{LEFT_OUT if quick else stationary_tables()}

## Importers

Numbers that a right reading of publishers' files reproduces (`python benchmarks/importers.py`).

{importers_table()}

## Learning from a record

A fit from stored draws (`python benchmarks/fit.py`):

{LEFT_OUT if quick else fit()}

Recovery (`python benchmarks/recovery.py`): how often intervals of a fit hold the numbers from which a record was
simulated, and the ranks of the truth, which are even if filter and weights are right.

{LEFT_OUT if quick else recovery()}

Month by month over the shipped record (`python benchmarks/learned.py`), each forecast from the rows dated before it:

{LEFT_OUT if quick else learned_tables()}

## Forecasts

What the model's forecasts have to beat (`python benchmarks/scores.py`); the first line of each table says who wins.

{score_tables()}

### The model itself, started anew each month

`python benchmarks/as_of.py` says how. The laws are those of `geneva` and have seen the war; the starts
are as known then.

{LEFT_OUT if quick else as_of_tables()}

{NOTES.read_text(encoding="utf-8")}"""
    (HERE / "RESULTS.md").write_text(page, encoding="utf-8")
    print(page)


if __name__ == "__main__":
    main()
