"""Hazards, shares at peace and hazard ratios: by hand on a few spells, and by a second method on many."""

from __future__ import annotations

import math

import numpy as np
import polars as pl
import pytest
from scipy.optimize import minimize
from scipy.stats import poisson

from outlast.evidence.hazards import clustered_interval, exact_interval, hazards
from outlast.evidence.priors import GUARANTEES, hazard_priors
from outlast.evidence.spells import GUARANTEE_OF_MISSION, agreement_spells, ending_spells, mission_spells
from outlast.evidence.survival import hazard_ratios, still_at_peace
from outlast.record.past_settlements import COUNTED, HazardPrior, beside_model, counted_priors
from outlast.record.sources.fortna_spells import MISSIONS
from outlast.scenario import Number


def spells(*rows: tuple[str, str, float, float, bool]) -> pl.DataFrame:
    """Make spells of case, group, start, stop and failed; every case is a cluster of its own."""
    table = pl.DataFrame(rows, schema=["case", "group", "start", "stop", "failed"], orient="row")
    return table.with_columns(cluster="case")


FOUR = spells(("a", "x", 0, 6, True), ("b", "x", 0, 12, False), ("c", "x", 0, 18, True), ("d", "x", 0, 30, False))


def test_hazard_is_failures_over_months_at_risk():
    found = hazards(FOUR, stretches=((0, 12), (12, 24), (0, 60), (60, 72)))
    assert found.select("from_month", "to_month", "cases", "failures", "months").rows() == [
        (0, 12, 4, 1, 6 + 12 + 12 + 12),
        (12, 24, 2, 1, 6 + 12),
        (0, 60, 4, 2, 66),
    ]
    assert found["hazard"].to_list() == [1 / 42, 1 / 18, 2 / 66]


def test_a_case_counts_in_the_group_that_it_is_in():
    moved = spells(("a", "with", 0, 10, False), ("a", "without", 10, 15, True))
    found = hazards(moved, stretches=((0, 60),))
    assert found.select("group", "from_month", "failures", "months").rows() == [
        ("with", 0, 0, 10),
        ("without", 10, 1, 5),
    ]


def test_exact_interval_is_that_of_a_count():
    low, high = exact_interval(4, 200)
    assert poisson.sf(3, 200 * low) == pytest.approx(0.05)
    assert poisson.cdf(4, 200 * high) == pytest.approx(0.05)
    assert exact_interval(0, 100) == (0.0, pytest.approx(-math.log(0.05) / 100))
    with pytest.raises(ValueError, match="at risk"):
        exact_interval(0, 0)


def test_clustered_interval_by_hand():
    found = clustered_interval(np.array([2, 0, 1]), np.array([10.0, 40.0, 50.0]))
    hazard, gaps = 3 / 100, [2 - 0.3, 0 - 1.2, 1 - 1.5]
    spread = math.sqrt(sum(gap**2 for gap in gaps) * 3 / 2) / 3
    assert found is not None
    assert [math.log(end / hazard) for end in found] == pytest.approx([-1.644854 * spread, 1.644854 * spread], rel=1e-6)
    assert clustered_interval(np.array([0, 0]), np.array([1.0, 1.0])) is None
    assert clustered_interval(np.array([3]), np.array([1.0])) is None


def test_share_at_peace_by_hand():
    found = still_at_peace(FOUR, months=(5, 10, 20, 40))
    assert found.select("month", "at_risk").rows() == [(5, 4), (10, 3), (20, 1)]
    assert found["share"].to_list() == pytest.approx([1, 3 / 4, 3 / 4 * 1 / 2])
    assert (found["low"] <= found["share"]).all()
    assert (found["share"] <= found["high"]).all()


def test_share_at_peace_waits_for_late_entries():
    late = spells(("a", "x", 0, 10, True), ("b", "x", 0, 30, False), ("c", "x", 12, 20, True))
    assert still_at_peace(late, months=(11, 25))["share"].to_list() == pytest.approx([1 / 2, 1 / 2 * 1 / 2])


def test_hazard_ratio_is_the_top_of_the_partial_likelihood():
    """Written out for untied times with late entry, and found by another optimiser."""
    random = np.random.default_rng(7)
    start = random.uniform(0, 5, 60)
    stop = start + random.exponential(20, 60)
    x, failed = random.integers(0, 2, 60), random.uniform(size=60) < 0.7
    table = pl.DataFrame({"start": start, "stop": stop, "failed": failed, "x": x, "cluster": np.arange(60)})

    def negative(beta: np.ndarray) -> float:
        at_risk = (start[None, :] < stop[:, None]) & (stop[None, :] >= stop[:, None])
        sums = np.log((at_risk * np.exp(beta[0] * x)[None, :]).sum(axis=1))
        return -float((failed * (beta[0] * x - sums)).sum())

    best = minimize(negative, np.zeros(1), method="Nelder-Mead", options={"xatol": 1e-8, "fatol": 1e-10}).x[0]
    (row,) = hazard_ratios(table, ["x"]).iter_rows(named=True)
    assert math.log(row["ratio"]) == pytest.approx(best, abs=1e-4)
    assert row["low"] < row["ratio"] < row["high"]
    assert (row["rows"], row["failures"]) == (60, int(failed.sum()))


def test_rows_with_an_unknown_covariate_are_left_out_and_counted():
    random = np.random.default_rng(3)
    table = pl.DataFrame(
        {
            "start": [0.0] * 30,
            "stop": random.exponential(10, 30),
            "failed": [True] * 30,
            "x": [None, None, *random.normal(size=28)],
            "cluster": ["a", "b", "c"] * 10,
        }
    )
    assert hazard_ratios(table, ["x"])["rows"].to_list() == [28]


def test_every_mission_stands_for_a_guarantee():
    assert set(GUARANTEE_OF_MISSION) == set(MISSIONS.values())
    assert set(GUARANTEE_OF_MISSION.values()) == set(GUARANTEES)


FORTNA = pl.DataFrame(
    {
        "number": [1.0, 1.0, 2.0],
        "cluster": ["A", "A", "B"],
        "mission": ["enforcement", "none", "monitoring"],
        "from_day": [0.0, 365.25, 0.0],
        "to_day": [365.25, 730.5, 36.525],
        "failed": [False, True, False],
        "after_1989": [True, True, False],
    }
)


def test_missions_become_guarantees_and_days_months():
    found = mission_spells(FORTNA)
    assert found.select("case", "group", "start", "stop").rows() == [("1", "enforceable", 0, 12), ("1", "none", 12, 24)]
    assert mission_spells(FORTNA, since_1989=False).height == 3


def test_priors_have_the_form_of_a_scenarios_number():
    found = {prior.guarantee: prior for prior in hazard_priors(FORTNA)}
    assert list(found) == ["none", "enforceable"]
    assert found["none"].value == pytest.approx(1 / 12)
    assert found["enforceable"].low == 0
    for prior in found.values():
        number = Number(value=prior.value, low=prior.low, high=prior.high, source=prior.source, basis=prior.basis)
        assert number.low <= number.value <= number.high
        assert "judgement" in prior.source


def test_agreements_of_unknown_length_are_left_out():
    table = pl.DataFrame(
        {
            "number": [1, 2, 3],
            "conflict": ["A", "A", "B"],
            "pko": [True, False, False],
            "months": [5.0, None, 7.0],
            "ended": [True, True, False],
        }
    )
    assert agreement_spells(table).select("case", "group", "stop", "failed").rows() == [
        ("1", "with peacekeeping clause", 5.0, True),
        ("3", "without", 7.0, False),
    ]


def test_the_quiet_year_that_makes_an_ending_is_not_at_risk():
    table = pl.DataFrame(
        {
            "dyad": [1, 1, 2],
            "episode": [1, 2, 1],
            "outcome": ["agreement"] * 3,
            "again": [True, False, False],
            "years_to_next": [3.0, 0.5, None],
        }
    )
    found = ending_spells(table)
    assert found.select("case", "start", "stop", "failed").rows() == [("1-1", 12.0, 36.0, True)]
    assert hazards(found, stretches=((0, 60),)).select("from_month", "months").rows() == [(12, 24)]


def test_the_model_is_set_beside_the_evidence():
    priors = [HazardPrior("none", 0.02, 0.01, 0.03, "x"), HazardPrior("soft", 0.02, 0.01, 0.03, "x")]
    rows = [
        (package, guarantee, month, math.exp(-hazard * month))
        for package, guarantee, hazard in (("a", "none", 0.05), ("b", "soft", 0.02), ("c", "enforceable", 0.0))
        for month in range(1, 121)
    ]
    table = pl.DataFrame(rows, schema=["package", "guarantee", "month", "survival"], orient="row")
    found = beside_model(table.with_columns(title="package"), priors)
    chance = pytest.approx(1 - math.exp(-0.02))
    assert found.select("package", "months", "past_chance_a_month", "place").rows() == [
        ("a", 60, chance, "above"),
        ("b", 60, chance, "within"),
        ("c", 60, None, None),
    ]
    assert found["model_chance_a_month"].to_list() == pytest.approx([1 - math.exp(-h) for h in (0.05, 0.02, 0.0)])


def test_chances_of_the_model_and_of_the_past_are_chances_of_one_kind():
    """A month that war always ends has a chance of one, and a rate that all months share is its chance in each."""
    rows = [("a", "none", month, float(month == 0)) for month in range(1, 61)]
    rows += [("b", "none", month, 0.9**month) for month in range(1, 61)]
    table = pl.DataFrame(rows, schema=["package", "guarantee", "month", "survival"], orient="row")
    rate = -math.log(0.9)
    found = beside_model(table.with_columns(title="package"), [HazardPrior("none", rate, rate / 2, 40 * rate, "x")])
    assert found["model_chance_a_month"].to_list() == pytest.approx([1.0, 0.1])
    assert found["past_chance_a_month"].to_list() == pytest.approx([0.1, 0.1])
    assert found["past_chance_a_month_high"].max() <= 1
    assert found["place"].to_list() == ["above", "within"]


def test_counts_stand_where_the_file_is_absent():
    for guarantee, failures, months, low, high in COUNTED:
        assert (low, high) == pytest.approx(exact_interval(failures, months), abs=5e-7), guarantee
    found = {prior.guarantee: prior for prior in counted_priors()}
    assert set(found) == set(GUARANTEES)
    assert found["none"].value == pytest.approx(38 / 2182.08)
    assert "38 failures in 2,182 months" in found["none"].source
