"""Patterns that research reports and that the text behind the Geneva war does not: the model can produce them.

``docs/evidence.md`` has the sources, the figures, and what the model does not produce.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any

import numpy as np
import polars as pl
import pytest

from outlast.answers.deals import ACCEPT, Deals
from outlast.answers.delay import delay
from outlast.answers.fruitless import fruitless
from outlast.answers.paths import phases
from outlast.answers.stall import Stall, stall
from outlast.answers.standpoint import Standpoint
from outlast.answers.type_test import type_test
from variants import Over, Wars, calm_calendar

pytestmark = pytest.mark.slow

DEADLINE = 24
STILL = {"drift": 0.0, "attention_drift": 0.0, "fruitless": 0.0}


def supplied(share: float, **more: Any) -> Over:
    """The war with a defender whose patron adds this share to its strength; a surge adds in proportion."""
    return {"mechanisms": {"front": {"supply_sustain": share, "supply_surge": 1.4 * share}, **more}}


def with_deadline() -> list[dict[str, Any]]:
    """The calendar without shocks, except that the patron leaves for certain in one month."""
    first, *rest = calm_calendar()
    leaves = {"stock": "patience", "change": -1.0, "chance": 1.0}
    return [{"name": first["name"], "month": DEADLINE, "shock": leaves}, *rest]


AIMS: Over = {
    "mechanisms": {
        "styles": {"challenger_discount": {"settler": 0.986, "staller": 0.986}},
        "home_front": {"casualty_weight": {"settler": 0.035, "staller": 0.035}},
    }
}
"""Both types wait equally well, halfway between the two; they differ in what they want."""
DELAY: Over = {
    "mechanisms": {
        "aspiration": {
            "aspiration": {"settler": 0.65, "staller": 0.65},
            "audience_cost": {"settler": 0.185, "staller": 0.185},
        },
        "alignment": {
            "alliances_denied": {"settler": 0.05, "staller": 0.05},
            "no_guarantor": {"settler": 0.025, "staller": 0.025},
        },
    }
}
"""Both types want the same, halfway between the two; they differ in how well they wait."""

WARS: dict[str, Over] = {
    "as shipped": {},
    "outgunned": supplied(1.0),
    "overwhelmed": supplied(2.0),
    "outgunned, leaving": supplied(1.0, patience={"drift": 0.06}),
    "unsupplied": supplied(0.1),
    "firm": {"events": with_deadline(), "mechanisms": {"patience": STILL}},
    "geometric": {"events": calm_calendar(), "mechanisms": {"patience": STILL | {"drift": 0.5 / DEADLINE}}},
    "aims": AIMS,
    "delay": DELAY,
}

See = Callable[[str], Standpoint]


@pytest.fixture(scope="module")
def see(geneva_wars: Wars) -> See:
    """Solve one of the wars, once."""
    return cache(lambda name: geneva_wars.view(WARS[name]))


def attending(view: Standpoint) -> dict[str, Any]:
    """What is told by coming to the talks in the first month."""
    return type_test(Deals(view)).filter(pl.col("move") == "attend").row(0, named=True)


def held(view: Standpoint, month: int) -> float:
    """Mean territory after so many months of fruitless talks."""
    rows = fruitless(view).filter((pl.col("stock") == "territory") & (pl.col("month") == month))
    return float(rows["mean"].item())


def signings(view: Standpoint) -> np.ndarray:
    """Chance of the first signing, month by month."""
    return view.mix(*(path.through["signed"].sum(axis=-1) for path in view.dealless))


def signed_by_staller(view: Standpoint, months: int) -> float:
    """Chance that a staller signs within so many months."""
    return float(view.dealless[1].through["signed"][:months].sum())


def war(view: Standpoint, month: int) -> float:
    """Chance that the war goes on in a month."""
    return float(phases(view)["war"][month])


def best_answer(view: Standpoint) -> float:
    """Chance that a settler accepts the best package that the others would accept."""
    deals = Deals(view)
    willing = (deals.defender >= ACCEPT) & (deals.patron >= ACCEPT)
    return float(deals.challenger[0][willing].max())


def test_weaker_side_stalls_when_the_patron_is_about_to_leave(see: See):
    """It loses ground for now, comes to the talks, signs nothing and gains by it; if the patron stays, it signs."""
    waits, signs = see("outgunned, leaving"), see("outgunned")
    assert held(waits, 6) < held(waits, 0) - 0.002
    assert min(attending(waits)["chance_settler"], attending(waits)["chance_staller"]) > 0.5
    assert signings(waits)[0] < 0.001 < 0.05 < signings(signs)[0]
    gain = delay(waits).filter((pl.col("account") == "challenger") & (pl.col("months") == 12))["dividend"].item()
    assert gain > 0.01
    assert best_answer(waits) < 0.05 < 0.5 < best_answer(signs)


def test_talks_are_sincere_where_the_battlefield_is_lost(see: See):
    """The more lopsided against the challenger, the likelier that even a staller signs, and the sooner war ends."""
    wars = [see(name) for name in ("as shipped", "outgunned", "overwhelmed")]
    even, worse, lost = (signed_by_staller(view, 12) for view in wars)
    assert 2 * even < worse < lost / 2
    assert war(wars[0], 12) > war(wars[1], 12) + 0.02 > war(wars[2], 12) + 0.05


def test_talks_are_not_sincere_where_the_challenger_is_about_to_win(see: See):
    """The other half of that finding is not in the model: who can dictate the end has no use for a signature."""
    winning = see("unsupplied")
    assert attending(winning)["bits"] < 0.001
    assert signed_by_staller(winning, 12) < 0.01
    assert best_answer(winning) < 0.05


def test_war_is_longer_where_types_differ_in_aims_alone(see: See):
    """Wanting more is not shown by waiting: the start tells next to nothing, and belief moves more slowly."""
    aims, other = see("aims"), see("delay")
    assert war(aims, 12) > war(other, 12) + 0.05
    assert attending(aims)["bits"] < 0.001 < attending(other)["bits"]
    levels = np.asarray(aims.game.inputs.grid.beliefs)
    slow, fast = (
        [float(path.begun["war"][12].sum(axis=1) @ levels) for path in view.undealt] for view in (aims, other)
    )
    assert fast[0] + 0.05 < slow[0] < aims.prior < slow[1] < fast[1] - 0.03


def test_a_firm_clock_strikes_at_its_deadline_and_a_geometric_one_does_not(see: See):
    # A year past the deadline, no more: the end of the calendar is a deadline too.
    firm, geometric = (signings(see(name))[: DEADLINE + 12] for name in ("firm", "geometric"))
    last = DEADLINE - 1
    assert firm[last] > 3 * firm[last - 6 : last].max()
    assert firm[last + 1 :].max() < 0.1 * firm[last]
    assert geometric.max() < 2 * np.median(geometric[2 : last + 1])
    assert abs(int(geometric.argmax()) - last) > 3


def test_below_the_stall_threshold_even_a_settler_waits(see: See):
    """Offer below h d / (r + h): it waits. Far above: it may sign, and in one of these wars it does."""
    found: dict[str, Stall] = {name: stall(Deals(see(name))) for name in WARS}
    below = [name for name, each in found.items() if each.offer < each.threshold]
    assert "outgunned, leaving" in below
    for name in below:
        assert found[name].offer < found[name].waiting
        assert best_answer(see(name)) < ACCEPT
    signing = [name for name in WARS if best_answer(see(name)) > ACCEPT]
    assert "overwhelmed" in signing
    for name in signing:
        assert found[name].offer > found[name].threshold
