"""Claim: a statement of the scenario's source that the answers can bear out or not."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from outlast.scenario.section import Section, Text

ClaimId = Literal[
    "next_round",
    "patience",
    "styles",
    "shield",
    "abandonment",
    "buys_time",
    "front",
    "thinning",
    "fatigue",
    "attention",
    "manpower",
    "tolerance",
    "insulation",
    "win",
    "sunk_cost",
    "terms",
    "pause",
    "soft",
    "enforceable",
]


class Claim(Section):
    """One claim that the scenario's source makes."""

    id: Annotated[ClaimId, Field(description="Which of the known claims it is.")]
    paragraph: Annotated[int, Field(strict=True, ge=1, le=10000, description="Paragraph of the source, from 1.")]
    statement: Annotated[Text, Field(description="The claim in other words than the source's.")]
