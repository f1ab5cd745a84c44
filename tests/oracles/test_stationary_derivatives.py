"""Derivatives through stationary solutions against finite differences of the solver, and by two linear methods."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from outlast.gallery.attrition import PITCHFORK, game
from outlast.game.explicit import ExplicitGame
from outlast.solving.adjoint.stationary import NoDerivative, explicit_derivatives
from outlast.solving.explicit import ExplicitSolution, solve_explicit
from outlast.solving.newton import Method

STEP = 1e-5
UNEQUAL = (5.0, 4.0)


def solved(built: ExplicitGame) -> ExplicitSolution:
    return solve_explicit(built, watch=None)


@pytest.fixture(scope="module")
def solution() -> ExplicitSolution:
    return solved(game(1.0, UNEQUAL))


def difference(solution: ExplicitSolution, name: str, place: tuple[int, ...]) -> ExplicitSolution:
    """Return values and chances as differences over a number that moves, in the place of those of a solution."""
    ends = []
    for sign in (1, -1):
        numbers = np.array(getattr(solution.game, name), dtype=float)
        numbers[place] += sign * STEP
        ends.append(solved(replace(solution.game, **{name: numbers})))
    values, chances = ((getattr(ends[0], part) - getattr(ends[1], part)) / (2 * STEP) for part in ("values", "chances"))
    return replace(solution, values=values, chances=chances)


@pytest.mark.parametrize(
    ("name", "state"),
    [("pay", None), ("noise", "first"), ("noise", "second"), ("discount", "first"), ("value", "over")],
)
def test_derivatives_equal_finite_differences(solution: ExplicitSolution, name: str, state: str | None):
    built = solution.game
    row = built.row_index("second", "quit")
    place = {
        "pay": (0, row),
        "noise": (built.state_index(state or "first"),),
        "discount": (1, built.state_index(state or "first")),
        "value": (1, built.state_index("over")),
    }[name]
    moved = difference(solution, name, place)
    for answer in ("value", "chance"):
        weights = np.zeros(solution.values.shape if answer == "value" else len(solution.chances))
        at = (0, built.state_index("first")) if answer == "value" else (built.row_index("first", "quit"),)
        weights[at] = 1.0
        found = explicit_derivatives(solution, **{answer: weights})
        expected = (moved.values if answer == "value" else moved.chances)[at]
        assert getattr(found, name)[place] == pytest.approx(expected, rel=1e-5, abs=1e-7)
        assert abs(expected) > 1e-4


def test_elimination_and_iteration_give_the_same_derivatives(solution: ExplicitSolution):
    weights = np.arange(solution.values.size, dtype=float).reshape(solution.values.shape)
    one = explicit_derivatives(solution, value=weights)
    two = explicit_derivatives(solution, value=weights, method=Method(eliminate=0))
    np.testing.assert_allclose(two.pay, one.pay, rtol=1e-7, atol=1e-9)
    np.testing.assert_allclose(two.noise, one.noise, rtol=1e-7, atol=1e-9)


def test_there_is_no_derivative_where_branches_meet():
    at = solved(game(PITCHFORK))
    weights = np.zeros(len(at.chances))
    weights[at.game.row_index("first", "quit")] = 1.0
    chance = explicit_derivatives(solved(game(0.6)), chance=weights)
    assert np.abs(chance.pay).max() < 10
    try:
        near = explicit_derivatives(at, chance=weights)
    except NoDerivative:
        return
    assert np.abs(near.pay).max() > 1e4


def test_a_step_that_iterates_is_refused(solution: ExplicitSolution):
    with pytest.raises(ValueError, match="iterates inside"):
        explicit_derivatives(solution, value=np.ones(solution.values.shape), method=Method(exact=False))
