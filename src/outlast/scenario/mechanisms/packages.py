"""Packages: what the terms of a deal are worth to those who live under it.

Carries the claim `terms` (broken means demilitarised, denied alliances, under the challenger's influence,
paragraph 9). In peace the challenger receives ``sanctions_relief`` times the relief; the defender pays ``arms`` while
demilitarised, ``alliances`` while its alliances are denied, and ``cession_cost`` once for signing land away. Switched
off, the terms are worth nothing as such.
"""

from __future__ import annotations

from typing import Annotated, ClassVar

from outlast.scenario.mechanisms.mechanism import Mechanism
from outlast.scenario.number import Number
from outlast.scenario.scale import Scale
from outlast.scenario.unit import FLOW, PRIZE, SHARE


class Packages(Mechanism):
    """The value of sanctions relief, arms, alliances and legal title."""

    CLAIMS: ClassVar = ("terms",)
    NEUTRAL: ClassVar = {"sanctions_relief": 0.0, "arms": 0.0, "alliances": 0.0, "cession_cost": 0.0}

    sanctions_relief: Annotated[
        Number,
        Scale(
            meaning="the challenger's value of each month of full sanctions relief",
            unit=FLOW,
            bounds=(0, 5),
            low=(0.02, "sanctions are evaded with ease"),
            middle=(0.1, "oil money and spare parts are worth a tenth of the prize"),
            high=(0.4, "sanctions choke the state, as Serbia in 1995"),
        ),
    ]
    arms: Annotated[
        Number,
        Scale(
            meaning="the defender's value of each month in which it may keep an army",
            unit=FLOW,
            bounds=(0, 5),
            low=(0.05, "others would protect it"),
            middle=(0.3, "without an army every clause is a promise"),
            high=(0.8, "disarmament is surrender by another name"),
        ),
    ]
    alliances: Annotated[
        Number,
        Scale(
            meaning="the defender's value of each month in which it may join alliances",
            unit=FLOW,
            bounds=(0, 5),
            low=(0.02, "neutrality suits its people, as the Swiss"),
            middle=(0.15, "the open door is worth a seventh of the land in dispute"),
            high=(0.5, "the open door is in its constitution and in every poll"),
        ),
    ]
    cession_cost: Annotated[
        Number,
        Scale(
            meaning="one-off cost to the defender of ceding land in law",
            unit=PRIZE,
            bounds=(0, 10),
            low=(0.02, "the land was lost long ago in all but name"),
            middle=(0.2, "a government that signs it falls"),
            high=(0.8, "forbidden by the constitution and answered by revolt"),
        ),
    ]
    phased_share: Annotated[
        Number,
        Scale(
            meaning="share of full relief that phased relief is worth",
            unit=SHARE,
            bounds=(0, 1),
            low=(0.2, "a few waivers, to be renewed each season"),
            middle=(0.5, "banks first, technology much later"),
            high=(0.9, "phased in name: almost everything in the first year"),
        ),
    ]
