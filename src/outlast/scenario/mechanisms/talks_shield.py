"""Talks shield: while talks go on, the challenger can point to them as a reason to hold back.

Carries the claim `shield` (paragraph 4). In a month with talks the patron pays ``(1 - b) * supply`` more for
sustaining the defender and ``(1 - b) * punish`` more for surging, with ``b`` the belief that the challenger is a
staller: nobody wants to spoil talks that may succeed. Switched off, both are 0.
"""

from __future__ import annotations

from typing import Annotated, ClassVar

from outlast.scenario.mechanisms.mechanism import Mechanism
from outlast.scenario.number import Number
from outlast.scenario.scale import Scale
from outlast.scenario.unit import FLOW


class TalksShield(Mechanism):
    """What it costs the patron to help the defender while talks are on."""

    CLAIMS: ClassVar = ("shield",)
    NEUTRAL: ClassVar = {"supply": 0.0, "punish": 0.0}

    supply: Annotated[
        Number,
        Scale(
            meaning="extra cost to the patron of sustaining during talks, if the challenger surely settles",
            unit=FLOW,
            bounds=(0, 5),
            low=(0.0, "arms flow on during talks without debate, as to South Korea in 1951-53"),
            middle=(0.03, "deliveries already agreed go on, new ones wait for the next round"),
            high=(0.15, "any delivery is denounced at home as sabotage of the peace"),
        ),
    ]
    punish: Annotated[
        Number,
        Scale(
            meaning="extra cost to the patron of surging during talks, if the challenger surely settles",
            unit=FLOW,
            bounds=(0, 5),
            low=(0.0, "bombing or sanctions go on as a lever at the table, as at Christmas 1972"),
            middle=(0.06, "a sanctions bill is held back 'to give talks a chance'"),
            high=(0.25, "the patron has promised restraint as the price of the talks"),
        ),
    ]
