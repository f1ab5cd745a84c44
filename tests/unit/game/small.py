"""A small uneven grid, the laws with plain numbers, and how far a step moves a stock in the mean."""

from __future__ import annotations

from typing import Any

import numpy as np

from outlast.game.grid import STOCKS, Grid
from outlast.game.layers import Step
from outlast.game.mechanisms import (
    Alignment,
    Aspiration,
    Endurance,
    Front,
    Guarantees,
    HomeFront,
    Manpower,
    Packages,
    Patience,
    Resumption,
    Styles,
    TalksShield,
)

LEVELS = {
    "territory": (0.0, 0.2, 0.3, 0.6, 1.0),
    "forces": (0.5, 1.0, 1.25),
    "endurance": (0.0, 0.25, 0.6, 1.0),
    "patience": (0.0, 0.25, 0.5, 1.0),
}
BELIEFS = (0.0, 0.25, 0.6, 1.0)

LAWS: dict[str, tuple[type, dict[str, Any]]] = {
    "alignment": (Alignment, {"alliances_denied": (0.03, 0.07), "no_guarantor": (0.01, 0.04)}),
    "aspiration": (
        Aspiration,
        {
            "aspiration": (0.4, 0.9),
            "audience_cost": (0.12, 0.25),
            "sunk_cost": 0.002,
            "prewar_line": 0.1,
            "win_territory": 1.5,
            "win_demilitarised": 0.25,
            "win_alliances_denied": 0.3,
            "win_no_guarantor": 0.2,
        },
    ),
    "endurance": (
        Endurance,
        {
            "fatigue": 0.002,
            "losses": 0.008,
            "recovery_sustain": 0.004,
            "recovery_surge": 0.007,
            "recovery_peace": 0.012,
            "war_cost": 0.15,
            "war_cost_slope": 1.0,
        },
    ),
    "front": (Front, {"pace": 0.004, "decisiveness": 2.0, "supply_sustain": 0.4, "supply_surge": 0.7}),
    "guarantees": (
        Guarantees,
        {
            "penalty": (0.01, 0.04, 0.15),
            "renege_cost": (0.0, 0.03, 0.15),
            "renege_patience": (0.0, 0.1, 0.25),
            "standing_cost": (0.0, 0.002, 0.012),
            "automatic": (0.0, 0.0, 0.5),
            "honour_cost": 0.02,
            "honour_cost_slope": 2.0,
            "automatic_penalty": 0.1,
        },
    ),
    "home_front": (HomeFront, {"war_cost": 0.25, "exposure": 0.25, "casualty_weight": (0.05, 0.02)}),
    "manpower": (
        Manpower,
        {"losses": 0.05, "rate": (0.03, 0.01), "size": (0.1, 0.05), "price": (0.1, 0.5)},
    ),
    "packages": (
        Packages,
        {"sanctions_relief": 0.03, "arms": 0.15, "alliances": 0.05, "cession_cost": 0.1, "phased_share": 0.5},
    ),
    "patience": (Patience, {"drift": 0.0035, "attention_drift": 0.008, "fruitless": 0.0015, "rally": 0.15}),
    "resumption": (
        Resumption,
        {"attack_cost": 0.03, "rearm": 0.01, "relief_rearm": 0.004, "demilitarised_cap": 0.45},
    ),
    "styles": (
        Styles,
        {
            "challenger_discount": (0.98, 0.992),
            "defender_discount": 0.99,
            "patron_discount": 0.987,
            "patron_credit": 0.03,
            "challenger_round_cost": 0.001,
            "patron_round_cost": 0.003,
        },
    ),
    "talks_shield": (TalksShield, {"supply": 0.015, "punish": 0.04}),
}


def law(name: str, **numbers: Any) -> Any:
    """Return a law with the numbers above, some of them replaced."""
    kind, usual = LAWS[name]
    return kind(**{field: np.asarray(value, dtype=float) for field, value in (usual | numbers).items()})


def grid(**levels: tuple[float, ...]) -> Grid:
    """Return the small grid, with other levels of some stocks."""
    axes = tuple(np.asarray((LEVELS | levels)[stock], dtype=float) for stock in STOCKS)
    return Grid((axes[0], axes[1], axes[2], axes[3]), np.asarray(BELIEFS))


def only(moves: tuple[Step, ...]) -> Step:
    """Return the one step of a month without a spread, which is taken whole."""
    (step,) = moves
    return step


def drift(on: Grid, stock: str, step: Step) -> np.ndarray:
    """Return the mean move of a stock over a step, by cell on the last axis."""
    here = np.asarray(on.of(stock))
    above, below = np.roll(here, -step.stride), np.roll(here, step.stride)
    return np.asarray(step.up) * (above - here) + np.asarray(step.down) * (below - here)


def inside(on: Grid, stock: str) -> np.ndarray:
    """Return which cells have a neighbour on both sides along a stock's axis."""
    return np.asarray((on.lowest(stock) == 0) & (on.highest(stock) == 0))


def at(on: Grid, **where: float) -> np.ndarray:
    """Return which cells lie at the given values of some stocks."""
    chosen = np.ones(on.cells, dtype=bool)
    for stock, value in where.items():
        chosen &= np.isclose(np.asarray(on.of(stock)), value)
    assert chosen.any(), where
    return chosen
