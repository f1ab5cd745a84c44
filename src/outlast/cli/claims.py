"""The command ``outlast claims``."""

from __future__ import annotations

from outlast.cli.options import AnyDraws, AnySeed, AsJson, File, Resolution, Stored


def claims(
    file: File,
    draws: AnyDraws = None,
    seed: AnySeed = None,
    ensemble: Stored = None,
    resolution: Resolution = None,
    as_json: AsJson = False,
) -> None:
    """Print the ledger of a scenario's claims: which hold, and how firmly.

    Claims that compare with a mechanism switched off are asked in sixteen draws, where `outlast run` asks two.
    """
    from outlast.answers.intervals import FEWEST
    from outlast.cli.run import Plan, exit_unless_trusted
    from outlast.cli.sizing import refuse_too_large
    from outlast.cli.working import work
    from outlast.scenario.reading import read

    plan = Plan(read(file), draws, seed, resolution, ensemble, contrasts=FEWEST)
    refuse_too_large(*plan.grids())
    answers = work(plan.answers)
    if as_json:
        from outlast.reporting.json_text import json_text

        print(json_text({"record": answers.record, "claims": answers.tables["claims"]}))
    else:
        from outlast.reporting.terminal import print_claims

        print_claims(answers)
    exit_unless_trusted(answers)
