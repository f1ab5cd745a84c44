"""Covariances of estimates: the sandwich of Huber (1967) and White (1982), by cluster if asked, and the classical one.

    V = J^-1 M J^-T,   J = derivative of the summed scores,   M = sum over clusters of (summed scores)(summed scores)'

times G / (G - 1) for G clusters (every case is its own where none are named). Where the likelihood has no maximum in
some direction, coefficients that take part in it have no covariance; the others have theirs with that direction held.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from outlast.estimating.likelihood import Solved
from outlast.estimating.maximise import PART, ROUNDING


class Covariances(NamedTuple):
    """The robust and the classical covariance of the coefficients, NaN where there is none.

    ``weak`` are the directions (in coefficient times scale, a row each) in which the slope is rounding. ``condition``
    is that of the slope in the directions that are left, ``weakest`` the direction it bends least in.
    """

    robust: np.ndarray
    classical: np.ndarray
    weak: np.ndarray
    condition: float
    weakest: np.ndarray


def covariances(solved: Solved, clusters: np.ndarray, scale: np.ndarray) -> Covariances:
    """Return the covariances of coefficients; ``scale`` is the size of their columns."""
    size = len(solved.point)
    scale = np.where(scale > 0, scale, 1.0)
    slope = solved.slope / np.outer(scale, scale)
    if not (np.isfinite(slope).all() and np.isfinite(solved.scores).all()):
        nothing = np.full((size, size), np.nan)
        return Covariances(nothing, nothing, np.eye(size), np.inf, np.ones(size))
    loose = _spanned(np.array([each.direction for each in solved.maximum.loose]).reshape(-1, size))
    left = _complement(loose)
    _, bends, axes = np.linalg.svd(left.T @ slope @ left)
    keep = bends > ROUNDING * max(bends[0], 0) if len(bends) else np.zeros(0, bool)
    weak = (left @ axes[~keep].T).T
    lost = np.vstack([loose, weak])
    left = _complement(lost)
    many = int(clusters.max()) + 1
    summed = np.zeros((many, size))
    np.add.at(summed, clusters, solved.scores / scale)
    inverse = left @ np.linalg.solve(left.T @ slope @ left, left.T)
    correction = many / (many - 1) if many > 1 else np.nan
    robust = correction * inverse @ (summed.T @ summed) @ inverse.T / np.outer(scale, scale)
    classical = -(inverse + inverse.T) / 2 / np.outer(scale, scale)
    without = np.sqrt((lost**2).sum(axis=0)) > PART
    for each in (robust, classical):
        each[without, :] = each[:, without] = np.nan
    ratio = float(bends[keep][0] / bends[keep][-1]) if keep.any() else 1.0
    weakest = (left @ _last_axis(left.T @ slope @ left)) if keep.any() else np.zeros(size)
    return Covariances(robust, classical, weak, ratio, weakest)


def errors_of(covariance: np.ndarray) -> np.ndarray:
    """Return standard errors, NaN where there is no variance or a negative one."""
    variance = np.diag(covariance)
    return np.sqrt(np.where(variance >= 0, variance, np.nan))


def _last_axis(matrix: np.ndarray) -> np.ndarray:
    return np.linalg.svd(matrix)[2][-1]


def _spanned(rows: np.ndarray) -> np.ndarray:
    """Return orthonormal rows that span the same."""
    if not len(rows):
        return rows
    _, sizes, axes = np.linalg.svd(rows, full_matrices=False)
    return axes[sizes > 1e-8 * sizes[0]]


def _complement(rows: np.ndarray) -> np.ndarray:
    """Return orthonormal columns that span what is at right angles to orthonormal rows; ``(size, left)``."""
    if not len(rows):
        return np.eye(rows.shape[1])
    return np.linalg.svd(rows)[2][len(rows) :].T
