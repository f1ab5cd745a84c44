"""The command ``outlast solve``."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from outlast.cli.options import AsJson, File, Force, Resolution

if TYPE_CHECKING:
    from outlast.cli.working import Say
    from outlast.scenario.scenario import Scenario
    from outlast.solving.archive import Archive


def solve(
    file: File,
    save: Annotated[Path, typer.Option(metavar="PATH.npz", help="File to write, in NumPy's format.")],
    resolution: Resolution = None,
    force: Force = False,
    as_json: AsJson = False,
) -> None:
    """Solve a scenario and save values, choices and inputs as arrays."""
    from outlast.cli.output import OutputRefused, refuse_existing, refuse_unwritable, write_file
    from outlast.cli.working import work
    from outlast.scenario.reading import read

    if save.suffix != ".npz":
        raise OutputRefused(save, "it is not called .npz", f"choose a name such as {save.stem or 'solution'}.npz")
    scenario = read(file)
    refuse_existing(save, force=force)
    refuse_unwritable(save)
    saved = work(lambda say: solved(scenario, resolution=resolution, say=say))
    work(lambda say: write_file(save, lambda part: _write(saved, part, say), force=force), apart=False)
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


def _write(saved: Archive, part: Path, say: Say) -> None:
    from outlast.solving.archive import write_archive

    say("writing the arrays", 0, 0)
    with part.open("wb") as file:
        write_archive(saved, file)


def _show(record: dict[str, Any], save: Path, *, as_json: bool) -> None:
    found = record["certificate"]
    if as_json:
        from outlast.reporting.saving import json_text

        print(json_text({key: value for key, value in record.items() if key != "shape"} | {"file": str(save)}))
        return
    print(f"{save} written: {record['scenario']['title']}, {record['resolution']} resolution")
    print(f"  Bayes error           {found['bayes']:.1e}")
    print(f"  equilibrium residual  {found['residual']:.1e}")
    print("  passed" if found["trusted"] else "  FAILED: do not rely on it; try a finer resolution or larger noise")
