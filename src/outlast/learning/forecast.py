"""Forecast from where a record ends: attendance, agreement, collapse, the next posture and territory, each in chances.

A forecast follows every draw forward with all weights one, and mixes draws by their weights. The spread over draws is
what the numbers leave open; the rest is what the game itself leaves to chance.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import polars as pl

from outlast.learning.evidence import Evidence, month_begins
from outlast.learning.filter import Filtered, Levels, refuse_short
from outlast.learning.policy import Policy
from outlast.learning.stepping import Standing, pass_month
from outlast.learning.weights import quantiles
from outlast.record.form import FORECAST_COLUMNS, POSTURES

SPREAD = (0.05, 0.95)
MIXED = ("attend", "stay", "agreement", "collapse", "imposed", "attacked", "postures", "territory", "signed")
FORECASTER = "outlast"
"""Name under which forecasts are written down."""
TERRITORY = (0.05, 0.25, 0.5, 0.75, 0.95)
"""Shares of the distribution of territory in the table."""


@dataclass(frozen=True)
class Ahead:
    """What one draw says of the months after the record: arrays with a month on the leading axis.

    ``attend``, ``stay`` and ``postures`` are chances that the month brings them, none of them where there is no war;
    ``signed`` by package; ``agreement`` and ``collapse`` are chances that a package has been signed, or an end imposed,
    by the end of the month; ``imposed`` and ``attacked`` are chances that the month brings that end, or an attack on a
    peace. ``territory`` is by level at the end of the month.
    """

    attend: np.ndarray
    stay: np.ndarray
    signed: np.ndarray
    agreement: np.ndarray
    collapse: np.ndarray
    imposed: np.ndarray
    attacked: np.ndarray
    postures: np.ndarray
    territory: np.ndarray
    staller: float


def ahead(policy: Policy, found: Filtered, evidence: Evidence, months: int) -> Ahead:
    """Follow one draw for some months from the end of a record.

    Agreement counts first signatures from the end of the record on; where a peace holds already it is one.
    """
    assert found.end is not None
    begin = evidence.months
    refuse_short(policy, begin + months)
    clues = evidence.setting.silent()
    standing, warring = found.end, Standing(found.end.war, found.end.peace * 0)
    rows: dict[str, list] = {name: [] for name in ("attend", "stay", "signed", "agreement", "collapse", "imposed",
                                                   "attacked", "postures", "territory")}  # fmt: skip
    over = float(standing.war[:, :, policy.over].sum())
    never = clues.without_signature()
    for month in range(begin, begin + months):
        standing, passed = pass_month(policy, month, standing, clues)
        warring, _ = pass_month(policy, month, warring, never)
        rows["attend"].append(passed.attended)
        rows["stay"].append(passed.stayed)
        rows["signed"].append(passed.signed)
        rows["postures"].append(passed.posture)
        rows["agreement"].append(1 - warring.total)
        rows["attacked"].append(passed.attacked)
        before, over = over, float(standing.war[:, :, policy.over].sum())
        rows["collapse"].append(over)
        rows["imposed"].append(max(over - before, 0.0))
        grid = standing.cells().sum(axis=0).reshape(policy.sizes)
        rows["territory"].append(grid.sum(axis=(1, 2, 3)))
    return Ahead(**{name: np.array(values) for name, values in rows.items()}, staller=found.end.staller)


def forecast_tables(
    draws: list[Ahead], weights: np.ndarray, evidence: Evidence, levels: Levels, *, ranged: bool
) -> dict[str, pl.DataFrame]:
    """Mix draws by their weights into the tables of a forecast.

    ``ranged`` says whether enough draws are effective for the ends of a spread over them; else these are null.

    ``months``: month, date, then for attend, stay, agreement, collapse and each posture the chance, and the 5% and 95%
    ends of its spread over draws. ``territory``: month and quantiles of the mixture, and its mean. ``levels``: month,
    level and chance. ``packages``: chance that each is signed within the months. ``forecasts``: the same as rows that
    ``outlast score`` reads, for the questions that a record can answer.
    """
    months = len(draws[0].attend)
    begin = evidence.months
    mixed = {name: np.tensordot(weights, np.stack([getattr(draw, name) for draw in draws]), axes=1) for name in MIXED}
    rows, lines, chances = [], [], []
    for month in range(months):
        day = month_begins(evidence.start, begin + month)
        row = {"month": begin + month, "date": day}
        for name in ("attend", "stay", "agreement", "collapse"):
            row |= _spread(name, np.array([getattr(draw, name)[month] for draw in draws]), weights, ranged=ranged)
        for number, posture in enumerate(POSTURES):
            chances_of = np.array([draw.postures[month, number] for draw in draws])
            row |= _spread(posture, chances_of, weights, ranged=ranged)
        rows.append(row)
        chance = mixed["territory"][month] / mixed["territory"][month].sum()
        sums = np.cumsum(chance)
        at = levels["territory"]
        line = {"month": begin + month, "date": day, "mean": float(chance @ at)}
        lines.append(line | {f"q{round(100 * q):02d}": float(at[min(np.searchsorted(sums, q - 1e-9), len(at) - 1)])
                             for q in TERRITORY})  # fmt: skip
        chances += [(begin + month, float(level), float(p)) for level, p in zip(at, chance, strict=True)]
    packages = pl.DataFrame({"package": list(evidence.setting.packages), "chance": mixed["signed"].sum(axis=0)})
    return {
        "months": pl.DataFrame(rows).with_columns(pl.col("^.*_(low|high)$").cast(pl.Float64)),
        "territory": pl.DataFrame(lines),
        "levels": pl.DataFrame(chances, schema=["month", "level", "chance"], orient="row"),
        "packages": packages.sort("chance", descending=True),
        "forecasts": _to_score(mixed, lines, evidence),
    }


def _to_score(mixed: dict[str, np.ndarray], land: list[dict], evidence: Evidence) -> pl.DataFrame:
    """Return a forecast as the rows of ``FORECAST_COLUMNS``: each month alone, not what has come by then.

    It counts as made when its first month begins, or on the day of the last row if that is later; a month that has
    begun by then is left out, for something of it was known.
    """
    begin = evidence.months
    days = [item.date for items in (*evidence.moves, *evidence.readings) for item in items]
    made = max([*days, month_begins(evidence.start, begin)])
    lone = {"attend": mixed["attend"], "agreement": mixed["signed"].sum(axis=1), "attack": mixed["attacked"],
            "collapse": mixed["imposed"]}  # fmt: skip
    rows: list[tuple[Any, ...]] = []
    for place, line in enumerate(land):
        if line["date"] < made:
            continue
        told = [(question, "chance", "yes", min(float(chance[place]), 1.0)) for question, chance in lone.items()]
        chosen = mixed["postures"][place]
        if chosen.sum() > 0:
            told += [("posture", "chance", name, float(p)) for name, p in
                     zip(POSTURES, chosen / chosen.sum(), strict=True)]  # fmt: skip
        told += [("territory", "quantile", f"{q:g}", line[f"q{round(100 * q):02d}"]) for q in TERRITORY]
        rows += [(made, line["date"], question, FORECASTER, form, at, value) for question, form, at, value in told]
    names = [column.name for column in FORECAST_COLUMNS][:7]
    kinds = (pl.Date, pl.Date, pl.String, pl.String, pl.String, pl.String, pl.Float64)
    return pl.DataFrame(rows, schema=dict(zip(names, kinds, strict=True)), orient="row")


def _spread(name: str, values: np.ndarray, weights: np.ndarray, *, ranged: bool) -> dict[str, float | None]:
    low, high = quantiles(values, weights, SPREAD) if ranged else (None, None)
    return {name: float(values @ weights), f"{name}_low": low, f"{name}_high": high}
