"""Forecasts that anybody could make: from the past of the same series, or from the past of other wars.

A forecaster of events takes what happened so far (true or false, oldest first) and returns a chance. A forecaster of
quantities takes the values so far and returns draws. Chances are kept from 0 and 1 by half a case on either side
(Jeffreys), since nobody who has seen nothing should call it impossible.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
import polars as pl
from numpy.typing import NDArray

EventForecaster = Callable[[NDArray[np.bool_]], float]
ValueForecaster = Callable[[NDArray[np.float64]], NDArray[np.float64]]

LONG_WAR = 36
"""Months after which wars end at a constant hazard, .0346 a month in the Correlates of War."""

YOUNG_HAZARD, OLD_HAZARD = 84 / 983.1, 11 / 318.0
"""Ends a month in the Correlates of War's inter-state wars 4.0, within three years and after: .0854 and .0346."""


def base_rate(past: NDArray[np.bool_]) -> float:
    """Return the share of months in which it happened so far."""
    return _share(int(past.sum()), past.size)


def persistence(step: int = 1) -> EventForecaster:
    """Return a forecaster that expects a month to be as the one ``step`` months before, as often as it was so far."""

    def forecast(past: NDArray[np.bool_]) -> float:
        if past.size == 0:
            return 0.5
        repeats = past[step:] == past[:-step]
        again = _share(int(repeats.sum()), repeats.size)
        return again if past[-1] else 1 - again

    return forecast


def constant(chance: float) -> EventForecaster:
    """Return a forecaster that always gives the same chance."""
    return lambda past: chance


def war_ends(wars: pl.DataFrame, *, months_before: int = 0) -> EventForecaster:
    """Return a forecaster of a war's end in a month, from the months that other wars lasted.

    Wars of up to three years have one hazard, those that have passed three years another (.0346 in the Correlates of
    War). ``wars`` is the tidy table of ``cow_wars``; ``months_before`` is added to the months seen to give the age of
    the war in the month forecast. An end is any end: an agreement is rarer. Wars whose months are unknown are left out.
    """
    months = wars["months"].drop_nulls().to_numpy()
    young = float((months <= LONG_WAR).sum() / np.minimum(months, LONG_WAR).sum())
    old = float((months > LONG_WAR).sum() / (months - LONG_WAR).clip(0).sum())
    hazard = (1 - np.exp(-young), 1 - np.exp(-old))
    return lambda past: float(hazard[months_before + past.size >= LONG_WAR])


def ends_in(ahead: int, *, age: int | None = None) -> float:
    """Return the chance that a war ends in the month ``ahead`` months from now, and not before, by a constant hazard.

    The hazards are those of the 95 inter-state wars of the Correlates of War, version 4.0: 84 ended in the 983 months
    that they were watched within their first three years, 11 in the 318 months after. ``age`` is how many months the
    war has lasted; None stands for more than three years.
    """
    months = [LONG_WAR if age is None else age + step for step in range(ahead)]
    hazards = [OLD_HAZARD if month >= LONG_WAR else YOUNG_HAZARD for month in months]
    return float(np.exp(-sum(hazards[:-1])) * (1 - np.exp(-hazards[-1])))


def answer_rates(past: Sequence[str], answers: Sequence[str]) -> dict[str, float]:
    """Return the share of months that each answer came so far, half a case added to each."""
    return {answer: _share(past.count(answer), len(past), len(answers)) for answer in answers}


def answer_again(past: Sequence[str], answers: Sequence[str], *, step: int = 1) -> dict[str, float]:
    """Return chances that expect the answer of ``step`` months before, as often as it came again so far."""
    if not past or past[-1] not in answers:
        return dict.fromkeys(answers, 1 / len(answers))
    repeats = [later == earlier for later, earlier in zip(past[step:], past[:-step], strict=True)]
    again = _share(sum(repeats), len(repeats))
    rest = (1 - again) / max(len(answers) - 1, 1)
    return {answer: again if answer == past[-1] else rest for answer in answers}


def last_value(past: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the last value and no other (persistence): no spread, so its interval has no width."""
    return past[-1:]


def past_changes(ahead: int) -> ValueForecaster:
    """Return a forecaster that adds to the last value every change over ``ahead`` months that was seen so far."""

    def forecast(past: NDArray[np.float64]) -> NDArray[np.float64]:
        changes = past[ahead:] - past[:-ahead]
        return past[-1] + changes if changes.size else past[-1:]

    return forecast


def recent_changes(ahead: int, *, window: int = 12) -> ValueForecaster:
    """Return a forecaster as ``past_changes``, from the changes that ended in the last ``window`` months only."""
    whole = past_changes(ahead)
    return lambda past: whole(past[-(window + ahead) :])


def climatology(past: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return every value so far as a draw: tomorrow is any day of the past."""
    return past


def _share(hits: int, count: int, answers: int = 2) -> float:
    return (hits + 0.5) / (count + answers / 2)
