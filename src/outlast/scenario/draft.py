"""A scenario that is still being checked: raw tables that may be wrong, with tolerant access and places for faults."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from outlast.scenario.document import Document
from outlast.scenario.fault import Fault, Place
from outlast.scenario.locate import Location, line_of
from outlast.scenario.merge import name_of


@dataclass(frozen=True)
class Draft:
    """The merged tables of a scenario and the documents that they come from, the uppermost first."""

    tables: dict[str, Any]
    documents: Sequence[Document] = ()

    def at(self, location: Location) -> Any:
        """Return what stands at a location, or None."""
        item: Any = self.tables
        for part in location:
            if isinstance(item, dict):
                item = item.get(part)
            elif isinstance(item, list) and isinstance(part, int) and part < len(item):
                item = item[part]
            else:
                return None
        return item

    def table(self, *location: str | int) -> dict[str, Any]:
        """Return the table at a location, empty if there is none."""
        item = self.at(location)
        return item if isinstance(item, dict) else {}

    def entries(self, *location: str | int) -> list[tuple[int, dict[str, Any]]]:
        """Return the tables in the list at a location with their positions; what is no table is left out."""
        item = self.at(location)
        return [(i, entry) for i, entry in enumerate(item) if isinstance(entry, dict)] if isinstance(item, list) else []

    def number(self, *location: str | int) -> float | None:
        """Return the value of the number at a location, or None if there is no finite number."""
        return plain_value(self.at(location))

    def path(self, location: Location) -> str:
        """Return the dotted path of a location, with names for positions where the entries have names."""
        parts: list[str] = []
        for depth, part in enumerate(location):
            if isinstance(part, int):
                list_key = str(location[depth - 1]) if depth else ""
                name = name_of(list_key, self.at(location[: depth + 1]))
                parts.append(name or f"{part + 1}")
            else:
                parts.append(part)
        return ".".join(parts)

    def place(self, *location: str | int) -> Place:
        """Return the place of a location: the document that says it, the line, and the dotted path."""
        if location[-1:] == ("value",) and not isinstance(self.at(location[:-1]), dict):
            location = location[:-1]
        path = self.path(location)
        best: Place | None = None
        best_depth = -1
        for document in self.documents:
            own, depth = self._own(document, location)
            if depth > best_depth:
                best, best_depth = Place(document.label, line_of(document.lines, own), path), depth
        return best or Place(path=path)

    def fault(
        self, location: Location, found: str, *, rule: str, reason: str, remedy: str, suggestion: str | None = None
    ) -> Fault:
        """Return a fault at a location."""
        return Fault(self.place(*location), found, rule, reason, remedy, suggestion)

    def _own(self, document: Document, location: Location) -> tuple[Location, int]:
        """Return the location in a document's own tables, and how much of it the document has."""
        item: Any = document.tables
        own: list[str | int] = []
        for depth, part in enumerate(location):
            if isinstance(part, int) and isinstance(item, list):
                part = self._position(item, location[: depth + 1], part)
                if part is None:
                    return tuple(own), depth
                item = item[part]
            elif isinstance(item, dict) and part in item:
                item = item[part]
            else:
                return (*own, part), depth
            own.append(part)
        return tuple(own), len(location)

    def _position(self, entries: list[Any], location: Location, position: int) -> int | None:
        key = str(location[-2]) if len(location) > 1 else ""
        name = name_of(key, self.at(location))
        if position < len(entries) and name_of(key, entries[position]) == name:
            return position
        return next((i for i, entry in enumerate(entries) if name is not None and name_of(key, entry) == name), None)


def plain_value(item: Any) -> float | None:
    """Return the value of a number as written, plain or as a record; None if it is no finite number."""
    if isinstance(item, dict):
        item = item.get("value")
    if isinstance(item, bool) or not isinstance(item, (int, float)):
        return None
    try:
        value = float(item)
    except OverflowError:
        return None
    return value if math.isfinite(value) else None
