"""Answer 6, continued: what the others believe after any sequence of moves that they saw the challenger make.

A month's moves are what was seen of the challenger that month; what was not seen is summed out. Mass of each type is
pushed up to the node of the move, only the action seen goes on, and what is left after the last month is how likely the
whole sequence was for that type. Bayes' rule on the two likelihoods is the belief.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, NamedTuple

import jax
import jax.numpy as jnp
import numpy as np
import polars as pl

from outlast.answers.standpoint import Standpoint, posterior
from outlast.solving.forward import own_choice, push
from outlast.solving.layers import SETTLER, Choice, Setting
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


class Course(NamedTuple):
    """What is pushed through a month: mass, of which type, and the weights of the actions that may be taken."""

    masses: dict[str, Any]
    kind: Any
    masks: dict[str, list[Any]]


@partial(jax.jit, static_argnames=("rules", "shapes"))
def _push(rules: Any, inputs: Any, month: Any, choices: Any, course: Course, *, shapes: tuple) -> Any:
    """Push one type's mass through a month; return mass at the nodes and at the next month's start."""
    masses, kind, masks = course
    levels = rules.beliefs(inputs)
    setting = Setting(levels, (SETTLER,), 0.0)
    own = jnp.where(kind == 0, 1 - levels, levels)[:, None]
    played = {name: own_choice(choice, kind) for name, choice in choices.items()}
    for name, mask in masks.items():
        block = [c * m.reshape(-1, *[1] * (c.ndim - 1)) for c, m in zip(played[name].settler, mask, strict=True)]
        played[name] = Choice(block, block, played[name].posterior)
    sizes = {name: jnp.zeros((1, *size)) for name, size in shapes}
    here, tomorrow = push(rules.layers(inputs, month), played, masses, sizes, setting, {}, own)
    return {name: here[name] for name in NODES}, {name: tomorrow[name] for name in BEGIN}


def _shapes(view: Standpoint) -> tuple[tuple[str, tuple[int, ...]], ...]:
    return tuple((name, value.shape[1:]) for name, value in sorted(view.stations.items()))


def _nothing(view: Standpoint) -> Masses:
    """Return no mass, wherever it can stand."""
    return {name: np.zeros((1, *size)) for name, size in _shapes(view) if name in (*BEGIN, *NODES)}


def _pass(view: Standpoint, month: int, masses: Masses, kind: int, masks: dict[str, list[np.ndarray]]) -> Any:
    """Push mass through a month of the solution; return mass at the nodes and at the next month's start."""
    choices = jax.tree.map(lambda leaf: leaf[month], view.solution.calendar.kept.choices)
    blocks = {name: choices[name].settler for name in (*NODES, "which.challenger")}
    whole = {name: [np.ones(block.shape[0]) for block in each] for name, each in blocks.items()} | masks
    with precise():
        course = Course(masses, jnp.asarray(kind), whole)
        return _push(view.game.rules, view.inputs, jnp.asarray(month), choices, course, shapes=_shapes(view))


def _watch(view: Standpoint, month: int, masses: Masses, kind: int, seen: Seen | None) -> Masses:
    """Return what is left of a type's mass after a month in which this was seen."""
    nodes, tomorrow = _pass(view, month, masses, kind, {})
    if seen is not None:
        here = np.asarray(nodes[seen.node])
        if seen.package is not None:
            here = here * np.eye(here.shape[1])[seen.package].reshape(1, -1, 1, 1)
        _, tomorrow = _pass(view, month, _nothing(view) | {seen.node: here}, kind, seen.masks)
    return _nothing(view) | {name: np.asarray(mass) for name, mass in tomorrow.items()}


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
    course = [_nothing(view) | {"war": view.start_of(kind)[None]} for kind in (0, 1)]
    rows = []
    for month, names in enumerate(moves):
        seen = _seen(view, names)
        course = [_watch(view, month, course[kind], kind, seen) for kind in (0, 1)]
        settler, staller = (np.array(sum(mass.sum() for mass in masses.values())) for masses in course)
        total = float(view.mix(settler, staller))
        belief = float(posterior(view.prior, staller, settler)) if total > 0 else None
        rows.append((month, ", ".join(names) or "nothing seen", belief, total))
    columns = {"month": pl.Int64, "moves": pl.String, "belief": pl.Float64, "likelihood": pl.Float64}
    return pl.DataFrame(rows, schema=columns, orient="row")
