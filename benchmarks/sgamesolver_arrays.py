"""Write an explicit game as the arrays that sgamesolver reads: a stochastic game in which everyone always moves.

One mover per state becomes a game where all others have a single action. A state of chance, and an end, are states
where nobody has a choice; an end leads to itself and pays its value's interest, so that its value is the one given.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np

from outlast.game.explicit import ExplicitGame


def write_arrays(game: ExplicitGame, file: Path) -> None:
    """Write the arrays to a NumPy file, padded to a rectangle; what is no action has payoff nan.

    ``payoffs`` is ``(states, players, actions of each player)``, ``transitions`` ``(states, actions of each player,
    states)``; ``action_counts`` ``(states, players)`` says which entries are there, ``discounts`` has the players'.

    Raises:
        ValueError: if the game has a private type, or a player no single discount below one.
    """
    players, live = len(game.players), game.counts > 0
    discounts = game.discount[:, live].max(axis=1)
    if game.private is not None or (game.discount[:, live] != discounts[:, None]).any() or not (discounts < 1).all():
        raise ValueError("sgamesolver takes games without a private type, with one discount below 1 for each player")
    counts = np.ones((game.states, players), dtype=int)
    chosen = np.flatnonzero(game.counts > 1)
    counts[chosen, game.mover[chosen]] = game.counts[chosen]
    payoffs = np.full((game.states, players, *counts.max(axis=0)), np.nan)
    transitions = np.zeros((game.states, *counts.max(axis=0), game.states))
    for state in range(game.states):
        actions = max(int(game.counts[state]), 1)
        pay, move = np.zeros((players, actions)), np.zeros((actions, game.states))
        if not live[state]:
            pay[:, 0] = (1 - discounts) * game.value[:, state]
            move[0, state] = 1
        for a, row in enumerate(range(int(game.first[state]), int(game.first[state + 1]))):
            span = slice(int(game.edge[row]), int(game.edge[row + 1]))
            pay[:, a] = game.pay[:, row]
            np.add.at(move[a], game.successor[span], game.chance[span])
        inside = tuple(slice(n) for n in counts[state])
        payoffs[(state, slice(None), *inside)] = pay.reshape(players, *counts[state])
        transitions[(state, *inside, slice(None))] = move.reshape(*counts[state], game.states)
    np.savez_compressed(file, payoffs=payoffs, transitions=transitions, action_counts=counts, discounts=discounts)
