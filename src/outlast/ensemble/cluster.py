"""Workers on other machines, reached through a Dask scheduler.

What is sent is a batch of jobs, what comes back is their answers; nothing is kept on the workers. Each has to have the
same program installed, and says so with every batch.
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

from outlast.answers.job import Job, Solved
from outlast.ensemble.fault import EnsembleFault, WorkersLost
from outlast.ensemble.manifest import program_digest
from outlast.ensemble.workers import AHEAD, PATIENCE, RETRIES, SETTLING, Work, refuse_lost

GREETING = 15.0
"""Seconds to wait for the scheduler, and then for its first worker."""
LOOK = 5.0
"""Seconds between two looks at whether somebody hangs."""


@dataclass(frozen=True)
class ClusterWorkers:
    """The workers of a Dask scheduler.

    Attributes:
        address: of the scheduler, such as ``tcp://10.0.0.1:8786``.
        batch: draws that are sent together: enough that the sending does not matter, few enough to lose.
        patience: seconds after which a worker that has given nothing back is taken to hang, and is restarted.
        retries: times that a batch may be lost with its worker.
    """

    address: str
    batch: int = 4
    patience: float = PATIENCE
    retries: int = RETRIES

    def solved(self, work: Work, jobs: Iterable[Job]) -> Iterator[Solved]:
        """Yield every job solved; see ``Workers``."""
        client = self._client()
        errand = _Errand(client, work, self)
        try:
            yield from errand.through(iter(jobs))
        finally:
            errand.forget()
            client.close(timeout=GREETING)

    def _client(self) -> Any:
        import distributed

        try:
            client = distributed.Client(self.address, timeout=GREETING)
        except (OSError, ValueError, TimeoutError) as error:
            raise EnsembleFault(
                self.address,
                found=f"no scheduler answers: {error}",
                rule="the address is that of a running Dask scheduler, such as tcp://10.0.0.1:8786",
                reason="it hands the draws to the workers",
                remedy="start one with `dask scheduler`, as docs/how_to/many_machines.md says",
            ) from None
        try:
            client.wait_for_workers(1, timeout=GREETING)
        except TimeoutError:
            client.close(timeout=GREETING)
            raise WorkersLost(
                self.address,
                found="a scheduler without workers",
                rule="at least one worker is connected",
                reason="the scheduler itself solves nothing",
                remedy="start one with `dask worker ADDRESS --nthreads 1`",
            ) from None
        return client


def solve_batch(work: Work, jobs: list[Job], program: str) -> list[Solved]:
    """Solve jobs on a worker.

    Raises ``ImportError`` if the worker's program is another one: its draws would be those of another model.
    """
    if program_digest() != program:
        raise ImportError(f"this worker's outlast is {program_digest()}, and {program} is asked for")
    return [work.solve(job) for job in jobs]


@dataclass
class _Errand:
    """Batches on their way: which were sent and when, and how often each job was lost."""

    client: Any
    work: Work
    settings: ClusterWorkers
    sent: dict[Any, tuple[list[Job], float]] = field(default_factory=dict)
    losses: dict[tuple[int, str | None], int] = field(default_factory=dict)
    seen: float = field(default_factory=time.monotonic)
    settled: bool = False
    """Whether somebody has answered since workers were last started: from then on they can be late."""

    def through(self, queue: Iterator[Job]) -> Iterator[Solved]:
        """Yield the jobs of the queue, solved, with a few batches per thread of a worker on their way."""
        import distributed

        while True:
            self._send(queue)
            if not self.sent:
                return
            try:
                waited: Any = distributed.wait(list(self.sent), timeout=LOOK, return_when="FIRST_COMPLETED")
                ready = waited.done
            except TimeoutError:
                ready = set()
            for future in ready:
                yield from self._received(future)
            self._look_after()

    def _send(self, queue: Iterator[Job]) -> None:
        threads = sum(self.client.ncores().values())
        for _ in range(max(0, AHEAD * max(1, threads) - len(self.sent))):
            jobs = list(islice(queue, self.settings.batch))
            if not jobs:
                return
            self._hand_out(jobs)

    def _hand_out(self, jobs: list[Job]) -> None:
        future = self.client.submit(solve_batch, self.work, jobs, program_digest(), pure=False, retries=0)
        self.sent[future] = jobs, time.monotonic()

    def _received(self, future: Any) -> list[Solved]:
        """Return what a batch answered, or send it once more if it was lost with its worker."""
        import distributed

        jobs, _ = self.sent.pop(future)
        self.seen = time.monotonic()
        if future.status == "finished":
            self._settle()
            try:
                return future.result(timeout=self.settings.patience)
            except TimeoutError:  # the worker that held the answer is gone, and nobody has found it again
                self._lost(jobs)
                return []
        error = future.exception() if future.status == "error" else None
        if isinstance(error, distributed.KilledWorker) or error is None:
            self._lost(jobs)
            return []
        if isinstance(error, ImportError):
            raise EnsembleFault(
                self.settings.address,
                found=str(error),
                rule="all workers have the same program as the one that asks",
                reason="otherwise one table would hold the answers of two models",
                remedy="install the same version on every machine",
            ) from None
        raise error

    def _settle(self) -> None:
        """Begin to count the time of those who are at work when the first answer comes."""
        if not self.settled:
            self.settled, now = True, time.monotonic()
            self.sent = {future: (jobs, now) for future, (jobs, _) in self.sent.items()}

    def _lost(self, jobs: list[Job]) -> None:
        for job in jobs:
            self.losses[job.draw, job.off] = self.losses.get((job.draw, job.off), 0) + 1
        refuse_lost(jobs, self.losses, self.settings.retries)
        self._hand_out(jobs)

    def _look_after(self) -> None:
        """Take batches away from workers that hang, and give up where nobody is left."""
        now = time.monotonic()
        if self.client.status != "running" or (not self.client.ncores() and now - self.seen > self.settings.patience):
            raise WorkersLost(
                self.settings.address,
                found="no scheduler any more" if self.client.status != "running" else "no worker any more",
                rule="a scheduler with workers solves the draws",
                reason=f"nothing has come back for {now - self.seen:.0f} seconds",
                remedy="start them again and run the same command: finished draws are kept",
            )
        limit = self.settings.patience if self.settled else max(self.settings.patience, SETTLING)
        late = [future for future, (_, since) in self.sent.items() if now - since > limit]
        if late:
            self._restart(late)

    def _restart(self, late: list[Any]) -> None:
        """Send batches that are late to somebody else, and restart who holds them."""
        keys = {future.key for future in late}
        held = [address for address, tasks in self.client.processing().items() if keys & set(tasks)]
        for future in late:
            jobs, _ = self.sent.pop(future)
            future.cancel(force=True)
            self._lost(jobs)
        self.settled = False
        if held:
            # Without a nanny a worker cannot be restarted; it then keeps its one batch, and the others go on.
            self.client.restart_workers(held, timeout=GREETING, raise_for_error=False)

    def forget(self) -> None:
        """Take back what is still on its way."""
        for future in self.sent:
            future.cancel(force=True)
