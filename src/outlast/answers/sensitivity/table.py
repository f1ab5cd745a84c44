"""Derivatives of the headline answers as a table, and answers solved again where a range moves them most."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import polars as pl

from outlast.answers.assumptions import assumptions
from outlast.answers.job import Job
from outlast.answers.sensitivity.columns import SMOOTH, Headlines
from outlast.answers.side_by_side import Progress, side_by_side
from outlast.answers.standpoint import Standpoint
from outlast.answers.tabulate import short_tables
from outlast.game.compile import word_path
from outlast.solving import Solution
from outlast.solving.adjoint.tape import SolutionTape
from outlast.solving.adjoint.walk import walk
from outlast.solving.solution import precise

RESOLVED = 6
"""Numbers whose ends are solved again."""
FACTOR = 2.0
"""How many times one effect may be the other before a derivative is said to mislead about a range."""
SMALL = 0.001
"""Effect below which no sign is compared: less than a page rounds to."""


def derivatives(solution: Solution, *, package: int | None = None) -> np.ndarray:
    """Return derivatives of the headline answers, ``(headlines, numbers)``, in the units of both.

    Args:
        solution: a solution of the plain value convention.
        package: the package whose chance is taken as the best; the best of the deal map when None.

    Returns:
        Rows as in ``SMOOTH``, columns as in ``game.shape.slots``. Where an answer has a kink, as at a start on a level
        of its stock, the derivative is the mean of those on both sides, or one of them.
    """
    view = Standpoint(solution)
    if package is None:
        package = int(short_tables(solution)["deal_map"]["product"].arg_max() or 0)
    headlines = Headlines(view, package)
    with precise():
        found = walk(SolutionTape(solution), solution.game.rules, view.inputs, headlines.columns())
        total = found.derivatives + headlines.at_start(found)
    return total[: len(SMOOTH)]


def sensitivity(
    solution: Solution,
    *,
    tables: Mapping[str, pl.DataFrame] | None = None,
    resolved: int = RESOLVED,
    progress: Progress | None = None,
    processes: int = 0,
) -> pl.DataFrame:
    """Say how far each headline answer moves with each number of the scenario.

    Args:
        solution: what ``solve`` returned, of the plain value convention.
        tables: its tables, if they are at hand.
        resolved: how many numbers, those whose ranges move answers most, to solve again at both ends.
        progress: called with a stage, steps done and steps in all.
        processes: how many solve again; with 0, threads of this one.

    Returns:
        A row per headline and number, the farthest-moving first: ``headline``, ``headline_label``, ``headline_unit``
        and its ``answer``; ``path``, ``label``, ``unit``, ``value``, ``low``, ``high``, ``basis`` of the number;
        ``derivative`` (answer's unit per number's unit); ``effect_low`` and ``effect_high``, what the derivative says
        of moving the number from its value to each end, and ``effect``, from low to high; ``resolved_low`` and
        ``resolved_high``, the same two from solving again, null where that was not done; ``agrees``, whether the two
        ways tell the same story: same sign, and neither more than ``FACTOR`` times the other. Effects are null where a
        number has no range. The count of packages in the durable zone has no derivative and no rows.
    """
    say = progress or (lambda stage, done, total: None)
    say("taking derivatives", 0, 0)
    tables = tables or short_tables(solution)
    heads = tables["headlines"].filter(pl.col("key").is_in(SMOOTH)).select("key", "label", "unit", "value")
    package = int(tables["deal_map"]["product"].arg_max() or 0)
    slopes = _by_path(solution, derivatives(solution, package=package))
    numbers = assumptions(Standpoint(solution)).select("path", "label", "unit", "value", "low", "high", "basis")
    table = _linear(heads, numbers, slopes)
    chosen = _farthest(table, resolved)
    moved = _solved_again(solution, numbers, chosen, say, processes)
    return _joined(table, heads, moved)


def _by_path(solution: Solution, found: np.ndarray) -> dict[str, np.ndarray]:
    """Return derivatives by the scenario's own path; a number whose mechanism is off moves nothing."""
    scenario, slots = solution.game.scenario, solution.game.shape.slots
    neutral: dict[str, float | str] = {}
    for mechanism, section in scenario.mechanisms.all().items():
        if not section.enabled:
            neutral |= scenario.neutral_rules(mechanism)
    out = {path: np.zeros(len(found)) for path in scenario.numbers()}
    for place, slot in enumerate(slots):
        path = word_path(slot, scenario)
        stands_for = neutral.get(path, path)
        if isinstance(stands_for, str) and stands_for in out:
            out[stands_for] = out[stands_for] + found[:, place]
    return out


def _linear(heads: pl.DataFrame, numbers: pl.DataFrame, slopes: dict[str, np.ndarray]) -> pl.DataFrame:
    """Return a row per headline and number with what derivatives say, the largest effects first."""
    rows: list[dict[str, Any]] = []
    for head in heads.to_dicts():
        place = SMOOTH.index(head["key"])
        named = {"headline": head["key"], "headline_label": head["label"], "headline_unit": head["unit"]}
        rows += [
            named | {"answer": head["value"], "derivative": float(slopes[number["path"]][place])} | number
            for number in numbers.to_dicts()
        ]
    order = ("headline", "headline_label", "headline_unit", "answer", *numbers.columns, "derivative")
    low, high, value, slope = (pl.col(name) for name in ("low", "high", "value", "derivative"))
    return (
        pl.DataFrame(rows, infer_schema_length=None)
        .select(order)
        .with_columns(effect_low=slope * (low - value), effect_high=slope * (high - value), effect=slope * (high - low))
        .sort(
            pl.col("headline").replace_strict({key: place for place, key in enumerate(SMOOTH)}),
            pl.col("effect").abs(),
            descending=[False, True],
            nulls_last=True,
        )
    )


def _farthest(table: pl.DataFrame, count: int) -> list[str]:
    """Return the paths whose ranges move some answer most, as a share of the largest effect on that answer."""
    size = pl.col("effect").abs()
    shares = table.filter(size > 0).with_columns(share=size / size.max().over("headline"))
    ranked = shares.group_by("path").agg(pl.col("share").max(), total=pl.col("share").sum())
    return ranked.sort("share", "total", "path", descending=[True, True, False])["path"].head(count).to_list()


def _solved_again(
    solution: Solution, numbers: pl.DataFrame, paths: list[str], say: Progress, processes: int
) -> dict[tuple[str, str], dict[str, float]]:
    """Solve with each number at each end of its range; return headlines by path and end."""
    ends = {row["path"]: row for row in numbers.to_dicts()}
    asked = [(path, end) for path in paths for end in ("low", "high")]
    found = {}
    # Each path is a draw of its own, so that its two ends are jobs of one game.
    for path in paths:
        jobs = [Job(draw, np.array([ends[path][end]]), whole=True) for draw, end in enumerate(("low", "high"))]
        solved = side_by_side(solution.game, (path,), jobs, say=_within(say, path, asked), processes=processes)
        for end, each in zip(("low", "high"), solved, strict=True):
            heads = each.tables["headlines"] if each.tables else None
            found[path, end] = {} if heads is None else dict(zip(heads["key"], heads["value"], strict=True))
    return found


def _within(say: Progress, path: str, asked: list[tuple[str, str]]) -> Progress:
    """Report the ends of one number's range as steps among all."""
    before = asked.index((path, "low"))
    return lambda stage, done, total: say("solving at the ends of ranges", before + done, len(asked))


def _joined(table: pl.DataFrame, heads: pl.DataFrame, moved: dict) -> pl.DataFrame:
    """Add what solving again says, and whether derivatives agree with it."""
    now = dict(zip(heads["key"], heads["value"], strict=True))
    columns: dict[str, list[Any]] = {"resolved_low": [], "resolved_high": [], "agrees": []}
    for row in table.to_dicts():
        ends = [moved.get((row["path"], end)) for end in ("low", "high")]
        low, high = (None if end is None else end[row["headline"]] - now[row["headline"]] for end in ends)
        columns["resolved_low"].append(low)
        columns["resolved_high"].append(high)
        columns["agrees"].append(None if low is None or high is None else agree(row["effect"], high - low))
    return table.with_columns(
        pl.Series("resolved_low", columns["resolved_low"], dtype=pl.Float64),
        pl.Series("resolved_high", columns["resolved_high"], dtype=pl.Float64),
        pl.Series("agrees", columns["agrees"], dtype=pl.Boolean),
    )


def agree(derived: float, resolved: float) -> bool:
    """Say whether two effects tell the same story: both small, or of one sign and of similar size."""
    small, large = sorted((abs(derived), abs(resolved)))
    if large <= SMALL:
        return True
    return derived * resolved > 0 and large <= FACTOR * small
