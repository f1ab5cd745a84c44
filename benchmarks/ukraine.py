"""Back-test on the war in Ukraine, February 2022 to February 2026: territory, American support, agreement, by month."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import dataclass, field

import polars as pl

from outlast.record.sources.economist_area import month_ends
from outlast.record.sources.kiel import months_of
from outlast.scoring.backtest import Timing, back_test_events, back_test_values, summary, verdict
from outlast.scoring.baselines import (
    EventForecaster,
    ValueForecaster,
    base_rate,
    climatology,
    last_value,
    past_changes,
    persistence,
    recent_changes,
    war_ends,
)

WAR_BEGAN = datetime.date(2022, 2, 1)
LAST_MONTH = datetime.date(2026, 2, 1)
SUPPORT_LAG = 1
"""Months after which the tracker knows a month: the month that has just ended is not in it yet. A judgement."""

UNITED_STATES = "United States"
NO_AGREEMENT = "No agreement that ended the fighting was signed in any of these months."
VINTAGE = "Support is read from one vintage of the tracker, so these forecasts saw corrections that were made later."


@dataclass(frozen=True)
class Target:
    """Scores of one thing that was forecast. ``verdict`` comes first: it says whether a baseline wins."""

    name: str
    verdict: str
    means: pl.DataFrame = field(repr=False)
    scored: pl.DataFrame = field(repr=False)
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class OurForecasts:
    """Forecasts to be scored beside the baselines, by name; each is given only what was known at the time."""

    territory: Mapping[str, ValueForecaster] = field(default_factory=dict)
    support: Mapping[str, EventForecaster] = field(default_factory=dict)
    amount: Mapping[str, ValueForecaster] = field(default_factory=dict)
    agreement: Mapping[str, EventForecaster] = field(default_factory=dict)


def back_test_ukraine(
    area: pl.DataFrame,
    support: pl.DataFrame,
    wars: pl.DataFrame,
    *,
    ours: OurForecasts | None = None,
    ahead: int = 1,
) -> tuple[Target, ...]:
    """Return the scores of forecasts ``ahead`` months ahead, for four targets.

    *territory*: share of Ukraine held at the end of the month; *support*: whether the United States allocated anything
    in the month; *amount*: how much, bn EUR; *agreement*: whether one was signed. The tables are the tidy ones of
    ``economist_area``, ``kiel`` and ``cow_wars``.
    """
    mine = ours or OurForecasts()
    return (
        _territory(area, mine.territory, ahead),
        *_support(support, mine, ahead),
        _agreement(wars, mine.agreement, ahead),
    )


def _territory(area: pl.DataFrame, ours: Mapping[str, ValueForecaster], ahead: int) -> Target:
    ends = month_ends(area).filter(pl.col("month").is_between(WAR_BEGAN, LAST_MONTH))
    baselines: dict[str, ValueForecaster] = {
        "persistence": last_value,
        "past changes": past_changes(ahead),
        "changes of a year": recent_changes(ahead),
        "climatology": climatology,
    }
    scored = back_test_values(
        ends["month"].to_list(), ends["share"].to_list(), {**baselines, **ours}, timing=Timing(ahead=ahead)
    )
    means = summary(scored)
    return Target("territory", verdict(means, ours=list(ours)), means, scored)


def _support(support: pl.DataFrame, ours: OurForecasts, ahead: int) -> tuple[Target, Target]:
    given = months_of(support, UNITED_STATES).filter(pl.col("month").is_between(WAR_BEGAN, LAST_MONTH))
    months, money = given["month"].to_list(), given["total"].to_list()
    timing = Timing(ahead=ahead, lag=SUPPORT_LAG)
    events: dict[str, EventForecaster] = {"persistence": persistence(ahead + SUPPORT_LAG), "base rate": base_rate}
    values: dict[str, ValueForecaster] = {"persistence": last_value, "climatology": climatology}
    whether = back_test_events(months, [amount != 0 for amount in money], {**events, **ours.support}, timing=timing)
    amount = back_test_values(months, money, {**values, **ours.amount}, timing=timing)
    first, second = summary(whether), summary(amount)
    return (
        Target("support", verdict(first, ours=list(ours.support)), first, whether, (VINTAGE,)),
        Target("amount", verdict(second, ours=list(ours.amount)), second, amount, (VINTAGE,)),
    )


def _agreement(wars: pl.DataFrame, ours: Mapping[str, EventForecaster], ahead: int) -> Target:
    months = pl.date_range(WAR_BEGAN, LAST_MONTH, interval="1mo", eager=True).to_list()
    baselines: dict[str, EventForecaster] = {
        "constant hazard": war_ends(wars, months_before=ahead - 1),
        "base rate": base_rate,
        "persistence": persistence(ahead),
    }
    scored = back_test_events(months, [False] * len(months), {**baselines, **ours}, timing=Timing(ahead=ahead))
    means = summary(scored)
    return Target("agreement", verdict(means, ours=list(ours)), means, scored, (NO_AGREEMENT,))
