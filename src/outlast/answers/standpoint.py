"""Where the parties stand at month 0, and the histories that start there.

A solution seen from the scenario's starting stocks and belief: values read there, exact runs forward for each type of
the challenger, and a month's stations. Every answer is a reading of these.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property

import jax
import jax.numpy as jnp
import numpy as np
from numpy.typing import ArrayLike

from outlast.answers.losses import losses
from outlast.game.grid import STOCKS
from outlast.game.inputs import Inputs
from outlast.solving import Solution
from outlast.solving.forward import Course, Path, run, stations_in
from outlast.solving.solution import precise, to_device

TYPES = ("settler", "staller")
ACCOUNTS = ("settler", "staller", "defender", "patron")
HORIZON = 60
"""Months that runs look ahead."""


def weights_at(value: float, levels: np.ndarray) -> np.ndarray:
    """Return the weights on two neighbouring levels that reproduce ``value``."""
    return np.array([np.interp(value, levels, np.eye(len(levels))[i]) for i in range(len(levels))])


@dataclass(frozen=True)
class Standpoint:
    """A solution read at the scenario's start."""

    solution: Solution

    @property
    def game(self):
        """Return the game solved."""
        return self.solution.game

    @property
    def months(self) -> int:
        """Months that runs can look ahead."""
        return min(HORIZON, len(self.solution.calendar.kept.values["war"]) - 1)

    def number(self, slot: str) -> float:
        """Return one number of the game by its canonical name."""
        return float(self.game.inputs.values[self.game.shape.slot(slot)])

    @property
    def prior(self) -> float:
        """Chance at month 0 that the challenger is a staller."""
        return self.number("belief.staller")

    @cached_property
    def beliefs(self) -> np.ndarray:
        """Weights of the prior on the belief levels."""
        return weights_at(self.prior, np.asarray(self.game.inputs.grid.beliefs))

    @cached_property
    def cells(self) -> np.ndarray:
        """Weights of the starting stocks on the cells."""
        out = np.ones(1)
        for stock, levels in zip(STOCKS, self.game.inputs.grid.levels, strict=True):
            out = np.outer(out, weights_at(self.number(f"stocks.{stock}.start"), np.asarray(levels))).ravel()
        return out

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
        named = (1 - levels, levels)[kind] / max((1 - belief, belief)[kind], 1e-12)
        out = weight * named.reshape(-1, *[1] * (weight.ndim - 1))
        return out if out.sum() > 0 else weight

    @cached_property
    def inputs(self):
        """Inputs on the device."""
        with precise():
            return to_device(self.game.inputs)

    @cached_property
    def stations(self) -> dict[str, np.ndarray]:
        """Value at every station of month 0, ``(accounts, [index], beliefs, cells)``."""
        kept = self.solution.calendar.kept
        with precise():
            later = {name: value[1] for name, value in kept.values.items()}
            first = jax.tree.map(lambda leaf: leaf[0], kept.choices)
            found = stations_in(self.game.rules, self.inputs, later, first, jnp.asarray(0))
            return {name: np.asarray(value) for name, value in found.items()}

    @cached_property
    def choices(self) -> dict:
        """Choices of month 0 as NumPy arrays."""
        return jax.tree.map(lambda leaf: np.asarray(leaf[0]), self.solution.calendar.kept.choices)

    def _run(
        self,
        start: tuple[dict[str, np.ndarray], ...],
        keep: dict[str, float],
        begin: tuple[str, ...],
        *,
        renew: float = 0.0,
        observed: bool = False,
        inputs: Inputs | None = None,
    ) -> tuple[Path, Path]:
        whole = {"silence": 1.0, "signed": 1.0, "attacked": 1.0} | keep
        with precise():
            mass = [{name: jnp.asarray(value) for name, value in own.items()} for own in start]
            weights = {name: jnp.asarray(value) for name, value in whole.items()}
            runs = [
                run(
                    self.game.rules,
                    inputs or self.inputs,
                    self.solution.calendar.kept,
                    Course(mass[kind], jnp.asarray(kind), weights, jnp.asarray(renew)),
                    months=self.months,
                    begin=begin,
                    observe=losses if observed else None,
                )
                for kind in (0, 1)
            ]
            settler, staller = (jax.tree.map(np.asarray, path) for path in runs)
        return settler, staller

    @cached_property
    def lost(self) -> tuple[np.ndarray, np.ndarray]:
        """Mass signed at a loss by month and account, for each type."""
        return tuple(path.seen for path in self._from_start(observed=True))

    def _from_start(
        self, *, renew: float = 0.0, observed: bool = False, inputs: Inputs | None = None, **keep: float
    ) -> tuple[Path, Path]:
        shape = self.game.shape
        peace = np.zeros((shape.phases, shape.beliefs, shape.cells))
        starts = tuple({"war": self.start_of(kind), "peace": peace} for kind in (0, 1))
        return self._run(starts, keep, ("war", "peace"), renew=renew, observed=observed, inputs=inputs)

    @cached_property
    def free(self) -> tuple[Path, Path]:
        """Runs by type of everything that can happen."""
        return self._from_start()

    @cached_property
    def dealless(self) -> tuple[Path, Path]:
        """Runs by type of the histories in which nothing has been signed."""
        return self._from_start(signed=0.0)

    @cached_property
    def fruitless(self) -> tuple[Path, Path]:
        """Runs by type of histories in which every month of war brings talks and none brings a deal, as if certain."""
        return self._from_start(signed=0.0, silence=0.0, renew=1.0)

    @cached_property
    def undealt(self) -> tuple[Path, Path]:
        """Runs by type of the war in which nobody is given the floor; all choices are as solved."""
        slots = [self.game.shape.slot(f"recognition.{role}") for role in ("challenger", "defender", "patron")]
        values = np.array(self.game.inputs.values)
        values[slots] = 0
        with precise():
            inputs = to_device(replace(self.game.inputs, values=values))
        return self._from_start(inputs=inputs)

    def settlement(self, start: tuple[np.ndarray, np.ndarray]) -> tuple[Path, Path]:
        """Run each type from each type's mass in peace ``(phases, beliefs, cells)`` until the first attack."""
        return self._run(tuple({"peace": own} for own in start), {"attacked": 0.0}, ("peace",))

    def mix(self, settler: ArrayLike, staller: ArrayLike) -> np.ndarray:
        """Weigh what holds for each type by the prior."""
        return (1 - self.prior) * np.asarray(settler) + self.prior * np.asarray(staller)

    def read(self, values: np.ndarray, belief: np.ndarray) -> np.ndarray:
        """Read ``(beliefs, cells)`` at beliefs between the levels, given per belief and cell of the same shape."""
        levels = np.asarray(self.game.inputs.grid.beliefs)
        place = np.clip(np.searchsorted(levels, belief, side="right") - 1, 0, len(levels) - 2)
        share = (belief - levels[place]) / (levels[place + 1] - levels[place])
        low = np.take_along_axis(values, place, axis=0)
        high = np.take_along_axis(values, place + 1, axis=0)
        return low + share * (high - low)

    def over(self) -> np.ndarray:
        """Return 1 in the cells where the challenger dictates."""
        sizes = self.game.shape.sizes
        grid = np.zeros(sizes)
        grid[-1] = 1
        grid[:, :, 0] = 1
        return grid.ravel()


def posterior(prior: float, staller: np.ndarray, settler: np.ndarray) -> np.ndarray:
    """Return Bayes' rule; the prior where neither type would do it."""
    total = prior * staller + (1 - prior) * settler
    return np.where(total > 0, prior * staller / np.where(total > 0, total, 1), prior)
