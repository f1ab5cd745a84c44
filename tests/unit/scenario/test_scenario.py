from __future__ import annotations

import pickle
import random
from typing import Any

import pytest

from outlast.scenario import Number, ScenarioError, prior_of, read

from .samples import drop, put, starter, tables

DRIFT = "mechanisms.patience.drift"


def test_numbers_follow_the_file():
    paths = list(starter().numbers())
    assert paths[:4] == ["scenario.war_months", "belief.staller", "stocks.territory.start", "stocks.forces.start"]
    for path in (
        DRIFT,
        "mechanisms.aspiration.audience_cost.staller",
        "mechanisms.guarantees.penalty.soft",
        "mechanisms.manpower.pools.levy.rate",
        "packages.old_line.line_share",
        "events.Concord election.shock.change",
        f"events.aid law lapses.set.{DRIFT}",
        "noise.patron.posture",
    ):
        assert path in paths
    assert "packages.bare_ceasefire.line_share" not in paths


def test_numbers_that_were_not_written_have_their_defaults():
    scenario = read(drop("noise"))
    assert scenario.numbers()["noise.challenger.attend"] == Number(value=0.005)
    assert scenario.numbers().keys() == starter().numbers().keys()


def test_head_can_be_read_off():
    scenario = starter()
    assert (scenario.name, scenario.title, scenario.months) == ("starter", "Varn and Lethe: the Amber Coast", 120)
    assert scenario.as_of.isoformat() == "2030-03-01"


def test_patron_backs_where_it_guarantees_or_lifts_sanctions():
    backs = {package.name: package.patron_backs for package in starter().packages}
    assert backs["bare_ceasefire"] is False
    assert backs["soft_ceasefire"] is True
    assert backs["capitulation"] is True
    assert read(put("packages.0.patron_backs", True)).packages[0].patron_backs is True


def test_event_with_a_date_has_the_month_that_begins_next():
    assert [event.month for event in starter().events] == [9, 18]
    import datetime

    for date, month in (("2030-03-02", 1), ("2030-04-01", 1), ("2030-04-02", 2), ("2031-03-01", 12)):
        changed = put("events.0.date", datetime.date.fromisoformat(date))
        assert read(changed).events[0].month == month


def _shuffled(item: Any, rng: random.Random) -> Any:
    if isinstance(item, dict):
        pairs = [(key, value if key == "levels" else _shuffled(value, rng)) for key, value in item.items()]
        rng.shuffle(pairs)
        return dict(pairs)
    if isinstance(item, list) and item and isinstance(item[0], dict):
        members = [_shuffled(member, rng) for member in item]
        rng.shuffle(members)
        return members
    return item


def test_hash_ignores_order():
    rng = random.Random(1)
    assert {read(_shuffled(tables(), rng)).hash for _ in range(3)} == {starter().hash}


def test_hash_ignores_how_a_number_is_written():
    for written in (0.01, {"value": 0.01}, {"value": 0.01, "basis": "judgement"}):
        assert read(put("mechanisms.patience.fruitless", written)).hash == starter().hash
    assert read(put("mechanisms.front.decisiveness", 1)).hash == starter().hash


def test_hash_ignores_defaults_that_are_written():
    assert read(put("packages.0.patron_backs", False)).hash == starter().hash
    assert read(put("mechanisms.front.enabled", True)).hash == starter().hash


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("mechanisms.patience.fruitless", 0.011),
        ("mechanisms.patience.fruitless", {"value": 0.01, "low": 0.0, "high": 0.02}),
        ("scenario.title", "Another war"),
        ("scenario.months", 121),
        ("packages.0.demilitarised", True),
        ("events.1.month", 19),
    ],
)
def test_hash_follows_content(path: str, value: object):
    assert read(put(path, value)).hash != starter().hash


def test_hash_is_sha256_in_hexadecimal():
    assert len(bytes.fromhex(starter().hash)) == 32


def test_values_can_be_set_by_path():
    paths = [
        DRIFT,
        "mechanisms.guarantees.penalty.soft",
        "mechanisms.manpower.pools.levy.rate",
        "packages.old_line.line_share",
        f"events.aid law lapses.set.{DRIFT}",
    ]
    changed = starter().with_values(dict.fromkeys(paths, 0.25))
    values = changed.numbers()
    assert all(values[path] == Number(value=0.25) for path in paths)
    rest = values.keys() - set(paths)
    assert {path: values[path] for path in rest} == {path: starter().numbers()[path] for path in rest}


def test_setting_a_float_drops_range_and_source_and_setting_a_number_keeps_them():
    assert DRIFT in prior_of(starter()).paths
    assert DRIFT not in prior_of(starter().with_values({DRIFT: 0.02})).paths
    number = Number(value=0.02, low=0.01, high=0.03)
    assert starter().with_values({DRIFT: number}).numbers()[DRIFT] is number


def test_start_may_lie_between_levels_when_set():
    path = "stocks.patience.start"
    assert starter().with_values({path: 0.6}).numbers()[path].value == 0.6


def test_setting_nothing_changes_nothing():
    assert starter().with_values({}) == starter()


def test_values_that_cannot_be_set_are_all_explained():
    with pytest.raises(ScenarioError) as caught:
        starter().with_values(
            {"mechanisms.patience.drfit": 0.1, "mechanisms.front.pace": 2.0, "belief.staller": float("nan")}
        )
    first, second, third = caught.value.faults
    assert first.suggestion == DRIFT
    assert second.rule == "a number from 0 to 1 (share per month)"
    assert third.rule == "a finite number"


def test_resolution_and_horizon_can_be_set():
    assert starter().with_resolution("fine").scenario.resolution == "fine"
    assert starter().with_months(150).months == 150
    assert starter().with_months(12).events == starter().events


@pytest.mark.parametrize("months", [11, 601, 12.5, True])
def test_horizon_out_of_bounds_is_explained(months: Any):
    with pytest.raises(ScenarioError) as caught:
        starter().with_months(months)
    assert str(caught.value.faults[0].place) == "scenario.months"


def test_unknown_resolution_is_explained():
    with pytest.raises(ScenarioError) as caught:
        starter().with_resolution("corse")  # type: ignore[arg-type]
    assert caught.value.faults[0].suggestion == "coarse"


def test_scenario_is_frozen_and_travels():
    with pytest.raises(ValueError, match="frozen"):
        starter().parties.patron = "Other"  # type: ignore[misc]
    assert pickle.loads(pickle.dumps(starter())) == starter()


def test_prior_lists_what_varies_in_file_order():
    prior = prior_of(starter())
    assert len(prior) == len(prior.paths) == 15
    assert list(prior.paths) == [path for path in starter().numbers() if path in prior.paths]
    spread = next(spread for spread in prior.spreads if spread.path == DRIFT)
    assert (spread.low, spread.value, spread.high) == (0.008, 0.015, 0.03)


def test_prior_does_not_depend_on_switches_and_leaves_out_empty_ranges():
    assert prior_of(starter().neutralised("patience")) == prior_of(starter())
    narrow = Number(value=0.02, low=0.02, high=0.02)
    assert DRIFT not in prior_of(starter().with_values({DRIFT: narrow})).paths
