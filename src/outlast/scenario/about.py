"""The head of a scenario: what war it is, on which date, and how far and how finely it is solved."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal

from pydantic import Field

from outlast.scenario.number import Number
from outlast.scenario.scale import Scale
from outlast.scenario.section import Label, Section, Slug, Text
from outlast.scenario.unit import MONTHS

Resolution = Literal["coarse", "standard", "fine"]
LONGEST_HORIZON = 600
SHORTEST_HORIZON = 12

Months = Annotated[int, Field(strict=True, ge=SHORTEST_HORIZON, le=LONGEST_HORIZON)]
Settled = Annotated[int, Field(strict=True, ge=1, le=LONGEST_HORIZON)]


class About(Section):
    """Name, date and horizon of the scenario."""

    name: Annotated[Slug, Field(description="Short name, used in paths and file names.")]
    title: Annotated[Label, Field(description="Name of the war for a reader.")]
    summary: Annotated[Text, Field(description="What the scenario describes and on whose word, in a few sentences.")]
    as_of: Annotated[
        date, Field(strict=True, description="Date of month 0, such as 2026-02-18: what has happened by then is known.")
    ]
    war_months: Annotated[
        Number,
        Scale(
            meaning="months of war before month 0",
            unit=MONTHS,
            bounds=(0, 1200),
            low=(0.0, "the war begins now"),
            middle=(24.0, "two years: first hopes are gone"),
            high=(120.0, "ten years: a generation knows nothing else"),
        ),
    ]
    months: Annotated[Months, Field(description="Horizon of the calendar solution in months, 12 to 600.")] = 120
    settled: Annotated[
        Settled | None,
        Field(
            description="Month from which the calendar moves no number any more, 1 to 600: sunk cost stops growing, "
            "pools stay as they are then, no event comes later, and the war goes on from there without end. Left out, "
            "the war freezes at the horizon.",
        ),
    ] = None
    resolution: Annotated[
        Resolution, Field(description="How fine the grids are: coarse for ensembles, fine to check standard.")
    ] = "standard"


class Parties(Section):
    """Display names of the three parties; no two alike."""

    challenger: Annotated[Label, Field(description="The side that gains ground.")]
    defender: Annotated[Label, Field(description="The side that holds out.")]
    patron: Annotated[Label, Field(description="The side that backs the defender and may tire of it.")]
