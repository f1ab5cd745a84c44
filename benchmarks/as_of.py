"""Let the model forecast the war in Ukraine month by month, and score it: ``python benchmarks/as_of.py [FOLDER]``.

At the end of each month the war of the scenario `geneva` is started anew from what was known then: the share of the
country held, the months of war so far, patience read from allocations and endurance from polls, even odds of a staller,
and no dated events. Its answers about the next month become a table of forecasts, what came a table of outcomes, and
both are written to FOLDER where one is named. The laws and the other numbers are those of February 2026 and have seen
the war, which is in the model's favour. Support is a forecast of the patron's posture, held against allocations of the
United States, which are half of what that posture stands for. The grid is the coarse one: on the standard grid the
solutions of early 2023 fail their certificate.
"""

from __future__ import annotations

import datetime
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
from importers import FILES, data_folder
from scipy.stats import norm
from scores import markdown
from ukraine import LAST_MONTH, UNITED_STATES, WAR_BEGAN

import outlast
from outlast.answers.posture import posture
from outlast.answers.rounds import rounds
from outlast.answers.standpoint import Standpoint
from outlast.game.compile import slot_values
from outlast.record import read_record
from outlast.record.opening import Cells
from outlast.record.sources import import_file
from outlast.record.sources.economist_area import month_ends
from outlast.record.sources.kiel import months_of
from outlast.record.sources.readings import UKRAINE_KM2, WINDOW
from outlast.scoring import Board, forecasts_from, outcomes_from, score_forecasts
from outlast.scoring.months import last_day_of, months_between, shifted
from outlast.scoring.outcomes import SURE

FIRST_FORECAST = datetime.date(2023, 2, 1)
LEVELS = (0.05, 0.25, 0.5, 0.75, 0.95)
EARLY_TALKS = tuple(datetime.date(2022, month, 1) for month in (2, 3, 4))
"""Months of 2022 with talks: Gomel on 28 February, Istanbul on 29 March, drafts and calls to mid-April."""

LOOK = 3
"""Months that are kept of a solution; two of them can be looked ahead."""


def known_then(month: datetime.date, tables: dict[str, pl.DataFrame]) -> dict[str, float]:
    """Return the numbers of the scenario as they could be read on the day before a month begins."""
    area = month_ends(tables["economist_area"]).filter(pl.col("month") < month)
    money = months_of(tables["kiel"]).filter(pl.col("month") < shifted(month, -1, 1), pl.col("month") >= WAR_BEGAN)
    refuse = tables["polls"].filter(
        series="KIIS_TERRITORY_GENERAL", answer="reject any concessions"
    ).sort("day").filter(pl.col("day") < shifted(month, -1, 1))  # fmt: skip
    military = money["military"].to_numpy()
    return {
        "scenario.war_months": float(months_between(WAR_BEGAN, month)),
        "stocks.territory.start": float(area["area_km2"][-1]) / UKRAINE_KM2,
        "stocks.patience.start": min(1.0, float(military[-WINDOW:].mean() / military.mean())),
        "stocks.endurance.start": min(1.0, float(refuse["share"][-1] / refuse["share"][0])),
        "belief.staller": 0.5,
    }


def forecast_rows(month: datetime.date, view: Standpoint, held: float) -> Iterator[dict[str, Any]]:
    """Return the model's forecasts of the month that a solution starts with."""
    first, does = rounds(view).row(0, named=True), posture(view).filter(posture="withhold")
    withheld = dict(does.select("talks", "chance").iter_rows())
    withhold = first["attend"] * withheld[True] + (1 - first["attend"]) * withheld[False]
    said = {"agreement": first["signed"], "attend": first["attend"], "support": 1 - withhold}
    head = {"made": str(month - datetime.timedelta(days=1)), "month": str(month), "forecaster": "model"}
    for question, value in said.items():
        yield {**head, "question": question, "form": "chance", "at": "yes", "value": f"{value:.6g}"}
    drift, spread = movement(view)
    for level in LEVELS:
        value = held + drift + spread * float(norm.ppf(level))
        yield {**head, "question": "territory", "form": "quantile", "at": str(level), "value": f"{value:.6g}"}


def movement(view: Standpoint) -> tuple[float, float]:
    """Return mean and standard deviation of a month's change in territory, the spread between grid levels taken out."""
    levels = np.asarray(view.game.inputs.grid.levels[0])
    sizes = view.game.shape.sizes
    chance = [
        view.mix(
            *(path.begun["war"][month].sum(axis=0) + path.begun["peace"][month].sum(axis=(0, 1)) for path in view.free)
        )
        .reshape(sizes)
        .sum(axis=(1, 2, 3))
        for month in (0, 1)
    ]
    means = [float(each @ levels) for each in chance]
    spreads = [float(each @ levels**2) - mean**2 for each, mean in zip(chance, means, strict=True)]
    return means[1] - means[0], float(np.sqrt(max(spreads[1] - spreads[0], 0.0)))


def forecasts(tables: dict[str, pl.DataFrame]) -> pl.DataFrame:
    """Return the model's table of forecasts, one solution a month."""
    scenario = outlast.read("geneva")
    calm = {name: 0.0 for name in scenario.numbers() if name.endswith(".shock.chance")}
    calm["events.EU loan of 90 billion spent.set.payoffs.sustain_cost"] = scenario.payoffs.sustain_cost.value
    game = outlast.compile(scenario.with_values(calm), resolution="coarse")
    rows: list[dict[str, Any]] = []
    month = FIRST_FORECAST
    while month <= LAST_MONTH:
        numbers = known_then(month, tables)
        then = scenario.with_values({**calm, **numbers})
        solution = outlast.solve(game.with_values(slot_values(then, game.shape.slots), scenario=then), window=LOOK)
        assert solution.trusted, f"{month}: {solution!r}"
        rows += forecast_rows(month, Standpoint(solution), numbers["stocks.territory.start"])
        print(f"{month:%Y-%m} {' '.join(f'{value:.3g}' for value in numbers.values())}", file=sys.stderr)
        month = shifted(month, 1, 1)
    return pl.DataFrame(rows)


def came(question: str, months: dict[datetime.date, str]) -> pl.DataFrame:
    """Return a table of outcomes of one question in every month of the war: *no* where nothing else is said."""
    every = pl.date_range(WAR_BEGAN, LAST_MONTH, interval="1mo", eager=True).to_list()
    rows = [(month, question, months.get(month, "no")) for month in every]
    return pl.DataFrame(rows, schema=["month", "question", "outcome"], orient="row")


def attended() -> dict[datetime.date, str]:
    """Return the months in which Russia came to talks: with Ukraine to spring 2022, and as the shipped record has it.

    Between the meetings of spring 2022 and Istanbul on 16 May 2025 the two did not negotiate about an end of the war.
    """
    table = (
        read_record("geneva").rows_of("attend").filter(pl.col("actor") == "challenger", pl.col("confidence") >= SURE)
    )
    months = [*EARLY_TALKS, *table["date"].dt.truncate("1mo").to_list()]
    return dict.fromkeys(months, "yes")


def outcomes(tables: dict[str, pl.DataFrame]) -> pl.DataFrame:
    """Return what came in every month of the war, with the day on which it could be known."""
    area = month_ends(tables["economist_area"]).select("month", outcome=pl.col("area_km2") / UKRAINE_KM2)
    given = months_of(tables["kiel"], UNITED_STATES).select("month", outcome=pl.col("total") != 0)
    parts = [
        area.select("month", pl.lit("territory").alias("question"), pl.col("outcome").cast(pl.String)),
        given.select(
            "month", pl.lit("support").alias("question"),
            pl.when("outcome").then(pl.lit("yes")).otherwise(pl.lit("no")).alias("outcome"),
        ),
        came("agreement", {}),
        came("attend", attended()),
    ]  # fmt: skip
    whole = pl.concat(parts).filter(pl.col("month").is_between(WAR_BEGAN, LAST_MONTH))
    late = [
        str(last_day_of(shifted(month, 1, 1) if question == "support" else month, 1))
        for month, question in whole.select("month", "question").iter_rows()
    ]
    return whole.with_columns(pl.col("month").cast(pl.String), known=pl.Series(late))


def board(folder: Path | None = None) -> Board:
    """Forecast, score, and write both tables where a folder is given."""
    names = ("economist_area", "kiel", "polls")
    tables = {name: import_file(name, data_folder() / FILES[name]).table for name in names}
    said, came = forecasts(tables), outcomes(tables)
    if folder is not None:
        folder.mkdir(parents=True, exist_ok=True)
        said.write_csv(folder / "forecasts.csv")
        came.write_csv(folder / "outcomes.csv")
    return score_forecasts(
        forecasts_from(Cells("the model's forecasts", said)),
        outcomes_from(Cells("what came", came)),
        war_began=WAR_BEGAN,
    )


def as_of_tables() -> str:
    """Return the board as Markdown, or a sentence that says why there is none."""
    if not data_folder().is_dir():
        return f"Not measured: the publishers' files are not in {data_folder()}."
    found = board()
    parts = ["\n".join(f"- {line}" for line in found.lines)]
    for (question,), part in found.means.group_by("question", maintain_order=True):
        shown = part.drop("question", "beside", "ours")
        kept = [name for name in shown.columns if shown[name].is_not_null().any()]
        parts += [f"#### {question}, one month ahead", markdown(shown.select(kept))]
    return "\n\n".join([*parts, *found.notes])


if __name__ == "__main__":
    from outlast.reporting.scores import print_scores

    print_scores(board(Path(sys.argv[1]) if sys.argv[1:] else None))
