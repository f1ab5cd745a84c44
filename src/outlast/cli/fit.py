"""The command ``outlast fit``."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from outlast.cli.options import AsJson, File, Force, Seed

if TYPE_CHECKING:
    from outlast.cli.working import Say
    from outlast.learning import Draws, Learned, Plan
    from outlast.record import Record
    from outlast.scenario import Scenario

RecordArgument = Annotated[
    str, typer.Argument(metavar="RECORD", help="A record (CSV, Excel, Parquet, JSON), or the name of a shipped one.")
]
FitDraws = Annotated[int, typer.Option(min=2, max=65536, help="Draws from the ranges, each solved on the coarse grid.")]
Free = Annotated[
    list[str] | None,
    typer.Option("--free", metavar="PATH", help="Let only this number differ; may be given again. All unless given."),
]
FromEnsemble = Annotated[
    Path | None,
    typer.Option(
        "--ensemble",
        metavar="DIR",
        help="Stored ensemble whose draws to weigh, made with --keep-choices; draws are then those of a renewal.",
    ),
]
SkipEarlier = Annotated[
    bool, typer.Option("--skip-earlier", help="Leave out rows before the scenario's month 0 instead of refusing them.")
]


def fit(
    file: File,
    record: RecordArgument,
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
    """Learn from a record: the numbers, the type and the stocks that it speaks for."""
    from outlast.cli.output import refuse_folder
    from outlast.cli.working import work
    from outlast.learning.study import Plan

    if out is not None:
        refuse_folder(out, force=force)
    scenario, told = read_both(file, record, skip_earlier=skip_earlier)
    plan = Plan(draws=draws, seed=seed, free=free, renew=refresh, skip_earlier=skip_earlier)
    stored = solved_already(scenario, ensemble, free)
    learned = work(lambda say: learned_from(scenario, told, plan, say, stored))
    show(learned.tables, learned.made, kind="fit", out=out, force=force, as_json=as_json)


def read_both(file: str, record: str, *, skip_earlier: bool) -> tuple[Scenario, Record]:
    """Read a scenario and a record against it; rows before month 0 are refused, or left out where asked.

    Raises ``ScenarioError`` (``RecordError``) with every fault.
    """
    from outlast.record import read_record
    from outlast.scenario.reading import read

    scenario = read(file)
    return scenario, read_record(record, scenario=scenario, from_start=not skip_earlier)


def solved_already(scenario: Scenario, folder: Path | None, free: list[str] | None) -> Draws | None:
    """Return the draws of a stored ensemble, or None if none is asked for.

    Raises ``EnsembleFault`` if it is of another scenario or keeps no choices.
    """
    if folder is None:
        return None
    if free:
        raise typer.BadParameter(
            "--free names numbers of draws that are still to be solved; in an ensemble all numbers with a range differ"
            " already. Leave out --free, or --ensemble"
        )
    from outlast.ensemble.stored import named_ensemble
    from outlast.learning.stored import stored_draws

    return stored_draws(named_ensemble(scenario, folder), scenario)


def learned_from(scenario: Scenario, record: Record, plan: Plan, say: Say, draws: Draws | None = None) -> Learned:
    """Fit, and turn what the user can mend into a bad parameter."""
    say("starting", 0, 0)
    from outlast.learning.study import Mendable, learn

    try:
        return learn(scenario, record, plan, draws=draws, say=say)
    except Mendable as error:
        raise typer.BadParameter(str(error)) from None


def show(
    tables: dict[str, Any], made: dict[str, Any], *, kind: str, out: Path | None, force: bool, as_json: bool
) -> None:
    """Print tables, as words or JSON, and write them with a page where asked to."""
    import sys

    from outlast.reporting.json_text import json_text
    from outlast.reporting.learned import print_tables, save

    if out is not None:
        from outlast.cli.output import unwritable

        try:
            page = save(tables, made, kind=kind, folder=out, force=force)
        except OSError as error:
            raise unwritable(out, error) from None
        told = sys.stderr if as_json else sys.stdout
        print(f"The page is in {page}", file=told)
        if "forecasts" in tables:
            print(f"For `outlast score`, later: {out / 'tables' / 'forecasts.csv'}", file=told)
    if as_json:
        print(json_text({"made": made, "tables": tables}))
    else:
        print_tables(tables, made, kind=kind)
