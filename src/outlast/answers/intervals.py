"""Intervals around the central answers: the tenth and ninetieth percentile over prior draws."""

from __future__ import annotations

from collections.abc import Sequence

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


def with_intervals(
    tables: dict[str, pl.DataFrame], draws: Sequence[dict[str, pl.DataFrame]]
) -> dict[str, pl.DataFrame]:
    """Return the tables with the ends of each interval; null where there are no draws."""
    out = dict(tables)
    for name, columns in BANDS.items():
        frame = tables[name]
        for place, column in enumerate(columns):
            bare = name in BARE and place == 0
            low_name, high_name = ("low", "high") if bare else (f"{column}_low", f"{column}_high")
            if draws:
                stack = np.stack([draw[name][column].cast(pl.Float64).to_numpy() for draw in draws])
                low, high = (np.nanquantile(stack, q, axis=0) for q in (LOW, HIGH))
                frame = frame.with_columns(pl.Series(low_name, low), pl.Series(high_name, high))
            else:
                null = pl.lit(None, dtype=pl.Float64)
                frame = frame.with_columns(null.alias(low_name), null.alias(high_name))
        out[name] = frame
    return out
