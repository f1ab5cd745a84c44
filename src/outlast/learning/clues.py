"""What the rows of a record say about a month of the game: a weight for every way in which the month can go.

A row is right with the chance that is its confidence; otherwise it says nothing, and each of the things that it could
have said stands there equally likely. So a way that agrees with the row weighs c + (1 - c)/n, any other (1 - c)/n, with
c the confidence and n the number of things it could have said. Rows multiply. What no row speaks of is summed out. A
row that contradicts another of its month is therefore no fault unless both are certain: one of the two is taken for
wrong.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

from outlast.record.form import POSTURES, ROLES

FIRST, SECOND, SIGNED = range(3)
"""How a tabled package ends: refused by whoever answers first, by whoever answers second, or signed."""
ANSWERING = {"challenger": ("defender", "patron"), "defender": ("patron", "challenger"),
             "patron": ("defender", "challenger")}  # fmt: skip
"""Who answers first and second to what each role tables. Who tables a package says yes to it."""


@dataclass(frozen=True)
class Clues:
    """Weights of the ways in which a month can go; the weight of a whole month is the product of those of its parts.

    Talks: ``silence`` (the challenger stays away), ``unheard`` (nobody has the floor), ``nothing[role]`` (that role
    tables nothing), ``offer[role, package, end]``; ``no_war`` where there is no war in which to talk. Then ``posture``,
    or ``no_posture`` where none is chosen. Peace: ``keep``, ``honoured[phase]``, ``reneged[phase]``; ``no_peace`` where
    there is none to break.
    """

    silence: float
    unheard: float
    nothing: np.ndarray
    offer: np.ndarray
    no_war: float
    posture: np.ndarray
    no_posture: float
    keep: float
    honoured: np.ndarray
    reneged: np.ndarray
    no_peace: float

    def times(self, other: Clues) -> Clues:
        """Return the product of the weights: what two sets of rows say together."""
        return Clues(**{name: getattr(self, name) * getattr(other, name) for name in self.__dataclass_fields__})

    def plain(self) -> list[Any]:
        """Return the weights as plain numbers and lists, in order."""
        return [np.asarray(getattr(self, name)).tolist() for name in self.__dataclass_fields__]

    def without_signature(self) -> Clues:
        """Return the same weights for the months in which nothing is signed, and none for the others."""
        return replace(self, offer=self.offer * np.array([1.0, 1.0, 0.0]))

    @property
    def impossible(self) -> bool:
        """Whether no way is left: certain rows exclude each other."""
        talked = max(self.silence, self.unheard, *self.nothing, *self.offer[:, :, :SIGNED].ravel())
        war = talked * self.posture.max() * self.no_peace
        after = max(self.keep, *self.honoured, *self.reneged) * self.no_posture
        resting = self.no_war * self.no_posture * self.no_peace
        return max(war, self.offer[:, :, SIGNED].max() * after, self.no_war * after, resting) <= 0


def silent(packages: int, phases: int) -> Clues:
    """Return the weights of a month of which no row speaks: all one."""
    return _uniform(1.0, packages, phases)


def _uniform(weight: float, packages: int, phases: int) -> Clues:
    full = lambda *shape: np.full(shape, weight)  # noqa: E731
    return Clues(weight, weight, full(3), full(3, packages, 3), weight, full(3), weight, weight, full(phases),
                 full(phases), weight)  # fmt: skip


@dataclass(frozen=True)
class Setting:
    """The packages of a game by name, and the peace phase of each."""

    packages: tuple[str, ...]
    phase: np.ndarray = field(repr=False)

    @property
    def phases(self) -> int:
        """Return the number of peace phases."""
        return int(self.phase.max()) + 1

    def silent(self) -> Clues:
        """Return the weights of a month of which no row speaks."""
        return silent(len(self.packages), self.phases)


def clues_of(row: dict[str, Any], setting: Setting) -> Clues | None:
    """Return what one row of a record says about its month, or None if the game has no move that it speaks of.

    Readings are no moves. Only the challenger decides whether to come; that another party came, or stayed away, is
    passed over.
    """
    kind, actor, confidence = row["kind"], row["actor"], float(row["confidence"])
    package = setting.packages.index(row["content"]) if row["content"] in setting.packages else None
    if kind in ("attend", "stay_away"):
        return _attendance(kind, confidence, setting) if actor == "challenger" else None
    if kind == "posture":
        return _matching(confidence, 3, setting, posture=np.array([name == row["content"] for name in POSTURES]))
    if kind in ("attack", "honour", "renege"):
        broken = np.ones(setting.phases, dtype=bool)
        if package is not None:
            broken = np.arange(setting.phases) == setting.phase[package]
        honoured, reneged = broken & (kind != "renege"), broken & (kind != "honour")
        return _matching(confidence, 2, setting, honoured=honoured, reneged=reneged)
    if package is None:
        return None
    offer = np.zeros((3, len(setting.packages), 3), dtype=bool)
    if kind == "table":
        offer[ROLES.index(actor), package] = True
        return _matching(confidence, len(setting.packages), setting, offer=offer)
    for role, name in enumerate(ROLES):
        offer[role, package] = _answered(kind, actor, name)
    return _matching(confidence, 2 * len(setting.packages), setting, offer=offer)


def _answered(kind: str, actor: str, tabled_by: str) -> list[bool]:
    """Return with which ends of an offer an answer agrees."""
    if actor == tabled_by:
        return [kind == "accept"] * 3
    if actor == ANSWERING[tabled_by][0]:
        return [kind == "refuse", kind == "accept", kind == "accept"]
    return [False, kind == "refuse", kind == "accept"]


def _attendance(kind: str, confidence: float, setting: Setting) -> Clues:
    came = kind == "attend"
    return _matching(confidence, 2, setting, silence=not came, unheard=came, nothing=np.full(3, came),
                     offer=np.full((3, len(setting.packages), 3), came))  # fmt: skip


def _matching(confidence: float, count: int, setting: Setting, **agree: Any) -> Clues:
    """Return the weights of a row that agrees with some ways only.

    The weight of a month is a product over its parts, so every part that has an agreeing way must weigh the others of
    the same part low, and leave other parts alone.
    """
    low = (1 - confidence) / count
    weights = {name: getattr(setting.silent(), name) for name in Clues.__dataclass_fields__}
    for part in PARTS:
        if any(name in agree for name in part):
            for name in part:
                match = np.asarray(agree.get(name, False))
                weights[name] = np.where(match, low + confidence, low) * np.ones_like(weights[name])
                weights[name] = float(weights[name]) if np.ndim(weights[name]) == 0 else weights[name]
    return Clues(**weights)


PARTS = (
    ("silence", "unheard", "nothing", "offer", "no_war"),
    ("posture", "no_posture"),
    ("keep", "honoured", "reneged", "no_peace"),
)
"""The parts of a month; each goes exactly one of its ways."""
