"""Answer the questions of a scenario from its solution, with intervals over prior draws and the claims ledger."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import polars as pl

from outlast.answers.certificate import trust
from outlast.answers.claims import CLAIMS
from outlast.answers.deals import ACCEPT, HOLD
from outlast.answers.draws import drawn, points
from outlast.answers.intervals import with_intervals
from outlast.answers.ledger import ledger
from outlast.answers.tabulate import full_tables, short_tables
from outlast.answers.verdict import verdict
from outlast.game import Game, compile
from outlast.solving import Solution, solve

CONTRAST_DRAWS = 2
"""Draws in which mechanisms are also switched off, for claims that compare with and without."""
THREADS = 2
"""Games solved at once: most of a coarse solve is too small to fill two cores by itself."""
Progress = Callable[[str, int, int], None]


@dataclass(frozen=True)
class Answers:
    """Small labelled tables, a verdict in three sentences, and the record of how they were made."""

    tables: dict[str, pl.DataFrame]
    verdict: tuple[str, str, str]
    record: dict[str, Any]
    parties: dict[str, str]
    labels: Any

    @property
    def trusted(self) -> bool:
        """Whether every check of the certificate passed."""
        return bool(self.tables["certificate"]["passed"].all())

    def with_tables(self, more: Mapping[str, pl.DataFrame]) -> Answers:
        """Return the answers with more tables, or with others in the place of those of the same name."""
        return replace(self, tables={**self.tables, **more})

    def _repr_html_(self) -> str:
        sentences = "".join(f"<p>{sentence}</p>" for sentence in self.verdict)
        return sentences + self.tables["headlines"]._repr_html_()


def answer(solution: Solution, *, draws: int = 32, seed: int = 1, progress: Progress | None = None) -> Answers:
    """Answer a solved scenario.

    Args:
        solution: what ``solve`` returned.
        draws: prior draws, each solved at coarse resolution, behind intervals and shares; 0 for none.
        seed: seed of the draws, recorded.
        progress: called with a stage, steps done and steps in all; 0 in all where their number is unknown.

    Returns:
        Tables, verdict and record.
    """
    begun = time.perf_counter()
    say = progress or (lambda stage, done, total: None)
    scenario = solution.game.scenario
    say("reading the answers", 0, 0)
    tables = full_tables(solution)
    claimed = [CLAIMS[c.id] for c in scenario.claims]
    switches = list(dict.fromkeys(c.mechanism for c in claimed if c.mechanism))
    coarse_game = compile(scenario, resolution="coarse", months=solution.game.shape.months)
    say("solving at coarse resolution", 0, 0)
    coarse = short_tables(solve(coarse_game)) if claimed else {}
    off = [drawn(coarse_game, (), np.zeros(0), off=mechanism) for mechanism in switches]
    solved = _side_by_side(off, "switching mechanisms off", say)
    without = {mechanism: tables for mechanism, (tables, _) in zip(switches, solved, strict=True)}
    sampled, contrasts, failed = _draw(coarse_game, claimed, draws=draws, seed=seed, say=say)
    tables = with_intervals(tables, sampled)
    tables["claims"] = ledger(
        scenario.claims, tables, coarse=coarse, without=without, draws=sampled, contrasts=contrasts
    )
    record = _record(solution, draws=draws, seed=seed, failed=failed, tables=tables)
    record["seconds"] = solution.seconds + time.perf_counter() - begun
    parties = dict(solution.game.labels.parties)
    return Answers(tables, verdict(tables, parties), record, parties, solution.game.labels)


def _draw(game: Game, claimed: list, *, draws: int, seed: int, say: Progress) -> tuple[list, list, int]:
    """Solve the prior draws; return their tables, contrasts of the first few, and how many failed their certificate."""
    paths, values = points(game.scenario, count=draws, seed=seed)
    needed = list(dict.fromkeys(c.mechanism for c in claimed if c.contrast))
    few = min(draws, CONTRAST_DRAWS)
    games = [drawn(game, paths, values[i]) for i in range(draws)]
    games += [drawn(game, paths, values[i], off=mechanism) for i in range(few) for mechanism in needed]
    solved = _side_by_side(games, "solving prior draws", say)
    tables = [each for each, _ in solved]
    others = iter(tables[draws:])
    contrasts = [{mechanism: next(others) for mechanism in needed} for _ in range(few)]
    return tables[:draws], contrasts, sum(not trusted for _, trusted in solved[:draws])


def _side_by_side(games: list[Game], stage: str, say: Progress) -> list[tuple[dict[str, pl.DataFrame], bool]]:
    """Solve games on a few threads; return short tables and whether each solution is trusted, in order."""

    def one(game: Game) -> tuple[dict[str, pl.DataFrame], bool]:
        solution = solve(game, threads=1)
        return short_tables(solution), solution.trusted

    pool = ThreadPoolExecutor(THREADS)
    try:
        futures = [pool.submit(one, game) for game in games]
        for done, _ in enumerate(as_completed(futures)):
            say(stage, done + 1, len(games))
        return [future.result() for future in futures]
    finally:
        # An interrupt must not wait for games that nobody will read.
        pool.shutdown(wait=False, cancel_futures=True)


def _record(
    solution: Solution, *, draws: int, seed: int, failed: int, tables: dict[str, pl.DataFrame]
) -> dict[str, Any]:
    from outlast import __version__

    scenario, shape = solution.game.scenario, solution.game.shape
    return {
        "version": __version__,
        "seed": seed,
        "draws": draws,
        "draws_failed": failed,
        "name": scenario.name,
        "title": scenario.title,
        "hash": scenario.hash,
        "as_of": str(scenario.as_of),
        "resolution": solution.game.resolution,
        "cells": shape.states,
        "months": shape.months,
        "belief": scenario.belief.staller.value,
        "convention": solution.convention,
        "zone": {"accept": ACCEPT, "hold": HOLD},
        "trust": trust(tables["certificate"]),
    }
