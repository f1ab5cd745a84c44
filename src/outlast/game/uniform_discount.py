"""The same game with one discount at every state, for programs that know only one for each player.

A month of the conflict discounts once, in its last move. Here each of its K moves discounts by the K-th root, states
are held back until every path through a month has K moves, and a state d moves into the month is counted in units of

    c(i, d) = discount(i) ^ (d / K),

so that value, payments and noise there are 1 / c(i, d) of what they were. Choices are the same.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from outlast.game.explicit import ExplicitGame, GameError
from outlast.scenario.fault import Fault, Place


class Uniform(NamedTuple):
    """The game with one discount, and the place in it of each state of the original."""

    game: ExplicitGame
    place: np.ndarray


def with_uniform_discount(game: ExplicitGame) -> Uniform:
    """Return an equivalent game in which every state discounts by the same factor.

    Args:
        game: without a private type; every state discounts by one and the same vector, or not at all, and play cannot
            come back to a state without passing one that discounts.

    Raises:
        GameError: if the game is of another form.
    """
    closes = (game.discount != 1).any(axis=0) & (game.counts > 0)
    if not closes.any():
        raise GameError([_fault("no state that discounts", "play that goes on for ever is not worth a finite sum")])
    factor = game.discount[:, closes][:, 0]
    if (game.discount[:, closes] != factor[:, None]).any():
        raise GameError([_fault("several discounts", "one move would have to count as several")])
    depth = _depths(game, closes)
    return _Builder(game, closes, factor, depth).build()


def _fault(found: str, reason: str) -> Fault:
    remedy = "use one discount for each player, at one kind of move"
    return Fault(Place(path="discount"), found, "one discount or none at every state", reason, remedy)


def _depths(game: ExplicitGame, closes: np.ndarray) -> np.ndarray:
    """Return how many moves at most lie between a discounting move and each state; discounting states come last."""
    inside = (game.chance > 0) & ~closes[game.row_state[game.edge_row]]
    heads, tails = game.row_state[game.edge_row[inside]], game.successor[inside]
    depth = np.zeros(game.states, dtype=int)
    for _ in range(game.states + 1):
        after = depth.copy()
        np.maximum.at(after, tails, depth[heads] + 1)
        if (after == depth).all():
            break
        depth = after
    else:
        raise GameError([_fault("play that comes back without discounting", "it would have no last move")])
    depth[closes] = depth.max()
    return depth


class _Builder:
    """States of the new game: those of the old one, then those where play is held back."""

    def __init__(self, game: ExplicitGame, closes: np.ndarray, factor: np.ndarray, depth: np.ndarray) -> None:
        self.game, self.closes, self.depth = game, closes, depth
        self.moves = int(depth.max()) + 1
        self.step = factor ** (1 / self.moves)
        self.held: dict[tuple[int, int], int] = {}
        self.waits: list[tuple[int, int]] = []

    def entry(self, target: int, depth: int) -> int:
        """Return the state that stands for a target at a depth: itself, or one that is held back."""
        if depth == self.depth[target]:
            return target
        key = (target, depth)
        if key not in self.held:
            self.held[key] = self.game.states + len(self.waits)
            self.waits.append(key)
        return self.held[key]

    def build(self) -> Uniform:
        game = self.game
        heads = game.row_state[game.edge_row]
        begins = np.where(self.closes[heads], 0, self.depth[heads] + 1)
        successor = [self.entry(int(t), int(d)) for t, d in zip(game.successor, begins, strict=True)]
        after = []
        for target, depth in self.waits:  # grows while it is read: what is held back is held back again
            after.append(self.entry(target, depth + 1))
        owner, depth = (np.asarray(part, dtype=int) for part in zip(*self.waits, strict=True)) if after else ([], [])
        scale = self.step[:, None] ** -np.append(self.depth, depth)
        more = len(after)
        pay = np.concatenate([game.pay * scale[:, game.row_state], np.zeros((len(game.pay), more))], axis=1)
        mover = np.append(game.mover, np.full(more, -2))
        own = scale[np.maximum(mover, 0), np.arange(len(mover))]
        whole: Any = ExplicitGame(
            players=game.players,
            first=np.append(game.first, game.first[-1] + 1 + np.arange(more)),
            mover=mover,
            pay=pay,
            edge=np.append(game.edge, game.edge[-1] + 1 + np.arange(more)),
            successor=np.append(successor, after),
            chance=np.append(game.chance, np.ones(more)),
            discount=np.repeat(self.step[:, None], game.states + more, axis=1),
            noise=np.append(game.noise, np.ones(more)) * own,
            value=np.concatenate([game.value, np.zeros((len(game.value), more))], axis=1) * scale,
            state_names=self._names(owner, depth),
            action_names=None if game.action_names is None else (*game.action_names, *["wait"] * more),
        )
        return Uniform(whole, np.arange(game.states))

    def _names(self, owner: Any, depth: Any) -> tuple[str, ...] | None:
        names = self.game.state_names
        if names is None:
            return None
        return (*names, *(f"{names[o]} in {self.depth[o] - d} moves" for o, d in zip(owner, depth, strict=True)))
