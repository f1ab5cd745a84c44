"""Answer 5: where the war goes, month by month, as exact distributions."""

from __future__ import annotations

import numpy as np
import polars as pl

from outlast.answers.standpoint import Standpoint
from outlast.game.grid import STOCKS

QUANTILES = (0.05, 0.25, 0.50, 0.75, 0.95)
LABELS = {
    "territory": "Territory held by the challenger",
    "forces": "The challenger's forces",
    "endurance": "The defender's endurance",
    "patience": "The patron's patience",
    "belief": "Belief that the challenger is a staller",
}
UNITS = {"forces": "start = 1", "endurance": "share of full", "patience": "share of full", "belief": "chance"}


def marginals(view: Standpoint) -> dict[str, np.ndarray]:
    """Return the distribution of every stock and of the belief, ``(months + 1, levels)``, over all phases."""
    sizes = view.game.shape.sizes
    whole = view.mix(*(path.begun["war"] + path.begun["peace"].sum(axis=1) for path in view.free))
    months, beliefs = whole.shape[:2]
    grid = whole.reshape(months, beliefs, *sizes)
    out = {stock: grid.sum(axis=tuple(i for i in range(1, 6) if i != axis + 2)) for axis, stock in enumerate(STOCKS)}
    out["belief"] = grid.sum(axis=(2, 3, 4, 5))
    return out


def levels_of(view: Standpoint) -> dict[str, np.ndarray]:
    """Return the levels of every stock and of the belief."""
    grid = view.game.inputs.grid
    return {stock: np.asarray(grid.levels[i]) for i, stock in enumerate(STOCKS)} | {"belief": np.asarray(grid.beliefs)}


def quantile(levels: np.ndarray, chance: np.ndarray, share: float) -> float:
    """Return the smallest level that at least ``share`` of the mass does not exceed."""
    return float(levels[min(int(np.searchsorted(np.cumsum(chance), share - 1e-9)), len(levels) - 1)])


def paths(view: Standpoint) -> pl.DataFrame:
    """Return mean and quantiles of every stock by month."""
    rows = []
    levels = levels_of(view)
    territory_unit = view.game.scenario.stocks.territory.unit or "share of the prize"
    for stock, table in marginals(view).items():
        for month, chance in enumerate(table):
            row = {
                "stock": stock,
                "label": LABELS[stock],
                "unit": territory_unit if stock == "territory" else UNITS[stock],
                "month": month,
                "mean": float(chance @ levels[stock] / chance.sum()),
            }
            row |= {f"q{round(100 * q):02d}": quantile(levels[stock], chance / chance.sum(), q) for q in QUANTILES}
            rows.append(row)
    return pl.DataFrame(rows)


def phases(view: Standpoint) -> pl.DataFrame:
    """Return the chances of war, peace and an imposed end by month."""
    over = view.over()
    war = view.mix(*(path.begun["war"].sum(axis=1) for path in view.free))
    peace = view.mix(*(path.begun["peace"].sum(axis=(1, 2, 3)) for path in view.free))
    return pl.DataFrame(
        {
            "month": np.arange(len(peace)),
            "war": (war * (1 - over)).sum(axis=1),
            "peace": peace,
            "imposed": (war * over).sum(axis=1),
        }
    )


def distribution(view: Standpoint) -> pl.DataFrame:
    """Return the exact chance of every level of every stock by month."""
    levels = levels_of(view)
    frames = []
    for stock, table in marginals(view).items():
        months, count = table.shape
        frames.append(
            pl.DataFrame(
                {
                    "stock": [stock] * (months * count),
                    "month": np.repeat(np.arange(months), count),
                    "level": np.tile(levels[stock], months),
                    "probability": table.ravel(),
                }
            )
        )
    return pl.concat(frames)
