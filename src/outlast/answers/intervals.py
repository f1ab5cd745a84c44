"""Intervals around the central answers: the tenth and ninetieth percentile over prior draws."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import polars as pl

LOW, HIGH = 0.1, 0.9

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
    """Return the tables with the ends of each interval; null where there are no draws.

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
            stack = _solved(bands.get(f"{name}.{column}"))
            if len(stack):
                low, high = (np.nanquantile(stack, q, axis=0) for q in (LOW, HIGH))
                frame = frame.with_columns(pl.Series(low_name, low), pl.Series(high_name, high))
            else:
                null = pl.lit(None, dtype=pl.Float64)
                frame = frame.with_columns(null.alias(low_name), null.alias(high_name))
        out[name] = frame
    return out


def _solved(stack: np.ndarray | None) -> np.ndarray:
    """Return the rows of the draws that have a solution."""
    if stack is None or stack.size == 0:
        return np.zeros((0, 0))
    return stack[~np.isnan(stack).all(axis=1)]
