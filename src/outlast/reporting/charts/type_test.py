"""Chart of the type test: which of the challenger's moves tells a settler from a staller."""

from __future__ import annotations

from typing import Any

import polars as pl

from outlast.reporting.charts.evidence import evidence
from outlast.reporting.protocol import AnswersLike, table
from outlast.reporting.theme import WIDE, Canvas

MOST = 16


def type_test(answers: AnswersLike, *, canvas: Canvas = WIDE) -> Any:
    """Draw the most telling moves: how likely each type makes them, and the bits that seeing them carries."""
    data = table(answers, "type_test").select(
        pl.col("label").alias("name"),
        pl.col("chance_settler").alias("settler"),
        pl.col("chance_staller").alias("staller"),
        "bits",
    )
    return evidence(
        data.sort("bits", descending=True).head(MOST),
        canvas=canvas,
        who=answers.parties["challenger"],
        chance="Chance of the move (%)",
    )
