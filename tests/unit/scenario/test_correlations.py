"""Correlations are checked like everything else: what is wrong with them is said at their place."""

from __future__ import annotations

import math

import pytest

from outlast.scenario import read
from outlast.scenario.correlation import lower_root, normal_correlation

from .samples import faults, only_fault, starter, tables

DRIFT, DEFEAT, START = "mechanisms.patience.drift", "belief.staller", "stocks.patience.start"


def joined(*entries: tuple[str, str, float]) -> dict:
    return {**tables(), "correlations": [{"one": one, "other": other, "rank": rank} for one, other, rank in entries]}


def test_a_correlation_is_read():
    scenario = read(joined((DRIFT, DEFEAT, -0.4)))
    assert [(each.one, each.rank) for each in scenario.correlations] == [(DRIFT, -0.4)]
    assert scenario.hash != starter().hash
    assert read({**tables(), "correlations": []}).hash == starter().hash


def test_an_unknown_path_gets_the_nearest_one():
    fault = only_fault(joined(("mechanisms.patience.drfit", DEFEAT, 0.2)))
    assert fault.place.path == "correlations.1.one"
    assert fault.suggestion == DRIFT


def test_a_number_without_a_range_cannot_be_correlated():
    fault = only_fault(joined(("recognition.patron", DEFEAT, 0.2)))
    assert "no range" in fault.found


@pytest.mark.parametrize("rank", [1.0, -1.0, 1.5, math.nan, "high", True])
def test_a_rank_is_between_its_ends(rank: object):
    assert faults(joined((DRIFT, DEFEAT, rank)))  # pyright: ignore[reportArgumentType]


def test_a_pair_is_named_once_and_is_a_pair():
    assert "entry 1" in only_fault(joined((DRIFT, DEFEAT, 0.2), (DEFEAT, DRIFT, 0.3))).found
    assert only_fault(joined((DRIFT, DRIFT, 0.2))).rule.startswith("each pair")


def test_correlations_that_exclude_one_another_are_refused():
    fault = only_fault(joined((DRIFT, DEFEAT, 0.9), (DEFEAT, START, 0.9), (DRIFT, START, -0.9)))
    assert "positive definite" in fault.rule
    assert read(joined((DRIFT, DEFEAT, 0.9), (DEFEAT, START, 0.9), (DRIFT, START, 0.7)))


def test_every_fault_is_said():
    assert len(faults(joined(("nowhere", "recognition.patron", 0.2), (DRIFT, DRIFT, 0.1)))) == 3


def test_root_of_a_matrix_is_by_hand():
    assert lower_root([[1.0, 0.6], [0.6, 1.0]]) == [[1.0, 0.0], [0.6, 0.8]]
    assert lower_root([[1.0, 1.0], [1.0, 1.0]]) is None
    assert normal_correlation(0.5) == pytest.approx(2 * math.sin(math.pi / 12))
