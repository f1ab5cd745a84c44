"""Wars whose stocks have spreads: the small war with chance movements, breakthroughs, teeth and no end."""

from __future__ import annotations

from typing import Any

SPREADS: dict[str, Any] = {
    "territory": {
        "spread": 0.01,
        "breakthrough": {"rise": {"chance": 0.01, "size": 0.05}, "fall": {"chance": 0.02, "size": 0.05}},
    },
    "forces": {"spread": 0.03},
    "endurance": {"spread": 0.03},
    "patience": {"spread": 0.04},
}
LEVELS = {
    "territory": {"foothold": 0.1, "line": 0.4, "coast": 0.6, "all": 1.0},
    "forces": {"worn": 0.6, "start": 1.0, "reinforced": 1.4},
    "endurance": {"broken": 0.0, "steady": 0.75, "fresh": 1.0},
    "patience": {"gone": 0.0, "willing": 0.75, "resolute": 1.0},
}


def spread_words(*, months: int = 24, settled: int | None = 24, teeth: bool = True) -> dict[str, Any]:
    """Return the words of a small war over the starter, with spreads on few marks."""
    words: dict[str, Any] = {
        "scenario": {"base": "starter", "name": "spread", "months": months, "resolution": "coarse"},
        "belief": {"levels": [0.0, 0.25, 0.5, 0.75, 1.0]},
        "stocks": {name: {**each, "levels": LEVELS[name]} for name, each in SPREADS.items()},
    }
    if settled is not None:
        words["scenario"]["settled"] = settled
    if teeth:
        words["mechanisms"] = {
            "guarantees": {"automatic": {"none": 0.0, "soft": 0.0, "enforceable": 0.5}, "automatic_penalty": 0.3}
        }
    return words
