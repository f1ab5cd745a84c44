"""What the calendar's length and the grid do to the answers on `geneva`: ``python benchmarks/checks.py [--coarse]``."""

from __future__ import annotations

import resource
import sys
import time

import outlast as ol
from outlast.answers.tabulate import short_tables

MONTHS = (60, 120, 180, 240)
"""Calendars compared on the coarse grid."""


def solved(resolution: str, months: int) -> dict:
    """Return the headline answers by label, with the certificate, seconds and peak memory so far in GB."""
    game = ol.compile(ol.read("geneva"), resolution=resolution, months=months)
    begun = time.perf_counter()
    solution = ol.solve(game)
    seconds = time.perf_counter() - begun
    heads = short_tables(solution)["headlines"]
    return {
        "heads": dict(zip(heads["label"], heads["value"], strict=True)),
        "trusted": "yes" if solution.trusted else "NO",
        "bayes": solution.bayes,
        "residual": solution.residual,
        "seconds": seconds,
        "memory": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6,
    }


def table(columns: dict[str, dict]) -> str:
    """Return a table with an answer in each row."""
    labels = list(next(iter(columns.values()))["heads"])
    lines = ["| answer | " + " | ".join(columns) + " |", "|---" * (len(columns) + 1) + "|"]
    for label in labels:
        lines.append(f"| {label} | " + " | ".join(f"{c['heads'][label]:.3f}" for c in columns.values()) + " |")
    for name, form in (("trusted", "s"), ("bayes", ".1e"), ("residual", ".1e"), ("seconds", ".1f"), ("memory", ".2f")):
        lines.append(f"| *{name}* | " + " | ".join(format(c[name], form) for c in columns.values()) + " |")
    return "\n".join(lines)


def checks_tables(*, fine: bool = True) -> str:
    """Return both tables as Markdown."""
    lengths = {f"{months} months": solved("coarse", months) for months in MONTHS}
    grids = {"coarse": lengths["120 months"], "standard": solved("standard", 120)}
    if fine:
        grids["fine"] = solved("fine", 120)
    return f"""Length of the calendar, coarse grid, central numbers:

{table(lengths)}

Grid, 120 months, central numbers:

{table(grids)}"""


if __name__ == "__main__":
    print(checks_tables(fine="--coarse" not in sys.argv))
