"""Write an explicit game as an extensive form in Gambit's text format (``.efg``).

A private type is a first move of chance that only its player sees: everyone else's decisions are one information set
across the types. Payoffs are discounted to the start and paid at the end of each path, so Gambit's precision at a
node is that of the whole game times the discount up to there: ``precision_at_start`` says the same in noise, and
agents (``outlast.game.gambit_cast``) undo it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from decimal import Decimal

import numpy as np

from outlast.game.explicit import ExplicitGame, GameError
from outlast.game.explicit_checks import cycle_fault, stages
from outlast.game.gambit_cast import Agents, Cast, Players
from outlast.game.layers import TYPED
from outlast.scenario.fault import Fault, Place

LARGEST = 200_000
"""Most nodes of a tree that is written."""


@dataclass(frozen=True)
class Tree:
    """A game unrolled: one node per path from the first state, each the parent of those that follow.

    ``discount`` is what each account's value at the node counts at the start; ``paid`` what it has been paid on the
    way, discounted to the start; ``row`` and ``reach`` the action and the probability by which the node is reached.
    """

    game: ExplicitGame
    state: tuple[int, ...] = field(repr=False)
    parent: tuple[int, ...] = field(repr=False)
    row: tuple[int, ...] = field(repr=False)
    reach: tuple[float, ...] = field(repr=False)
    discount: tuple[np.ndarray, ...] = field(repr=False)
    paid: tuple[np.ndarray, ...] = field(repr=False)
    lifted: tuple[np.ndarray, ...] = field(repr=False)
    """What comes on top of ``paid`` if the type is the second."""
    children: tuple[tuple[int, ...], ...] = field(repr=False)
    """In the order of rows and of successors; empty where play ends or is cut off."""


def nodes_of(game: ExplicitGame, moves: int | None = None) -> list[int]:
    """Return how many nodes the tree has after 0, 1, 2, ... moves, without making it; 0 where play is over."""
    possible = game.chance > 0
    heads, tails = game.row_state[game.edge_row[possible]], game.successor[possible]
    paths = [0] * game.states
    paths[0] = 1
    counts = [1]
    limit = game.states if moves is None else moves
    while len(counts) <= limit and sum(paths):
        after = [0] * game.states
        for head, tail in zip(heads.tolist(), tails.tolist(), strict=True):
            after[tail] += paths[head]
        paths = after
        counts.append(sum(paths))
    return counts


def unroll(game: ExplicitGame, *, moves: int | None = None, largest: int = LARGEST) -> Tree:
    """Unroll a game from its first state.

    Args:
        game: where play comes back to a state, ``moves`` is needed.
        moves: stop after so many moves, at ``game.value`` of the state then reached.
        largest: most nodes; a larger tree is refused before any work.

    Raises:
        GameError: if the tree is too large (how large, and how many moves would fit) or has no end.
    """
    if moves is None and stages(game) is None:
        raise GameError([cycle_fault()])
    _refuse_large(game, moves, largest)
    accounts = len(game.accounts)
    state, parent, row, reach = [0], [-1], [-1], [1.0]
    discount, paid, lifted, depth = [np.ones(accounts)], [np.zeros(accounts)], [np.zeros(accounts)], [0]
    children: list[tuple[int, ...]] = []
    node = 0
    while node < len(state):
        at, found = state[node], []
        over = moves is not None and depth[node] >= moves
        for r in [] if over else range(int(game.first[at]), int(game.first[at + 1])):
            for e in range(int(game.edge[r]), int(game.edge[r + 1])):
                if game.chance[e] == 0:
                    continue
                found.append(len(state))
                state.append(int(game.successor[e]))
                parent.append(node)
                row.append(r)
                reach.append(float(game.chance[e]))
                paid.append(paid[node] + discount[node] * game.pay[:, r])
                more = 0.0 if game.lift is None else game.lift[:, r]
                lifted.append(lifted[node] + discount[node] * more)
                discount.append(discount[node] * game.discount[:, at])
                depth.append(depth[node] + 1)
        children.append(tuple(found))
        node += 1
    return Tree(
        game=game,
        state=tuple(state),
        parent=tuple(parent),
        row=tuple(row),
        reach=tuple(reach),
        discount=tuple(discount),
        paid=tuple(paid),
        lifted=tuple(lifted),
        children=tuple(children),
    )


def _refuse_large(game: ExplicitGame, moves: int | None, largest: int) -> None:
    counts = np.cumsum([float(n) for n in nodes_of(game, moves)]) * (1 if game.private is None else 2)
    if counts[-1] <= largest:
        return
    fits = int((counts <= largest).sum()) - 1
    found = f"{counts[-1]:,.0f} nodes after {len(counts) - 1} moves"
    reason = "every path is a branch of its own, and their number grows with every move"
    remedy = f"stop after {fits} moves, which make {counts[max(fits, 0)]:,.0f} nodes, or use a coarser grid"
    raise GameError([Fault(Place(path="states"), found, f"at most {largest:,} nodes", reason, remedy)])


def precision_at_start(tree: Tree) -> ExplicitGame:
    """Return the tree as an explicit game whose noise at each node is that of its state over the discount up to there.

    Choices there answer to values discounted to the start with the noise of the state, as Gambit's do. Nodes are the
    states, in the order of the tree.
    """
    game = tree.game
    state = np.asarray(tree.state)
    first, edge, rows, edges, successor = [0], [0], [], [], []
    for node, found in enumerate(tree.children):
        for child in found:
            if not rows or rows[-1][0] != node or rows[-1][1] != tree.row[child]:
                rows.append((node, tree.row[child]))
                edge.append(len(edges))
            edges.append(tree.reach[child])
            successor.append(child)
            edge[-1] = len(edges)
        first.append(len(rows))
    mover = game.mover[state]
    lengths = np.asarray([tree.discount[node][max(int(mover[node]), 0)] for node in range(len(state))])
    return ExplicitGame(
        players=game.players,
        first=first,
        mover=np.where(np.diff(first) > 0, mover, -2),
        pay=game.pay[:, [r for _, r in rows]],
        edge=edge,
        successor=successor,
        chance=edges,
        discount=game.discount[:, state],
        noise=game.noise[state] / np.maximum(lengths, 1e-300),
        value=game.value[:, state],
        private=game.private,
        able=None if game.able is None else np.asarray(game.able)[:, [r for _, r in rows]],
        lift=None if game.lift is None else game.lift[:, [r for _, r in rows]],
        action_names=tuple(game.action_name(r) for _, r in rows),
    )


def gambit_text(tree: Tree, title: str, *, agents: bool = False) -> str:
    """Return the tree in Gambit's format.

    Args:
        tree: an action is followed by one state, as ``separated`` makes it.
        title: of the game.
        agents: let one agent of the player decide wherever noise and discount are the same, and count payoffs in them:
            precision 1 is then the noise of the game. Players in the order of the game otherwise.
    """
    game = tree.game
    cast = Agents(game, tree.state, tree.discount) if agents else Players(game)
    players = " ".join(_quoted(name) for name in cast.names)
    lines = [f"EFG 2 R {_quoted(title)} {{ {players} }}", _quoted(""), ""]
    writer = _Writer(tree, cast)
    if game.private is None:
        lines += writer.node(0, None)
    else:
        first, second = (_quoted(name) for name in game.private.types)
        prior = game.private.prior
        lines.append(f'c "type" 1 "" {{ {_chances([first, second], [1 - prior, prior])} }} 0')
        lines += [*writer.node(0, 0), *writer.node(0, 1)]
    return "\n".join(lines) + "\n"


class _Writer:
    """Lines of the file in prefix order, with the numbers that the format wants."""

    def __init__(self, tree: Tree, cast: Cast) -> None:
        self.tree, self.cast = tree, cast
        self.sets: dict[tuple[int, int, int], int] = {}
        self.used: dict[int, int] = {}
        self.chances, self.outcomes = 1, 0

    def node(self, root: int, kind: int | None) -> Iterator[str]:
        """Write a node and all after it; ``kind`` is the type that chance has drawn."""
        waiting = [root]
        while waiting:
            node = waiting.pop()
            yield from self._line(node, kind)
            waiting += reversed(self._followers(node, kind))

    def _followers(self, node: int, kind: int | None) -> list[int]:
        able = self.tree.game.able
        found = self.tree.children[node]
        if kind is None or able is None or self.tree.game.mover[self.tree.state[node]] != TYPED:
            return list(found)
        return [child for child in found if able[kind, self.tree.row[child]]]

    def _line(self, node: int, kind: int | None) -> Iterator[str]:
        tree, game = self.tree, self.tree.game
        state, found = tree.state[node], self._followers(node, kind)
        # Gambit wants a name of its own for every node.
        drawn = "" if kind is None or game.private is None else f" {game.private.types[kind]}"
        name = _quoted(f"{game.state_name(state)} #{node}{drawn}")
        if not found:
            self.outcomes += 1
            total = tree.paid[node] + tree.discount[node] * game.value[:, state] + (kind or 0) * tree.lifted[node]
            pays = " ".join(map(repr, self.cast.pays(total, kind)))
            yield f't {name} {self.outcomes} "" {{ {pays} }}'
            return
        rows = list(dict.fromkeys(tree.row[child] for child in found))
        if len(rows) < len(found) and len(rows) > 1:
            raise GameError([_mixed(game.state_name(state))])
        if len(rows) == 1:
            self.chances += 1
            names = [_quoted(game.state_name(tree.state[c])) for c in found]
            yield f'c {name} {self.chances} "" {{ {_chances(names, [tree.reach[c] for c in found])} }} 0'
            return
        player, typed = self.cast.number(node, state), game.mover[state] == TYPED
        key = (player, node, kind if typed and kind is not None else -1)
        if key not in self.sets:
            self.used[player] = self.used.get(player, 0) + 1
            self.sets[key] = self.used[player]
        moves = " ".join(_quoted(game.action_name(row)) for row in rows)
        label = _quoted(f"{game.state_name(state)} #{node}{drawn if key[2] >= 0 else ''}")
        yield f"p {name} {player} {self.sets[key]} {label} {{ {moves} }} 0"


def _mixed(name: str) -> Fault:
    reason = "Gambit's nodes are moves of a player or of chance, not both"
    remedy = "let every action lead to one state, and draw the rest there with chance(...)"
    found = "an action followed by several states"
    return Fault(Place(path=f"state {name!r}"), found, "one state after each action", reason, remedy)


def separated(game: ExplicitGame) -> ExplicitGame:
    """Return the game with a state of chance after every action that more than one state can follow."""
    several = np.diff(game.edge) > 1
    split = np.flatnonzero(several & (game.counts[game.row_state] > 1))
    if not len(split):
        return game
    before, rows = game.states, game.rows
    place = np.full(rows, -1)
    place[split] = before + np.arange(len(split))
    lists = [([place[row]], [1.0]) if place[row] >= 0 else _successors(game, row) for row in range(rows)] + [
        _successors(game, int(row)) for row in split
    ]
    owner = game.row_state[split]
    names = None if game.state_names is None else (*game.state_names, *(_after(game, int(row)) for row in split))
    actions = None if game.action_names is None else (*game.action_names, *("chance" for _ in split))
    pay = np.concatenate([game.pay, np.zeros((len(game.pay), len(split)))], axis=1)
    able = None if game.able is None else np.concatenate([game.able, np.ones((2, len(split)), dtype=bool)], axis=1)
    lift = None if game.lift is None else np.concatenate([game.lift, np.zeros((len(game.pay), len(split)))], axis=1)
    return replace(
        game,
        first=np.append(game.first, game.first[-1] + 1 + np.arange(len(split))),
        mover=np.append(game.mover, np.full(len(split), -2)),
        pay=pay,
        edge=np.cumsum([0, *(len(found) for found, _ in lists)]),
        successor=np.concatenate([found for found, _ in lists]),
        chance=np.concatenate([chances for _, chances in lists]),
        discount=np.concatenate([game.discount, np.ones((len(game.discount), len(split)))], axis=1),
        noise=np.append(game.noise, game.noise[owner]),
        value=np.concatenate([game.value, np.zeros((len(game.value), len(split)))], axis=1),
        able=able,
        lift=lift,
        state_names=names,
        action_names=actions,
    )


def _successors(game: ExplicitGame, row: int) -> tuple[np.ndarray, np.ndarray]:
    span = slice(int(game.edge[row]), int(game.edge[row + 1]))
    return game.successor[span], game.chance[span]


def _after(game: ExplicitGame, row: int) -> str:
    return f"{game.state_name(int(game.row_state[row]))}: {game.action_name(row)}"


def _chances(names: list[str], chances: list[float]) -> str:
    """Return moves of chance whose probabilities sum to one exactly, as decimals."""
    numbers = [Decimal(repr(float(chance))) for chance in chances]
    numbers[-1] = 1 - sum(numbers[:-1], Decimal(0))
    return " ".join(f"{name} {number:f}" for name, number in zip(names, numbers, strict=True))


def _quoted(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'
