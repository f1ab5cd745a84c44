"""The claims ledger: what holds now, in how many draws, and without its mechanism."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import polars as pl

from outlast.answers.claims import CLAIMS, Tables
from outlast.answers.drawn_answers import Centre, DrawnAnswers
from outlast.answers.intervals import share_of

COLUMNS = {
    "claim": pl.String,
    "paragraph": pl.Int64,
    "statement": pl.String,
    "mechanism": pl.String,
    "predicate": pl.String,
    "holds": pl.Boolean,
    "held": pl.Int64,
    "draws": pl.Int64,
    "share": pl.Float64,
    "margin": pl.Float64,
    "without": pl.Boolean,
    "without_margin": pl.Float64,
    "trusted": pl.Boolean,
    "comment": pl.String,
}
"""Columns of the ledger, which it has without a claim as well."""


def ledger(claims: Sequence[Any], central: Tables, drawn: DrawnAnswers) -> pl.DataFrame:
    """Return one row per claim of the scenario.

    Args:
        claims: the scenario's claims (id, paragraph, statement).
        central: tables at the scenario's resolution and central numbers.
        drawn: what the draws answered, and the central numbers on their coarser grid. A claim that compares with the
            game without its mechanism is read there, and in the first draws alone.

    Returns:
        ``COLUMNS``: ``held`` of ``draws`` is in how many draws the claim holds, of those that could tell; ``share`` is
        one by the other, null where the draws are too few for a share (``intervals.FEWEST``). Margins are in the unit
        of the predicate; they and ``holds`` are null where what a claim is about cannot happen. A scenario without
        claims has a ledger without rows.
    """
    rows = []
    centre = drawn.centre or Centre({}, {}, {})
    for said in claims:
        claim = CLAIMS[said.id]
        at_coarse = centre.margins[said.id]
        margin = at_coarse if claim.contrast else claim.margin(central, None)
        held, counted = drawn.held(said.id)
        alone = centre.without.get(said.id)
        doubt, noted = centre.doubted.get(said.id, ""), centre.noted.get(said.id, "")
        rows.append(
            {
                "claim": said.id,
                "paragraph": said.paragraph,
                "statement": said.statement,
                "mechanism": claim.mechanism,
                "predicate": claim.words,
                "holds": _holds(margin),
                "held": held,
                "draws": counted,
                "share": share_of(held, counted),
                "margin": _told(margin),
                "without": _holds(alone),
                "without_margin": _told(alone),
                "trusted": not doubt,
                "comment": "; ".join(
                    filter(
                        None,
                        (
                            _comment(claim.contrast, margin, at_coarse, alone),
                            doubt and f"do not rely on the comparison: {doubt}",
                            noted,
                        ),
                    )
                ),
            }
        )
    return pl.DataFrame(rows, schema=COLUMNS)


def _told(margin: float | None) -> float | None:
    return None if margin is None or math.isnan(margin) else float(margin)


def _holds(margin: float | None) -> bool | None:
    known = _told(margin)
    return None if known is None else known > 0


def _comment(contrast: bool, margin: float, coarse: float, alone: float | None) -> str:
    """Say in words what the switch shows and whether the grid matters."""
    notes = ["what it is about cannot happen here"] if math.isnan(margin) else []
    if contrast:
        notes.append("compares with the game without the mechanism")
    elif alone is not None and not math.isnan(margin) and not math.isnan(alone):
        if (margin > 0) == (alone > 0):
            notes.append("the same without the mechanism" if margin > 0 else "fails with and without the mechanism")
        else:
            notes.append("fails without the mechanism" if margin > 0 else "would hold without the mechanism")
    if not math.isnan(coarse) and not math.isnan(margin) and (margin > 0) != (coarse > 0):
        notes.append("turns on the coarse grid: close to the line")
    return "; ".join(notes)
