"""The columns of an ensemble's tables: how a solved draw becomes a row, and rows become a table."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import polars as pl

from outlast.answers.drawn_answers import Centre
from outlast.answers.job import Solved

NUMBER, HEADLINE, CLAIM, BAND = "number:", "headline:", "claim:", "band:"
"""What a column holds: a drawn number by path, a headline by key, a claim's margin by id, a banded column's rows."""
HEADLINES = "headlines.value"
CHECKS = {"bayes": pl.Float64, "residual": pl.Float64, "leak": pl.Float64, "trusted": pl.Boolean, "error": pl.String}

Row = dict[str, Any]


@dataclasses.dataclass(frozen=True)
class Frame:
    """The centre of an ensemble and the lengths of its bands, which fix the columns of its tables."""

    centre: Centre
    lengths: dict[str, int]

    def text(self) -> str:
        """Return it as JSON."""
        return json.dumps(dataclasses.asdict(self), indent=1) + "\n"

    @classmethod
    def read(cls, text: str) -> Frame:
        """Return what ``text`` wrote."""
        found = json.loads(text)
        centre = Centre(**{**found["centre"], "contrasts": tuple(found["centre"]["contrasts"])})
        return cls(centre, found["lengths"])


def frame_of(centre: Centre, solved: Solved) -> Frame:
    """Return the frame of an ensemble from its centre, and any solve that has a solution."""
    return Frame(centre, {name: len(band) for name, band in solved.bands.items()})


def row_of(solved: Solved) -> Row:
    """Return what is stored of a draw, but for its numbers, which follow from the seed."""
    return {
        "draw": solved.job.draw,
        **dataclasses.asdict(solved.checks),
        **{CLAIM + claim: margin for claim, margin in solved.margins.items()},
        **{BAND + name: band.tolist() for name, band in solved.bands.items()},
    }


def table_of(rows: Sequence[Row], *, frame: Frame, paths: tuple[str, ...], values: np.ndarray) -> pl.DataFrame:
    """Return rows as a table, in order of draw, with the numbers drawn.

    Args:
        rows: of finished draws, in any order.
        frame: of the ensemble.
        paths: the numbers that vary.
        values: all draws of them, ``(draws, paths)``.
    """
    ordered = sorted(rows, key=lambda row: row["draw"])
    draws = [row["draw"] for row in ordered]
    columns: dict[str, pl.Series] = {"draw": pl.Series(draws, dtype=pl.Int64)}
    for place, path in enumerate(paths):
        columns[NUMBER + path] = pl.Series(values[draws, place], dtype=pl.Float64)
    heads = np.array([_band(row, HEADLINES, frame) for row in ordered])
    for place, key in enumerate(frame.centre.headlines):
        columns[HEADLINE + key] = pl.Series(heads[:, place], dtype=pl.Float64)
    for claim in frame.centre.margins:
        columns[CLAIM + claim] = pl.Series([_margin(row, claim, frame.centre) for row in ordered], dtype=pl.Float64)
    for name, kind in CHECKS.items():
        columns[name] = pl.Series([row[name] for row in ordered], dtype=kind)
    for name in frame.lengths:
        if name != HEADLINES:
            columns[BAND + name] = pl.Series([_band(row, name, frame) for row in ordered], dtype=pl.List(pl.Float64))
    return pl.DataFrame(columns)


def _band(row: Row, name: str, frame: Frame) -> list[float]:
    found = row.get(BAND + name)
    return [float("nan")] * frame.lengths[name] if found is None else found


def _margin(row: Row, claim: str, centre: Centre) -> float:
    """Return a claim's margin in a draw; not a number where it was not asked, as in most draws of contrasts."""
    contrasts: Mapping[str, float] = centre.contrasts[row["draw"]] if row["draw"] < len(centre.contrasts) else {}
    return row.get(CLAIM + claim, contrasts.get(claim, float("nan")))


def part_of(table: pl.DataFrame, prefix: str) -> pl.DataFrame:
    """Return the draws with the columns of one kind, under their own names."""
    return table.select("draw", pl.col(f"^{prefix}.*$").name.map(lambda name: name.removeprefix(prefix)))
