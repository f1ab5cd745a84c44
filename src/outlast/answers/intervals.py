"""Shares of the draws, and intervals around the central answers: the tenth and ninetieth percentile over the draws."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import polars as pl

LOW, HIGH = 0.1, 0.9
FEWEST = 16
"""Draws below which neither a share nor a quantile is given: of fewer, a tenth is not even two draws."""

BANDS: dict[str, tuple[str, ...]] = {
    "headlines": ("value",),
    "rounds": ("attend", "signed", "nothing", "signed_by"),
    "delay": ("dividend", "passage"),
    "deal_map": ("all", "holds_60", "product"),
}
"""Columns that get an interval, by table."""

BARE = ("headlines", "delay")
"""Tables that are about their first banded column: its ends are named ``low`` and ``high``, without its name."""


def banded(tables: Mapping[str, pl.DataFrame]) -> dict[str, np.ndarray]:
    """Return the columns of one solution's tables that get an interval, by ``table.column``."""
    return {
        f"{name}.{column}": tables[name][column].cast(pl.Float64).to_numpy()
        for name, columns in BANDS.items()
        for column in columns
    }


def with_intervals(tables: dict[str, pl.DataFrame], bands: Mapping[str, np.ndarray]) -> dict[str, pl.DataFrame]:
    """Return the tables with the ends of each interval; null where fewer than ``FEWEST`` draws tell.

    Args:
        tables: the tables of one solution.
        bands: by ``table.column``, the values over draws, ``(draws, rows)``; draws without a solution are not numbers.
    """
    out = dict(tables)
    for name, columns in BANDS.items():
        frame = tables[name]
        for place, column in enumerate(columns):
            bare = name in BARE and place == 0
            low_name, high_name = ("low", "high") if bare else (f"{column}_low", f"{column}_high")
            low, high = ends_of(bands.get(f"{name}.{column}"), frame.height)
            frame = frame.with_columns(
                pl.Series(low_name, low, dtype=pl.Float64), pl.Series(high_name, high, dtype=pl.Float64)
            )
        out[name] = frame
    return {**out, "headlines": _of_its_package(out["headlines"], out["deal_map"])}


def _of_its_package(headlines: pl.DataFrame, deals: pl.DataFrame) -> pl.DataFrame:
    """Return the headlines with the range of the best package, which the deal map gives it, on the headline about it.

    In a draw another package may be the best; the number is of this one, and so is its range.
    """
    best = deals.sort("product", descending=True, maintain_order=True).row(0, named=True)
    mine = pl.col("key") == "best_product"
    return headlines.with_columns(
        low=pl.when(mine).then(pl.lit(best["product_low"], dtype=pl.Float64)).otherwise(pl.col("low")),
        high=pl.when(mine).then(pl.lit(best["product_high"], dtype=pl.Float64)).otherwise(pl.col("high")),
    )


def ends_of(stack: np.ndarray | None, rows: int) -> tuple[list[float | None], list[float | None]]:
    """Return the low and the high end for each row of a table, from its values over the draws ``(draws, rows)``."""
    each = [ends(column) for column in stack.T] if stack is not None and stack.size else [(None, None)] * rows
    return [low for low, _ in each], [high for _, high in each]


def ends(values: np.ndarray) -> tuple[float | None, float | None]:
    """Return the tenth and the ninetieth percentile of one answer over the draws ``(draws,)``, or None for both.

    Draws in which it is not a number do not count; of fewer than ``FEWEST`` others there are no ends.
    """
    told = values[~np.isnan(values)]
    if len(told) < FEWEST:
        return None, None
    low, high = np.quantile(told, (LOW, HIGH))
    return float(low), float(high)


def share_of(held: int, draws: int) -> float | None:
    """Return the share of draws in which something holds; None of fewer than ``FEWEST``, where a count has to do."""
    return held / draws if draws >= FEWEST else None


def few_sentence(headlines: pl.DataFrame, draws: int) -> str:
    """Say that there are draws, but too few for ranges and shares; empty where there are enough, or none."""
    if not draws or headlines["low"].is_not_null().any():
        return ""
    return f"Of {draws} draws too few have an answer for ranges, which take {FEWEST}; claims are counted, not shared."
