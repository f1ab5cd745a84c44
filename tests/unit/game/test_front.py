"""The front: who is superior, and where the line goes."""

from __future__ import annotations

import numpy as np
import pytest

from .small import at, drift, grid, inside, law, only

WITHHOLD, SUSTAIN, SURGE = range(3)


def superiority(**numbers: float) -> np.ndarray:
    """Return the challenger's share of the contest ``(postures, cells)``."""
    return np.asarray(law("front", **numbers).superiority(grid()))[:, 0]


def fighting() -> np.ndarray:
    """Return the cells in which the defender has anything left to fight with."""
    return np.asarray(grid().of("endurance")) > 0


def test_support_lowers_superiority():
    pi = superiority()[:, fighting()]
    assert (pi[WITHHOLD] > pi[SUSTAIN]).all()
    assert (pi[SUSTAIN] > pi[SURGE]).all()


@pytest.mark.parametrize(("number", "posture"), [("supply_sustain", SUSTAIN), ("supply_surge", SURGE)])
def test_more_supply_lowers_superiority_under_its_own_posture_alone(number: str, posture: int):
    less, more = superiority(**{number: 0.3})[:, fighting()], superiority(**{number: 0.9})[:, fighting()]
    assert (more[posture] < less[posture]).all()
    others = [a for a in range(3) if a != posture]
    assert (more[others] == less[others]).all()


def test_superiority_rises_with_forces_and_falls_with_endurance():
    on, pi = grid(), superiority()
    here = {"territory": 0.3, "patience": 0.5}
    weak, strong = (pi[:, at(on, forces=f, endurance=0.6, **here)] for f in (0.5, 1.25))
    assert (strong > weak).all()
    fresh, tired = (pi[:, at(on, forces=1.0, endurance=e, **here)] for e in (1.0, 0.25))
    assert (tired > fresh).all()
    assert (pi[:, at(on, endurance=0.0)] == 1).all()


def test_equal_strength_is_an_even_contest_whatever_the_exponent():
    on = grid()
    for exponent in (0.5, 1.0, 4.0):
        pi = superiority(decisiveness=exponent)
        assert pi[WITHHOLD, at(on, forces=1.0, endurance=1.0)] == pytest.approx(0.5)


@pytest.mark.parametrize(("exponent", "share"), [(0.5, 0.586), (1.0, 2 / 3), (3.0, 8 / 9)])
def test_twice_the_strength_wins_as_often_as_the_scale_of_decisiveness_says(exponent: float, share: float):
    on = grid(endurance=(0.0, 0.5, 1.0))
    pi = np.asarray(law("front", decisiveness=exponent).superiority(on))[:, 0]
    assert pi[WITHHOLD, at(on, forces=1.0, endurance=0.5)] == pytest.approx(share, abs=1e-3)


def test_decisiveness_helps_whoever_is_stronger():
    flat, steep = superiority(decisiveness=1.0), superiority(decisiveness=3.0)
    stronger = (flat > 0.5) & fighting()
    weaker = flat < 0.5
    assert stronger.any()
    assert weaker.any()
    assert (steep[stronger] > flat[stronger]).all()
    assert (steep[weaker] < flat[weaker]).all()


def test_line_moves_by_pace_times_the_balance_of_the_contest():
    on, front = grid(), law("front")
    pi = front.superiority(on)
    moved = drift(on, "territory", only(front.in_war(on, pi)))[:, 0][:, inside(on, "territory")]
    expected = 0.004 * (2 * np.asarray(pi)[:, 0] - 1)[:, inside(on, "territory")]
    np.testing.assert_allclose(moved, expected, atol=1e-15)
    assert (moved > 0).any()
    assert (moved < 0).any()


def test_without_pace_the_line_stands_still():
    on, front = grid(), law("front", pace=0.0)
    step = only(front.in_war(on, front.superiority(on)))
    assert not np.asarray(step.up).any()
    assert not np.asarray(step.down).any()
