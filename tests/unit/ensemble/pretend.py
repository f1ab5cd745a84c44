"""Workers that solve nothing: they answer with simple sums of the numbers drawn, to test the storing alone."""

from __future__ import annotations

import os
import signal
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl

from outlast.answers.job import CENTRE, Checks, Job, Solved
from outlast.ensemble import make_ensemble, making
from outlast.ensemble.manifest import Manifest
from outlast.ensemble.workers import Work
from outlast.files.sealed import arrays_bytes
from outlast.scenario import Scenario, read

BROKEN = 5
"""The draw that has no solution."""
CONTRASTS = 2
"""Draws with mechanisms off: fewer than the product's, so that a few draws go beyond them."""
UNSURE = 3
"""The draw whose certificate fails."""


def war() -> Scenario:
    """A scenario with ranges and with claims of both kinds."""
    return read({"scenario": {"base": "starter", "name": "small", "months": 24, "resolution": "coarse"}})


def pretended(job: Job, *, kept: bool = False) -> Solved:
    """Return what a pretended solve answers."""
    total = float(np.sum(job.values)) + len(job.off or "")
    if job.draw == BROKEN:
        nothing = float("nan")
        return Solved(job, {}, {}, Checks(nothing, nothing, nothing, False, "OverflowError: too large"))
    headlines = np.array([total, total / 3])
    bands = {"headlines.value": headlines, "rounds.attend": np.array([total, 1 / 3, 0.1])}
    tables = {
        "headlines": pl.DataFrame({"key": ["one", "two"], "value": headlines}),
        "delay": pl.DataFrame({"account": ["challenger"], "months": [12], "dividend": [total]}),
    }
    checks = Checks(1e-9 * job.draw, 0.0, 0.0, job.draw != UNSURE)
    arrays = arrays_bytes({"values": job.values, "twice": 2 * job.values}) if kept and job.draw != CENTRE else b""
    return Solved(job, bands, {"pause": total - 1}, checks, tables if job.whole else None, arrays)


@dataclass
class Pretenders:
    """Workers that pretend, in an order of their own."""

    stride: int = 1
    stop_after: int | None = None
    stop: type[BaseException] = KeyboardInterrupt
    kept: bool = False
    done: list[tuple[int, str | None]] = field(default_factory=list)

    def solved(self, work: Work, jobs: Iterable[Job]) -> Iterator[Solved]:
        """Yield jobs, every few of them in reverse; stop where told to."""
        waiting: list[Job] = []
        for job in [*jobs, None]:
            waiting += [job] if job else []
            if job is None or len(waiting) == self.stride:
                for each in reversed(waiting):
                    if self.stop_after is not None and len(self.done) >= self.stop_after:
                        raise self.stop
                    self.done.append((each.draw, each.off))
                    yield pretended(each, kept=self.kept)
                waiting = []


@dataclass(frozen=True)
class Trap:
    """Work that pretends, and kills or holds its worker at certain draws: the first so many times each is met.

    How often it was met is the number of files in a folder, for whoever meets it next is another process.
    """

    folder: Path
    kills: int | None = None
    holds: int | None = None
    times: int = 1

    def solve(self, job: Job) -> Solved:
        """Return what a pretended solve answers, or do not return."""
        if job.off is None and job.draw in (self.kills, self.holds):
            met = len(list(self.folder.glob(f"{job.draw}-*")))
            if met < self.times:
                (self.folder / f"{job.draw}-{met}-{os.getpid()}").touch()
                if job.draw == self.holds:
                    time.sleep(3600)
                os.kill(os.getpid(), signal.SIGKILL)
        time.sleep(0.02)
        return pretended(job)


@dataclass(frozen=True)
class Trapped:
    """Real workers, local or of a cluster, with pretended work."""

    workers: Any
    trap: Trap

    def solved(self, work: Work, jobs: Iterable[Job]) -> Iterator[Solved]:
        """Yield every job solved."""
        return self.workers.solved(self.trap, jobs)


def keep_nothing(solution: object) -> dict[str, np.ndarray]:
    """Stand for what is kept of a solution; pretenders do not call it."""
    return {}


def killed_at_write(number: int) -> None:
    """Let this process be killed in the middle of the write of that number, the first being 1."""
    from outlast.ensemble import storing

    plain, count = storing.write_whole, 0

    def write(path: Path, content: bytes, *, lasting: bool = False) -> None:
        nonlocal count
        count += 1
        if count == number:
            path.with_name(path.name + storing.PART).write_bytes(content[: len(content) // 2])
            os.kill(os.getpid(), signal.SIGKILL)
        plain(path, content, lasting=lasting)

    storing.write_whole = write


def in_small_batches() -> Callable[..., None]:
    """Return what makes a manifest with eight draws in a file, so that a few draws make several."""
    plain = Manifest.__init__
    return lambda self, *a, **k: plain(self, *a, **{"batch": 8, **k})


if __name__ == "__main__":
    # pretend.py FOLDER DRAWS KILLED_AT_WRITE
    killed_at_write(int(sys.argv[3]))
    Manifest.__init__ = in_small_batches()
    making.CONTRASTS = CONTRASTS
    make_ensemble(war(), draws=int(sys.argv[2]), out=sys.argv[1], workers=Pretenders(stride=3))
