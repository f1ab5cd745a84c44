"""What ``outlast solve --stationary`` does and prints."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer

if TYPE_CHECKING:
    from outlast.answers.stationary import StationaryAnswers
    from outlast.cli.solve import Asked
    from outlast.cli.working import Say
    from outlast.scenario.scenario import Scenario


def solve_for_ever(scenario: Scenario, asked: Asked, save: Path | None, *, force: bool, as_json: bool) -> None:
    """Find the stationary equilibrium, print what it is and answers, and save it where asked and where it is one."""
    from outlast.cli.output import write_file
    from outlast.cli.solve import write_saved
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
        _print(record, save)
    if not found.trusted:
        raise typer.Exit(1)


def _answered(scenario: Scenario, asked: Asked, say: Say) -> StationaryAnswers:
    from outlast.cli.working import COMPILING

    say(COMPILING, 0, 0)
    from outlast.answers.stationary import stationary_answers
    from outlast.game import compile

    game = compile(scenario, resolution=asked.resolution)
    return stationary_answers(game, route=asked.route, starts=asked.starts, seed=asked.seed, say=say)


def _print(record: dict[str, Any], save: Path | None) -> None:
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
