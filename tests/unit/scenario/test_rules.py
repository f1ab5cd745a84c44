"""One test for each rule that reaches across keys."""

from __future__ import annotations

import datetime
from typing import Any

import pytest

from .samples import drop, faults, only_fault, put, tables

LEVELS = {"a": 0.0, "b": 0.5, "c": 1.0}


def _with_levels(stock: str, levels: Any, start: float) -> dict[str, Any]:
    changed = tables()
    changed["stocks"][stock] = {"start": start, "levels": levels}
    return changed


def test_start_is_a_level_and_the_nearest_is_suggested():
    fault = only_fault(put("stocks.territory.start", 0.42))
    assert fault.place.path == "stocks.territory.start"
    assert fault.suggestion == "0.4 (present line)"


@pytest.mark.parametrize(("stock", "start"), [("territory", 1.0), ("endurance", 0.0)])
def test_start_is_not_where_the_war_would_be_over(stock: str, start: float):
    fault = only_fault(put(f"stocks.{stock}.start", start))
    assert "over before it begins" in fault.reason
    assert fault.suggestion is not None


def test_range_of_a_start_lies_within_the_levels():
    record = {"value": 1.0, "low": 0.3, "high": 1.0}
    assert only_fault(put("stocks.forces.start", record)).place.path == "stocks.forces.start.low"


def test_range_of_a_start_may_end_between_levels():
    from outlast.scenario import read

    assert read(put("stocks.patience.start", {"value": 0.5, "low": 0.4, "high": 0.6}))


@pytest.mark.parametrize(
    "levels", [{"a": 0.0, "b": 1.0, "c": 0.5}, {"a": 0.0, "b": 0.5, "c": 0.5, "d": 1.0}], ids=["unsorted", "twice"]
)
def test_levels_ascend(levels: dict[str, float]):
    fault = only_fault(_with_levels("patience", levels, 0.5))
    assert "ascend" in fault.rule
    assert fault.suggestion == "0, 0.5, 1"


@pytest.mark.parametrize(
    ("stock", "levels", "start", "word"),
    [
        ("territory", {"a": 0.1, "b": 0.9}, 0.1, "highest"),
        ("endurance", {"a": 0.1, "b": 1.0}, 1.0, "lowest"),
        ("endurance", {"a": 0.0, "b": 0.5}, 0.5, "highest"),
        ("patience", {"a": 0.25, "b": 1.0}, 1.0, "lowest"),
        ("patience", {"a": 0.0, "b": 0.9}, 0.9, "highest"),
    ],
)
def test_levels_reach_their_ends(stock: str, levels: dict[str, float], start: float, word: str):
    assert only_fault(_with_levels(stock, levels, start)).rule.startswith(f"the {word} level of {stock}")


@pytest.mark.parametrize(
    ("stock", "levels", "start"),
    [("territory", {"a": -0.1, "b": 0.5, "c": 1.0}, 0.5), ("forces", {"a": 0.0, "b": 1.0}, 1.0)],
)
def test_levels_keep_the_bounds(stock: str, levels: dict[str, float], start: float):
    assert only_fault(_with_levels(stock, levels, start)).rule.startswith(f"a level of {stock}")


@pytest.mark.parametrize("count", [0, 1, 34])
def test_number_of_levels(count: int):
    levels = {f"l{i}": i / max(1, count - 1) for i in range(count)}
    changed = _with_levels("forces", {name: 0.5 + value for name, value in levels.items()}, 0.5)
    assert any(fault.place.path == "stocks.forces.levels" for fault in faults(changed))


@pytest.mark.parametrize("levels", [[0.1, 1.0], [0.0, 0.9], [0.0, 0.5, 0.5, 1.0], [0.0, 0.9, 0.5, 1.0]])
def test_belief_levels_ascend_from_nought_to_one(levels: list[float]):
    assert only_fault(put("belief.levels", levels)).place.path == "belief.levels"


def test_grid_has_a_size_that_can_be_solved():
    changed = tables()
    for stock in ("territory", "endurance", "patience"):
        levels = {f"l{i}": i / 20 for i in range(21)}
        changed["stocks"][stock] = {"start": 0.5, "levels": levels}
    fault = only_fault(changed)
    assert fault.place.path == "stocks"
    assert "cells" in fault.found


def test_parties_have_different_names():
    fault = only_fault(put("parties.patron", "  VARN "))
    assert fault.place.path == "parties.patron"


@pytest.mark.parametrize("key", ["name", "title"])
def test_packages_have_different_names_and_titles(key: str):
    changed = tables()
    changed["packages"][1][key] = changed["packages"][0][key]
    fault = only_fault(changed)
    assert fault.place.path.endswith(f".{key}")
    assert fault.suggestion


def test_pools_events_and_claims_have_different_names():
    changed = tables()
    changed["mechanisms"]["manpower"]["pools"][1]["name"] = "contracts"
    changed["events"][1]["name"] = changed["events"][0]["name"]
    changed["claims"][1]["id"] = changed["claims"][0]["id"]
    assert len(faults(changed)) == 3


@pytest.mark.parametrize("count", [0, 7, 25])
def test_number_of_packages(count: int):
    changed = tables()
    package = changed["packages"][0]
    changed["packages"] = [{**package, "name": f"p{i}", "title": f"P {i}"} for i in range(count)]
    fault = only_fault(changed)
    assert fault.place.path == "packages"
    assert fault.found == f"{count} entries"


def test_packages_are_counted_even_if_some_are_faulty():
    fault = only_fault(put("packages.0.guarantee", "sofft"))
    assert fault.place.path == "packages.bare_ceasefire.guarantee"
    assert fault.suggestion == "soft"


@pytest.mark.parametrize("line", ["rollback", "cession"])
def test_line_that_moves_says_where_to(line: str):
    assert only_fault(put("packages.0.line", line)).place.path == "packages.bare_ceasefire.line_share"


def test_line_that_stays_has_no_share():
    assert "no `line_share`" in only_fault(put("packages.0.line_share", 0.2)).rule


def test_chances_of_recognition_add_up_to_at_most_one():
    fault = only_fault(put("recognition.challenger", 0.7))
    assert fault.found == "0.7 + 0.25 + 0.3 = 1.25"
    assert fault.suggestion is not None


def test_chances_may_add_up_to_exactly_one():
    from outlast.scenario import read

    changed = tables()
    changed["recognition"] = {"challenger": 0.1, "defender": 0.2, "patron": 0.7}
    assert read(changed)


def test_chances_add_up_at_the_ends_of_their_ranges():
    fault = only_fault(put("recognition.patron", {"value": 0.3, "low": 0.2, "high": 0.6}))
    assert "high ends" in fault.found


def test_chances_add_up_after_an_event():
    fault = only_fault(put("events/1/set", {"recognition.challenger": 0.5}))
    assert fault.place.path == "events.aid law lapses.set"


@pytest.mark.parametrize("keys", [{"month": 3, "date": datetime.date(2031, 1, 1)}, {}], ids=["both", "neither"])
def test_event_has_one_date(keys: dict[str, Any]):
    event = {"name": "e", "set": {"mechanisms.front.pace": 0.1}, **keys}
    fault = only_fault(put("events/0", event))
    assert fault.rule == "exactly one of `month` and `date`"


@pytest.mark.parametrize(
    "keys",
    [{}, {"set": {"mechanisms.front.pace": 0.1}, "shock": {"stock": "forces", "change": 0.1, "chance": 0.5}}],
    ids=["neither", "both"],
)
def test_event_does_one_thing(keys: dict[str, Any]):
    fault = only_fault(put("events/0", {"name": "e", "month": 3, **keys}))
    assert fault.rule == "exactly one of `set` and `shock`"


def test_event_lies_within_the_horizon():
    assert only_fault(put("events.1.month", 121)).suggestion == "months = 121"
    assert only_fault(put("events.0.date", datetime.date(2050, 1, 1))).place.path == "events.Concord election.date"


@pytest.mark.parametrize("date", [datetime.date(2030, 3, 1), datetime.date(2020, 1, 1)])
def test_event_lies_after_the_start(date: datetime.date):
    assert "after month 0" in only_fault(put("events.0.date", date)).rule


@pytest.mark.parametrize("month", [0, -3, 1.5, "3"])
def test_month_of_an_event_is_a_whole_number_from_one(month: Any):
    assert only_fault(put("events.1.month", month)).place.path == "events.aid law lapses.month"


@pytest.mark.parametrize(
    ("path", "near"),
    [
        ("mechanisms.patience.drfit", "mechanisms.patience.drift"),
        ("patience.drift", "mechanisms.patience.drift"),
        ("mechanisms.manpower.pools.levvy.price", "mechanisms.manpower.pools.levy.price"),
        ("x", None),
    ],
)
def test_event_sets_a_number_that_exists(path: str, near: str | None):
    fault = only_fault(put("events/1/set", {path: 0.1}))
    assert fault.suggestion == near
    assert "no number of that path" in fault.reason


@pytest.mark.parametrize(
    "path",
    [
        "belief.staller",
        "stocks.patience.start",
        "scenario.war_months",
        "mechanisms.styles.patron_discount",
        "mechanisms.styles.challenger_discount.settler",
        "mechanisms.manpower.pools.levy.rate",
        "packages.old_line.line_share",
    ],
)
def test_event_does_not_set_what_holds_for_the_whole_war(path: str):
    assert "whole war" in only_fault(put("events/1/set", {path: 0.6})).reason


def test_number_that_an_event_sets_keeps_the_bounds_of_its_target():
    fault = only_fault(put("events/1/set", {"mechanisms.patience.drift": 1.5}))
    assert fault.place.path == "events.aid law lapses.set.mechanisms.patience.drift"


def test_two_events_of_a_month_do_not_set_the_same_number():
    changed = tables()
    changed["events"].append({"name": "again", "month": 18, "set": {"mechanisms.patience.drift": 0.1}})
    assert "do not set the same number" in only_fault(changed).rule


def test_shock_is_to_a_stock():
    assert only_fault(put("events.0.shock.stock", "patiense")).suggestion == "patience"


@pytest.mark.parametrize("section", ["belief", "payoffs", "mechanisms.patience", "stocks.forces", "packages"])
def test_missing_table_is_one_fault(section: str):
    fault = only_fault(drop(section))
    assert fault.place.path == section
    assert section.rsplit(".", 1)[-1] in fault.rule


def test_faults_of_every_kind_come_at_once():
    changed = tables()
    changed["recognition"]["challenger"] = 0.9
    changed["stocks"]["territory"]["start"] = 0.41
    changed["parties"]["patron"] = "Varn"
    changed["events"][1]["month"] = 500
    changed["mechanisms"]["front"]["pace"] = "slow"
    changed["packages"][2]["alliances"] = "closed"
    del changed["payoffs"]["sovereignty"]
    changed["mechanisms"]["styles"]["patron_credits"] = changed["mechanisms"]["styles"].pop("patron_credit")
    assert len(faults(changed)) == 8


@pytest.mark.parametrize("date", [datetime.date(1, 1, 1), datetime.date(999, 12, 31), datetime.date(9001, 1, 1)])
def test_every_month_of_the_war_has_a_date(date: datetime.date):
    changed = put("scenario.as_of", date)
    changed["events"] = []
    assert only_fault(changed).place.path == "scenario.as_of"
