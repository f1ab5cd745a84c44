"""Home front: how much of the war the challenger's own public feels.

Carries the claims `tolerance` (the challenger bears casualties that no democracy could, paragraph 6) and `insulation`
(its cities are untouched, so no pressure, paragraph 6). War costs the challenger ``war_cost * exposure`` a month and
``casualty_weight`` times its chance of losing at the front. Switched off, the public feels all of the war
(``exposure`` 1) and weighs casualties as a democracy would (``democratic_casualty_weight``).
"""

from __future__ import annotations

from typing import Annotated, ClassVar

from outlast.scenario.mechanisms.mechanism import Mechanism
from outlast.scenario.number import ByType, Number
from outlast.scenario.scale import Scale
from outlast.scenario.unit import FLOW, SHARE


class HomeFront(Mechanism):
    """What the war costs the challenger at home."""

    CLAIMS: ClassVar = ("tolerance", "insulation")
    NEUTRAL: ClassVar = {
        "exposure": 1.0,
        "casualty_weight.settler": "democratic_casualty_weight",
        "casualty_weight.staller": "democratic_casualty_weight",
    }

    war_cost: Annotated[
        Number,
        Scale(
            meaning="cost of a month of war to the challenger if its public felt all of it",
            unit=FLOW,
            bounds=(0, 5),
            low=(0.05, "an expedition by a small professional army"),
            middle=(0.2, "a tenth of the economy goes to the war; prices and taxes rise"),
            high=(0.6, "total war, with the home economy turned over to it"),
        ),
    ]
    exposure: Annotated[
        Number,
        Scale(
            meaning="share of the war's cost that reaches the challenger's public",
            unit=SHARE,
            bounds=(0, 1),
            low=(0.1, "the capital lives as before; the poor and the provinces fight"),
            middle=(0.4, "airports close, fuel runs short, many know a family in mourning"),
            high=(0.9, "the war has come home: conscription for all and strikes on the cities"),
        ),
    ]
    casualty_weight: Annotated[
        ByType,
        Scale(
            meaning="cost of the casualties of a month in which the challenger is totally inferior, by type",
            unit=FLOW,
            bounds=(0, 5),
            low=(0.02, "the dead are not spoken of; bonuses settle the matter"),
            middle=(0.1, "mothers' committees are heard, as in the Soviet Union on Afghanistan"),
            high=(0.4, "each coffin is on the evening news, as in America in 1968"),
        ),
    ]
    democratic_casualty_weight: Annotated[
        Number,
        Scale(
            meaning="what the casualty weight would be if the challenger were a democracy",
            unit=FLOW,
            bounds=(0, 5),
            low=(0.1, "a democracy that fights for its existence"),
            middle=(0.4, "a democracy in a distant war, as America in Vietnam"),
            high=(1.0, "a democracy in a war that nobody wanted: one bad month ends it, as Somalia in 1993"),
        ),
    ]
