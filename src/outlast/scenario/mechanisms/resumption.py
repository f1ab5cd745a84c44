"""Resumption: in peace the challenger decides every month whether to attack again.

Carries the claim `pause` (a deal that leaves the defender sovereign is a pause, not an end, paragraph 9). Breaking a
peace costs the challenger ``attack_cost`` once. Peace restores its forces by ``rearm`` a month, faster with sanctions
relief; a demilitarised defender cannot rebuild beyond ``demilitarised_cap``. Switched off, ``attack_cost`` is 10: ten
prizes, so that a peace is final.
"""

from __future__ import annotations

from typing import Annotated, ClassVar

from outlast.scenario.mechanisms.mechanism import Mechanism
from outlast.scenario.number import Number
from outlast.scenario.scale import Scale
from outlast.scenario.unit import PER_MONTH, PRIZE, SHARE


class Resumption(Mechanism):
    """What breaking a peace costs, and how each side rebuilds in it."""

    CLAIMS: ClassVar = ("pause",)
    NEUTRAL: ClassVar = {"attack_cost": 10.0}

    attack_cost: Annotated[
        Number,
        Scale(
            meaning="one-off cost to the challenger of breaking a peace",
            unit=PRIZE,
            bounds=(0, 20),
            low=(0.02, "a pretext is found, as at the Donetsk airport in 2015"),
            middle=(0.1, "friends abroad are lost and the public must be called up again"),
            high=(0.5, "the ruler has sworn peace and disbanded the army"),
        ),
    ]
    rearm: Annotated[
        Number,
        Scale(
            meaning="share of the starting force that the challenger regains in a month of peace",
            unit=PER_MONTH,
            bounds=(0, 1),
            low=(0.005, "budgets turn to other things"),
            middle=(0.02, "factories keep their shifts: a quarter of the force in a year"),
            high=(0.06, "a war economy without a war: the force is rebuilt from nothing within a year and a half"),
        ),
    ]
    relief_rearm: Annotated[
        Number,
        Scale(
            meaning="further share regained in a month of peace with full sanctions relief",
            unit=PER_MONTH,
            bounds=(0, 1),
            low=(0.0, "relief feeds consumers"),
            middle=(0.01, "machine tools and chips return"),
            high=(0.04, "relief pays for the army first"),
        ),
    ]
    demilitarised_cap: Annotated[
        Number,
        Scale(
            meaning="the highest endurance that a demilitarised defender can rebuild",
            unit=SHARE,
            bounds=(0, 1),
            open_low=True,
            low=(0.2, "a police force, as Germany in 1919 was meant to have"),
            middle=(0.5, "a small army without missiles or aircraft"),
            high=(0.8, "ceilings that hardly bind"),
        ),
    ]
