"""Stocks: the four quantities that move from month to month, each on named levels."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated

from pydantic import Field, StringConstraints

from outlast.scenario.number import Finite, Number
from outlast.scenario.scale import Anchor, Scale
from outlast.scenario.section import Label, Section
from outlast.scenario.unit import CHANCE, PER_EVENT, SHARE, STRENGTH, Unit

STOCKS = ("territory", "forces", "endurance", "patience")
FEWEST_LEVELS = 2
MOST_LEVELS = 33

LevelName = Annotated[str, StringConstraints(strict=True, strip_whitespace=True, min_length=1, max_length=60)]
Levels = Annotated[
    Mapping[LevelName, Finite],
    Field(
        min_length=FEWEST_LEVELS,
        max_length=MOST_LEVELS,
        description="Marks by name, 2 to 33, ascending; each name says what the world looks like there. Where the "
        "stock has a `spread`, the program lays the lattice between them; without one, the marks are the lattice.",
    ),
]


def spread_scale(of: str, *, unit: Unit, low: Anchor, middle: Anchor, high: Anchor) -> Scale:
    """Return the scale of a stock's spread: how far a month carries it off its drift, as a standard deviation."""
    meaning = f"standard deviation of a month's change of {of} around its drift, in the long run"
    return Scale(meaning=meaning, unit=unit, bounds=(0, 1), low=low, middle=middle, high=high)


class Breakthrough(Section):
    """A jump of the front one way: how often, and how far."""

    chance: Annotated[
        Number,
        Scale(
            meaning="chance that it comes in a month of war",
            unit=CHANCE,
            bounds=(0, 0.5),
            low=(0.002, "once in forty years: a front of trenches"),
            middle=(0.02, "once in four years, as at Kharkiv in September 2022"),
            high=(0.1, "once in ten months: a war of movement"),
        ),
    ]
    size: Annotated[
        Number,
        Scale(
            meaning="share of the prize that changes hands in it",
            unit=PER_EVENT,
            bounds=(0, 1),
            low=(0.005, "a town and the land around it"),
            middle=(0.016, "1.6% of a country, as in September 2022"),
            high=(0.1, "a province within the month"),
        ),
    ]


class Breakthroughs(Section):
    """Jumps of the front either way, beside its slow movement; a way that is left out has none."""

    rise: Annotated[Breakthrough | None, Field(description="The challenger breaks through.")] = None
    fall: Annotated[Breakthrough | None, Field(description="The defender breaks through.")] = None


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
    spread: Annotated[
        Number | None,
        spread_scale(
            "the challenger's share",
            unit=SHARE,
            low=(0.0005, "trenches: a twentieth of a per cent of the prize"),
            middle=(0.002, "a slow front: two tenths of a per cent of the prize, by months on end"),
            high=(0.02, "a front in motion: two per cent of the prize"),
        ),
    ] = None
    breakthrough: Annotated[
        Breakthroughs | None, Field(description="Jumps of the front, beside its slow movement; needs `spread`.")
    ] = None


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
    spread: Annotated[
        Number | None,
        spread_scale(
            "the challenger's field strength",
            unit=STRENGTH,
            low=(0.005, "losses and drafts come as planned"),
            middle=(0.02, "a good or a bad month moves strength by a fiftieth"),
            high=(0.06, "offensives and calls for men come in waves"),
        ),
    ] = None


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
    spread: Annotated[
        Number | None,
        spread_scale(
            "the defender's endurance",
            unit=SHARE,
            low=(0.01, "opinion and units change by the year"),
            middle=(0.025, "opinion moves by two or three points in a month and keeps moving"),
            high=(0.06, "each month's news turns the mood"),
        ),
    ] = None


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
    spread: Annotated[
        Number | None,
        spread_scale(
            "the patron's patience",
            unit=SHARE,
            low=(0.01, "a settled policy"),
            middle=(0.035, "budgets and majorities shift by the season"),
            high=(0.08, "each election and each scandal counts"),
        ),
    ] = None


class Stocks(Section):
    """The four stocks."""

    territory: TerritoryStock
    forces: ForcesStock
    endurance: EnduranceStock
    patience: PatienceStock

    def all(self) -> dict[str, TerritoryStock | ForcesStock | EnduranceStock | PatienceStock]:
        """Return the stocks by id, in file order."""
        return {name: getattr(self, name) for name in STOCKS}
