"""Spoil a valid scenario at random: it loads or it explains itself, and it never fails in any other way."""

from __future__ import annotations

import copy
import datetime
import tomllib
from collections.abc import Iterator
from random import Random
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from outlast.scenario import Scenario, ScenarioError, read
from outlast.scenario.document import opened
from outlast.scenario.shipped import shipped_path
from spoiling import mutations as how_many
from spoiling import spoilt_bytes

PATH = shipped_path("starter")
assert PATH is not None
TEXT = PATH.read_text(encoding="utf-8")
TABLES = tomllib.loads(TEXT)

Spot = tuple[str | int, ...]


def spots(item: Any, above: Spot = ()) -> Iterator[Spot]:
    """List the place of every key and list element."""
    pairs = item.items() if isinstance(item, dict) else enumerate(item) if isinstance(item, list) else ()
    for key, value in pairs:
        yield (*above, key)
        yield from spots(value, (*above, key))


SPOTS = sorted(spots(TABLES), key=str)
LEAVES = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(10**30), 10**30),
    st.floats(),
    st.sampled_from([0, 1, -1, 0.5, 1e-300, 1e300, 10**400, "", " ", "a.b", "none", "[key]", "\0", "é" * 200]),
    st.text(max_size=10),
    st.dates(),
    st.datetimes(),
    st.times(),
)
VALUES = st.recursive(
    LEAVES,
    lambda inner: st.one_of(
        st.lists(inner, max_size=4),
        st.dictionaries(
            st.one_of(
                st.text(max_size=6), st.sampled_from(["value", "low", "high", "basis", "settler", "staller", "name"])
            ),
            inner,
            max_size=4,
        ),
    ),
    max_leaves=6,
)


@st.composite
def mutations(draw: st.DrawFn) -> dict[str, Any]:
    """Draw the starter's tables with one to four changes."""
    tables = copy.deepcopy(TABLES)
    for _ in range(draw(st.integers(1, 4))):
        spot = draw(st.sampled_from(SPOTS))
        owner: Any = tables
        try:
            for part in spot[:-1]:
                owner = owner[part]
            apply(draw, owner, spot[-1])
        except (KeyError, IndexError, TypeError, AttributeError):
            continue  # an earlier change has taken this place away
    return tables


def apply(draw: st.DrawFn, owner: Any, key: Any) -> None:
    """Make one change at ``key`` of a table or list: replace, drop, rename, add, repeat, swap or shift."""
    act = draw(st.sampled_from(["replace", "drop", "rename", "add", "repeat", "swap", "shift"]))
    if act == "replace":
        owner[key] = draw(VALUES)
    elif act == "drop":
        del owner[key]
    elif act == "rename":
        owner[draw(st.one_of(st.text(max_size=8), st.just(key[1:])))] = owner.pop(key)
    elif act == "add":
        owner[key][draw(st.text(max_size=8))] = draw(VALUES)
    elif act == "repeat":
        owner.append(copy.deepcopy(owner[key]))
    elif act == "swap":
        other = draw(st.sampled_from(sorted(owner, key=str) if isinstance(owner, dict) else range(len(owner))))
        owner[key], owner[other] = owner[other], owner[key]
    else:
        owner[key] = owner[key] * draw(st.sampled_from([-1, 0, 0.5, 1.01, 2, 10, 1000]))


def check_explained(error: ScenarioError) -> None:
    """Check that there are faults, that each is complete, and that they can be printed."""
    assert error.faults
    assert str(error)
    for fault in error.faults:
        assert str(fault.place).strip()
        assert all(text.strip() for text in (fault.found, fault.rule, fault.reason, fault.remedy))
        assert fault.suggestion is None or fault.suggestion.strip()


def loads_or_explains(source: Any) -> Scenario | None:
    """Read a source; check every fault if it has some, and the scenario if it has none."""
    try:
        scenario = read(source)
    except ScenarioError as error:
        check_explained(error)
        return None
    assert len(scenario.hash) == 64
    assert scenario.numbers().keys() == scenario.effective_numbers().keys()
    assert all(1 <= event.month <= scenario.months for event in scenario.events)
    return scenario


RELAXED = settings(deadline=None, suppress_health_check=list(HealthCheck), derandomize=True, database=None)


@settings(RELAXED, max_examples=1500)
@given(mutations())
def test_spoilt_tables_load_or_explain(tables: dict[str, Any]):
    loads_or_explains(tables)


@settings(RELAXED, max_examples=700)
@given(st.data())
def test_spoilt_text_loads_or_explains(tmp_path_factory: pytest.TempPathFactory, data: st.DataObject):
    lines = TEXT.split("\n")
    for _ in range(data.draw(st.integers(1, 3))):
        at = data.draw(st.integers(0, len(lines) - 1))
        act = data.draw(st.sampled_from(["drop", "repeat", "cut", "insert", "swap", "digit"]))
        line = lines[at]
        if act == "drop":
            lines[at] = ""
        elif act == "repeat":
            lines.insert(at, line)
        elif act == "cut":
            lines[at] = line[: data.draw(st.integers(0, len(line)))]
        elif act == "insert":
            position = data.draw(st.integers(0, len(line)))
            lines[at] = line[:position] + data.draw(st.text("[]{}\"'=,.#\\ \n-019ae", max_size=3)) + line[position:]
        elif act == "swap":
            other = data.draw(st.integers(0, len(lines) - 1))
            lines[at], lines[other] = lines[other], lines[at]
        else:
            lines[at] = line.translate(str.maketrans("0123456789", data.draw(st.permutations("0123456789"))[0] * 10))
    path = tmp_path_factory.getbasetemp() / "spoilt.toml"
    path.write_text("\n".join(lines), encoding="utf-8")
    loads_or_explains(path)


@settings(RELAXED, max_examples=300)
@given(st.binary(max_size=200))
def test_any_bytes_load_or_explain(tmp_path_factory: pytest.TempPathFactory, content: bytes):
    path = tmp_path_factory.getbasetemp() / "bytes.toml"
    path.write_bytes(content)
    assert loads_or_explains(path) is None


@settings(RELAXED, max_examples=300)
@given(mutations())
def test_spoilt_layer_over_a_base_loads_or_explains(layer: dict[str, Any]):
    layer["scenario"] = {"base": "starter", "name": "mine"}
    loads_or_explains(layer)


@settings(RELAXED, max_examples=60)
@given(st.dates(datetime.date(2030, 3, 2), datetime.date(2039, 12, 1)))
def test_event_never_acts_before_its_date(date: datetime.date):
    tables = copy.deepcopy(TABLES)
    tables["events"][0]["date"] = date
    scenario = read(tables)
    month = scenario.events[0].month
    begins = datetime.date(2030 + (2 + month) // 12, (2 + month) % 12 + 1, 1)
    before = datetime.date(2030 + (1 + month) // 12, (1 + month) % 12 + 1, 1)
    assert before < date <= begins


def test_spoilt_bytes_load_or_explain(tmp_path_factory: pytest.TempPathFactory):
    path = tmp_path_factory.getbasetemp() / "spoilt_bytes.toml"
    for number in range(how_many(200)):
        path.write_bytes(spoilt_bytes(TEXT.encode(), Random(number)))
        try:
            loads_or_explains(path)
        except Exception as error:
            error.add_note(f"number {number}")
            raise


def test_unspoilt_scenario_loads():
    assert loads_or_explains(TABLES) is not None
    assert opened(PATH, "starter").tables == TABLES
