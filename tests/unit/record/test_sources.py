"""Importers on tiny files: what they make of a good one, and how they refuse a renamed, cut, empty or other one."""

from __future__ import annotations

import datetime
import json
from pathlib import Path

import polars as pl
import pytest

from outlast.record.faults import RecordError
from outlast.record.sources import SOURCES, Imported, import_file, source_named
from outlast.scenario.fault import ScenarioError

from .publishers import FORMS, SAMPLES, write_sample, write_workbook


def imported(folder: Path, name: str, *extra: str) -> Imported:
    """Import the tiny file of a source, with more rows if given."""
    header, rows = SAMPLES[name]
    return import_file(name, write_sample(folder, name, header, [*rows, *extra]))


def refusal(name: str, path: Path) -> RecordError:
    """Import what must be refused."""
    with pytest.raises(RecordError) as caught:
        import_file(name, path)
    for fault in caught.value.faults:
        assert all([fault.found, fault.rule, fault.reason, fault.remedy])
    return caught.value


def test_every_source_has_a_sample():
    assert list(SAMPLES) == list(SOURCES)


def test_unknown_source_is_refused_with_the_nearest():
    with pytest.raises(ScenarioError, match="perhaps kiel"):
        source_named("keil")


@pytest.mark.parametrize("name", SOURCES)
class TestEverySource:
    def test_a_good_file_is_read(self, name: str, tmp_path: Path):
        found = imported(tmp_path, name)
        assert found.table.height > 0
        assert found.source == name
        assert all(str(line) for line in found.dropped)
        assert not any(kind.is_nested() for kind in found.table.schema.values())

    def test_a_renamed_column_is_named_with_the_new_name(self, name: str, tmp_path: Path):
        header, rows = SAMPLES[name]
        names = header.split(",")
        place = 1 if names[0] == "" else 0
        new = [*names[:place], f"{names[place]}x", *names[place + 1 :]]
        (fault,) = refusal(name, write_sample(tmp_path, name, ",".join(new), rows)).faults
        assert fault.place.path == names[place]
        assert fault.suggestion == f"{names[place]}x"

    def test_every_missing_column_is_named(self, name: str, tmp_path: Path):
        header, rows = SAMPLES[name]
        last = [column.name for column in source_named(name).columns if not column.absent][-1]
        place = header.split(",").index(last)
        cut = [",".join(cell for at, cell in enumerate(row.split(",")) if at != place) for row in [header, *rows]]
        faults = refusal(name, write_sample(tmp_path, name, cut[0], cut[1:])).faults
        assert [fault.place.path for fault in faults] == [last]

    def test_another_sources_file_is_recognised(self, name: str, tmp_path: Path):
        mine = FORMS.get(name, "csv")
        for other in SOURCES:
            if other != name and FORMS.get(other, "csv") == mine:
                header, rows = SAMPLES[other]
                error = refusal(name, write_sample(tmp_path, other, header, rows))
                assert error.faults[0].suggestion == other

    def test_an_unrelated_table_is_refused(self, name: str, tmp_path: Path):
        error = refusal(name, write_sample(tmp_path, name, "a,b", ["1,2"]))
        assert "another table altogether" in str(error)

    def test_what_is_in_another_format_is_refused(self, name: str, tmp_path: Path):
        kind = FORMS.get(name, "csv")
        (tmp_path / f"empty.{kind}").write_bytes(b"")
        refusal(name, tmp_path / f"empty.{kind}")
        (tmp_path / f"x.{kind}").write_bytes(b"\x89PNG\r\n\0\0" if kind == "csv" else b"a,b\n1,2\n")
        refusal(name, tmp_path / f"x.{kind}")

    def test_no_rows_are_refused(self, name: str, tmp_path: Path):
        if FORMS.get(name, "csv") != "json":
            assert "no rows" in str(refusal(name, write_sample(tmp_path, name, SAMPLES[name][0], [])))


def test_bad_cells_are_told_by_row_and_the_rest_is_counted(tmp_path: Path):
    bad = [f"2024-02-{day:02},lots,10" for day in range(2, 8)]
    error = refusal("economist_area", write_sample(tmp_path, "economist_area", *_with("economist_area", bad)))
    assert len(error.faults) == 4
    assert error.faults[0].place.line == 5
    assert error.faults[3].found == "3 more cells like these"


def _with(name: str, more: list[str]) -> tuple[str, list[str]]:
    header, rows = SAMPLES[name]
    return header, [*rows, *more]


def test_area_is_in_square_kilometres_and_by_month_at_least(tmp_path: Path):
    from outlast.record.sources.economist_area import month_ends

    table = imported(tmp_path, "economist_area").table
    assert table["area_km2"].to_list() == pytest.approx([60362.8, 120725.6, 181088.4])
    assert table["share"].to_list() == pytest.approx([0.1, 0.2, 0.3])
    assert month_ends(table)["day"].to_list() == [datetime.date(2024, 1, 31), datetime.date(2024, 2, 1)]


def test_days_given_twice_are_dropped_and_told(tmp_path: Path):
    found = imported(tmp_path, "economist_area", "2024-02-01,241451200000,40")
    assert found.table.height == 2
    assert found.dropped[0].count == 2


def test_months_without_money_come_back_as_zeros(tmp_path: Path):
    found = imported(tmp_path, "kiel")
    assert found.table.filter(donor="A")["total"].to_list() == [1.5, 0, 2]
    assert found.table.filter(donor="B")["total"].to_list() == [0, 1, 0]
    assert found.dropped[0].count == 3


def test_estimates_are_sorted_by_day(tmp_path: Path):
    assert imported(tmp_path, "economist_casualties").table["total"].to_list() == [10, 20]


def test_days_without_a_claim_are_counted(tmp_path: Path):
    found = imported(tmp_path, "general_staff_losses")
    assert found.table["total"].to_list() == [10, 20]
    assert found.dropped[0].count == 1


def test_length_of_an_agreement_is_to_its_end_or_unknown(tmp_path: Path):
    found = imported(tmp_path, "ucdp_agreements")
    months = found.table["months"].to_list()
    assert months[0] == pytest.approx(366 / (365.25 / 12))
    assert months[1] == pytest.approx((datetime.date(2001, 12, 31) - datetime.date(2000, 1, 1)).days / (365.25 / 12))
    assert months[2] is None
    assert found.table["ended"].to_list() == [True, False, True]
    assert found.table["extent"].to_list() == ["full", "partial", "process"]
    assert [line.count for line in found.dropped[:2]] == [1, 1]


def test_an_ending_looks_ahead_for_the_next_episode(tmp_path: Path):
    table = imported(tmp_path, "ucdp_terminations").table
    assert table["outcome"].to_list() == ["ceasefire", "low activity"]
    assert table["again"].to_list() == [True, False]
    assert table["flag"].to_list() == [False, True]
    assert table["years_to_next"].to_list() == [pytest.approx(3 + 1 / 365.25, abs=0.01), pytest.approx(0, abs=0.01)]
    assert table["years"].to_list() == [pytest.approx(2, abs=0.01), pytest.approx(1, abs=0.01)]


def test_a_war_runs_from_its_first_to_its_last_participant(tmp_path: Path):
    found = imported(tmp_path, "cow_wars")
    assert found.table["war"].to_list() == ["W", "V"]
    row = found.table.row(0, named=True)
    assert (row["start"], row["end"]) == (datetime.date(1900, 1, 1), datetime.date(1900, 3, 2))
    assert row["months"] == row["months_at_least"] == row["months_at_most"] == pytest.approx(60 / (365.25 / 12))
    assert (row["deaths"], row["deaths_unknown"], row["ended_by"]) == (100, 1, "victory")
    ongoing = found.table.row(1, named=True)
    assert (ongoing["end"], ongoing["months"], ongoing["deaths"], ongoing["ended_by"]) == (None, None, 10, "ongoing")
    assert [line.count for line in found.dropped] == [1, 1]


def test_spells_keep_their_entry_and_lose_what_has_no_length(tmp_path: Path):
    found = imported(tmp_path, "fortna_spells")
    assert found.table.select("from_day", "to_day", "failed").rows() == [(0, 31, False), (31, 60, True)]
    assert found.table["mission"].to_list() == ["multidimensional", "none"]
    assert found.table["ended_by"].to_list() == ["treaty", "treaty"]
    assert found.table["logdead"].to_list() == [1, None]
    assert found.dropped[0].count == 1


def test_small_table_counts_years_between_dates(tmp_path: Path):
    table = imported(tmp_path, "fortna_small").table
    assert table["years"].to_list() == [pytest.approx(2, abs=0.01), pytest.approx(10, abs=0.01)]
    assert table["badness"].to_list() == [-5.5, None]


def test_events_carry_no_news_text(tmp_path: Path):
    found = imported(tmp_path, "mend")
    assert "secret" not in found.table.write_csv()
    assert found.table["event"].to_list() == ["E1", "E2"]
    assert found.table["country"].to_list() == ["Yemen", "Sudan"]
    assert found.table["proper"].to_list() == [False, True]
    assert found.table["several"].to_list() == [False, True]
    assert found.table["day"].to_list() == [datetime.date(2020, 1, 3), None]


def test_provisions_that_the_file_lacks_are_null_and_told(tmp_path: Path):
    found = imported(tmp_path, "pax")
    assert found.table["Ce"].to_list() == [3, 0]
    assert found.table["stage"].to_list() == ["cease-fire", "Odd"]
    assert found.table["SsrGua"].null_count() == 2
    assert "SsrGua" in str(found.dropped[0])
    assert any("not been tried" in warning for warning in found.warnings)


def test_polls_that_cannot_be_right_are_dropped(tmp_path: Path):
    found = imported(tmp_path, "polls")
    assert found.table.select("precision", "day").rows() == [
        ("year", datetime.date(2024, 1, 1)),
        ("month", datetime.date(2024, 5, 1)),
    ]
    assert [line.count for line in found.dropped] == [1, 2]


@pytest.mark.parametrize("kind", [pl.Float64, pl.Int64])
def test_numbers_written_as_floats_are_whole_where_they_should_be(kind, tmp_path: Path):
    row = "2024-01-05,30.0,about" if kind is pl.Float64 else "2024-01-05,30,about"
    assert imported(tmp_path, "general_staff_losses", row).table["total"].to_list()[-1] == 30


DESCRIBES = {name: [column.name for column in source_named(name).columns if column.describes] for name in SOURCES}


@pytest.mark.parametrize("name", [name for name in SOURCES if DESCRIBES[name]])
def test_what_only_describes_may_be_blank(name: str, tmp_path: Path):
    before = imported(tmp_path, name).table
    header, rows = SAMPLES[name]
    places = [header.split(",").index(column) for column in DESCRIBES[name]]
    blank = [",".join("" if at in places else cell for at, cell in enumerate(row.split(","))) for row in rows]
    found = import_file(name, write_sample(tmp_path, name, header, blank))
    assert found.table.height == before.height
    told = " ".join(map(str, found.dropped))
    assert all(f"blank cells of `{column}`" in told for column in DESCRIBES[name])


@pytest.mark.parametrize("form", ["csv", "xlsx", "json", "parquet"])
@pytest.mark.parametrize("name", SOURCES)
def test_a_source_is_read_in_every_form(name: str, form: str, tmp_path: Path):
    header, rows = SAMPLES[name]
    head, cells = header.split(","), [row.split(",") for row in rows]
    path = tmp_path / f"table.{form}"
    if form == "parquet":
        pl.DataFrame(cells, schema=dict.fromkeys(head, pl.String), orient="row").write_parquet(path)
    elif form == "json":
        path.write_text(json.dumps([dict(zip(head, row, strict=True)) for row in cells]))
    elif form == "csv":
        path.write_text("\n".join([header, *rows]))
    else:
        write_workbook(path, [head, *cells])
    assert import_file(name, path).table.equals(imported(tmp_path, name).table)


@pytest.mark.parametrize("name", SOURCES)
def test_a_whole_row_given_again_changes_nothing_and_is_told(name: str, tmp_path: Path):
    before = imported(tmp_path, name).table
    found = imported(tmp_path, name, SAMPLES[name][1][0])
    assert found.table.equals(before)
    assert any("given again" in str(line) for line in found.dropped)


def test_a_day_given_twice_with_other_cells_is_dropped_and_not_called_missing(tmp_path: Path):
    found = imported(tmp_path, "general_staff_losses", "2024-01-02,15,about", "2024-01-02,16,about")
    assert found.table["total"].to_list() == [10, 20]
    told = " ".join(map(str, found.dropped))
    assert "2 rows of days given twice, with different cells" in told
    assert "without a row" not in told


@pytest.mark.parametrize("code", ["NA", "N/A", "null", ".", ""])
def test_a_code_for_not_known_is_no_third_party(code: str, tmp_path: Path):
    found = imported(tmp_path, "pax", f"X,P,3,Accord,2001-02-05,Intra,Cea,{code},0")
    assert found.table["third_parties"].to_list() == [True, False, False]


@pytest.mark.parametrize(("month", "day"), [(2, 30), (2, 29), (4, 31)])
@pytest.mark.parametrize("name", ["cow_wars", "mend"])
def test_a_day_that_does_not_exist_is_a_fault_with_its_place(name: str, month: int, day: int, tmp_path: Path):
    rows = {
        "cow_wars": f"3,U,1,1,1950,{month},{day},1951,-8,-8,-8,-8,-8,-8,1,10",
        "mend": f"E3,Sudan,{day},{month},2021,1,1,1,0,0,M,words",
    }
    header, good = SAMPLES[name]
    (fault,) = refusal(name, write_sample(tmp_path, name, header, [*good, rows[name]])).faults
    assert fault.place.path == f"row {len(good) + 1}, {'EndDay1' if name == 'cow_wars' else 'Day'}"
    assert f"day {day} of month {month}" in fault.found
