"""Who plays in a game tree: the players, or one of their agents for each kind of decision.

Gambit has one precision for all decisions and applies it to payoffs discounted to the start. An agent decides where the
noise and the discount up to there are the same, and counts payoffs in that unit,

    payoff of the agent = payoff of its player / (noise x discount),

so that precision 1 is the noise of the game at every node. Agent equilibria of the two are the same (each node is
decided for itself); equilibria of players with one precision are another game's.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

import numpy as np

from outlast.game.explicit import ExplicitGame
from outlast.game.layers import TYPED

DIGITS = 12
"""Significant digits to which two units are the same."""


class Cast(Protocol):
    """Names of those who play, who plays where, and what everyone is paid."""

    @property
    def names(self) -> Sequence[str]:
        """Return their names, in the order in which the file counts them from 1."""
        ...

    def number(self, node: int, state: int) -> int:
        """Return who plays at a node."""
        ...

    def pays(self, total: np.ndarray, kind: int | None) -> list[float]:
        """Return the payoffs of all from those of the accounts, given the type drawn."""
        ...


def accounts_of(game: ExplicitGame, kind: int | None) -> list[int]:
    """Return the account of each player in the game's order, given the type drawn."""
    if game.private is None or kind is None:
        return list(range(len(game.players)))
    return [kind if name == game.private.player else game.accounts.index(name) for name in game.players]


def player_of(game: ExplicitGame, state: int) -> int:
    """Return the place of the player that moves at a state."""
    mover = int(game.mover[state])
    if mover == TYPED and game.private is not None:
        return game.players.index(game.private.player)
    return game.players.index(game.accounts[mover])


class Players:
    """The players of the game themselves."""

    def __init__(self, game: ExplicitGame) -> None:
        """Take the game."""
        self.game, self.names = game, game.players

    def number(self, node: int, state: int) -> int:
        """Return who plays at a node."""
        return player_of(self.game, state) + 1

    def pays(self, total: np.ndarray, kind: int | None) -> list[float]:
        """Return the payoffs of all from those of the accounts, given the type drawn."""
        return [float(total[i]) for i in accounts_of(self.game, kind)]


class Agents:
    """One agent for each player and each unit (noise times discount, by type) in which its decisions are counted."""

    def __init__(self, game: ExplicitGame, state: Sequence[int], discount: Sequence[np.ndarray]) -> None:
        """Take the game and, of each node, its state and what each account's value there counts at the start."""
        self.game, self.state, self.discount = game, state, discount
        self.units: dict[tuple[int, tuple[str, ...]], int] = {}
        self.names: list[str] = []
        self.scales: list[tuple[int, tuple[float, ...]]] = []
        self.places: dict[int, int] = {}
        for node, at in enumerate(state):
            if game.counts[at] > 1:
                self.places[node] = self._place(node, at)

    def _place(self, node: int, state: int) -> int:
        game, player = self.game, player_of(self.game, state)
        kinds = (0, 1) if game.private is not None else (None,)
        accounts = [accounts_of(game, kind)[player] for kind in kinds]
        noise = float(game.noise[state])
        counts = tuple(float(self.discount[node][account]) for account in accounts)
        unit = tuple(noise * count for count in counts)
        key = (player, tuple(f"{one:.{DIGITS}g}" for one in unit))
        if key not in self.units:
            self.units[key] = len(self.names)
            self.scales.append((player, unit))
            later = "" if set(counts) == {1.0} else " x " + " or ".join(dict.fromkeys(f"{c:.6g}" for c in counts))
            self.names.append(f"{game.players[player]}, noise {noise:g}{later}")
        return self.units[key]

    def number(self, node: int, state: int) -> int:
        """Return who plays at a node."""
        return self.places[node] + 1

    def pays(self, total: np.ndarray, kind: int | None) -> list[float]:
        """Return the payoffs of all from those of the accounts, given the type drawn."""
        accounts = accounts_of(self.game, kind)
        return [float(total[accounts[player]]) / unit[kind or 0] for player, unit in self.scales]
