"""What importers make of numbers, days and units that publishers get wrong: by hand on tiny files."""

from __future__ import annotations

import datetime
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from outlast.evidence.spells import agreement_spells, ending_spells
from outlast.record.faults import RecordError
from outlast.record.sources import import_file
from outlast.record.sources.economist_area import AREA, PERCENT, TERRITORY_KM2, tidy
from outlast.record.sources.readings import patience_readings

from .publishers import SAMPLES, write_sample
from .test_sources import imported, refusal


@pytest.mark.parametrize(("area", "share"), [(1e6, 100), (1e6, 1), (1, 100), (1, 1)])
@given(held=st.floats(1e-6, 1), wrong=st.floats(-0.03, 0.03))
def test_units_are_those_in_which_area_and_share_agree(area: float, share: float, held: float, wrong: float):
    km2 = held * TERRITORY_KM2
    table = pl.DataFrame(
        {"date": [datetime.date(2024, 1, 1)], AREA: [km2 * area], PERCENT: [held * share * (1 + wrong)]}
    )
    made, dropped = tidy(table)
    assert made.row(0)[1:] == (pytest.approx(km2), pytest.approx(held * (1 + wrong)))
    assert len(dropped) == ((area, share) != (1e6, 100))


def test_rows_of_a_file_may_have_units_of_their_own(tmp_path: Path):
    found = imported(
        tmp_path, "economist_area", "2024-02-02,120725600000,0.2", "2024-02-03,120725600000,40", "2024-02-04,0,0"
    )
    assert found.table["share"].to_list()[-2:] == [0.2, 0]
    assert [line.count for line in found.dropped] == [1, 1]
    assert "contradict" in found.dropped[0].what
    assert "fraction" in found.dropped[1].what


CONTRADICTIONS = {
    "economist_casualties": ["2024-01-02,20,10,30,deaths,russia", "2024-01-03,21,10000,31000,deaths,russia"],
    "fortna_spells": ["1,X,XXX,2000-01-01,2001-01-01,0,12,0,1,0,1,4,1,1,0," + ",".join(["1"] * 11)],
    "general_staff_losses": ["2024-01-01,1000,about", "2024-01-02,990,about", "2024-01-03,890,about"],
    "kiel": ["A,AAA,2024,1,1500,0,0,1.5"],
}


@pytest.mark.parametrize("name", CONTRADICTIONS)
def test_columns_that_contradict_one_another_are_refused(name: str, tmp_path: Path):
    error = refusal(name, write_sample(tmp_path, name, SAMPLES[name][0], CONTRADICTIONS[name]))
    assert len(error.faults) == 1


@pytest.mark.parametrize(
    ("money", "faults"),
    [
        ("1.5,0,0,1.5,,", 0), ("1.5,0,0,1.5,1000,.15", 0), ("1.5,0,0,1.5,0,inf", 0), ("0,0,0,0,1000,0", 0),
        ("1500,0,0,1500,1000,.15", 1), ("1500,0,0,1500,1000000,.15", 1), ("-.5,0,0,-.5,1000,-.05", 0),
    ],
)  # fmt: skip
def test_money_is_checked_by_the_share_of_income(money: str, faults: int, tmp_path: Path):
    header = SAMPLES["kiel"][0] + ",gdp,pct_gdp"
    path = write_sample(tmp_path, "kiel", header, [f"A,AAA,2024,1,{money.replace('inf', '')}"])
    if faults:
        assert len(refusal("kiel", path).faults) == faults
    else:
        assert import_file("kiel", path).table.height == 1


def test_a_peace_that_failed_before_it_began_has_no_length(tmp_path: Path):
    found = imported(tmp_path, "fortna_small", "Z,10,2,1,1,0")
    assert found.table["years"].is_null().to_list() == [False, False, True]
    assert found.dropped[0].count == 1


def test_years_are_checked_by_days(tmp_path: Path):
    header = ",cfdate,faildate,delay,peacekeepers?,badness,censored?"
    assert (
        import_file("fortna_small", write_sample(tmp_path, "fortna_small", header, ["X,0,731,2,1,,0"])).table.height
        == 1
    )
    assert len(refusal("fortna_small", write_sample(tmp_path, "fortna_small", header, ["X,0,24,2,1,,0"])).faults) == 1


def test_a_file_of_which_nothing_is_left_is_refused(tmp_path: Path):
    header, _ = SAMPLES["economist_area"]
    error = refusal("economist_area", write_sample(tmp_path, "economist_area", header, ["2024-01-31,2000000,20"]))
    assert "contradict" in error.faults[0].found


def support(first: datetime.date, months: int, military: float = 2.0) -> pl.DataFrame:
    """Make a tidy table of one donor that gives the same every month."""
    last = pl.Series([first]).dt.offset_by(f"{months - 1}mo")[0]
    return pl.DataFrame({"month": pl.date_range(first, last, interval="1mo", eager=True)}).with_columns(
        donor=pl.lit("A"), iso=pl.lit("AAA"), military=pl.lit(military), total=pl.lit(military), financial=pl.lit(0.0),
        humanitarian=pl.lit(0.0),
    )  # fmt: skip


@pytest.mark.parametrize(
    ("first", "months", "told", "to"),
    [
        (datetime.date(2022, 2, 1), 48, "from February 2022 to December 2024", "January 2026"),
        (datetime.date(2022, 2, 1), 29, "from February 2022 to June 2024", "June 2024"),
        (datetime.date(2023, 7, 1), 60, "from July 2023 to December 2024", "June 2028"),
    ],
)
def test_readings_name_the_months_that_the_file_has(first: datetime.date, months: int, told: str, to: str):
    found = patience_readings(support(first, months))
    assert found.height == months - 11
    assert found["value"].unique().to_list() == [1.0]
    assert all(told in note for note in found["note"])
    assert found["source"].str.ends_with(to).all()


@pytest.mark.parametrize(
    ("table", "faults"),
    [
        (support(datetime.date(2025, 1, 1), 13), 1),
        (support(datetime.date(2024, 6, 1), 30), 1),
        (support(datetime.date(2025, 1, 1), 3), 2),
        (support(datetime.date(2022, 2, 1), 48, military=0.0), 1),
    ],
    ids=["none of the usual months", "seven of them", "three months in all", "no money"],
)
def test_readings_that_cannot_be_made_are_refused(table: pl.DataFrame, faults: int):
    with pytest.raises(RecordError) as caught:
        patience_readings(table, label="k.csv")
    assert [fault.place.file for fault in caught.value.faults] == ["k.csv"] * faults


def test_agreements_are_watched_to_the_end_of_the_last_year_of_their_file(tmp_path: Path):
    newer = [
        "4,Z,2022,2022-11-02,False,,1,0,0,0,0,0,0,0",
        "5,Z,2019,2019-02-06,True,2023-06-01,1,0,0,0,0,0,0,0",
        "6,Z,2020,2020-10-03,True,2020-01-05,1,0,0,0,0,0,0,0",
        "7,Z,2020,2010-10-03,,,1,0,0,0,0,0,0,0",
    ]
    found = imported(tmp_path, "ucdp_agreements", *newer)
    months = dict(found.table.select("number", "months").iter_rows())
    day = 365.25 / 12
    assert months[4] == pytest.approx((datetime.date(2023, 12, 31) - datetime.date(2022, 11, 2)).days / day)
    assert months[5] == pytest.approx((datetime.date(2023, 6, 1) - datetime.date(2019, 2, 6)).days / day)
    assert months[6] is None  # ended before it was signed
    assert months[7] is None  # signed in another year than its year
    told = " ".join(str(line) for line in found.dropped)
    assert "before that of signing" in told
    assert "year of signing" in told


def test_an_agreements_number_joins_nothing():
    """Two agreements under one number are two cases, and their clauses are each one's own."""
    table = pl.DataFrame({
        "number": [1, 1, 2], "conflict": ["A", "A", "B"], "pko": [True, False, False],
        "months": [5.0, 6.0, 7.0], "ended": [True, True, False], "cease": [True, False, True],
    })  # fmt: skip
    found = agreement_spells(table, carried=["cease"])
    assert found["case"].to_list() == ["1, 1", "1, 2", "2"]
    assert found.select("cease", "stop").rows() == [(True, 5.0), (False, 6.0), (True, 7.0)]


def dyad_year(text: str) -> str:
    """Make a row of dyad 7 from number, whether it ended, year, outcome, end and start."""
    number, term, year, outcome, end, start = text.split()
    return f"7,{number},{term},{year},P,A,B,{outcome.strip('-')},{end},0,1990-01-01,{start}"


@pytest.mark.parametrize(
    ("numbers", "case"),
    [
        ((1, 2, 3), "in order"),
        ((1, 1, 1), "one for all"),
        ((1, 1, 3), "used twice, skipped"),
        ((5, 2, 9), "at random"),
    ],
)
def test_episodes_are_counted_by_date_whatever_their_numbers(numbers, case, tmp_path: Path):
    first, second, third = numbers
    rows = [
        dyad_year(f"{first} 0 1995 - . 1995-02-01"),
        dyad_year(f"{first} 1 1996 2 1996-03-01 1995-02-01"),
        dyad_year(f"{second} 1 2000 5 2000-12-31 2000-03-01"),
        dyad_year(f"{third} 1 2010 1 2010-06-30 2010-01-01"),
    ]
    for order in (rows, rows[::-1], [*rows, rows[1]]):
        header = SAMPLES["ucdp_terminations"][0]
        table = import_file("ucdp_terminations", write_sample(tmp_path, "ucdp_terminations", header, order)).table
        assert table["episode"].to_list() == [1, 2, 3], case
        assert table["again"].to_list() == [True, True, False]
        starts = (datetime.date(2000, 3, 1), datetime.date(2010, 1, 1), datetime.date(2010, 12, 31))
        lengths = [(start - end).days / 365.25 for start, end in zip(starts, table["ended"], strict=True)]
        assert table["years_to_next"].to_list() == pytest.approx(lengths)


@pytest.mark.parametrize(
    "later", ["1 0 2005 - . .", "2 0 2005 - . 1999-01-01", "1 1 2005 5 2005-12-31 ."], ids=["none", "before", "ended"]
)
def test_a_war_that_came_back_on_an_unknown_day_is_not_peace_to_the_end_of_the_data(later: str, tmp_path: Path):
    rows = [dyad_year("1 1 2001 2 2001-12-31 2000-01-01"), dyad_year(later)]
    header = SAMPLES["ucdp_terminations"][0]
    found = import_file("ucdp_terminations", write_sample(tmp_path, "ucdp_terminations", header, rows))
    first = found.table.filter(ended=datetime.date(2001, 12, 31)).row(0, named=True)
    assert (first["again"], first["years_to_next"]) == (True, None)
    assert any("times to the next episode" in line.what for line in found.dropped)
    assert "7-1" not in ending_spells(found.table)["case"].to_list()


def test_an_end_later_than_its_row_has_no_length(tmp_path: Path):
    rows = [dyad_year("1 1 1982 3 1989-09-30 1982-02-23"), dyad_year("2 1 1995 3 1995-09-30 1995-02-23")]
    header = SAMPLES["ucdp_terminations"][0]
    found = import_file("ucdp_terminations", write_sample(tmp_path, "ucdp_terminations", header, rows))
    assert found.table["years_to_next"].is_null().to_list() == [True, False]
    assert found.table["years"].is_null().to_list() == [True, False]
    assert any("later than the year" in line.what for line in found.dropped)


def war_of(folder: Path, *participants: str) -> list[dict[str, object]]:
    """Import participants, each as: number, name, start and end as year-month-day, outcome and deaths."""
    rows = []
    for participant in participants:
        number, name, begun, over, outcome, deaths = participant.split()
        (year, month, day), (last_year, last_month, last_day) = (each.split("/") for each in (begun, over))
        blank = ",".join(["-8"] * 6)
        rows.append(
            f"{number},{name},{month},{day},{year},{last_month},{last_day},{last_year},{blank},{outcome},{deaths}"
        )
    header = SAMPLES["cow_wars"][0]
    return import_file("cow_wars", write_sample(folder, "cow_wars", header, rows)).table.to_dicts()


def test_a_participant_counts_whatever_is_unknown_of_it(tmp_path: Path):
    """An unknown day takes neither its deaths nor its victory away, and leaves the war's own day open."""
    (war,) = war_of(tmp_path, "9 A 1901/3/1 1902/6/30 2 500", "9 A 1901/1/-9 1902/12/-9 1 90000")
    assert (war["participants"], war["deaths"], war["ended_by"]) == (2, 90500, "victory")
    assert (war["start"], war["end"], war["months"]) == (None, None, None)
    first, last = datetime.date(1901, 1, 31), datetime.date(1902, 12, 1)
    assert war["months_at_least"] == pytest.approx((last - first).days / (365.25 / 12))
    assert war["months_at_most"] == pytest.approx(729 / (365.25 / 12))


def test_a_day_that_decides_nothing_may_be_unknown(tmp_path: Path):
    (war,) = war_of(
        tmp_path, "9 A 1901/3/1 1902/6/30 2 500", "9 A 1901/5/-9 1902/-9/-9 -9 7", "9 A 1901/3/2 1902/12/31 3 1"
    )
    assert (war["start"], war["end"]) == (datetime.date(1901, 3, 1), datetime.date(1902, 12, 31))
    assert (war["ended_by"], war["deaths"]) == ("lost", 508)


def test_a_war_that_goes_on_has_no_end(tmp_path: Path):
    for end, outcome in (("-7/-7/-7", 5), ("-7/-9/-9", 1), ("-9/-9/-9", 5)):
        (war,) = war_of(tmp_path, f"9 D 2003/5/2 {end} {outcome} 2000", "9 D 2003/5/2 2004/8/2 2 3000")
        assert (war["end"], war["months"], war["months_at_least"], war["months_at_most"]) == (None,) * 4
        assert (war["ended_by"], war["deaths"], war["participants"]) == ("ongoing", 5000, 2)


def test_an_unknown_end_is_not_another_participants(tmp_path: Path):
    (war,) = war_of(tmp_path, "9 D 2003/5/2 -9/-9/-9 3 -9", "9 D 2003/5/2 2004/8/2 3 -9")
    assert (war["start"], war["end"], war["months"]) == (datetime.date(2003, 5, 2), None, None)
    assert (war["deaths"], war["deaths_unknown"], war["ended_by"]) == (None, 2, "compromise")
    assert (war["months_at_least"], war["months_at_most"]) == (pytest.approx(458 / (365.25 / 12)), None)


def test_one_number_for_two_wars_is_two_wars(tmp_path: Path):
    rows = [
        "9 A 1901/3/1 1902/6/30 1 5",
        "9 A 1901/3/1 1902/6/30 2 6",
        "9 B 1950/1/1 1951/1/1 3 7",
        "9 A2 1902/1/1 1902/2/1 2 1",
    ]
    found = war_of(tmp_path, *rows)
    assert [(war["participants"], war["deaths"], war["ended_by"]) for war in found] == [
        (3, 12, "victory"),
        (1, 7, "compromise"),
    ]
    assert [war["war"] for war in found] == ["A", "B"]


def test_an_end_before_the_start_makes_no_months(tmp_path: Path):
    (war,) = war_of(tmp_path, "9 A 1905/3/1 1902/6/30 1 5")
    assert (war["months"], war["months_at_least"], war["months_at_most"]) == (None,) * 3
