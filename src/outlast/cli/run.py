"""The command ``outlast run``."""

from __future__ import annotations

import sys
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from outlast.cli.options import AnyDraws, AnySeed, AsJson, File, Force, Resolution, Stored

if TYPE_CHECKING:
    import polars as pl

    from outlast.answers.answer import Answers
    from outlast.answers.central import Central
    from outlast.cli.working import Say
    from outlast.ensemble.opening import Ensemble
    from outlast.reporting.page import Report
    from outlast.scenario.scenario import Scenario
    from outlast.solving import Solution


DRAWS, SEED = 32, 1
"""Draws and their seed where neither is asked for and no ensemble is stored."""
PROCESSES = 2
"""Processes that solve draws."""


def run(
    file: File,
    out: Annotated[
        Path | None, typer.Option(metavar="DIR", help="Folder for the report; NAME-report unless given.")
    ] = None,
    draws: AnyDraws = None,
    seed: AnySeed = None,
    ensemble: Stored = None,
    resolution: Resolution = None,
    horizon_check: Annotated[
        bool, typer.Option("--horizon-check", help="Solve again with a quarter more months and compare.")
    ] = False,
    grid_check: Annotated[
        bool, typer.Option("--grid-check", help="Solve again on the next finer grid and compare.")
    ] = False,
    sensitivity: Annotated[
        bool,
        typer.Option(
            "--sensitivity",
            help="Solve again, coarse, at both ends of every range: which numbers move which headlines.",
        ),
    ] = False,
    force: Force = False,
    as_json: AsJson = False,
) -> None:
    """Answer a scenario: solve it, print the answers and write the report."""
    from outlast.cli.output import refuse_folder
    from outlast.cli.sizing import refuse_too_large
    from outlast.cli.working import work
    from outlast.scenario.reading import read

    scenario = read(file)
    folder = Path(f"{scenario.name}-report") if out is None else out
    refuse_folder(folder, force=force)
    plan = Plan(scenario, draws, seed, resolution, ensemble, horizon_check, grid_check, sensitivity)
    refuse_too_large(*plan.grids())
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
    draws: int | None
    seed: int | None
    resolution: str | None
    ensemble: Path | None = None
    horizon_check: bool = False
    grid_check: bool = False
    sensitivity: bool = False
    contrasts: int | None = None
    """Draws in which claims compare with and without; what ``answer`` takes unless given."""

    def answered(self, say: Say) -> Report:
        """Solve, answer, check where asked to, and draw the report."""
        answers = self.answers(say)
        say("drawing the report", 0, 0)
        from outlast.reporting.page import report

        return report(answers)

    def grids(self) -> list[tuple[Scenario, str | None]]:
        """Return the grids that will be solved on."""
        resolution = self.resolution or self.scenario.scenario.resolution
        return [(self.scenario, each) for each in [resolution, *([other_grid(resolution)] if self.grid_check else [])]]

    def answers(self, say: Say) -> Answers:
        """Solve and answer, and check where asked to."""
        say("starting", 0, 0)
        from outlast.answers import answer
        from outlast.answers.central import Central
        from outlast.answers.checks import grid_check, horizon_check
        from outlast.answers.drawn_answers import CONTRASTS

        ensemble = self.stored()
        drawn = ensemble.answers() if ensemble else None
        solution = self.solution(ensemble, say)
        draws, seed = DRAWS if self.draws is None else self.draws, SEED if self.seed is None else self.seed
        contrasts = CONTRASTS if self.contrasts is None else self.contrasts
        answers = answer(
            solution, draws=draws, seed=seed, contrasts=contrasts, progress=say, processes=PROCESSES, drawn=drawn
        )
        more = _influence(ensemble, answers) if ensemble else {}
        if isinstance(solution, Central):
            return answers.with_tables(more)
        if self.horizon_check:
            say("solving again with a longer horizon", 0, 0)
            more["horizon_check"] = horizon_check(solution)
        if self.grid_check:
            say("solving again on another grid", 0, 0)
            more["grid_check"] = grid_check(solution, resolution=other_grid(solution.game.resolution))
        if self.sensitivity:
            from outlast.answers.sensitivity import sensitivity
            from outlast.game import compile
            from outlast.solving import solve

            # The grid of the draws: both then speak of the same answers.
            say("solving at coarse resolution", 0, 0)
            coarse = solve(compile(self.scenario, resolution="coarse"))
            more["sensitivity"] = sensitivity(coarse, progress=say, processes=PROCESSES)
        return answers.with_tables(more)

    def solution(self, ensemble: Ensemble | None, say: Say) -> Solution | Central:
        """Solve; beside a stored ensemble take what was read off the same solution before, and store it for next time.

        Checks solve again from a solution, so with them there has to be one.
        """
        from outlast.answers.central import central, read_central, save_central
        from outlast.cli.working import COMPILING
        from outlast.ensemble.stored import central_file
        from outlast.game import compile
        from outlast.solving import solve

        game = compile(self.scenario, resolution=self.resolution)
        again = self.horizon_check or self.grid_check or self.sensitivity
        kept = central_file(self.scenario, game.resolution) if ensemble and not again else None
        found = read_central(game, kept) if kept else None
        if found is not None:
            return found
        say(COMPILING, 0, 0)
        solution = solve(game)
        if kept is None or not solution.trusted:
            return solution
        middle = central(solution)
        with suppress(OSError):  # a cache that cannot be written is a cache that is not there
            save_central(middle, kept)
        return middle

    def stored(self) -> Ensemble | None:
        """Open the ensemble asked for, or a stored one that fits what was asked for; None for neither."""
        from outlast.ensemble.stored import named_ensemble, stored_ensemble

        if self.ensemble is not None:
            return named_ensemble(self.scenario, self.ensemble)
        return stored_ensemble(self.scenario, draws=self.draws, seed=self.seed)


def other_grid(resolution: str) -> str:
    """Return the grid that a grid check compares with: the next finer one, or the standard one beside the fine."""
    return {"coarse": "standard", "standard": "fine"}.get(resolution, "standard")


def _influence(ensemble: Ensemble, answers: Answers) -> dict[str, pl.DataFrame]:
    """Return the influence that is stored with the draws, and where sensitivities disagree with it if there are any."""
    from outlast.ensemble.influence import disagreement, stored_influence

    found = stored_influence(ensemble, estimate=False)
    if found is None:
        return {}
    local = answers.tables.get("sensitivity")
    return {"influence": found} | ({} if local is None else {"disagreement": disagreement(local, found)})


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
