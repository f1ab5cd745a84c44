"""What the page says where an answer lies outside the range of its draws."""

from __future__ import annotations

import polars as pl

from outlast.answers.grid import grid_sentence, on_draws_grid


def headlines(value: float, coarse: float | None) -> pl.DataFrame:
    row = {"key": "attend", "label": "Attends", "unit": "chance", "value": value, "low": 0.5, "high": 0.8}
    other = {} if coarse is None else {"attend": coarse}
    return on_draws_grid(pl.DataFrame([row]), other)


def test_an_answer_outside_its_range_is_said_with_the_one_on_the_draws_grid():
    said = grid_sentence(headlines(0.87, 0.63))
    assert "1 of 1 headline numbers" in said
    assert "Attends, 63% against 87%" in said


def test_an_answer_outside_its_range_on_either_grid_is_an_extreme_case():
    said = grid_sentence(headlines(0.87, 0.88))
    assert "not typical of the draws" in said
    assert said.endswith("in: Attends.")
    assert "The grid moves" not in said


def test_nothing_is_said_inside_the_range():
    assert grid_sentence(headlines(0.7, 0.63)) == ""
    assert grid_sentence(headlines(0.803, 0.63)) == ""


def test_nothing_is_said_without_draws():
    bare = headlines(0.87, None).with_columns(pl.lit(None, dtype=pl.Float64).alias("low"))
    assert grid_sentence(bare) == ""
