"""One solve of many: a draw of the numbers or their central values, with every mechanism on or with one off."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import polars as pl

from outlast.answers.certificate import proof
from outlast.answers.claims import CLAIMS
from outlast.answers.draws import drawn
from outlast.answers.intervals import banded
from outlast.answers.standpoint import Standpoint
from outlast.answers.tabulate import short_tables
from outlast.files.sealed import arrays_bytes
from outlast.game import Game
from outlast.solving import Solution, solve

CENTRE = -1
"""Number of the job that takes the central value of every number."""

Keep = Callable[[Solution], Mapping[str, np.ndarray]]
"""What else to keep of a solution: a few named arrays. It must be importable by name, as processes import it."""


@dataclass(frozen=True)
class Job:
    """What to solve.

    Attributes:
        draw: number of the draw, from 0, or ``CENTRE``.
        values: the drawn numbers, in the order of their paths; empty for the centre.
        off: a mechanism to switch off, or None.
        whole: whether to give back whole tables, for claims that compare two solutions.
    """

    draw: int
    values: np.ndarray
    off: str | None = None
    whole: bool = False


@dataclass(frozen=True)
class Checks:
    """The certificate of one solve: of each quantity the larger of what the solver and the second computation find.

    ``trusted`` says that both are within the limits of the full certificate, regret included.
    """

    bayes: float
    residual: float
    leak: float
    trusted: bool
    error: str = ""
    """Why there is no solution, where the numbers drawn allow none."""


@dataclass(frozen=True)
class Solved:
    """What is kept of one solve."""

    job: Job
    bands: dict[str, np.ndarray]
    """By ``table.column``, the values of its rows; empty where there is no solution."""
    margins: dict[str, float]
    """By claim that reads one solution: positive where it holds."""
    checks: Checks
    tables: dict[str, pl.DataFrame] | None = None
    kept: bytes = b""
    """What ``keep`` gave, as a compressed file in NumPy's format; empty if nothing was to be kept."""


def solve_job(game: Game, paths: tuple[str, ...], job: Job, keep: Keep | None = None) -> Solved:
    """Solve one job of a game at its resolution.

    Numbers that the solver cannot take (an overflow, a law out of its range) are no reason to lose the other draws: the
    job comes back untrusted, with the error in words. Any other error is raised.
    """
    try:
        return _solve(game, paths, job, keep)
    except (ArithmeticError, ValueError) as error:
        if job.draw == CENTRE:
            raise
        nothing = float("nan")
        return Solved(job, {}, {}, Checks(nothing, nothing, nothing, False, f"{type(error).__name__}: {error}"))


def _solve(game: Game, paths: tuple[str, ...], job: Job, keep: Keep | None) -> Solved:
    centre = job.draw == CENTRE
    asked = drawn(game, () if centre else paths, job.values, off=job.off)
    solution = solve(asked, threads=1)
    view = Standpoint(solution)
    tables = short_tables(solution, view)
    found = proof(view, aside=True)
    second = found.second
    largest = (max(found.bayes, second.bayes), max(found.residual, second.residual), max(found.leak, second.leak))
    checks = Checks(*largest, found.trusted)
    kept = arrays_bytes(keep(solution)) if keep and not centre and job.off is None else b""
    whole = tables if job.whole else None
    return Solved(job, banded(tables), lone_margins(game.scenario, tables), checks, whole, kept)


def lone_margins(scenario: Any, tables: Mapping[str, pl.DataFrame]) -> dict[str, float]:
    """Return the margins of the scenario's claims that read one solution alone."""
    said = [CLAIMS[claim.id] for claim in scenario.claims]
    return {claim.id: float(claim.margin(tables, None)) for claim in said if not claim.contrast}
