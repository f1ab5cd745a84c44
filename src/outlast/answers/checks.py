"""Two checks that solve the same scenario again: with a longer horizon, and on another grid.

A finite calendar and a grid are means, not claims about the war. What they do to the answers is worth knowing: if the
answers move by as much as the question is about, the question is not answered.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import polars as pl

from outlast.answers.standpoint import Standpoint
from outlast.answers.tabulate import short_tables
from outlast.game import compile
from outlast.solving import Solution, solve

LONGER = 1.25
"""Horizon of the horizon check, as a multiple of the scenario's."""
EARLY = 24
"""Months within which answers should not feel the end of the calendar."""
EARLY_HEADLINES = ("attend_next", "signed_next", "signed_year", "delay_challenger", "delay_defender", "delay_patron")


def horizon_check(solution: Solution) -> pl.DataFrame:
    """Solve again with a quarter more months and compare the answers about the first two years.

    Returns:
        A row per answer: key, label, unit, value, other (with the longer horizon), difference (other less value), and
        change, which says in words what was changed. Beside the early headlines stand the chances of peace and of an
        imposed end after two years, or after as many months as the shorter solution looks ahead.
    """
    game = solution.game
    months = round(LONGER * game.shape.months)
    longer = _again(solution, resolution=game.resolution, months=months)
    change = f"horizon of {months} months instead of {game.shape.months}"
    month = min(EARLY, Standpoint(solution).months)
    return _compared(_early(solution, month), _early(longer, month), change)


def grid_check(solution: Solution, *, resolution: str = "fine") -> pl.DataFrame:
    """Solve again at another resolution and compare all headline answers.

    Returns:
        A row per headline, with the columns of ``horizon_check``; ``other`` is the answer at ``resolution``.
    """
    game = solution.game
    other = _again(solution, resolution=resolution, months=game.shape.months)
    change = f"{resolution} resolution instead of {game.resolution}"
    return _compared(_headlines(solution), _headlines(other), change)


def _again(solution: Solution, *, resolution: str, months: int) -> Solution:
    """Solve the game's numbers anew on another calendar or grid, looking as far ahead as before."""
    game, window = solution.game, len(solution.calendar.kept.values["war"])
    fresh = compile(game.scenario, resolution=resolution, months=months)
    return solve(fresh.with_values(np.asarray(game.inputs.values)), window=window, convention=solution.convention)


def _headlines(solution: Solution) -> pl.DataFrame:
    return short_tables(solution)["headlines"].select("key", "label", "unit", "value")


def _early(solution: Solution, month: int) -> pl.DataFrame:
    tables = short_tables(solution)
    heads = tables["headlines"].filter(pl.col("key").is_in(EARLY_HEADLINES)).select("key", "label", "unit", "value")
    return pl.concat([heads, _ends(tables, month, solution.game.labels.parties["challenger"])])


def _ends(tables: Mapping[str, pl.DataFrame], month: int, challenger: str) -> pl.DataFrame:
    then = tables["phases"].filter(pl.col("month") == month).row(0, named=True)
    rows = [
        ("peace_early", f"At peace after {month} months", "chance", then["peace"]),
        ("imposed_early", f"{challenger} has dictated the end by month {month}", "chance", then["imposed"]),
    ]
    return pl.DataFrame(rows, schema=["key", "label", "unit", "value"], orient="row")


def _compared(first: pl.DataFrame, second: pl.DataFrame, change: str) -> pl.DataFrame:
    joined = first.join(second.select("key", other="value"), on="key", how="left", maintain_order="left")
    return joined.with_columns((pl.col("other") - pl.col("value")).alias("difference"), pl.lit(change).alias("change"))
