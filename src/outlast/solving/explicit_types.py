"""Solve a game with a private type exactly: the belief after every history, without a grid of beliefs.

    odds(after a) = odds + log p1(a) - log p0(a)

Chances depend on values, values of those who do not know the type depend on beliefs, and beliefs depend on the chances
of moves before: a fixed point over all public histories at once, followed down from high noise like a stationary game.
It is the agent logit equilibrium of the game tree in which chance draws the type first.
"""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from typing import Any

import equinox as eqx
import jax
import jax.numpy as jnp
import numpy as np
from jaxtyping import Array, Float, Int

from outlast.game.explicit import ExplicitGame
from outlast.game.explicit_histories import PRIOR, Histories, histories_of
from outlast.game.layers import TYPED
from outlast.solving.crossing import WIDTH
from outlast.solving.explicit import TRUSTED
from outlast.solving.explicit_map import Block, Layout, layout_of, order_of, worth
from outlast.solving.newton import Method
from outlast.solving.solution import precise, to_device
from outlast.solving.stationary import NoisePath, Stationary, solve_stationary

UNABLE = -60.0
"""Log weight of an action that the type cannot take: it counts for nothing in double precision."""


class TypedBlock(eqx.Module):
    """What a block of nodes needs beyond its moves: who is typed, log weights by type, and the belief's number."""

    typed: Array
    weight: Float[Array, "types actions states"]
    belief: Int[Array, " states"]
    lift: Float[Array, "accounts actions states"] | None
    """What is paid on top if the type is the second; None where nothing is."""


class TypedLayout(eqx.Module):
    """An unfolded game, and how each belief follows from an earlier one.

    ``source`` is the place of a typed move among all moves, block by block, action by action. Beliefs without an
    earlier one keep their log odds in ``fixed``.
    """

    layout: Layout
    typed: tuple[TypedBlock, ...]
    parent: Int[Array, " beliefs"]
    source: Int[Array, " beliefs"]
    fixed: Float[Array, " fixed"]


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
    method: Method | None = None,
    watch: float | None = WIDTH,
) -> TypesSolution:
    """Find the agent logit equilibrium on the principal branch, with the exact belief after every history.

    Args:
        game: with a private type.
        moves: stop after so many moves, at ``game.value`` of the state then reached; needed where play can come back.
        convention: value of a choice to its mover: ``expectation`` or ``logsumexp``.
        path: where the branch is entered and how it is stepped along; chosen from the payoffs when None.
        tolerance: largest gap of values and log odds, relative to the largest of them.
        method: how linear equations are solved.
        watch: look for other branches that meet the principal one, to this relative width of noise; None does not.

    Raises:
        GameError: if there are too many histories, or play can come back and ``moves`` is None.
    """
    begun = time.perf_counter()
    if game.private is None:
        raise ValueError("nobody has a private type in this game: use solve_explicit")
    histories = histories_of(game, moves=moves)
    unfolded = histories.game
    order = order_of(unfolded)
    live = int((unfolded.counts > 0).sum())
    with precise():
        layout = to_device(typed_layout(histories, convention))
        start = {
            "values": jnp.zeros((len(unfolded.accounts), live)),
            "odds": jnp.full(len(histories.parent), layout.fixed[PRIOR]).at[: layout.fixed.size].set(layout.fixed),
        }
        path = path or _entry(layout, unfolded)
        found = solve_stationary(
            learn_once, start, data=layout, path=path, tolerance=tolerance, method=method, watch=watch
        )
        replies = jax.jit(typed_replies)(found.values, jnp.asarray(found.scale), layout)[2]
    values = unfolded.value.copy()
    values[:, order[:live]] = found.values["values"]
    size = max(float(np.abs(part).max(initial=1.0)) for part in (found.values["values"], found.values["odds"]))
    return TypesSolution(
        histories=histories,
        convention=convention,
        values=values,
        chances=_by_row(unfolded, replies, order),
        beliefs=1 / (1 + np.exp(-found.values["odds"]))[histories.belief],
        residual=found.residual,
        outcome=found.outcome,
        trusted=found.reached and found.residual <= TRUSTED * size,
        seconds=time.perf_counter() - begun,
        stationary=found,
    )


def typed_layout(histories: Histories, convention: str = "expectation") -> TypedLayout:
    """Return the arrays of an unfolded game with a private type, in NumPy."""
    game = histories.game
    layout = layout_of(game, convention)
    order = order_of(game)
    able = np.ones((2, game.rows), dtype=bool) if game.able is None else np.asarray(game.able)
    typed, row_place, done, moves = [], np.zeros(game.rows, dtype=np.int64), 0, 0
    for block in layout.blocks:
        _, actions, states = block.pay.shape
        nodes = order[done : done + states]
        rows = game.first[nodes] + np.arange(actions)[:, None]
        weight = np.where(able[:, rows], 0.0, UNABLE)
        lift = None if game.lift is None else game.lift[:, rows]
        belief = histories.belief[nodes]
        typed.append(TypedBlock(game.mover[nodes] == TYPED, weight, belief, lift))  # pyright: ignore
        row_place[rows] = moves + np.arange(rows.size).reshape(rows.shape)
        done, moves = done + states, moves + rows.size
    assert game.private is not None
    prior: Any = np.log(game.private.prior) - np.log1p(-game.private.prior)
    source: Any = row_place[np.maximum(histories.row, 0)]
    parent: Any = histories.parent
    fixed: Any = np.asarray([prior, UNABLE, -UNABLE])
    return TypedLayout(layout, tuple(typed), parent, source, fixed)


def _reply(block: Block, typed: TypedBlock, full: Array, belief: Array, scale: Array, convention: str):
    """Return values, log chance ratio of the types and chances ``(3, actions, states)`` of one block."""
    q = worth(block, full)
    noise = block.noise * scale
    mover = jnp.where(typed.typed, 0, block.mover)
    own = jnp.take_along_axis(q, mover[None, None], axis=0)[0]
    if typed.lift is not None:
        own = own + belief * jnp.take_along_axis(typed.lift, mover[None, None], axis=0)[0]
    of_type = q[:2] / noise + typed.weight
    z = jnp.where(typed.typed, of_type, own / noise)
    logs = jax.nn.log_softmax(z, axis=1)
    first, second = jnp.exp(logs)
    pooled = belief * second + (1 - belief) * first
    seen = jnp.stack([first, second, *[pooled] * (len(q) - 2)])
    value = (seen * q).sum(axis=1)
    if typed.lift is not None:
        value = value + belief * (second * typed.lift).sum(axis=1)
    if convention == "logsumexp":
        inclusive = noise * jax.nn.logsumexp(z, axis=1)
        account = jnp.arange(len(q))[:, None]
        mine = jnp.where(typed.typed, account < 2, block.mover == account)
        wide = jnp.concatenate([inclusive, jnp.broadcast_to(inclusive[:1], (len(q) - 2, *inclusive.shape[1:]))])
        value = jnp.where(mine, wide, value)
    return value, logs[1] - logs[0], jnp.stack([first, second, pooled])


def typed_replies(held: dict[str, Array], scale: Array, data: TypedLayout) -> tuple[Array, Array, tuple[Array, ...]]:
    """Return the values one move earlier, the log chance ratio of every move, and the chances per block."""
    full = jnp.concatenate([held["values"], data.layout.ends], axis=1)
    beliefs = jax.nn.sigmoid(held["odds"])
    parts = [
        _reply(block, typed, full, beliefs[typed.belief], scale, data.layout.convention)
        for block, typed in zip(data.layout.blocks, data.typed, strict=True)
    ]
    values = jnp.concatenate([part[0] for part in parts], axis=1)
    ratios = jnp.concatenate([part[1].reshape(-1) for part in parts])
    return values, ratios, tuple(part[2] for part in parts)


def learn_once(held: dict[str, Array], scale: Array, data: TypedLayout) -> dict[str, Array]:
    """Return values one move earlier and log odds one move later; a fixed point is an equilibrium with Bayes' rule."""
    values, ratios, _ = typed_replies(held, scale, data)
    odds = held["odds"][data.parent] + ratios[data.source]
    return {"values": values, "odds": odds.at[: data.fixed.size].set(data.fixed)}


def _entry(data: TypedLayout, game: ExplicitGame) -> NoisePath:
    """Return a path from noise at which all payments of the game together move no choice by much."""
    stake = float(np.abs(game.pay).max(initial=0.0) + np.abs(game.value).max(initial=0.0))
    quietest = min(float(block.noise.min()) for block in data.layout.blocks)
    return NoisePath(start=max(1.0, 4 * stake / quietest))


def _by_row(game: ExplicitGame, chances: tuple[Any, ...], order: np.ndarray) -> np.ndarray:
    rows, done = np.zeros((3, game.rows)), 0
    for chance in chances:
        _, actions, states = chance.shape
        at = game.first[order[done : done + states]] + np.arange(actions)[:, None]
        rows[:, at] = np.asarray(chance)
        done += states
    return rows
