"""The bivariate normal distribution: against SciPy, against a slow integral far in the tails, and its derivatives."""

from __future__ import annotations

import jax
import numpy as np
import pytest
from scipy.integrate import quad
from scipy.special import log_ndtr
from scipy.stats import multivariate_normal

from outlast.estimating.normal import LARGEST, bivariate, log_bivariate
from outlast.estimating.precision import precise

HALF = float(1 / np.sqrt(2))
BOUNDS = [(h, k) for h in (-3.1, -1.0, 0.0, 0.4, 2.2) for k in (-2.5, -0.3, 0.0, 1.7, 4.0)]


def slow_log(h: float, k: float, r: float) -> float:
    """The log chance by adaptive quadrature over the second normal, scaled by the peak of the integrand."""

    def log_integrand(t: np.ndarray) -> np.ndarray:
        return -(t**2) / 2 - np.log(2 * np.pi) / 2 + log_ndtr((h - r * t) / np.sqrt(1 - r * r))

    grid = np.linspace(k - 40, k, 40_001)
    logs = log_integrand(grid)
    peak, at = logs.max(), grid[logs.argmax()]
    low, high = max(k - 40, at - 12), min(k, at + 12)
    value = quad(lambda t: np.exp(log_integrand(t) - peak), low, high, epsabs=0, epsrel=1e-13, limit=400, points=[at])[
        0
    ]
    return float(peak + np.log(value))


@pytest.mark.parametrize("r", [-LARGEST, -0.5, 0.0, 0.3, HALF, 0.9, LARGEST])
def test_chance_is_that_of_scipy(r: float):
    law = multivariate_normal(cov=[[1, r], [r, 1]])
    with precise():
        ours = np.asarray(bivariate(*np.array(BOUNDS).T, np.full(len(BOUNDS), r)))
        logs = np.asarray(log_bivariate(*np.array(BOUNDS).T, max(r, 0.0)))
    theirs = np.array([law.cdf(np.array(bound)) for bound in BOUNDS])
    assert np.abs(ours - theirs).max() < 1e-10
    if r >= 0:
        assert np.abs(np.exp(logs) - theirs).max() < 1e-10


@pytest.mark.parametrize("r", [0.2, HALF])
@pytest.mark.parametrize(
    "bound", [(-8.0, -8.0), (-20.0, 3.0), (3.0, -20.0), (-10.0, -20.0), (-20.0, -19.0), (5.0, 9.0)]
)
def test_logarithm_keeps_its_digits_in_the_tails(r: float, bound: tuple[float, float]):
    with precise():
        ours = float(log_bivariate(*bound, r))
    assert ours == pytest.approx(slow_log(*bound, r), abs=1e-10)


@pytest.mark.parametrize("bound", [(-1.0, 0.5), (-12.0, 2.0), (2.0, -9.0), (-6.0, -7.0)])
def test_derivatives_agree_with_differences(bound: tuple[float, float]):
    step = 1e-4
    with precise():
        for order in (0, 1):
            function = lambda h, k: log_bivariate(h, k, HALF)  # noqa: E731
            lower = function if order == 0 else jax.grad(function, argnums=0)
            for argument in (0, 1):
                exact = float(jax.grad(lower, argnums=argument)(*bound))
                shift = np.eye(2)[argument] * step
                up, down = float(lower(*(bound + shift))), float(lower(*(bound - shift)))
                assert exact == pytest.approx((up - down) / (2 * step), rel=1e-5, abs=1e-7)


def test_derivative_in_the_correlation_is_the_density():
    h, k, r = 0.4, -0.7, 0.35
    with precise():
        slope = float(jax.grad(bivariate, argnums=2)(h, k, r))
    assert slope == pytest.approx(multivariate_normal(cov=[[1, r], [r, 1]]).pdf([h, k]), rel=1e-12)


@pytest.mark.parametrize("bound", [(1e6, -1e6), (-1e6, 1e6), (-50.0, -70.0), (1e3, 1e3)])
def test_far_away_it_is_finite(bound: tuple[float, float]):
    with precise():
        value, slopes = jax.value_and_grad(lambda x: log_bivariate(x[0], x[1], HALF))(jax.numpy.array(bound))
    assert np.isfinite(value)
    assert np.isfinite(slopes).all()
