"""The command ``outlast export``."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from outlast.cli.options import AsJson, File, Force, Resolution

if TYPE_CHECKING:
    from outlast.game import Game

Type = Literal["settler", "staller"]
SUFFIX = ".efg"


def export(
    file: File,
    to: Annotated[Literal["gambit"], typer.Option(help="Program that is to read the game.")],
    out: Annotated[Path, typer.Option(metavar="PATH", help="File to write, with the suffix .efg.")],
    months: Annotated[int, typer.Option(min=1, max=600, help="First months to write.")] = 1,
    package: Annotated[
        list[str] | None, typer.Option(metavar="NAME", help="Keep this package; repeat for more. All if left out.")
    ] = None,
    type_: Annotated[Type | None, typer.Option("--type", help="Let everybody know the type.")] = None,
    players: Annotated[
        Literal["agents", "parties"],
        typer.Option(help="Who plays in Gambit's tree: agents paid in their noise, so precision 1 is the scenario's."),
    ] = "agents",
    resolution: Resolution = None,
    force: Force = False,
    as_json: AsJson = False,
) -> None:
    """Write the game for another solver: a tree for Gambit."""
    from outlast.cli.output import OutputRefused, refuse_existing, refuse_unwritable, write_file
    from outlast.cli.working import work
    from outlast.scenario.reading import read

    if out.suffix != SUFFIX:
        raise OutputRefused(out, f"it is not called {SUFFIX}", f"choose a name such as {out.stem or 'game'}{SUFFIX}")
    scenario = read(file)
    if package:
        scenario = scenario.with_packages(package)
    refuse_existing(out, force=force)
    refuse_unwritable(out)

    def written(say: Any) -> tuple[dict[str, Any], Any]:
        say("writing the game down", 0, 0)
        from outlast.game import compile

        game = compile(scenario, resolution=resolution, months=months)
        return _tree(game, type_, players == "agents")

    record, write = work(written)
    work(lambda say: write_file(out, write, force=force), apart=False)
    _show(record | {"file": str(out), "to": to}, as_json=as_json)


def _tree(game: Game, kind: Type | None, agents: bool) -> tuple[dict[str, Any], Any]:
    from outlast.game.explicit_known import known_type
    from outlast.game.gambit import gambit_text, unroll
    from outlast.solving.spelled import spell_calendar

    spelled = spell_calendar(game).game
    explicit = spelled if kind is None else known_type(spelled, kind)
    tree = unroll(explicit)
    title = f"{game.scenario.scenario.title}: {game.shape.months} months, {kind or 'type private'}"
    text = gambit_text(tree, title, agents=agents)
    kinds = 1 if kind else 2
    record = {
        "months": game.shape.months,
        "packages": list(game.labels.packages),
        "type": kind or "private",
        "nodes": kinds * len(tree.state) + kinds - 1,
        "players": "agents" if agents else "parties",
        "precision": 1.0 if agents else None,
    }
    return record, lambda part: part.write_text(text, encoding="utf-8", newline="\n")


def _show(record: dict[str, Any], *, as_json: bool) -> None:
    if as_json:
        from outlast.reporting.json_text import json_text

        print(json_text(record))
        return
    menu = ", ".join(record["packages"])
    plural = "" if record["months"] == 1 else "s"
    print(f"{record['file']} written: {record['nodes']:,} nodes for {record['months']} month{plural} of {menu}")
    if record["precision"] is not None:
        print("  Solve for agent quantal response equilibrium at precision 1: that is the scenario's own noise.")
