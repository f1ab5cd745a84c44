"""The first months of a conflict as an explicit game.

States are named by month, station and the levels of the stocks; actions by what they are in the scenario.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from outlast.game.compile import Game
from outlast.game.explicit import GameError, Private
from outlast.game.month import POSTURES
from outlast.game.shape import BY_TYPE
from outlast.game.spelling import Months, Row, Spelled, Speller, Spot, collect
from outlast.game.spelling_checks import large_tree_fault
from outlast.game.start import prior, start_cell

PARTIES = ("challenger", "defender", "patron")
TALKS = ("silence", "talks")
BY_PACKAGE = ("heard.challenger", "heard.patron", "backed", "vetted", "answer", "signed")


def calendar_game(game: Game, months: Months, *, largest: int) -> Spelled:
    """Spell out the months from the start, in the order of play.

    Args:
        game: the conflict.
        months: its layers.
        largest: most paths; more are refused as soon as they are counted, before anything is laid out.
    """
    speller = Speller(months)
    begin = speller.settle(Spot(0, "war", (), start_cell(game)))
    spots: list[Spot] = []
    coming: dict[Spot, float] = {begin: 1.0}
    sizes: list[float] = [1.0]
    kinds = len(BY_TYPE)
    for month in range(months.last + 1):
        found, coming, paths = _followed(speller, month, coming)
        spots += found
        sizes.append(sizes[-1] + kinds * paths)
        if sizes[-1] > largest:
            raise GameError([large_tree_fault(sizes, months.last, largest)])
    return _collected(game, speller, spots)


def _followed(speller: Speller, month: int, coming: dict[Spot, float]) -> tuple[list[Spot], dict[Spot, float], float]:
    """Return the spots of a month, those of the month after with the paths to each, and the paths of this month."""
    here = {spot: n for spot, n in coming.items() if spot.month == month}
    after = {spot: n for spot, n in coming.items() if spot.month > month}
    if month == speller.months.last:
        return list(here), {}, sum(here.values())
    waiting: dict[str, dict[Spot, float]] = {station: {} for station in speller.view(month)}
    for spot, n in here.items():
        waiting[spot.station][spot] = n
    found: list[Spot] = []
    paths = 0.0
    for at in waiting.values():
        for spot, n in at.items():
            found.append(spot)
            paths += n
            for row in speller.entry(spot).rows:
                for target in dict.fromkeys(speller.settle(to) for to, _ in row.to):
                    into = after if target.month > month else waiting[target.station]
                    into[target] = into.get(target, 0.0) + n
    return found, after, paths


def _collected(game: Game, speller: Speller, spots: list[Spot]) -> Spelled:
    private = Private("challenger", (BY_TYPE[0], BY_TYPE[1]), prior(game))
    return collect(speller, spots, players=PARTIES, private=private, words=Words(game, speller))


class Words:
    """Names of states and actions."""

    def __init__(self, game: Game, speller: Speller) -> None:
        """Take the words of a game."""
        self.game, self.speller = game, speller
        self.sizes = game.shape.sizes
        self.levels = [np.asarray(axis) for axis in game.inputs.grid.levels]

    def state(self, spot: Spot) -> str:
        """Return the name of a state: month, station and its index, levels of the stocks."""
        places = np.unravel_index(spot.cell, self.sizes)
        levels = " ".join(f"{axis[int(place)]:g}" for axis, place in zip(self.levels, places, strict=True))
        index = "".join(f" {word}" for word in self._index(spot))
        return f"month {spot.month} {spot.station}{index} [{levels}]"

    def _index(self, spot: Spot) -> list[str]:
        if spot.station in BY_PACKAGE:
            return [self.game.labels.packages[spot.index[0]]]
        if spot.station == "posture":
            return [TALKS[spot.index[0]]]
        if spot.station == "battle":
            return [POSTURES[spot.index[0]], TALKS[spot.index[1]]]
        return [f"phase {place}" for place in spot.index]

    def action(self, spot: Spot, row: Row) -> str:
        """Return the name of an action."""
        if spot.month == self.speller.months.last:
            return ""
        layer: Any = self.speller.view(spot.month)[spot.station]
        actions = getattr(layer, "actions", None)
        if actions is None:
            return "chance"
        action = actions[row.block]
        if not action.fan:
            return action.name
        return (POSTURES if spot.station == "posture" else self.game.labels.packages)[row.fan]
