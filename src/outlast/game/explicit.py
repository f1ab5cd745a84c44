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

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

import numpy as np

from outlast.game.layers import TYPED
from outlast.scenario.fault import Fault, Place, ScenarioError, nearest, shown

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
    table = _Table(states, tuple(players), discount, noise, private)
    faults = [*_name_faults(table)]
    try:
        game = ExplicitGame(players=tuple(players), private=private, **_arrays_of(table)) if table.whole else None
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


@dataclass(frozen=True)
class _Table:
    """Everything that ``explicit_game`` is told."""

    states: tuple[State, ...]
    players: tuple[str, ...]
    discount: Any
    noise: Any
    private: Private | None

    @property
    def accounts(self) -> tuple[str, ...]:
        """Return types first, then the players without one."""
        if self.private is None:
            return self.players
        return (*self.private.types, *(name for name in self.players if name != self.private.player))

    @property
    def paid(self) -> dict[str, tuple[int, ...]]:
        """Return the accounts that a name in ``pays`` stands for: the player with a type stands for both types."""
        names: dict[str, tuple[int, ...]] = {name: (i,) for i, name in enumerate(self.accounts)}
        if self.private is not None:
            names[self.private.player] = (0, 1)
        return names

    @property
    def whole(self) -> bool:
        """Return whether there is enough of a game to look at its numbers."""
        return bool(self.states) and (self.private is None or len(self.private.types) == 2)


def _arrays_of(table: _Table) -> dict[str, Any]:
    """Return the arrays of a table; unknown names, which ``_name_faults`` reports, are passed over."""
    places = {one.name: i for i, one in enumerate(table.states)}
    actions = [action for one in table.states for action in one.actions]
    targets = [_targets(action.to) for action in actions]
    accounts = len(table.accounts)
    able = None
    if table.private is not None:
        able = np.asarray([[a.types is None or t in a.types for a in actions] for t in table.private.types])
    return {
        "first": np.cumsum([0, *(len(one.actions) for one in table.states)]),
        "mover": [_mover(one, table) for one in table.states],
        "pay": _spread([action.pays for action in actions], table, accounts),
        "edge": np.cumsum([0, *(len(target) for target in targets)]),
        "successor": [places.get(name, 0) for target in targets for name in target],
        "chance": [p for target in targets for p in target.values()],
        "discount": _discounts(table),
        "noise": [_noise(one, table) for one in table.states],
        "value": _spread([one.values or {} for one in table.states], table, accounts),
        "able": able,
        "state_names": tuple(one.name for one in table.states),
        "action_names": tuple(action.name for action in actions),
    }


def _targets(to: str | dict[str, float]) -> dict[str, float]:
    return {to: 1.0} if isinstance(to, str) else dict(to)


def _mover(one: State, table: _Table) -> int:
    if one.mover is None:
        return NOBODY
    if table.private is not None and one.mover == table.private.player:
        return TYPED
    return table.accounts.index(one.mover) if one.mover in table.accounts else len(table.accounts) - 1


def _spread(amounts: list[dict[str, float]], table: _Table, accounts: int) -> np.ndarray:
    """Return amounts by name as ``(accounts, entries)``; a later name adds to an earlier one."""
    out = np.zeros((accounts, len(amounts)))
    paid = table.paid
    for j, by_name in enumerate(amounts):
        for name, amount in by_name.items():
            for i in paid.get(name, ()):
                out[i, j] += amount
    return out


def _by_account(number: Any, table: _Table, default: float) -> list[float]:
    if not isinstance(number, dict):
        return [float(number)] * len(table.accounts)
    out = [default] * len(table.accounts)
    for name, amount in number.items():
        for i in table.paid.get(name, ()):
            out[i] = float(amount)
    return out


def _discounts(table: _Table) -> np.ndarray:
    own = _by_account(table.discount, table, 1.0)
    columns = []
    for one in table.states:
        column = list(own)
        if isinstance(one.discount, dict):
            for name, amount in one.discount.items():
                for i in table.paid.get(name, ()):
                    column[i] = float(amount)
        elif one.discount is not None:
            column = [float(one.discount)] * len(own)
        columns.append(column)
    return np.asarray(columns).T.reshape(len(own), len(table.states))


def _noise(one: State, table: _Table) -> float:
    if one.noise is not None:
        return one.noise
    if isinstance(table.noise, dict):
        return 1.0 if one.mover is None else table.noise.get(one.mover, 1.0)
    return table.noise


def _name_faults(table: _Table) -> Iterator[Fault]:
    """Find what the words of a table get wrong: names unknown or used twice, and what an end or a type cannot have."""
    if not table.states:
        yield _fault("states", "no states", "at least one", "there is nothing to play", "add a state")
    yield from _repeated((one.name for one in table.states), "state", "")
    yield from _repeated(table.players, "player", "players")
    if table.private is not None:
        yield from _private_faults(table, table.private)
    known = set(table.paid)
    for label, number in (("discount", table.discount), ("noise", table.noise)):
        if isinstance(number, dict):
            wanted = set(table.players) if label == "noise" else known
            yield from _unknown(number, wanted, label, "player or type" if label == "discount" else "player")
    if isinstance(table.noise, dict):
        for name in sorted({one.mover for one in table.states if one.mover and one.noise is None}):
            if name in table.players and name not in table.noise:
                yield _fault("noise", f"no noise of {name!r}", "every player that moves has noise", _NOISE, "add it")
    for one in table.states:
        yield from _state_faults(one, table, known)


_NOISE = "without noise the chances of its actions are not defined"
_NAMES = "names are how states, actions and players find each other"


def _fault(path: str, found: str, rule: str, reason: str, remedy: str, near: str | None = None) -> Fault:
    return Fault(Place(path=path), found, rule, reason, remedy, near)


def _repeated(names: Iterable[str], kind: str, path: str) -> Iterator[Fault]:
    seen: set[str] = set()
    told: set[str] = set()
    for name in names:
        if name in seen and name not in told:
            told.add(name)
            where = path or f"{kind} {name!r}"
            yield _fault(where, f"{name!r} twice", f"a {kind} has a name of its own", _NAMES, "rename one of them")
        seen.add(name)


def _unknown(names: Iterable[str], known: set[str], path: str, kind: str) -> Iterator[Fault]:
    for name in names:
        if name not in known:
            near = nearest(str(name), known)
            listed = ", ".join(sorted(known)[:8]) + (", ..." if len(known) > 8 else "")
            yield _fault(path, f"{shown(name)}", f"the name of a {kind}: {listed}", _NAMES, "correct or add it", near)


def _private_faults(table: _Table, private: Private) -> Iterator[Fault]:
    yield from _unknown([private.player], set(table.players), "private.player", "player")
    yield from _repeated([*private.types, *table.players], "player or type", "private.types")
    if len(private.types) != 2:
        rule = "two types"
        yield _fault(
            "private.types", f"{len(private.types)} types", rule, "one number is the public belief", "name two"
        )


def _state_faults(one: State, table: _Table, known: set[str]) -> Iterator[Fault]:
    where = f"state {one.name!r}"
    states = {other.name for other in table.states}
    if one.values is not None:
        yield from _unknown(one.values, known, f"{where}, values", "player or type")
        if one.actions:
            reason, remedy = "nothing follows an end", "use state or chance instead of end, or drop the actions"
            yield _fault(where, f"{len(one.actions)} actions", "an end has none", reason, remedy)
        return
    if not one.actions:
        reason, remedy = "play could not go on", "add an action, or write end(...)"
        yield _fault(where, "no actions", "a state has at least one", reason, remedy)
    if one.mover is not None:
        yield from _unknown([one.mover], set(table.players), f"{where}, mover", "player")
    if isinstance(one.discount, dict):
        yield from _unknown(one.discount, known, f"{where}, discount", "player or type")
    yield from _repeated((action.name for action in one.actions), "action", where)
    for action in one.actions:
        yield from _action_faults(one, action, table, states)


def _action_faults(one: State, action: Action, table: _Table, states: set[str]) -> Iterator[Fault]:
    where = f"state {one.name!r}, action {action.name!r}"
    yield from _unknown(_targets(action.to), states, f"{where}, to", "state")
    yield from _unknown(action.pays, set(table.paid), f"{where}, pays", "player or type")
    if action.types is None:
        return
    types = table.private.types if table.private is not None else ()
    if table.private is None or one.mover != table.private.player:
        reason, remedy = "nobody else has a type", "drop it, or give the mover a type with private=Private(...)"
        yield _fault(f"{where}, types", shown(action.types), "only the player with a private type", reason, remedy)
    else:
        yield from _unknown(action.types, set(types), f"{where}, types", "type")
