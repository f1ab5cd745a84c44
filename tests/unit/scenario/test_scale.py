"""Every key of numbers has an anchored scale, and every word a description."""

from __future__ import annotations

import pytest

from outlast.scenario import Number
from outlast.scenario.keys import Key, catalogue, key_at, sections
from outlast.scenario.mechanisms import Mechanism

from .samples import faults, only_fault, put, starter

NUMBERS = [key for key in catalogue() if key.scale is not None]
WORDS = [key for key in catalogue() if key.scale is None]


def by_pattern(key: Key) -> str:
    return key.pattern


@pytest.mark.parametrize("key", NUMBERS, ids=by_pattern)
def test_scale_is_anchored(key: Key):
    scale = key.scale
    assert scale is not None
    values = [value for value, _ in scale.anchors]
    assert values == sorted(set(values)), "low, middle and high ascend"
    assert all(scale.admits(value) for value in values)
    texts = [text for _, text in scale.anchors]
    assert all(len(text) >= 10 for text in texts)
    assert len(set(texts)) == 3
    assert len(scale.meaning) >= 10
    assert scale.unit.name
    assert scale.unit.reason


@pytest.mark.parametrize("key", WORDS, ids=by_pattern)
def test_word_is_described(key: Key):
    assert len(key.description) >= 10


@pytest.mark.parametrize("path", sections())
def test_table_is_described(path: str):
    assert sections()[path].__doc__


def test_every_number_of_a_scenario_has_a_scale():
    for path, number in starter().numbers().items():
        key = key_at(path)
        assert key is not None, path
        assert key.scale is not None, path
        assert key.scale.breaches(number) == []


@pytest.mark.parametrize("key", NUMBERS, ids=by_pattern)
def test_default_and_neutral_numbers_keep_the_bounds(key: Key):
    assert key.scale is not None
    if isinstance(key.default, Number):
        assert key.scale.breaches(key.default) == []
    if key.mechanism:
        section = sections()[f"mechanisms.{key.mechanism}"]
        assert issubclass(section, Mechanism)
        for pattern in key.patterns:
            neutral = section.NEUTRAL.get(pattern.removeprefix(f"mechanisms.{key.mechanism}."))
            assert neutral is None or isinstance(neutral, str) or key.scale.admits(neutral)


@pytest.mark.parametrize("end", ["value", "low", "high"])
def test_value_and_range_keep_the_bounds(end: str):
    record = {"value": 0.5, "low": 0.4, "high": 0.6} | {end: 1.5 if end != "low" else -0.5}
    if end == "value":
        record["high"] = 1.6
    path = "mechanisms.home_front.exposure"
    assert any(f"{end} = " in fault.found for fault in faults(put(path, record)))


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("belief.staller", 0.0),
        ("belief.staller", 1.0),
        ("noise.patron.posture", 0.0),
        ("mechanisms.styles.patron_discount", 1.0),
        ("mechanisms.styles.patron_discount", 0.4),
        ("mechanisms.resumption.demilitarised_cap", 0.0),
        ("mechanisms.patience.drift", -0.01),
        ("scenario.war_months", -1),
        ("packages.5.line_share", 1.0),
        ("mechanisms.manpower.pools.0.rate", 1.2),
        ("events.0.shock.chance", 1.1),
        ("events.0.shock.change", -2),
    ],
)
def test_bounds(path: str, value: float):
    fault = only_fault(put(path, value))
    assert fault.rule.startswith("a number ")
    assert fault.found == str(float(value))


def test_bounds_by_column():
    fault = only_fault(put("mechanisms.aspiration.audience_cost", {"settler": 0.1, "staller": -0.1}))
    assert fault.place.path == "mechanisms.aspiration.audience_cost.staller"


def test_number_that_an_event_sets_has_the_scale_of_its_target():
    target = key_at("mechanisms.patience.drift")
    assert key_at("events.aid law lapses.set.mechanisms.patience.drift") is target
    assert key_at("mechanisms.patience.drfit") is None
