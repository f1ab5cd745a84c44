"""Sampled paths agree with the exact distributions, and each is a story that the rules allow."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest

from outlast.answers.paths import levels_of, marginals, phases
from outlast.answers.samples import PATHS, samples
from outlast.answers.standpoint import Standpoint

COUNT = 2000
SIGMAS = 5.0
"""Some 600 frequencies are compared: five standard errors leave a false alarm in a thousand runs."""


@pytest.fixture(scope="module")
def sampled(small_view: Standpoint) -> pl.DataFrame:
    return samples(small_view, paths=COUNT, seed=7)


def frequencies(sampled: pl.DataFrame, column: str, value: object) -> np.ndarray:
    """Share of paths by month in which a column has a value."""
    return sampled.group_by("month").agg((pl.col(column) == value).mean()).sort("month")[column].to_numpy()


def assert_close(found: np.ndarray, exact: np.ndarray):
    """Compare frequencies within Monte Carlo error; three paths where the chance is next to nothing."""
    error = np.sqrt(np.clip(exact * (1 - exact), 0, None) / COUNT)
    assert (np.abs(found - exact) <= SIGMAS * error + 3 / COUNT).all()


@pytest.mark.parametrize("phase", ["war", "peace", "imposed"])
def test_phases_are_as_frequent_as_they_are_likely(phase: str, sampled: pl.DataFrame, small_view: Standpoint):
    assert_close(frequencies(sampled, "phase", phase), phases(small_view)[phase].to_numpy())


@pytest.mark.parametrize("stock", ["territory", "forces", "endurance", "patience", "belief"])
def test_levels_are_as_frequent_as_they_are_likely(stock: str, sampled: pl.DataFrame, small_view: Standpoint):
    exact = marginals(small_view)[stock]
    for place, level in enumerate(levels_of(small_view)[stock]):
        assert_close(frequencies(sampled, stock, level), exact[:, place])


def test_types_differ_as_the_exact_runs_do(sampled: pl.DataFrame, small_view: Standpoint):
    for name, path in zip(("settler", "staller"), small_view.free, strict=True):
        mine = sampled.filter(pl.col("type") == name)
        found = frequencies(mine, "phase", "peace")
        exact = path.begun["peace"].sum(axis=(1, 2, 3))
        error = np.sqrt(exact * (1 - exact) / (mine["path"].n_unique()))
        assert (np.abs(found - exact) <= SIGMAS * error + 5 / COUNT).all()


def test_belief_is_right_on_average(sampled: pl.DataFrame):
    """Among paths at belief b, a share b are stallers: beliefs are a martingale."""
    last = sampled.filter(pl.col("month") == pl.col("month").max())
    for (belief,), group in last.group_by("belief"):
        share = (group["type"] == "staller").mean()
        assert abs(share - belief) <= SIGMAS * np.sqrt(belief * (1 - belief) / group.height) + 1e-12


def test_paths_are_whole_stories(sampled: pl.DataFrame, small_view: Standpoint):
    assert sampled.height == COUNT * (small_view.months + 1)
    assert sampled["path"].n_unique() == COUNT
    assert sampled.filter((pl.col("phase") == "peace") != pl.col("package").is_not_null()).is_empty()
    assert set(sampled["package"].drop_nulls()) <= set(small_view.game.labels.packages)
    assert sampled.group_by("path").agg(pl.col("type").n_unique()).filter(pl.col("type") > 1).is_empty()
    ended = sampled.with_columns((pl.col("phase") == "imposed").alias("over"))
    after = ended.group_by("path", maintain_order=True).agg(pl.col("over").cast(pl.Int8).diff().min().alias("back"))
    assert after["back"].min() == 0, "an imposed end is for ever"


def test_seed_decides(small_view: Standpoint):
    first, same, other = (samples(small_view, paths=20, seed=seed) for seed in (1, 1, 2))
    assert first.equals(same)
    assert not first.equals(other)


def test_report_has_a_few(small_answers):
    assert small_answers.tables["samples"]["path"].n_unique() == PATHS
