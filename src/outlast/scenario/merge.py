"""Lay one scenario table over another: what the upper one says holds, the rest is taken from the base."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

RECORD_KEYS = {"value", "low", "high", "source", "basis"}
NAMES = {"packages": "name", "pools": "name", "events": "name", "claims": "id"}
REPLACED_WHOLE = {"events", "claims"}


def merged(base: Mapping[str, Any], over: Mapping[str, Any]) -> dict[str, Any]:
    """Return ``base`` with the keys of ``over`` laid over it.

    Tables are merged key by key, except ``levels``, which is replaced, and a number, which is replaced when ``over``
    gives its ``value``. Packages and pools with the same name are merged, events and claims replaced; new ones follow.
    """
    result = dict(base)
    for key, value in over.items():
        result[key] = _laid(key, base[key], value) if key in base else value
    return result


def _laid(key: str, below: Any, above: Any) -> Any:
    if key in NAMES and isinstance(below, list) and isinstance(above, list):
        return _lists(key, below, above)
    if not isinstance(above, dict) or key == "levels" or "value" in above:
        return above
    if isinstance(below, dict):
        return merged(below, above)
    if isinstance(below, (int, float)) and above.keys() <= RECORD_KEYS:
        return {"value": below, **above}
    return above


def _lists(key: str, below: list[Any], above: list[Any]) -> list[Any]:
    rest = list(above)
    result: list[Any] = []
    for entry in below:
        name = name_of(key, entry)
        match = next((other for other in rest if name is not None and name_of(key, other) == name), None)
        if match is None:
            result.append(entry)
        else:
            rest = [other for other in rest if other is not match]
            result.append(match if key in REPLACED_WHOLE else merged(entry, match))
    return result + rest


def name_of(key: str, entry: Any) -> str | None:
    """Return the name by which an entry of the list ``key`` is known, or None if it has none."""
    name = entry.get(NAMES[key]) if key in NAMES and isinstance(entry, dict) else None
    return name if isinstance(name, str) else None
