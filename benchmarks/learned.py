"""Forecast each month of the shipped record from what stood in it before: ``python benchmarks/learned.py [DRAWS]``.

Draws of ``geneva_2025`` are solved once. For each month of the record in turn they are weighed by the rows dated before
it, followed one month on, and the forecast is held against what the record then says. Beside it stand the same draws
unweighed, so that it shows what learning the numbers adds, and the baselines. The ranges of the scenario are those of
May 2025; its laws were written later and have seen these months.
"""

from __future__ import annotations

import sys
from dataclasses import replace

import numpy as np
import polars as pl
from scores import markdown
from ukraine import WAR_BEGAN

import outlast
from outlast.learning import Draws, Evidence, Ranges, Solver, evidence_of, weigh
from outlast.learning.evidence import month_begins
from outlast.learning.filter import filtered, stock_levels_of
from outlast.learning.forecast import ahead, forecast_tables
from outlast.record import read_record
from outlast.record.opening import Cells
from outlast.scoring import Board, forecasts_from, score_forecasts
from outlast.scoring.outcomes import QUESTIONS, outcomes_of_record

DRAWS = 32
UNLEARNT = "outlast, draws unweighed"


def known_by(evidence: Evidence, month: int) -> Evidence:
    """Return the rows dated before a month begins."""
    begins = month_begins(evidence.start, month)
    then = evidence.until(month)
    last = tuple(item for item in then.readings[-1] if item.date < begins)
    return replace(then, readings=(*then.readings[:-1], last))


def board(count: int = DRAWS) -> Board:
    """Solve, forecast month by month, and score."""
    scenario = outlast.read("geneva_2025")
    game = outlast.compile(scenario, resolution="coarse")
    record = read_record("geneva", scenario=scenario, from_start=False)
    evidence, levels = evidence_of(record, game, skip_earlier=True), stock_levels_of(game)
    ranges = Ranges.of(scenario)
    points = ranges.sample(count, 1)
    draws = Draws(ranges, points, Solver(game, ranges, evidence.months + 1)(points))
    said = []
    for month in range(1, evidence.months):
        then = known_by(evidence, month)
        weights = weigh(draws, then, levels).weights
        found = [filtered(policy, then, levels) for policy in draws.policies]
        followed = [ahead(policy, each, then, 1) for policy, each in zip(draws.policies, found, strict=True)]
        for name, share in (("outlast", weights), (UNLEARNT, np.full(count, 1 / count))):
            table = forecast_tables(followed, share, then, levels)["forecasts"]
            said.append(table.with_columns(forecaster=pl.lit(name)))
    rows = pl.concat(said).with_columns(pl.all().cast(pl.String))
    outcomes = outcomes_of_record(record, begins=scenario.as_of.day, questions=list(QUESTIONS))
    return score_forecasts(forecasts_from(Cells("month by month", rows)), outcomes, war_began=WAR_BEGAN)


def learned_tables(count: int = DRAWS) -> str:
    """Return the board as Markdown."""
    found = board(count)
    parts = ["\n".join(f"- {line}" for line in found.lines)]
    for (question,), part in found.means.group_by("question", maintain_order=True):
        shown = part.drop("question", "beside", "ours").unique("forecaster", maintain_order=True)
        kept = [name for name in shown.columns if shown[name].is_not_null().any()]
        parts += [f"#### {question}, one month ahead, {count} draws", markdown(shown.select(kept))]
    return "\n\n".join([*parts, *found.notes])


if __name__ == "__main__":
    print(learned_tables(int(sys.argv[1]) if sys.argv[1:] else DRAWS))
