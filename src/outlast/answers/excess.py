"""Excess spread: the variance that the lattice adds to a stock's own, where the war is likely to go.

A stock that drifts between levels too far apart moves more erratically than its spread says (``outlast.game.lattice``).
It is weighed month by month with the mass of the runs forward: in war by the postures taken then, in peace by phase.
"""

from __future__ import annotations

import numpy as np
import polars as pl

from outlast.answers.standpoint import Standpoint
from outlast.game.grid import STOCKS, Grid
from outlast.game.layers import Move, Shift, Step

LIMITS = {"coarse": 0.30, "standard": 0.10, "fine": 0.10}
"""Largest share of a stock's own variance that the lattice may add, by resolution."""


def excess(view: Standpoint) -> pl.DataFrame:
    """Return a row per stock that has a spread.

    Columns: ``stock``; ``own``, the variance of a month's change that spread and breakthroughs ask for, on average
    along the likely path, in the stock's unit squared; ``added``, what the lattice adds to it (where it takes some
    away, as at an end, that counts as nothing); ``share``, added over own; and its ``limit`` at this resolution.
    """
    game = view.game
    grid = game.inputs.grid
    names = [stock for stock in STOCKS if f"stocks.{stock}.spread" in game.shape.slots]
    totals = {stock: np.zeros(2) for stock in names}
    months = game.rules.months(game.inputs)
    for month in range(view.months if names else 0):
        layers = {layer.station: layer for layer in months(month)}
        war, peace, taken = (
            view.mix(*(reading(path, month) for path in view.free)) for reading in (_war, _peace, _taken)
        )
        for station, mass in (("battle", taken[..., None, None] * war), ("settled", peace[:, None])):
            move = layers[station]
            assert isinstance(move, Move)
            for stock in names:
                spread, jumps = view.number(f"stocks.{stock}.spread"), _jumps(view) if stock == "territory" else 0.0
                for place, variance in enumerate(_variances(move, grid, stock, spread=spread, jumps=jumps)):
                    totals[stock][place] += (variance * mass).sum()
    rows = []
    for stock in names:
        own, added = totals[stock]
        share = added / own if own > 0 else (0.0 if added == 0 else float("inf"))
        rows.append(
            (stock, own / view.months, added / view.months, share, LIMITS.get(game.resolution, LIMITS["coarse"]))
        )
    schema = {"stock": pl.String, "own": pl.Float64, "added": pl.Float64, "share": pl.Float64, "limit": pl.Float64}
    return pl.DataFrame(rows, schema=schema, orient="row")


def _war(path, month: int) -> np.ndarray:
    return path.begun["war"][month].sum(axis=0)


def _peace(path, month: int) -> np.ndarray:
    return path.begun["peace"][month].sum(axis=1)


def _taken(path, month: int) -> np.ndarray:
    """Return the share of each posture with and without talks among the battles of a month, ``(postures, 2)``."""
    fought = path.through["battle"][month]
    return fought / fought.sum() if fought.sum() > 0 else fought


def _jumps(view: Standpoint) -> float:
    """Return the variance that the stated breakthroughs add to a month at the front, wherever levels lie."""
    mean, square = 0.0, 0.0
    for way, sign in (("rise", 1.0), ("fall", -1.0)):
        path = f"stocks.territory.breakthrough.{way}"
        if f"{path}.chance" in view.game.shape.slots:
            chance, size = view.number(f"{path}.chance"), view.number(f"{path}.size")
            mean, square = mean + sign * chance * size, square + chance * size**2
    return square - mean**2


def _variances(move: Move, grid: Grid, stock: str, *, spread: float, jumps: float) -> tuple[np.ndarray, np.ndarray]:
    """Return a stock's own variance in a month and what its levels add, ``(*index, 1, cells)``; nothing in no move."""
    steps = [each for each in move.moves if isinstance(each, Step) and each.stride == grid.stride(stock)]
    if not steps:
        return np.zeros(1), np.zeros(1)
    below, above = (np.where(np.isfinite(gap), gap, 0.0) for gap in grid.distances(stock))
    found = sum(
        step.up * above**2 + step.down * below**2 - (step.up * above - step.down * below) ** 2 for step in steps
    )
    leaps = np.zeros(grid.cells)
    for jump in move.moves:
        if isinstance(jump, Shift) and stock == "territory" and grid.stride(stock) == jump.after:
            levels = grid.levels[0]
            moved = jump.matrix @ levels - levels
            variance = np.einsum("ij,ij->i", jump.matrix, (levels - levels[:, None]) ** 2) - moved**2
            leaps = np.repeat(variance, jump.after)
    added = np.maximum(found - spread**2, 0.0) + np.maximum(leaps - jumps, 0.0)
    return np.full_like(added, spread**2 + jumps), added
