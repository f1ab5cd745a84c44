"""Wars small enough to be written down state by state: the starter with few levels, few packages and no calendar."""

from __future__ import annotations

import tomllib
from collections.abc import Sequence
from typing import Any

import numpy as np

import outlast as ol
from outlast.game import Game
from outlast.scenario.shipped import shipped_path

LEVELS = {
    "territory": {"line": 0.4, "all": 1.0},
    "forces": {"worn": 0.6, "start": 1.0},
    "endurance": {"broken": 0.0, "fresh": 1.0},
    "patience": {"gone": 0.0, "resolute": 1.0},
}
BELIEFS = (0.0, 0.25, 0.5, 0.75, 1.0)


def tiny_words(*, beliefs: Sequence[float] = BELIEFS, **levels: dict[str, float]) -> dict[str, Any]:
    """Return the words of a war with two levels per stock, without events or claims; ``levels`` replaces a stock's."""
    path = shipped_path("starter")
    assert path is not None
    words = tomllib.loads(path.read_text(encoding="utf-8"))
    words["events"], words["claims"] = [], []
    words["belief"] = {"staller": 0.5, "levels": [float(b) for b in beliefs]}
    for stock, names in LEVELS.items():
        words["stocks"][stock]["levels"] = levels.get(stock, names)
    for stock in ("endurance", "patience"):
        words["stocks"][stock]["start"] = 1.0
    return words


def tiny_game(
    months: int,
    words: dict[str, Any] | None = None,
    *,
    packages: tuple[str, ...] = ("soft_neutrality",),
    resolution: str = "standard",
) -> Game:
    """Return a tiny war compiled for so many months and packages."""
    scenario = ol.read(tiny_words() if words is None else words).with_packages(packages)
    return ol.compile(scenario, resolution=resolution, months=months)


def evenly(levels: int) -> np.ndarray:
    """Return so many beliefs from 0 to 1, equally far apart."""
    return np.linspace(0, 1, levels)
