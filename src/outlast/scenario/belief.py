"""Belief: the public chance that the challenger is a staller, who would sign only a win."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from outlast.scenario.number import Finite, Number
from outlast.scenario.scale import Scale
from outlast.scenario.section import Section
from outlast.scenario.unit import CHANCE

DEFAULT_LEVELS = (0.0, 0.1, 0.25, 0.5, 0.75, 0.9, 1.0)


class Belief(Section):
    """What everybody thinks of the challenger's type at month 0, and the grid on which belief moves."""

    staller: Annotated[
        Number,
        Scale(
            meaning="chance, as all see it at month 0, that the challenger is a staller",
            unit=CHANCE,
            bounds=(0, 1),
            open_low=True,
            open_high=True,
            low=(0.15, "it has signed and kept such deals before"),
            middle=(0.5, "experts are split down the middle"),
            high=(0.85, "it has broken every deal so far; only a few still hope"),
        ),
    ]
    levels: Annotated[
        tuple[Finite, ...],
        Field(min_length=2, max_length=33, description="Belief levels, ascending from 0 to 1."),
    ] = DEFAULT_LEVELS
