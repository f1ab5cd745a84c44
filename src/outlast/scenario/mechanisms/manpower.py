"""Manpower: the challenger refills its ranks from pools, each with a rate, a size and a political price.

Carries the claim `manpower` (levies, indebted contract soldiers and prisoners, paragraph 6). In war the challenger's
forces fall by ``losses`` times its chance of losing at the front and rise by the rates of the pools that are still
open; a pool is open until its size is used up, and costs ``price`` for each unit of its rate. Switched off, the forces
stay as they are and nothing is paid.
"""

from __future__ import annotations

from typing import Annotated, ClassVar

from pydantic import Field

from outlast.scenario.mechanisms.mechanism import Mechanism
from outlast.scenario.number import Number
from outlast.scenario.scale import Scale
from outlast.scenario.section import PathName, Section
from outlast.scenario.unit import FLOW, PER_MONTH, STRENGTH


class Pool(Section):
    """One source of soldiers."""

    name: Annotated[PathName, Field(description="Name of the pool, unique among the pools, without a dot.")]
    rate: Annotated[
        Number,
        Scale(
            meaning="share of the starting force that the pool supplies in a month while it is open",
            unit=PER_MONTH,
            bounds=(0, 1),
            low=(0.005, "a prison system emptied with care: half a hundredth of the force a month"),
            middle=(0.02, "contract soldiers drawn by pay: a quarter of the force in a year"),
            high=(0.08, "a general mobilisation: the force doubles in a year"),
        ),
    ]
    size: Annotated[
        Number,
        Scale(
            meaning="how much the pool can supply in all, as a share of the starting force",
            unit=STRENGTH,
            bounds=(0, 10),
            low=(0.1, "prisoners: a tenth of the force and the cells are empty"),
            middle=(0.5, "poor regions and debtors: half the force over the years"),
            high=(3.0, "a general call-up: three times the starting force"),
        ),
    ]
    price: Annotated[
        Number,
        Scale(
            meaning="political price for each unit of the rate, paid in each month in which the pool is open",
            unit=FLOW,
            bounds=(0, 50),
            low=(0.0, "volunteers nobody will miss in the capital"),
            middle=(1.0, "bonuses and some anger: a rate of 0.02 costs 0.02 of the prize's flow"),
            high=(5.0, "sons of the middle class: a rate of 0.02 costs a tenth of the prize's flow"),
        ),
    ]


class Manpower(Mechanism):
    """How the challenger's forces are used up and refilled."""

    CLAIMS: ClassVar = ("manpower",)
    NEUTRAL: ClassVar = {"losses": 0.0, "pools.*.rate": 0.0, "pools.*.price": 0.0}

    losses: Annotated[
        Number,
        Scale(
            meaning="share of the starting force lost in a month in which the challenger is totally inferior",
            unit=PER_MONTH,
            bounds=(0, 1),
            low=(0.01, "a quiet front"),
            middle=(0.05, "frontal assaults: three fifths of the force in a year of reverses"),
            high=(0.15, "human waves, as Iran in the 1980s: the force is gone within the year"),
        ),
    ]
    pools: Annotated[tuple[Pool, ...], Field(max_length=8, description="Sources of soldiers, 0 to 8.")] = ()
