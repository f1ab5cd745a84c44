"""The command ``outlast ensemble``."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from outlast.cli.options import AsJson, File

if TYPE_CHECKING:
    from outlast.cli.working import Say
    from outlast.ensemble.opening import Ensemble


def ensemble(
    file: File,
    draws: Annotated[int, typer.Option(min=1, max=2**24, help="Draws; a power of two is most even.")] = 1024,
    seed: Annotated[int, typer.Option(min=0, max=2**32 - 1, help="Seed of the draws.")] = 1,
    out: Annotated[
        Path | None, typer.Option(metavar="DIR", help="Folder of the ensemble; where `outlast run` looks unless given.")
    ] = None,
    processes: Annotated[int, typer.Option(min=1, max=1024, help="Processes of this machine that solve.")] = 2,
    scheduler: Annotated[
        str | None, typer.Option(metavar="ADDRESS", help="Dask scheduler whose workers solve, as tcp://host:8786.")
    ] = None,
    keep_choices: Annotated[
        int, typer.Option(metavar="MONTHS", min=0, max=60, help="Months of choices to keep, for `outlast fit`.")
    ] = 0,
    as_json: AsJson = False,
) -> None:
    """Solve many draws from a scenario's ranges and keep what each answers; go on where it stopped."""
    from outlast.cli.sizing import refuse_too_large
    from outlast.cli.working import work
    from outlast.ensemble.making import make_ensemble
    from outlast.ensemble.stored import own_folder
    from outlast.scenario.reading import read

    scenario = read(file)
    refuse_too_large((scenario, "coarse"))
    folder = own_folder(scenario, seed=seed) if out is None else out
    workers = _workers(processes, scheduler)
    keep = _keep(keep_choices)
    try:
        made = work(
            lambda say: make_ensemble(
                scenario, draws=draws, seed=seed, out=folder, keep=keep, workers=workers, progress=say
            ),
            apart=False,
        )
    except OSError as error:
        raise _refusal(folder, error) from None
    work(lambda say: _estimate(made, say), apart=False)
    _show(made, as_json=as_json)


def _keep(months: int) -> Any:
    """Return what keeps the choices of so many months; None for none."""
    if not months:
        return None
    from functools import partial

    from outlast.learning.stored import choices

    return partial(choices, months=months)


def _estimate(made: Ensemble, say: Say) -> None:
    """Store what the draws tell of each number's influence, for the report."""
    from outlast.ensemble.influence import stored_influence

    say("estimating influence", 0, 0)
    stored_influence(made)


def _workers(processes: int, scheduler: str | None) -> Any:
    if scheduler is None:
        from outlast.ensemble.workers import LocalWorkers

        return LocalWorkers(processes)
    from outlast.ensemble.cluster import ClusterWorkers

    return ClusterWorkers(scheduler)


def _refusal(folder: Path, error: OSError) -> Exception:
    import errno

    from outlast.cli.output import OutputRefused, unwritable

    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return OutputRefused(
            folder, "the disk is full", "make room and run the same command again: finished draws are kept"
        )
    return unwritable(folder, error)


def _show(made: Ensemble, *, as_json: bool) -> None:
    from outlast.answers.intervals import FEWEST

    manifest = made.manifest
    if as_json:
        import dataclasses

        from outlast.reporting.json_text import json_text

        finished = {"folder": str(made.folder), "finished": made.draws, "failed": made.failed}
        print(json_text(dataclasses.asdict(manifest) | finished))
        return
    print(f"{made.folder} holds {made.draws} draws of {manifest.title}")
    print(f"  seed {manifest.seed}, {manifest.resolution} resolution, {len(manifest.paths)} numbers vary")
    print(f"  certificate failed in {made.failed} of them" if made.failed else "  certificate passed in all of them")
    if made.draws < FEWEST:
        print(f"  too few draws for ranges, which take {FEWEST}")
        return
    medians = made.headlines.drop("draw").median().row(0, named=True)
    low, high = (made.headlines.drop("draw").quantile(q).row(0, named=True) for q in (0.1, 0.9))
    for key, middle in medians.items():
        print(f"  {key:<18} {middle:8.3f}   {low[key]:8.3f} to {high[key]:8.3f} in 80% of draws")
