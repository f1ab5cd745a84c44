"""Back-tests on publishers' files: the figures that docs/scoring.md prints."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest
from mediation import score_mediation
from ukraine import Target, back_test_ukraine

from outlast.record.sources import import_file


def _tables(shared_data: Path) -> list[pl.DataFrame]:
    files = {
        "economist_area": "economist_isw/area_assessed_as_controlled_by_russia.csv",
        "kiel": "kiel/data_explorer.csv",
        "cow_wars": "cow/Inter-StateWarData_v4.0.csv",
    }
    return [import_file(name, shared_data / file).table for name, file in files.items()]


@pytest.fixture(scope="module")
def ukraine(shared_data: Path) -> dict[str, Target]:
    return {target.name: target for target in back_test_ukraine(*_tables(shared_data))}


@pytest.mark.parametrize(
    ("name", "forecasts", "expected"),
    [
        ("territory", 37, {"changes of a year": 0.000403, "persistence": 0.000481}),
        ("support", 35, {"persistence": 0.403, "base rate": 0.861}),
        ("amount", 35, {"climatology": 1.69, "persistence": 2.26}),
        ("agreement", 37, {"base rate": 0.0188, "persistence": 0.0197, "constant hazard": 0.0676}),
    ],
)
def test_scores_on_ukraine_are_those_of_the_page(ukraine, name: str, forecasts: int, expected: dict[str, float]):
    target = ukraine[name]
    scores = dict(target.means.select("forecaster", target.means.columns[2]).iter_rows())
    assert {key: scores[key] for key in expected} == pytest.approx(expected, rel=0.005)
    assert next(iter(scores)) == next(iter(expected))
    assert target.means["forecasts"][0] == forecasts
    assert target.verdict.startswith(f"A baseline wins: {next(iter(expected))}")


@pytest.mark.parametrize("ahead", [6, 12])
def test_far_ahead_the_last_line_of_the_front_is_the_best_guide(shared_data: Path, ahead: int):
    (territory, *_) = back_test_ukraine(*_tables(shared_data), ahead=ahead)
    assert territory.means["forecaster"][0] == "persistence"


def test_scores_on_mediation_are_those_of_the_page(shared_data: Path):
    found = score_mediation(import_file("mend", shared_data / "mend" / "mend_events_to_2023.csv").table)
    rows = {row["forecaster"]: row for row in found.means.iter_rows(named=True)}
    assert [rows[name]["log"] for name in ("constant", "one variable", "logistic")] == pytest.approx(
        [0.489, 0.507, 0.520], abs=0.0005
    )
    assert [rows[name]["brier"] for name in ("constant", "one variable", "logistic")] == pytest.approx(
        [0.155, 0.154, 0.149], abs=0.0005
    )
    assert rows["constant"]["forecasts"] == 261
    assert found.verdict.startswith("A baseline wins: constant")
    assert "by Brier score logistic wins" in found.verdict
    again = score_mediation(import_file("mend", shared_data / "mend" / "mend_events_to_2023.csv").table, refit=True)
    rows = {row["forecaster"]: row["log"] for row in again.means.iter_rows(named=True)}
    assert [rows[name] for name in ("constant", "one variable", "logistic")] == pytest.approx(
        [0.491, 0.495, 0.496], abs=0.0005
    )
