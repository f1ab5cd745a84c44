"""A valid scenario to spoil: the starter as tables and as text, and the faults of what a test makes of it."""

from __future__ import annotations

import copy
import tomllib
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from outlast.scenario import Fault, Scenario, ScenarioError, read
from outlast.scenario.shipped import shipped_path


def starter_text() -> str:
    """Return the starter's file."""
    path = shipped_path("starter")
    assert path is not None
    return path.read_text(encoding="utf-8")


@cache
def _parsed() -> dict[str, Any]:
    return tomllib.loads(starter_text())


@cache
def starter() -> Scenario:
    """Return the starter, read."""
    return read("starter")


def tables() -> dict[str, Any]:
    """Return fresh tables of the starter, free to be changed."""
    return copy.deepcopy(_parsed())


def put(path: str, value: Any) -> dict[str, Any]:
    """Return the starter's tables with ``value`` at a dotted path; digits are positions in lists."""
    changed: Any = tables()
    item = changed
    *above, last = path.split("/") if "/" in path else path.split(".")
    for part in above:
        item = item[int(part)] if isinstance(item, list) else item.setdefault(part, {})
    if isinstance(item, list):
        item[int(last)] = value
    else:
        item[last] = value
    return changed


def drop(path: str) -> dict[str, Any]:
    """Return the starter's tables without the key at a dotted path."""
    changed: Any = tables()
    item = changed
    *above, last = path.split(".")
    for part in above:
        item = item[int(part)] if isinstance(item, list) else item[part]
    del item[int(last) if isinstance(item, list) else last]
    return changed


def faults(source: Any) -> tuple[Fault, ...]:
    """Return the faults of a source that must not be valid; each of them is complete."""
    with pytest.raises(ScenarioError) as caught:
        read(source)
    for fault in caught.value.faults:
        assert str(fault.place)
        assert all(text.strip() for text in (fault.found, fault.rule, fault.reason, fault.remedy))
        assert fault.suggestion is None or fault.suggestion.strip()
    return caught.value.faults


def only_fault(source: Any) -> Fault:
    """Return the one fault of a source."""
    found = faults(source)
    assert len(found) == 1, "\n\n".join(map(str, found))
    return found[0]


def write(path: Path, text: str) -> Path:
    """Write a file for a test and return its path."""
    path.write_text(text, encoding="utf-8")
    return path
