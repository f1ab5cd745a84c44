"""Where the parties stand at month 0, and the histories that start there.

A solution seen from the scenario's starting stocks and belief: values read there, exact runs forward for each type of
the challenger, and a month's stations. Every answer is a reading of these.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from outlast.answers.losses import losses
from outlast.game.grid import dictated
from outlast.game.start import belief_weights, cell_weights, number, prior
from outlast.solving import Solution
from outlast.solving.backward import Resolved
from outlast.solving.choice import Choice
from outlast.solving.forward import Course, Month, Path, run
from outlast.solving.reading import read_at

HORIZON = 60
"""Months that runs look ahead."""


@dataclass(frozen=True)
class Standpoint:
    """A solution read at the scenario's start."""

    solution: Solution
    watched: bool = False
    """Whether runs also record what is signed at a loss."""

    @property
    def game(self):
        """Return the game solved."""
        return self.solution.game

    @property
    def months(self) -> int:
        """Months that runs can look ahead."""
        return min(HORIZON, len(self.solution.values["war"]) - 1)

    def number(self, slot: str) -> float:
        """Return one number of the game by its canonical name."""
        return number(self.game, slot)

    @property
    def prior(self) -> float:
        """Chance at month 0 that the challenger is a staller."""
        return prior(self.game)

    @cached_property
    def beliefs(self) -> np.ndarray:
        """Weights of the prior on the belief levels."""
        return belief_weights(self.game)

    @cached_property
    def cells(self) -> np.ndarray:
        """Weights of the starting stocks on the cells."""
        return cell_weights(self.game)

    @cached_property
    def start(self) -> np.ndarray:
        """Weights on ``(beliefs, cells)``."""
        return np.outer(self.beliefs, self.cells)

    def at_start(self, values: np.ndarray, kind: int | None = None) -> np.ndarray:
        """Average ``(..., beliefs, cells)`` over the start, as all see it or as type ``kind`` does."""
        weight = self.start if kind is None else self.start_of(kind)
        return (np.asarray(values) * weight).sum(axis=(-2, -1))

    def start_of(self, kind: int) -> np.ndarray:
        """Weights on ``(beliefs, cells)`` for one type: at belief level b the share of stallers is b."""
        return self.calibrated(self.start, self.prior, kind)

    def calibrated(self, weight: np.ndarray, belief: float, kind: int) -> np.ndarray:
        """Turn weights ``(beliefs, ...)`` with mean ``belief`` into those of one type."""
        levels = np.asarray(self.game.inputs.grid.beliefs)
        named, chance = (1 - levels, levels)[kind], (1 - belief, belief)[kind]
        out = weight * named.reshape(-1, *[1] * (weight.ndim - 1))
        # A type that is ruled out is where all see the challenger.
        return out / chance if chance > 0 and out.sum() > 0 else weight

    @cached_property
    def _first(self) -> Resolved:
        return self.solution.again(0).copied()

    @property
    def stations(self) -> dict[str, np.ndarray]:
        """Value at every station of month 0, ``(accounts, [index], beliefs, cells)``."""
        return self._first.stations

    @property
    def choices(self) -> dict[str, Choice]:
        """Choices of month 0."""
        return self._first.choices

    @cached_property
    def _runs(self) -> dict[str, list[Path]]:
        """Every run of the war, side by side, two of each kind: one by type."""
        kinds: dict[str, dict[str, Any]] = {
            "free": {},
            "dealless": {"keep": {"signed": 0.0}},
            "fruitless": {"keep": {"signed": 0.0, "silence": 0.0}, "renew": True},
            "undealt": {"divert": {"talks": "fruitless"}},
        }
        courses = [Course({"war": self.start_of(kind)}, kind, **more) for more in kinds.values() for kind in (0, 1)]
        paths = run(self.solution.again, courses, months=self.months, observe=losses if self.watched else None)
        return {name: paths[2 * place : 2 * place + 2] for place, name in enumerate(kinds)}

    @property
    def lost(self) -> list[np.ndarray]:
        """Mass signed at a loss by month and account, for each type."""
        return [path.seen for path in self.free if path.seen is not None]

    @property
    def free(self) -> list[Path]:
        """Runs by type of everything that can happen."""
        return self._runs["free"]

    @property
    def dealless(self) -> list[Path]:
        """Runs by type of the histories in which nothing has been signed."""
        return self._runs["dealless"]

    @property
    def fruitless(self) -> list[Path]:
        """Runs by type of histories in which every month of war brings talks and none brings a deal, as if certain."""
        return self._runs["fruitless"]

    @property
    def undealt(self) -> list[Path]:
        """Runs by type of the war in which nobody is given the floor; all choices are as solved."""
        return self._runs["undealt"]

    def settlements(self, starts: list[np.ndarray], observe: Callable[[Month], np.ndarray]) -> list[list[Path]]:
        """Run peace until the first attack from each start ``(types, phases, beliefs, cells)``, by type."""
        keep = {"attacked": 0.0}
        courses = [Course({"peace": start[kind]}, kind, keep) for start in starts for kind in (0, 1)]
        paths = run(self.solution.again, courses, months=self.months, begin=("peace",), observe=observe)
        return [paths[place : place + 2] for place in range(0, len(paths), 2)]

    def mix(self, settler: ArrayLike, staller: ArrayLike) -> np.ndarray:
        """Weigh what holds for each type by the prior."""
        return (1 - self.prior) * np.asarray(settler) + self.prior * np.asarray(staller)

    def read(self, values: np.ndarray, belief: np.ndarray) -> np.ndarray:
        """Read ``(beliefs, cells)`` at beliefs between the levels, given per belief and cell of the same shape."""
        return read_at(values, belief, np.asarray(self.game.inputs.grid.beliefs))

    def over(self) -> np.ndarray:
        """Return 1 in the cells where the challenger dictates."""
        return 1.0 * dictated(self.game.shape.sizes)


def ratio(part: np.ndarray, whole: np.ndarray) -> np.ndarray:
    """Return one over the other, of the same shape; not a number where there is no whole."""
    return np.divide(part, whole, out=np.full(np.shape(part), np.nan), where=whole > 0)


def posterior(prior: float, staller: np.ndarray, settler: np.ndarray) -> np.ndarray:
    """Return Bayes' rule; the prior where neither type would do it."""
    total = prior * staller + (1 - prior) * settler
    return np.where(total > 0, prior * staller / np.where(total > 0, total, 1), prior)
