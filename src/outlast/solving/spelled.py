"""Spell a conflict out as an explicit game, for other programs."""

from __future__ import annotations

from outlast.game import Game
from outlast.game.gambit import LARGEST
from outlast.game.spelled import calendar_game
from outlast.game.spelling import Months, Spelled
from outlast.solving.backward import levels_of


def spell_calendar(game: Game, *, largest: int = LARGEST) -> Spelled:
    """Return all months of a game, from its start to what the solver holds for the value after the last one.

    Args:
        game: compiled for as many months as are wanted.
        largest: most nodes of its tree.

    Raises:
        GameError: if the tree would be larger (how large, and what would fit), or a menu lists one deal twice.
    """
    make = game.rules.months(game.inputs)
    terminal, levels = game.rules.terminal(game.inputs), levels_of(game.rules, game.inputs)
    months = Months(make, terminal, game.shape.months, levels, game.shape.cells, len(game.rules.kinds))
    return calendar_game(game, months, largest=largest)
