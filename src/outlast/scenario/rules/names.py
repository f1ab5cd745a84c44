"""Names must tell things apart: parties, packages, pools, events and claims."""

from __future__ import annotations

from collections.abc import Iterator

from outlast.scenario.draft import Draft
from outlast.scenario.fault import Fault
from outlast.scenario.locate import Location

LISTS: tuple[tuple[Location, str, str], ...] = (
    (("packages",), "name", "packages"),
    (("packages",), "title", "packages"),
    (("mechanisms", "manpower", "pools"), "name", "pools"),
    (("events",), "name", "events"),
    (("claims",), "id", "claims"),
)


def name_faults(draft: Draft) -> Iterator[Fault]:
    """Yield a fault for every name that is used a second time."""
    parties = [(key, text) for key, text in draft.table("parties").items() if isinstance(text, str)]
    yield from _repeated(draft, [(("parties", key), text) for key, text in parties], "parties")
    for location, key, things in LISTS:
        entries = [
            ((*location, position, key), entry[key])
            for position, entry in draft.entries(*location)
            if isinstance(entry.get(key), str)
        ]
        yield from _repeated(draft, entries, things)


def _repeated(draft: Draft, named: list[tuple[Location, str]], things: str) -> Iterator[Fault]:
    first: dict[str, Location] = {}
    for location, name in named:
        same = " ".join(name.split()).casefold()
        if same in first:
            line = draft.place(*first[same]).line
            yield draft.fault(
                location,
                f"{name!r}, used before" + (f" on line {line}" if line else ""),
                rule=f"no two {things} have the same {location[-1] if things != 'parties' else 'name'}",
                reason="tables, charts and paths find them by it",
                remedy="give one of them another",
                suggestion=repr(f"{name} 2" if " " in name or name[:1].isupper() else f"{name}_2")
                if things != "claims"
                else None,
            )
        else:
            first[same] = location
