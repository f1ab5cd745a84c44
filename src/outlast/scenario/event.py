"""Event: a date on the calendar that changes numbers from then on, or that shocks a stock."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Annotated, Literal

from pydantic import Field

from outlast.scenario.mechanisms.mechanism import matches
from outlast.scenario.number import Number
from outlast.scenario.scale import Scale
from outlast.scenario.section import PathName, Section
from outlast.scenario.unit import CHANCE, SHARE

StockName = Literal["territory", "forces", "endurance", "patience"]

CHANGING_SECTIONS = ("recognition", "noise", "payoffs", "mechanisms")
"""Sections whose numbers an event may set."""

FIXED_PATHS = (
    "mechanisms.styles.challenger_discount.*",
    "mechanisms.styles.defender_discount",
    "mechanisms.styles.patron_discount",
    "mechanisms.manpower.pools.*.rate",
    "mechanisms.manpower.pools.*.size",
)
"""Numbers of those sections that hold for the whole war: values are normalised by the discount factors, and a pool's
rate and size fix the months in which it is open."""


class Shock(Section):
    """A chance that one stock jumps."""

    stock: Annotated[StockName, Field(description="The stock that may jump.")]
    change: Annotated[
        Number,
        Scale(
            meaning="by how much the stock moves, up or down",
            unit=SHARE,
            bounds=(-1, 1),
            low=(-0.5, "half of a full stock is lost at once: an aid law falls"),
            middle=(-0.2, "a fifth is lost: a government that cared less is elected"),
            high=(0.3, "three tenths are gained: an outrage renews the will"),
        ),
    ]
    chance: Annotated[
        Number,
        Scale(
            meaning="chance that it happens in that month",
            unit=CHANCE,
            bounds=(0, 1),
            low=(0.1, "long odds: a coup against a firm government"),
            middle=(0.5, "an even chance: an open election"),
            high=(1.0, "certain: the law expires on that day"),
        ),
    ]


def _until_read() -> int:
    """Return a month that no event has; it stands where a file gives a date instead, until that is worked out."""
    return 0


class Event(Section):
    """Something that the calendar holds. Exactly one of ``month`` and ``date``, and one of ``set`` and ``shock``.

    ``read`` works out the month of an event that has a date, so ``month`` is always the month in which it acts.
    """

    name: Annotated[PathName, Field(description="Name of the event, unique among the events, without a dot.")]
    month: Annotated[
        int,
        Field(
            strict=True,
            ge=1,
            default_factory=_until_read,
            description="Month in which it happens, counted from month 0.",
        ),
    ]
    date: Annotated[
        datetime.date | None,
        Field(strict=True, description="Date on which it happens; it acts from the next month that begins."),
    ] = None
    set: Annotated[
        Mapping[str, Number] | None,
        Field(min_length=1, description="Numbers that hold from that month on, by dotted path."),
    ] = None
    shock: Annotated[Shock | None, Field(description="A chance that one stock jumps.")] = None


def may_change(path: str) -> bool:
    """Say whether an event may set the number at ``path``."""
    return path.split(".")[0] in CHANGING_SECTIONS and not any(matches(fixed, path) for fixed in FIXED_PATHS)


def month_of(event_date: datetime.date, as_of: datetime.date) -> int:
    """Return the first month that begins on or after ``event_date``; month 0 begins at ``as_of``."""
    months = (event_date.year - as_of.year) * 12 + event_date.month - as_of.month
    return months if event_date.day <= as_of.day else months + 1
