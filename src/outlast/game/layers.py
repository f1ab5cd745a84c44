"""The layers a month is made of.

A month is an ordered list of layers. Each layer gives the value at one *station* (a named point of the month) from the
values at later stations. A station's value has shape ``(accounts, *index, beliefs, cells)``: one account per player,
and two for a player with a private type; ``index`` is empty or one axis (packages, peace phases, postures).

Layers describe; they compute nothing. ``outlast.solving`` reads them backward for values and forward for distributions.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from jaxtyping import Float

TYPED = -1
"""Mover of a decision that belongs to the player with the private type."""


@dataclass(frozen=True, eq=False)
class Action:
    """One action of a decision, or a fan of actions when ``fan`` is set.

    ``to`` names the station reached; with ``fan`` the first index axis of that station enumerates the actions.
    ``pay`` is added to the value of every account, shape ``(accounts, actions, *index, 1 or beliefs, 1 or cells)``.
    ``allowed`` is 1 or 0, shape ``(actions, *index, 1, 1 or cells)``, or by type with two of these as leading axis; an
    action that is not allowed is never chosen.
    ``weight`` is the logit base weight per action, shape ``(actions,)``: clones of one action share the weight of one.
    """

    name: str
    to: str
    pay: Float[np.ndarray, "..."] | None = None
    allowed: Float[np.ndarray, "..."] | None = None
    weight: Float[np.ndarray, " actions"] | None = None
    fan: bool = False


@dataclass(frozen=True, eq=False)
class Decision:
    """A logit choice at ``station`` by ``mover``: an account, or ``TYPED`` for the player with the private type.

    A typed decision is seen by all and moves the public belief by Bayes' rule. ``noise`` is in normalised value.
    ``index`` counts the index axes of the station (0 or 1).
    """

    station: str
    mover: int
    actions: tuple[Action, ...]
    noise: Float[np.ndarray, ""]
    index: int = 0


@dataclass(frozen=True, eq=False)
class Chance:
    """Nature picks a station; ``chances`` broadcast to ``(*index, beliefs, cells)``, one per branch, summing to one."""

    station: str
    to: tuple[str, ...]
    chances: tuple[Float[np.ndarray, "..."], ...]
    index: int = 0
    """Index axes of the station."""


@dataclass(frozen=True, eq=False)
class Step:
    """One stock moves at most one level: chance ``up`` and ``down`` per cell, shape ``(*index, 1, cells)``.

    ``stride`` is the distance in the flat cell order between neighbours on the stock's axis. Chances that would
    leave the grid must be zero.
    """

    stride: int
    up: Float[np.ndarray, "..."]
    down: Float[np.ndarray, "..."]


@dataclass(frozen=True, eq=False)
class Shift:
    """One stock jumps: ``matrix[..., i, j]`` is the chance of level j from level i, the same in every other coordinate.

    ``before`` and ``after`` are the numbers of cells per block before and after the axis in the flat order.
    """

    before: int
    after: int
    matrix: Float[np.ndarray, "*index levels levels"]


@dataclass(frozen=True, eq=False)
class Move:
    """Pay and move: value = ``pay`` + ``discount`` x (``moves`` applied in order, the first first) of station ``to``.

    ``pay`` has shape ``(accounts, *index, 1 or beliefs, cells)`` and already carries the (1 - discount) of
    normalised values; ``discount`` has shape ``(accounts,)``. ``tomorrow`` says that ``to`` is next month's station.
    ``pick`` selects entries of the first index axis of ``to`` (the peace phase of each package).
    """

    station: str
    to: str
    moves: tuple[Step | Shift, ...] = ()
    pay: Float[np.ndarray, "..."] | None = None
    discount: Float[np.ndarray, " accounts"] | None = None
    pick: np.ndarray | None = None
    tomorrow: bool = False
    index: int = 0


@dataclass(frozen=True, eq=False)
class Absorb:
    """Cells where the game is over: ``station`` keeps its own value for ever; elsewhere it is that of ``to``.

    ``over`` is 1 or 0 per cell; ``value`` is the account's normalised value there, shape ``(accounts, 1, 1 or cells)``.
    """

    station: str
    to: str
    over: Float[np.ndarray, " cells"]
    value: Float[np.ndarray, "accounts 1 cells_or_1"]


Layer = Decision | Chance | Move | Absorb
