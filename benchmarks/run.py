"""Measure what the project promises and write ``benchmarks/RESULTS.md``: ``python benchmarks/run.py [SECTION ...]``.

Each section is measured in a process of its own and ends at its time limit. Named sections alone are measured anew, the
others stay as the page has them; ``--list`` prints the names.
"""

from __future__ import annotations

import os
import platform
import re
import subprocess
import sys
import time
from datetime import date
from importlib import import_module
from importlib.metadata import version
from pathlib import Path
from typing import NamedTuple

HERE = Path(__file__).parent
PAGE, NOTES = HERE / "RESULTS.md", HERE / "notes.md"
PACKAGES = ("outlast", "numba", "numpy", "polars", "pydantic", "altair", "jax")
LIMIT = 1800
"""Seconds after which a section is given up."""


class Section(NamedTuple):
    """A section of the page: its heading, a sentence on it, and what prints it: a module and its function."""

    title: str
    about: str
    module: str
    function: str


SECTIONS = {
    "startup": Section("Startup", "", "solves", "startup"),
    "solve": Section(
        "One solve of `geneva`",
        "The first solve contains the compilation, with an empty disk cache. A state is a cell and a belief; a month "
        "solves the war and every peace phase.",
        "solves",
        "solves",
    ),
    "job": Section("The main job", "", "solves", "main_job"),
    "growth": Section("Growth", "Costs, and exponents of a power law through them.", "growth", "growth_table"),
    "kernels": Section("The hot loops and the machine's limits", "", "kernels", "kernels_table"),
    "plain": Section(
        "NumPy beside the loops",
        "The same months of `geneva` in straightforward NumPy behind the same functions (`benchmarks/plain.py`), "
        "processor time. A node with several equilibria may be solved differently, and values after it then differ.",
        "plain",
        "plain_table",
    ),
    "honesty": Section("What could fool a reader", "", "honesty", "page"),
    "ensemble": Section(
        "Ensembles",
        "What follows for many machines is in `docs/how_to/many_machines.md`.",
        "ensemble",
        "ensemble_tables",
    ),
    "estimating": Section("Estimators", "", "estimating", "speed"),
    "gallery": Section(
        "Published figures",
        "Every figure of the gallery: the published one, ours, the error and the tolerance.",
        "gallery",
        "gallery_table",
    ),
    "explicit": Section(
        "Explicit games beside sgamesolver",
        "Processor seconds with one thread (OMP, OPENBLAS and MKL) on both sides, which take turns: medians of three "
        "solves, of sgamesolver one where it takes longer than 30 s. It runs where `OUTLAST_SGAMESOLVER_PYTHON` names "
        "an interpreter that can import it, 60 s at most. Games in which several choose at once are outside what is "
        "solved here.",
        "explicit",
        "tables",
    ),
    "trees": Section(
        "Trees beside Gambit",
        "Gambit runs where `OUTLAST_GAMBIT_PYTHON` names an interpreter that can import it.",
        "trees",
        "tables",
    ),
    "stationary": Section("Stationary wars", "", "stationary", "tables"),
    "importers": Section(
        "Importers", "Numbers that a right reading of publishers' files reproduces.", "importers", "importers_table"
    ),
    "fit": Section("Learning from a record", "A fit from stored draws.", "fit", "page"),
    "recovery": Section(
        "Recovery",
        "How often intervals of a fit hold the numbers from which a record was simulated, and the ranks of the truth, "
        "which are even if filter and weights are right.",
        "recovery",
        "page",
    ),
    "learned": Section(
        "Learning month by month", "Each forecast from the rows dated before it.", "learned", "learned_tables"
    ),
    "scores": Section(
        "Forecasts",
        "What the model's forecasts have to beat; the first line of each table says who wins.",
        "scores",
        "score_tables",
    ),
    "as_of": Section(
        "The model itself, started anew each month",
        "The laws are those of `geneva` and have seen the war; the starts are as known then.",
        "as_of",
        "as_of_tables",
    ),
}


def processor() -> str:
    """Return the processor's name where the system tells it."""
    try:
        names = [line for line in Path("/proc/cpuinfo").read_text().splitlines() if line.startswith("model name")]
        return names[0].split(":", 1)[1].strip()
    except (OSError, IndexError):
        return platform.processor() or "unknown"


def head() -> str:
    """Return the head of the page: what it was measured on."""
    versions = ", ".join(f"{name} {version(name)}" for name in PACKAGES)
    return f"""# Results

Written by `make bench`; `python benchmarks/run.py NAME` measures one section anew. Each section says when it was
measured and how busy the machine was: a load above its cores inflates wall seconds, and processor seconds less.
Machine: {processor()}, {os.cpu_count()} cores, {platform.system()} {platform.machine()},
Python {platform.python_version()}; {versions}.
Threads: as the libraries choose, at most {os.cpu_count()}, unless a section says so. Double precision."""


def measured(name: str) -> str:
    """Return a section measured in a process of its own."""
    section, begun = SECTIONS[name], time.perf_counter()
    try:
        command = [sys.executable, __file__, "--print", name]
        done = subprocess.run(command, capture_output=True, text=True, timeout=LIMIT)
        body = done.stdout.strip() if done.returncode == 0 else f"Failed: {done.stderr.strip().splitlines()[-1]}"
    except subprocess.TimeoutExpired:
        body = f"Not finished within {LIMIT} s."
    seconds = time.perf_counter() - begun
    when = (
        f"`benchmarks/{section.module}.py`, {date.today()}, {seconds:.0f} s, load {os.getloadavg()[0]:.1f} at its end."
    )
    body = re.sub(r"^#{2,3} ", "### ", body, flags=re.MULTILINE)
    return "\n\n".join(part for part in (f"## {section.title}", section.about, when, body) if part)


def present() -> dict[str, str]:
    """Return the sections of the page as it is, by title."""
    if not PAGE.exists():
        return {}
    parts = re.split(r"^(?=## )", PAGE.read_text(encoding="utf-8"), flags=re.MULTILINE)[1:]
    return {part.splitlines()[0].removeprefix("## "): part.strip() for part in parts}


def write(sections: dict[str, str]) -> None:
    """Write the page from sections by title, those that are missing left out, and the notes."""
    known = [sections[section.title] for section in SECTIONS.values() if section.title in sections]
    PAGE.write_text("\n\n".join([head(), *known, NOTES.read_text(encoding="utf-8").strip()]) + "\n", encoding="utf-8")


def main() -> None:
    """Measure what is asked for, all by default, and write the page after every section."""
    asked = sys.argv[1:]
    if asked == ["--list"]:
        print(*SECTIONS, sep="\n")
        return
    if asked[:1] == ["--print"]:
        section = SECTIONS[asked[1]]
        print(getattr(import_module(section.module), section.function)())
        return
    unknown = [name for name in asked if name not in SECTIONS]
    if unknown:
        raise SystemExit(f"no section {', '.join(unknown)}; there are {', '.join(SECTIONS)}")
    sections = present()
    for name in asked or SECTIONS:
        print(f"measuring {name} ...", file=sys.stderr, flush=True)
        sections[SECTIONS[name].title] = measured(name)
        write(sections)


if __name__ == "__main__":
    main()
