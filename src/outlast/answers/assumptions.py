"""Every number the answers rest on, with its range and its evidence."""

from __future__ import annotations

import polars as pl

from outlast.answers.standpoint import Standpoint
from outlast.scenario.keys import key_at


def assumptions(view: Standpoint) -> pl.DataFrame:
    """Return one row per number of the scenario."""
    rows = []
    for path, number in view.game.scenario.numbers().items():
        scale = key.scale if (key := key_at(path)) else None
        label = scale.meaning if scale else path.split(".")[-1].replace("_", " ")
        unit = scale.unit.name if scale else ""
        varied = number.low is not None and number.high is not None and number.low < number.high
        rows.append((path, label, number.value, number.low, number.high, unit, number.basis, number.source, varied))
    schema = ["path", "label", "value", "low", "high", "unit", "basis", "source", "varied"]
    return pl.DataFrame(rows, schema=schema, orient="row", infer_schema_length=None)
