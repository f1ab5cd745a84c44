"""What the grid of the draws does to the headline answers.

Ranges come from draws on the coarse grid, answers from the grid asked for. Where the two grids differ by more than the
assumptions move an answer, the answer lies outside its own range; a reader has to know why.
"""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

SCHEMA = {"key": pl.String, "coarse": pl.Float64}
SLACK = 0.005
"""How far outside its range an answer may lie unmentioned: less than a page rounds to."""


def on_draws_grid(headlines: pl.DataFrame, coarse: Mapping[str, float]) -> pl.DataFrame:
    """Return the headlines with a column ``coarse``: the same answer, same numbers, on the grid of the draws.

    ``coarse`` holds these answers by key; without any, the column is null.
    """
    other = pl.DataFrame({"key": list(coarse), "coarse": list(coarse.values())}, schema=SCHEMA)
    return headlines.join(other, on="key", how="left", maintain_order="left")


def grid_sentence(headlines: pl.DataFrame) -> str:
    """Say which answers lie outside the range of the draws, and what they are on the draws' grid; empty where none."""
    outside = headlines.filter(
        (pl.col("value") > pl.col("high") + SLACK) | (pl.col("value") < pl.col("low") - SLACK)
    ).filter((pl.col("value") - pl.col("coarse")).abs() > SLACK)
    if outside.is_empty():
        return ""
    first = [f"{row['label']}, {_said(row, 'coarse')} against {_said(row, 'value')}" for row in outside.to_dicts()]
    return (
        f"The grid moves {len(outside)} of {len(headlines)} headline numbers out of the ranges of the draws, which are "
        f"solved on a coarse one. There, against here: {'; '.join(first)}. "
        "The ranges are not to be read around these answers."
    )


def _said(row: Mapping[str, object], column: str) -> str:
    value, unit = float(str(row[column])), row["unit"]
    if unit == "chance":
        return f"{100 * value:.3g}%"
    return f"{100 * value:+.1f}% of the prize" if unit == "prize" else f"{value:.0f}"
