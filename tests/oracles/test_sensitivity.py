"""Derivatives of the headline answers against finite differences, and against themselves in less memory.

The calendar solution is smooth in pieces: a node may follow another equilibrium beyond some value of a number, and
values are read linearly between levels. A difference across such a place says nothing about the derivative at the
point; so each number is tried with two steps, and one of them has to agree.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from outlast.answers.sensitivity import derivatives
from outlast.answers.sensitivity.columns import SMOOTH, Headlines
from outlast.answers.standpoint import Standpoint
from outlast.answers.tabulate import short_tables
from outlast.solving import Solution, solve
from outlast.solving.adjoint.tape import SolutionTape
from outlast.solving.adjoint.walk import walk
from outlast.solving.solution import precise

STEPS = (1e-6, 1e-5)
"""Steps of differences, as shares of the number."""
TOLERANCE = 2e-3
"""Largest disagreement, as a share of the largest derivative with respect to the number or of one per cent."""
NUMBERS = (
    "noise.challenger.answer",
    "noise.patron.posture",
    "recognition.challenger",
    "payoffs.sustain_cost",
    "belief.staller",
    "stocks.endurance.start",
    "mechanisms.front.pace",
    "mechanisms.styles.patron_discount",
    "mechanisms.aspiration.audience_cost.staller",
    "mechanisms.resumption.attack_cost",
    "mechanisms.guarantees.renege_patience.soft",
    "mechanisms.guarantees.honour_cost",
)
"""At least one for every kind of layer and every kind of number in it."""


@pytest.fixture(scope="module")
def found(small: Solution) -> np.ndarray:
    return derivatives(small)


def answers_at(solution: Solution, values: np.ndarray) -> np.ndarray:
    heads = short_tables(solve(solution.game.with_values(values)))["headlines"]
    by_key = dict(zip(heads["key"], heads["value"], strict=True))
    return np.array([by_key[key] for key in SMOOTH])


@pytest.mark.slow
@pytest.mark.parametrize("number", NUMBERS)
def test_derivatives_equal_finite_differences(small: Solution, found: np.ndarray, number: str):
    values = np.asarray(small.game.inputs.values, dtype=float)
    place = small.game.shape.slot(number)
    own = found[:, place]
    errors = []
    for share in STEPS:
        step = share * max(abs(values[place]), 0.01)
        ends = []
        for sign in (1, -1):
            moved = values.copy()
            moved[place] += sign * step
            ends.append(answers_at(small, moved))
        difference = (ends[0] - ends[1]) / (2 * step)
        errors.append(np.abs(difference - own).max() / max(np.abs(difference).max(), 0.01))
        if errors[-1] <= TOLERANCE:
            break
    assert min(errors) <= TOLERANCE, f"{number}: {errors}"


def test_something_moves_every_headline(found: np.ndarray):
    assert (np.abs(found).max(axis=1) > 1e-3).all()
    assert np.isfinite(found).all()


def walked(solution: Solution, limit: int) -> np.ndarray:
    view = Standpoint(solution)
    with precise():
        tape = SolutionTape(solution, limit=limit)
        return walk(tape, solution.game.rules, view.inputs, Headlines(view, 0).columns()).derivatives


def test_memory_for_one_month_at_a_time_gives_the_same_derivatives(small: Solution):
    short = solve(small.game, window=10)
    whole = walked(short, 1 << 30)
    assert np.abs(whole).max() > 0.1
    for limit in (1, 3 * sum(part[0].nbytes for part in short.values.values())):
        np.testing.assert_allclose(walked(short, limit), whole, rtol=1e-4, atol=1e-6)


def test_another_value_convention_is_refused(small: Solution):
    other = replace(small, convention="logsumexp")
    with pytest.raises(ValueError, match="solve with expectation"):
        SolutionTape(other)
