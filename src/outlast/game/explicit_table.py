"""From named states to the arrays of an explicit game, with every fault of the names found before any array is made."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from outlast.game.explicit import NOBODY, Action, Private, State
from outlast.game.layers import TYPED
from outlast.scenario.fault import Fault, Place, nearest, shown


@dataclass(frozen=True)
class Table:
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


def arrays_of(table: Table) -> dict[str, Any]:
    """Return the arrays of a table; unknown names, which ``name_faults`` reports, are passed over."""
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


def _mover(one: State, table: Table) -> int:
    if one.mover is None:
        return NOBODY
    if table.private is not None and one.mover == table.private.player:
        return TYPED
    return table.accounts.index(one.mover) if one.mover in table.accounts else len(table.accounts) - 1


def _spread(amounts: list[dict[str, float]], table: Table, accounts: int) -> np.ndarray:
    """Return amounts by name as ``(accounts, entries)``; a later name adds to an earlier one."""
    out = np.zeros((accounts, len(amounts)))
    paid = table.paid
    for j, by_name in enumerate(amounts):
        for name, amount in by_name.items():
            for i in paid.get(name, ()):
                out[i, j] += amount
    return out


def _by_account(number: Any, table: Table, default: float) -> list[float]:
    if not isinstance(number, dict):
        return [float(number)] * len(table.accounts)
    out = [default] * len(table.accounts)
    for name, amount in number.items():
        for i in table.paid.get(name, ()):
            out[i] = float(amount)
    return out


def _discounts(table: Table) -> np.ndarray:
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


def _noise(one: State, table: Table) -> float:
    if one.noise is not None:
        return one.noise
    if isinstance(table.noise, dict):
        return 1.0 if one.mover is None else table.noise.get(one.mover, 1.0)
    return table.noise


def name_faults(table: Table) -> Iterator[Fault]:
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


def _private_faults(table: Table, private: Private) -> Iterator[Fault]:
    yield from _unknown([private.player], set(table.players), "private.player", "player")
    yield from _repeated([*private.types, *table.players], "player or type", "private.types")
    if len(private.types) != 2:
        rule = "two types"
        yield _fault(
            "private.types", f"{len(private.types)} types", rule, "one number is the public belief", "name two"
        )


def _state_faults(one: State, table: Table, known: set[str]) -> Iterator[Fault]:
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


def _action_faults(one: State, action: Action, table: Table, states: set[str]) -> Iterator[Fault]:
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
