"""The command ``outlast score``."""

from __future__ import annotations

import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from outlast.cli.options import AsJson, Force

if TYPE_CHECKING:
    from outlast.scoring.board import Board
    from outlast.scoring.forecasts import Forecasts
    from outlast.scoring.outcomes import Outcomes

WHAT_CAME = "What came: a table of outcomes, a record, or the name of a shipped record."
BEGAN = "First day of the war, such as 2022-02-24, for the baseline of a constant hazard; else past three years."


def score(
    forecasts: Annotated[
        Path, typer.Argument(metavar="FORECASTS", help="A table of forecasts (CSV, Excel, Parquet, JSON).")
    ],
    outcomes: Annotated[str, typer.Argument(metavar="OUTCOMES", help=WHAT_CAME)],
    war_began: Annotated[datetime.datetime | None, typer.Option(formats=["%Y-%m-%d"], help=BEGAN)] = None,
    out: Annotated[
        Path | None, typer.Option(metavar="PAGE.html", help="Page to write: scores, calibration, every forecast.")
    ] = None,
    force: Force = False,
    as_json: AsJson = False,
) -> None:
    """Score forecasts against what came, beside forecasts that anybody could have made."""
    from outlast.cli.output import refuse_existing, refuse_unwritable, write_text

    if out is not None:
        refuse_existing(out, force=force)
        refuse_unwritable(out)
    board = scored(forecasts, outcomes, war_began=None if war_began is None else war_began.date())
    if out is not None:
        from outlast.reporting.scores import scores_page

        page = scores_page(board, title=f"Scores: {forecasts.stem}")
        write_text(out, page, force=force)
    if as_json:
        _print_json(board)
    else:
        from outlast.reporting.scores import print_scores

        print_scores(board)
    if out is not None and not as_json:
        print(f"{out} written")


def scored(forecasts: Path, outcomes: str, *, war_began: datetime.date | None) -> Board:
    """Return the scores of the forecasts in one file against what another says came."""
    from outlast.scoring.board import score_forecasts
    from outlast.scoring.forecasts import read_forecasts

    made = read_forecasts(forecasts)
    return score_forecasts(made, _came(outcomes, made), war_began=war_began)


def _came(source: str, made: Forecasts) -> Outcomes:
    """Read what came: from a shipped record, else from a file that is a table of outcomes or a record."""
    from outlast.record.opening import opened
    from outlast.record.reading import read_record, record_from, shipped_records
    from outlast.scoring.outcomes import is_outcomes, outcomes_from, outcomes_of_record

    if source in shipped_records():
        record = read_record(source)
    else:
        cells = opened(Path(source), label=source)
        if is_outcomes(cells):
            return outcomes_from(cells)
        record = record_from(cells)
    begins = max(day.day for day in made.table["month"])
    return outcomes_of_record(record, begins=begins, questions=made.table["question"].unique().sort().to_list())


def _print_json(board: Any) -> None:
    from outlast.reporting.json_text import json_text

    content = {name: getattr(board, name) for name in ("lines", "notes", "means", "curves", "levels", "scored")}
    print(json_text(content))
