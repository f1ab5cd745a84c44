"""Learn from a record: draws in; out come small tables on numbers, type, stocks and what may follow."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

import numpy as np
import polars as pl

from outlast.answers.intervals import FEWEST
from outlast.game import Game, compile
from outlast.learning.checks import checks
from outlast.learning.draws import THREADS, Draws, Ranges, Solver
from outlast.learning.evidence import Evidence, evidence_of, month_begins
from outlast.learning.filter import Levels, filtered, row_effects, stock_levels_of
from outlast.learning.forecast import Ahead, ahead, forecast_tables
from outlast.learning.posterior import NOTHING, Posterior, Progress, refresh, weigh
from outlast.learning.weights import quantiles, resampled
from outlast.record.record import Record

SHARES = (0.05, 0.25, 0.5, 0.75, 0.95)
ENOUGH = 0.5
"""Share of the draws asked for that is effective where none are renewed, though too few be effective for ranges."""
FOLLOWED = 256
"""Draws that a forecast follows at most."""
TOLD = 24
"""Draws in which the effect of every row is worked out."""


class Mendable(ValueError):
    """Say what the user asked for that cannot be had, and the way out."""


@dataclass(frozen=True)
class Learned:
    """What a record says: tables with stated columns, and how they were made.

    ``index``: month (-1 before the first), date, staller (mean of P(staller | record up to the end of the month) over
    draws), low and high (5% and 95% ends of its spread over draws). ``numbers``: path, value, low, high (of the
    scenario), prior and posterior quantiles, and moved (shift of the median in widths of the prior's middle half).
    Where fewer than sixteen draws are effective, ends of a spread over them and quantiles but the median are null.
    ``stocks``: stock, month, mean and quantiles given everything up to the month's start. ``rows``: what each row added
    and by how much it moved the log odds of a staller, the mean and the spread over draws. ``checks``: what would have
    been expected.
    """

    tables: dict[str, pl.DataFrame]
    posterior: Posterior
    evidence: Evidence
    levels: Levels
    made: dict[str, Any]


@dataclass(frozen=True)
class Plan:
    """How to learn: how many draws, which numbers may differ, and whether draws are renewed where weights collapse."""

    draws: int = 64
    seed: int = 1
    free: Sequence[str] | None = None
    renew: bool = True
    ahead: int = 0
    """Months after the record for which a forecast is wanted."""
    skip_earlier: bool = False
    """Whether rows before month 0 are left out instead of refused."""


def learn(scenario: Any, record: Record, plan: Plan, *, draws: Draws | None = None, say: Progress = NOTHING) -> Learned:
    """Fit a scenario to a record.

    Args:
        scenario: solved at coarse resolution in every draw.
        record: read against the scenario, none of its rows before month 0.
        plan: how many draws, and which numbers may differ.
        draws: draws solved already, of the same game; else they are solved here.
        say: told of the work done.

    Raises:
        RecordError: the record says nothing of this game, or has rows outside its calendar.
        Mendable: no draw gives the record any chance, a free number has no range, or the calendar is too short.
    """
    game = compile(scenario, resolution="coarse")
    evidence = evidence_of(record, game, skip_earlier=plan.skip_earlier)
    levels = stock_levels_of(game)
    try:
        ranges = Ranges.of(scenario, plan.free) if draws is None else draws.ranges
    except ValueError as error:
        raise Mendable(str(error)) from None
    solver = solver_for(game, ranges, evidence.months + plan.ahead)
    if draws is None:
        points = ranges.sample(max(plan.draws, 1), plan.seed)
        draws = Draws(ranges, points, solver(points, say, "solving draws"))
    _refuse_few_months(draws, evidence.months + plan.ahead)
    try:
        found = weigh(draws, evidence, levels, say=say)
    except ValueError as error:
        raise Mendable(
            f"{error}: lower the confidence of rows that may be wrong, widen ranges, or take more draws"
        ) from None
    if plan.renew and found.effective < min(FEWEST, ENOUGH * plan.draws):
        found = refresh(found, solver, evidence, levels, count=plan.draws, seed=plan.seed, say=say)
    say("reading the answers", 0, 0)
    made = _made(game, found, evidence, plan) | {"ensemble": draws.source, "first_draws": draws.count}
    return Learned(tables_of(found, evidence, levels, seed=plan.seed), found, evidence, levels, made)


def solver_for(game: Game, ranges: Ranges, months: int) -> Solver:
    """Return what solves draws for a number of months, checked against the game's horizon.

    Raises ``Mendable`` if the calendar is shorter.
    """
    if months > game.shape.months:
        raise Mendable(
            f"{months} months are to be followed, but the scenario has {game.shape.months}; raise its months"
        )
    return Solver(game, ranges, months)


def tables_of(found: Posterior, evidence: Evidence, levels: Levels, *, seed: int) -> dict[str, pl.DataFrame]:
    """Return the tables of a posterior."""
    return {
        "index": _index(found, evidence),
        "numbers": _numbers(found),
        "stocks": _stocks(found, evidence, levels),
        "rows": _rows(found, evidence, levels, seed),
        "checks": checks(found, evidence, levels, seed=seed),
        "rungs": pl.DataFrame([(r.power, r.effective, r.accepted, r.step) for r in found.rungs],
                              schema={"power": pl.Float64, "effective": pl.Float64, "accepted": pl.Float64,
                                      "step": pl.Float64}, orient="row"),
    }  # fmt: skip


def forecast(learned: Learned, months: int) -> dict[str, pl.DataFrame]:
    """Return what a fit says of the months after the record, as the tables of ``forecast_tables``.

    Of many draws, some are followed: as often as they weigh.
    """
    posterior, evidence, levels = learned.posterior, learned.evidence, learned.levels
    kept = np.flatnonzero((posterior.weights > 0) & [each.possible for each in posterior.filters])
    weights = posterior.weights[kept] / posterior.weights[kept].sum()
    if len(kept) > FOLLOWED:
        places, times = np.unique(resampled(weights, FOLLOWED, np.random.default_rng(learned.made["seed"])),
                                  return_counts=True)  # fmt: skip
        kept, weights = kept[places], times / FOLLOWED

    def one(place: int) -> Ahead:
        policy, found = posterior.policies[place], posterior.filters[place]
        return ahead(policy, found if found.end else filtered(policy, evidence, levels), evidence, months)

    with ThreadPoolExecutor(THREADS) as pool:
        draws = list(pool.map(one, kept))
    return forecast_tables(draws, weights, evidence, levels, ranged=posterior.ranged)


def _refuse_few_months(draws: Draws, months: int) -> None:
    known = draws.policies[0].months
    if known < months:
        raise Mendable(
            f"{months} months are to be followed, but {draws.source} keeps the choices of {known}; make an ensemble"
            f" with --keep-choices {months}, or follow fewer months"
        )


def _index(found: Posterior, evidence: Evidence) -> pl.DataFrame:
    prior = np.array([each.prior for each in found.filters])
    rows = []
    for month in range(-1, evidence.months):
        staller = prior if month < 0 else np.array([each.index[month] for each in found.filters])
        known = np.isfinite(staller) & (found.weights > 0)
        share = found.weights[known] / found.weights[known].sum()
        low, high = quantiles(staller[known], share, (0.05, 0.95)) if found.ranged else (None, None)
        rows.append({"month": month, "date": month_begins(evidence.start, month + 1),
                     "staller": float(staller[known] @ share), "low": low, "high": high})  # fmt: skip
    return pl.DataFrame(rows).with_columns(pl.col("low", "high").cast(pl.Float64))


def _numbers(found: Posterior) -> pl.DataFrame:
    rows = []
    prior = found.ranges.quantiles(SHARES)
    for place, spread in enumerate(found.ranges.spreads):
        after = quantiles(found.numbers[:, place], found.weights, SHARES)
        row = {"path": spread.path, "value": spread.value, "low": spread.low, "high": spread.high}
        row |= {f"prior_q{round(100 * q):02d}": float(v) for q, v in zip(SHARES, prior[:, place], strict=True)}
        row |= {"mean": float(found.numbers[:, place] @ found.weights)}
        told = [v if found.ranged or q == 0.5 else None for q, v in zip(SHARES, after, strict=True)]
        row |= {f"q{round(100 * q):02d}": v for q, v in zip(SHARES, told, strict=True)}
        row["moved"] = (after[2] - float(prior[2, place])) / float(prior[3, place] - prior[1, place])
        rows.append(row)
    if not rows:
        return pl.DataFrame()
    columns = pl.DataFrame(rows).with_columns(pl.col(r"^q\d\d$").cast(pl.Float64))
    return columns.sort(pl.col("moved").abs(), descending=True)


def _stocks(found: Posterior, evidence: Evidence, levels: Levels) -> pl.DataFrame:
    rows = []
    possible = np.array([each.possible for each in found.filters])
    weights = np.where(possible, found.weights, 0.0)
    weights = weights / weights.sum()
    for stock, at in levels.items():
        tables = np.stack([np.nan_to_num(each.stocks[stock]) for each in found.filters])
        for month, chance in enumerate(np.tensordot(weights, tables, axes=1)):
            sums = np.cumsum(chance)
            row = {"stock": stock, "month": month, "date": month_begins(evidence.start, month)}
            row |= {"mean": float(chance @ at)}
            row |= {f"q{round(100 * q):02d}": float(at[min(np.searchsorted(sums, q - 1e-9), len(at) - 1)])
                    for q in SHARES}  # fmt: skip
            rows.append(row)
    return pl.DataFrame(rows)


def _rows(found: Posterior, evidence: Evidence, levels: Levels, seed: int) -> pl.DataFrame:
    """Return the effect of every row, over a few draws taken by their weights."""
    random = np.random.default_rng(seed)
    places = resampled(found.weights, min(TOLD, len(found.weights)), random)
    told = pl.concat([row_effects(found.policies[i], evidence, levels) for i in places])
    end = lambda share: (  # noqa: E731
        pl.col("moved").quantile(share) if found.ranged else pl.lit(None, dtype=pl.Float64)
    )
    return (
        told.group_by("row", "date", "words", "month", maintain_order=True)
        .agg(
            pl.col("loglikelihood").mean(),
            pl.col("moved").mean().alias("moved"),
            end(0.05).alias("moved_low"),
            end(0.95).alias("moved_high"),
        )
        .sort(pl.col("moved").abs(), descending=True)
    )


def _made(game: Game, found: Posterior, evidence: Evidence, plan: Plan) -> dict[str, Any]:
    from outlast import __version__

    scenario = game.scenario
    return {
        "version": __version__,
        "name": scenario.name,
        "title": scenario.title,
        "hash": scenario.hash,
        "as_of": str(scenario.as_of),
        "resolution": game.resolution,
        "seed": plan.seed,
        "draws": len(found.weights),
        "months": evidence.months,
        "rows": evidence.count,
        "rows_by_confidence": evidence.weight,
        "passed_over": list(evidence.passed_over),
        "effective_prior": found.prior_effective,
        "effective": found.effective,
        "draws_for_ranges": FEWEST,
        "log_evidence": found.evidence,
        "rounds": len(found.rungs),
    }
