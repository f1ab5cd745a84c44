"""Answer 6, continued: what the others believe after any sequence of moves that they saw the challenger make.

A month's moves are what was seen of the challenger that month; what was not seen is summed out. Mass of each type is
pushed up to the node of the move, only the action seen goes on, and what is left after the last month is how likely the
whole sequence was for that type. Bayes' rule on the two likelihoods is the belief.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl

from outlast.answers.standpoint import Standpoint, posterior
from outlast.solving.forward import Followed, push
from outlast.solving.layers import Choice
from outlast.solving.solution import precise

Masses = dict[str, np.ndarray]
BEGIN = ("war", "peace")
NODES = ("war.attend", "floor.challenger", "answer")
"""Stations at which an observation can begin; every move lies at one of them."""


@dataclass(frozen=True)
class Seen:
    """One observed move: the node, the package on which it turns if any, and the actions that agree with it."""

    node: str
    package: int | None
    masks: dict[str, list[np.ndarray]]
    """Which actions agree, by station, one array per block of actions."""


def move_names(view: Standpoint) -> list[str]:
    """Return the names of all moves that can be observed, as in the table of the type test."""
    packages = view.game.labels.packages
    table = [f"table:{p}" for p in packages]
    return [
        "attend",
        "stay_away",
        *table,
        "table_nothing",
        *(f"{a}:{p}" for p in packages for a in ("accept", "refuse")),
    ]


def _seen(view: Standpoint, moves: Sequence[str]) -> Seen | None:
    """Turn the moves of one month into the one that implies the others; None if nothing was seen."""
    unknown = [move for move in moves if move not in move_names(view)]
    if unknown:
        raise ValueError(f"no such move: {', '.join(unknown)}. The moves are {', '.join(move_names(view))}")
    # Everything said at the talks implies that the challenger came.
    telling = list(dict.fromkeys(move for move in moves if move != "attend")) or list(moves)[:1]
    if not telling:
        return None
    if len(telling) > 1 or (telling[0] == "stay_away" and "attend" in moves):
        raise ValueError(
            f"{' and '.join(moves)} cannot happen in one month: it attends or stays away, and tables or answers once"
        )
    return _node(view, telling[0])


def _node(view: Standpoint, move: str) -> Seen:
    first, second = np.array([1.0]), np.array([0.0])
    verb, _, name = move.partition(":")
    package = view.game.labels.packages.index(name) if name else None
    if verb in ("attend", "stay_away"):
        return Seen("war.attend", None, {"war.attend": [first, second] if verb == "attend" else [second, first]})
    if verb in ("accept", "refuse"):
        return Seen("answer", package, {"answer": [first, second] if verb == "accept" else [second, first]})
    if package is None:
        return Seen("floor.challenger", None, {"floor.challenger": [second, first]})
    which = np.zeros(view.game.shape.packages)
    which[package] = 1
    return Seen("floor.challenger", None, {"floor.challenger": [first, second], "which.challenger": [which]})


def _sizes(view: Standpoint) -> dict[str, tuple[int, ...]]:
    return {name: value.shape[1:] for name, value in view.stations.items()}


def _nothing(view: Standpoint) -> Masses:
    """Return no mass of either type, wherever it can stand."""
    return {name: np.zeros((2, *size)) for name, size in _sizes(view).items() if name in (*BEGIN, *NODES)}


def _pass(view: Standpoint, month: int, masses: Masses, masks: dict[str, list[np.ndarray]]) -> tuple[Masses, Masses]:
    """Push both types' mass through a month of the solution; return mass at the nodes and at the next month's start."""
    with precise():
        now = view.solution.again(month)
        choices = dict(now.choices)
        for name, mask in masks.items():
            choices[name] = _masked(choices[name], mask)
        who = Followed(np.array([0, 1]), view.solution.again.levels, {})
        here, tomorrow = push(now.layers, choices, masses, _sizes(view), who)
    return {name: here[name] for name in NODES if name in here}, tomorrow


def _masked(choice: Choice, mask: list[np.ndarray]) -> Choice:
    """Return the choice with only the actions that agree with what was seen."""

    def kept(blocks: list[np.ndarray]) -> list[np.ndarray]:
        return [c * m.reshape(-1, *[1] * (c.ndim - 1)) for c, m in zip(blocks, mask, strict=True)]

    assert choice.staller is not None
    return Choice(kept(choice.settler), kept(choice.staller), choice.posterior)


def _watch(view: Standpoint, month: int, masses: Masses, seen: Seen | None) -> Masses:
    """Return what is left of the mass after a month in which this was seen."""
    nodes, tomorrow = _pass(view, month, masses, {})
    if seen is not None:
        here = nodes.get(seen.node, _nothing(view)[seen.node])
        if seen.package is not None:
            here = here * np.eye(here.shape[1])[seen.package].reshape(1, -1, 1, 1)
        _, tomorrow = _pass(view, month, _nothing(view) | {seen.node: here}, seen.masks)
    return {name: tomorrow.get(name, mass) for name, mass in _nothing(view).items() if name in BEGIN}


def belief_after(view: Standpoint, moves: Sequence[Sequence[str]]) -> pl.DataFrame:
    """Return the belief after each month of an observed sequence.

    Args:
        view: a solution at the scenario's start.
        moves: for each month from month 0, what was seen of the challenger, by the names of the type test: ``attend``,
            ``stay_away``, ``table:PACKAGE``, ``table_nothing``, ``accept:PACKAGE``, ``refuse:PACKAGE``. What it says at
            talks implies that it came. An empty month is one in which nobody looked.

    Returns:
        A row per month: month, moves, belief (chance that the challenger is a staller, seen from the end of the month;
        null if the model holds the sequence impossible), likelihood (chance of everything seen so far).

    Raises:
        ValueError: a move has no such name, two moves exclude each other, or there are more months than were kept.
    """
    if len(moves) > view.months:
        raise ValueError(f"{len(moves)} months were seen, but the solution looks {view.months} months ahead")
    masses = {name: mass for name, mass in _nothing(view).items() if name in BEGIN}
    masses["war"] = np.stack([view.start_of(kind) for kind in (0, 1)])
    rows = []
    for month, names in enumerate(moves):
        masses = _watch(view, month, masses, _seen(view, names))
        settler, staller = np.sum([mass.reshape(2, -1).sum(axis=1) for mass in masses.values()], axis=0)
        total = float(view.mix(settler, staller))
        belief = float(posterior(view.prior, staller, settler)) if total > 0 else None
        rows.append((month, ", ".join(names) or "nothing seen", belief, total))
    columns = {"month": pl.Int64, "moves": pl.String, "belief": pl.Float64, "likelihood": pl.Float64}
    return pl.DataFrame(rows, schema=columns, orient="row")
