"""Answer the questions of a scenario from its solution, with intervals over prior draws and the claims ledger."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, TypeVar

import numpy as np
import polars as pl

from outlast.answers.certificate import doubt_sentence, doubts, trust
from outlast.answers.claims import CLAIMS
from outlast.answers.deals import ACCEPT, HOLD
from outlast.answers.draws import drawn, points
from outlast.answers.grid import grid_sentence, on_draws_grid
from outlast.answers.intervals import with_intervals
from outlast.answers.ledger import ledger
from outlast.answers.side_by_side import Progress, side_by_side
from outlast.answers.tabulate import full_tables, short_tables
from outlast.answers.verdict import verdict
from outlast.game import Game, compile
from outlast.solving import Solution, solve

T = TypeVar("T")

CONTRAST_DRAWS = 2
"""Draws in which mechanisms are also switched off, for claims that compare with and without."""


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


def answer(
    solution: Solution, *, draws: int = 32, seed: int = 1, progress: Progress | None = None, processes: int = 0
) -> Answers:
    """Answer a solved scenario.

    Args:
        solution: what ``solve`` returned.
        draws: prior draws, each solved at coarse resolution, behind intervals and shares; 0 for none.
        seed: seed of the draws, recorded.
        progress: called with a stage, steps done and steps in all; 0 in all where their number is unknown.
        processes: how many solve the draws; with 0, threads of this one. A script that asks for processes must keep
            its work under ``if __name__ == "__main__"``, since each starts by importing it.

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
    coarse_solution = solve(coarse_game) if claimed or draws else None
    coarse = short_tables(coarse_solution) if coarse_solution else {}
    off = [drawn(coarse_game, (), np.zeros(0), off=mechanism) for mechanism in switches]
    games, contrasted = _games(coarse_game, claimed, draws=draws, seed=seed)
    solved = side_by_side([*off, *games], "solving prior draws", say, processes)
    without = {mechanism: tables for mechanism, (tables, _) in zip(switches, solved, strict=False)}
    drawn_tables = [each for each, _ in solved[len(off) :]]
    sampled, failed = drawn_tables[:draws], sum(not trusted for _, trusted in solved[len(off) :][:draws])
    contrasts = _named(contrasted, drawn_tables[draws:])
    doubted = doubts(
        coarse_solution is None or coarse_solution.trusted,
        {mechanism: trusted for mechanism, (_, trusted) in zip(switches, solved, strict=False)},
        _named(contrasted, [trusted for _, trusted in solved[len(off) + draws :]]),
    )
    tables = with_intervals(tables, sampled)
    tables["headlines"] = on_draws_grid(tables["headlines"], coarse)
    tables["claims"] = ledger(
        scenario.claims, tables, coarse=coarse, without=without, draws=sampled, contrasts=contrasts, doubted=doubted
    )
    record = _record(solution, draws=draws, seed=seed, failed=failed, tables=tables)
    record["seconds"] = solution.seconds + time.perf_counter() - begun
    parties = dict(solution.game.labels.parties)
    return Answers(tables, verdict(tables, parties), record, parties, solution.game.labels)


def _games(game: Game, claimed: list, *, draws: int, seed: int) -> tuple[list[Game], list[list[str]]]:
    """Return the prior draws, then the first few again with each mechanism off that a contrast needs; and those."""
    paths, values = points(game.scenario, count=draws, seed=seed)
    needed = list(dict.fromkeys(c.mechanism for c in claimed if c.contrast))
    few = min(draws, CONTRAST_DRAWS)
    games = [drawn(game, paths, values[i]) for i in range(draws)]
    games += [drawn(game, paths, values[i], off=mechanism) for i in range(few) for mechanism in needed]
    return games, [needed] * few


def _named(names: Sequence[Sequence[str]], each: Sequence[T]) -> list[dict[str, T]]:
    """Give a row of things their names, one mapping for each row of names."""
    things = iter(each)
    return [{name: next(things) for name in row} for row in names]


def _record(
    solution: Solution,
    *,
    draws: int,
    seed: int,
    failed: int,
    tables: dict[str, pl.DataFrame],
) -> dict[str, Any]:
    from outlast import __version__

    doubted = [row["claim"] for row in tables["claims"].to_dicts() if not row["trusted"]]
    doubt = doubt_sentence(draws=draws, failed=failed, doubted=doubted)
    said = (trust(tables["certificate"]), doubt, grid_sentence(tables["headlines"]))
    scenario, shape = solution.game.scenario, solution.game.shape
    return {
        "version": __version__,
        "seed": seed,
        "draws": draws,
        "draws_failed": failed,
        "doubted": doubted,
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
        "trust": " ".join(filter(None, said)),
    }
