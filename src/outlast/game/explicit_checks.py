"""What must hold of an explicit game before any work starts, and in words what is wrong where it does not."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import numpy as np
from scipy.sparse import csr_array
from scipy.sparse.csgraph import connected_components

from outlast.game.layers import TYPED
from outlast.scenario.fault import Fault, Place, shown

if TYPE_CHECKING:
    from outlast.game.explicit import ExplicitGame

SHOWN = 20
"""Most faults of one kind that are spelled out; of the rest, their number."""
SLACK = 1e-9
"""How far the probabilities of an action may sum from one: rounding, not a mistake."""


def faults_of(game: ExplicitGame) -> list[Fault]:
    """Return every fault of a game's arrays; those of shapes alone if there are any, since the rest need shapes."""
    return [*_shape_faults(game)] or [*_structure_faults(game)] or [*_number_faults(game)]


def _fault(path: str, found: str, rule: str, reason: str, remedy: str) -> Fault:
    return Fault(Place(path=path), found, rule, reason, remedy)


def _where(game: ExplicitGame, state: int, row: int | None = None) -> str:
    """Return the place of a fault as the person who wrote the game would look for it."""
    place = game.state_name(state) if game.state_names is None else f"state {game.state_name(state)!r}"
    if row is None:
        return place
    return f"{place}, " + (game.action_name(row) if game.action_names is None else f"action {game.action_name(row)!r}")


def _shape_faults(game: ExplicitGame) -> Iterator[Fault]:
    states, accounts = game.mover.size, len(game.accounts)
    rows = int(game.first[-1]) if game.first.size else 0
    edges = int(game.edge[-1]) if game.edge.size else 0
    wanted = {
        "first": (states + 1,),
        "mover": (states,),
        "pay": (accounts, rows),
        "edge": (rows + 1,),
        "successor": (edges,),
        "chance": (edges,),
        "discount": (accounts, states),
        "noise": (states,),
        "value": (accounts, states),
    }
    for name, shape in wanted.items():
        found = getattr(game, name).shape
        if found != shape:
            reason = "states, rows and edges are counted by mover, first and edge"
            yield _fault(name, f"shape {found}", f"shape {shape}", reason, "make the arrays agree")
    if states == 0:
        yield _fault("mover", "no states", "at least one state", "there is nothing to play", "add a state")
    if game.able is not None and np.shape(game.able) != (2, rows):
        reason, remedy = "it says which type can take which action", "make the arrays agree"
        yield _fault("able", f"shape {np.shape(game.able)}", f"shape (2, {rows})", reason, remedy)
    if game.lift is not None and game.lift.shape != (accounts, rows):
        reason, remedy = "it says what each action pays if the type is the second", "make the arrays agree"
        yield _fault("lift", f"shape {game.lift.shape}", f"shape ({accounts}, {rows})", reason, remedy)
    for name, count in (("state_names", states), ("action_names", rows)):
        names = getattr(game, name)
        if names is not None and len(names) != count:
            yield _fault(name, f"{len(names)} names", f"{count} names", "every one has a name or none", "add or drop")


def _structure_faults(game: ExplicitGame) -> Iterator[Fault]:
    for name in ("first", "edge"):
        offsets = getattr(game, name)
        if offsets[0] != 0 or (np.diff(offsets) < 0).any():
            reason, remedy = "they cut one list into consecutive parts", "use cumulative counts"
            yield _fault(name, "offsets that fall or do not begin at 0", "rising from 0", reason, remedy)
            return
    bad = (game.successor < 0) | (game.successor >= game.states)
    yield from _rows(
        game,
        game.edge_row[bad],
        lambda i: f"successor {int(game.successor[bad][i])}",
        (f"a state from 0 to {game.states - 1}", "play would leave the game", "point it at a state of the game"),
    )
    yield from _rows(
        game,
        np.flatnonzero(np.diff(game.edge) == 0),
        lambda i: "no successor",
        ("at least one", "play could not go on", "give it a successor with probability 1"),
    )
    private, choices = game.private is not None, game.counts
    lowest = 2 if private else 0
    named = (game.mover >= lowest) & (game.mover < len(game.accounts)) | (private & (game.mover == TYPED))
    for at in _first(np.flatnonzero(~named & (choices > 1))):
        found = f"mover {int(game.mover[at])} at a state with {int(choices[at])} actions"
        rule = f"an account from {lowest} to {len(game.accounts) - 1}" + (f", or TYPED ({TYPED})" if private else "")
        yield _fault(_where(game, at), found, rule, "somebody has to choose", "name the account that moves")
    yield from _types(game)


def _types(game: ExplicitGame) -> Iterator[Fault]:
    if game.lift is not None:
        if game.private is None:
            reason, remedy = "it depends on a type, and nobody has one", "leave it out"
            yield _fault("lift", "payments by type without a private type", "none", reason, remedy)
        elif game.lift[:2].any():
            reason, remedy = "each type has payments of its own", "put them into pay"
            yield _fault("lift", "payments that lift those of a type", "0 for the two types", reason, remedy)
    if game.able is None:
        return
    typed = game.mover[game.row_state] == TYPED
    for kind, name in enumerate(game.accounts[:2]):
        left = np.bincount(game.row_state[np.asarray(game.able)[kind] & typed], minlength=game.states)
        for at in _first(np.flatnonzero((game.mover == TYPED) & (left == 0) & (game.counts > 0))):
            reason, remedy = "play could not go on", "let the type take one of them"
            found = f"no action that {name!r} can take"
            yield _fault(_where(game, at), found, "at least one for each type", reason, remedy)


def _number_faults(game: ExplicitGame) -> Iterator[Fault]:
    if game.private is not None and not 0 < game.private.prior < 1:
        reason = "a type that is certain is not private"
        remedy = "choose one in between, or leave the type out"
        found = shown(game.private.prior)
        yield _fault("private.prior", found, "a chance above 0 and below 1", reason, remedy)
    wrong = ~np.isfinite(game.pay if game.lift is None else game.pay + game.lift).all(axis=0)
    finite = ("finite numbers", "values could not be compared", "correct the number")
    yield from _rows(game, np.flatnonzero(wrong), lambda i: "a payment that is no finite number", finite)
    odd = ~(np.isfinite(game.chance) & (game.chance >= 0) & (game.chance <= 1 + SLACK))
    rule = ("from 0 to 1", "it is a probability", "correct the number")
    yield from _rows(game, game.edge_row[odd], lambda i: f"probability {game.chance[odd][i]:g}", rule)
    total = np.bincount(game.edge_row, weights=game.chance, minlength=game.rows)
    gap = np.flatnonzero(np.abs(total - 1) > SLACK)
    told = set(game.edge_row[odd].tolist())
    gap = gap[[int(row) not in told for row in gap]] if told else gap
    sums = ("1", "something happens after every action", "make the probabilities of its successors sum to one")
    yield from _rows(game, gap, lambda i: f"probabilities that sum to {total[gap[i]]:.12g}", sums)
    live = game.counts > 0
    for at in _first(np.flatnonzero(live & ~((game.discount >= 0) & (game.discount <= 1)).all(axis=0))):
        values = ", ".join(f"{d:g}" for d in game.discount[:, at])
        reason, remedy = "it says what later counts now", "use a number such as 0.95"
        yield _fault(_where(game, at), f"discount {values}", "from 0 to 1", reason, remedy)
    for at in _first(np.flatnonzero(live & ~((game.noise > 0) & np.isfinite(game.noise)))):
        reason = "chances are proportional to exp(value / noise)"
        remedy = "use a small positive number; lower it until the answer settles"
        yield _fault(_where(game, at), f"noise {game.noise[at]:g}", "above 0 and finite", reason, remedy)
    for at in _first(np.flatnonzero(~np.isfinite(game.value).all(axis=0))):
        reason = "it is what play is worth where it ends, or stops after a number of moves"
        yield _fault(_where(game, at), "a value that is no finite number", "finite numbers", reason, "correct it")


def _first(found: np.ndarray) -> Any:
    return [int(at) for at in found[:SHOWN]]


def _rows(game: ExplicitGame, rows: np.ndarray, found: Any, words: tuple[str, str, str]) -> Iterator[Fault]:
    rule, reason, remedy = words
    for i, row in enumerate(rows[:SHOWN]):
        place = _where(game, int(game.row_state[row]), int(row))
        more = f" (and {len(rows) - SHOWN} more like it)" if i == SHOWN - 1 and len(rows) > SHOWN else ""
        yield _fault(place, found(i) + more, rule, reason, remedy)


def stages(game: ExplicitGame) -> np.ndarray | None:
    """Return how many moves each state is from the last one after it, or None where play can come back to a state.

    Ends are stage 0. Every successor of a state has a smaller stage, so stages can be solved in their order.
    """
    after = _followers(game)
    before = after.T.tocsr()
    waiting = np.diff(after.indptr)
    stage = np.zeros(game.states, dtype=np.int64)
    ready = np.flatnonzero(waiting == 0)
    done, level = len(ready), 0
    while len(ready):
        level += 1
        touched = before.indices[_spans(before.indptr, ready)]
        waiting -= np.bincount(touched, minlength=game.states)
        ready = np.unique(touched[waiting[touched] == 0])
        stage[ready] = level
        done += len(ready)
    return stage if done == game.states else None


def _followers(game: ExplicitGame) -> Any:
    """Return the states by the states that can follow them, as a sparse matrix without repeated entries."""
    possible = game.chance > 0
    heads = game.row_state[game.edge_row[possible]]
    shape = (game.states, game.states)
    after = csr_array((np.ones(len(heads), dtype=np.int32), (heads, game.successor[possible])), shape=shape)
    after.sum_duplicates()
    return after


def _spans(starts: np.ndarray, places: np.ndarray) -> np.ndarray:
    """Return the entries from ``starts[i]`` up to ``starts[i + 1]`` for every i in ``places``, one after another."""
    length = starts[places + 1] - starts[places]
    offset = np.repeat(starts[places] - np.cumsum(length) + length, length)
    return offset + np.arange(length.sum())


def endless(game: ExplicitGame) -> list[Fault]:
    """Return the faults of a game whose play can go on for ever without an end and without discounting.

    Logit choices take every action, so play leaves a set of states unless no action leads out of it. A closed set
    without an end, where an account's discount is 1 throughout, has no finite value.
    """
    graph = _followers(game)
    heads, tails = graph.nonzero()
    count, part = connected_components(graph, directed=True, connection="strong")
    leaves = np.zeros(count, dtype=bool)
    leaves[part[heads[part[heads] != part[tails]]]] = True
    leaves[part[game.counts == 0]] = True
    faults = []
    for i, account in enumerate(game.accounts):
        discounted = np.zeros(count, dtype=bool)
        discounted[part[(game.discount[i] < 1) & (game.counts > 0)]] = True
        for trap in _first(np.flatnonzero(~leaves & ~discounted)):
            inside = np.flatnonzero(part == trap)
            names = ", ".join(game.state_name(int(at)) for at in inside[:4]) + (", ..." if len(inside) > 4 else "")
            found = f"discount 1 of {account!r} at every state of a set that play never leaves"
            rule = "below 1 somewhere in it, or an end within reach"
            reason = "payments that go on for ever, undiscounted, have no finite sum"
            remedy = "use a discount below 1, add an end, or solve a fixed number of moves instead"
            faults.append(_fault(names, found, rule, reason, remedy))
    return faults


def private_type_fault() -> Fault:
    """Return the fault of a game with a private type where none can be treated."""
    reason = "its values depend on the public belief, which has to be carried along"
    remedy = "use solve_exactly of outlast.solving.explicit_types, or solve_on_grid of outlast.solving.explicit_grid"
    return _fault("private", "a private type", "no private type here", reason, remedy)


def cycle_fault() -> Fault:
    """Return the fault of a game in which play can come back to a state, where only one that moves on can be solved."""
    reason, remedy = "there is no last move to begin with", "say after how many moves to stop, with moves="
    return _fault("states", "play that can come back to a state", "play that moves on", reason, remedy)
