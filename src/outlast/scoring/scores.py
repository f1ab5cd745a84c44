"""Score one forecast after another: proper scores, so that the best chance to give is the one believed.

    log        -ln p(what happened)                                                          Good 1952
    Brier      (p - happened)^2                                                               Brier 1950
    CRPS       E|X - y| - E|X - X'| / 2                                                       Gneiting & Raftery 2007
    interval   (high - low) + (2 / a) (low - y)+ + (2 / a) (y - high)+,  a = 1 - level        Gneiting & Raftery 2007
    quantile   mean over levels t of  2 (1{y < q_t} - t) (q_t - y)                            Gneiting & Raftery 2007

All are losses: lower is better.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]


def log_score(chance: ArrayLike, happened: ArrayLike) -> Floats:
    """Return the log score of each chance, in nats; infinite where what happened was held impossible.

    ``chance`` lies in [0, 1] and ``happened`` is true or false, of the same length. Raises ``ValueError`` otherwise.
    """
    chances, events = _events(chance, happened)
    with np.errstate(divide="ignore"):
        return -np.log(np.where(events, chances, 1 - chances))


def brier_score(chance: ArrayLike, happened: ArrayLike) -> Floats:
    """Return the Brier score of each chance, from 0 to 1. Takes and raises what ``log_score`` does."""
    chances, events = _events(chance, happened)
    return (chances - events) ** 2


def crps(draws: ArrayLike, outcome: float) -> float:
    """Return the continuous ranked probability score of draws, in the unit of the outcome.

    With one draw it is the absolute error. Raises ``ValueError`` without a draw.
    """
    values = np.sort(_draws(draws))
    count = values.size
    spread = float(((2 * np.arange(1, count + 1) - count - 1) * values).sum()) / count**2
    return float(np.abs(values - outcome).mean()) - spread


def interval_score(low: ArrayLike, high: ArrayLike, outcome: ArrayLike, *, level: float) -> Floats:
    """Return the score of central intervals of a level in (0, 1), in the unit of the outcome.

    Raises ``ValueError`` where an interval is upside down or the level is no level.
    """
    if not 0 < level < 1:
        raise ValueError(f"level {level}: an interval holds a share between 0 and 1")
    bottom, top, value = (np.asarray(each, dtype=float) for each in (low, high, outcome))
    if np.any(bottom > top):
        raise ValueError("an interval has its low end above its high end")
    outside = np.clip(bottom - value, 0, None) + np.clip(value - top, 0, None)
    return (top - bottom) + 2 / (1 - level) * outside


def quantile_score(levels: ArrayLike, quantiles: ArrayLike, outcome: float) -> float:
    """Return the mean score of quantiles at their levels, in the unit of the outcome.

    With a median alone it is the absolute error; with many levels, evenly spread, it comes near the CRPS. Raises
    ``ValueError`` without a quantile or where a level is none.
    """
    at, found = np.asarray(levels, dtype=float), np.asarray(quantiles, dtype=float)
    if at.size == 0 or at.shape != found.shape or np.any(~((at > 0) & (at < 1))):
        raise ValueError("as many quantiles as levels between 0 and 1 are needed, at least one")
    return float((2 * ((outcome < found) - at) * (found - outcome)).mean())


def central_interval(draws: ArrayLike, *, level: float) -> tuple[float, float]:
    """Return the ends of the central interval of draws at a level in (0, 1)."""
    tail = (1 - level) / 2
    low, high = np.quantile(_draws(draws), [tail, 1 - tail])
    return float(low), float(high)


def _draws(draws: ArrayLike) -> Floats:
    values = np.asarray(draws, dtype=float).ravel()
    if values.size == 0 or not np.all(np.isfinite(values)):
        raise ValueError("a forecast of a quantity needs at least one draw, and only finite ones")
    return values


def _events(chance: ArrayLike, happened: ArrayLike) -> tuple[Floats, NDArray[np.bool_]]:
    chances, events = np.asarray(chance, dtype=float), np.asarray(happened)
    if chances.shape != events.shape:
        raise ValueError(f"{chances.size} chances for {events.size} events")
    if np.any(~((chances >= 0) & (chances <= 1))):
        raise ValueError("a chance lies from 0 to 1")
    return chances, events.astype(bool)
