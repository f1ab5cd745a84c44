"""Printed figures and closed forms that the explicit solver must reach: a centipede and a war of attrition.

Sources: the centipede of McKelvey & Palfrey (Experimental Economics 1, 1998) with the payoffs of their 1992 paper; the
alternate-move war of attrition with logit choices, whose symmetric branch is one equation in one unknown.
"""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from explicit_samples import PITCHFORK, attrition, centipede
from scipy.optimize import brentq

from outlast.game.explicit import end, explicit_game, state
from outlast.solving.explicit import solve_explicit
from outlast.solving.stationary import NoisePath

CENTIPEDE = {
    1: ((0.29625657, 0.27798029, 0.46488365, 0.83201839), (1.008870, 1.077619)),
    2: ((0.23619297, 0.37629874, 0.76157682, 0.96083428), (0.848227, 0.755021)),
    5: ((0.49270422, 0.85143611, 0.98184719, 0.99966465), (0.402961, 0.428791)),
}
"""By precision: chance of taking at each node; values at the first."""

SYMMETRIC = {
    1: 0.3590920965,
    2: 0.3207707305,
    5: 0.2889279768,
    10: 0.2765121368,
    20: 0.2699517161,
    50: 0.2659032123,
    100: 0.2645351601,
}
"""By precision: chance of quitting on the symmetric branch, prize 4, cost 1, discount 0.95."""
PRINCIPAL = {1: (0.03643141, 0.75034919), 2: (0.00074756, 0.89960603), 5: (7.5e-9, 0.99350045)}
"""By precision: chances of quitting on the principal branch with prizes 5 and 4."""
PRINCIPAL_VALUES = {1: (3.155892, -0.105764), 2: (3.596281, -0.101503), 5: (3.741072, -0.006211)}


@pytest.mark.parametrize("precision", CENTIPEDE)
def test_centipede(precision: int):
    solution = solve_explicit(centipede(precision))
    takes, values = CENTIPEDE[precision]
    assert solution.trusted
    assert [solution.chance(f"node {i}", "take") for i in range(4)] == pytest.approx(takes, abs=1e-8)
    assert [solution.value("node 0", player) for player in "AB"] == pytest.approx(values, abs=1e-6)


def test_centipede_under_the_other_convention_is_another_game():
    """The two conventions agree at the last nodes and nowhere before: the figures name theirs."""
    solution = solve_explicit(centipede(1), convention="logsumexp")
    takes, _ = CENTIPEDE[1]
    found = [solution.chance(f"node {i}", "take") for i in range(4)]
    assert found[2:] == pytest.approx(takes[2:], abs=1e-8), "they differ in the mover's own value alone"
    assert abs(found[0] - takes[0]) > 0.1


@pytest.mark.parametrize(("convention", "value"), [("expectation", 0.7310585786), ("logsumexp", 1.3132616875)])
def test_one_decision_under_both_conventions(convention: str, value: float):
    game = explicit_game(
        state("choose", mover="one").action("a", to="end").action("b", to="end", pays={"one": 1}),
        end("end"),
        players=("one",),
    )
    solution = solve_explicit(game, convention=convention)
    assert solution.chance("choose", "b") == pytest.approx(0.7310585786, abs=1e-10)
    assert solution.value("choose", "one") == pytest.approx(value, abs=1e-10)


def test_unknown_convention_is_refused():
    with pytest.raises(ValueError, match="'expectation' or 'logsumexp'"):
        solve_explicit(centipede(1), convention="entropy")


def symmetric_quit(precision: float) -> float:
    """The symmetric branch by a root in one unknown, which shares nothing with the solver."""

    def gap(q: float) -> float:
        stay = (-1 + 0.95 * q * 4) / (1 - 0.95**2 * (1 - q) ** 2)
        return np.log(q / (1 - q)) + precision * stay

    return brentq(gap, 1e-9, 1 - 1e-9, xtol=1e-14, rtol=1e-14)


@pytest.mark.parametrize("precision", SYMMETRIC)
def test_symmetric_branch_of_the_war_of_attrition(precision: int):
    solution = solve_explicit(attrition(precision))
    assert solution.trusted, solution.outcome
    assert SYMMETRIC[precision] == pytest.approx(symmetric_quit(precision), abs=1e-9)
    for at in ("first", "second"):
        assert solution.chance(at, "quit") == pytest.approx(SYMMETRIC[precision], abs=1e-8)


def test_pitchfork_is_found_and_said():
    solution = solve_explicit(attrition(2), watch=1e-9)
    assert solution.stationary is not None
    ((high, low),) = solution.stationary.crossings
    assert 2 / high == pytest.approx(PITCHFORK, abs=2e-8)
    assert 2 / low == pytest.approx(PITCHFORK, abs=2e-8)
    assert "other branches meet this one" in " ".join(solution.warnings)


def test_no_pitchfork_is_claimed_before_it():
    solution = solve_explicit(attrition(0.72))
    assert solution.trusted
    assert solution.warnings == ()


@pytest.mark.parametrize("precision", PRINCIPAL)
def test_principal_branch_of_the_asymmetric_war(precision: int):
    solution = solve_explicit(attrition(precision, (5, 4)))
    assert solution.trusted, solution.outcome
    assert solution.warnings == ()
    first, second = PRINCIPAL[precision]
    assert solution.chance("first", "quit") == pytest.approx(first, abs=1e-8)
    assert solution.chance("second", "quit") == pytest.approx(second, abs=1e-8)
    values = [solution.value("first", player) for player in ("one", "two")]
    assert values == pytest.approx(PRINCIPAL_VALUES[precision], abs=1e-6)


def test_steps_too_long_for_the_branch_are_noticed():
    """Steps of three logarithms jump to another branch here; the jump is seen and the branch followed again."""
    long = NoisePath(start=100, first=3, longest=3)
    solution = solve_explicit(attrition(1, (5, 4)), path=long)
    assert solution.trusted, solution.outcome
    assert solution.chance("first", "quit") == pytest.approx(PRINCIPAL[1][0], abs=1e-8)


@pytest.mark.parametrize("precision", [20, 100])
def test_plain_iteration_cycles_where_the_branch_is_followed(precision: int):
    """Iterating the map swings between two profiles for ever; the solver reaches the fixed point between them."""
    game = attrition(precision)
    swings = [solve_explicit(game, moves=moves).values[:, 0] for moves in (400, 401, 402, 403)]
    assert max(float(np.abs(a - b).max()) for a, b in pairwise(swings)) > 0.1
    assert solve_explicit(game).trusted


def test_a_path_with_too_few_points_says_so():
    solution = solve_explicit(attrition(100), path=NoisePath(start=1e4, most=3))
    assert not solution.trusted
    assert "3 points did not reach the noise asked for" in solution.outcome
    assert solution.stationary is not None
    assert solution.stationary.scale > 1
    assert solution.residual < 1e-8, "what is returned is an equilibrium of the noisier game, and says of which"


def test_a_path_that_cannot_be_is_refused():
    with pytest.raises(ValueError, match="scale of at least 1"):
        NoisePath(start=0.5)
    with pytest.raises(ValueError, match="rise from shortest"):
        NoisePath(first=2, longest=1)
