"""Patience: the patron's attention and will wear down with the calendar and with talks that bring nothing.

Carries the claims `patience` (the challenger runs out the clock on the patron's patience, paragraph 3) and
`attention` (western attention drifts, paragraphs 4 and 10). In war patience falls by ``drift`` a month, and by
``fruitless`` more in a month with talks and no deal; in peace by ``attention_drift``. Level 0 is absorbing: the patron
has left for good. Switched off, patience never moves.
"""

from __future__ import annotations

from typing import Annotated, ClassVar

from outlast.scenario.mechanisms.mechanism import Mechanism
from outlast.scenario.number import Number
from outlast.scenario.scale import Scale
from outlast.scenario.unit import PER_EVENT, PER_MONTH


class Patience(Mechanism):
    """How fast the patron's patience runs out, in war and in peace."""

    CLAIMS: ClassVar = ("patience", "attention")
    NEUTRAL: ClassVar = {"drift": 0.0, "attention_drift": 0.0, "fruitless": 0.0, "rally": 0.0}

    drift: Annotated[
        Number,
        Scale(
            meaning="patience lost in a month of war",
            unit=PER_MONTH,
            bounds=(0, 1),
            low=(0.005, "a commitment that outlasts governments, as America's to South Korea: 17 years to empty"),
            middle=(0.02, "each aid bill is harder than the last; full patience is gone in about four years"),
            high=(0.06, "a public that has turned, as on Vietnam after 1968: gone within a year and a half"),
        ),
    ]
    attention_drift: Annotated[
        Number,
        Scale(
            meaning="patience lost in a month of peace",
            unit=PER_MONTH,
            bounds=(0, 1),
            low=(0.005, "troops or monitors on the spot keep the matter before parliaments, as in Korea after 1953"),
            middle=(0.03, "the war leaves the front pages within months; envoys are recalled within three years"),
            high=(0.08, "forgotten within the year, as Washington forgot the Paris accords of 1973"),
        ),
    ]
    fruitless: Annotated[
        Number,
        Scale(
            meaning="extra patience lost in a month with talks that end without a deal",
            unit=PER_EVENT,
            bounds=(0, 1),
            low=(0.0, "a failed round is routine and nobody is blamed"),
            middle=(0.02, "each failed round is a bad week for the patron's government; fifty would exhaust it"),
            high=(0.1, "the patron's leader staked his name on the talks; ten failures end his interest"),
        ),
    ]
    rally: Annotated[
        Number,
        Scale(
            meaning="patience regained when the patron honours a guarantee against an attack on a peace",
            unit=PER_EVENT,
            bounds=(0, 1),
            low=(0.0, "the attack is met with weariness"),
            middle=(0.2, "a season of outrage and one large aid law, as after February 2022 in wavering capitals"),
            high=(0.6, "the attack is felt as one on the patron itself, as Pearl Harbor was: the clock starts anew"),
        ),
    ]
