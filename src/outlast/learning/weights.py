"""Weights over draws: what each is worth given its likelihood, how evenly they lie, and a draw from them."""

from __future__ import annotations

import numpy as np
from scipy.special import logsumexp


def normalised(logs: np.ndarray) -> np.ndarray:
    """Return weights that sum to one from log weights; minus infinity weighs nothing.

    Raises ``ValueError`` if nothing weighs anything.
    """
    total = logsumexp(logs)
    if not np.isfinite(total):
        raise ValueError("no draw gives the record any chance")
    return np.exp(logs - total)


def effective(weights: np.ndarray) -> float:
    """Return the effective sample size: how many equally weighted draws would tell as much."""
    return float(weights.sum() ** 2 / (weights**2).sum())


def next_temper(logs: np.ndarray, reached: float, share: float) -> float:
    """Return the highest power of the likelihood at which the weights keep a share of the draws effective.

    ``reached`` is the power that the draws stand for already; the answer lies above it and at most at 1.
    """

    def kept(power: float) -> float:
        return effective(normalised((power - reached) * np.where(np.isfinite(logs), logs, -1e300))) / len(logs)

    if kept(1.0) >= share:
        return 1.0
    low, high = reached, 1.0
    for _ in range(60):
        middle = (low + high) / 2
        low, high = (middle, high) if kept(middle) >= share else (low, middle)
    return high


def resampled(weights: np.ndarray, count: int, random: np.random.Generator) -> np.ndarray:
    """Return the places of ``count`` draws by systematic resampling: each as often as its weight says, within one."""
    edges = np.cumsum(weights)
    return np.minimum(
        np.searchsorted(edges / edges[-1], (np.arange(count) + random.random()) / count), len(weights) - 1
    )


def quantiles(values: np.ndarray, weights: np.ndarray, shares: tuple[float, ...]) -> list[float]:
    """Return weighted quantiles: values between which the weight lies, linear in between."""
    kept = weights > 0
    order = np.argsort(values[kept], kind="stable")
    at, weight = values[kept][order], weights[kept][order]
    middle = (np.cumsum(weight) - weight / 2) / weight.sum()
    return [float(np.interp(share, middle, at)) for share in shares]
