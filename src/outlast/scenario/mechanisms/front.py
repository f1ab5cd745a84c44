"""Front: the line moves by relative strength.

Carries the claim `front` (the challenger's forces grind slowly forward, paragraph 4). With challenger strength ``f``,
defender strength ``d = e (1 + supply)`` and exponent ``m``, the challenger wins the month with chance
``f^m / (f^m + d^m)`` (Tullock's contest function) and the line moves ``pace`` times that chance forward and ``pace``
times the rest back. Switched off, the line stands still.
"""

from __future__ import annotations

from typing import Annotated, ClassVar

from outlast.scenario.mechanisms.mechanism import Mechanism
from outlast.scenario.number import Number
from outlast.scenario.scale import Scale
from outlast.scenario.unit import EXPONENT, MULTIPLE, PER_MONTH


class Front(Mechanism):
    """How fast the line moves, and how much strength and supplies decide."""

    CLAIMS: ClassVar = ("front",)
    NEUTRAL: ClassVar = {"pace": 0.0}

    pace: Annotated[
        Number,
        Scale(
            meaning="share of the prize gained in a month of total superiority",
            unit=PER_MONTH,
            bounds=(0, 1),
            low=(0.005, "trench war: with everything in its favour the challenger needs 17 years for the prize"),
            middle=(0.02, "grinding: about four years of total superiority for the whole prize"),
            high=(0.2, "a war of movement: total superiority decides within half a year, as in spring 1975 in Vietnam"),
        ),
    ]
    decisiveness: Annotated[
        Number,
        Scale(
            meaning="exponent of the contest function",
            unit=EXPONENT,
            bounds=(0, 10),
            low=(0.5, "luck and terrain rule: twice the strength wins 59 months in a hundred"),
            middle=(1.0, "twice the strength wins two months in three"),
            high=(3.0, "strength rules: twice the strength wins 89 months in a hundred"),
        ),
    ]
    supply_sustain: Annotated[
        Number,
        Scale(
            meaning="by how much sustaining support multiplies the defender's strength beyond one",
            unit=MULTIPLE,
            bounds=(0, 10),
            low=(0.1, "rifles and rations: a tenth stronger"),
            middle=(0.4, "ammunition and intelligence: two fifths stronger, as Ukraine in an ordinary month of 2023"),
            high=(1.0, "the defender lives on it: twice as strong, as South Vietnam before 1973"),
        ),
    ]
    supply_surge: Annotated[
        Number,
        Scale(
            meaning="by how much a surge multiplies the defender's strength beyond one",
            unit=MULTIPLE,
            bounds=(0, 10),
            low=(0.2, "a little more of the same"),
            middle=(0.8, "new classes of weapons and fire at depth: almost twice as strong"),
            high=(2.0, "the patron's own aircraft join: three times as strong, as over Bosnia in autumn 1995"),
        ),
    ]
