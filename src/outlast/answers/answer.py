"""Answer the questions of a scenario from its solution, with intervals over prior draws and the claims ledger."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import polars as pl

from outlast.answers.central import Central, central
from outlast.answers.certificate import doubt_sentence, trust
from outlast.answers.deals import ACCEPT, HOLD
from outlast.answers.drawn_answers import CONTRASTS, DrawnAnswers, centre_of, side_jobs, stacked
from outlast.answers.draws import points
from outlast.answers.grid import grid_sentence, on_draws_grid
from outlast.answers.intervals import FEWEST, few_sentence, with_intervals
from outlast.answers.job import CENTRE, Job
from outlast.answers.ledger import ledger
from outlast.answers.side_by_side import Progress, side_by_side
from outlast.answers.verdict import verdict
from outlast.game import Game, compile
from outlast.solving import Solution


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
    solution: Solution | Central,
    *,
    draws: int = 32,
    seed: int = 1,
    contrasts: int = CONTRASTS,
    progress: Progress | None = None,
    processes: int = 0,
    drawn: DrawnAnswers | None = None,
) -> Answers:
    """Answer a solved scenario.

    Args:
        solution: what ``solve`` returned, or what ``central`` has read off it.
        draws: prior draws, each solved at coarse resolution, behind intervals and shares, which take 16; 0 for none.
        seed: seed of the draws, recorded.
        contrasts: in how many of the draws claims that compare with a mechanism switched off are asked, each a solve a
            mechanism more; 16 give their share, of fewer they are counted.
        progress: called with a stage, steps done and steps in all; 0 in all where their number is unknown.
        processes: how many solve the draws; with 0, threads of this one. A script that asks for processes must keep
            its work under ``if __name__ == "__main__"``, since each starts by importing it.
        drawn: what the draws answered where that is known already, as of a stored ensemble; nothing is then drawn.

    Returns:
        Tables, verdict and record.
    """
    begun = time.perf_counter()
    say = progress or (lambda stage, done, total: None)
    say("reading the answers", 0, 0)
    middle = solution if isinstance(solution, Central) else central(solution)
    game, tables = middle.game, dict(middle.tables)
    scenario = game.scenario
    found = drawn or _drawn(game, draws=draws, seed=seed, contrasts=contrasts, say=say, processes=processes)
    tables = with_intervals(tables, found.bands)
    tables["headlines"] = on_draws_grid(tables["headlines"], found.centre.headlines if found.centre else {})
    tables["claims"] = ledger(scenario.claims, tables, found)
    record = _record(middle, found, tables)
    record["seconds"] = middle.seconds + time.perf_counter() - begun
    parties = dict(game.labels.parties)
    return Answers(tables, verdict(tables, parties), record, parties, game.labels)


def _drawn(game: Game, *, draws: int, seed: int, contrasts: int, say: Progress, processes: int) -> DrawnAnswers:
    """Draw, and solve at coarse resolution."""
    scenario = game.scenario
    if not scenario.claims and not draws:
        return DrawnAnswers(None, {}, {}, 0, 0, seed)
    coarse = compile(scenario, resolution="coarse", months=game.shape.months)
    paths, values = points(scenario, count=draws, seed=seed)
    side = side_jobs(scenario, values[:contrasts])
    rest = [Job(draw, row) for draw, row in enumerate(values) if draw >= contrasts]
    solved = side_by_side(coarse, paths, [*side, *rest], say=say, processes=processes)
    plain = [each for each in solved if each.job.draw != CENTRE and each.job.off is None]
    bands, margins = stacked(plain)
    failed = sum(not each.checks.trusted for each in plain)
    return DrawnAnswers(centre_of(scenario, solved[: len(side)]), bands, margins, failed, draws, seed)


def _record(middle: Central, found: DrawnAnswers, tables: dict[str, pl.DataFrame]) -> dict[str, Any]:
    from outlast import __version__

    doubted = [row["claim"] for row in tables["claims"].to_dicts() if not row["trusted"]]
    doubt = doubt_sentence(draws=found.draws, failed=found.failed, doubted=doubted)
    few = few_sentence(tables["headlines"], found.draws)
    said = (trust(tables["certificate"]), few, doubt, grid_sentence(tables["headlines"]))
    scenario, shape = middle.game.scenario, middle.game.shape
    return {
        "version": __version__,
        "seed": found.seed,
        "draws": found.draws,
        "draws_failed": found.failed,
        "draws_for_ranges": FEWEST,
        "contrasts": len(found.contrasts),
        "doubted": doubted,
        "ensemble": found.source,
        "name": scenario.name,
        "title": scenario.title,
        "hash": scenario.hash,
        "as_of": str(scenario.as_of),
        "resolution": middle.game.resolution,
        "cells": shape.states,
        "months": shape.months,
        "belief": scenario.belief.staller.value,
        "convention": middle.facts["convention"],
        "zone": {"accept": ACCEPT, "hold": HOLD},
        "trust": " ".join(filter(None, said)),
    }
