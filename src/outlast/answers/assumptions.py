"""Every number the answers rest on, with its range and its evidence."""

from __future__ import annotations

import polars as pl

from outlast.answers.standpoint import Standpoint


def assumptions(view: Standpoint) -> pl.DataFrame:
    """Return one row per number of the scenario."""
    from outlast.scenario.keys import key_at

    rows = []
    for path, number in view.game.scenario.numbers().items():
        try:
            key = key_at(path)
            label, unit = (
                key.scale.meaning,
                str(key.scale.unit.name if hasattr(key.scale.unit, "name") else key.scale.unit),
            )
        except (AttributeError, KeyError, LookupError, TypeError):
            label, unit = path.split(".")[-1].replace("_", " "), ""
        varied = number.low is not None and number.high is not None and number.low < number.high
        rows.append((path, label, number.value, number.low, number.high, unit, number.basis, number.source, varied))
    schema = ["path", "label", "value", "low", "high", "unit", "basis", "source", "varied"]
    return pl.DataFrame(rows, schema=schema, orient="row", infer_schema_length=None)
