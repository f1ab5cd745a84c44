"""The claims ledger: what holds now, in how many draws, and without its mechanism."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

import polars as pl

from outlast.answers.certificate import Doubts
from outlast.answers.claims import CLAIMS, Tables


def ledger(
    claims: Sequence[Any],
    central: Tables,
    *,
    coarse: Tables,
    without: Mapping[str, Tables],
    draws: Sequence[Tables],
    contrasts: Sequence[Mapping[str, Tables]],
    doubted: Doubts,
) -> pl.DataFrame:
    """Return one row per claim of the scenario.

    Args:
        claims: the scenario's claims (id, paragraph, statement).
        central: tables at the scenario's resolution and central numbers.
        coarse: tables at coarse resolution and central numbers, which the next three compare with.
        without: by mechanism, coarse tables with it switched off.
        draws: coarse tables of each prior draw.
        contrasts: for the first draws, tables by mechanism switched off; claims of contrast count these draws alone.
        doubted: which of these solutions are not to be relied on; ``trusted`` is false where a claim needs one.
    """
    rows = []
    for said in claims:
        claim = CLAIMS[said.id]
        off = without.get(claim.mechanism) if claim.mechanism else None
        margin = claim.margin(coarse if claim.contrast else central, off)
        at_coarse = claim.margin(coarse, off)
        if claim.contrast:
            margins = [
                claim.margin(draw, other[claim.mechanism or ""]) for draw, other in zip(draws, contrasts, strict=False)
            ]
        else:
            margins = [claim.margin(draw, None) for draw in draws]
        share = sum(m > 0 for m in margins) / len(margins) if margins else None
        doubt = doubted.of(claim.mechanism, contrast=claim.contrast)
        alone = None if claim.contrast or off is None else claim.margin(off, None)
        rows.append(
            {
                "claim": said.id,
                "paragraph": said.paragraph,
                "statement": said.statement,
                "mechanism": claim.mechanism,
                "predicate": claim.words,
                "holds": bool(margin > 0),
                "share": share,
                "draws": len(margins),
                "margin": float(margin),
                "without": None if alone is None else bool(alone > 0),
                "without_margin": alone,
                "trusted": not doubt,
                "comment": _comment(claim.contrast, margin, at_coarse, alone)
                + (f"; do not rely on the comparison: {doubt}" if doubt else ""),
            }
        )
    schema = {"share": pl.Float64, "without": pl.Boolean, "without_margin": pl.Float64}
    return pl.DataFrame(rows, schema_overrides=schema, infer_schema_length=None)


def _comment(contrast: bool, margin: float, coarse: float, alone: float | None) -> str:
    """Say in words what the switch shows and whether the grid matters."""
    notes = []
    if contrast:
        notes.append("compares with the game without the mechanism")
    elif alone is not None:
        if (margin > 0) == (alone > 0):
            notes.append("the same without the mechanism" if margin > 0 else "fails with and without the mechanism")
        else:
            notes.append("fails without the mechanism" if margin > 0 else "would hold without the mechanism")
    if not math.isnan(coarse) and (margin > 0) != (coarse > 0):
        notes.append("turns on the coarse grid: close to the line")
    return "; ".join(notes)
