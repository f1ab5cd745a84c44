"""The game in which everybody knows the type: complete information out of a game with a private one."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from outlast.game.explicit import NOBODY, ExplicitGame
from outlast.game.layers import TYPED


def known_type(game: ExplicitGame, kind: str) -> ExplicitGame:
    """Return the game without a private type whose player is of the type ``kind``; actions it cannot take are gone.

    Raises:
        ValueError: if nobody has a private type, or none is called ``kind``.
    """
    private = game.private
    if private is None or kind not in private.types:
        held = "nobody has a private type" if private is None else f"the types are {' and '.join(private.types)}"
        raise ValueError(f"no type {kind!r} in this game: {held}")
    place = private.types.index(kind)
    typed = game.mover == TYPED
    rows = np.arange(game.rows)
    if game.able is not None:
        rows = rows[np.asarray(game.able)[place] | ~typed[game.row_state]]
    edges = np.flatnonzero(np.isin(game.edge_row, rows))
    accounts = [place, *range(2, len(game.accounts))]
    pay = game.pay if game.lift is None or place == 0 else game.pay + game.lift
    return replace(
        game,
        players=(private.player, *game.accounts[2:]),
        first=np.searchsorted(rows, game.first),
        mover=np.where(typed, 0, np.where(game.mover >= 2, game.mover - 1, NOBODY)),
        pay=pay[accounts][:, rows],
        edge=np.append(0, np.cumsum(np.diff(game.edge)[rows])),
        successor=game.successor[edges],
        chance=game.chance[edges],
        discount=game.discount[accounts],
        value=game.value[accounts],
        private=None,
        able=None,
        lift=None,
        action_names=None if game.action_names is None else tuple(game.action_names[row] for row in rows),
    )
