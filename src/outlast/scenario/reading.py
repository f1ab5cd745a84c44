"""Read a scenario: find the file, lay it over its base, check everything, and report every fault at once."""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import Any

from pydantic import ValidationError

from outlast.scenario.document import Document, find, opened
from outlast.scenario.draft import Draft
from outlast.scenario.fault import Fault, Place, ScenarioError, shown
from outlast.scenario.merge import merged
from outlast.scenario.rules import broken_rules
from outlast.scenario.rules.calendar import month_of_entry
from outlast.scenario.rules.correlations import correlation_faults
from outlast.scenario.scenario import Scenario
from outlast.scenario.translate import faults_of


def read(source: str | os.PathLike[str] | Mapping[str, Any]) -> Scenario:
    """Return the scenario in a file, or under a shipped name, or in tables that have been parsed already.

    A text without a folder that is the name of a shipped scenario means that one; write ``./name`` for a file. A file
    may extend another with ``[scenario] base = "other.toml"`` (or a shipped name): it then says only what differs.
    Raises ``ScenarioError`` with every fault that could be found.
    """
    return checked(drafted(source))


def drafted(source: str | os.PathLike[str] | Mapping[str, Any]) -> Draft:
    """Return the tables of a scenario laid over those of its bases, unchecked.

    Raises ``ScenarioError`` if a file cannot be read or parsed, or if bases run in a circle.
    """
    if isinstance(source, Mapping):
        first = Document(label="", path=None, text="", tables=_own_tables(source))
    else:
        path = find(source)
        first = opened(path, str(path) if path.suffix else os.fspath(source))
    documents = [first]
    while (base := _base_of(documents[-1])) is not None:
        documents.append(_opened_base(base, documents))
    tables: dict[str, Any] = {}
    for document in reversed(documents):
        tables = merged(tables, document.tables)
    if isinstance(tables.get("scenario"), dict):
        tables["scenario"] = {key: value for key, value in tables["scenario"].items() if key != "base"}
    return Draft(tables, documents)


def checked(draft: Draft) -> Scenario:
    """Return the scenario of a draft. Raises ``ScenarioError`` with the faults of shape and of every rule."""
    faults: list[Fault] = []
    scenario: Scenario | None = None
    try:
        scenario = Scenario.model_validate(_with_event_months(draft))
    except ValidationError as error:
        faults += faults_of(error, Scenario, lambda location: draft.place(*location))
    faults += broken_rules(draft)
    if scenario is not None:
        faults += correlation_faults(draft, scenario)
    if faults or scenario is None:
        raise ScenarioError(_in_file_order(faults))
    return scenario


def _with_event_months(draft: Draft) -> dict[str, Any]:
    """Return the tables with the month of each event that has a usable date instead."""
    months = {position: month_of_entry(draft, event) for position, event in draft.entries("events")}
    if not months:
        return draft.tables
    events = [
        {**event, "month": months[position]}
        if months.get(position) is not None and "month" not in event and (months[position] or 0) >= 1
        else event
        for position, event in enumerate(draft.tables["events"])
    ]
    return {**draft.tables, "events": events}


def _base_of(document: Document) -> str | None:
    head = document.tables.get("scenario")
    if not isinstance(head, dict) or "base" not in head:
        return None
    base = head["base"]
    if isinstance(base, str) and base.strip():
        return base
    fault = Fault(
        place=_base_place(document),
        found=shown(base),
        rule="`base` is the path of a scenario file or the name of a shipped scenario",
        reason="the scenario takes from there what it does not say itself",
        remedy='write it as text, such as base = "starter", or leave it out',
    )
    raise ScenarioError([fault])


def _opened_base(base: str, documents: list[Document]) -> Document:
    document = documents[-1]
    path = find(base, document.path.parent if document.path else None)
    known = [other.path.resolve() if other.path else None for other in documents]
    try:
        resolved = path.resolve()
    except (OSError, ValueError, RuntimeError):
        resolved = path
    if resolved in known:
        circle = [other.label for other in documents[known.index(resolved) :]] + [base]
        fault = Fault(
            place=_base_place(document),
            found=" -> ".join(circle),
            rule="bases do not run in a circle",
            reason="each of these scenarios would take from the next what it does not say itself, without end",
            remedy="take `base` out of one of them",
        )
        raise ScenarioError([fault])
    return opened(path, str(path), _base_place(document))


def _base_place(document: Document) -> Place:
    return Place(document.label, document.lines.get(("scenario", "base")), "scenario.base")


def _own_tables(source: Mapping[str, Any]) -> dict[str, Any]:
    return {str(key): value for key, value in source.items()}


def _in_file_order(faults: list[Fault]) -> list[Fault]:
    seen: dict[tuple[Any, ...], Fault] = {}
    for fault in faults:
        seen.setdefault((fault.place, fault.found, fault.rule), fault)
    return sorted(seen.values(), key=lambda fault: (fault.place.file, fault.place.line or 0))
