"""Write an explicit game as the arrays that sgamesolver reads: a stochastic game in which everyone always moves.

One mover per state becomes a game where all others have a single action. A state of chance, and an end, are states
where nobody has a choice; an end leads to itself and pays its value's interest, so that its value is the one given.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from outlast.game.explicit import ExplicitGame, GameError
from outlast.scenario.fault import Fault, Place

LARGEST = 2**27
"""Most numbers in the transition array: a gigabyte."""


@dataclass(frozen=True)
class StochasticGame:
    """Arrays by state and by the actions of all players at once; the axes of those without a choice have length one."""

    payoffs: tuple[np.ndarray, ...] = field(repr=False)
    """Of each state, ``(players, actions of the first, ..., of the last)``."""
    transitions: tuple[np.ndarray, ...] = field(repr=False)
    """Of each state, ``(actions of the first, ..., of the last, states)``."""
    discounts: np.ndarray
    """Of each player, below one."""
    precisions: np.ndarray
    """One over the noise of each state."""
    mover: np.ndarray
    """Player that moves at each state; -1 where nobody has a choice."""


def numbers_of(game: ExplicitGame) -> int:
    """Return how many numbers the transition array has, padded to the most actions of each player."""
    most = [int(game.counts[game.mover == i].max(initial=1)) for i in range(len(game.players))]
    return int(np.prod([float(n) for n in most])) * game.states**2


def stochastic_game(game: ExplicitGame, *, largest: int = LARGEST) -> StochasticGame:
    """Return the arrays of a game without a private type.

    Args:
        game: every state discounts by the same factor, below one for every player.
        largest: most numbers in the transition array; a larger game is refused before any work.

    Raises:
        GameError: if the game cannot be written like this, with the reason and a way out.
    """
    faults = [*_faults(game, largest)]
    if faults:
        raise GameError(faults)
    players = len(game.players)
    discounts = _discounts(game)
    payoffs, transitions = [], []
    for state in range(game.states):
        actions = max(int(game.counts[state]), 1)
        mover = max(int(game.mover[state]), 0)
        pay, move = np.zeros((players, actions)), np.zeros((actions, game.states))
        if game.counts[state] == 0:
            pay[:, 0] = (1 - discounts) * game.value[:, state]
            move[0, state] = 1
        for a, row in enumerate(range(int(game.first[state]), int(game.first[state + 1]))):
            span = slice(int(game.edge[row]), int(game.edge[row + 1]))
            pay[:, a] = game.pay[:, row]
            np.add.at(move[a], game.successor[span], game.chance[span])
        shape = [1] * players
        shape[mover] = actions
        payoffs.append(pay.reshape(players, *shape))
        transitions.append(move.reshape(*shape, game.states))
    mover = np.where(game.counts > 1, game.mover, -1)
    return StochasticGame(tuple(payoffs), tuple(transitions), discounts, 1 / game.noise, mover)


def _discounts(game: ExplicitGame) -> np.ndarray:
    live = game.counts > 0
    return game.discount[:, live][:, 0] if live.any() else np.full(len(game.players), 0.5)


def _faults(game: ExplicitGame, largest: int) -> list[Fault]:
    faults = []

    def add(path: str, found: str, rule: str, reason: str, remedy: str) -> None:
        faults.append(Fault(Place(path=path), found, rule, reason, remedy))

    if game.private is not None:
        reason = "sgamesolver knows no private types"
        add("private", "a private type", "no private type", reason, "drop the type")
    live = game.counts > 0
    discounts = _discounts(game)
    if (np.abs(game.discount[:, live] - discounts[:, None]) > 1e-12).any():
        reason = "sgamesolver has one discount factor for each player"
        remedy = "use one discount for every state"
        add("discount", "different discounts at different states", "one for each player", reason, remedy)
    elif not (discounts < 1).all():
        reason = "an end becomes a state that pays for ever"
        add("discount", f"{discounts.max():g}", "below 1", reason, "use a discount below 1")
    size = numbers_of(game)
    if size > largest:
        most = int((largest / (size / game.states**2)) ** 0.5)
        found = f"{size:,} numbers ({8 * size / 2**30:.1f} GiB) for {game.states:,} states"
        remedy = f"use a coarser grid, or fewer months: about {most:,} states with as many actions would fit"
        reason = "sgamesolver stores the chance of every state after every state"
        add("states", found, f"at most {largest:,} numbers", reason, remedy)
    return faults


def write_arrays(game: StochasticGame, file: Path) -> None:
    """Write the arrays to a NumPy file, padded to a rectangle; what is no action has payoff nan.

    ``payoffs`` is ``(states, players, actions of each player)``, ``transitions`` ``(states, actions of each player,
    states)``; ``action_counts`` ``(states, players)`` says which entries are there.
    """
    players, states = len(game.discounts), len(game.payoffs)
    counts: Any = np.asarray([pay.shape[1:] for pay in game.payoffs])
    most = counts.max(axis=0)
    payoffs = np.full((states, players, *most), np.nan)
    transitions = np.zeros((states, *most, states))
    for s, (pay, move) in enumerate(zip(game.payoffs, game.transitions, strict=True)):
        inside = tuple(slice(n) for n in pay.shape[1:])
        payoffs[(s, slice(None), *inside)] = pay
        transitions[(s, *inside, slice(None))] = move
    arrays: dict[str, Any] = {
        "payoffs": payoffs,
        "transitions": transitions,
        "action_counts": counts,
        "discounts": game.discounts,
        "precisions": game.precisions,
        "mover": game.mover,
    }
    with file.open("wb") as out:
        np.savez_compressed(out, **arrays)
