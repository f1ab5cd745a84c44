"""Exact filtering: how likely a record is in a solved game, and what it says of the hidden parts month by month.

Hidden are the challenger's type, the stocks between readings, acts of which no row speaks, and the belief that the
others hold, which moves with every act of the challenger. All are followed exactly on the grid of the game:

    a(m+1) = a(m) R(m) T(m),   likelihood of the record up to month m = sum of a(m+1) R(m+1)

with a(m) the mass by type, belief, phase and cell, R(m) the densities of the readings at the start of month m, and T(m)
the month as it is played, each way of going weighed by what the month's rows say of it.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import polars as pl

from outlast.game.grid import STOCKS
from outlast.learning.evidence import Evidence, Item, reading_weights
from outlast.learning.policy import Policy
from outlast.learning.stepping import Standing, beginning, pass_month

Levels = dict[str, np.ndarray]


@dataclass(frozen=True)
class Filtered:
    """What a record says in one solved game.

    ``increments[m]``: log likelihood that the rows of month m and the readings at its end add; those at the start of
    month 0 count with month 0. ``index[m]``: chance that the challenger is a staller given everything up to the end of
    month m (the stalling index); ``belief[m]``: what the others believe then, in the mean. ``stocks``: chances of the
    levels, ``(months + 1, levels)``, given everything up to the start of each month.
    """

    loglikelihood: float
    increments: np.ndarray
    index: np.ndarray
    belief: np.ndarray
    stocks: dict[str, np.ndarray]
    end: Standing | None
    """Where the war may stand at the end of the record, its mass summing to one; None if the record is impossible, or
    if what was found comes from a store."""
    prior: float
    """Chance of a staller before the record."""

    @property
    def possible(self) -> bool:
        """Whether the game gives the record any chance."""
        return bool(np.isfinite(self.loglikelihood))

    def without_end(self) -> Filtered:
        """Return the same without where the war may stand, which takes most of the room."""
        return replace(self, end=None)


def densities_of(evidence: Evidence, levels: Levels) -> list[np.ndarray]:
    """Return what the readings at each month's start say of every cell: the same for every draw of a game."""
    return [reading_weights(items, levels) for items in evidence.readings]


def filtered(
    policy: Policy, evidence: Evidence, levels: Levels, *, densities: list[np.ndarray] | None = None
) -> Filtered:
    """Filter a record through a policy.

    Args:
        policy: choices and moves of at least as many months as the record spans.
        evidence: the record.
        levels: levels of every stock, as ``stock_levels_of`` gives them.
        densities: what ``densities_of`` gives, where many policies are filtered.

    Returns:
        Log likelihood, stalling index and stocks by month. Where the record is impossible the log likelihood is minus
        infinity and the rest is nan from that month on.
    """
    months = evidence.months
    refuse_short(policy, months)
    increments, index, belief = np.full(months, np.nan), np.full(months, np.nan), np.full(months, np.nan)
    stocks = {stock: np.full((months + 1, len(levels[stock])), np.nan) for stock in STOCKS}
    densities = densities_of(evidence, levels) if densities is None else densities
    standing = beginning(policy).weighed(densities[0])
    carried, standing = _normal(standing)
    if standing is not None:
        _note_stocks(stocks, 0, standing, policy)
    for month in range(months):
        if standing is None:
            break
        standing, _ = pass_month(policy, month, standing, evidence.told[month])
        gained, standing = _normal(standing.weighed(densities[month + 1]))
        increments[month], carried = gained + carried, 0.0
        if standing is not None:
            index[month] = standing.staller
            belief[month] = float(standing.cells().sum(axis=1) @ policy.beliefs)
            _note_stocks(stocks, month + 1, standing, policy)
    total = float(increments.sum()) + carried if standing is not None else -np.inf
    return Filtered(total, increments, index, belief, stocks, standing, policy.prior)


def refuse_short(policy: Policy, months: int) -> None:
    """Raise ``ValueError`` if a policy knows fewer months than are asked of it."""
    if policy.months < months:
        raise ValueError(
            f"{months} months are to be followed, but the policy knows {policy.months}; make it with policy_of for more"
        )


def stock_levels_of(game) -> Levels:
    """Return the levels of every stock of a game."""
    return {stock: np.asarray(levels) for stock, levels in zip(STOCKS, game.inputs.grid.levels, strict=True)}


def row_effects(policy: Policy, evidence: Evidence, levels: Levels) -> pl.DataFrame:
    """Return what every row adds, in the order in which rows count.

    Columns: row, date, words, month, loglikelihood (what the row adds, given all before it) and moved (change of the
    log odds that the challenger is a staller). A month's readings of its end count after its acts.
    """
    rows = []
    standing = beginning(policy)
    standing, readings = _one_by_one(standing, evidence.readings[0], levels, 0)
    rows += readings
    for month in range(evidence.months):
        if standing is None:
            break
        before = (standing.total, standing.staller)
        items = evidence.moves[month]
        after = None
        for among in range(1, len(items) + 1):
            after, _ = pass_month(policy, month, standing, evidence.clues(month, among))
            if after.total <= 0:
                return _table(rows)
            now = (after.total, after.staller)
            rows.append(_row(items[among - 1], month, before, now))
            before = now
        if after is None:
            after, _ = pass_month(policy, month, standing, evidence.told[month])
        standing, readings = _one_by_one(after, evidence.readings[month + 1], levels, month)
        rows += readings
    return _table(rows)


def _one_by_one(
    standing: Standing, items: tuple[Item, ...], levels: Levels, month: int
) -> tuple[Standing | None, list[tuple]]:
    rows = []
    for item in items:
        after = standing.weighed(reading_weights((item,), levels))
        if after.total <= 0:
            return None, rows
        rows.append(_row(item, month, (standing.total, standing.staller), (after.total, after.staller)))
        standing = after
    return standing.scaled(1 / standing.total), rows


def _row(item: Item, month: int, before: tuple[float, float], after: tuple[float, float]) -> tuple:
    return (
        item.row,
        item.date,
        item.words,
        month,
        np.log(after[0] / before[0]),
        log_odds(after[1]) - log_odds(before[1]),
    )


def _table(rows: list[tuple]) -> pl.DataFrame:
    columns = {"row": pl.Int64, "date": pl.Date, "words": pl.String, "month": pl.Int64, "loglikelihood": pl.Float64,
               "moved": pl.Float64}  # fmt: skip
    return pl.DataFrame(rows, schema=columns, orient="row")


def log_odds(chance: float) -> float:
    """Return the log odds of a chance, kept finite at certainty."""
    chance = min(max(chance, 1e-12), 1 - 1e-12)
    return float(np.log(chance / (1 - chance)))


def _normal(standing: Standing) -> tuple[float, Standing | None]:
    """Return the log of the whole mass, and the mass scaled to one; None where there is none."""
    total = standing.total
    return (float(np.log(total)), standing.scaled(1 / total)) if total > 0 else (-np.inf, None)


def _note_stocks(stocks: dict[str, np.ndarray], month: int, standing: Standing, policy: Policy) -> None:
    grid = standing.cells().sum(axis=0).reshape(policy.sizes)
    for axis, stock in enumerate(STOCKS):
        stocks[stock][month] = grid.sum(axis=tuple(other for other in range(4) if other != axis))
