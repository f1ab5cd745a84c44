"""Measure the derivatives of the headline answers on `geneva`: ``python benchmarks/derivatives.py``.

Prints the cost against one solve, the peak memory and the disagreement with finite differences for ten numbers.
"""

from __future__ import annotations

import json
import resource
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path

REPEATS = 3
NUMBERS = (
    "belief.staller",
    "stocks.patience.start",
    "recognition.patron",
    "noise.defender.answer",
    "payoffs.sustain_cost",
    "mechanisms.front.pace",
    "mechanisms.endurance.losses",
    "mechanisms.styles.challenger_discount.staller",
    "mechanisms.aspiration.audience_cost.staller",
    "mechanisms.guarantees.renege_cost.soft",
)
STEPS = (1e-3, 1e-5, 1e-6)
"""Steps of differences, as shares of the number."""


def measure(resolution: str) -> dict:
    """Return seconds of a solve and of all derivatives, taken in turns, and memory in GB before and at its peak."""
    import outlast as ol
    from outlast.answers.sensitivity import derivatives
    from outlast.answers.sensitivity.columns import SMOOTH

    game = ol.compile(ol.read("geneva"), resolution=resolution)
    solution = ol.solve(game)
    begun = time.perf_counter()
    derivatives(solution, package=0)
    first = time.perf_counter() - begun
    before = resident()
    solves, walks, peak = [], [], 0.0
    for _ in range(REPEATS):
        begun = time.perf_counter()
        ol.solve(game)
        solves.append(time.perf_counter() - begun)
        begun = time.perf_counter()
        peak = max(peak, peak_during(lambda: derivatives(solution, package=0)))
        walks.append(time.perf_counter() - begun)
    return {
        "resolution": resolution,
        "answers": len(SMOOTH),
        "numbers": len(game.shape.slots),
        "first": first,
        "solve": sorted(solves)[REPEATS // 2],
        "derivatives": sorted(walks)[REPEATS // 2],
        "ratio": sorted(w / s for w, s in zip(walks, solves, strict=True))[REPEATS // 2],
        "before": before,
        "peak": peak,
    }


def resident() -> float:
    """Return the memory of this process now, in GB."""
    try:
        pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    except OSError:
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6
    return pages * resource.getpagesize() / 1e9


def peak_during(task: Callable[[], object]) -> float:
    """Return the largest memory of this process while a task runs, in GB, looked at fifty times a second."""
    largest, done = [0.0], threading.Event()

    def watch() -> None:
        while not done.is_set():
            largest[0] = max(largest[0], resident())
            done.wait(0.02)

    thread = threading.Thread(target=watch)
    thread.start()
    try:
        task()
    finally:
        done.set()
        thread.join()
    return largest[0]


def disagreements(resolution: str) -> list[tuple[str, list[float]]]:
    """Return, by number, the largest gap to a central difference at each step.

    The gap is over all headlines, as a share of the largest derivative with respect to the number.
    """
    import numpy as np

    import outlast as ol
    from outlast.answers.sensitivity import derivatives
    from outlast.answers.sensitivity.columns import SMOOTH
    from outlast.answers.tabulate import short_tables

    game = ol.compile(ol.read("geneva"), resolution=resolution)
    found = derivatives(ol.solve(game))
    values = np.asarray(game.inputs.values, dtype=float)

    def at(place: int, value: float) -> np.ndarray:
        moved = values.copy()
        moved[place] = value
        heads = short_tables(ol.solve(game.with_values(moved)))["headlines"]
        by_key = dict(zip(heads["key"], heads["value"], strict=True))
        return np.array([by_key[key] for key in SMOOTH])

    rows = []
    for number in NUMBERS:
        place = game.shape.slot(number)
        gaps = []
        for share in STEPS:
            step = share * abs(values[place])
            quotient = (at(place, values[place] + step) - at(place, values[place] - step)) / (2 * step)
            gaps.append(float(np.abs(quotient - found[:, place]).max() / np.abs(found[:, place]).max()))
        rows.append((number, gaps))
    return rows


def cost_table(rows: list[dict]) -> str:
    """Return the table of costs."""
    lines = [
        "| grid | answers, numbers | one solve s | all derivatives s | ratio | first call s | memory before, peak GB |",
        "|---|---|---|---|---|---|---|",
    ]
    for row in rows:
        lines.append(
            f"| {row['resolution']} | {row['answers']}, {row['numbers']} | {row['solve']:.2f} | "
            f"{row['derivatives']:.2f} | {row['ratio']:.1f} | {row['first']:.1f} | "
            f"{row['before']:.2f}, {row['peak']:.2f} |"
        )
    return "\n".join(lines)


def gap_table(rows: list[tuple[str, list[float]]]) -> str:
    """Return the table of disagreements."""
    lines = [
        f"| number | {' | '.join(f'step {share:g}' for share in STEPS)} |",
        "|---|" + "---|" * len(STEPS),
    ]
    lines += [f"| `{number}` | {' | '.join(f'{gap:.1e}' for gap in gaps)} |" for number, gaps in rows]
    return "\n".join(lines)


def section() -> str:
    """Measure in fresh processes and return the section of the results page."""
    rows = []
    for resolution in ("coarse", "standard"):
        command = [sys.executable, str(Path(__file__)), "cost", resolution]
        rows.append(json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout))
    command = [sys.executable, str(Path(__file__)), "gaps", "coarse"]
    gaps = json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)
    return f"""All derivatives of the headline answers of `geneva`, in reverse mode (`benchmarks/derivatives.py`).
Medians of {REPEATS}, one solve and one walk in turns. Nine of the ten headlines have derivatives; the tenth is a count.
The first call compiles where the disk cache is empty.

{cost_table(rows)}

Largest gap to a central difference, coarse grid, over all nine answers and as a share of the largest derivative with
respect to the number, by step (a share of the number). The solution is smooth in pieces: a longer step may cross a
place where a node follows another equilibrium; the difference then speaks of that jump, not of the slope where the
number stands.

{gap_table(gaps)}"""


def main() -> None:
    """Print one measurement as JSON, or the whole section."""
    if len(sys.argv) == 3:
        print(json.dumps(measure(sys.argv[2]) if sys.argv[1] == "cost" else disagreements(sys.argv[2])))
    else:
        print(section())


if __name__ == "__main__":
    main()
