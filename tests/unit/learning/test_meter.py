"""A reading's density on each level is the integral that the module states, and draws of readings follow it."""

from __future__ import annotations

import numpy as np
import pytest

from outlast.learning.meter import Reading

LEVELS = np.array([0.0, 0.2, 0.3, 0.7, 1.0])
CASES = [
    Reading("territory", 0.25, 0.02, 0.05, 1.0),
    Reading("territory", 0.05, 0.2, 0.2, 0.7),
    Reading("territory", 1.0, 0.1, 0.0, 0.9),
    Reading("territory", 0.31, 0.0, 0.0, 0.8),
]


def by_sum(reading: Reading) -> np.ndarray:
    """The same integral by a sum over two hundred thousand values."""
    x = np.linspace(0, 1, 200_001)
    hats = np.array([np.interp(x, LEVELS, peak) for peak in np.eye(len(LEVELS))])
    spread = np.where(x < reading.value, max(reading.below, 1e-300), max(reading.above, 1e-300))
    curve = (
        2 / (reading.below + reading.above) * np.exp(-(((x - reading.value) / spread) ** 2) / 2) / np.sqrt(2 * np.pi)
    )
    curve = np.where((x < reading.value) | (reading.above > 0), curve, 0.0)
    seen = (hats * curve).sum(axis=1) / hats.sum(axis=1)
    return reading.confidence * seen + (1 - reading.confidence)


@pytest.mark.parametrize("reading", CASES[:3], ids=lambda r: f"{r.value}")
def test_density_is_the_integral(reading: Reading):
    assert reading.weights(LEVELS) == pytest.approx(by_sum(reading), rel=2e-3)


def test_a_point_reading_is_the_hat_over_its_area():
    found = CASES[3].weights(LEVELS)
    assert found == pytest.approx([0.2, 0.2, 0.2 + 0.8 * 0.975 / 0.25, 0.2 + 0.8 * 0.025 / 0.35, 0.2])


def test_draws_of_a_reading_have_its_density():
    random = np.random.default_rng(3)
    like = Reading("territory", 0.5, 0.03, 0.03, 0.9)
    drawn = np.array([like.drawn(2, LEVELS, random).value for _ in range(20_000)])
    for low, high in ((0.1, 0.2), (0.2, 0.3), (0.3, 0.5), (0.5, 0.7)):
        middles = np.linspace(low, high, 21)[:-1] + (high - low) / 40
        expected = np.mean([Reading("territory", y, 0.03, 0.03, 0.9).weights(LEVELS)[2] for y in middles]) * (
            high - low
        )
        assert np.mean((drawn >= low) & (drawn < high)) == pytest.approx(expected, abs=0.012)
