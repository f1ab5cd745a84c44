"""Arrays that the months of a sweep lend one another, threads that share their work, and where a decision starts."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise
from typing import Any, NamedTuple, NewType

import numpy as np

from outlast.solving.played import Played
from outlast.solving.programs import programs
from outlast.solving.stationwise import Answer, Plan, Question

CHUNK, LINE = 4 << 20, 8
"""Numbers in a piece of memory that arrays are cut from, and in a cache line, to which they are aligned."""
LARGE = 60_000
"""Nodes times actions from which a decision is shared among threads."""
LONG = 100_000
"""Numbers from which a move is."""


Lent = NewType("Lent", np.ndarray)
"""An array of a workspace, which owns it: it holds until the next month is solved there, and is copied to be kept."""


class Start(NamedTuple):
    """Log odds of the posterior in the month after, and their change in that month; interior beliefs only."""

    odds: np.ndarray
    change: np.ndarray


class Proof(NamedTuple):
    """What a typed decision proves about itself, as the largest over its nodes; ``restarted`` counts nodes."""

    bayes: float = 0.0
    residual: float = 0.0
    rounds: float = 0.0
    restarted: float = 0.0

    def worst(self, other: Proof) -> Proof:
        """Return the larger of each; counts add up."""
        largest = [max(own, its) for own, its in zip(self[:3], other[:3], strict=True)]
        return Proof._make([*largest, self.restarted + other.restarted])


class Workspace:
    """Lend arrays by name, the same one every time: a month needs as many as the last and no longer."""

    def __init__(
        self, levels: np.ndarray, *, accounts: int, tolerance: float, inclusive: bool = False, threads: int = 1
    ):
        """Prepare for games of these belief levels and accounts.

        Args:
            levels: belief levels, ascending.
            accounts: the two types' and everybody else's.
            tolerance: largest gap left at a typed node, in log odds.
            inclusive: whether a mover's value is the log-sum-exp of its actions' instead of their expectation.
            threads: how many may work at one decision or move.
        """
        programs()  # the loops are there before any thread is
        self.levels, self.accounts, self.tolerance = levels, accounts, tolerance
        self.inclusive, self.threads = inclusive, threads
        self._lent: dict[tuple, Lent] = {}
        self._blank: dict[str, Played] = {}
        self._everywhere: dict[int, Played] = {}
        self._chunk, self._free = np.empty(0), 0
        self._pool = ThreadPoolExecutor(threads - 1) if threads > 1 else None

    def lend(self, *name: Any, shape: tuple[int, ...]) -> Lent:
        """Return the array of that name, with whatever was left in it."""
        key = (*name, shape)
        if key not in self._lent:
            size = int(np.prod(shape))
            aligned = -(-size // LINE) * LINE
            if self._free + aligned > len(self._chunk):
                # One large piece of memory for many arrays: the system backs it with large pages.
                self._chunk, self._free = np.zeros(max(CHUNK, aligned)), 0
            self._lent[key] = Lent(self._chunk[self._free : self._free + size].reshape(shape))
            self._free += aligned
        return self._lent[key]

    def everywhere(self, cells: int) -> Played:
        """Return all cells as cells that are played."""
        if cells not in self._everywhere:
            self._everywhere[cells] = Played.of(np.ones(cells, dtype=bool))
        return self._everywhere[cells]

    def blank(self, station: str, played: Played, answer: Answer) -> None:
        """Set an answer to even chances, no news and no value where the decision is not played.

        Such an entry is multiplied by a chance of nothing somewhere, so it has to be a number.
        """
        if self._blank.get(station) is played:
            return
        self._blank[station] = played
        if played.idle.size == 0:
            return
        answer.value[..., played.idle] = 0.0
        for chances in (answer.settler, answer.staller):
            if chances.size:
                chances[..., played.idle] = 1 / len(chances)
        if answer.posterior.size:
            answer.posterior[..., played.idle] = self.levels[:, None]
        if answer.odds.size:
            answer.odds[..., played.idle] = pooling(self.levels, answer.odds.shape).odds[..., played.idle]

    def close(self) -> None:
        """Let go of threads."""
        if self._pool:
            self._pool.shutdown()

    def spread(self, part: Callable[[slice], None], count: int, size: int) -> None:
        """Do ``count`` things in slices, of ``size`` numbers each, by several threads if they are many."""
        if self._pool is None or count * size < LONG:
            part(slice(None))
            return
        cuts = [count * k // self.threads for k in range(self.threads + 1)]
        self._together(part, [(slice(*ends),) for ends in pairwise(cuts)])

    def _together(self, task: Callable[..., None], several: list[tuple]) -> None:
        """Do a task with each of several arguments at once, the first in this thread."""
        assert self._pool is not None
        others = [self._pool.submit(task, *each) for each in several[1:]]
        task(*several[0])
        for done in others:
            done.result()

    def share(self, plan: Plan, asked: Question, answer: Answer) -> Proof:
        """Solve a decision, by several threads if it is large."""
        nodes = plan.index * plan.levels * plan.cells * (plan.first + plan.second)
        if self._pool is None or nodes < LARGE:
            programs().decide(plan, asked, answer)
            return Proof._make(answer.proof.tolist())
        parts = [
            (plan._replace(part=part, parts=self.threads), asked, answer._replace(proof=np.zeros(4)))
            for part in range(self.threads)
        ]
        self._together(programs().decide, parts)
        total = Proof()
        for part in parts:
            total = total.worst(Proof._make(part[2].proof.tolist()))
        return total


def pooling(levels: np.ndarray, shape: tuple[int, ...]) -> Start:
    """Return the start at a posterior equal to the prior; ``shape`` is ``(actions, index, levels - 2, cells)``."""
    inner = levels[1:-1]
    odds = np.broadcast_to((np.log(inner) - np.log1p(-inner))[:, None], shape)
    return Start(np.ascontiguousarray(odds), np.zeros(shape))
