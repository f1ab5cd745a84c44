"""Endurance: the defender's units thin and its people tire.

Carries the claims `thinning` (the defender's front-line units thin, paragraph 4) and `fatigue` (its population tires,
paragraphs 4 to 6). In war endurance falls by ``fatigue`` plus ``losses`` times the challenger's chance at the front and
rises by the recovery that the patron's support allows; the cost of war to the defender is
``war_cost * (1 + war_cost_slope * (1 - e))``. Endurance 0 is defeat. Switched off, endurance stands still and the cost
of war does not depend on it.
"""

from __future__ import annotations

from typing import Annotated, ClassVar

from outlast.scenario.mechanisms.mechanism import Mechanism
from outlast.scenario.number import Number
from outlast.scenario.scale import Scale
from outlast.scenario.unit import FLOW, MULTIPLE, PER_MONTH


class Endurance(Mechanism):
    """How the defender's strength and will wear down and recover."""

    CLAIMS: ClassVar = ("thinning", "fatigue")
    NEUTRAL: ClassVar = {
        "fatigue": 0.0,
        "losses": 0.0,
        "recovery_sustain": 0.0,
        "recovery_surge": 0.0,
        "recovery_peace": 0.0,
        "war_cost_slope": 0.0,
    }

    fatigue: Annotated[
        Number,
        Scale(
            meaning="endurance lost in a month of war, whatever happens at the front",
            unit=PER_MONTH,
            bounds=(0, 1),
            low=(0.002, "a people at war for its existence, as Finland or Israel: forty years to exhaustion"),
            middle=(0.01, "blackouts and call-ups wear: eight years to exhaustion"),
            high=(0.04, "strikes and desertion, as Russia in 1917: two years"),
        ),
    ]
    losses: Annotated[
        Number,
        Scale(
            meaning="further endurance lost in a month in which the challenger is totally superior at the front",
            unit=PER_MONTH,
            bounds=(0, 1),
            low=(0.005, "a low fire: units are rested and refilled"),
            middle=(0.03, "brigades fight at half their strength; three years of it break the army"),
            high=(0.1, "encirclements: the army is gone within a year"),
        ),
    ]
    recovery_sustain: Annotated[
        Number,
        Scale(
            meaning="endurance regained in a month in which the patron sustains the defender",
            unit=PER_MONTH,
            bounds=(0, 1),
            low=(0.005, "money for pensions, little for the front"),
            middle=(0.02, "ammunition and pay arrive: about makes good an ordinary month's losses"),
            high=(0.06, "whole brigades are trained and armed abroad"),
        ),
    ]
    recovery_surge: Annotated[
        Number,
        Scale(
            meaning="endurance regained in a month in which the patron surges",
            unit=PER_MONTH,
            bounds=(0, 1),
            low=(0.01, "a gesture: one convoy and a visit"),
            middle=(0.04, "twice the ordinary help: a thinned army is rebuilt in two years"),
            high=(0.12, "an airlift of tanks and aircraft, as to Israel in October 1973"),
        ),
    ]
    recovery_peace: Annotated[
        Number,
        Scale(
            meaning="endurance regained in a month of peace",
            unit=PER_MONTH,
            bounds=(0, 1),
            low=(0.005, "a broken economy, people leaving: seventeen years"),
            middle=(0.02, "rebuilt in four years, as Croatia between 1991 and 1995"),
            high=(0.06, "an armed and funded peace: rebuilt within a year and a half"),
        ),
    ]
    war_cost: Annotated[
        Number,
        Scale(
            meaning="cost of a month of war to the defender at full endurance",
            unit=FLOW,
            bounds=(0, 5),
            low=(0.05, "fought at the border, life goes on in the cities"),
            middle=(0.2, "a month of war costs a fifth of what the prize is worth: power cuts, refugees, conscription"),
            high=(0.6, "cities under siege, as Sarajevo in 1993"),
        ),
    ]
    war_cost_slope: Annotated[
        Number,
        Scale(
            meaning="by how much exhaustion multiplies the defender's cost of war beyond one",
            unit=MULTIPLE,
            bounds=(0, 10),
            low=(0.0, "a month of war hurts the tenth year as it did the first"),
            middle=(1.0, "an exhausted country feels it twice as much"),
            high=(3.0, "an exhausted country feels it four times as much: hunger, as Germany in 1918"),
        ),
    ]
