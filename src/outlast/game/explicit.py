"""Any finite game with one mover per state, as sparse lists of successors and probabilities.

    Q(i, s, a) = pay(i, s, a) + discount(i, s) sum over s' of chance(s' | s, a) V(i, s')

The conflict's month is laid out axis by axis (``outlast.game.layers``); a textbook game is a few named states. Write
it with ``state``, ``chance`` and ``end``, collected by ``explicit_game``:

    war = explicit_game(
        state("first", mover="one")
        .action("quit", to="over", pays={"two": 4})
        .action("stay", to="second", pays={"one": -1}),
        state("second", mover="two")
        .action("quit", to="over", pays={"one": 4})
        .action("stay", to="first", pays={"two": -1}),
        end("over"),
        players=("one", "two"),
        discount=0.95,
        noise=1.0,
    )

or fill the arrays of ``ExplicitGame`` yourself when there are a million states. Payoffs are taken as they stand:
nothing is normalised. ``outlast.solving.explicit`` solves games of either origin.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

import numpy as np

from outlast.scenario.fault import ScenarioError, nearest

NOBODY = -2
"""Mover of a state without a choice: chance moves there, or the game is over."""

FIRST_TYPE, SECOND_TYPE, UNTYPED = 0, 1, 2
"""Kinds of account: each type knows its own chances, everybody else sees those of the two types pooled."""


class GameError(ScenarioError):
    """Say that a game cannot be used, with every fault found; ``faults`` is never empty."""


@dataclass(frozen=True)
class Private:
    """One player's private type: two types, and the public belief in the second at the start.

    The types are accounts 0 and 1 of the game, in this order. ``prior`` is the chance of the second.
    """

    player: str
    types: tuple[str, str]
    prior: float


@dataclass(frozen=True, eq=False)
class ExplicitGame:
    """A finite game as arrays. A *row* is one action at one state; rows run state by state.

    Chance moves at a state with one row and no mover. A state without rows is an end: play stops there. Every fault is
    reported at once, as a ``GameError``, when the game is made.
    """

    players: tuple[str, ...]
    first: Any
    """Row at which each state begins, and the number of rows: integers, ``(states + 1,)``."""
    mover: Any
    """Account that chooses, ``TYPED`` for the player with the private type, or ``NOBODY``: integers, ``(states,)``."""
    pay: Any
    """What each account is paid when the action is taken, in the game's own unit: ``(accounts, rows)``."""
    edge: Any
    """Edge at which each row's successors begin, and the number of edges: integers, ``(rows + 1,)``."""
    successor: Any
    """State reached: integers, ``(edges,)``."""
    chance: Any
    """Probability of each successor given the action; those of a row sum to one: ``(edges,)``."""
    discount: Any
    """What the value after a state counts at it, from 0 to 1: ``(accounts, states)``."""
    noise: Any
    """Logit noise of the choice, in the game's own unit, above 0: ``(states,)``."""
    value: Any
    """Value at the ends; not read elsewhere: ``(accounts, states)``."""
    private: Private | None = None
    able: Any = None
    """Whether each type can take the action: booleans, ``(2, rows)``; None where both can take every one."""
    lift: Any = None
    """What each account is paid beyond ``pay`` if the type is the second: ``(accounts, rows)``, 0 for the two types,
    whose payments are their own. Who does not know the type weighs it by the belief. None where nothing depends on it.
    """
    state_names: tuple[str, ...] | None = field(default=None, repr=False)
    action_names: tuple[str, ...] | None = field(default=None, repr=False)

    def __post_init__(self) -> None:
        """Check the arrays: shapes first, since the other rules need them."""
        from outlast.game.explicit_checks import faults_of

        for name in ("first", "mover", "edge", "successor"):
            object.__setattr__(self, name, np.asarray(getattr(self, name), dtype=np.int64))
        for name in ("pay", "chance", "discount", "noise", "value"):
            object.__setattr__(self, name, np.asarray(getattr(self, name), dtype=np.float64))
        if self.lift is not None:
            object.__setattr__(self, "lift", np.asarray(self.lift, dtype=np.float64))
        faults = faults_of(self)
        if faults:
            raise GameError(faults)
        for name in ("first", "mover", "edge", "successor", "pay", "chance", "discount", "noise", "value"):
            getattr(self, name).setflags(write=False)

    def __repr__(self) -> str:
        """Return one line: arrays say nothing at a glance."""
        return f"ExplicitGame({', '.join(self.players)}: {self.states:,} states, {self.rows:,} actions)"

    @property
    def states(self) -> int:
        """Return the number of states, ends included."""
        return len(self.mover)

    @property
    def rows(self) -> int:
        """Return the number of actions of all states together."""
        return self.pay.shape[1]

    @cached_property
    def accounts(self) -> tuple[str, ...]:
        """Return the holders of values: the two types first, then the players that have none."""
        if self.private is None:
            return self.players
        return (*self.private.types, *(name for name in self.players if name != self.private.player))

    @cached_property
    def kinds(self) -> tuple[int, ...]:
        """Return the kind of each account: first type, second type, or one who sees both types' chances pooled."""
        if self.private is None:
            return (UNTYPED,) * len(self.players)
        return (FIRST_TYPE, SECOND_TYPE, *(UNTYPED,) * (len(self.players) - 1))

    @cached_property
    def counts(self) -> np.ndarray:
        """Return the number of actions of each state."""
        return np.diff(self.first)

    @cached_property
    def row_state(self) -> np.ndarray:
        """Return the state of each row."""
        return np.repeat(np.arange(self.states), self.counts)

    @cached_property
    def edge_row(self) -> np.ndarray:
        """Return the row of each edge."""
        return np.repeat(np.arange(self.rows), np.diff(self.edge))

    def state_name(self, state: int) -> str:
        """Return the name of a state, or its number in words where the game has no names."""
        return self.state_names[state] if self.state_names is not None else f"state {state}"

    def action_name(self, row: int) -> str:
        """Return the name of an action, or its place at its state in words."""
        if self.action_names is not None:
            return self.action_names[row]
        return f"action {row - int(self.first[self.row_state[row]])}"

    def state_index(self, name: str) -> int:
        """Return the place of a state; raise ``KeyError`` with the nearest name if there is none of this one."""
        return _place(name, self._state_places, "state")

    def row_index(self, state: str, action: str) -> int:
        """Return the row of a named action at a named state."""
        at = self.state_index(state)
        rows = range(int(self.first[at]), int(self.first[at + 1]))
        return _place(action, {self.action_name(row): row for row in rows}, f"action of {state!r}")

    def account_index(self, name: str) -> int:
        """Return the place of an account."""
        return _place(name, {account: i for i, account in enumerate(self.accounts)}, "account")

    @cached_property
    def _state_places(self) -> dict[str, int]:
        return {self.state_name(i): i for i in range(self.states)}

    def with_noise(self, noise: float | np.ndarray) -> ExplicitGame:
        """Return the same game with other noise: one number for every choice, or one per state."""
        return replace(self, noise=np.broadcast_to(np.asarray(noise, dtype=float), (self.states,)))


@dataclass(frozen=True)
class Action:
    """One action of a state in words: where it leads (a name, or names with probabilities) and what it pays to whom.

    ``types`` names the types that can take it, where the mover has a private type; None means both.
    """

    name: str
    to: str | dict[str, float]
    pays: dict[str, float]
    types: tuple[str, ...] | None = None


@dataclass(frozen=True)
class State:
    """One state in words. ``discount`` and ``noise`` of None take the game's own."""

    name: str
    mover: str | None
    actions: tuple[Action, ...] = ()
    discount: float | dict[str, float] | None = None
    noise: float | None = None
    values: dict[str, float] | None = None
    """Value at an end by player or type; those left out have 0. None where play goes on."""

    def action(
        self,
        name: str,
        *,
        to: str | dict[str, float],
        pays: dict[str, float] | None = None,
        types: Sequence[str] | None = None,
    ) -> State:
        """Return the state with one more action; ``pays`` is by player or type, 0 for those left out."""
        more = Action(name, to, dict(pays or {}), None if types is None else tuple(types))
        return replace(self, actions=(*self.actions, more))


def state(
    name: str, *, mover: str, discount: float | dict[str, float] | None = None, noise: float | None = None
) -> State:
    """Begin a state where ``mover`` chooses; add its actions with ``action``."""
    return State(name, mover, discount=discount, noise=noise)


def chance(
    name: str,
    *,
    to: str | dict[str, float],
    pays: dict[str, float] | None = None,
    discount: float | dict[str, float] | None = None,
) -> State:
    """Return a state where nobody chooses: play goes on to ``to``, a name or names with probabilities."""
    return State(name, None, (Action("chance", to, dict(pays or {})),), discount=discount)


def end(name: str, values: dict[str, float] | None = None) -> State:
    """Return a state where play is over, with its values by player or type (0 for those left out)."""
    return State(name, None, values=dict(values or {}))


def explicit_game(
    *states: State,
    players: Sequence[str],
    discount: float | dict[str, float] = 1.0,
    noise: float | dict[str, float] = 1.0,
    private: Private | None = None,
) -> ExplicitGame:
    """Collect states into a game.

    Args:
        states: in any order; the first is where play begins.
        players: names; with ``private``, the player who has a type is one of them.
        discount: what tomorrow counts today, for all or by player; a state may have its own.
        noise: logit noise in the unit of the payoffs, for all or by player; a state may have its own.
        private: the player with a private type; its two types are paid separately, and every move of that player is
            seen by all and moves the public belief.

    Raises:
        GameError: with every fault: unknown names, probabilities that do not sum to one, numbers out of range.
    """
    from outlast.game.explicit_table import Table, arrays_of, name_faults

    table = Table(states, tuple(players), discount, noise, private)
    faults = [*name_faults(table)]
    try:
        game = ExplicitGame(players=tuple(players), private=private, **arrays_of(table)) if table.whole else None
    except GameError as error:
        faults += error.faults
        game = None
    if faults or game is None:
        raise GameError(faults)
    return game


def _place(name: str, places: dict[str, int], kind: str) -> int:
    if name not in places:
        near = nearest(name, places)
        raise KeyError(f"no {kind} is called {name!r}" + (f"; did you mean {near!r}?" if near else ""))
    return places[name]
