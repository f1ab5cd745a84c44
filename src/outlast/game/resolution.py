"""The levels of every stock and of the belief, coarse, standard and fine.

A stock with a spread has marks, and its lattice is laid between them (``outlast.game.lattice``): gaps where the stock
is likely to go that keep the excess spread small, each resolution's tighter than the last; wider gaps beyond.

A stock without a spread moves from mark to mark, and the marks are the standard levels. Coarse thins out the axes that
have more than ``FEW`` of them: it keeps the two ends, the start, and every second level counted from the start. Shorter
axes it leaves whole: a stock that runs down in fewer steps runs down more erratically. Fine puts one level halfway into
every interval. The start is on every grid.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from outlast.game.lattice import MOST_PIECES, Motion, lay, pieces

if TYPE_CHECKING:
    from outlast.scenario import Scenario

RESOLUTIONS = ("coarse", "standard", "fine")
WIDER = {"fine": "standard", "standard": "coarse", "coarse": "marks"}
"""The lattice of the months that answers do not look at; ``marks`` has the marks alone."""
FEW = 5
"""Levels up to which the coarse grid leaves an axis whole of a stock without a spread."""
EXCESS = {"coarse": 0.30, "standard": 0.10, "fine": 0.10}
"""Share of a month's own variance that a lattice may add at the usual drift."""
FACTOR = {"coarse": 1.0, "standard": 1.0, "fine": 0.5}
"""By how much gaps are narrower than the law asks."""
WIDEST = {
    "territory": {"coarse": 0.05, "standard": 0.025, "fine": 0.0125},
    "forces": {"coarse": 0.5, "standard": 0.5, "fine": 0.25},
    "endurance": {"coarse": 0.1, "standard": 0.075, "fine": 0.0375},
    "patience": {"coarse": 0.125, "standard": 0.125, "fine": 0.0625},
}
"""Widest gap where the stock is likely to go, as a share of its range: what following the parties' choices needs."""
NARROWEST = {
    "territory": {"coarse": 0.02, "standard": 0.0055, "fine": 0.003},
    "forces": {"coarse": 0.5, "standard": 0.5, "fine": 0.25},
    "endurance": {"coarse": 0.1, "standard": 0.06, "fine": 0.03},
    "patience": {"coarse": 0.125, "standard": 0.0833, "fine": 0.04},
}
"""Narrowest gap that is laid, likewise: a limit of cost, set by judgement; the certificate says by how much the law is
broken there."""


def wider_than(resolution: str) -> str | None:
    """Return the lattice on which the far months are solved, None where it is the same."""
    return WIDER.get(resolution)


def chance_moves(scenario: Scenario) -> tuple[str, ...]:
    """Return the paths of the spreads and breakthroughs that a scenario states."""
    return tuple(path for path in scenario.numbers() if path.endswith(".spread") or ".breakthrough." in path)


def stock_levels(scenario: Scenario, stock: str, resolution: str) -> np.ndarray:
    """Return the ascending levels of a stock at a resolution."""
    section = getattr(scenario.stocks, stock)
    marks = np.asarray(list(section.levels.values()), dtype=float)
    if section.spread is None:
        return refine(marks, int(np.abs(marks - section.start.value).argmin()), resolution)
    if resolution == "marks":
        return marks
    motion = motion_of(scenario, stock)
    gap = FACTOR[resolution] * motion.widest(EXCESS[resolution])
    whole = marks[-1] - marks[0]
    narrowest, widest = (whole * table[stock][resolution] for table in (NARROWEST, WIDEST))
    gap = min(max(gap, narrowest, section.spread.value), widest)
    everywhere = (float(marks[0]), float(marks[-1]))
    return lay(
        marks, section.start.value, gap, motion.reach(section.start.value) if stock == "territory" else everywhere
    )


def laid_sizes(scenario: Scenario, resolution: str) -> list[int]:
    """Return how many levels each stock has at a resolution, in the order of the stocks."""
    return [len(stock_levels(scenario, stock, resolution)) for stock in scenario.stocks.all()]


@dataclass(frozen=True)
class Laid:
    """What was laid for a stock that has a spread, in the stock's unit.

    ``gap`` is the wider of the two gaps around the start; ``excess`` the share of the month's own variance that it adds
    at the usual drift, and ``lost`` the share of the spread's that the narrowest gap anywhere cannot hold.
    """

    levels: int
    gap: float
    excess: float
    lost: float


def laid(scenario: Scenario, stock: str, resolution: str) -> Laid:
    """Return what the program lays for a stock with a spread, and how well the law is kept where the war starts."""
    section = getattr(scenario.stocks, stock)
    levels = stock_levels(scenario, stock, resolution)
    gaps = np.diff(levels)
    here = int(np.abs(levels - section.start.value).argmin())
    gap = float(gaps[max(here - 1, 0) : here + 1].max())
    motion = motion_of(scenario, stock)
    held = MOST_PIECES * float((gaps[:-1] * gaps[1:]).min()) if len(gaps) > 1 else math.inf
    lost = max(1 - held / motion.spread**2, 0.0) if motion.spread > 0 else 0.0
    return Laid(len(levels), gap, motion.excess(gap), lost)


def line_places(scenario: Scenario, territory: np.ndarray) -> tuple[int, ...] | None:
    """Return the places of the levels at which a peace can hold its line, None for all.

    In peace the line does not move, so a peace needs few levels of territory: the marks, and what packages name.
    """
    if scenario.stocks.territory.spread is None or any(
        e.shock and e.shock.stock == "territory" for e in scenario.events
    ):
        return None
    marks = np.asarray([*scenario.stocks.territory.levels.values(), scenario.stocks.territory.start.value])
    return tuple(int(place) for place in np.flatnonzero(np.isin(territory, marks)))


def pieces_of(scenario: Scenario, levels: Sequence[np.ndarray]) -> tuple[int, int, int, int]:
    """Return in how many pieces a month of each stock is taken, so that three levels hold it in any month."""
    number = scenario.effective_numbers()
    law = lambda name: number[f"mechanisms.{name}"]  # noqa: E731
    refill = sum(law(f"manpower.pools.{pool.name}.rate") for pool in scenario.mechanisms.manpower.pools)
    wear = law("endurance.fatigue") + law("endurance.losses")
    largest = {
        "territory": law("front.pace"),
        "forces": max(refill, law("manpower.losses"), law("resumption.rearm") + law("resumption.relief_rearm")),
        "endurance": max(wear, law("endurance.recovery_surge"), law("endurance.recovery_peace")),
        "patience": max(law("patience.drift") + law("patience.fruitless"), law("patience.attention_drift")),
    }
    count = [1, 1, 1, 1]
    for place, (name, stock) in enumerate(scenario.stocks.all().items()):
        if stock.spread is not None:
            count[place] = pieces(levels[place], stock.spread.value, largest[name])
    return count[0], count[1], count[2], count[3]


def motion_of(scenario: Scenario, stock: str) -> Motion:
    """Return how a stock usually moves, by the central numbers at the start, with the patron's usual support.

    Its spread is 0 where the scenario gives it none.
    """
    number = scenario.effective_numbers()
    law = lambda name: number[f"mechanisms.{name}"]  # noqa: E731
    stocks = scenario.stocks
    given = getattr(stocks, stock).spread
    spread = 0.0 if given is None else given.value
    pi = _superiority(number, law("front.supply_sustain"))
    alone = _superiority(number, 0.0)
    if stock == "territory":
        jumps = sum(
            number.get(f"stocks.territory.breakthrough.{way}.chance", 0.0)
            * number.get(f"stocks.territory.breakthrough.{way}.size", 0.0) ** 2
            for way in ("rise", "fall")
        )
        drift = law("front.pace") * (2 * pi - 1)
        return Motion(abs(drift), spread, jumps, drift)
    if stock == "forces":
        refill = sum(law(f"manpower.pools.{pool.name}.rate") for pool in scenario.mechanisms.manpower.pools)
        net = refill - law("manpower.losses") * (1 - pi)
        return Motion(max(abs(net), law("resumption.rearm") + law("resumption.relief_rearm")), spread, 0.0, net)
    if stock == "endurance":
        wear = law("endurance.fatigue") + law("endurance.losses") * pi
        withheld = law("endurance.fatigue") + law("endurance.losses") * alone
        net = law("endurance.recovery_sustain") - wear
        return Motion(max(abs(net), withheld, law("endurance.recovery_peace")), spread, 0.0, net)
    fading = law("patience.drift") + law("patience.fruitless")
    return Motion(max(fading, law("patience.attention_drift")), spread, 0.0, -fading)


def _superiority(number: dict[str, float], supply: float) -> float:
    """Return the challenger's share of the contest at the start."""
    power = number["mechanisms.front.decisiveness"]
    ratio = number["stocks.endurance.start"] * (1 + supply) / number["stocks.forces.start"]
    return 1 / (1 + ratio**power)


def belief_levels(scenario: Scenario, resolution: str) -> np.ndarray:
    """Return the ascending levels of the public belief at a resolution."""
    levels = np.asarray(scenario.belief.levels, dtype=float)
    middle = int(np.abs(levels - scenario.belief.staller.value).argmin())
    return refine(levels, middle, "coarse" if resolution == "marks" else resolution)


def refine(levels: np.ndarray, start: int, resolution: str) -> np.ndarray:
    """Thin out or halve a list of levels around the index ``start``."""
    if resolution in ("standard", "marks") or (resolution == "coarse" and len(levels) <= FEW):
        return levels
    if resolution == "fine":
        halves = (levels[:-1] + levels[1:]) / 2
        return np.sort(np.concatenate([levels, halves]))
    # The neighbours of an end are kept apart from it: a stock one step from an absorbing end must not skip there.
    kept = {0, start, len(levels) - 1} | {i for i in range(len(levels)) if (i - start) % 2 == 0}
    return levels[sorted(kept)]
