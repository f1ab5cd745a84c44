"""What the draws of a scenario answered, however they were solved: intervals and the ledger read nothing else."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from outlast.answers.certificate import Doubts, doubts
from outlast.answers.claims import CLAIMS
from outlast.answers.job import CENTRE, Job, Solved

CONTRASTS = 2
"""Draws in which mechanisms are also switched off, for claims that compare with and without, unless more are asked for.

Each takes a solve for every such mechanism. Two are counted, never shared: a share takes ``intervals.FEWEST``.
"""


@dataclass(frozen=True)
class Centre:
    """The central numbers on the grid of the draws, and what the claims that compare solutions need.

    Attributes:
        headlines: headline answers by key.
        margins: by claim; positive where it holds.
        without: by claim that reads one solution, its margin with its mechanism switched off.
        contrasts: for the first draws, the margins of claims that compare with and without.
        doubted: by claim that rests on a solution that is not to be relied on, why not.
        noted: by claim, in how many draws of its contrast a solution failed, where these are too few to doubt it.
    """

    headlines: dict[str, float]
    margins: dict[str, float]
    without: dict[str, float]
    contrasts: tuple[dict[str, float], ...] = ()
    doubted: dict[str, str] = field(default_factory=dict)
    noted: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class DrawnAnswers:
    """The draws' own answers.

    Attributes:
        centre: the central numbers on the same grid; None where nothing was asked of them.
        bands: by ``table.column``, ``(draws, rows)``; draws without a solution are not numbers.
        margins: by claim that reads one solution, ``(draws,)``.
        failed: draws whose certificate failed. They are counted with the others.
        draws: how many.
        seed: seed of the draws.
        source: the folder of the stored ensemble that they come from; empty if they were solved for this answer.
    """

    centre: Centre | None
    bands: dict[str, np.ndarray]
    margins: dict[str, np.ndarray]
    failed: int
    draws: int
    seed: int
    source: str = ""

    @property
    def contrasts(self) -> tuple[dict[str, float], ...]:
        """The margins of claims that compare with and without, in those of the draws that were asked for them."""
        return self.centre.contrasts[: self.draws] if self.centre else ()

    def held(self, claim: str) -> tuple[int, int]:
        """Return in how many draws a claim holds, and of how many that could tell."""
        if CLAIMS[claim].contrast:
            found = [each[claim] for each in self.contrasts]
        else:
            found = list(self.margins.get(claim, ()))
        known = [margin for margin in found if not np.isnan(margin)]
        return sum(margin > 0 for margin in known), len(known)


def side_jobs(scenario: Any, values: np.ndarray) -> list[Job]:
    """Return the jobs behind ``Centre``: the centre, each mechanism off, and the draws of contrasts, with and without.

    ``values`` are the numbers of the draws that are to contrast, ``(contrasts, paths)``.
    """
    claimed = [CLAIMS[claim.id] for claim in scenario.claims]
    nothing = np.zeros(0)
    switches = dict.fromkeys(claim.mechanism for claim in claimed if claim.mechanism)
    needed = dict.fromkeys(claim.mechanism for claim in claimed if claim.contrast)
    jobs = [Job(CENTRE, nothing, None, True), *(Job(CENTRE, nothing, off, True) for off in switches)]
    for draw, row in enumerate(values):
        jobs += [Job(draw, row, None, True), *(Job(draw, row, off, True) for off in needed)]
    return jobs


def centre_of(scenario: Any, solved: Iterable[Solved]) -> Centre:
    """Return what the jobs of ``side_jobs`` found, in any order."""
    by_job = {(each.job.draw, each.job.off): each for each in solved}
    claimed = [CLAIMS[claim.id] for claim in scenario.claims]
    centre = by_job[CENTRE, None]
    tables = centre.tables or {}
    margins, without = dict(centre.margins), {}
    for claim in claimed:
        off = by_job.get((CENTRE, claim.mechanism)) if claim.mechanism else None
        if claim.contrast and off is not None:
            margins[claim.id] = float(claim.margin(tables, off.tables))
        elif off is not None:
            without[claim.id] = off.margins[claim.id]
    draws = sorted({draw for draw, _ in by_job if draw != CENTRE})
    contrasts = tuple({c.id: _contrast(by_job, draw, c) for c in claimed if c.contrast} for draw in draws)
    headlines = dict(tables["headlines"].select("key", "value").iter_rows())
    found = _doubts(by_job)
    doubted = {c.id: why for c in claimed if (why := found.of(c.mechanism, contrast=c.contrast))}
    noted = {c.id: said for c in claimed if c.contrast and (said := found.noted.get(c.mechanism or "", ""))}
    return Centre(headlines, margins, without, contrasts, doubted, noted)


def _doubts(by_job: Mapping[tuple[int, str | None], Solved]) -> Doubts:
    """Return why solutions with a mechanism switched off, and draws of contrasts, are not to be relied on."""
    sound = {job: each.checks.trusted for job, each in by_job.items()}
    draws = sorted({draw for draw, _ in sound if draw != CENTRE})
    without = {off: sound[CENTRE, off] for draw, off in sound if draw == CENTRE and off is not None}
    each_draw = [
        {off: sound[at, None] and sound[at, off] for at, off in sound if at == draw and off is not None}
        for draw in draws
    ]
    return doubts(sound[CENTRE, None], without, each_draw)


def _contrast(by_job: Mapping[tuple[int, str | None], Solved], draw: int, claim: Any) -> float:
    with_it, without = by_job[draw, None], by_job[draw, claim.mechanism]
    if with_it.tables is None or without.tables is None:
        return float("nan")
    return float(claim.margin(with_it.tables, without.tables))


def stacked(solved: Sequence[Solved]) -> tuple[dict[str, np.ndarray], dict[str, np.ndarray]]:
    """Return the bands ``(draws, rows)`` and margins ``(draws,)`` of draws in order."""
    first = next((each for each in solved if each.bands), None)
    if first is None:
        return {}, {}
    empty = {name: np.full(len(band), np.nan) for name, band in first.bands.items()}
    bands = {name: np.stack([each.bands.get(name, nan) for each in solved]) for name, nan in empty.items()}
    margins = {name: np.array([each.margins.get(name, np.nan) for each in solved]) for name in first.margins}
    return bands, margins
