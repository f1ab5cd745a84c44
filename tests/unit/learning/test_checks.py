"""Predictive checks count a row as far as it is sure, and say how much a figure rests on."""

from __future__ import annotations

import datetime
from types import SimpleNamespace

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from outlast.learning import checks as module
from outlast.learning.checks import checks, figures, shares
from outlast.learning.clues import Setting
from outlast.learning.evidence import Evidence, evidence_from
from outlast.learning.meter import Reading
from outlast.learning.simulate import Path

SETTING = Setting(("ceasefire", "treaty"), np.array([0, 1]))
START = datetime.date(2030, 3, 1)
LEVELS = {
    "territory": np.array([0.4, 0.7, 1.0]),
    "forces": np.array([0.6, 1.0]),
    "endurance": np.array([0.0, 1.0]),
    "patience": np.array([0.0, 1.0]),
}
SIZES = (3, 2, 2, 2)
TOP = int(np.ravel_multi_index((2, 0, 0, 0), SIZES))
MONTHS = 11


def rumours(confidence: float, kind: str = "attend") -> Evidence:
    acts = [(m, "challenger", kind, None) for m in range(MONTHS)]
    return evidence_from(acts, [], SETTING, START, months=MONTHS, confidence=confidence)


def war(*acts: tuple, cell: int = 0) -> Path:
    return Path(False, np.full(MONTHS + 1, cell), acts)


def checked(evidence: Evidence, path: Path, monkeypatch: pytest.MonkeyPatch) -> pl.DataFrame:
    """The checks of a record in a game that plays one war only."""
    monkeypatch.setattr(module, "simulated", lambda policy, months, random: path)
    found = SimpleNamespace(policies=[SimpleNamespace(sizes=SIZES)], weights=np.ones(1))
    return checks(found, evidence, LEVELS, seed=1)  # type: ignore[arg-type]


@pytest.mark.parametrize(("confidence", "passed"), [(1.0, False), (0.9, False), (0.02, True), (0.0, True)])
def test_talks_that_never_are_contradict_sure_rows_and_not_rumours(
    confidence: float, passed: bool, monkeypatch: pytest.MonkeyPatch
):
    row = checked(rumours(confidence), war(), monkeypatch).row(0, named=True)
    assert row["passed"] is passed
    assert row["weight"] == pytest.approx(MONTHS * confidence)
    assert row["observed"] == MONTHS
    assert row["expected"] == pytest.approx(MONTHS * (1 - confidence), abs=0.4)


@pytest.mark.parametrize(("confidence", "passed"), [(1.0, False), (0.02, True)])
def test_a_reading_far_off_contradicts_only_as_far_as_it_is_sure(
    confidence: float, passed: bool, monkeypatch: pytest.MonkeyPatch
):
    readings = [(m, Reading("territory", 0.41, 0.005, 0.005, confidence)) for m in (3, 5, 7)]
    evidence = evidence_from([], readings, SETTING, START, months=MONTHS)
    table = checked(evidence, war(cell=TOP), monkeypatch)
    assert table["check"].to_list() == ["territory, last reading", "territory, mean of the readings"]
    assert table["passed"].to_list() == [passed, passed]
    assert table["weight"].to_list() == pytest.approx([confidence, 3 * confidence])


def test_the_mean_of_readings_and_the_rows_of_one_month_are_weighed_by_confidence():
    sure, rumour = Reading("forces", 0.7, 0.01, 0.01, 0.9), Reading("forces", 1.0, 0.01, 0.01, 0.05)
    evidence = evidence_from([], [(1, sure), (2, sure), (3, rumour)], SETTING, START, months=MONTHS)
    mean = figures(evidence, LEVELS, np.random.default_rng(1))[1]
    assert mean.observed == pytest.approx((2 * 0.9 * 0.7 + 0.05 * 1.0) / 1.85)
    came, stayed = rumours(0.9).moves[0], rumours(0.1, "stay_away").moves[0]
    both = Evidence(SETTING, ((*came, *stayed),), ((), ()), (), START)
    assert figures(both, LEVELS, np.random.default_rng(1))[0].observed == pytest.approx(0.9)


def test_sure_rows_are_counted_as_they_are():
    random = np.random.default_rng(1)
    figure = figures(rumours(1.0), LEVELS, random)[0]
    some = war((0, "challenger", "attend", None), (4, "challenger", "attend", None), (4, "patron", "posture", "surge"))
    assert figure.simulated(some, SIZES, random) == 2


@given(st.lists(st.floats(0, 1), min_size=1, max_size=8))
def test_shares_sum_to_one_and_grow_with_confidence(confidences: list[float]):
    found = shares(confidences)
    assert sum(found) == pytest.approx(1)
    assert sorted(found) == pytest.approx(shares(sorted(confidences)))


@given(st.lists(st.floats(0, 1), min_size=1, max_size=MONTHS), st.integers(0, 2**31))
def test_a_simulated_record_differs_in_expectation_by_what_is_sure(confidences: list[float], seed: int):
    moves = tuple(rumours(each).moves[m] for m, each in enumerate(confidences))
    evidence = Evidence(SETTING, moves, ((),) * (len(moves) + 1), (), START)
    figure = figures(evidence, LEVELS, np.random.default_rng(0))[0]
    random = np.random.default_rng(seed)
    differ = [figure.observed - figure.simulated(war(), SIZES, random) for _ in range(400)]
    spread = np.sqrt(sum(c * (1 - c) for c in confidences) / 400)
    assert np.mean(differ) == pytest.approx(sum(confidences), abs=6 * spread + 0.02)
