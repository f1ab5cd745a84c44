"""Solve many jobs of one game at once: on threads of this process, or in processes of their own."""

from __future__ import annotations

import multiprocessing
import os
import signal
import threading
from collections.abc import Callable
from concurrent.futures import Executor, ProcessPoolExecutor, ThreadPoolExecutor, as_completed
from multiprocessing.connection import wait

from outlast.answers.job import Job, Solved, solve_job
from outlast.game import Game

Progress = Callable[[str, int, int], None]
THREADS = 2
"""Jobs solved at once where no processes are asked for."""
WORTH = 8
"""Jobs from which processes are worth their start of a few seconds."""


def side_by_side(
    game: Game, paths: tuple[str, ...], jobs: list[Job], *, say: Progress, processes: int = 0
) -> list[Solved]:
    """Solve jobs and return what is kept of each, in order."""
    pool = _pool(processes if len(jobs) >= WORTH else 0)
    try:
        futures = [pool.submit(solve_job, game, paths, job) for job in jobs]
        for done, _ in enumerate(as_completed(futures)):
            say("solving prior draws", done + 1, len(jobs))
        return [future.result() for future in futures]
    except BaseException:
        # An interrupt must not wait for jobs that nobody will read.
        pool.shutdown(wait=False, cancel_futures=True)
        for child in multiprocessing.active_children():
            child.terminate()
        raise
    finally:
        pool.shutdown(wait=False, cancel_futures=True)


def _pool(processes: int) -> Executor:
    if not processes:
        return ThreadPoolExecutor(THREADS)
    return ProcessPoolExecutor(processes, multiprocessing.get_context("spawn"), initializer=begin_worker)


def begin_worker() -> None:
    """Make this process a good worker: deaf to Ctrl-C, which its parent handles, and gone when its parent is."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_follow_parent, daemon=True).start()


def _follow_parent() -> None:
    """End this process when its parent ends, however suddenly: it would wait for work for ever."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        wait([parent.sentinel])
        os._exit(1)
