"""Chances of recognition add up to at most 1, at the start, after every event, and at the high ends of their ranges."""

from __future__ import annotations

from collections.abc import Iterator

from outlast.scenario.draft import Draft, plain_value
from outlast.scenario.fault import Fault
from outlast.scenario.rules.calendar import month_of_entry

PARTIES = ("challenger", "defender", "patron")
ROUNDING = 1e-9


def chance_faults(draft: Draft) -> Iterator[Fault]:
    """Yield a fault where the chances of the three parties exceed 1."""
    chances = {party: draft.at(("recognition", party)) for party in PARTIES}
    location: tuple[str | int, ...] = ("recognition",)
    yield from _excess(draft, location, chances)
    dated = [(month_of_entry(draft, event) or 0, position, event) for position, event in draft.entries("events")]
    for _, position, event in sorted(dated, key=lambda item: item[:2]):
        changes = event.get("set")
        changed = {
            party: changes[f"recognition.{party}"]
            for party in PARTIES
            if isinstance(changes, dict) and f"recognition.{party}" in changes
        }
        if changed:
            chances = {**chances, **changed}
            yield from _excess(draft, ("events", position, "set"), chances)


def _excess(draft: Draft, location: tuple[str | int, ...], chances: dict[str, object]) -> Iterator[Fault]:
    values = {party: plain_value(number) for party, number in chances.items()}
    if any(value is None for value in values.values()):
        return
    total = sum(value or 0.0 for value in values.values())
    highest = sum(_high(number) for number in chances.values())
    if total <= 1 + ROUNDING and highest <= 1 + ROUNDING:
        return
    at_ends = total <= 1 + ROUNDING
    reached = highest if at_ends else total
    parts = " + ".join(f"{_high(chances[party]) if at_ends else values[party]:g}" for party in PARTIES)
    yield draft.fault(
        location,
        f"{parts} = {reached:g}" + (" at the high ends of the ranges" if at_ends else ""),
        rule="the chances of recognition add up to at most 1",
        reason="these events exclude one another; the rest is the chance that nobody tables anything",
        remedy="narrow the ranges" if at_ends else "lower one of them",
        suggestion=None
        if at_ends
        else ", ".join(f"{party} = {round((value or 0.0) / total - 0.0005, 3):g}" for party, value in values.items()),
    )


def _high(number: object) -> float:
    high = plain_value(number.get("high")) if isinstance(number, dict) else None
    return high if high is not None else plain_value(number) or 0.0
