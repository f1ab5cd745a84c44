"""Those who solve the draws: processes of this machine. They may die or hang; that costs what they held, no more.

Whoever solves a draw and in whatever order, its answers are the same: a draw is solved alone, by one thread.
"""

from __future__ import annotations

import multiprocessing
import pickle
import time
from collections.abc import Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import islice
from typing import Protocol

from outlast.answers.job import Job, Keep, Solved, solve_job
from outlast.answers.side_by_side import begin_worker
from outlast.ensemble.fault import WorkersLost
from outlast.game import Game

PATIENCE = 600.0
"""Seconds after which a worker that has given nothing back is taken to hang. The first draw waits for compilation."""
RETRIES = 3
"""Times that a job may be lost with its worker before the ensemble is given up."""
SETTLING = 300.0
"""Seconds in which new workers may start and compile before they are taken to hang, if that is more."""
AHEAD = 2
"""Jobs handed out per worker: one to solve and the next one, so that nobody waits for the post."""


@dataclass(frozen=True)
class Work:
    """What all jobs of an ensemble share, in a form that travels."""

    game: bytes
    paths: tuple[str, ...]
    keep: Keep | None = None

    @classmethod
    def of(cls, game: Game, paths: tuple[str, ...], keep: Keep | None = None) -> Work:
        """Return the work of a game."""
        return cls(pickle.dumps(game), paths, keep)

    def solve(self, job: Job) -> Solved:
        """Solve one job."""
        return solve_job(_unpacked(self.game), self.paths, job, self.keep)


@lru_cache(maxsize=2)
def _unpacked(game: bytes) -> Game:
    return pickle.loads(game)


class Workers(Protocol):
    """Those who solve jobs."""

    def solved(self, work: Work, jobs: Iterable[Job]) -> Iterator[Solved]:
        """Yield every job solved, in the order in which they are finished.

        Raises ``WorkersLost`` if jobs are lost with their workers again and again, or nobody works any more.
        """
        ...


@dataclass(frozen=True)
class LocalWorkers:
    """Processes of this machine.

    Attributes:
        processes: how many.
        patience: seconds after which a worker is taken to hang.
        retries: times that a job may be lost.
    """

    processes: int = 2
    patience: float = PATIENCE
    retries: int = RETRIES

    def solved(self, work: Work, jobs: Iterable[Job]) -> Iterator[Solved]:
        """Yield every job solved; see ``Workers``."""
        queue = iter(jobs)
        lost: list[Job] = []
        losses: dict[tuple[int, str | None], int] = {}
        while True:
            crew = _Crew(self.processes)
            try:
                yield from crew.through(work, lost, queue, self.patience)
            finally:
                crew.dismiss()
            lost = list(crew.held)
            if not lost:
                return
            for job in lost:
                losses[job.draw, job.off] = losses.get((job.draw, job.off), 0) + 1
            refuse_lost(lost, losses, self.retries)


def refuse_lost(lost: Iterable[Job], losses: dict[tuple[int, str | None], int], retries: int) -> None:
    """Raise ``WorkersLost`` if one of the jobs has been lost more often than allowed."""
    often = [job for job in lost if losses[job.draw, job.off] > retries]
    if often:
        raise WorkersLost(
            "draws " + ", ".join(str(job.draw) for job in often[:8]),
            found=f"their workers died or hung {retries + 1} times",
            rule=f"a draw is tried {retries + 1} times",
            reason="a worker killed each time has most likely run out of memory",
            remedy="use fewer workers, or a machine with more memory; the finished draws are kept, so run it again",
        )


@dataclass
class _Crew:
    """One set of processes: until all is done, or until one of them dies or hangs."""

    processes: int
    pool: ProcessPoolExecutor = field(init=False)
    running: dict[Future, tuple[Job, float]] = field(default_factory=dict)
    settled: bool = False
    """Whether one of them has answered: from then on they can be late."""

    def __post_init__(self) -> None:
        context = multiprocessing.get_context("spawn")
        self.pool = ProcessPoolExecutor(self.processes, context, initializer=begin_worker)

    @property
    def held(self) -> list[Job]:
        """Jobs that were handed out and have not come back."""
        return [job for job, _ in self.running.values()]

    def through(self, work: Work, first: list[Job], queue: Iterator[Job], patience: float) -> Iterator[Solved]:
        """Yield the first jobs and then those of the queue, solved; stop early if a worker dies or hangs."""
        try:
            for job in first:
                self._hand_out(work, job)
            while True:
                for job in islice(queue, max(0, AHEAD * self.processes - len(self.running))):
                    self._hand_out(work, job)
                if not self.running:
                    return
                done, _ = wait(self.running, timeout=patience / 10, return_when=FIRST_COMPLETED)
                for future in done:
                    result = future.result()
                    del self.running[future]
                    self._settle()
                    yield result
                limit = patience if self.settled else max(patience, SETTLING)
                if any(time.monotonic() - since > limit for _, since in self.running.values()):
                    return
        except BrokenProcessPool:
            return

    def _settle(self) -> None:
        """Begin to count the time of those who are at work when the first answer comes."""
        if not self.settled:
            self.settled, now = True, time.monotonic()
            self.running = {future: (job, now) for future, (job, _) in self.running.items()}

    def _hand_out(self, work: Work, job: Job) -> None:
        # Noted before it is handed out, so that it is not lost if the pool breaks just then.
        placeholder: Future = Future()
        self.running[placeholder] = job, time.monotonic()
        future = self.pool.submit(work.solve, job)
        self.running[future] = self.running.pop(placeholder)

    def dismiss(self) -> None:
        """End the processes at once: what they hold is solved again or not wanted."""
        members = list((getattr(self.pool, "_processes", None) or {}).values())
        self.pool.shutdown(wait=False, cancel_futures=True)
        for member in members:
            member.kill()
