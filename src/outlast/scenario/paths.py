"""Changes to a scenario by path, checked: unknown paths and values out of bounds are faults with a way out."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from pydantic import ValidationError

from outlast.scenario.about import About
from outlast.scenario.event import Event
from outlast.scenario.fault import Fault, Place, ScenarioError, nearest, shown
from outlast.scenario.fields import key_below
from outlast.scenario.mechanisms import Mechanism
from outlast.scenario.number import Number
from outlast.scenario.package import Package
from outlast.scenario.translate import faults_of

if TYPE_CHECKING:
    from outlast.scenario.scenario import Scenario


def mechanism_named(scenario: Scenario, mechanism_id: str) -> Mechanism:
    """Return a mechanism by id. Raises ``ScenarioError`` if there is none of that name."""
    known = scenario.mechanisms.all()
    if mechanism_id in known:
        return known[mechanism_id]
    fault = Fault(
        place=Place(path=f"mechanisms.{mechanism_id}"),
        found=shown(mechanism_id),
        rule=f"a mechanism is one of {', '.join(known)}",
        reason="only these can be switched off",
        remedy="use one of these ids",
        suggestion=nearest(mechanism_id, known),
    )
    raise ScenarioError([fault])


def packages_named(scenario: Scenario, names: Sequence[str]) -> tuple[tuple[Package, ...], tuple[Event, ...]]:
    """Return the packages of these names, and the events without what they change in the other packages.

    Raises ``ScenarioError`` for unknown names, and where there are no names.
    """
    known = {package.name: package for package in scenario.packages}
    faults = [
        Fault(
            place=Place(path="packages"),
            found=shown(name),
            rule=f"a package is one of {', '.join(known)}",
            reason="only these are on the menu",
            remedy="use one of these names",
            suggestion=nearest(name, known),
        )
        for name in names
        if name not in known
    ]
    if not names:
        found, rule, reason = "no package", "at least one package", "there would be nothing to table"
        faults.append(Fault(Place(path="packages"), found, rule, reason, "name a package"))
    if faults:
        raise ScenarioError(faults)
    gone = tuple(f"packages.{name}." for name in known if name not in names)
    events = []
    for event in scenario.events:
        left = {path: number for path, number in (event.set or {}).items() if not path.startswith(gone or ("\n",))}
        if event.shock is not None or left:
            events.append(event.model_copy(update={"set": left or None}))
    return tuple(package for name, package in known.items() if name in names), tuple(events)


def check_values(scenario: Scenario, values: Mapping[str, float | Number]) -> dict[str, Number]:
    """Return the values as numbers. Raises ``ScenarioError`` with a fault for each that the scenario cannot take."""
    known = scenario.numbers()
    faults: list[Fault] = []
    numbers: dict[str, Number] = {}
    for path, value in values.items():
        place = Place(path=path)
        if path not in known:
            faults.append(_unknown(place, path, known))
        elif not isinstance(value, Number) and not _finite(value):
            faults.append(
                Fault(
                    place=place,
                    found=shown(value),
                    rule="a finite number",
                    reason="the engine computes with it",
                    remedy="give a number",
                )
            )
        else:
            numbers[path] = value if isinstance(value, Number) else Number(value=float(value))
            key = key_below(type(scenario), path)
            breaches = key.scale.breaches(numbers[path]) if key and key.scale else []
            faults += [
                Fault(place, breach.found, breach.rule, breach.reason, breach.remedy, breach.suggestion)
                for breach in breaches
            ]
    if faults:
        raise ScenarioError(faults)
    return numbers


def changed_about(scenario: Scenario, **changes: Any) -> About:
    """Return the head of the scenario with some keys changed. Raises ``ScenarioError`` if a change breaks a rule."""
    about = scenario.scenario
    try:
        return About.model_validate({**{key: getattr(about, key) for key in About.model_fields}, **changes})
    except ValidationError as error:
        raise ScenarioError(
            faults_of(error, About, lambda loc: Place(path=".".join(map(str, ("scenario", *loc)))))
        ) from None


def _unknown(place: Place, path: str, known: Mapping[str, Number]) -> Fault:
    return Fault(
        place=place,
        found=shown(path),
        rule="a path of a number in this scenario",
        reason="a value set under a wrong name would be ignored without a word",
        remedy="use the path as the file has it; packages, pools and events go by their names",
        suggestion=nearest(path, known),
    )


def _finite(value: Any) -> bool:
    try:
        return not isinstance(value, (bool, str, bytes)) and math.isfinite(float(value))
    except (TypeError, ValueError, OverflowError):
        return False
