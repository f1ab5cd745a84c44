"""The checks that solve again compare like with like."""

from __future__ import annotations

import polars as pl
import pytest

from outlast.answers import Answers
from outlast.answers.checks import EARLY_HEADLINES, grid_check, horizon_check
from outlast.solving import Solution

COLUMNS = ["key", "label", "unit", "value", "other", "difference", "change"]


@pytest.mark.slow
def test_longer_horizon_is_solved_and_compared(small: Solution, small_answers: Answers):
    found = horizon_check(small)
    assert found.columns == COLUMNS
    assert found["key"].to_list() == [*EARLY_HEADLINES, "peace_early", "imposed_early"]
    assert found["change"].unique().to_list() == ["horizon of 30 months instead of 24"]
    heads = dict(small_answers.tables["headlines"].select("key", "value").iter_rows())
    assert {key: heads[key] for key in EARLY_HEADLINES} == pytest.approx(
        dict(found.filter(pl.col("key").is_in(EARLY_HEADLINES)).select("key", "value").iter_rows())
    )
    assert (found["difference"] - (found["other"] - found["value"])).abs().max() == 0
    assert found["difference"].abs().max() > 1e-6, "a calendar of two years ends too early not to be felt"
    assert found.filter(pl.col("unit") == "chance")["other"].is_between(0, 1).all()


def test_the_same_grid_moves_nothing(small: Solution):
    found = grid_check(small, resolution="coarse")
    assert found.columns == COLUMNS
    assert found["change"].unique().to_list() == ["coarse resolution instead of coarse"]
    assert found["difference"].abs().max() == 0
    assert "zone" in found["key"].to_list()


def test_checks_join_the_answers(small_answers: Answers):
    made = pl.DataFrame({"key": ["a"]})
    joined = small_answers.with_tables({"grid_check": made})
    assert joined.tables["grid_check"] is made
    assert "grid_check" not in small_answers.tables
    assert joined.record == small_answers.record
    assert joined.trusted == small_answers.trusted
