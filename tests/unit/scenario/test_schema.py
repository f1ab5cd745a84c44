from __future__ import annotations

import copy
import json
import re
import tomllib
from typing import Any

import jsonschema
import pytest

from outlast.scenario import ScenarioError, read
from outlast.scenario.explain import explain
from outlast.scenario.keys import catalogue, sections
from outlast.scenario.schema import json_schema
from outlast.scenario.shipped import FOLDER, new, shipped_names, shipped_path

from .samples import drop, put, starter, tables, write

VALIDATOR = jsonschema.Draft202012Validator(json_schema())


def _as_json(content: dict[str, Any]) -> Any:
    return json.loads(json.dumps(content, default=str))


def test_schema_is_valid_and_says_its_draft():
    schema = json_schema()
    jsonschema.Draft202012Validator.check_schema(schema)
    assert schema["$schema"] == "https://json-schema.org/draft/2020-12/schema"


def test_schema_has_no_dangling_reference_and_no_null():
    schema = json_schema()
    text = json.dumps(schema)
    for name in re.findall(r'"\$ref": "#/\$defs/([^"]+)"', text):
        assert name in schema["$defs"]
    assert '"null"' not in text


@pytest.mark.parametrize("name", shipped_names())
def test_schema_accepts_the_shipped_scenarios(name: str):
    content = tomllib.loads((FOLDER / f"{name}.toml").read_text(encoding="utf-8"))
    assert [error.message for error in VALIDATOR.iter_errors(_as_json(content))] == []


@pytest.mark.parametrize(
    "content",
    [
        drop("payoffs.sovereignty"),
        put("payoffs.sovereigny", 1.0),
        put("payoffs.sovereignty", -1.0),
        put("payoffs.sovereignty", {"value": 1.0, "low": -1.0, "high": 2.0}),
        put("payoffs.sovereignty", "much"),
        put("mechanisms.alignment.no_guarantor", 0.1),
        put("mechanisms.alignment.no_guarantor", {"settler": 0.1, "staller": 9.0}),
        put("packages.0.guarantee", "hard"),
        put("packages", []),
        put("scenario.months", 5),
        put("belief.staller", 1.0),
    ],
)
def test_schema_refuses_what_the_reader_refuses(content: dict[str, Any]):
    assert list(VALIDATOR.iter_errors(_as_json(content)))


def test_scenario_over_a_base_may_leave_things_out_but_not_misspell_them():
    head = {"base": "starter", "name": "mine"}
    good = {"scenario": head, "mechanisms": {"patience": {"drift": 0.1}, "alignment": {"no_guarantor": {"staller": 0}}}}
    assert list(VALIDATOR.iter_errors(good)) == []
    bad = copy.deepcopy(good)
    bad["mechanisms"]["patience"] = {"drfit": 0.1}
    assert list(VALIDATOR.iter_errors(bad))


def test_every_number_is_described_with_its_anchors():
    text = json.dumps(json_schema(), ensure_ascii=False)
    for key in catalogue():
        if key.scale is not None:
            assert all(json.dumps(words, ensure_ascii=False)[1:-1] in text for _, words in key.scale.anchors)


@pytest.mark.parametrize("pattern", [key.pattern for key in catalogue()])
def test_every_key_can_be_explained(pattern: str):
    text = explain(pattern)
    assert text.splitlines()[0] == pattern
    assert text.splitlines()[1].strip()


@pytest.mark.parametrize("path", sections())
def test_every_table_can_be_explained(path: str):
    assert f"[{path}]" in explain(path).splitlines()


def test_explanation_has_unit_bounds_scale_and_mechanism():
    text = explain("drift")
    for words in ("mechanisms.patience.drift", "share per month", "from 0 to 1", "low ", "middle", "high", "Korea"):
        assert words in text
    assert "patience (claims patience, attention); switched off, becomes 0" in text


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("renege_cost", "soft and enforceable become the value of renege_cost.none"),
        ("audience_cost.staller", "columns settler, staller"),
        ("packages.any_name.line_share", "packages.*.line_share"),
        ("events.x.set.mechanisms.front.pace", "mechanisms.front.pace"),
        ("[mechanisms.front]", "Tullock"),
        ("phased_share", "it keeps its value"),
        ("guarantee", "one of none, soft, enforceable"),
        ("as_of", "a date"),
        ("enabled", "explain one of"),
        ("posture", "default 0.002"),
        ("belief.levels", "a list of numbers"),
        ("stocks.forces.levels", "a table of numbers by name"),
    ],
)
def test_explanations(query: str, words: str):
    assert words in " ".join(explain(query).split())


@pytest.mark.parametrize(
    ("query", "near"),
    [("patiense", "patience"), ("mechanisms.front.pase", "mechanisms.front.pace"), ("", None), ("*", None)],
)
def test_what_cannot_be_explained_is_named(query: str, near: str | None):
    with pytest.raises(ScenarioError) as caught:
        explain(query)
    assert caught.value.faults[0].suggestion == near


def test_short_name_explains_every_match():
    assert explain("patience").count("\n[") + 1 == 2


def test_shipped_scenarios_are_listed_and_valid():
    assert "starter" in shipped_names()
    assert shipped_path("nothing") is None
    for name in shipped_names():
        assert read(name).name == name


def test_new_scenario_is_the_starter_under_its_name(tmp_path):
    scenario = read(write(tmp_path / "korea_1951.toml", new("korea_1951")))
    assert scenario.name == "korea_1951"
    assert scenario.packages == starter().packages
    assert tables()["scenario"]["name"] == "starter"


@pytest.mark.parametrize(("name", "near"), [("Korea 51", "korea_51"), ("1951", "my_war"), ("starter", "my_starter")])
def test_new_name_that_will_not_do_is_explained(name: str, near: str):
    with pytest.raises(ScenarioError) as caught:
        new(name)
    assert caught.value.faults[0].suggestion == near
