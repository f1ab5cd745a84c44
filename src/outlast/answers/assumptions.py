"""Every number the answers rest on, with its range and its evidence."""

from __future__ import annotations

import polars as pl

from outlast.answers.standpoint import Standpoint
from outlast.scenario.keys import key_at

COLUMNS = {
    "path": pl.String,
    "label": pl.String,
    "value": pl.Float64,
    "low": pl.Float64,
    "high": pl.Float64,
    "unit": pl.String,
    "basis": pl.String,
    "source": pl.String,
    "varied": pl.Boolean,
}
"""Columns of the table, of the same kind whether or not any number has a range or a source."""


def assumptions(view: Standpoint) -> pl.DataFrame:
    """Return one row per number of the scenario."""
    rows = []
    for path, number in view.game.scenario.numbers().items():
        scale = key.scale if (key := key_at(path)) else None
        label = scale.meaning if scale else path.split(".")[-1].replace("_", " ")
        unit = scale.unit.name if scale else ""
        varied = number.low is not None and number.high is not None and number.low < number.high
        rows.append((path, label, number.value, number.low, number.high, unit, number.basis, number.source, varied))
    return pl.DataFrame(rows, schema=COLUMNS, orient="row")
