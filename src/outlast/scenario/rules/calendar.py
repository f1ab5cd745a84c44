"""The calendar: each event has one date within the horizon and does one thing, to a number that may change."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from typing import Any, TypeGuard

from pydantic import ValidationError

from outlast.scenario.about import LONGEST_HORIZON, About
from outlast.scenario.draft import Draft
from outlast.scenario.event import CHANGING_SECTIONS, may_change, month_of
from outlast.scenario.fault import Fault, nearest
from outlast.scenario.keys import catalogue, key_at
from outlast.scenario.locate import Location
from outlast.scenario.number import Number

YEARS = (1000, 9000)
"""The years in which month 0 may lie: a century of war before it and a horizon after it have dates as well."""


def calendar_faults(draft: Draft) -> Iterator[Fault]:
    """Yield the faults of the start and of the events."""
    as_of = draft.at(("scenario", "as_of"))
    if _is_date(as_of) and not YEARS[0] <= as_of.year <= YEARS[1]:
        yield draft.fault(
            ("scenario", "as_of"),
            str(as_of),
            rule=f"month 0 lies in a year from {YEARS[0]} to {YEARS[1]}",
            reason="every month of the war and its horizon is told by a date, and a date has a year of four digits",
            remedy="correct the year",
        )
    settable = _settable_paths(draft)
    set_before: dict[tuple[int, str], str] = {}
    for position, event in draft.entries("events"):
        yield from _one_of(draft, position, event, "month", "date", "an event needs exactly one date")
        yield from _one_of(draft, position, event, "set", "shock", "an event does exactly one thing; write two events")
        yield from _within_horizon(draft, position, event)
        changes = event.get("set")
        for path, value in changes.items() if isinstance(changes, dict) else ():
            yield from _change(draft, ("events", position, "set", path), value, settable)
            month = month_of_entry(draft, event)
            if month is not None and (month, path) in set_before:
                yield draft.fault(
                    ("events", position, "set", path),
                    f"month {month}, as in event {set_before[month, path]!r}",
                    rule="two events of one month do not set the same number",
                    reason="which of the two holds would depend on their order in the file",
                    remedy="leave one of them out or move it to another month",
                )
            elif month is not None:
                set_before[month, path] = str(event.get("name"))


def month_of_entry(draft: Draft, event: dict[str, Any]) -> int | None:
    """Return the month of an event as written, or None if it has no usable date."""
    month, date, as_of = event.get("month"), event.get("date"), draft.at(("scenario", "as_of"))
    if isinstance(month, int) and not isinstance(month, bool):
        return month
    return month_of(date, as_of) if _is_date(date) and _is_date(as_of) else None


def _is_date(item: object) -> TypeGuard[datetime.date]:
    return isinstance(item, datetime.date) and not isinstance(item, datetime.datetime)


def _one_of(
    draft: Draft, position: int, event: dict[str, Any], first: str, second: str, reason: str
) -> Iterator[Fault]:
    given = [key for key in (first, second) if key in event]
    if len(given) != 1:
        yield draft.fault(
            ("events", position),
            "both" if given else "neither",
            rule=f"exactly one of `{first}` and `{second}`",
            reason=reason,
            remedy="leave one of them out" if given else "add one of them",
        )


def _within_horizon(draft: Draft, position: int, event: dict[str, Any]) -> Iterator[Fault]:
    month = month_of_entry(draft, event)
    months = draft.at(("scenario", "months"))
    horizon = About.model_fields["months"].default if months is None else months
    if month is None or isinstance(horizon, bool) or not isinstance(horizon, int):
        return
    key = "month" if "month" in event else "date"
    found = f"month {month}" if key == "month" else f"{event['date']}, which is month {month}"
    if month > horizon:
        yield draft.fault(
            ("events", position, key),
            found,
            rule=f"an event lies within the horizon of {horizon} months",
            reason="months beyond the horizon are not solved, so the event would never happen",
            remedy="move the event, or raise `scenario.months`",
            suggestion=f"months = {month}" if month <= LONGEST_HORIZON else None,
        )
    settled = draft.at(("scenario", "settled"))
    if isinstance(settled, int) and not isinstance(settled, bool) and settled < month <= horizon:
        yield draft.fault(
            ("events", position, key),
            found,
            rule=f"no event comes after month {settled}, from which nothing in the calendar moves",
            reason="`scenario.settled` says when the war has become one that goes on as it is",
            remedy="move the event, or settle later",
            suggestion=f"settled = {month}",
        )
    if month < 1 and key == "date":
        yield draft.fault(
            ("events", position, key),
            found,
            rule=f"an event lies after month 0, {draft.at(('scenario', 'as_of'))}",
            reason="what has happened by then is part of the numbers at the start",
            remedy="leave the event out, or let the scenario begin earlier",
        )


def _change(draft: Draft, location: Location, value: Any, settable: list[str]) -> Iterator[Fault]:
    path = str(location[-1])
    if path not in settable:
        exists = key_at(path) is not None and not path.startswith("events.") and not may_change(path)
        yield draft.fault(
            location,
            f"`{path}`",
            rule="an event sets a number of " + ", ".join(CHANGING_SECTIONS),
            reason="this number holds for the whole war" if exists else "there is no number of that path",
            remedy="set another number, or write a shock for a stock" if exists else "use the path as the file has it",
            suggestion=None if exists else _near(path, settable),
        )
        return
    key = key_at(path)
    try:
        number = Number.model_validate(value)
    except ValidationError:
        return
    for breach in key.scale.breaches(number) if key and key.scale else ():
        yield draft.fault(location, breach.found, rule=breach.rule, reason=breach.reason, remedy=breach.remedy)


def _near(path: str, settable: list[str]) -> str | None:
    last = path.rsplit(".", 1)[-1]
    same_end = [known for known in settable if known.rsplit(".", 1)[-1] == last]
    return nearest(path, settable) or (same_end[0] if same_end else None)


def _settable_paths(draft: Draft) -> list[str]:
    pools = [entry["name"] for _, entry in draft.entries("mechanisms", "manpower", "pools") if "name" in entry]
    patterns = [pattern for key in catalogue() if key.scale for pattern in key.patterns]
    written = [
        pattern.replace("*", str(pool), 1) for pattern in patterns for pool in (pools if "*" in pattern else [""])
    ]
    return [path for path in written if may_change(path)]
