"""Forecasts that anybody could make: from the past of the same series, or from the past of other wars.

A forecaster of events takes what happened so far (true or false, oldest first) and returns a chance. A forecaster of
quantities takes the values so far and returns draws. Chances are kept from 0 and 1 by half a case on either side
(Jeffreys), since nobody who has seen nothing should call it impossible.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import polars as pl
from numpy.typing import NDArray

EventForecaster = Callable[[NDArray[np.bool_]], float]
ValueForecaster = Callable[[NDArray[np.float64]], NDArray[np.float64]]

LONG_WAR = 36
"""Months after which wars end at a constant hazard, .0346 a month in the Correlates of War."""


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
    the war in the month forecast. An end is any end: an agreement is rarer.
    """
    months = wars["months"].to_numpy()
    young = float((months <= LONG_WAR).sum() / np.minimum(months, LONG_WAR).sum())
    old = float((months > LONG_WAR).sum() / (months - LONG_WAR).clip(0).sum())
    hazard = (1 - np.exp(-young), 1 - np.exp(-old))
    return lambda past: float(hazard[months_before + past.size >= LONG_WAR])


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


def _share(hits: int, count: int) -> float:
    return (hits + 0.5) / (count + 1)
