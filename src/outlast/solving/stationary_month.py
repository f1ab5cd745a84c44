"""The month of a conflict as a map whose fixed point is its stationary equilibrium.

Values of the war and of every peace go in and come out one month earlier; so do the log odds at typed nodes, where the
month's own small equilibria are found again from those that go in. They are part of the point: a node may have several
equilibria, and a map that looked for one anew every time would jump between them.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np

from outlast.game import Game
from outlast.game.layers import Decision
from outlast.solving.backward import Months, levels_of
from outlast.solving.month import Proof, Ready, Start, Workspace, solve_month

TOLERANCE = 1e-11
"""Largest log-odds gap left at a typed node: what is left is an error of the map."""
Point = dict[str, Any]


class StationaryMonth:
    """One month that comes back for ever: that of month 0, with its numbers and without what the calendar holds later.

    A point is ``{"values": {station: ...}, "odds": {station: ...}}``, in double precision.
    """

    def __init__(self, game: Game, *, month: int = 0, convention: str = "expectation") -> None:
        """Take the month of a game whose numbers hold for ever."""
        months = Months(game.rules, game.inputs)
        self.month: tuple[Ready, ...] = months[month]
        self.played = months.played(self.month)
        self.levels: np.ndarray = levels_of(game.rules, game.inputs)
        self.terminal: dict[str, np.ndarray] = game.rules.terminal(game.inputs)
        self.names: tuple[str, ...] = game.rules.tomorrow
        self.space = Workspace(
            self.levels, accounts=len(game.rules.kinds), tolerance=TOLERANCE, inclusive=convention == "logsumexp"
        )
        self.maps = 0
        self.proof = Proof()

    def start(self) -> Point:
        """Return the point that the last month of a calendar begins with: the war of that day, pooling."""
        _, _, odds, _ = solve_month(self.month, self.terminal, {}, self.space, self.played)
        return {"values": self.terminal, "odds": {name: np.array(found) for name, found in odds.items()}}

    def before(self, point: Point, scale: float = 1.0) -> Point:
        """Return the point one month earlier; ``scale`` multiplies every noise."""
        starts = {name: Start(np.array(odds), np.zeros_like(odds)) for name, odds in point["odds"].items()}
        values = {name: np.asarray(value, dtype=float) for name, value in point["values"].items()}
        stations, _, odds, proofs = solve_month(self._scaled(scale), values, starts, self.space, self.played)
        self.maps += 1
        self.proof = Proof()
        for proof in proofs.values():
            self.proof = self.proof.worst(proof)
        return {
            "values": {name: np.array(stations[name]) for name in self.names},
            "odds": {name: np.array(found) for name, found in odds.items()},
        }

    def _scaled(self, scale: float) -> tuple[Ready, ...]:
        found = []
        for ready in self.month:
            layer = ready.layer
            if isinstance(layer, Decision):
                ready = replace(ready, layer=replace(layer, noise=layer.noise * scale))
            found.append(ready)
        return tuple(found)
