"""The JSON Schema of a scenario, for editors: keys, units, bounds and anchored scales as they are typed."""

from __future__ import annotations

from typing import Any

from outlast.scenario.scenario import Scenario

DIALECT = "https://json-schema.org/draft/2020-12/schema"
OVER_BASE = "OverBase"
BASE = {
    "type": "string",
    "description": "Another scenario, by path or shipped name, from which everything is taken that is not said here.",
}


def json_schema() -> dict[str, Any]:
    """Return the schema (draft 2020-12).

    TOML dates count as strings. A file with ``[scenario] base`` may leave out whatever its base says.
    """
    full = _tidied(Scenario.model_json_schema())
    definitions = full.pop("$defs")
    definitions["Number"] = {"anyOf": [{"type": "number"}, definitions["Number"]]}
    definitions["About"]["properties"]["base"] = BASE
    relaxed = {f"{name}{OVER_BASE}": _relaxed(each) for name, each in definitions.items() if name != "Number"}
    return {
        "$schema": DIALECT,
        "title": "outlast scenario",
        "description": "One war in words and numbers. Numbers are plain, or records with range, source and basis.",
        "if": {"required": ["scenario"], "properties": {"scenario": {"required": ["base"]}}},
        "then": {"$ref": f"#/$defs/Scenario{OVER_BASE}"},
        "else": {"$ref": "#/$defs/Scenario"},
        "$defs": {**definitions, **relaxed, "Scenario": full, f"Scenario{OVER_BASE}": _relaxed(full)},
    }


def _tidied(schema: Any) -> Any:
    """Return a schema without what TOML has no use for: null, and titles made from the names of keys."""
    if isinstance(schema, list):
        return [_tidied(item) for item in schema]
    if not isinstance(schema, dict):
        return schema
    tidied: dict[str, Any] = {}
    for key, value in schema.items():
        if key == "properties":
            tidied[key] = {name: _tidied(each) for name, each in value.items()}
        elif key == "anyOf" and {"type": "null"} in value:
            options = [_tidied(option) for option in value if option != {"type": "null"}]
            tidied.update(options[0] if len(options) == 1 else {"anyOf": options})
        elif key != "title" and (key, value) != ("default", None):
            tidied[key] = _tidied(value)
    return tidied


def _relaxed(schema: Any) -> Any:
    """Return a schema in which nothing is required and references lead to other relaxed ones."""
    if isinstance(schema, list):
        return [_relaxed(item) for item in schema]
    if not isinstance(schema, dict):
        return schema
    relaxed = {key: _relaxed(value) for key, value in schema.items() if key not in ("required", "minItems")}
    if isinstance(schema.get("$ref"), str) and not schema["$ref"].endswith("/Number"):
        relaxed["$ref"] = schema["$ref"] + OVER_BASE
    return relaxed
