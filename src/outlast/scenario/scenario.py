"""The scenario: one war in words and numbers, frozen, as its file says it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Annotated, Self

from pydantic import Field

from outlast.scenario.about import About, Parties, Resolution
from outlast.scenario.belief import Belief
from outlast.scenario.canonical import content_hash
from outlast.scenario.claim import Claim
from outlast.scenario.correlation import Correlation
from outlast.scenario.event import Event
from outlast.scenario.mechanisms import Mechanisms
from outlast.scenario.noise import Noise
from outlast.scenario.number import Number
from outlast.scenario.package import FEWEST_PACKAGES, MOST_PACKAGES, Package
from outlast.scenario.paths import changed_about, check_values, mechanism_named, packages_named
from outlast.scenario.payoffs import Payoffs
from outlast.scenario.recognition import Recognition
from outlast.scenario.section import Section
from outlast.scenario.stocks import Stocks
from outlast.scenario.tree import numbers_below, with_numbers_below

if TYPE_CHECKING:
    import datetime

MOVED_BY = {
    "patience": ("stocks.patience.spread",),
    "endurance": ("stocks.endurance.spread",),
    "front": (
        "stocks.territory.spread",
        "stocks.territory.breakthrough.rise.chance",
        "stocks.territory.breakthrough.fall.chance",
    ),
}
"""Chance movements of a stock that stop with the mechanism that moves it: switched off, the stock stays where it is."""


class Scenario(Section):
    """One war, ready to be compiled. Made by ``read``, which checks the rules that reach across sections.

    Numbers are found by their dotted path, which follows the file; packages, pools and events go by their names:
    ``mechanisms.patience.drift``, ``mechanisms.aspiration.audience_cost.staller``, ``packages.soft_line.line_share``.
    """

    scenario: Annotated[About, Field(description="What war it is, on which date, how far and how finely solved.")]
    parties: Annotated[Parties, Field(description="Display names of the three parties.")]
    belief: Annotated[Belief, Field(description="What everybody thinks of the challenger's type.")]
    stocks: Annotated[Stocks, Field(description="The four quantities that move from month to month.")]
    recognition: Annotated[Recognition, Field(description="Who may table a package in a month of talks.")]
    noise: Annotated[Noise, Field(description="How closely decisions follow the values.")] = Noise()
    payoffs: Annotated[Payoffs, Field(description="The flows that no switch turns off.")]
    mechanisms: Annotated[Mechanisms, Field(description="The twelve parts of the argument, each with its switch.")]
    packages: Annotated[
        tuple[Package, ...],
        Field(min_length=FEWEST_PACKAGES, max_length=MOST_PACKAGES, description="The deals that may be tabled."),
    ]
    events: Annotated[tuple[Event, ...], Field(max_length=200, description="What the calendar holds.")] = ()
    correlations: Annotated[
        tuple[Correlation, ...], Field(max_length=500, description="Which numbers are high together in the draws.")
    ] = ()
    claims: Annotated[tuple[Claim, ...], Field(max_length=200, description="What the scenario's source claims.")] = ()

    @property
    def name(self) -> str:
        """Short name."""
        return self.scenario.name

    @property
    def title(self) -> str:
        """Name for a reader."""
        return self.scenario.title

    @property
    def as_of(self) -> datetime.date:
        """Date of month 0."""
        return self.scenario.as_of

    @property
    def months(self) -> int:
        """Horizon in months."""
        return self.scenario.months

    @property
    def hash(self) -> str:
        """SHA-256 of the content in hexadecimal.

        It does not depend on comments, on the order of keys, packages, pools, events and claims, or on whether a number
        is written plain or as a record. It does depend on words.
        """
        return content_hash(self)

    def numbers(self) -> dict[str, Number]:
        """Return every number by dotted path, in file order, with the defaults that were not written."""
        return numbers_below(self)

    def neutral_rules(self, mechanism_id: str) -> dict[str, float | str]:
        """Return what switching a mechanism off does: path -> the constant, or the path whose value is taken.

        The paths include those through which an event sets a number of the mechanism, and the chance of a shock to its
        stock, so that what is switched off stays neutral for the whole calendar. Raises ``ScenarioError`` for an
        unknown mechanism.
        """
        prefix = f"mechanisms.{mechanism_id}."
        rules: dict[str, float | str] = {
            prefix + path: prefix + becomes if isinstance(becomes, str) else becomes
            for path, becomes in mechanism_named(self, mechanism_id).neutral_rules().items()
        }
        known = self.numbers()
        rules |= {path: 0.0 for path in MOVED_BY.get(mechanism_id, ()) if path in known}
        for event in self.events:
            if mechanism_id == "patience" and event.shock is not None and event.shock.stock == "patience":
                rules[f"events.{event.name}.shock.chance"] = 0.0
            for path in event.set or ():
                if path in rules:
                    rules[f"events.{event.name}.set.{path}"] = rules[path]
        return rules

    def neutralised(self, mechanism_id: str) -> Self:
        """Return the scenario with one mechanism switched off; its numbers stay written, for switching on again.

        Raises ``ScenarioError`` for an unknown mechanism, with the nearest name.
        """
        off = mechanism_named(self, mechanism_id).model_copy(update={"enabled": False})
        return self.model_copy(update={"mechanisms": self.mechanisms.model_copy(update={mechanism_id: off})})

    def effective_numbers(self) -> dict[str, float]:
        """Return the value in force for every path: numbers of mechanisms that are switched off are neutral.

        Where a neutral number takes another's value, it takes the value at month 0.
        """
        values = {path: number.value for path, number in self.numbers().items()}
        for mechanism_id, mechanism in self.mechanisms.all().items():
            if not mechanism.enabled:
                for path, becomes in self.neutral_rules(mechanism_id).items():
                    values[path] = values[becomes] if isinstance(becomes, str) else becomes
        return values

    def with_values(self, values: Mapping[str, float | Number]) -> Self:
        """Return the scenario with the numbers at the given paths replaced.

        A float fixes the number: its range and its source are dropped, because they describe another value. Give a
        ``Number`` to keep them. A stock's start may lie between two levels here. Raises ``ScenarioError`` for unknown
        paths, with the nearest ones, and for values out of bounds.
        """
        return with_numbers_below(self, check_values(self, values))

    def with_resolution(self, resolution: Resolution) -> Self:
        """Return the scenario at another resolution. Raises ``ScenarioError`` if it is not one of the three."""
        return self.model_copy(update={"scenario": changed_about(self, resolution=resolution)})

    def with_months(self, months: int) -> Self:
        """Return the scenario with another horizon, 12 to 600 months.

        Events after the horizon stay in the scenario and simply do not happen. Raises ``ScenarioError`` out of bounds.
        """
        return self.model_copy(update={"scenario": changed_about(self, months=months)})

    def with_packages(self, names: Sequence[str]) -> Self:
        """Return the scenario with these packages alone, in its own order: fewer than a scenario file must list.

        Changes by events to numbers of the others are left out. Raises ``ScenarioError`` for an unknown package, with
        the nearest name.
        """
        kept, events = packages_named(self, names)
        return self.model_copy(update={"packages": kept, "events": events})
