"""Covariances of estimates: the sandwich of Huber (1967) and White (1982), by cluster if asked, and the classical one.

    V = J^-1 M J^-T,   J = derivative of the summed scores,   M = sum over clusters of (summed scores)(summed scores)'

times G / (G - 1) for G clusters (every case is its own where none are named).
"""

from __future__ import annotations

import numpy as np

from outlast.estimating.likelihood import Solved


def covariances(solved: Solved, clusters: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return the robust and the classical covariance of the coefficients; NaN where the slope cannot be inverted."""
    size = len(solved.point)
    many = int(clusters.max()) + 1
    summed = np.zeros((many, size))
    np.add.at(summed, clusters, solved.scores)
    try:
        inverse = np.linalg.inv(solved.slope)
    except np.linalg.LinAlgError:
        nothing = np.full((size, size), np.nan)
        return nothing, nothing
    correction = many / (many - 1) if many > 1 else np.nan
    return correction * inverse @ (summed.T @ summed) @ inverse.T, -(inverse + inverse.T) / 2


def condition(slope: np.ndarray, scale: np.ndarray) -> float:
    """Return the condition number of the slope in columns scaled to unit size; infinite if it is not finite."""
    scale = np.where(scale > 0, scale, 1.0)
    scaled = slope / np.outer(scale, scale)
    return float(np.linalg.cond(scaled)) if np.isfinite(scaled).all() else float("inf")
