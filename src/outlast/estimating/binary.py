"""A probit or logit of one choice, for starting values: a Newton method with a little ridge, so that it never fails."""

from __future__ import annotations

import numpy as np
from scipy.special import expit, log_ndtr

RIDGE = 1e-3
"""Weight of the squared coefficients, in observations of a column scaled to unit size: it bounds separated data."""
FARTHEST = 20.0


def fit_binary(
    columns: np.ndarray, known: np.ndarray, yes: np.ndarray, no: np.ndarray, link: str, ridge: float = RIDGE
) -> np.ndarray:
    """Return the coefficients of a binary choice with chance F(columns x coefficients + known).

    Args:
        columns: ``(cases, columns)``.
        known: the known part of the index, ``(cases,)``.
        yes: how often each case chose the one thing.
        no: how often it chose the other.
        link: ``probit`` or ``logit``.
        ridge: weight of the squared coefficients of the scaled columns.

    Returns:
        ``(columns,)``. Cases without either choice do not count. A small ridge keeps the answer finite.
    """
    scale = np.sqrt((columns**2).mean(axis=0)) if len(columns) else np.ones(columns.shape[1])
    scale = np.where(scale > 0, scale, 1.0)
    x = columns / scale
    b = np.zeros(x.shape[1])
    best = _objective(x @ b + known, yes, no, link)[0]
    for _ in range(50 if x.shape[1] else 0):
        _, slope, weight = _objective(x @ b + known, yes, no, link)
        gradient = x.T @ slope - ridge * b
        step = np.linalg.solve((x * weight[:, None]).T @ x + ridge * np.eye(len(b)), gradient)
        for _ in range(30):
            value = _objective(x @ (b + step) + known, yes, no, link)[0] - ridge / 2 * ((b + step) ** 2).sum()
            if value >= best:
                break
            step = step / 2
        b, moved, best = b + step, np.abs(step).max(), value
        if moved < 1e-8:
            break
    return np.clip(b, -FARTHEST, FARTHEST) / scale


def _objective(index: np.ndarray, yes: np.ndarray, no: np.ndarray, link: str) -> tuple[float, np.ndarray, np.ndarray]:
    """Return the log-likelihood, its slope in each index, and a positive weight for the Newton step."""
    index = np.clip(index, -30, 30)
    if link == "logit":
        p = expit(index)
        value = -(yes * np.logaddexp(0, -index) + no * np.logaddexp(0, index)).sum()
        return float(value), yes * (1 - p) - no * p, (yes + no) * p * (1 - p) + 1e-12
    log_density = -(index**2) / 2 - np.log(2 * np.pi) / 2
    up, down = np.exp(log_density - log_ndtr(index)), np.exp(log_density - log_ndtr(-index))
    value = (yes * log_ndtr(index) + no * log_ndtr(-index)).sum()
    return float(value), yes * up - no * down, yes * up * (up + index) + no * down * (down - index) + 1e-12
