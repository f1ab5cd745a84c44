"""Fit a logistic regression with a penalty that was chosen beforehand.

    p = 1 / (1 + exp(-(a + b . z))),   z standardised on the cases fitted,
    minimise  -sum log p(what happened) + penalty |b|^2 / 2

The intercept is not penalised. One unit of penalty is one standard normal prior on each slope.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Logistic:
    """A fitted regression: ``intercept``, and ``slopes`` of covariates standardised by ``centre`` and ``spread``."""

    intercept: float
    slopes: Floats
    centre: Floats
    spread: Floats

    def chances(self, covariates: Floats) -> Floats:
        """Return the chance of each case; ``covariates`` has a row a case, in the order of the fit."""
        score = self.intercept + ((covariates - self.centre) / self.spread) @ self.slopes
        return 1 / (1 + np.exp(-score))


def fit_logistic(covariates: Floats, happened: NDArray[np.bool_], *, penalty: float = 1.0) -> Logistic:
    """Return the regression of ``happened`` (n) on ``covariates`` (n, k). A column that never varies has no slope.

    Raises ``ValueError`` without cases, or where all or none happened and there is nothing to tell apart.
    """
    if happened.size == 0 or happened.all() or not happened.any():
        raise ValueError("a regression needs cases in which it happened and cases in which it did not")
    centre, spread = covariates.mean(axis=0), covariates.std(axis=0)
    spread = np.where(spread > 0, spread, 1.0)
    z = (covariates - centre) / spread
    sign = np.where(happened, 1.0, -1.0)

    def loss(parameters: Floats) -> tuple[float, Floats]:
        margin = sign * (parameters[0] + z @ parameters[1:])
        pull = -sign / (1 + np.exp(margin))
        value = np.logaddexp(0, -margin).sum() + penalty / 2 * (parameters[1:] ** 2).sum()
        return float(value), np.concatenate([[pull.sum()], z.T @ pull + penalty * parameters[1:]])

    found = minimize(loss, np.zeros(1 + z.shape[1]), jac=True, method="L-BFGS-B", options={"ftol": 1e-12, "gtol": 1e-8})
    return Logistic(float(found.x[0]), found.x[1:], centre, spread)
