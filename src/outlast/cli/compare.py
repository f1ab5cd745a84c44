"""The command ``outlast compare``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from outlast.cli.options import SCENARIO, AsJson, Draws, Resolution, Seed

if TYPE_CHECKING:
    from outlast.answers.answer import Answers


def compare(
    left: Annotated[str, typer.Argument(metavar="A", help=SCENARIO)],
    right: Annotated[str, typer.Argument(metavar="B", help="Another one.")],
    draws: Draws = 0,
    seed: Seed = 1,
    resolution: Resolution = None,
    as_json: AsJson = False,
) -> None:
    """Set two scenarios side by side: what differs in them and in their answers."""
    from outlast.cli.run import Plan, exit_unless_trusted
    from outlast.cli.sizing import refuse_too_large
    from outlast.cli.working import work
    from outlast.scenario.reading import read

    plans = [Plan(scenario, draws, seed, resolution) for scenario in [read(left), read(right)]]
    refuse_too_large(*(grid for plan in plans for grid in plan.grids()))
    names = [f"{plan.scenario.name} ({place} of 2)" for place, plan in enumerate(plans, 1)]
    one, other = (work(plan.answers, of=name) for plan, name in zip(plans, names, strict=True))
    if as_json:
        _print_json(one, other)
    else:
        from outlast.reporting.compare import print_comparison

        print_comparison(one, other)
    exit_unless_trusted(one, other)


def _print_json(left: Answers, right: Answers) -> None:
    from outlast.reporting.compare import compare as compared
    from outlast.reporting.json_text import json_text

    print(json_text({"left": left.record, "right": right.record, **compared(left, right)}))
