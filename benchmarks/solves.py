"""Start, solves and the main job: ``python benchmarks/solves.py`` prints Markdown. Every figure is a fresh process."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import time
from pathlib import Path

HERE = Path(__file__).parent
OUTLAST = str(Path(sys.executable).parent / "outlast")
DRAWS = 32


def timed(command: list[str], repeats: int) -> float:
    """Return the median wall time of a command."""
    times = []
    for _ in range(repeats):
        begun = time.perf_counter()
        subprocess.run(command, check=True, capture_output=True)
        times.append(time.perf_counter() - begun)
    return sorted(times)[len(times) // 2]


def startup() -> str:
    """Return how long the command line takes to start."""
    lines = ["| command | median seconds of five |", "|---|---|"]
    for words in (["--help"], ["check", "geneva"]):
        lines.append(f"| `outlast {' '.join(words)}` | {timed([OUTLAST, *words], 5):.2f} |")
    return "\n".join(lines)


def one_solve(resolution: str, repeats: int) -> dict:
    """Return what ``one_solve.py`` prints."""
    command = [sys.executable, str(HERE / "one_solve.py"), resolution, str(repeats), "cold"]
    return json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)


def solves() -> str:
    """Return the table of solves at the three resolutions."""
    lines = [
        "| grid | war states | packages, phases, months | first solve s | warm s | µs per month and state | peak GB |"
        " Bayes error | residual | leak |",
        "|---|---|---|---|---|---|---|---|---|---|",
    ]
    rows = [one_solve("coarse", 5), one_solve("standard", 3), one_solve("fine", 0)]
    for row in rows:
        unit = 1e6 * row["warm"] / row["months"] / (row["states"] * (1 + row["phases"]))
        lines.append(
            f"| {row['resolution']} | {row['states']:,} | {row['packages']}, {row['phases']}, {row['months']} | "
            f"{row['first']:.1f} | {row['warm']:.2f} | {unit:.2f} | {row['memory']:.2f} | {row['bayes']:.1e} | "
            f"{row['residual']:.1e} | {row['leak']:.1e} |"
        )
    lines += ["", "The fine grid was solved once; its time contains the compilation. Its answers, beside the others':"]
    lines += ["", "| answer | " + " | ".join(row["resolution"] for row in rows) + " |", "|---|---|---|---|"]
    for label in rows[0]["answers"]:
        lines.append(f"| {label} | " + " | ".join(f"{row['answers'][label]:.3f}" for row in rows) + " |")
    return "\n".join(lines)


def main_job() -> str:
    """Return how long a run takes, alone, from draws stored before, and again."""
    with tempfile.TemporaryDirectory() as folder:
        run = [OUTLAST, "run", "geneva", "--force", "--out", f"{folder}/report"]
        whole = timed([*run, "--draws", str(DRAWS)], 1)
        stored = f"{folder}/stored"
        timed([OUTLAST, "ensemble", "geneva", "--draws", str(DRAWS), "--out", stored], 1)
        beside = [timed([*run, "--ensemble", stored], 1) for _ in range(3)]
    return "\n".join(
        [
            "| command, loops already compiled | seconds |",
            "|---|---|",
            f"| `outlast run geneva --draws {DRAWS}` | {whole:.0f} |",
            f"| `outlast run geneva --ensemble DIR` with {DRAWS} stored draws | {beside[0]:.1f} |",
            f"| the same once more, the central solve stored too | {sorted(beside[1:])[0]:.1f} |",
        ]
    )


if __name__ == "__main__":
    print("\n\n".join([startup(), solves(), main_job()]))
