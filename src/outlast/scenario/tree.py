"""Walk a section and everything below it: collect its numbers by dotted path, or set some of them.

Names take the place of positions: a package, pool, event or claim in a list is found under its own name.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from pydantic import BaseModel

from outlast.scenario.number import Number

Model = TypeVar("Model", bound=BaseModel)


def numbers_below(section: BaseModel, prefix: str = "") -> dict[str, Number]:
    """Return every number at or below ``section`` by dotted path, in the order of the fields."""
    found: dict[str, Number] = {}
    for key in type(section).model_fields:
        _collect(getattr(section, key), _joined(prefix, key), found)
    return found


def with_numbers_below(section: Model, values: Mapping[str, float | Number], prefix: str = "") -> Model:
    """Return ``section`` with the numbers at the given paths replaced.

    A float becomes a plain number: no range, no source, because the old ones do not describe it. Paths that do not
    exist are ignored, and so are bounds: check both before.
    """
    changed = {}
    for key in type(section).model_fields:
        old = getattr(section, key)
        new = _replaced(old, _joined(prefix, key), values)
        if new is not old:
            changed[key] = new
    return section.model_copy(update=changed) if changed else section


def _collect(item: Any, path: str, found: dict[str, Number]) -> None:
    if isinstance(item, Number):
        found[path] = item
    elif isinstance(item, BaseModel):
        found.update(numbers_below(item, path))
    elif isinstance(item, tuple):
        for member in item:
            if isinstance(member, BaseModel):
                _collect(member, _joined(path, _name(member)), found)
    elif isinstance(item, Mapping):
        for key, member in item.items():
            _collect(member, _joined(path, key), found)


def _replaced(item: Any, path: str, values: Mapping[str, float | Number]) -> Any:
    if isinstance(item, Number):
        new = values.get(path, item)
        return new if isinstance(new, Number) else Number(value=new)
    if isinstance(item, BaseModel):
        return with_numbers_below(item, values, path)
    if isinstance(item, tuple):
        members = tuple(
            _replaced(member, _joined(path, _name(member)), values) if isinstance(member, BaseModel) else member
            for member in item
        )
        return members if any(new is not old for new, old in zip(members, item, strict=True)) else item
    if isinstance(item, Mapping):
        new = {key: _replaced(member, _joined(path, key), values) for key, member in item.items()}
        return new if any(new[key] is not item[key] for key in item) else item
    return item


def _name(member: BaseModel) -> str:
    return getattr(member, "name", None) or getattr(member, "id", "")


def _joined(prefix: str, key: str) -> str:
    return f"{prefix}.{key}" if prefix else key
