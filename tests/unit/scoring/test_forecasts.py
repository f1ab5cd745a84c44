"""Tables of forecasts and of outcomes: what is read, and every fault with its row."""

from __future__ import annotations

import datetime

import polars as pl
import pytest

from outlast.record.columns import schema_of
from outlast.record.faults import RecordError
from outlast.record.form import FORECAST_COLUMNS
from outlast.record.opening import Cells
from outlast.record.reading import record_from
from outlast.scoring import forecasts_from, outcomes_from, outcomes_of_record
from outlast.scoring.months import last_day_of, month_of, months_between, shifted

DAY = datetime.date
RECORD = "date,actor,kind,content,value,low,high,confidence,source"


def cells(text: str) -> Cells:
    """Read lines of a CSV as cells."""
    head, *rows = [line.split(",") for line in text.strip().splitlines()]
    data = {name: [row[place].strip() or None for row in rows] for place, name in enumerate(head)}
    return Cells("file", pl.DataFrame(data, schema=dict.fromkeys(head, pl.String)), tuple(range(2, 2 + len(rows))))


def forecasts(*rows: str) -> Cells:
    """Make cells of a table of forecasts."""
    return cells("\n".join(["made,month,question,forecaster,form,at,value", *rows]))


GOOD = (
    "2025-06-30,2025-07-01,attend,me,chance,yes,0.8",
    "2025-06-30,2025-07-01,posture,me,chance,withhold,0.3",
    "2025-06-30,2025-07-01,posture,me,chance,surge,0.7",
    "2025-06-30,2025-07-01,territory,me,quantile,0.1,0.19",
    "2025-06-30,2025-07-01,territory,me,quantile,0.9,0.21",
)


def test_a_good_table_is_read_and_passes_its_schema():
    table = forecasts_from(forecasts(*GOOD)).table
    assert table.height == 5
    schema_of(FORECAST_COLUMNS).validate(table)


@pytest.mark.parametrize(
    ("row", "place", "words"),
    [
        ("2025-07-02,2025-07-01,agreement,me,chance,yes,0.8", "made", "no later than the day"),
        ("2025-06-30,2025-07-01,agreement,me,chance,yes,1.2", "value", "from 0 to 1"),
        ("2025-06-30,2025-07-01,agreement,me,chance,perhaps,0.2", "value", "add up to 1"),
        ("2025-06-30,2025-07-01,attend,me,chance,YES,0.2", "at", "a second time"),
        ("2025-06-30,2025-07-01,attend,me,quantile,0.5,0.2", "form", "scored in one way"),
        ("2025-06-30,2025-07-01,territory,me,quantile,1.5,0.2", "at", "between 0 and 1"),
        ("2025-06-30,2025-07-01,territory,me,quantile,0.10,0.2", "at", "a second time"),
        ("2025-06-30,2025-07-01,territory,me,quantile,0.95,0.18", "value", "rise with their levels"),
        ("2025-06-30,2025-07-01,agreement,me,guess,yes,0.2", "form", "one of chance, quantile"),
        ("2025-06-30,2025-07-15,agreement,me,chance,yes,0.2", "month", "begin on day 15"),
        ("2025-06-31,2025-07-01,agreement,me,chance,yes,0.2", "made", "a date"),
        ("2025-06-30,2025-07-01,agreement,,chance,yes,0.2", "forecaster", "text"),
    ],
)
def test_a_bad_row_is_named_with_its_rule(row: str, place: str, words: str):
    with pytest.raises(RecordError) as caught:
        forecasts_from(forecasts(*GOOD, row))
    faults = [fault for fault in caught.value.faults if words in fault.rule + fault.found + fault.reason]
    assert faults, str(caught.value)
    assert place in faults[0].place.path
    assert faults[0].remedy


def test_all_faults_are_told_at_once():
    with pytest.raises(RecordError) as caught:
        forecasts_from(forecasts(GOOD[0].replace("0.8", "8"), GOOD[3].replace("0.1,", "x,"), *GOOD[3:]))
    assert len(caught.value.faults) == 2


def test_months_are_counted_from_any_day_and_cut_at_short_ones():
    assert month_of(DAY(2026, 3, 17), 18) == DAY(2026, 2, 18)
    assert month_of(DAY(2026, 3, 18), 18) == DAY(2026, 3, 18)
    assert shifted(DAY(2026, 1, 31), 1, 31) == DAY(2026, 2, 28)
    assert last_day_of(DAY(2026, 2, 28), 31) == DAY(2026, 3, 30)
    assert last_day_of(DAY(9999, 12, 1), 1) == DAY(9999, 12, 31)
    assert month_of(DAY(1, 1, 1), 18) == DAY(1, 1, 18)
    assert months_between(DAY(2025, 12, 18), DAY(2026, 2, 18)) == 2


def test_outcomes_are_known_at_the_end_of_their_month_unless_said():
    table = outcomes_from(
        cells("month,question,outcome,known\n2025-07-01,attend,Yes,\n2025-08-01,attend,no,2025-10-05")
    ).table
    assert table["known"].to_list() == [DAY(2025, 7, 31), DAY(2025, 10, 5)]
    assert table["outcome"].to_list() == ["yes", "no"]


@pytest.mark.parametrize(
    ("row", "words"),
    [
        ("2025-07-01,attend,no,", "a second time"),
        ("2025-07-11,attend,no,", "begin on day"),
        ("2025-08-01,attend,no,2025-07-05", "cannot be known before"),
        ("2025-08-01,attend,,", "an empty cell"),
    ],
)
def test_a_bad_outcome_is_named(row: str, words: str):
    with pytest.raises(RecordError, match=words):
        outcomes_from(cells(f"month,question,outcome,known\n2025-07-01,attend,yes,\n{row}"))


def test_a_record_answers_by_month():
    record = record_from(
        cells(
            "\n".join(
                [
                    RECORD,
                    "2025-04-30,challenger,reading,territory,0.19,,,1,s",
                    "2025-05-01,challenger,attend,,,,,1,s",
                    "2025-05-31,challenger,reading,territory,0.2,,,1,s",
                    "2025-06-10,patron,posture,surge,,,,1,s",
                    "2025-06-20,challenger,attend,,,,,0.3,s",
                    "2025-07-02,challenger,table,freeze,,,,1,s",
                    "2025-07-03,defender,accept,freeze,,,,1,s",
                    "2025-08-01,defender,refuse,other,,,,1,s",
                    "2025-08-31,patron,attend,,,,,1,s",
                ]
            )
        )
    )
    asked = ["attend", "agreement", "posture", "territory", "collapse", "weather"]
    table = outcomes_of_record(record, begins=1, questions=asked).table
    came = {
        question: dict(table.filter(question=question).select("month", "outcome").iter_rows()) for question in asked
    }
    may, june, july, august = (DAY(2025, month, 1) for month in (5, 6, 7, 8))
    assert came["attend"] == {may: "yes", june: "no", july: "no", august: "no"}
    assert came["agreement"] == {may: "no", june: "no", july: "yes", august: "no"}
    assert came["posture"] == {june: "surge"}
    assert came["territory"] == {may: "0.2"}
    assert came["collapse"] == {may: "no", june: "no", july: "no"}
    assert came["weather"] == {}


def test_a_rumour_does_not_say_how_far_a_record_is_complete():
    sure = ["2025-05-01,challenger,attend,,,,,1,s", "2025-06-30,challenger,attend,,,,,1,s"]
    rumour = ["2025-12-31,challenger,attend,,,,,0.02,s", "2025-12-31,challenger,reading,territory,0.3,,,0.02,s"]
    asked = ["attend", "attack", "collapse", "territory"]
    tables = [
        outcomes_of_record(record_from(cells("\n".join([RECORD, *rows]))), begins=1, questions=asked).table
        for rows in (sure, sure + rumour)
    ]
    assert tables[0].equals(tables[1])
    assert tables[0]["month"].max() == DAY(2025, 6, 1)


def test_a_package_that_somebody_refused_was_not_signed():
    rows = ["2025-05-01,challenger,table,a,,,,1,s", "2025-05-02,defender,accept,a,,,,1,s",
            "2025-05-03,patron,refuse,a,,,,1,s", "2025-06-30,challenger,attend,,,,,1,s"]  # fmt: skip
    record = record_from(cells("\n".join([RECORD, *rows])))
    assert "yes" not in outcomes_of_record(record, begins=1, questions=["agreement"]).table["outcome"].to_list()
