"""The command ``outlast forecast``."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from outlast.cli.fit import FitDraws, Free, FromEnsemble, RecordArgument, SkipEarlier
from outlast.cli.options import AsJson, File, Force, Seed

if TYPE_CHECKING:
    from outlast.cli.working import Say
    from outlast.learning.study import Learned


def forecast(
    file: File,
    record: RecordArgument,
    months: Annotated[int, typer.Option(min=1, max=120, help="Months after the record.")] = 12,
    draws: FitDraws = 64,
    seed: Seed = 1,
    free: Free = None,
    ensemble: FromEnsemble = None,
    skip_earlier: SkipEarlier = False,
    refresh: Annotated[
        bool, typer.Option("--refresh/--no-refresh", help="Solve new draws where few of the first carry the weight.")
    ] = True,
    out: Annotated[
        Path | None, typer.Option(metavar="DIR", help="Folder for the page and the tables; none unless given.")
    ] = None,
    force: Force = False,
    as_json: AsJson = False,
) -> None:
    """Forecast the months after a record: attendance, agreement, collapse, posture, territory."""
    from outlast.cli.fit import learned_from, read_both, show, solved_already
    from outlast.cli.output import refuse_folder
    from outlast.cli.working import work
    from outlast.learning.study import Plan

    if out is not None:
        refuse_folder(out, force=force)
    scenario, told = read_both(file, record, skip_earlier=skip_earlier)
    plan = Plan(draws=draws, seed=seed, free=free, renew=refresh, ahead=months, skip_earlier=skip_earlier)
    stored = solved_already(scenario, ensemble, free)
    learned = work(lambda say: learned_from(scenario, told, plan, say, stored))
    ahead = work(lambda say: _followed(learned, months, say))
    tables = {"index": learned.tables["index"].tail(1), **ahead}
    show(tables, learned.made | {"ahead": months}, kind="forecast", out=out, force=force, as_json=as_json)


def _followed(learned: Learned, months: int, say: Say) -> dict[str, Any]:
    from outlast.learning.study import forecast

    say("following the draws beyond the record", 0, 0)
    return forecast(learned, months)
