"""Solve a game with a private type exactly: the belief after every history, without a grid of beliefs.

    odds(after a) = odds + log p1(a) - log p0(a)

Chances depend on values, values of those who do not know the type depend on beliefs, and beliefs depend on the chances
of moves before: a fixed point over all public histories at once, followed down from high noise like a stationary game.
It is the agent logit equilibrium of the game tree in which chance draws the type first.

An action that a type cannot take has a chance of exactly 0 for it, whatever the action pays. What only one type can
take shows that type for certain. Bayes' rule says nothing after an action that nobody still thought possible can take;
there the belief stays what it was (``outlast.game.explicit_histories``).
"""

from __future__ import annotations

import time
from dataclasses import dataclass, field

import numpy as np

from outlast.game.explicit import ExplicitGame
from outlast.game.explicit_histories import Histories, histories_of
from outlast.solving.crossing import WIDTH
from outlast.solving.explicit import TRUSTED
from outlast.solving.explicit_map import ExplicitMap
from outlast.solving.newton import single_threaded
from outlast.solving.stationary import NoisePath, Stationary, solve_stationary


@dataclass(frozen=True)
class TypesSolution:
    """Values, choices and beliefs at every public history.

    Histories are told by what was done: ``solution.at("enter", "fight")`` is the node after those actions from the
    first state; a move of chance is told by the state it leads to, and may be left out where only one can follow.
    """

    histories: Histories
    convention: str
    values: np.ndarray = field(repr=False)
    """``(accounts, nodes)``: the two types first."""
    chances: np.ndarray = field(repr=False)
    """Chance of each row by the first type, the second, and pooled, ``(3, rows)``; equal where the mover has none."""
    beliefs: np.ndarray = field(repr=False)
    """Chance of the second type at every node."""
    residual: float
    """Largest gap of a value, or of the log odds of a belief, to what the equilibrium and Bayes' rule say."""
    outcome: str
    trusted: bool
    seconds: float
    stationary: Stationary = field(repr=False)

    @property
    def warnings(self) -> tuple[str, ...]:
        """Return where the branch turned, met another, or stopped."""
        return self.stationary.warnings

    def at(self, *names: str) -> int:
        """Return the node after the named actions and states of chance, from the first state."""
        node = 0
        for name in names:
            node = self.histories.child(self._past_chance(node, name), name)
        return node

    def _past_chance(self, node: int, name: str) -> int:
        """Skip nodes with one action and one successor, unless the name is the way on."""
        game = self.histories.game
        while game.counts[node] == 1:
            row = int(game.first[node])
            reached = game.successor[game.edge[row] : game.edge[row + 1]]
            if len(reached) > 1 or game.action_name(row) == name or self.histories.state_name(reached[0]) == name:
                break
            node = int(reached[0])
        return node

    def chance(self, node: int, action: str, *, type: str | None = None) -> float:
        """Return the chance of an action at a node: of one type, or as those see it who do not know the type."""
        game = self.histories.game
        kind = 2 if type is None else game.accounts.index(type)
        for row in range(int(game.first[node]), int(game.first[node + 1])):
            if game.action_name(row) == action:
                return float(self.chances[kind, row])
        raise KeyError(f"no action of {self.histories.state_name(node)!r} is called {action!r}")

    def value(self, node: int, account: str) -> float:
        """Return what an account expects at a node."""
        return float(self.values[self.histories.game.account_index(account), node])

    def belief(self, node: int) -> float:
        """Return the public chance of the second type at a node."""
        return float(self.beliefs[node])


def solve_exactly(
    game: ExplicitGame,
    *,
    moves: int | None = None,
    convention: str = "expectation",
    path: NoisePath | None = None,
    tolerance: float = 1e-11,
    watch: float | None = WIDTH,
) -> TypesSolution:
    """Find the agent logit equilibrium on the principal branch, with the exact belief after every history.

    Args:
        game: with a private type.
        moves: stop after so many moves, at ``game.value`` of the state then reached; needed where play can come back.
        convention: value of a choice to its mover: ``expectation`` or ``logsumexp``.
        path: where the branch is entered and how it is stepped along; chosen from the payoffs when None.
        tolerance: largest gap of values and log odds, relative to the largest of them.
        watch: look for other branches that meet the principal one, to this relative width of noise; None does not.

    Raises:
        GameError: if there are too many histories, or play can come back and ``moves`` is None.
    """
    begun = time.perf_counter()
    if game.private is None:
        raise ValueError("nobody has a private type in this game: use solve_explicit")
    histories = histories_of(game, moves=moves)
    unfolded = histories.game
    with single_threaded():
        of = ExplicitMap(unfolded, convention, histories)
        start = of.join(np.zeros((of.accounts, len(of.live))))[:-1]
        found = solve_stationary(of, start, path=path or _entry(unfolded), tolerance=tolerance, watch=watch)
        values, odds = of.split(np.append(found.values, 0.0))
        replies = of.replies(values, odds, found.scale)
    first, second = replies.chances
    belief = of.belief(odds)[histories.belief]
    pooled = first + belief[unfolded.row_state] * (second - first)
    size = max(1.0, float(np.abs(found.values).max(initial=0.0)))
    return TypesSolution(
        histories=histories,
        convention=convention,
        values=of.full(values),
        chances=np.stack([first, second, pooled]),
        beliefs=belief,
        residual=found.residual,
        outcome=found.outcome,
        trusted=found.reached and found.residual <= TRUSTED * size,
        seconds=time.perf_counter() - begun,
        stationary=found,
    )


def _entry(game: ExplicitGame) -> NoisePath:
    """Return a path from noise at which all payments of the game together move no choice by much."""
    stake = float(np.abs(game.pay).max(initial=0.0) + np.abs(game.value).max(initial=0.0))
    quietest = float(game.noise[game.counts > 1].min(initial=1.0))
    return NoisePath(start=max(1.0, 4 * stake / quietest))
