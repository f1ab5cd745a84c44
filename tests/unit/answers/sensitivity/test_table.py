"""What the table of sensitivities says beside the derivatives themselves."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest

from outlast.answers.sensitivity import sensitivity
from outlast.answers.sensitivity.columns import SMOOTH
from outlast.answers.sensitivity.table import _by_path, agree
from outlast.game import compile
from outlast.solving import Solution


@pytest.fixture(scope="module")
def table(small: Solution) -> pl.DataFrame:
    return sensitivity(small, resolved=1)


def test_every_headline_with_a_derivative_has_a_row_for_every_number(small: Solution, table: pl.DataFrame):
    numbers = small.game.scenario.numbers()
    assert table.height == len(SMOOTH) * len(numbers)
    assert set(table["headline"]) == set(SMOOTH)
    assert set(table["path"]) == set(numbers)


def test_effects_are_the_derivative_times_the_range(table: pl.DataFrame):
    ranged = table.filter(pl.col("low").is_not_null())
    np.testing.assert_allclose(ranged["effect"], ranged["derivative"] * (ranged["high"] - ranged["low"]))
    np.testing.assert_allclose(ranged["effect"], ranged["effect_high"] - ranged["effect_low"], atol=1e-12)
    assert table.filter(pl.col("low").is_null())["effect"].null_count() == table["low"].null_count()


def test_the_largest_effect_comes_first_within_each_headline(table: pl.DataFrame):
    for _, rows in table.group_by("headline", maintain_order=True):
        sizes = rows["effect"].abs().drop_nulls().to_list()
        assert sizes == sorted(sizes, reverse=True)


def test_one_number_is_solved_again_for_all_headlines(table: pl.DataFrame):
    again = table.filter(pl.col("resolved_low").is_not_null())
    assert again["path"].n_unique() == 1
    assert again.height == len(SMOOTH)
    assert again["agrees"].null_count() == 0
    first = table.group_by("headline", maintain_order=True).first()
    assert again["path"][0] in set(first["path"])
    assert (again["resolved_high"] - again["resolved_low"]).abs().max() > 1e-3


def test_a_number_of_a_mechanism_that_is_off_moves_nothing_and_its_stand_in_takes_its_place(small: Solution):
    scenario = small.game.scenario.neutralised("home_front")
    game = compile(scenario, resolution="coarse", months=12)
    off = Solution(game, small.calendar, "expectation", 0.0)
    found = np.ones((len(SMOOTH), len(game.shape.slots)))
    paths = _by_path(off, found)
    assert (paths["mechanisms.home_front.exposure"] == 0).all()
    assert (paths["mechanisms.home_front.casualty_weight.staller"] == 0).all()
    assert (paths["mechanisms.home_front.democratic_casualty_weight"] == 2).all()
    assert (paths["mechanisms.front.pace"] == 1).all()


@pytest.mark.parametrize(
    ("derived", "resolved", "same"),
    [(0.1, 0.15, True), (0.1, 0.25, False), (0.1, -0.1, False), (0.0004, -0.0006, True), (0.0, 0.2, False)],
)
def test_two_effects_agree_in_sign_and_rough_size(derived: float, resolved: float, same: bool):
    assert agree(derived, resolved) is same
