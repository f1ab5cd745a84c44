"""Simulate a war and the record that somebody would have kept of it.

Every step is drawn with the chances of a policy, as the filter pushes mass by them; a record keeps of it what a design
says: which kinds of act, and readings of which stocks with which spread. Simulated records are how the filter, and a
fit, are shown to recover what they should.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from outlast.game.grid import STOCKS
from outlast.learning.meter import Reading
from outlast.learning.policy import FANS, TYPED, Policy
from outlast.record.form import POSTURES, ROLES

OFFERS = {"challenger": ("heard.challenger", "backed"), "defender": ("vetted", "answer"),
          "patron": ("heard.patron", "answer")}  # fmt: skip
"""Where what each role tables is answered, first and second."""
ANSWERERS = {"heard.challenger": "defender", "backed": "patron", "vetted": "patron", "answer": "challenger",
             "heard.patron": "defender"}  # fmt: skip


@dataclass(frozen=True)
class Path:
    """A simulated war: its type, the cell at the start of every month, and what was done.

    An act is (month, actor, kind, content). The content of an offer or an answer is the number of the package.
    """

    staller: bool
    cells: np.ndarray
    acts: tuple[tuple[int, str, str, int | str | None], ...]


class _Walker:
    """One war as it goes: where it stands, and what is done."""

    def __init__(self, policy: Policy, random: np.random.Generator):
        self.policy, self.random = policy, random
        self.open = np.cumsum(~policy.over) - 1
        self.staller = bool(random.random() < policy.prior)
        weight = policy.start[int(self.staller)].ravel()
        place = int(random.choice(weight.size, p=weight / weight.sum()))
        self.belief, self.cell = divmod(place, policy.cells)
        self.phase: int | None = None
        self.month = 0
        self.acts: list[tuple[int, str, str, int | str | None]] = []

    def told(self, actor: str, kind: str, content: int | str | None = None) -> None:
        self.acts.append((self.month, actor, kind, content))

    def chances(self, name: str, *where: int) -> np.ndarray:
        """Chances of a decision where the war stands, ``(2 types or 1, actions)``."""
        table = self.policy.at(name, self.month)
        cell = self.cell if name in ("decide", "attacked") else self.open[self.cell]
        if name in FANS:
            kept = table[..., self.belief, cell].astype(float)
            kept = kept[..., where[0]] if name == "posture" else kept
            found = np.exp(kept) / np.exp(kept).sum(axis=-1, keepdims=True)
        else:
            kept = table[(..., *where, self.belief, cell)].astype(float)
            first = 1 / (1 + np.exp(-kept))
            found = np.stack([first, 1 - first], axis=-1)
        return found if name in TYPED else found[None]

    def choose(self, name: str, *where: int) -> int:
        """Draw an action; a typed one moves the belief."""
        chances = self.chances(name, *where)
        own = chances[int(self.staller)] if name in TYPED else chances[0]
        action = min(int(np.searchsorted(np.cumsum(own), self.random.random() * own.sum(), "right")), len(own) - 1)
        if name in TYPED:
            self.learn(chances[0, action], chances[1, action])
        return action

    def learn(self, settler: float, staller: float) -> None:
        levels = self.policy.beliefs
        if len(levels) == 1:
            return
        level = levels[self.belief]
        belief = level * staller / (level * staller + (1 - level) * settler)
        low = int(np.clip(np.searchsorted(levels, belief, side="right") - 1, 0, len(levels) - 2))
        share = (belief - levels[low]) / (levels[low + 1] - levels[low])
        own, mean = (levels[low + 1], belief) if self.staller else (1 - levels[low + 1], 1 - belief)
        self.belief = low + int(self.random.random() < (share * own / mean if mean > 0 else share))

    def move(self, station: str, *where: int) -> None:
        for kind, stride, arrays in self.policy.moves(station, self.month):
            if kind:
                matrix = arrays[0] if arrays[0].ndim == 2 else arrays[0][where[0] if len(arrays[0]) > 1 else 0]
                level = self.cell // stride % len(matrix)
                reached = int(self.random.choice(len(matrix), p=matrix[level] / matrix[level].sum()))
                self.cell += stride * (reached - level)
                continue
            up, down = (_at(array, where, self.cell) for array in arrays)
            drawn = self.random.random()
            self.cell += stride * (int(drawn < up) - int(up <= drawn < up + down))

    def go(self) -> None:
        """Live one month."""
        if self.phase is None:
            if not self.policy.over[self.cell]:
                self.war()
        else:
            self.move("peace", self.phase)
            self.rest()
        self.month += 1

    def war(self) -> None:
        self.move("war.open")
        if self.choose("war.attend"):
            self.told("challenger", "stay_away")
            return self.fight(0)
        self.told("challenger", "attend")
        floor = self.policy.at("talks", self.month)[:, self.cell].astype(float)
        role = int(self.random.choice(4, p=floor / floor.sum()))
        if role == 3 or self.choose(f"floor.{ROLES[role]}"):
            return self.fight(1)
        package = self.choose(f"which.{ROLES[role]}")
        self.told(ROLES[role], "table", package)
        for station in OFFERS[ROLES[role]]:
            refused = self.choose(station, package)
            self.told(ANSWERERS[station], "refuse" if refused else "accept", package)
            if refused:
                return self.fight(1)
        self.move("signed", package)
        self.phase = int(self.policy.phase[package])
        return self.rest()

    def fight(self, talks: int) -> None:
        posture = self.choose("posture", talks)
        self.told("patron", "posture", POSTURES[posture])
        self.move("battle", posture, talks)

    def rest(self) -> None:
        assert self.phase is not None
        self.move("settled", self.phase)
        if not self.choose("decide", self.phase):
            return
        self.told("challenger", "attack")
        if self.random.random() < self.policy.automatic(self.month)[self.phase]:
            self.told("patron", "honour")
            self.phase = None
            return
        reneged = self.choose("attacked", self.phase)
        self.told("patron", "renege" if reneged else "honour")
        self.move("reneged" if reneged else "honoured", self.phase)
        self.phase = None


def _at(array: np.ndarray, where: tuple[int, ...], cell: int) -> float:
    lead = array.shape[:-2]
    place = tuple(w if size > 1 else 0 for w, size in zip(where[-len(lead) :] if lead else (), lead, strict=True))
    return float(array[place].reshape(-1)[cell])


def simulated(policy: Policy, months: int, random: np.random.Generator) -> Path:
    """Return one war of some months, drawn as the policy plays it."""
    walker = _Walker(policy, random)
    cells = [walker.cell]
    for _ in range(months):
        walker.go()
        cells.append(walker.cell)
    return Path(walker.staller, np.array(cells), tuple(walker.acts))


def read_stocks(
    path: Path, policy: Policy, levels: dict[str, np.ndarray], like: dict[str, Reading], random: np.random.Generator
) -> list[tuple[int, Reading]]:
    """Return a reading of each stock in ``like`` at the start of every month but the first, with its month."""
    found = []
    for month, cell in enumerate(path.cells[1:], 1):
        place = np.unravel_index(cell, policy.sizes)
        for stock, reading in like.items():
            found.append((month, reading.drawn(int(place[STOCKS.index(stock)]), levels[stock], random)))
    return found
