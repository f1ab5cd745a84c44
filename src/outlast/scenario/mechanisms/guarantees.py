"""Guarantees: what honouring costs the patron, what reneging costs it, and what being answered costs the challenger.

Carries the claims `soft` (soft guarantees are accepted and waited out, paragraph 10) and `enforceable` (guarantees with
teeth are refused for the same reason, paragraph 10). When a peace is attacked the patron honours, and the challenger
loses ``penalty``, at a price of ``honour_cost * (1 + honour_cost_slope * (1 - p))``; or it reneges and pays
``renege_cost`` and ``renege_patience``. With the chance ``automatic`` the response is nobody's choice: the challenger
loses ``automatic_penalty``, whatever is left of patience. Switched off, soft and enforceable packages carry the numbers
of ``none``.
"""

from __future__ import annotations

from typing import Annotated, ClassVar

from outlast.scenario.mechanisms.mechanism import Mechanism
from outlast.scenario.number import ByGuarantee, Number
from outlast.scenario.scale import Scale
from outlast.scenario.unit import CHANCE, FLOW, MULTIPLE, PER_EVENT, PRIZE

COLUMNS = ("penalty", "renege_cost", "renege_patience", "standing_cost", "automatic")


class Guarantees(Mechanism):
    """The price of keeping and of breaking a promise, by kind of guarantee."""

    CLAIMS: ClassVar = ("soft", "enforceable")
    NEUTRAL: ClassVar = {
        f"{column}.{guarantee}": f"{column}.none" for column in COLUMNS for guarantee in ("soft", "enforceable")
    }

    penalty: Annotated[
        ByGuarantee,
        Scale(
            meaning="one-off loss of the challenger if it attacks and the patron honours, by guarantee",
            unit=PRIZE,
            bounds=(0, 20),
            low=(0.02, "sanctions that were on the way anyway"),
            middle=(0.2, "frozen funds and long-range fire: a fifth of the prize"),
            high=(0.8, "the patron's own forces in the field, as in Korea in 1950"),
        ),
    ]
    renege_cost: Annotated[
        ByGuarantee,
        Scale(
            meaning="one-off cost to the patron of not honouring, by guarantee",
            unit=PRIZE,
            bounds=(0, 20),
            low=(0.02, "nothing was promised but consultations, as at Budapest in 1994"),
            middle=(0.15, "allies elsewhere take note and ask for more"),
            high=(0.8, "a treaty ratified and troops on the spot: abandoning them breaks the alliance"),
        ),
    ]
    renege_patience: Annotated[
        ByGuarantee,
        Scale(
            meaning="patience lost when the patron does not honour, by guarantee",
            unit=PER_EVENT,
            bounds=(0, 1),
            low=(0.0, "it changes nothing in its will"),
            middle=(0.2, "having stood aside once, it stands aside more easily"),
            high=(0.8, "it has left: Saigon in 1975"),
        ),
    ]
    standing_cost: Annotated[
        ByGuarantee,
        Scale(
            meaning="cost to the patron of each month in which the guarantee stands, by guarantee",
            unit=FLOW,
            bounds=(0, 5),
            low=(0.0, "a sentence in a communiqué"),
            middle=(0.03, "monitors, training and stocks of arms"),
            high=(0.15, "a standing garrison, as in Korea or Kosovo"),
        ),
    ]
    honour_cost: Annotated[
        Number,
        Scale(
            meaning="one-off cost to the patron of honouring a guarantee at full patience",
            unit=PRIZE,
            bounds=(0, 20),
            low=(0.02, "sanctions snap back by law"),
            middle=(0.1, "arms and money for a new war, a tenth of the prize"),
            high=(0.5, "its own soldiers at risk"),
        ),
    ]
    honour_cost_slope: Annotated[
        Number,
        Scale(
            meaning="by how much the end of patience multiplies the cost of honouring beyond one",
            unit=MULTIPLE,
            bounds=(0, 10),
            low=(0.0, "the promise is carried out by officials, whatever the mood"),
            middle=(2.0, "three times as hard to carry once attention has gone"),
            high=(6.0, "hardly to be had: each vote would have to be bought, as in 1975"),
        ),
    ]
    automatic: Annotated[
        ByGuarantee | None,
        Scale(
            meaning="chance that the response to an attack is automatic, nobody's choice any more, by guarantee",
            unit=CHANCE,
            bounds=(0, 1),
            low=(0.0, "words: somebody has to decide to act on them"),
            middle=(0.5, "troops of guarantors in the country, near the line or not"),
            high=(0.9, "a tripwire on the line itself, as in Berlin or at the 38th parallel"),
        ),
    ] = None
    automatic_penalty: Annotated[
        Number | None,
        Scale(
            meaning="one-off loss of the challenger if it attacks and the response is automatic",
            unit=PRIZE,
            bounds=(0, 20),
            low=(0.02, "sanctions that snap back by law"),
            middle=(0.1, "the guarantors' force fights, for itself and alone"),
            high=(0.5, "an attack on the force is war with those who sent it"),
        ),
    ] = None
