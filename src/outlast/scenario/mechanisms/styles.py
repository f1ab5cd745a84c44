"""Styles: who is in a hurry, and what a round of talks costs each side.

Carries the claims `styles` (the patron wants results, the challenger is at ease with open ends, paragraph 4) and
`buys_time` (talks cost the challenger nothing but buy time, paragraph 4). Values are discounted at each party's own
monthly factor; a month with talks costs the challenger ``challenger_round_cost``, a round without a deal costs the
patron ``patron_round_cost``, and the patron earns ``patron_credit`` while a signed deal holds. Switched off, all three
discount as the defender does and neither credit nor rounds count.
"""

from __future__ import annotations

from typing import Annotated, ClassVar

from outlast.scenario.mechanisms.mechanism import Mechanism
from outlast.scenario.number import ByType, Number
from outlast.scenario.scale import Scale
from outlast.scenario.unit import DISCOUNT, FLOW

DISCOUNT_BOUNDS = (0.5, 0.9999)
IMPATIENT = (0.93, "lives from month to month: a year ahead counts for two fifths, as before an election or a collapse")
ORDINARY = (0.98, "plans for a term of office: a year ahead counts for four fifths")
LONG = (0.995, "plans for decades, with no election to lose: a year ahead counts for 94 in a hundred")


class Styles(Mechanism):
    """How each party discounts the future, and what talks and deals are worth as such."""

    CLAIMS: ClassVar = ("styles", "buys_time")
    NEUTRAL: ClassVar = {
        "challenger_discount.settler": "defender_discount",
        "challenger_discount.staller": "defender_discount",
        "patron_discount": "defender_discount",
        "patron_credit": 0.0,
        "challenger_round_cost": 0.0,
        "patron_round_cost": 0.0,
    }

    challenger_discount: Annotated[
        ByType,
        Scale(
            meaning="monthly discount factor of the challenger, by type",
            unit=DISCOUNT,
            bounds=DISCOUNT_BOUNDS,
            low=IMPATIENT,
            middle=ORDINARY,
            high=LONG,
        ),
    ]
    defender_discount: Annotated[
        Number,
        Scale(
            meaning="monthly discount factor of the defender",
            unit=DISCOUNT,
            bounds=DISCOUNT_BOUNDS,
            low=IMPATIENT,
            middle=ORDINARY,
            high=LONG,
        ),
    ]
    patron_discount: Annotated[
        Number,
        Scale(
            meaning="monthly discount factor of the patron",
            unit=DISCOUNT,
            bounds=DISCOUNT_BOUNDS,
            low=IMPATIENT,
            middle=ORDINARY,
            high=LONG,
        ),
    ]
    patron_credit: Annotated[
        Number,
        Scale(
            meaning="the patron's credit in each month in which a signed deal holds, whatever its terms",
            unit=FLOW,
            bounds=(0, 5),
            low=(0.0, "a deal brings its leader nothing as such, as a secret back channel"),
            middle=(0.05, "a deal is worth a twentieth of the prize: a good month in the polls, year after year"),
            high=(0.3, "the deal is the leader's legacy, wanted for itself, as Camp David or Dayton were"),
        ),
    ]
    challenger_round_cost: Annotated[
        Number,
        Scale(
            meaning="cost to the challenger of a month in which it talks",
            unit=FLOW,
            bounds=(0, 5),
            low=(0.0, "talking costs nothing: state media present it as strength"),
            middle=(0.02, "hardliners grumble at each round"),
            high=(0.1, "talking is read as weakness and unsettles the army, as Saigon feared in 1968"),
        ),
    ]
    patron_round_cost: Annotated[
        Number,
        Scale(
            meaning="cost to the patron of a round that ends without a deal",
            unit=FLOW,
            bounds=(0, 5),
            low=(0.0, "diplomats meet and part unnoticed"),
            middle=(0.02, "a failed round is a bad headline"),
            high=(0.1, "the leader flies in himself and returns with nothing, as from Hanoi in 2019"),
        ),
    ]
