"""Aspiration: the war has to end in something that looks like a win, and its cost raises the bar.

Carries the claims `win` (paragraph 7) and `sunk_cost` (ground already held does not meet the bar, paragraph 9). Signing
a deal whose win falls short of ``aspiration + sunk_cost * months of war`` costs the challenger ``audience_cost`` times
the shortfall, once (Fearon 1994). The win is ``win_territory`` for each share held beyond ``prewar_line`` plus what
each term shows. Switched off, the audience cost is 0.
"""

from __future__ import annotations

from typing import Annotated, ClassVar

from outlast.scenario.mechanisms.mechanism import Mechanism
from outlast.scenario.number import ByType, Number
from outlast.scenario.scale import Scale
from outlast.scenario.unit import PRIZE, SHARE, WIN, WIN_PER_MONTH


class Aspiration(Mechanism):
    """What the challenger must be able to show at home, and what falling short costs it."""

    CLAIMS: ClassVar = ("win", "sunk_cost")
    NEUTRAL: ClassVar = {"audience_cost.settler": 0.0, "audience_cost.staller": 0.0}

    aspiration: Annotated[
        ByType,
        Scale(
            meaning="the win that the challenger must show at the start of the war, by type",
            unit=WIN,
            bounds=(0, 2),
            low=(0.1, "coming home with honour is enough"),
            middle=(0.5, "a province and a promise of neutrality"),
            high=(1.2, "the rival broken as a state: disarmed, alone and smaller"),
        ),
    ]
    audience_cost: Annotated[
        ByType,
        Scale(
            meaning="one-off cost of each unit by which the win falls short of the aspiration, by type",
            unit=PRIZE,
            bounds=(0, 10),
            low=(0.05, "state media can sell anything as a victory"),
            middle=(0.4, "a shortfall of a plain victory costs two fifths of the prize: purges, a lasting loss of awe"),
            high=(1.5, "falling short may cost the ruler his post, as Galtieri in 1982"),
        ),
    ]
    sunk_cost: Annotated[
        Number,
        Scale(
            meaning="aspiration added by each month of war, counted from its beginning",
            unit=WIN_PER_MONTH,
            bounds=(0, 1),
            low=(0.0, "losses are written off"),
            middle=(0.005, "five years of war add a third of a plain victory to the bar"),
            high=(0.02, "four years of war add a whole victory to the bar"),
        ),
    ]
    prewar_line: Annotated[
        Number,
        Scale(
            meaning="share of the prize that does not count as a win, since it was held before the war",
            unit=SHARE,
            bounds=(0, 1),
            low=(0.0, "nothing was held before"),
            middle=(0.1, "a tenth was already held"),
            high=(0.4, "much of the prize was held before: the war has to bring more"),
        ),
    ]
    win_territory: Annotated[
        Number,
        Scale(
            meaning="win shown by holding the whole prize beyond the pre-war line",
            unit=WIN,
            bounds=(0, 5),
            low=(0.3, "the land is poor and empty; its gain impresses few"),
            middle=(1.0, "all of the land is a plain victory, half of it half a victory"),
            high=(2.0, "holy ground: half of it is a plain victory"),
        ),
    ]
    win_demilitarised: Annotated[
        Number,
        Scale(
            meaning="win shown by a demilitarised defender",
            unit=WIN,
            bounds=(0, 2),
            low=(0.05, "nobody feared its army"),
            middle=(0.3, "the end of its army is a third of a victory"),
            high=(0.8, "disarming it was the declared aim of the war"),
        ),
    ]
    win_alliances_denied: Annotated[
        Number,
        Scale(
            meaning="win shown by a defender that may join no alliance",
            unit=WIN,
            bounds=(0, 2),
            low=(0.05, "it had no allies to lose"),
            middle=(0.3, "neutrality in writing is a third of a victory"),
            high=(0.8, "keeping it out of the alliance was the declared cause of the war"),
        ),
    ]
    win_no_guarantor: Annotated[
        Number,
        Scale(
            meaning="win shown by a peace in which no guarantor stands behind the defender",
            unit=WIN,
            bounds=(0, 2),
            low=(0.05, "no one had offered to"),
            middle=(0.2, "the patron's flag comes down: a fifth of a victory"),
            high=(0.6, "the patron's retreat is seen round the world, as from Kabul in 2021"),
        ),
    ]
