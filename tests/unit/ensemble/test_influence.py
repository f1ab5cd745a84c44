"""Influence is what closed forms say it is, and its disagreement with sensitivities is found."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pytest
from scipy.stats import qmc

from outlast.ensemble import EnsembleFault
from outlast.ensemble.influence import FEWEST, disagreement, influence


@dataclass(frozen=True)
class Drawn:
    """As much of an ensemble as influence looks at."""

    numbers: pl.DataFrame
    headlines: pl.DataFrame
    folder: Path = Path("drawn")


def drawn(count: int, **answers: Any) -> Any:
    share = qmc.Sobol(3, rng=4).random(count)
    angles = np.pi * (2 * share - 1)
    draw = pl.Series("draw", range(count))
    numbers = pl.DataFrame(angles, schema=["one", "two", "three"]).insert_column(0, draw)
    columns = {key: answer(*angles.T) for key, answer in answers.items()}
    return Drawn(numbers, pl.DataFrame(columns).insert_column(0, draw))


def ishigami(one: np.ndarray, two: np.ndarray, three: np.ndarray) -> np.ndarray:
    """Ishigami & Homma 1990, with a = 7 and b = 0.1."""
    return np.sin(one) + 7 * np.sin(two) ** 2 + 0.1 * three**4 * np.sin(one)


def test_first_order_indices_of_ishigami_are_the_closed_form():
    found = influence(drawn(1024, ishigami=ishigami))
    by_key = {row["key"]: row for row in found.to_dicts()}
    variance = 49 / 8 + 0.1 * np.pi**4 / 5 + 0.01 * np.pi**8 / 18 + 1 / 2
    exact = {"one": (1 + 0.1 * np.pi**4 / 5) ** 2 / 2 / variance, "two": 49 / 8 / variance, "three": 0.0}
    for key, index in exact.items():
        assert by_key[key]["first"] == pytest.approx(index, abs=0.03)
        assert by_key[key]["first_low"] <= index <= by_key[key]["first_high"]
    # The third number works only through the first: no share of its own, and yet it moves the distribution.
    assert by_key["three"]["pawn"] > by_key["three"]["floor"]


def test_a_number_that_does_nothing_stays_below_the_floor():
    row = {r["key"]: r for r in influence(drawn(512, plain=lambda one, two, three: one + 0 * two)).to_dicts()}
    assert row["one"]["first"] > 0.95
    assert abs(row["two"]["first"]) < 0.05
    assert row["two"]["pawn"] < 1.2 * row["two"]["floor"]
    assert row["one"]["pawn"] > 3 * row["one"]["floor"]


def test_draws_without_a_solution_are_left_out_and_a_constant_headline_too():
    def holed(one, two, three):
        return np.where(np.arange(len(one)) % 8 == 0, np.nan, one)

    found = influence(drawn(256, holed=holed, constant=lambda one, two, three: 0 * one + 2))
    assert set(found["headline"]) == {"holed"}
    assert set(found["draws"]) == {224}


def test_too_few_draws_are_refused():
    with pytest.raises(EnsembleFault, match="at least"):
        influence(drawn(FEWEST // 2, plain=lambda one, two, three: one))


def table(rows: dict[str, tuple[float, float]]) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Local and global tables of one headline from ``key: (effect, first)``."""
    keys = list(rows)
    local = pl.DataFrame({"headline": "h", "key": keys, "effect": [rows[k][0] for k in keys]})
    first = [rows[k][1] for k in keys]
    return local, local.select("headline", "key").with_columns(
        first=pl.Series(first), first_low=pl.Series(first) - 0.02, first_high=pl.Series(first) + 0.02
    )


def test_agreement_is_silent():
    found = disagreement(*table({"a": (-0.5, 0.5), "b": (0.2, 0.3), "c": (0.0, 0.0)}), top=1)
    assert found.is_empty()


def test_disagreement_is_found_both_ways_and_said():
    rows = {"flat": (0.0, 0.6), "kink": (0.9, 0.01), "b": (0.2, 0.2), "c": (-0.1, 0.1)}
    found = disagreement(*table(rows), top=1)
    said = dict(found.select("key", "says").iter_rows())
    assert said["flat"].startswith("moves the answer where all is drawn")
    assert said["kink"].startswith("moves the answer with all else at its central")
    assert set(said) == {"flat", "kink"}
    assert found.filter(pl.col("key") == "flat").select("local_rank", "global_rank").row(0) == (4, 1)
