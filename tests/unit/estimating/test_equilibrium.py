"""Derivatives of a signalling likelihood along its equilibrium, and the rules that choose one."""

from __future__ import annotations

import numpy as np
import pytest

from outlast.estimating.equilibrium import equilibrium_of, totals
from outlast.estimating.nested import FOLD, distance_to_fold
from outlast.estimating.precision import precise

GAMES = np.array(
    [
        [0.2, 1.0, -0.4, -1.2, -0.5, -1.0, 0.3],
        [0.0, 1.0, 0.0, -1.9, -2.8, -1.2, 1.0],
        [-0.3, 0.7, -0.8, -1.0, -0.2, -1.4, 0.0],
    ]
)
COUNTS = np.array([[3.0, 2, 1, 1], [5, 0, 2, 4], [0, 3, 3, 0]])


def at(games: np.ndarray, rule: str = "lowest", near: np.ndarray | None = None):
    with precise():
        equilibrium = equilibrium_of(games, COUNTS, rule, near)
        return equilibrium, totals(equilibrium)


@pytest.mark.parametrize("rule", ["lowest", "highest", "likeliest"])
def test_derivatives_along_the_equilibrium_agree_with_differences(rule: str):
    equilibrium, (_, gradient, hessian) = at(GAMES, rule)
    step = 1e-6
    for j in range(7):
        shift = step * np.eye(7)[j]
        up = at(GAMES + shift, "nearest", equilibrium.index)[1]
        down = at(GAMES - shift, "nearest", equilibrium.index)[1]
        assert gradient[:, j] == pytest.approx((up[0] - down[0]) / (2 * step), rel=1e-5, abs=1e-6)
        assert hessian[:, j] == pytest.approx((up[1] - down[1]) / (2 * step), rel=1e-4, abs=1e-3)


def test_rules_choose_among_the_same_roots():
    low, high, likely = (at(GAMES, rule)[0] for rule in ("lowest", "highest", "likeliest"))
    assert low.roots.count.tolist() == [1, 3, 1]
    assert low.index[1] == low.roots.index[1, 0]
    assert high.index[1] == high.roots.index[1, 2]
    every = [at(GAMES, "nearest", np.nan_to_num(low.roots.index[:, place]))[0].parts.value[1] for place in range(3)]
    assert likely.parts.value[1] == pytest.approx(max(every))


def test_distance_to_a_fold_is_small_where_two_equilibria_meet():
    """At W_B = -2.9157 the upper pair of the second game is about to vanish."""
    games = np.repeat(GAMES[1:2], 3, axis=0)
    games[:, 4] = [-2.8, -2.9, -2.9157]
    distance = distance_to_fold(at(games, "highest")[0])
    assert (np.diff(distance[:2]) < 0).all()
    assert distance[0] > FOLD
