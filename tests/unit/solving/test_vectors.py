"""Vectors: exp and log against NumPy's, and what masks choose."""

from __future__ import annotations

import numpy as np
import pytest
from numba import njit

from outlast.solving import vectors
from outlast.solving.vectors import WIDTH, above, choose, load, spread, store


@njit
def _exp(source, target):
    for place in range(0, len(source), WIDTH):
        store(target, place, vectors.exp(load(source, place)))


@njit
def _log(source, target):
    for place in range(0, len(source), WIDTH):
        store(target, place, vectors.log(load(source, place)))


@njit
def _positive(source, target):
    for place in range(0, len(source), WIDTH):
        own = load(source, place)
        store(target, place, choose(above(own, spread(0.0)), own, spread(0.0) - own))


@pytest.mark.parametrize("reach", [1e-3, 1.0, 30.0, 690.0])
def test_exp_is_exact_to_a_few_units_in_the_last_place(reach: float) -> None:
    x = np.linspace(-reach, reach, 1024)
    found = np.empty_like(x)
    _exp(x, found)
    np.testing.assert_allclose(found, np.exp(x), rtol=2e-15)


def test_exp_stays_finite_beyond_its_range() -> None:
    x = np.array([-1e6, -701.0, 701.0, 1e6, 0.0, 0.0, 0.0, 0.0])
    found = np.empty_like(x)
    _exp(x, found)
    assert np.isfinite(found).all()
    assert found[0] < 1e-300


@pytest.mark.parametrize(("low", "high"), [(1e-300, 1e-3), (0.5, 2.0), (1.0, 1e300)])
def test_log_is_exact_to_a_few_units_in_the_last_place(low: float, high: float) -> None:
    x = np.geomspace(low, high, 1024)
    found = np.empty_like(x)
    _log(x, found)
    np.testing.assert_allclose(found, np.log(x), rtol=4e-15, atol=4e-16)


def test_masks_choose_by_lane() -> None:
    x = np.array([-1.0, 2.0, -3.0, 4.0, 0.0, -6.0, 7.0, -8.0])
    found = np.empty_like(x)
    _positive(x, found)
    np.testing.assert_array_equal(found, np.abs(x))
