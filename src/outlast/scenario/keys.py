"""The catalogue of keys: every number and every word that a scenario may hold, with its path pattern."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from types import MappingProxyType

from pydantic import BaseModel

from outlast.scenario.fields import Key, key_below, keys_of, sections_of
from outlast.scenario.scenario import Scenario

__all__ = ["Key", "catalogue", "key_at", "sections"]


def catalogue() -> tuple[Key, ...]:
    """Return every key that holds a number or a word, in file order."""
    return keys_of(Scenario)


@cache
def sections() -> Mapping[str, type[BaseModel]]:
    """Return every table of a scenario by its path pattern, in file order."""
    return MappingProxyType(dict(sections_of(Scenario)))


def key_at(path: str) -> Key | None:
    """Return the key of a path, or None; the path of a number that an event sets leads to the key that it sets."""
    return key_below(Scenario, path)
