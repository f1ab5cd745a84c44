"""The public histories of an explicit game, as far as they matter: one node per state and per thing learnt on the way.

A move of the player with the private type is seen by all and moves the public belief. Two histories that reach the same
state after the same such moves are one node, and so are two that both show the type for certain, because only it could
have moved like that. Where nobody has a private type, nodes are states.

After an action that one type alone can take, everybody is certain of that type, whatever they thought before. Bayes'
rule is silent after an action that neither type can take, and after one that is closed to the type of which everybody
is certain; nobody plays it, and the belief stays what it was.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np

from outlast.game.explicit import ExplicitGame, GameError
from outlast.game.explicit_checks import cycle_fault, stages
from outlast.game.layers import TYPED
from outlast.scenario.fault import Fault, Place

PRIOR, CERTAIN_FIRST, CERTAIN_SECOND = 0, 1, 2
"""Numbers of the beliefs that follow from no other."""
MOST = 200_000
"""Most nodes that are laid out."""


@dataclass(frozen=True)
class Histories:
    """An explicit game without cycles whose states are the nodes, and the belief at each.

    Beliefs are numbered: the prior, certainty of the first type and of the second come first. Belief k > 2 follows
    belief ``parent[k]`` when row ``row[k]`` of ``game`` is taken by the player with the private type.
    """

    origin: ExplicitGame
    game: ExplicitGame
    state: np.ndarray = field(repr=False)
    """State of ``origin`` at each node."""
    belief: np.ndarray = field(repr=False)
    """Number of the belief at each node."""
    parent: np.ndarray = field(repr=False)
    row: np.ndarray = field(repr=False)

    def child(self, node: int, name: str) -> int:
        """Return the node after an action, or after a move of chance, named by the state that it leads to."""
        game = self.game
        rows = range(int(game.first[node]), int(game.first[node + 1]))
        for row in rows:
            reached = game.successor[game.edge[row] : game.edge[row + 1]]
            if len(reached) == 1 and (game.action_name(row) == name or self.state_name(reached[0]) == name):
                return int(reached[0])
            for at in reached:
                if self.state_name(at) == name:
                    return int(at)
        actions = ", ".join(game.action_name(row) for row in rows) or "none: play is over"
        raise KeyError(f"nothing called {name!r} follows at {self.state_name(node)!r}: its actions are {actions}")

    def state_name(self, node: int) -> str:
        """Return the name of the state at a node."""
        return self.origin.state_name(int(self.state[node]))


def histories_of(game: ExplicitGame, *, moves: int | None = None, most: int = MOST) -> Histories:
    """Lay out the histories from the first state.

    Args:
        game: where play comes back to a state, ``moves`` is needed.
        moves: stop after so many moves, at ``game.value`` of the state then reached; None plays to the ends.
        most: most nodes; a game with more is refused before any solving starts.
    """
    if moves is None and stages(game) is None:
        raise GameError([cycle_fault()])
    found = _Search(game, moves, most)
    found.run()
    return found.histories()


class _Search:
    """Nodes in the order in which they are reached: breadth first, so that later moves come later."""

    def __init__(self, game: ExplicitGame, moves: int | None, most: int) -> None:
        self.game, self.moves, self.most = game, moves, most
        self.places: dict[tuple[int, int, int], int] = {}
        self.nodes: list[tuple[int, int, int]] = []
        self.parent, self.row = [PRIOR, CERTAIN_FIRST, CERTAIN_SECOND], [-1, -1, -1]
        self.able = None if game.able is None else np.asarray(game.able)
        self.first, self.edge = [0], [0]
        self.rows: list[int] = []
        self.edges: list[int] = []
        self.successor: list[int] = []

    def place(self, state: int, belief: int, depth: int) -> int:
        # Depth tells nodes apart only where it decides which of them end play.
        key = (state, belief, depth if self.moves is not None else 0)
        if key not in self.places:
            if len(self.nodes) >= self.most:
                raise GameError([self._too_many()])
            self.places[key] = len(self.nodes)
            self.nodes.append(key)
        return self.places[key]

    def learnt(self, state: int, belief: int, row: int) -> int:
        """Return the belief after a row: a new one where nothing is certain yet and both types can take it."""
        if self.game.mover[state] != TYPED or belief in (CERTAIN_FIRST, CERTAIN_SECOND):
            return belief
        first, second = (True, True) if self.able is None else self.able[:, row]
        if not (first or second):
            return belief
        if first != second:
            return CERTAIN_FIRST if first else CERTAIN_SECOND
        self.parent.append(belief)
        self.row.append(len(self.rows))
        return len(self.parent) - 1

    def run(self) -> None:
        game = self.game
        self.place(0, 0, 0)
        done = 0
        while done < len(self.nodes):
            state, belief, depth = self.nodes[done]
            done += 1
            over = self.moves is not None and depth >= self.moves
            rows = [] if over else range(int(game.first[state]), int(game.first[state + 1]))
            for row in rows:
                after = self.learnt(state, belief, row)
                self.rows.append(row)
                for at in range(int(game.edge[row]), int(game.edge[row + 1])):
                    if game.chance[at] > 0:
                        self.edges.append(at)
                        self.successor.append(self.place(int(game.successor[at]), after, depth + 1))
                self.edge.append(len(self.edges))
            self.first.append(len(self.rows))

    def _too_many(self) -> Fault:
        reason = "each is solved, and a move of the private type doubles what can have been learnt"
        remedy = "stop after fewer moves, or solve on a grid of beliefs"
        return Fault(
            Place(path="states"), f"more than {self.most:,} histories", f"at most {self.most:,}", reason, remedy
        )

    def histories(self) -> Histories:
        game = self.game
        state: Any = np.asarray([node[0] for node in self.nodes])
        able = None if self.able is None else self.able[:, self.rows]
        lift = None if game.lift is None else game.lift[:, self.rows]
        unfolded = ExplicitGame(
            players=game.players,
            first=self.first,
            mover=game.mover[state],
            pay=game.pay[:, self.rows],
            edge=self.edge,
            successor=self.successor,
            chance=game.chance[self.edges],
            discount=game.discount[:, state],
            noise=game.noise[state],
            value=game.value[:, state],
            private=game.private,
            able=able,
            lift=lift,
            action_names=tuple(game.action_name(row) for row in self.rows),
        )
        belief: Any = np.asarray([node[1] for node in self.nodes])
        return Histories(game, unfolded, state, belief, np.asarray(self.parent), np.asarray(self.row))
