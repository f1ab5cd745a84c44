"""How far each headline answer moves with each number: solved again at both ends of its range, all else held."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import polars as pl

from outlast.answers.assumptions import assumptions
from outlast.answers.job import Job, Solved
from outlast.answers.side_by_side import Progress, side_by_side
from outlast.answers.standpoint import Standpoint
from outlast.answers.tabulate import short_tables
from outlast.solving import Solution

HEADLINES = "headlines.value"
"""Where a job keeps the values of the headlines."""
ENDS = ("low", "high")


def sensitivity(
    solution: Solution,
    *,
    tables: Mapping[str, pl.DataFrame] | None = None,
    paths: Sequence[str] | None = None,
    progress: Progress | None = None,
    processes: int = 0,
) -> pl.DataFrame:
    """Say how far each headline answer moves with each number of the scenario.

    Every number with a range is moved to both ends of it, one at a time, and the game is solved again there: two solves
    for each. A number of a mechanism that is switched off moves nothing and is not solved for.

    Args:
        solution: what ``solve`` returned, of the plain value convention.
        tables: its tables, if they are at hand.
        paths: the numbers to move; all that have a range where None.
        progress: called with a stage, solves done and solves in all.
        processes: how many solve; with 0, threads of this one.

    Returns:
        A row per headline and number, the farthest-moving first: ``headline``, ``headline_label``, ``headline_unit``
        and its ``answer``; ``path``, ``label``, ``unit``, ``value``, ``low``, ``high``, ``basis`` of the number;
        ``effect_low`` and ``effect_high``, what moving the number from its value to each end does to the answer, in the
        answer's unit, and ``effect``, from low to high. Effects are null where a number has no range, was not asked
        for, where there is no solution to trust at that end, and where what is asked about cannot happen.
    """
    say = progress or (lambda stage, done, total: None)
    heads = (tables or short_tables(solution))["headlines"].select("key", "label", "unit", "value")
    columns = ("path", "label", "unit", "value", "low", "high", "basis", "varied")
    numbers = assumptions(Standpoint(solution)).select(columns).to_dicts()
    ranged = [number for number in numbers if number["varied"] and (paths is None or number["path"] in paths)]
    idle = {number["path"] for number in ranged if _off(solution, number["path"])}
    moved = _solved_again(solution, [number for number in ranged if number["path"] not in idle], say, processes)
    moved |= {(path, end): heads["value"].to_numpy() for path in idle for end in ENDS}
    return _table(heads, numbers, moved)


def _off(solution: Solution, path: str) -> bool:
    """Whether a number belongs to a mechanism that is switched off and stands in for nothing while it is."""
    scenario = solution.game.scenario
    off = [name for name, section in scenario.mechanisms.all().items() if not section.enabled]
    if not any(path.startswith(f"mechanisms.{name}.") for name in off):
        return False
    return all(path not in scenario.neutral_rules(name).values() for name in off)


def _solved_again(
    solution: Solution, ranged: list[dict[str, Any]], say: Progress, processes: int
) -> dict[tuple[str, str], np.ndarray]:
    """Solve with each number at each end of its range; return the headlines by path and end, in their order."""
    paths = tuple(number["path"] for number in ranged)
    centre = np.array([number["value"] for number in ranged])
    jobs, asked = [], []
    for place, number in enumerate(ranged):
        for end in ENDS:
            values = centre.copy()
            values[place] = number[end]
            # Each end is a draw of its own: a job that fails then costs no other.
            jobs.append(Job(len(jobs), values))
            asked.append((number["path"], end))
    within: Progress = lambda stage, done, total: say("solving at the ends of ranges", done, total)  # noqa: E731
    within("", 0, len(jobs))
    solved = side_by_side(solution.game, paths, jobs, say=within, processes=processes)
    return {place: found for place, each in zip(asked, solved, strict=True) if (found := _headlines(each)) is not None}


def _headlines(solved: Solved) -> np.ndarray | None:
    return solved.bands[HEADLINES] if solved.checks.trusted else None


def _effect(moved: float, value: float | None) -> float | None:
    """Return the change of an answer; None where there is none at one of the two."""
    return None if value is None or np.isnan(moved) or np.isnan(value) else float(moved - value)


def _table(
    heads: pl.DataFrame, numbers: list[dict[str, Any]], moved: dict[tuple[str, str], np.ndarray]
) -> pl.DataFrame:
    """Return a row per headline and number, the largest effects of each headline first."""
    rows: list[dict[str, Any]] = []
    for place, head in enumerate(heads.to_dicts()):
        named = {"headline": head["key"], "headline_label": head["label"], "headline_unit": head["unit"]}
        for number in numbers:
            ends = (moved.get((number["path"], end)) for end in ENDS)
            low, high = (None if end is None else _effect(end[place], head["value"]) for end in ends)
            whole = None if low is None or high is None else high - low
            effects = {"effect_low": low, "effect_high": high, "effect": whole}
            rows.append(named | {"answer": head["value"]} | number | effects)
    order = {key: place for place, key in enumerate(heads["key"])}
    return (
        pl.DataFrame(rows, infer_schema_length=None)
        .drop("varied")
        .with_columns(pl.col("answer", "low", "high", "effect_low", "effect_high", "effect").cast(pl.Float64))
        .sort(
            pl.col("headline").replace_strict(order),
            pl.col("effect").abs(),
            descending=[False, True],
            nulls_last=True,
            maintain_order=True,
        )
    )
