"""The likelihood of a record is a chance: over all records that could have been kept it adds up to one, and simulated
wars leave each record as often as it says. A fit then recovers what records were simulated from.

In this war nobody ever has the floor, so no peace ends the rows, and each month has a row on who came and one on the
posture: the records that could have been kept can be listed.
"""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest

import outlast
from outlast.learning.clues import Setting
from outlast.learning.draws import Ranges, Solver
from outlast.learning.evidence import Evidence, evidence_from
from outlast.learning.filter import filtered, stock_levels_of
from outlast.learning.meter import Reading
from outlast.learning.policy import Policy
from outlast.learning.simulate import read_stocks, simulated
from outlast.learning.weights import normalised

MONTHS = 2
FREE = ("mechanisms.styles.challenger_round_cost", "stocks.endurance.start")
KINDS = ("attend", "stay_away", "posture")
WAYS = tuple(product(("attend", "stay_away"), ("withhold", "sustain", "surge")))
"""What the rows of a month can say."""


class War:
    """A war in which nobody has the floor, and a few draws of it."""

    def __init__(self) -> None:
        words = {
            "scenario": {"base": "starter", "months": 24, "resolution": "coarse"},
            "recognition": {"challenger": 0.0, "defender": 0.0, "patron": 0.0},
            "stocks": {"endurance": {"start": {"value": 0.5, "low": 0.1, "high": 0.9}}},
            "mechanisms": {"styles": {"challenger_round_cost": {"value": 0.002, "low": 0.0, "high": 0.03}}},
        }
        scenario = outlast.read(words)
        game = outlast.compile(scenario, resolution="coarse")
        self.ranges, self.levels, self.start = Ranges.of(scenario, FREE), stock_levels_of(game), scenario.as_of
        self.points = np.random.default_rng(5).random((9, len(FREE)))
        self.policies = Solver(game, self.ranges, 6)(self.points)
        self.setting = Setting(tuple(game.labels.packages), self.policies[0].phase)

    def evidence(self, acts: list, readings: list, months: int, confidence: float) -> Evidence:
        return evidence_from(acts, readings, self.setting, self.start, months=months, confidence=confidence)

    def likelihood(self, ways: tuple[tuple[str, str], ...], policy: Policy, confidence: float) -> float:
        """How likely a record of the first months is."""
        acts = []
        for month, (came, posture) in enumerate(ways):
            acts += [(month, "challenger", came, None), (month, "patron", "posture", posture)]
        evidence = self.evidence(acts, [], len(ways), confidence)
        return float(np.exp(filtered(policy, evidence, self.levels).loglikelihood))


@pytest.fixture(scope="module")
def war() -> War:
    return War()


@pytest.fixture(scope="module")
def certain(war: War) -> dict[tuple, float]:
    """How likely each record of two months is, if rows are right."""
    return {ways: war.likelihood(ways, war.policies[0], 1.0) for ways in product(WAYS, repeat=MONTHS)}


def test_likelihoods_of_all_records_add_up_to_one(war: War, certain: dict[tuple, float]):
    assert sum(certain.values()) == pytest.approx(1, abs=1e-6)  # choices are kept in single precision
    unsure = [war.likelihood((way,), war.policies[0], 0.7) for way in WAYS]
    assert sum(unsure) == pytest.approx(1, abs=1e-6)  # choices are kept in single precision
    assert max(unsure) < max(sum(chance for ways, chance in certain.items() if ways[0] == way) for way in WAYS)


def test_simulated_wars_leave_each_record_as_often_as_its_likelihood_says(war: War, certain: dict[tuple, float]):
    random, wars = np.random.default_rng(7), 1500
    counts = dict.fromkeys(certain, 0)
    for _ in range(wars):
        acts = [act for act in simulated(war.policies[0], MONTHS, random).acts if act[2] in KINDS]
        told = {(month, kind == "posture"): content or kind for month, _, kind, content in acts}
        counts[tuple((told[month, False], told[month, True]) for month in range(MONTHS))] += 1
    expected = wars * np.array(list(certain.values()))
    # Pearson's statistic over 36 records has mean 35 and standard deviation 8.4.
    assert ((np.array(list(counts.values())) - expected) ** 2 / expected).sum() < 35 + 4 * 8.4


def test_intervals_hold_what_records_were_simulated_from(war: War):
    """Each draw is the truth of a few records; its rank among all draws, ties broken by lot, is even exactly."""
    random = np.random.default_rng(11)
    numbers = war.ranges.numbers(war.points)
    like = {"endurance": Reading("endurance", 0.5, 0.05, 0.05, 0.9)}
    ranks, means = [], []
    for truth in list(range(len(numbers))) * 2:
        path = simulated(war.policies[truth], 6, random)
        acts = [act for act in path.acts if act[2] in KINDS]
        evidence = war.evidence(acts, read_stocks(path, war.policies[truth], war.levels, like, random), 6, 1.0)
        logs = [filtered(policy, evidence, war.levels).loglikelihood for policy in war.policies]
        weights = normalised(np.array(logs))
        ranks.append(weights @ (numbers < numbers[truth]) + random.random() * weights[truth])
        means.append(weights @ numbers)
    table = np.array(ranks)
    held = np.abs(table - 0.5) <= 0.45
    assert held.mean(axis=0) == pytest.approx([0.9, 0.9], abs=0.2)
    assert table.mean(axis=0) == pytest.approx([0.5, 0.5], abs=0.2)
    # A fit that learns nothing would hold the truth as often: readings of endurance must tell where it began.
    assert np.corrcoef(np.array(means)[:, 1], np.tile(numbers[:, 1], 2))[0, 1] > 0.5
