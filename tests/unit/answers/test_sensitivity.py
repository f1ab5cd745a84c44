"""Sensitivities are what solving again at the ends of a range says."""

from __future__ import annotations

import polars as pl
import pytest

from outlast.answers.sensitivity import sensitivity
from outlast.answers.tabulate import short_tables
from outlast.game import compile
from outlast.solving import Solution, solve

MOVED = ("mechanisms.front.pace", "belief.staller")


@pytest.fixture(scope="module")
def table(small: Solution) -> pl.DataFrame:
    return sensitivity(small, paths=MOVED)


def test_every_headline_has_a_row_for_every_number(small: Solution, table: pl.DataFrame):
    numbers, heads = small.game.scenario.numbers(), short_tables(small)["headlines"]
    assert table.height == len(heads) * len(numbers)
    assert set(table["headline"]) == set(heads["key"])
    assert set(table["path"]) == set(numbers)


def test_effects_are_the_change_of_the_answer_at_each_end(small: Solution, table: pl.DataFrame):
    scenario, path = small.game.scenario, MOVED[0]
    number = scenario.numbers()[path]
    before = short_tables(small)["headlines"]
    for end, value in (("low", number.low), ("high", number.high)):
        assert value is not None
        moved = scenario.with_values({path: value})
        game = compile(moved, resolution=small.game.resolution, months=small.game.shape.months)
        after = short_tables(solve(game))["headlines"]
        change = dict(zip(before["key"], after["value"] - before["value"], strict=True))
        found = table.filter(pl.col("path") == path)
        for row in found.to_dicts():
            assert row[f"effect_{end}"] == pytest.approx(change[row["headline"]], abs=1e-9)


def test_the_effect_is_from_low_to_high_and_the_largest_comes_first(table: pl.DataFrame):
    moved = table.drop_nulls("effect")
    assert set(moved["path"]) == set(MOVED)
    assert (moved["effect"] - (moved["effect_high"] - moved["effect_low"])).abs().max() == pytest.approx(0, abs=1e-15)
    assert moved["effect"].abs().max() > 1e-3
    for _, rows in table.group_by("headline", maintain_order=True):
        sizes = rows["effect"].abs().to_list()
        given = [size for size in sizes if size is not None]
        assert given == sorted(given, reverse=True)
        assert sizes[: len(given)] == given


def test_a_number_of_a_mechanism_that_is_off_moves_nothing_and_is_not_solved_for(small: Solution):
    scenario = small.game.scenario.neutralised("home_front")
    game = compile(scenario, resolution="coarse", months=small.game.shape.months)
    asked: list[int] = []
    paths = ("mechanisms.home_front.exposure",)
    table = sensitivity(solve(game), paths=paths, progress=lambda stage, done, total: asked.append(total))
    found = table.filter(pl.col("path") == paths[0])
    assert (found["effect"] == 0).all()
    assert asked == [0]
