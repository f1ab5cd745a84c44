"""Payoffs: what the war's flows are worth, beyond what the mechanisms add.

The challenger's flow is its share of the prize less penalties, the defender's is the rest of the prize plus
sovereignty, the patron's is a share of the defender's less the cost of its posture.
"""

from __future__ import annotations

from typing import Annotated

from outlast.scenario.number import Number
from outlast.scenario.scale import Scale
from outlast.scenario.section import Section
from outlast.scenario.unit import FLOW, MULTIPLE


class Payoffs(Section):
    """The flows that no switch turns off."""

    sustain_penalty: Annotated[
        Number,
        Scale(
            meaning="cost to the challenger of a month in which the patron sustains the defender",
            unit=FLOW,
            bounds=(0, 5),
            low=(0.0, "supplies hurt only at the front"),
            middle=(0.02, "trade sanctions bite a little"),
            high=(0.1, "oil exports are cut as long as support lasts"),
        ),
    ]
    surge_penalty: Annotated[
        Number,
        Scale(
            meaning="cost to the challenger of a month in which the patron surges",
            unit=FLOW,
            bounds=(0, 5),
            low=(0.02, "more of the same sanctions"),
            middle=(0.08, "refineries burn and buyers of oil are punished"),
            high=(0.4, "strikes on the homeland, as on Serbia in 1999"),
        ),
    ]
    patron_security: Annotated[
        Number,
        Scale(
            meaning="weight of the defender's welfare in the patron's own flow",
            unit=FLOW,
            bounds=(0, 5),
            low=(0.05, "a far country of which it knows little"),
            middle=(0.3, "its own neighbourhood: a third as dear as to the defender"),
            high=(0.8, "an ally whose fall would be its own"),
        ),
    ]
    sustain_cost: Annotated[
        Number,
        Scale(
            meaning="cost to the patron of a month of sustaining, at full patience",
            unit=FLOW,
            bounds=(0, 5),
            low=(0.01, "stocks that were to be scrapped"),
            middle=(0.04, "a line in every budget debate"),
            high=(0.15, "felt in taxes and prices"),
        ),
    ]
    surge_cost: Annotated[
        Number,
        Scale(
            meaning="cost to the patron of a month of surging, at full patience",
            unit=FLOW,
            bounds=(0, 5),
            low=(0.03, "deliveries brought forward"),
            middle=(0.1, "dear oil, empty depots and the fear of a wider war"),
            high=(0.4, "its own forces stand ready to fight"),
        ),
    ]
    cost_slope: Annotated[
        Number,
        Scale(
            meaning="by how much the end of patience multiplies the cost of the patron's posture beyond one",
            unit=MULTIPLE,
            bounds=(0, 20),
            low=(0.0, "support is a matter of routine, whatever the mood"),
            middle=(2.0, "three times as hard to carry when nobody cares any more"),
            high=(6.0, "each delivery is a fight: seven times as hard"),
        ),
    ]
    sovereignty: Annotated[
        Number,
        Scale(
            meaning="the defender's value of each month in which it governs itself",
            unit=FLOW,
            bounds=(0, 20),
            low=(0.3, "one of several provinces is at stake, not the state"),
            middle=(1.0, "independence is worth as much as all the land in dispute"),
            high=(3.0, "occupation would mean camps and deportation"),
        ),
    ]
