"""The crisis-signalling game: published equilibria, their number, and the game played out with drawn types."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.special import ndtr
from scipy.stats import multivariate_normal

from outlast.estimating import CasesError, equilibria
from outlast.estimating.precision import precise
from outlast.estimating.roots import all_roots

FIRST = {"V_A": 1, "V_B": 1, "a": -1.2, "W_A": -1.9}
SECOND = {"V_A": 1, "V_B": 1, "a": -1.2, "W_A": -1.8}
MOVES = ("p_resist", "p_challenge", "p_firm")
ENDS = ("p_SQ", "p_CD", "p_SF", "p_BD")
ONE = [
    [0.296451824, 0.961725108, 0.306244292, 0.038275, 0.676620, 0.087312, 0.197793],
    [0.472423231, 0.582384657, 0.268037579, 0.417615, 0.307253, 0.073746, 0.201386],
    [0.874031428, 0.179311401, 0.202197609, 0.820689, 0.022588, 0.031689, 0.125035],
]
"""Equilibria of the Monte Carlo game of Crisman-Cox & Gibilisco (2019) at x = 1, the second one recomputed."""


def resists(x: float, utilities: dict[str, float], base: float) -> list[float]:
    return equilibria({**utilities, "W_B": base + 0.1 * x})["p_resist"].to_list()


def test_three_equilibria_with_the_printed_digits():
    table = equilibria({**FIRST, "W_B": -2.8})
    assert table["equilibrium"].to_list() == [1, 2, 3]
    assert table.select(MOVES).to_numpy() == pytest.approx(np.array(ONE)[:, :3], abs=1e-9)
    assert table.select(ENDS).to_numpy() == pytest.approx(np.array(ONE)[:, 3:], abs=6e-7)
    assert table.select(ENDS).to_numpy().sum(axis=1) == pytest.approx(1, abs=1e-12)


@pytest.mark.parametrize(
    ("x", "printed"),
    [(-1, [0.218622825]), (0, [0.251104616, 0.594722829, 0.813321720]), (2, [0.907855678])],
)
def test_number_of_equilibria_goes_from_one_to_three_and_back(x: float, printed: list[float]):
    assert resists(x, FIRST, -2.9) == pytest.approx(printed, abs=1e-9)


@pytest.mark.parametrize(("x", "printed"), [(0, 0.362704726), (0.5, 0.499099614), (1, 0.665379421)])
def test_unique_equilibrium(x: float, printed: float):
    assert resists(x, SECOND, -2.45) == pytest.approx([printed], abs=1e-9)


def test_a_starting_value_of_the_published_code_is_no_equilibrium():
    assert min(abs(p - 0.4715766) for p in resists(1, FIRST, -2.9)) > 5e-4


def test_published_points_are_equilibria_of_the_game_played_out():
    """Draw A's types, let each answer B's chance of resisting, and check B's threshold against those it would meet."""
    random = np.random.default_rng(3)
    firm, yielding = random.normal(size=(2, 2_000_000))
    for p_resist, p_challenge, p_firm, *_ in ONE:
        best = np.maximum(-1.9 + firm, -1.2 + yielding)
        challenges = p_resist * best + (1 - p_resist) * 1 > 0
        stands = -1.9 + firm > -1.2 + yielding
        assert challenges.mean() == pytest.approx(p_challenge, abs=2e-3)
        met = stands[challenges].mean()
        assert met == pytest.approx(p_firm, abs=3e-3)
        # B resists if p_F (W_B + e) + (1 - p_F) V_B > C_B.
        assert ndtr((met * -2.8 + (1 - met)) / met) == pytest.approx(p_resist, abs=2e-2)


def slow_imbalance(u: np.ndarray, p: np.ndarray) -> np.ndarray:
    """B's best reply less p, by SciPy and the textbook formulas."""
    s_a, v_a, c_b, w_a, w_b, a, v_b = u
    c = (s_a - (1 - p) * v_a) / p
    challenge = 1 - ndtr(c - w_a) * ndtr(c - a)
    law = multivariate_normal(cov=[[1, np.sqrt(0.5)], [np.sqrt(0.5), 1]])
    points = np.column_stack([np.full_like(p, (w_a - a) / np.sqrt(2)), w_a - c])
    firm = law.cdf(points) / challenge
    return ndtr((firm * w_b + (1 - firm) * v_b - c_b) / firm) - p


def test_every_equilibrium_of_random_games_is_found():
    """Against sign changes on a fine grid, where chances are moderate, so that the textbook formulas can be trusted."""
    random = np.random.default_rng(11)
    games = random.normal(size=(60, 7)) * 0.6 + np.array([0, 0.8, -0.3, -1.2, -1.5, -1.0, 0.6])
    games[:, 0] = np.minimum(games[:, 0], games[:, 1] - 0.1)  # else the textbook formulas lose p_F where p_C vanishes
    games[:8] = np.array([0, 1, 0, -1.9, -2.85, -1.2, 1]) + 0.03 * random.normal(size=(8, 7))
    grid = np.linspace(0.02, 0.98, 4001)
    with precise():
        roots = all_roots(games)
    seen = set()
    for u, index, count in zip(games, roots.index, roots.count, strict=True):
        value = slow_imbalance(u, grid)
        crossed = np.flatnonzero(np.sign(value[:-1]) != np.sign(value[1:]))
        ours = ndtr(index[:count])
        inside = ours[(ours > 0.02) & (ours < 0.98)]
        assert len(inside) == len(crossed)
        assert inside == pytest.approx((grid[crossed] + grid[crossed + 1]) / 2, abs=3e-4)
        seen.add(int(count))
    assert {1, 3} <= seen


def test_a_pair_of_equilibria_close_to_their_fold_is_found():
    """Between x = -1 and x = 0 a pair appears; just beyond its birth both are closer than the grid's step."""
    low, high = -1.0, 0.0
    for _ in range(40):
        middle = (low + high) / 2
        low, high = (middle, high) if len(resists(middle, FIRST, -2.9)) == 1 else (low, middle)
    born = resists(high, FIRST, -2.9)
    assert len(born) == 3
    assert born[2] - born[1] < 1e-3


def test_where_a_never_challenges_no_equilibrium_is_within_the_game():
    table = equilibria({"S_A": 1.0, "V_A": 0.0, "C_B": 1.0, "V_B": -1.0, "a": 0.5, "W_A": -0.5, "W_B": -2.0})
    assert table["equilibrium"].to_list() == [0]
    assert table["p_SQ"].item() == pytest.approx(1)


def test_relabelling_of_units_moves_nothing():
    """A constant added to all that a player compares changes no chance."""
    plain = equilibria({**FIRST, "W_B": -2.8})
    ours = equilibria({"S_A": 3, "V_A": 4, "W_A": 1.1, "a": 1.8, "C_B": -2, "W_B": -4.8, "V_B": -1})
    assert ours.select(ENDS).to_numpy() == pytest.approx(plain.select(ENDS).to_numpy(), abs=1e-9)


def test_unknown_utility_is_refused():
    with pytest.raises(CasesError, match="perhaps V_A"):
        equilibria({"v_a": 1.0})
