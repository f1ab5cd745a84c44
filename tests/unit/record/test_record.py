"""A record read and checked: every fault at once, each with its row, and the shipped record without any."""

from __future__ import annotations

import datetime
from pathlib import Path

import polars as pl
import pytest

import outlast
from outlast.record import Record, RecordError, read_record
from outlast.record.form import KINDS, record_columns
from outlast.record.reading import shipped_records
from outlast.record.record import month_since

HEADER = "date,actor,kind,content,value,low,high,confidence,source"
GOOD = "2026-03-01,challenger,attend,,,,,1,press"


@pytest.fixture(scope="module")
def geneva():
    return outlast.read("geneva")


def read(tmp_path: Path, *rows: str, header: str = HEADER, **options) -> Record:
    """Read a record of these rows."""
    path = tmp_path / "r.csv"
    path.write_text("\n".join([header, *rows]) + "\n", encoding="utf-8")
    return read_record(path, **options)


def faults(tmp_path: Path, *rows: str, **options) -> list[tuple[int, str, str | None]]:
    """Read a record that must be refused; return row, column and suggestion of each fault."""
    with pytest.raises(RecordError) as caught:
        read(tmp_path, *rows, **options)
    found = []
    for fault in caught.value.faults:
        assert all([fault.found, fault.rule, fault.reason, fault.remedy])
        row, column = fault.place.path.removeprefix("row ").split(", ", 1)
        assert fault.place.line == int(row) + 1
        found.append((int(row), column, fault.suggestion))
    return found


def test_a_good_record_is_typed(tmp_path: Path):
    record = read(tmp_path, GOOD, "2026-03-31,challenger,reading,territory,0.2,0.19,0.21,0.9,press")
    assert record.table.schema["date"] == pl.Date
    assert record.table["value"].to_list() == [None, 0.2]
    assert record.table["note"].to_list() == [None, None]
    assert record.counts() == {"attend": 1, "reading": 1}
    assert record.rows_of("reading").height == 1


def test_party_names_become_roles_only_with_the_scenario(tmp_path: Path, geneva):
    row = GOOD.replace("challenger", "russia")
    assert read(tmp_path, row, scenario=geneva).table["actor"].to_list() == ["challenger"]
    assert faults(tmp_path, row) == [(1, "actor", None)]


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        (GOOD.replace("2026-03-01", "2026-02-30"), [(1, "date", None)]),
        (GOOD.replace("challenger", "chalenger"), [(1, "actor", "challenger")]),
        (GOOD.replace("attend", "atend"), [(1, "kind", "attend")]),
        (GOOD.replace("attend", "stay away"), [(1, "kind", "stay_away")]),
        (GOOD.replace(",1,press", ",1.2,press"), [(1, "confidence", None)]),
        (GOOD.replace(",1,press", ",,press"), [(1, "confidence", None)]),
        (GOOD.replace(",1,press", ",sure,"), [(1, "confidence", None), (1, "source", None)]),
        (GOOD.replace("attend,,,", "attend,,0.2,"), [(1, "value", None)]),
        (GOOD.replace("attend,", "table,"), [(1, "content", None)]),
        (GOOD.replace("attend,", "posture,sustian"), [(1, "actor", "patron"), (1, "content", "sustain")]),
        (GOOD.replace("attend,", "renege,"), [(1, "actor", "patron")]),
        ("2026-03-01,patron,attack,,,,,1,press", [(1, "actor", "challenger")]),
        ("2026-03-01,challenger,reading,territry,0.2,,,1,press", [(1, "content", "territory")]),
        ("2026-03-01,defender,reading,territory,0.2,,,1,press", [(1, "actor", "challenger")]),
        ("2026-03-01,challenger,reading,territory,20,,,1,press", [(1, "value", "0.2")]),
        ("2026-03-01,challenger,reading,territory,,,,1,press", [(1, "value", None)]),
        ("2026-03-01,challenger,reading,territory,0.2,0.1,,1,press", [(1, "high", None)]),
        ("2026-03-01,challenger,reading,territory,0.2,0.3,0.4,1,press", [(1, "value", None)]),
        ("2026-03-01,challenger,reading,territory,nan,,,1,press", [(1, "value", None)]),
    ],
)
def test_fault_of_a_row(row: str, expected: list[tuple[int, str, str | None]], tmp_path: Path):
    assert faults(tmp_path, row) == expected


def test_dates_out_of_order(tmp_path: Path):
    later = GOOD.replace("03-01", "03-05")
    assert faults(tmp_path, later, GOOD, GOOD.replace("03-01", "03-04")) == [(2, "date", None), (3, "date", None)]


def test_duplicates_and_contradictions(tmp_path: Path):
    assert faults(tmp_path, GOOD, GOOD.replace("press", "other press")) == [(2, "kind", None)]
    assert faults(tmp_path, GOOD, GOOD.replace("attend", "stay_away")) == [(2, "kind", None)]
    read(tmp_path, GOOD, GOOD.replace("challenger", "defender"))


def test_two_sources_may_read_a_stock_on_one_day(tmp_path: Path):
    reading = "2026-03-31,challenger,reading,territory,0.2,,,1,one"
    read(tmp_path, reading, reading.replace("one", "other"))
    assert faults(tmp_path, reading, reading.replace("0.2", "0.3")) == [(2, "kind", None)]


def test_faults_of_all_rows_come_together(tmp_path: Path, geneva):
    rows = [
        GOOD.replace("challenger", "chalenger"),
        "2026-02-01,patron,table,freeze_sof,,,,2,press",
        "2026-03-31,challenger,reading,forces,0.2,,,1,",
    ]
    assert faults(tmp_path, *rows, scenario=geneva) == [
        (1, "actor", "challenger"),
        (2, "confidence", None),
        (2, "content", "freeze_soft"),
        (2, "date", None),
        (3, "source", None),
        (3, "value", None),
    ]


def test_axes_are_those_of_the_scenario(tmp_path: Path, geneva):
    row = "2026-03-31,challenger,reading,forces,1.4,,,1,press"
    read(tmp_path, row)
    assert faults(tmp_path, row, scenario=geneva) == [(1, "value", None)]


def test_rows_before_the_start_are_refused_on_request(tmp_path: Path, geneva):
    early = GOOD.replace("2026-03-01", "2026-02-17")
    read(tmp_path, early, GOOD, scenario=geneva)
    assert faults(tmp_path, early, GOOD, scenario=geneva, from_start=True) == [(1, "date", None)]


def test_missing_and_renamed_columns(tmp_path: Path):
    with pytest.raises(RecordError) as caught:
        read(tmp_path, GOOD, header=HEADER.replace("confidence", "confidense").replace("kind", "what"))
    assert [(fault.place.path, fault.suggestion) for fault in caught.value.faults] == [
        ("kind", None),
        ("confidence", "confidense"),
    ]
    with pytest.raises(RecordError, match="another table altogether"):
        read(tmp_path, "1,2", header="a,b")


def test_parquet_and_csv_read_alike(tmp_path: Path):
    record = read(tmp_path, GOOD)
    record.table.write_parquet(tmp_path / "r.parquet")
    assert read_record(tmp_path / "r.parquet").table.equals(record.table)


@pytest.mark.parametrize("name", shipped_records())
def test_shipped_record_has_no_fault_and_a_source_in_every_row(name: str):
    record = read_record(name, scenario=outlast.read(name))
    assert record.table.height > 30
    assert record.table["source"].str.len_chars().min() > 8


def test_shipped_record_has_the_rounds_that_are_public(geneva):
    rounds = read_record("geneva").rows_of("attend").filter(actor="challenger", confidence=1)
    expected = [(2025, 5, 16), (2025, 6, 2), (2025, 7, 23), (2026, 1, 23), (2026, 2, 4), (2026, 2, 17)]
    assert rounds["date"].to_list() == [datetime.date(*day) for day in expected]


def test_the_page_of_the_format_has_every_column_and_kind():
    page = (Path(__file__).parents[3] / "docs" / "record.md").read_text(encoding="utf-8")
    for word in [column.name for column in record_columns()] + list(KINDS):
        assert f"\n| `{word}` |" in page


@pytest.mark.parametrize(
    ("start", "day", "month"),
    [
        ((2026, 2, 18), (2026, 2, 18), 0),
        ((2026, 2, 18), (2026, 3, 17), 0),
        ((2026, 2, 18), (2026, 3, 18), 1),
        ((2026, 2, 18), (2026, 2, 17), -1),
        ((2026, 2, 18), (2025, 2, 18), -12),
        ((2026, 1, 31), (2026, 2, 28), 1),
        ((2026, 1, 31), (2026, 2, 27), 0),
    ],
)
def test_months_begin_on_the_day_of_the_start(start, day, month):
    table = pl.DataFrame({"date": [datetime.date(*day)]})
    assert table.select(month_since(datetime.date(*start)))["date"].to_list() == [month]
