"""Spell a conflict out as an explicit game, for other programs and for the stationary solution."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from outlast.game import Game
from outlast.game.gambit import LARGEST
from outlast.game.layers import Layer
from outlast.game.spelled import calendar_game, stationary_game
from outlast.game.spelling import Months, Spelled
from outlast.solving.backward import levels_of

STATES = 100_000
"""Most states of a stationary game that is spelled out."""


def spell_calendar(game: Game, *, largest: int = LARGEST) -> Spelled:
    """Return all months of a game, from its start to what the solver holds for the value after the last one.

    Args:
        game: compiled for as many months as are wanted.
        largest: most nodes of its tree.

    Raises:
        GameError: if the tree would be larger (how large, and what would fit), or a menu lists one deal twice.
    """
    return calendar_game(game, _months(game, last=game.shape.months), largest=largest)


def spell_stationary(game: Game, *, largest: int = STATES) -> Spelled:
    """Return the first month of a game as one that comes back for ever, as far as its start reaches.

    Args:
        game: compiled; its calendar beyond the first month is not read.
        largest: most states.

    Raises:
        GameError: if the game may have more states (how many, and what would fit), or a menu lists one deal twice.
    """
    return stationary_game(game, _months(game, last=None), largest=largest)


def _months(game: Game, *, last: int | None) -> Months:
    make = game.rules.months(game.inputs)

    def of_month(month: int) -> Sequence[Layer]:
        return make(0 if last is None else month)

    terminal: dict[str, np.ndarray] = {} if last is None else game.rules.terminal(game.inputs)
    levels = levels_of(game.rules, game.inputs)
    return Months(of_month, terminal, last, levels, game.shape.cells, len(game.rules.kinds))
