"""The columns of an ensemble's tables: how a solved draw becomes a row, and rows become a table."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl

from outlast.answers.drawn_answers import Centre
from outlast.answers.job import Solved
from outlast.files.sealed import json_bytes, number, numbers, numbers_by_name, read_json, text, typed, whole_number

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

    def content(self) -> bytes:
        """Return it as a JSON file with a place for a checksum."""
        return json_bytes(dataclasses.asdict(self))

    @classmethod
    def read(cls, path: Path, label: str) -> Frame:
        """Read a stored frame. Raises ``Damaged``."""
        found = read_json(path, label)
        typed(found, {"centre": lambda value: isinstance(value, dict), "lengths": _lengths}, path)
        typed(found["centre"], CENTRE_KINDS, path)
        centre = Centre(**{**found["centre"], "contrasts": tuple(found["centre"]["contrasts"])})
        return cls(centre, found["lengths"])


def _lengths(value: Any) -> bool:
    return isinstance(value, dict) and all(whole_number(each) and each >= 0 for each in value.values())


def _contrasts(value: Any) -> bool:
    return isinstance(value, list) and all(numbers_by_name(each) for each in value)


def _reasons(value: Any) -> bool:
    return isinstance(value, dict) and all(text(each) for each in value.values())


CENTRE_KINDS = {
    **dict.fromkeys(("headlines", "margins", "without"), numbers_by_name),
    "contrasts": _contrasts,
    "doubted": _reasons,
    "noted": _reasons,
}
"""What each entry of a stored centre is."""
CHECK_KINDS = {
    "bayes": number,
    "residual": number,
    "leak": number,
    "trusted": lambda value: isinstance(value, bool),
    "error": text,
}
"""What each entry of a stored certificate is."""


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


def refuse_no_row(row: Row, draw: int, path: Path) -> None:
    """Raise ``Damaged`` unless what a file holds is the row of a draw."""
    kinds: dict[str, Any] = {"draw": lambda value: whole_number(value) and value == draw, **CHECK_KINDS}
    kinds |= dict.fromkeys((name for name in row if name.startswith(CLAIM)), number)
    kinds |= dict.fromkeys((name for name in row if name.startswith(BAND)), numbers)
    typed(row, kinds, path)


def schema_of(frame: Frame, paths: tuple[str, ...]) -> dict[str, Any]:
    """Return the columns of an ensemble's tables and their types."""
    plain = [NUMBER + path for path in paths] + [HEADLINE + key for key in frame.centre.headlines]
    plain += [CLAIM + claim for claim in frame.centre.margins]
    bands = [BAND + name for name in frame.lengths if name != HEADLINES]
    lists = dict.fromkeys(bands, pl.List(pl.Float64))
    return {"draw": pl.Int64, **dict.fromkeys(plain, pl.Float64), **CHECKS, **lists}


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
