"""Stocks: the four quantities that move from month to month, each on named levels."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated

from pydantic import Field, StringConstraints

from outlast.scenario.number import Finite, Number
from outlast.scenario.scale import Scale
from outlast.scenario.section import Label, Section
from outlast.scenario.unit import SHARE, STRENGTH

STOCKS = ("territory", "forces", "endurance", "patience")
FEWEST_LEVELS = 2
MOST_LEVELS = 33

LevelName = Annotated[str, StringConstraints(strict=True, strip_whitespace=True, min_length=1, max_length=60)]
Levels = Annotated[
    Mapping[LevelName, Finite],
    Field(
        min_length=FEWEST_LEVELS,
        max_length=MOST_LEVELS,
        description="The levels by name, 2 to 33, ascending; each name says what the world looks like there.",
    ),
]


class Stock(Section):
    """What every stock has beside its start: words for its unit, and its levels."""

    unit: Annotated[Label | None, Field(description="What the stock is measured in, in words.")] = None
    levels: Levels


class TerritoryStock(Stock):
    """Share of the contested prize that the challenger holds; the last level is 1, where it dictates."""

    start: Annotated[
        Number,
        Scale(
            meaning="share of the contested prize that the challenger holds at month 0",
            unit=SHARE,
            bounds=(0, 1),
            low=(0.1, "a bridgehead"),
            middle=(0.4, "two fifths of the land in dispute"),
            high=(0.8, "all but the last strongholds"),
        ),
    ]


class ForcesStock(Stock):
    """Field strength of the challenger; 1 = its strength at the start."""

    start: Annotated[
        Number,
        Scale(
            meaning="field strength of the challenger at month 0",
            unit=STRENGTH,
            bounds=(0, 10),
            open_low=True,
            low=(0.6, "worn out: three fifths of the strength that a month's start is measured by"),
            middle=(1.0, "as strong as its rival at full endurance without support"),
            high=(1.6, "reserves called up: three fifths stronger"),
        ),
    ]


class EnduranceStock(Stock):
    """Strength of the defender in the field and will at home; from 0 (defeat) to 1."""

    start: Annotated[
        Number,
        Scale(
            meaning="the defender's endurance at month 0",
            unit=SHARE,
            bounds=(0, 1),
            low=(0.2, "units at a third of their strength, desertion in the tens of thousands, talk of terms"),
            middle=(0.5, "tired: mobilisation is resented, most still want to hold out"),
            high=(1.0, "fresh and united, as in the first month of a war for existence"),
        ),
    ]


class PatienceStock(Stock):
    """Attention and political will of the patron; from 0 (it has left for good) to 1."""

    start: Annotated[
        Number,
        Scale(
            meaning="the patron's patience at month 0",
            unit=SHARE,
            bounds=(0, 1),
            low=(0.2, "aid has lapsed for half a year and no majority would renew it"),
            middle=(0.5, "aid is renewed, late and after a quarrel"),
            high=(1.0, "aid passes with great majorities; 'as long as it takes' is believed"),
        ),
    ]


class Stocks(Section):
    """The four stocks."""

    territory: TerritoryStock
    forces: ForcesStock
    endurance: EnduranceStock
    patience: PatienceStock

    def all(self) -> dict[str, TerritoryStock | ForcesStock | EnduranceStock | PatienceStock]:
        """Return the stocks by id, in file order."""
        return {name: getattr(self, name) for name in STOCKS}
