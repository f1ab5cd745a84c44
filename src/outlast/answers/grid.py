"""What the grid of the draws does to the headline answers.

Ranges come from draws on the coarse grid, answers from the grid asked for. An answer lies outside its own range
where the two grids differ by more than the assumptions move it, or where the central numbers are an extreme case of
the draws; a reader has to know which.
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
    """Say which answers lie outside the range of the draws, and whether that is the grid; empty where none does."""
    outside = _outside(headlines, "value")
    beside = _outside(outside, "coarse")
    moved = outside.join(beside, on="key", how="anti").filter((pl.col("value") - pl.col("coarse")).abs() > SLACK)
    said = []
    if moved.height:
        first = [f"{row['label']}, {_said(row, 'coarse')} against {_said(row, 'value')}" for row in moved.to_dicts()]
        said.append(
            f"The grid moves {moved.height} of {len(headlines)} headline numbers out of the ranges of the draws, which "
            f"are solved on a coarse one. There, against here: {'; '.join(first)}. "
            "The ranges are not to be read around these answers."
        )
    if beside.height:
        said.append(
            "Central numbers are not typical of the draws. Fewer than one draw in ten goes as far as they do in: "
            f"{'; '.join(beside['label'])}."
        )
    return " ".join(said)


def _outside(headlines: pl.DataFrame, column: str) -> pl.DataFrame:
    """Return the rows whose answer in a column lies outside its range by more than a page rounds to."""
    answer = pl.col(column)
    return headlines.filter((answer > pl.col("high") + SLACK) | (answer < pl.col("low") - SLACK))


def _said(row: Mapping[str, object], column: str) -> str:
    value, unit = float(str(row[column])), row["unit"]
    if unit == "chance":
        return f"{100 * value:.3g}%"
    return f"{100 * value:+.1f}% of the prize" if unit == "prize" else f"{value:.0f}"
