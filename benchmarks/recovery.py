"""Recovery: simulate records from known draws and see how often a fit's intervals hold what was true.

    python benchmarks/recovery.py [simulations] [draws]

A tiny war over the starter scenario, three free numbers and the type. Nobody has the floor in it, so that no peace ends
the rows: the filter takes silence for nobody's having looked, and silence after a peace would say more than that. Each
month has a row on who came, one on the posture, and readings of two stocks. Every draw in turn is the truth of a
simulated record, and all draws, the truth among them, are weighed by it: nothing is solved again. The truth is then one
draw like any other, so that ranks are even exactly, however few the draws; without it the others would lie too far out.
If filter and weights are right, a 50% interval holds the truth in half of the simulations, a 90% interval in nine of
ten, and the rank of the truth among weighted draws is even (Talts et al. 2018, simulation-based calibration).
"""

from __future__ import annotations

import sys
import time
from dataclasses import dataclass

import numpy as np

import outlast
from outlast.learning.clues import Setting
from outlast.learning.draws import Ranges, Solver
from outlast.learning.evidence import evidence_from
from outlast.learning.filter import densities_of, filtered, stock_levels_of
from outlast.learning.meter import Reading
from outlast.learning.simulate import read_stocks, simulated
from outlast.learning.weights import effective, normalised

MONTHS = 12
CONFIDENCE = 0.95
BINS = 10
FREE = ("mechanisms.front.pace", "mechanisms.styles.challenger_round_cost", "stocks.patience.start")
TINY = {
    "scenario": {"base": "starter", "name": "tiny", "months": 24, "resolution": "coarse"},
    "recognition": {"challenger": 0.0, "defender": 0.0, "patron": 0.0},
    "belief": {"levels": [0.0, 0.25, 0.5, 0.75, 1.0]},
    "stocks": {
        "territory": {"levels": {"least": 0.1, "less": 0.3, "now": 0.4, "more": 0.5, "all": 1.0}},
        "forces": {"levels": {"now": 1.0, "more": 1.4}},
        "endurance": {"levels": {"broken": 0.0, "tired": 0.5, "now": 0.75, "fresh": 1.0}},
        "patience": {"start": {"value": 0.75, "low": 0.4, "high": 1.0}},
    },
    "mechanisms": {
        "front": {"pace": {"value": 0.01, "low": 0.0, "high": 0.05}},
        "styles": {"challenger_round_cost": {"value": 0.001, "low": 0.0, "high": 0.004}},
    },
}  # fmt: skip
"""The tiny war. Ranges are wide, so that a record of twelve months can tell."""


@dataclass(frozen=True)
class Recovery:
    """Ranks of the truth in [0, 1] by number, the type and its chance, and how sharp weights were."""

    ranks: dict[str, np.ndarray]
    staller: np.ndarray
    """Whether the truth was a staller."""
    index: np.ndarray
    """Chance of a staller given the record, mixed over draws."""
    effective: np.ndarray

    def coverage(self, name: str, share: float) -> float:
        """Return how often the middle interval of a share of the posterior held the truth."""
        return float((np.abs(self.ranks[name] - 0.5) <= share / 2).mean())

    def histogram(self, name: str) -> np.ndarray:
        """Return how many ranks lie in each tenth."""
        return np.histogram(self.ranks[name], bins=BINS, range=(0, 1))[0]


def recover(simulations: int, draws: int, *, seed: int = 1) -> Recovery:
    """Simulate and fit; ``simulations`` may exceed ``draws``, each of which is then the truth several times."""
    scenario = outlast.read(TINY)
    game = outlast.compile(scenario)
    ranges = Ranges.of(scenario, FREE)
    points = np.random.default_rng(seed).random((draws, len(FREE)))
    policies = Solver(game, ranges, MONTHS)(points)
    numbers, levels = ranges.numbers(points), stock_levels_of(game)
    setting = Setting(tuple(game.labels.packages), policies[0].phase)
    like = {
        "territory": Reading("territory", 0.4, 0.02, 0.02, 0.9),
        "patience": Reading("patience", 0.7, 0.1, 0.1, 0.9),
    }
    random = np.random.default_rng(seed + 1)
    ranks, staller, index, sizes = [], [], [], []
    for number in range(simulations):
        truth = number % draws
        path = simulated(policies[truth], MONTHS, random)
        acts = [act for act in path.acts if act[2] in ("attend", "stay_away", "posture")]
        readings = read_stocks(path, policies[truth], levels, like, random)
        evidence = evidence_from(_misread(acts, random), readings, setting, scenario.as_of, months=MONTHS,
                                 confidence=CONFIDENCE)  # fmt: skip
        densities = densities_of(evidence, levels)
        found = [filtered(policy, evidence, levels, densities=densities) for policy in policies]
        weights = normalised(np.array([each.loglikelihood for each in found]))
        below, same = numbers < numbers[truth], numbers == numbers[truth]
        ranks.append(weights @ below + (weights @ same) * random.random())
        staller.append(path.staller)
        index.append(weights @ np.nan_to_num([each.index[-1] for each in found]))
        sizes.append(effective(weights))
    table = np.array(ranks)
    by_name = {name: table[:, place] for place, name in enumerate(FREE)}
    return Recovery(by_name, np.array(staller), np.array(index), np.array(sizes))


def _misread(acts: list, random: np.random.Generator) -> list:
    """Return acts as a record of this confidence has them: now and then a row says anything it could have said."""
    out = []
    for month, actor, kind, content in acts:
        if random.random() < CONFIDENCE:
            out.append((month, actor, kind, content))
        elif kind == "posture":
            out.append((month, actor, kind, str(random.choice(["withhold", "sustain", "surge"]))))
        else:
            out.append((month, actor, str(random.choice(["attend", "stay_away"])), None))
    return out


def page(simulations: int = 200, draws: int = 50) -> str:
    """Return the section of the results: coverage, histograms of ranks, and what the index was worth."""
    begun = time.perf_counter()
    found = recover(simulations, draws)
    lines = ["| number | 50% interval held | 90% interval held | ranks by tenth |", "|---|---|---|---|"]
    for name in found.ranks:
        tenths = " ".join(str(count) for count in found.histogram(name))
        lines.append(f"| `{name}` | {found.coverage(name, 0.5):.1%} | {found.coverage(name, 0.9):.1%} | {tenths} |")
    brier = float(np.mean((found.index - found.staller) ** 2))
    sure = float(np.mean(found.index * (1 - found.index)))
    lines += [
        "",
        f"{simulations} records of {MONTHS} months from {draws} draws; effective draws, median"
        f" {np.median(found.effective):.0f}; sampling error of a coverage of 50%:"
        f" {np.sqrt(0.25 / simulations):.1%}, of 90%: {np.sqrt(0.09 / simulations):.1%}."
        f" The stalling index: Brier score {brier:.3f} where {sure:.3f} is what it expects of itself."
        f" {time.perf_counter() - begun:.0f} s.",
    ]
    return "\n".join(lines)


if __name__ == "__main__":
    print(page(*(int(argument) for argument in sys.argv[1:3])))
