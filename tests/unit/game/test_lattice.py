"""How a stock's levels are laid, and the kernel between them: moments, ends, pieces, and a law in closed form."""

from __future__ import annotations

from itertools import pairwise
from math import erf, exp, inf, sqrt

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from outlast.game.grid import Grid
from outlast.game.lattice import MOST_PIECES, Motion, lay, matched, pieces

NEAR = 1e-9
GAPS = st.floats(0.01, 0.5)
SPREADS = st.floats(0.0, 0.3)
MEANS = st.floats(-0.2, 0.2)


def kernel(mean: float, spread: float, below: float, above: float) -> tuple[float, float, float]:
    """Return the chances up and down and the excess spread in one cell."""
    found = matched(np.array([mean]), spread, np.array([below]), np.array([above]))
    return tuple(float(each[0]) for each in found)  # type: ignore[return-value]


def moments(up: float, down: float, below: float, above: float) -> tuple[float, float]:
    mean = up * above - down * below
    return mean, up * above**2 + down * below**2 - mean**2


@settings(deadline=None)
@given(MEANS, SPREADS, GAPS, GAPS)
def test_chances_are_chances_and_the_mean_is_kept_wherever_it_can_be(mean, spread, below, above):
    up, down, _ = kernel(mean, spread, below, above)
    assert up >= 0
    assert down >= 0
    assert up + down <= 1 + NEAR
    found, _ = moments(up, down, below, above)
    assert found == pytest.approx(min(max(mean, -below), above), abs=NEAR)


@settings(deadline=None)
@given(MEANS, SPREADS, GAPS, GAPS, st.floats(0, 1))
def test_the_variance_is_exact_where_the_law_holds_and_the_nearest_there_is_elsewhere(
    mean, spread, below, above, share
):
    assume(-below < mean < above)
    up, down, excess = kernel(mean, spread, below, above)
    _, variance = moments(up, down, below, above)
    ahead = above if mean > 0 else below
    least = abs(mean) * (ahead - abs(mean))
    most = (above - mean) * (below + mean)
    assert variance == pytest.approx(min(max(spread**2, least), most), abs=NEAR)
    assert excess == pytest.approx(variance - spread**2, abs=NEAR)
    # Any other kernel on these three levels with that mean has a variance between the two.
    low = max(0.0, -mean / below)
    other_down = low + share * ((above - mean) / (above + below) - low)
    found, other = moments((mean + below * other_down) / above, other_down, below, above)
    assert found == pytest.approx(mean, abs=NEAR)
    assert least - NEAR <= other <= most + NEAR


@settings(deadline=None)
@given(st.floats(0.001, 0.1), st.floats(0.001, 0.1), st.floats(0, 1))
def test_a_gap_as_wide_as_the_law_allows_adds_the_share_that_was_allowed(drift, spread, share):
    gap = Motion(drift, spread).widest(share)
    assume(gap > drift)
    _, _, excess = kernel(drift, spread, gap, gap)
    wanted = share * spread**2
    assert excess <= wanted + NEAR
    assert Motion(drift, spread).excess(gap) == pytest.approx(share, abs=1e-6)
    if wanted > NEAR:
        assert kernel(drift, spread, 1.1 * gap, 1.1 * gap)[2] > wanted


def test_jumps_are_part_of_what_the_share_is_taken_of():
    assert Motion(0.01, 0.02, 0.0004).widest(0.1) == pytest.approx(0.01 + (0.0004 + 0.1 * 0.0008) / 0.01)
    assert Motion(0.0, 0.02).widest(0.0) == inf


@settings(deadline=None)
@given(GAPS, GAPS)
def test_without_drift_and_spread_nothing_moves(below, above):
    assert kernel(0.0, 0.0, below, above) == (0.0, 0.0, 0.0)


@settings(deadline=None)
@given(st.floats(0, 0.2), SPREADS, GAPS)
def test_an_end_keeps_the_mean_first_and_nothing_leaves_the_lattice(drift, spread, gap):
    up, down, _ = kernel(drift, spread, inf, gap)
    assert (up, down) == (pytest.approx(min(drift / gap, 1.0)), 0.0)
    up, down, _ = kernel(-drift, spread, gap, inf)
    assert (up, down) == (0.0, pytest.approx(min(drift / gap, 1.0)))
    assert kernel(-drift, spread, inf, gap)[:2] == (0.0, 0.0)
    assert kernel(drift, spread, gap, inf)[:2] == (0.0, 0.0)


def alone(levels: np.ndarray, spread: float, drift: float) -> Grid:
    """Return a grid on which endurance alone has levels, with the pieces that its law asks for."""
    one = np.array([1.0])
    return Grid((one, one, levels, one), one, None, (1, 1, pieces(levels, spread, drift), 1))


def month(levels: np.ndarray, *, rise: float, fall: float, spread: float) -> np.ndarray:
    """Return the level-to-level chances of a month; the lowest level is not left."""
    grid = alone(levels, spread, max(rise, fall))
    inner = (levels > levels[0]).astype(float)
    whole = np.eye(len(levels))
    for step in grid.move("endurance", rise=rise * inner, fall=fall * inner, spread=spread):
        assert step.stride == 1
        up, down = (np.where(inner > 0, np.broadcast_to(x, levels.shape), 0.0) for x in (step.up, step.down))
        whole = whole @ (np.diag(1 - up - down) + np.diag(up[:-1], 1) + np.diag(down[1:], -1))
    return whole


@settings(deadline=None)
@given(st.floats(0.02, 0.05), st.floats(0.011, 0.05), st.floats(-1, 1))
def test_pieces_compose_to_the_mean_and_the_variance_of_the_month(gap, spread, part):
    levels = gap * np.arange(2 * MOST_PIECES + 3)
    drift = part * spread**2 / (2 * gap)
    count = pieces(levels, spread, abs(drift))
    assume(count < MOST_PIECES)
    middle = len(levels) // 2
    chances = month(levels, rise=max(drift, 0.0), fall=max(-drift, 0.0), spread=spread)[middle]
    moved = levels - levels[middle]
    assert chances.min() >= 0
    assert chances.sum() == pytest.approx(1, abs=NEAR)
    assert chances @ moved == pytest.approx(drift, abs=NEAR)
    assert chances @ moved**2 - drift**2 == pytest.approx(spread**2, abs=NEAR)


def test_there_are_no_more_pieces_than_the_spread_needs():
    wide = np.array([0.0, 0.5, 1.0])
    assert pieces(wide, 0.1, 0.0) == 1
    assert pieces(wide, 0.0, 0.3) == 1
    assert pieces(np.array([0.0, 1.0]), 3.0, 0.0) == 1
    assert pieces(np.linspace(0, 1, 101), 0.02, 0.0) == 4
    assert pieces(np.linspace(0, 1, 1001), 0.02, 0.0) == MOST_PIECES


MARKS = st.lists(st.floats(0, 1), min_size=2, max_size=6, unique=True).map(sorted)


@settings(deadline=None)
@given(MARKS, st.floats(0.02, 0.6), st.floats(0.5, 1.0), st.floats(0, 1), st.floats(0.0, 0.3))
def test_every_mark_is_a_level_and_gaps_within_reach_are_no_wider_than_asked(marks, gap, narrower, place, half):
    assume(min(b - a for a, b in pairwise(marks)) > 1e-3)
    start = marks[0] + place * (marks[-1] - marks[0])
    reach = (start - half, start + half)
    levels = lay(marks, start, gap, reach)
    assert (np.diff(levels) > 0).all()
    assert {*marks, start} <= set(levels)
    assert (levels[0], levels[-1]) == (marks[0], marks[-1])
    for low, high in pairwise(levels):
        if reach[0] <= low and high <= reach[1]:
            assert high - low <= 1.02 * gap
    assert len(lay(marks, start, narrower * gap, reach)) >= len(levels)


def test_without_a_widest_gap_the_levels_are_the_marks_and_the_start():
    np.testing.assert_array_equal(lay([0.0, 0.4, 1.0], 0.6, inf, (0.0, 1.0)), [0.0, 0.4, 0.6, 1.0])


# ---------------------------------------------------------------- endurance of a long war, in closed form

SPREAD, START, MONTHS = 0.04, 0.6, 60
DRIFTS = {"sustained": (0.0040, 0.0051), "withheld": (0.0, 0.0061)}
"""Rise and fall at the start of `geneva`: fatigue .001 and losses .007 times a superiority of .59 and .74."""
FIVE = np.array([0.0, 0.25, 0.45, 0.6, 1.0])
LATTICES = {5: FIVE, 9: np.sort(np.concatenate([FIVE, (FIVE[1:] + FIVE[:-1]) / 2])), 41: np.linspace(0, 1, 41)}
MEASURED = {5: (0.084, 0.320), 9: (0.079, 0.318), 41: (0.079, 0.319)}
"""From another program, on the same levels."""


def spent(levels: np.ndarray, rise: float, fall: float) -> float:
    """Return the chance that endurance is spent within the months."""
    chances = np.linalg.matrix_power(month(levels, rise=rise, fall=fall, spread=SPREAD), MONTHS)
    return float(chances[int(np.abs(levels - START).argmin()), 0])


def first_passage(drift: float) -> float:
    """Return the chance that a Brownian motion with this drift has passed zero (inverse Gaussian law)."""
    normal = lambda x: (1 + erf(x / sqrt(2))) / 2  # noqa: E731
    scale = SPREAD * sqrt(MONTHS)
    back = exp(-2 * drift * START / SPREAD**2)
    return normal((-START - drift * MONTHS) / scale) + back * normal((-START + drift * MONTHS) / scale)


@pytest.mark.parametrize("support", DRIFTS)
@pytest.mark.parametrize("count", LATTICES)
def test_endurance_runs_out_as_often_whatever_the_lattice(count: int, support: str):
    rise, fall = DRIFTS[support]
    found = spent(LATTICES[count], rise, fall)
    assert found == pytest.approx(MEASURED[count][list(DRIFTS).index(support)], abs=0.004)
    assert found == pytest.approx(first_passage(rise - fall), abs=0.009 if count == 5 else 0.005)
