"""Buffers hold until the next month is solved, and nobody reads one after that."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from outlast.answers.tabulate import short_tables
from outlast.solving import Solution, backward, solve
from outlast.solving.month import solve_month


@pytest.fixture
def spoilt(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever was lent for a month is no number once the next month begins."""

    def spoiling(month: Any, later: Any, starts: Any, space: Any, played: Any = None) -> Any:
        for array in space._lent.values():
            array.fill(np.nan)
        space._blank.clear()
        return solve_month(month, later, starts, space, played)

    monkeypatch.setattr(backward, "solve_month", spoiling)


def test_a_solve_and_its_answers_read_nothing_that_was_given_back(small: Solution, spoilt: None):
    fresh = solve(small.game)
    for station, values in small.values.items():
        np.testing.assert_array_equal(fresh.values[station], values)
    usual, found = short_tables(small), short_tables(fresh)
    for name, table in usual.items():
        assert table.equals(found[name]), name
