"""Invented tables of a scenario's numbers and of what they move."""

from __future__ import annotations

import numpy as np
import polars as pl

SOURCE = "Kiel Institute, Ukraine Support Tracker, https://example.org/tracker"


def assumptions(source: np.random.Generator) -> pl.DataFrame:
    rows = []
    for place in range(96):
        basis = ("judgement", "judgement", "judgement", "data", "claim")[place % 5]
        value = float(np.round(source.uniform(0.001, 1.5), 3))
        ranged = place % 4 != 3
        rows.append(
            {
                "path": f"mechanisms.group_{place // 8}.number_{place % 8}",
                "label": f"Number {place % 8} of mechanism {place // 8}", "value": value,
                "low": value * 0.6 if ranged else None, "high": value * 1.5 if ranged else None,
                "unit": ("share per month", "prize", "flow", "")[place % 4], "basis": basis,
                "source": SOURCE if basis == "data" else None,
                "varied": ranged,
            }
        )  # fmt: skip
    return pl.DataFrame(rows)


def sensitivity(numbers: pl.DataFrame, *, source: np.random.Generator) -> pl.DataFrame:
    heads = (("attend_next", "Russia attends", "chance"), ("delay_challenger", "What a year is worth", "prize"))
    named = [{"headline": key, "headline_label": label, "headline_unit": unit} for key, label, unit in heads]
    table = pl.DataFrame(named).join(numbers.select("path", "label", "unit", "value", "low", "high"), how="cross")
    ends = {f"effect_{end}": pl.Series(source.normal(size=table.height)) for end in ("low", "high")}
    ranged = pl.col("low").is_not_null()
    table = table.with_columns(**{name: pl.when(ranged).then(end) for name, end in ends.items()})
    table = table.with_columns(effect=pl.col("effect_high") - pl.col("effect_low"))
    return table.sort("headline", pl.col("effect").abs(), descending=[False, True], nulls_last=True)
