"""Alignment: what it is worth to the challenger that the defender stands alone.

Carries the claim `abandonment` (the challenger settles only if the deal signals that the patron abandons the
defender's security, paragraph 4). In peace the challenger receives ``alliances_denied`` a month while the defender's
alliances are denied and ``no_guarantor`` while nobody stands behind it; both are part of an imposed end too. Switched
off, both are 0.
"""

from __future__ import annotations

from typing import Annotated, ClassVar

from outlast.scenario.mechanisms.mechanism import Mechanism
from outlast.scenario.number import ByType
from outlast.scenario.scale import Scale
from outlast.scenario.unit import FLOW


class Alignment(Mechanism):
    """The challenger's value for terms that leave the defender without friends."""

    CLAIMS: ClassVar = ("abandonment",)
    NEUTRAL: ClassVar = {
        "alliances_denied.settler": 0.0,
        "alliances_denied.staller": 0.0,
        "no_guarantor.settler": 0.0,
        "no_guarantor.staller": 0.0,
    }

    alliances_denied: Annotated[
        ByType,
        Scale(
            meaning="the challenger's value of each month in which the defender may join no alliance",
            unit=FLOW,
            bounds=(0, 5),
            low=(0.05, "the war is about land; whom the defender befriends is a side issue"),
            middle=(0.25, "neutrality is worth a quarter of the land in dispute, as Austria's was in 1955"),
            high=(0.6, "the war is about the defender's place in the world; land is the means"),
        ),
    ]
    no_guarantor: Annotated[
        ByType,
        Scale(
            meaning="the challenger's value of each month in which no guarantor stands behind the defender",
            unit=FLOW,
            bounds=(0, 5),
            low=(0.05, "a guarantor is a nuisance, no more"),
            middle=(0.2, "seeing the patron's officers leave is worth a fifth of the prize"),
            high=(0.6, "the patron's departure is the aim itself, as Hanoi's in 1968-73"),
        ),
    ]
