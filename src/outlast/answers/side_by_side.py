"""Solve many games at once: on threads of this process, or in processes of their own."""

from __future__ import annotations

import multiprocessing
import signal
from collections.abc import Callable
from concurrent.futures import Executor, ProcessPoolExecutor, ThreadPoolExecutor, as_completed

import polars as pl

from outlast.answers.tabulate import short_tables
from outlast.game import Game
from outlast.solving import solve

Progress = Callable[[str, int, int], None]
THREADS = 2
"""Games solved at once where no processes are asked for."""
WORTH = 8
"""Games from which processes are worth their start of a few seconds."""
Solved = tuple[dict[str, pl.DataFrame], bool]


def side_by_side(games: list[Game], stage: str, say: Progress, processes: int = 0) -> list[Solved]:
    """Solve games and return, in order, the tables that intervals need and whether each solution is trusted."""
    pool = _pool(processes if len(games) >= WORTH else 0)
    try:
        futures = [pool.submit(_one, game) for game in games]
        for done, _ in enumerate(as_completed(futures)):
            say(stage, done + 1, len(games))
        return [future.result() for future in futures]
    except BaseException:
        # An interrupt must not wait for games that nobody will read.
        pool.shutdown(wait=False, cancel_futures=True)
        for child in multiprocessing.active_children():
            child.terminate()
        raise
    finally:
        pool.shutdown(wait=False, cancel_futures=True)


def _pool(processes: int) -> Executor:
    if not processes:
        return ThreadPoolExecutor(THREADS)
    return ProcessPoolExecutor(processes, multiprocessing.get_context("spawn"), initializer=_deaf)


def _deaf() -> None:
    """Leave an interrupt from the keyboard to the process that asked for the work."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)


def _one(game: Game) -> Solved:
    solution = solve(game, threads=1)
    return short_tables(solution), solution.trusted
