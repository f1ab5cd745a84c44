"""The command ``outlast run``."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from outlast.cli.options import AsJson, Draws, File, Force, Resolution, Seed

if TYPE_CHECKING:
    from outlast.answers.answer import Answers
    from outlast.cli.working import Say
    from outlast.reporting.page import Report
    from outlast.scenario.scenario import Scenario


PROCESSES = 2
"""Processes that solve draws."""


def run(
    file: File,
    out: Annotated[
        Path | None, typer.Option(metavar="DIR", help="Folder for the report; NAME-report unless given.")
    ] = None,
    draws: Draws = 32,
    seed: Seed = 1,
    resolution: Resolution = None,
    horizon_check: Annotated[
        bool, typer.Option("--horizon-check", help="Solve again with a quarter more months and compare.")
    ] = False,
    grid_check: Annotated[
        bool, typer.Option("--grid-check", help="Solve again on the next finer grid and compare.")
    ] = False,
    sensitivity: Annotated[
        bool,
        typer.Option("--sensitivity", help="Say how far each number moves each headline, on the coarse grid."),
    ] = False,
    force: Force = False,
    as_json: AsJson = False,
) -> None:
    """Answer a scenario: solve it, print the answers and write the report."""
    from outlast.cli.output import refuse_folder
    from outlast.cli.working import work
    from outlast.scenario.reading import read

    scenario = read(file)
    folder = Path(f"{scenario.name}-report") if out is None else out
    refuse_folder(folder, force=force)
    plan = Plan(scenario, draws, seed, resolution, horizon_check, grid_check, sensitivity)
    page = work(plan.answered)
    saved = _save(page, folder, force=force)
    _show(page.answers, as_json=as_json)
    print(f"The report is in {saved}", file=sys.stderr if as_json else sys.stdout)
    exit_unless_trusted(page.answers)


def exit_unless_trusted(*several: Any) -> None:
    """Exit with 1, and say why, if the certificate of any answers failed."""
    failed = [answers for answers in several if not answers.tables["certificate"]["passed"].all()]
    for answers in failed:
        print(f"{answers.record['title']}: {answers.record['trust']}", file=sys.stderr)
    if failed:
        raise typer.Exit(1)


@dataclass(frozen=True)
class Plan:
    """What to solve and what to ask."""

    scenario: Scenario
    draws: int
    seed: int
    resolution: str | None
    horizon_check: bool = False
    grid_check: bool = False
    sensitivity: bool = False

    def answered(self, say: Say) -> Report:
        """Solve, answer, check where asked to, and draw the report."""
        answers = self.answers(say)
        say("drawing the report", 0, 0)
        from outlast.reporting.page import report

        return report(answers)

    def answers(self, say: Say) -> Answers:
        """Solve and answer, and check where asked to."""
        say("starting", 0, 0)
        from outlast.answers import answer
        from outlast.answers.checks import grid_check, horizon_check
        from outlast.cli.working import COMPILING
        from outlast.game import compile
        from outlast.solving import solve

        say(COMPILING, 0, 0)
        solution = solve(compile(self.scenario, resolution=self.resolution))
        answers = answer(solution, draws=self.draws, seed=self.seed, progress=say, processes=PROCESSES)
        more = {}
        if self.horizon_check:
            say("solving again with a longer horizon", 0, 0)
            more["horizon_check"] = horizon_check(solution)
        if self.grid_check:
            say("solving again on another grid", 0, 0)
            finer = {"coarse": "standard", "standard": "fine"}.get(solution.game.resolution, "standard")
            more["grid_check"] = grid_check(solution, resolution=finer)
        if self.sensitivity:
            from outlast.answers.sensitivity import sensitivity

            # The grid of the draws: a range and a derivative then speak of the same answers.
            say("solving at coarse resolution", 0, 0)
            coarse = solve(compile(self.scenario, resolution="coarse"))
            more["sensitivity"] = sensitivity(coarse, progress=say, processes=PROCESSES)
        return answers.with_tables(more)


def _save(page: Report, folder: Path, *, force: bool) -> Path:
    from outlast.cli.output import unwritable

    try:
        return page.save(folder, force=force)
    except OSError as error:
        raise unwritable(folder, error) from None


def _show(answers: Any, *, as_json: bool) -> None:
    if as_json:
        from outlast.reporting.saving import as_json as text

        print(text(answers), end="")
        return
    from outlast.reporting.terminal import print_answers

    print_answers(answers)
