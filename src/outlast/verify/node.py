"""One decision of the month, and how far the stored choice is from an equilibrium there.

Arrays are ``(actions, [index], beliefs, cells)``, with the accounts in front where there are several. A decision is
seen by all; one of the player with the private type moves the public belief, so its actions are valued at the belief
that they create.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from outlast.verify.board import SETTLER, STALLER, Board

POSSIBLE = 1e-12
"""Total chance below which an action does not happen, so Bayes' rule says nothing about the belief after it."""
TYPED = (SETTLER, STALLER)
"""Movers of a decision of the player with the private type."""


@dataclass(frozen=True)
class Played:
    """The stored choice at a decision in one month, action blocks joined.

    ``settler`` and ``staller`` are the chances by type, ``posterior`` the stored belief after each action. Where the
    mover has no private type, ``settler`` is its chance and the other two are None.
    """

    settler: NDArray
    staller: NDArray | None
    posterior: NDArray | None


def played(board: Board, choice: Any, shape: tuple[int, ...]) -> Played:
    """Read the stored choice of one month in the cells looked at.

    Args:
        board: levels and beliefs.
        choice: lists ``settler``, ``staller`` and ``posterior`` (None where public), one array per block of actions,
            each ``(actions, [index], beliefs, cells)`` over every cell.
        shape: ``([index], beliefs)``, to which axes of length 1 are spread.
    """

    def joined(blocks: Any) -> NDArray | None:
        if blocks is None:
            return None
        parts = [np.asarray(block, dtype=float)[..., board.cells] for block in blocks]
        return np.concatenate([np.broadcast_to(part, (len(part), *shape, len(board.cells))) for part in parts])

    settler = joined(choice.settler)
    assert settler is not None
    return Played(settler, joined(choice.staller), joined(choice.posterior))


@dataclass(frozen=True)
class Finding:
    """How far a stored choice is from an equilibrium, each the largest over the nodes of a decision.

    ``residual`` and ``regret`` are in normalised value (1 = the whole prize held for ever), ``bayes`` and ``leak`` are
    differences of probability; all are at least 0, and infinite where something is not a number.
    """

    residual: float = 0.0
    regret: float = 0.0
    bayes: float = 0.0
    leak: float = 0.0
    checks: int = 0
    """Nodes or values that were looked at."""


@dataclass(frozen=True)
class Node:
    """A decision: what each action is worth to each account, and what was played."""

    movers: tuple[int, ...]
    """The account that chooses, or ``TYPED``."""
    noise: float
    """Logit noise, in normalised value."""
    values: NDArray
    """Value of every action at the belief it creates, ``(accounts, actions, [index], beliefs, cells)``."""
    log_weight: NDArray
    """Log base weight of every action, minus infinity where it cannot be taken."""
    played: Played
    prior: NDArray
    """Belief before the decision, ``(beliefs, 1)``."""
    measured: NDArray
    """Cells in which the choice is measured: those asked for in which the decision can arise."""

    def value(self) -> NDArray:
        """Return the plain expectation over the stored chances, ``(accounts, [index], beliefs, cells)``."""
        own = self.played
        if own.staller is None:
            return (own.settler * self.values).sum(axis=1)
        pooled = self.prior * own.staller + (1 - self.prior) * own.settler
        return (np.stack([own.settler, own.staller, pooled, pooled]) * self.values).sum(axis=1)

    def finding(self) -> Finding:
        """Measure the stored choice."""
        checks = int(np.prod(self.played.settler.shape[1:-1])) * int(self.measured.sum())
        return Finding(self.residual(), self.regret(), self.bayes(), self.leak(), checks)

    def residual(self) -> float:
        """Return the most that a mover's value would change if it played the logit choice instead, over all nodes."""
        return max(
            self._worst(((np.exp(self._log_logit(mover)) - chance) * self.values[mover]).sum(axis=0))
            for mover, chance in self._moves()
        )

    def regret(self) -> float:
        """Return the most that any other choice would gain a mover beyond what the noise explains, over all nodes.

        The gain is in value plus noise x entropy relative to the base weights, which the logit choice makes largest: it
        is noise x sum of chance x log(chance / logit chance), at least the gain from any single action.
        """
        most = 0.0
        for mover, chance in self._moves():
            possible = (chance > 0) & np.isfinite(self._weights)
            ratio = np.log(np.where(possible, chance, 1.0)) - np.where(possible, self._log_logit(mover), 0.0)
            gain = self.noise * (np.where(possible, chance, 0.0) * ratio).sum(axis=0)
            most = max(most, self._worst(np.maximum(gain, 0.0)))
        return most

    def bayes(self) -> float:
        """Return the largest distance of a stored belief from Bayes' rule on the stored chances, over all nodes."""
        own = self.played
        if own.staller is None or own.posterior is None:
            return 0.0
        joint = self.prior * own.staller
        total = joint + (1 - self.prior) * own.settler
        settled = (self.prior <= 0) | (self.prior >= 1)
        rule = np.where(settled, self.prior, joint / np.where(total > 0, total, 1.0))
        return self._worst(np.where((total > POSSIBLE) | settled, own.posterior - rule, 0.0))

    def leak(self) -> float:
        """Return how far the chances of what can be done stray from a distribution, over all nodes."""
        most = 0.0
        for _, chance in self._moves():
            taken = np.where(np.isfinite(self._weights), chance, 0.0)
            most = max(most, self._worst(taken.sum(axis=0) - 1), self._worst(np.minimum(chance, 0.0)))
        return most

    def _worst(self, errors: NDArray) -> float:
        return worst(np.where(self.measured, errors, 0.0))

    @property
    def _weights(self) -> NDArray:
        return np.broadcast_to(self.log_weight, self.played.settler.shape)

    def _moves(self) -> list[tuple[int, NDArray]]:
        if self.played.staller is None:
            return [(self.movers[0], self.played.settler)]
        return [(SETTLER, self.played.settler), (STALLER, self.played.staller)]

    def _log_logit(self, mover: int) -> NDArray:
        """Return the log of the logit chances, minus infinity for what cannot be done."""
        grown = self.values[mover] / self.noise + self._weights
        grown = grown - grown.max(axis=0)
        return grown - np.log(np.exp(grown).sum(axis=0))


def worst(errors: NDArray) -> float:
    """Return the largest size of an error, infinite if any is not a number."""
    largest = float(np.abs(errors).max(initial=0.0))
    return largest if np.isfinite(largest) else float("inf")


def read_at(values: NDArray, belief: NDArray, levels: NDArray) -> NDArray:
    """Read values given at the belief levels at other beliefs, as a lottery between the two levels around each.

    Args:
        values: ``(..., beliefs, cells)``.
        belief: belief to read at, with the beliefs axis in the same place from the end; leading axes broadcast.
        levels: belief levels, ascending.
    """
    if len(levels) == 1:
        return np.broadcast_to(values, np.broadcast_shapes(values.shape, belief.shape))
    inside = np.clip(belief, levels[0], levels[-1])
    low = np.clip(np.searchsorted(levels, inside, side="right") - 1, 0, len(levels) - 2)
    share = (inside - levels[low]) / (levels[low + 1] - levels[low])
    shape = np.broadcast_shapes(values.shape[:-2], belief.shape[:-2])
    wide = np.broadcast_to(values, (*shape, *values.shape[-2:]))
    place = np.broadcast_to(low, (*shape, *low.shape[-2:]))
    below = np.take_along_axis(wide, place, axis=-2)
    above = np.take_along_axis(wide, place + 1, axis=-2)
    return below + share * (above - below)
