"""Noise: how closely each kind of decision follows the values; the logit noise of McKelvey and Palfrey (1998).

A choice between two actions whose values differ by the noise is made 73 to 27; by three times the noise, 95 to 5. The
stakes of a month are small against those of a peace, so each kind of decision has its own noise.
"""

from __future__ import annotations

from typing import Annotated

from outlast.scenario.number import Number
from outlast.scenario.scale import Scale
from outlast.scenario.section import Section
from outlast.scenario.unit import PRIZE


def _noise(decision: str) -> Scale:
    return Scale(
        meaning=f"logit noise of {decision}",
        unit=PRIZE,
        bounds=(0, 10),
        open_low=True,
        low=(0.002, "a staff that weighs everything: a gain of six thousandths of the prize is seen 95 times in 100"),
        middle=(0.02, "a cabinet under pressure: a gain of six hundredths of the prize is seen 95 times in 100"),
        high=(0.1, "moods and factions: a gain of three tenths of the prize is needed to be as sure"),
    )


class ChallengerNoise(Section):
    """Noise of the challenger's five kinds of decision."""

    attend: Annotated[Number, _noise("the choice to attend the talks")] = Number(value=0.005)
    table: Annotated[Number, _noise("the choice to table a package")] = Number(value=0.02)
    which: Annotated[Number, _noise("the choice of a package to table")] = Number(value=0.02)
    answer: Annotated[Number, _noise("the answer to a package")] = Number(value=0.02)
    resume: Annotated[Number, _noise("the choice to break a peace")] = Number(value=0.02)


class DefenderNoise(Section):
    """Noise of the defender's three kinds of decision."""

    table: Annotated[Number, _noise("the choice to table a package")] = Number(value=0.02)
    which: Annotated[Number, _noise("the choice of a package to table")] = Number(value=0.02)
    answer: Annotated[Number, _noise("the answer to a package")] = Number(value=0.02)


class PatronNoise(Section):
    """Noise of the patron's five kinds of decision."""

    table: Annotated[Number, _noise("the choice to table a package")] = Number(value=0.02)
    which: Annotated[Number, _noise("the choice of a package to table")] = Number(value=0.02)
    answer: Annotated[Number, _noise("the answer to a package")] = Number(value=0.02)
    posture: Annotated[Number, _noise("the month's posture: withhold, sustain or surge")] = Number(value=0.002)
    honour: Annotated[Number, _noise("the choice to honour a guarantee")] = Number(value=0.02)


class Noise(Section):
    """Noise by party and kind of decision; a kind that is left out keeps its default."""

    challenger: ChallengerNoise = ChallengerNoise()
    defender: DefenderNoise = DefenderNoise()
    patron: PatronNoise = PatronNoise()
