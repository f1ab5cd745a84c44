"""Make an ensemble, or go on with one: draw, solve, store."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import chain
from pathlib import Path

import numpy as np

from outlast.answers.drawn_answers import centre_of, side_jobs
from outlast.answers.draws import points
from outlast.answers.intervals import FEWEST
from outlast.answers.job import CENTRE, Job, Keep, Solved
from outlast.ensemble.fault import EnsembleFault
from outlast.ensemble.manifest import RESOLUTION, manifest_of
from outlast.ensemble.opening import Ensemble, open_ensemble
from outlast.ensemble.rows import frame_of
from outlast.ensemble.storing import Store, opened
from outlast.ensemble.workers import LocalWorkers, Work, Workers
from outlast.game import compile
from outlast.scenario.scenario import Scenario

Progress = Callable[[str, int, int], None]
STAGE = "solving draws"
CONTRASTS = FEWEST
"""Draws in which mechanisms are also switched off: a stored ensemble gives shares of the claims that compare."""


def make_ensemble(
    scenario: Scenario,
    *,
    draws: int,
    out: str | Path,
    seed: int = 1,
    keep: Keep | None = None,
    workers: Workers | None = None,
    progress: Progress | None = None,
) -> Ensemble:
    """Draw from the ranges of a scenario, solve every draw at coarse resolution and store what each answers.

    What is finished is safe at any moment: the same call after an interruption goes on where it stopped, and leaves the
    files that an uninterrupted one would have left. With more draws than were stored, it adds the others. A stored file
    that is not as it was written is named in a warning and solved again.

    Args:
        scenario: what ``read`` returned.
        draws: how many.
        out: folder of the ensemble.
        seed: seed of the Sobol points.
        keep: what else to keep of each solution: a function of a solution that gives named arrays. It stands at the top
            of a module, for processes import it; fix its arguments with ``functools.partial``.
        workers: who solves; two processes of this machine unless given. A script must keep its work under
            ``if __name__ == "__main__"``, since each process starts by importing it.
        progress: called with a stage, steps done and steps in all.

    Returns:
        The ensemble, which may hold more draws than asked for, if the folder did.

    Raises:
        EnsembleFault: nothing varies in the scenario, or the folder holds something else, or the workers are lost.
        OSError: the disk takes no more; what is finished is kept.
    """
    _refuse_nothing(scenario, draws)
    say = progress or (lambda stage, done, total: None)
    manifest = manifest_of(scenario, draws=draws, seed=seed, keep=keep)
    crew = LocalWorkers() if workers is None else workers
    with opened(Path(out), manifest, lambda count: points(scenario, count=count, seed=seed)[1]) as store:
        work = Work.of(compile(scenario, resolution=RESOLUTION), manifest.paths, keep)
        _, values = points(scenario, count=max(store.manifest.draws, CONTRASTS), seed=seed)
        _fill(store, scenario, values=values, solve=lambda jobs: crew.solved(work, jobs), say=say)
    return open_ensemble(out)


def _fill(
    store: Store, scenario: Scenario, *, values: np.ndarray, solve: Callable[..., Iterator[Solved]], say: Progress
) -> None:
    """Solve what is not finished yet: the centre and its contrasts first, for the tables wait for them."""
    side = [] if store.frame else side_jobs(scenario, values[:CONTRASTS])
    found = [solved for solved in map(store.side, side) if solved is not None]
    known = {(solved.job.draw, solved.job.off) for solved in found}
    open_ = [job for job in side if (job.draw, job.off) not in known]
    already = store.finished | {job.draw for job in open_ if job.off is None}
    rest = [draw for draw in range(store.manifest.draws) if draw not in already]
    total = len(open_) + len(rest)
    say(STAGE, 0, total)
    _keep_centre(store, scenario, found, len(side))
    for done, solved in enumerate(solve(chain(open_, (Job(draw, values[draw]) for draw in rest)))):
        job = solved.job
        if job.draw != CENTRE and job.off is None and job.draw < store.manifest.draws:
            store.add(solved)
        if job.whole:
            store.keep_side(solved)
            found.append(solved)
            _keep_centre(store, scenario, found, len(side))
        say(STAGE, done + 1, total)


def _keep_centre(store: Store, scenario: Scenario, found: list[Solved], wanted: int) -> None:
    """Store the centre once all solves behind it are there, and the tables that waited for it."""
    if store.frame is None and len(found) == wanted:
        centre = next(each for each in found if each.job.draw == CENTRE and each.job.off is None)
        store.keep_frame(frame_of(centre_of(scenario, found), centre))
        store.close_batches()


def _refuse_nothing(scenario: Scenario, draws: int) -> None:
    if draws < 1:
        raise EnsembleFault(
            "draws",
            found=str(draws),
            rule="an ensemble has at least one draw",
            reason="it stores what draws answer",
            remedy="ask for a power of two, such as 1024: Sobol points are most even there",
        )
    paths, values = points(scenario, count=1, seed=0)
    if not paths or not np.isfinite(values).all():
        raise EnsembleFault(
            scenario.name,
            found="no number with a range",
            rule="draws are taken from the ranges of a scenario",
            reason="without one all draws would be the same",
            remedy="write {value = ..., low = ..., high = ...} for the numbers that are not known exactly",
        )
