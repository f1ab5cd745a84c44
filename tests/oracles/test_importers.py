"""Importers against publishers' files: the numbers that a right reading reproduces, and the traps on the way."""

from __future__ import annotations

import datetime
import importlib.util
import sys
from pathlib import Path

import polars as pl
import pytest

from outlast.record import read_record
from outlast.record.sources import import_file
from outlast.record.sources.economist_area import month_ends
from outlast.record.sources.kiel import months_of
from outlast.record.sources.readings import READINGS

BENCHMARK = Path(__file__).resolve().parents[2] / "benchmarks" / "importers.py"


@pytest.fixture(scope="module")
def importers():
    """The benchmark that has the expected numbers, so that page and test cannot drift apart."""
    spec = importlib.util.spec_from_file_location("importers_benchmark", BENCHMARK)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


def test_every_known_number_is_reproduced(importers, shared_data: Path):
    found = importers.figures(shared_data)
    assert len(found) > 50
    assert {figure.source for figure in found} == set(importers.FILES)
    assert [f"{figure.source}: {figure.what}: {figure.got}" for figure in found if not figure.agrees] == []


def test_the_table_says_in_its_first_line_how_many_agree(importers):
    figures = [importers.Figure("a", "x", 1.5, 1.52, 0.05), importers.Figure("a", "y", 2, 3)]
    text = importers.table(figures)
    assert text.startswith("1 of 2 numbers agree.")
    assert "| a | y | 2 | 3 | **no** (3) |" in text


def test_lengths_of_episodes_are_not_lengths_of_dyads(importers, shared_data: Path):
    ends = import_file("ucdp_terminations", shared_data / importers.FILES["ucdp_terminations"]).table
    since_first = (pl.col("ended") - pl.col("first_clash")).dt.total_days() / 365.25
    longer = ends.filter(since_first > 1).select(since_first.alias("years"))["years"].mean()
    assert longer == pytest.approx(11.2, abs=0.05)  # "over a decade", if read from the dyad's first clash
    assert ends["years"].mean() == pytest.approx(2.45, abs=0.005)


def test_the_flag_of_recurrence_looks_back_and_the_importer_looks_ahead(importers, shared_data: Path):
    """On the row of an ending, `recur` says that the episode followed another; `again` says that one followed it."""
    ends = import_file("ucdp_terminations", shared_data / importers.FILES["ucdp_terminations"]).table
    assert ends.filter(pl.col("flag") & (pl.col("episode") == 1)).is_empty()
    later = ends.filter(pl.col("episode") > 1).select(pl.col("dyad"), (pl.col("episode") - 1).alias("episode"))
    preceded = ends.join(later, on=["dyad", "episode"])
    assert preceded.height > 150
    assert preceded["again"].all()
    shares = dict(ends.group_by("outcome").agg(pl.col("again").mean()).iter_rows())
    assert shares["agreement"] == pytest.approx(25 / 106)
    assert shares["low activity"] == pytest.approx(172 / 352)


@pytest.mark.parametrize(
    ("side", "year", "years"),
    [("JVP", 1971, 17.7), ("ADF", 2002, 4.3), ("ADF", 2007, 2.5), ("FDLR", 2002, 7.0), ("MILF", 2005, 1.2)],
)
def test_the_next_episode_is_the_next_by_date(side: str, year: int, years: float, importers, shared_data: Path):
    """The publisher gives these dyads one number for two episodes, or skips one."""
    ends = import_file("ucdp_terminations", shared_data / importers.FILES["ucdp_terminations"]).table
    (row,) = ends.filter(pl.col("side_b") == side, pl.col("ended").dt.year() == year).iter_rows(named=True)
    assert row["again"]
    assert row["years_to_next"] == pytest.approx(years, abs=0.05)
    assert not ends.select("dyad", "episode").is_duplicated().any()


def test_shipped_readings_are_what_the_command_makes(importers, shared_data: Path):
    shipped = read_record("geneva").rows_of("reading")
    for source, make in READINGS.items():
        rows = make(import_file(source, shared_data / importers.FILES[source]).table)
        mine = shipped.filter(content=rows["content"][0])
        assert mine.height > 12
        assert mine.equals(rows.filter(pl.col("date") >= mine["date"][0]))


def test_shipped_readings_are_those_of_the_files(importers, shared_data: Path):
    record = read_record("geneva")
    area = import_file("economist_area", shared_data / importers.FILES["economist_area"]).table
    expected = dict(month_ends(area).select("day", "area_km2").iter_rows())
    for row in record.rows_of("reading").filter(content="territory").iter_rows(named=True):
        share = expected[row["date"]] / 603_550
        assert row["value"] == pytest.approx(share, abs=0.00005)
        assert row["low"] == pytest.approx(0.96 * share, abs=0.00005)
        assert row["high"] == pytest.approx(1.01 * share, abs=0.00005)
    money = months_of(import_file("kiel", shared_data / importers.FILES["kiel"]).table)
    before = money.filter(pl.col("month").is_between(datetime.date(2022, 2, 1), datetime.date(2024, 12, 1)))
    usual = before["military"].mean()
    trailing = money.select(pl.col("month").dt.month_end(), pl.col("military").rolling_mean(12))
    by_month = dict(trailing.iter_rows())
    for row in record.rows_of("reading").filter(content="patience").iter_rows(named=True):
        assert row["value"] == pytest.approx(min(1.0, by_month[row["date"]] / usual), abs=0.0006)
        assert (row["low"], row["high"]) == (pytest.approx(row["value"] / 2, abs=0.0006), row["value"])
