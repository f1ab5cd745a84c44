"""The command ``outlast solve``."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal, NamedTuple

import typer

from outlast.cli.options import AsJson, File, Force, Resolution

if TYPE_CHECKING:
    from outlast.answers.stationary import StationaryAnswers
    from outlast.cli.working import Say
    from outlast.scenario.scenario import Scenario
    from outlast.solving.archive import Archive


class _Asked(NamedTuple):
    """What is asked of a stationary solution."""

    resolution: str | None
    route: Literal["auto", "noise", "months"]
    starts: int
    seed: int


def solve(
    file: File,
    save: Annotated[
        Path | None,
        typer.Option(metavar="PATH.npz", help="File to write, in NumPy's format; --stationary can do without."),
    ] = None,
    stationary: Annotated[
        bool, typer.Option("--stationary", help="Let the numbers of month 0 hold for ever, without a horizon.")
    ] = False,
    route: Annotated[
        Literal["auto", "noise", "months"],
        typer.Option(
            help="With --stationary: follow noise down, put plain months before one another, or both in turn."
        ),
    ] = "auto",
    multistart: Annotated[
        int,
        typer.Option(metavar="N", min=0, max=10_000, help="With --stationary: look for others from N random starts."),
    ] = 0,
    seed: Annotated[int, typer.Option(min=0, max=2**32 - 1, help="Seed of the random starts.")] = 1,
    resolution: Resolution = None,
    force: Force = False,
    as_json: AsJson = False,
) -> None:
    """Solve a scenario and save values, choices and inputs as arrays."""
    from outlast.cli.output import OutputRefused, refuse_existing, refuse_unwritable, write_file
    from outlast.cli.sizing import refuse_too_large
    from outlast.cli.working import work
    from outlast.scenario.reading import read

    if save is None and not stationary:
        raise typer.BadParameter("name a file ending in .npz to write", param_hint="--save")
    if not stationary and (multistart or route != "auto"):
        name = "--multistart" if multistart else "--route"
        raise typer.BadParameter("it goes with --stationary: add that, or leave it out", param_hint=name)
    if save is not None and save.suffix != ".npz":
        raise OutputRefused(save, "it is not called .npz", f"choose a name such as {save.stem or 'solution'}.npz")
    scenario = read(file)
    refuse_too_large((scenario, resolution))
    if save is not None:
        refuse_existing(save, force=force)
        refuse_unwritable(save)
    if stationary:
        _solve_for_ever(scenario, _Asked(resolution, route, multistart, seed), save, force=force, as_json=as_json)
        return
    assert save is not None
    saved = work(lambda say: solved(scenario, resolution=resolution, say=say))
    work(lambda say: write_file(save, lambda part: write_saved(saved, part, say), force=force), apart=False)
    _show(saved.record, save, as_json=as_json)
    if not saved.record["certificate"]["trusted"]:
        raise typer.Exit(1)


def solved(scenario: Scenario, *, resolution: str | None, say: Say) -> Archive:
    """Solve a scenario and return the solution as arrays."""
    from outlast.cli.working import COMPILING

    say(COMPILING, 0, 0)
    from outlast.game import compile
    from outlast.solving import solve as solve_game
    from outlast.solving.archive import archive

    return archive(solve_game(compile(scenario, resolution=resolution)))


def write_saved(saved: Archive, part: Path, say: Say) -> None:
    """Write a solution as arrays."""
    from outlast.solving.archive import write_archive

    say("writing the arrays", 0, 0)
    with part.open("wb") as file:
        write_archive(saved, file)


def _show(record: dict[str, Any], save: Path, *, as_json: bool) -> None:
    found = record["certificate"]
    if as_json:
        from outlast.reporting.json_text import json_text

        print(json_text({key: value for key, value in record.items() if key != "shape"} | {"file": str(save)}))
        return
    print(f"{save} written: {record['scenario']['title']}, {record['resolution']} resolution")
    print("  the solver's own account of it:")
    print(f"  Bayes error           {found['bayes']:.1e}")
    print(f"  equilibrium residual  {found['residual']:.1e}")
    if not found["trusted"]:
        print("  FAILED: do not rely on it; try a finer resolution or larger noise")
        return
    print(f"  passed; `outlast verify {save}` works it out again without the solver's code")


def _solve_for_ever(scenario: Scenario, asked: _Asked, save: Path | None, *, force: bool, as_json: bool) -> None:
    """Find the stationary equilibrium, print what it is and answers, and save it where asked and where it is one."""
    from outlast.cli.output import write_file
    from outlast.cli.working import work
    from outlast.solving.archive import archive

    found = work(lambda say: _answered(scenario, asked, say))
    record = found.record()
    if save is not None and found.found.reached:
        saved = archive(found.solution)
        saved.record["stationary"] = {key: record[key] for key in ("route", "outcome", "residual", "warnings")}
        work(lambda say: write_file(save, lambda part: write_saved(saved, part, say), force=force), apart=False)
        record["file"] = str(save)
    if as_json:
        from outlast.reporting.json_text import json_text

        print(json_text(record))
    else:
        _show_stationary(record, save)
    if not found.trusted:
        raise typer.Exit(1)


def _answered(scenario: Scenario, asked: _Asked, say: Say) -> StationaryAnswers:
    from outlast.cli.working import COMPILING

    say(COMPILING, 0, 0)
    from outlast.answers.stationary import stationary_answers
    from outlast.game import compile

    game = compile(scenario, resolution=asked.resolution)
    return stationary_answers(game, route=asked.route, starts=asked.starts, seed=asked.seed, say=say)


def _show_stationary(record: dict[str, Any], save: Path | None) -> None:
    print(f"{record['scenario']['title']}, {record['resolution']} resolution, the numbers of month 0 for ever")
    print(f"  status    {'stationary equilibrium' if record['reached'] else 'NO stationary equilibrium was reached'}")
    print(f"  route     {record['route_in_words']}")
    print(f"  outcome   {record['outcome']}")
    print(f"  residual  {record['residual']:.1e} (largest change of a value by one more month)")
    proof = record["second_computation"]
    if proof is not None:
        print(f"  regret    {proof['regret']:.1e} (most that another choice gains beyond its noise)")
        said = ", ".join(f"{name} {proof[name]:.0e}" for name in ("residual", "bayes", "leak"))
        print(f"  second computation, which shares no code: {said}")
    for warning in record["warnings"]:
        print(f"  warning: {warning}")
    if record["headlines"] is not None:
        width = max(len(row["label"]) for row in record["headlines"])
        for row in record["headlines"]:
            print(f"  {row['label']:<{width}}  {row['value']:>8.4f}  {row['unit']}")
    else:
        at = f" They are those at {record['noise_scale']:.4g} times the noise." if record["noise_scale"] != 1 else ""
        print(f"  Values reached are no equilibrium of this war, so nothing is read off them.{at}")
        if save is not None:
            print(f"  {save} was not written.")
    if "file" in record:
        print(f"  {record['file']} written")
    if record["equilibria"] is not None:
        from outlast.cli.several import print_several

        print_several(record["equilibria"], principal="the route taken")
