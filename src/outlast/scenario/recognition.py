"""Recognition: who may table a package in a month of talks."""

from __future__ import annotations

from typing import Annotated

from outlast.scenario.number import Number
from outlast.scenario.scale import Scale
from outlast.scenario.section import Section
from outlast.scenario.unit import CHANCE


def _chance(whom: str, high: str) -> Scale:
    return Scale(
        meaning=f"chance that {whom} may table a package in a month of talks",
        unit=CHANCE,
        bounds=(0, 1),
        low=(0.05, "it waits for the papers of others"),
        middle=(0.3, "its paper is on the table in one round of three"),
        high=(0.7, high),
    )


class Recognition(Section):
    """The chances of the three parties; together at most 1, and in the rest of the months nobody tables anything."""

    challenger: Annotated[Number, _chance("the challenger", "it dictates the agenda, as victors do")]
    defender: Annotated[Number, _chance("the defender", "its peace formula is the text on the table")]
    patron: Annotated[Number, _chance("the patron, as mediator,", "it drafts the text, as Holbrooke did at Dayton")]
