"""The certificate is a second computation's, says how much it looked at, and does not take the solver's word."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest

from outlast.answers.certificate import certificate, proof, second_computation, trust
from outlast.answers.standpoint import Standpoint
from outlast.solving import Solution, solve
from outlast.verify import LIMITS


@pytest.fixture(scope="module")
def table(small: Solution):
    return certificate(Standpoint(small))


def test_rows_of_the_second_computation_come_first_and_say_what_was_checked(table, small: Solution):
    second = second_computation(small)
    rows = table.to_dicts()
    assert [row["quantity"] for row in rows] == [*LIMITS, "own_bayes", "own_residual", "own_leak"]
    for row in rows[: len(LIMITS)]:
        assert row["value"] == second.worst(row["quantity"])[0]
        assert (row["checks"], row["of"]) == (second.checks, second.of)
    assert [row["checks"] for row in rows[len(LIMITS) :]] == [None] * 3
    assert table["passed"].all()
    assert f"made {second.checks:,} of {second.of:,} checks ({second.sample.extent})" in trust(table)


def test_first_months_and_the_last_are_checked(small: Solution):
    assert {0, 1, small.game.shape.months - 1} <= set(second_computation(small).months)
    assert {0, 1, small.game.shape.months - 1} <= set(second_computation(small, aside=True).months)


def test_months_after_those_that_are_kept_are_checked_as_well(small: Solution):
    short = solve(small.game, window=6)
    months = small.game.shape.months
    assert short.checkable == [0, 1, 2, 3, 4, int(0.8 * months), months - 1]
    found = second_computation(short)
    assert {int(0.8 * months), months - 1} <= set(found.months)
    assert found.trusted, found.trust


@pytest.mark.parametrize("name", ["war", "peace"])
def test_a_solver_that_vouches_for_wrong_values_is_found_out(small: Solution, name: str):
    kept = small.calendar.kept
    values = {station: value.copy() for station, value in kept.values.items()}
    values[name][1] += 1e-3
    calendar = small.calendar._replace(kept=kept._replace(values=values))
    wrong = dataclasses.replace(small, calendar=calendar)
    assert wrong.trusted, "the solver's own evidence was not touched"
    found = certificate(Standpoint(wrong))
    failed = found.filter(~found["passed"])["quantity"].to_list()
    assert failed == ["residual"]
    assert "Do not rely on these answers: Equilibrium residual above the limit." in trust(found)
    assert not proof(Standpoint(wrong), aside=True).trusted


def test_a_solver_that_owns_to_an_error_is_believed(small: Solution):
    evidence = small.calendar.evidence._replace(bayes=0.01)
    own = dataclasses.replace(small, calendar=small.calendar._replace(evidence=evidence))
    found = certificate(Standpoint(own))
    assert found.filter(~found["passed"])["quantity"].to_list() == ["own_bayes"]


def test_what_is_not_a_number_is_not_passed(small: Solution):
    evidence = small.calendar.evidence._replace(bayes=np.nan)
    own = dataclasses.replace(small, calendar=small.calendar._replace(evidence=evidence))
    assert not certificate(Standpoint(own))["passed"].all()
