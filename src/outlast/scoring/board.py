"""Hold forecasts against what came, beside baselines that saw only what was known on the day of each forecast."""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import polars as pl

from outlast.record.faults import RecordError, whole_file
from outlast.scenario.fault import Breach, nearest
from outlast.scoring.baselines import answer_again, answer_rates, ends_in, past_changes
from outlast.scoring.calibration import calibration
from outlast.scoring.forecasts import FORECAST, NO, YES, Forecasts, answers_of, level_of
from outlast.scoring.months import ONE_DAY, month_of, months_between, shifted
from outlast.scoring.outcomes import QUESTIONS, Outcomes
from outlast.scoring.scores import interval_score, quantile_score
from outlast.scoring.standing import comparable, means_of, standing, standing_lines

WAR_ENDS = "agreement"
"""The question that the constant hazard of wars is a baseline of."""

LEVELS = (0.5, 0.9)
CURVE_BINS = 5
SCORED = {
    "question": pl.String, "beside": pl.String, "forecaster": pl.String, "ours": pl.Boolean, "made": pl.Date,
    "month": pl.Date, "ahead": pl.Int64, "outcome": pl.String, "chance": pl.Float64, "median": pl.Float64,
    "log": pl.Float64, "brier": pl.Float64, "quantile": pl.Float64, "error": pl.Float64, "interval_50": pl.Float64,
    "inside_50": pl.Boolean, "interval_90": pl.Float64, "inside_90": pl.Boolean,
}  # fmt: skip


@dataclass(frozen=True)
class Board:
    """Scores of forecasts beside baselines. ``lines`` come first: their first says whether a baseline wins.

    ``means``: a row for each question, forecaster and baseline beside it, with the mean of every score, and the gap to
    the best baseline with its standard error. ``scored``: every forecast. ``curves``: calibration of chances.
    ``levels``: of quantiles, how often the outcome lay below. ``notes``: what was not scored, and why.
    """

    lines: tuple[str, ...]
    means: pl.DataFrame = field(repr=False)
    scored: pl.DataFrame = field(repr=False)
    curves: pl.DataFrame = field(repr=False)
    levels: pl.DataFrame = field(repr=False)
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class _Past:
    """What was known of one question on one day: the latest unbroken run of months, and how far ahead is asked."""

    outcomes: list[str]
    step: int
    ahead: int


def score_forecasts(forecasts: Forecasts, outcomes: Outcomes, *, war_began: datetime.date | None = None) -> Board:
    """Return the scores of every forecaster on every question, beside the baselines on the same forecasts.

    ``war_began`` gives the war's age to the constant hazard; without it the war is taken to be past three years.
    Raises ``RecordError`` where outcomes are not of the forecast's kind, or where nothing can be scored.
    """
    known = {question[0]: part for question, part in outcomes.table.group_by("question")}
    rows: list[dict[str, Any]] = []
    levels: list[tuple[Any, ...]] = []
    unscored: dict[str, int] = {}
    choices = _choices(forecasts.table)
    for forecast in _each(forecasts.table):
        first = forecast[0]
        came = known.get(first["question"])
        found = None if came is None else came.filter(month=first["month"])
        if found is None or found.is_empty():
            unscored[first["question"]] = unscored.get(first["question"], 0) + 1
            continue
        past = _past(came, first["made"], first["month"], outcomes.begins)  # pyright: ignore[reportArgumentType]
        outcome = str(found["outcome"][0])
        if first["form"] == "chance":
            if choices[first["question"]] == {YES, NO} and outcome not in (YES, NO):
                raise _other_answer(first, outcome, outcomes.label)
            rows += _chances(
                forecast, outcome, past, age=_age(war_began, first["made"]), choices=choices[first["question"]]
            )
        else:
            more, below = _quantiles(forecast, outcome, past, outcomes.label)
            rows, levels = rows + more, levels + below
    if not rows:
        raise _nothing(forecasts, outcomes)
    scored = pl.DataFrame(rows, schema=SCORED, orient="row")
    compared = comparable(scored)
    means = means_of(compared)
    notes = [f"Not scored for want of an outcome: {count} of {question}." for question, count in unscored.items()]
    return Board(
        lines=standing_lines(standing(means)),
        means=means,
        scored=scored,
        curves=_curves(scored),
        levels=_below(levels),
        notes=(*outcomes.notes, *notes, *_alone(scored, compared), *_impossible(scored)),
    )


def _each(table: pl.DataFrame) -> Iterator[list[dict[str, Any]]]:
    for _, part in table.group_by(*FORECAST, maintain_order=True):
        yield part.to_dicts()


def _choices(table: pl.DataFrame) -> dict[str, set[str]]:
    """Return the answers that any forecast of a question names."""
    choices: dict[str, set[str]] = {}
    for forecast in _each(table.filter(form="chance")):
        choices.setdefault(forecast[0]["question"], set()).update(answers_of(forecast))
    return choices


def _age(began: datetime.date | None, made: datetime.date) -> int | None:
    return None if began is None else max(months_between(began, made), 0)


def _past(came: pl.DataFrame, made: datetime.date, month: datetime.date, begins: int) -> _Past:
    """Return what of one question was known on a day: the unbroken months up to the last one known."""
    seen = came.filter(pl.col("known") <= made, pl.col("month") < month).sort("month").to_dicts()
    run: list[str] = []
    for row in reversed(seen):
        if run and shifted(row["month"], len(run), begins) != seen[-1]["month"]:
            break
        run.insert(0, row["outcome"])
    ahead = months_between(month_of(min(made, datetime.date.max - ONE_DAY) + ONE_DAY, begins), month) + 1
    return _Past(run, months_between(seen[-1]["month"], month) if seen else ahead, max(ahead, 1))


def _chances(
    forecast: list[dict[str, Any]], outcome: str, past: _Past, *, age: int | None, choices: set[str]
) -> list[dict[str, Any]]:
    """Score the chances of one forecast and of the baselines beside it."""
    ours, answers = answers_of(forecast), sorted({*choices, *past.outcomes})
    given = {
        forecast[0]["forecaster"]: ours,
        "persistence": answer_again(past.outcomes, answers, step=past.step),
        "base rate": answer_rates(past.outcomes, answers),
    }
    if forecast[0]["question"] == WAR_ENDS and set(answers) == {YES, NO}:
        end = ends_in(past.ahead, age=age)
        given["constant hazard"] = {YES: end, NO: 1 - end}
    rows = []
    for place, (name, chances) in enumerate(given.items()):
        row = _row(forecast[0], name, outcome, past, ours=place == 0)
        came = chances.get(outcome, 0.0)
        gaps = [(chances.get(answer, 0.0) - (answer == outcome)) ** 2 for answer in {*answers, outcome}]
        row["chance"] = chances.get(YES if set(answers) <= {YES, NO} else outcome, 0.0)
        row["log"] = float(-np.log(came)) if came > 0 else float("inf")
        row["brier"] = sum(gaps) / 2
        rows.append(row)
    return rows


def _quantiles(
    forecast: list[dict[str, Any]], outcome: str, past: _Past, label: str
) -> tuple[list[dict[str, Any]], list[tuple[Any, ...]]]:
    """Score the quantiles of one forecast and of the baselines beside it, at the same levels."""
    pairs = sorted((level_of(row["at"]) or 0.0, row["value"]) for row in forecast)
    levels = [level for level, _ in pairs]
    came = _number(forecast[0], outcome, label)
    given = {forecast[0]["forecaster"]: [value for _, value in pairs]}
    if past.outcomes:
        values = np.array([_number(forecast[0], each, label) for each in past.outcomes])
        draws = {
            "persistence": values[-1:],
            "past changes": past_changes(past.step)(values),
            "climatology": values,
        }
        given |= {name: np.quantile(each, levels).tolist() for name, each in draws.items()}
    rows, below = [], []
    for place, (name, quantiles) in enumerate(given.items()):
        row = _row(forecast[0], name, outcome, past, ours=place == 0)
        row["median"] = float(np.interp(0.5, levels, quantiles))
        row["quantile"] = quantile_score(levels, quantiles, came)
        row["error"] = abs(row["median"] - came)
        for share in LEVELS:
            ends = [_at(levels, quantiles, (1 + sign * share) / 2) for sign in (-1, 1)]
            if ends[0] is not None and ends[1] is not None:
                row[f"interval_{share:.0%}"[:-1]] = float(interval_score(ends[0], ends[1], came, level=share))
                row[f"inside_{share:.0%}"[:-1]] = ends[0] <= came <= ends[1]
        rows.append(row)
        if place == 0:
            below += [
                (row["question"], name, level, came <= each) for level, each in zip(levels, quantiles, strict=True)
            ]
    return rows, below


def _row(first: Mapping[str, Any], name: str, outcome: str, past: _Past, *, ours: bool) -> dict[str, Any]:
    row: dict[str, Any] = dict.fromkeys(SCORED)
    row |= {key: first[key] for key in ("question", "made", "month")}
    return row | {
        "beside": first["forecaster"], "forecaster": name, "ours": ours, "ahead": past.ahead, "outcome": outcome,
    }  # fmt: skip


def _at(levels: list[float], quantiles: list[float], wanted: float) -> float | None:
    return next((q for level, q in zip(levels, quantiles, strict=True) if abs(level - wanted) < 1e-9), None)


def _curves(scored: pl.DataFrame) -> pl.DataFrame:
    """Return the calibration of our chances of yes, question by question."""
    ours = scored.filter("ours", pl.col("outcome").is_in([YES, NO]), pl.col("chance").is_not_null())
    parts = [
        calibration(part["chance"], part["outcome"] == YES, bins=CURVE_BINS).select(
            pl.lit(question).alias("question"), pl.lit(name).alias("forecaster"), pl.all()
        )
        for (question, name), part in ours.group_by("question", "forecaster", maintain_order=True)
    ]
    return pl.concat(parts) if parts else pl.DataFrame()


def _below(levels: list[tuple[Any, ...]]) -> pl.DataFrame:
    """Return how often the outcome lay at or below each quantile; well calibrated, as often as its level says."""
    if not levels:
        return pl.DataFrame()
    table = pl.DataFrame(levels, schema=["question", "forecaster", "level", "below"], orient="row")
    grouped = table.group_by("question", "forecaster", "level", maintain_order=True)
    return grouped.agg(pl.len().alias("forecasts"), pl.col("below").mean()).sort("question", "forecaster", "level")


def _alone(scored: pl.DataFrame, compared: pl.DataFrame) -> list[str]:
    left = scored.filter("ours").height - compared.filter("ours").height
    return [f"Left out of the means, because no baseline knew anything on their day: {left}."] if left else []


def _impossible(scored: pl.DataFrame) -> list[str]:
    surprised = scored.filter("ours", pl.col("log").is_infinite()).group_by("forecaster", "question").len()
    return [
        f"{row['forecaster']} held impossible what came, in {row['len']} forecasts of {row['question']}:"
        " its mean log score is infinite."
        for row in surprised.sort("forecaster", "question").iter_rows(named=True)
    ]


def _number(first: Mapping[str, Any], text: str, label: str) -> float:
    try:
        number = float(text)
    except ValueError:
        number = float("nan")
    if not np.isfinite(number):
        raise whole_file(label, Breach(
            f"{text!r} as an outcome of {first['question']}", "the outcome of a quantity is a number",
            "its forecasts are quantiles", "write the number, in the unit of the forecasts",
        ))  # fmt: skip
    return number


def _other_answer(first: Mapping[str, Any], outcome: str, label: str) -> RecordError:
    return whole_file(label, Breach(
        f"{outcome!r} as the outcome of {first['question']} in the month from {first['month']}",
        "one of yes, no", "its forecasts are chances of yes or no", "write yes or no",
        nearest(outcome, [YES, NO]),
    ))  # fmt: skip


def _nothing(forecasts: Forecasts, outcomes: Outcomes) -> RecordError:
    asked = sorted(set(forecasts.table["question"].to_list()))
    told = sorted(set(outcomes.table["question"].to_list()))
    days = sorted({day.day for day in forecasts.table["month"]})
    other = outcomes.begins != days[-1]
    return whole_file(outcomes.label, Breach(
        f"outcomes of {', '.join(told) or 'no question'} in months from day {outcomes.begins}",
        f"an outcome for at least one forecast of {', '.join(asked)} in months from day {days[-1]}",
        "a forecast is scored by what came in its own month",
        f"let the months of both begin on day {days[-1]}" if other
        else f"add outcomes; a record answers {', '.join(QUESTIONS)}",
        nearest(asked[0], told),
    ))  # fmt: skip
