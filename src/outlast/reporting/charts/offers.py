"""Chart of the offers: which package, put on the table, would reveal most about the challenger's type."""

from __future__ import annotations

from typing import Any

import polars as pl

from outlast.reporting.charts.evidence import evidence
from outlast.reporting.protocol import AnswersLike, table
from outlast.reporting.theme import WIDE, Canvas

MOST = 24


def offers(answers: AnswersLike, *, canvas: Canvas = WIDE) -> Any:
    """Draw each package: how likely each type accepts it, and the bits that its answer is expected to carry."""
    data = table(answers, "offers").select(
        pl.col("title").alias("name"),
        pl.col("accept_settler").alias("settler"),
        pl.col("accept_staller").alias("staller"),
        "bits",
    )
    return evidence(
        data.sort("bits", descending=True).head(MOST),
        canvas=canvas,
        who=answers.parties["challenger"],
        chance="Chance of accepting (%)",
    )
