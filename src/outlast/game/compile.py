"""The wall between words and arrays, crossed once: a Scenario becomes a Game.

Left of here there are names, units and dates; right of here arrays. Labels travel beside the arrays and never into a
compiled function, so a renamed party or package does not recompile.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from outlast.game.conflict import field_slots
from outlast.game.grid import STOCKS, Grid
from outlast.game.inputs import Calendar, Deals, Inputs
from outlast.game.labels import Labels, labels_of
from outlast.game.mechanisms import MECHANISMS
from outlast.game.month import ConflictRules
from outlast.game.resolution import (
    belief_levels,
    chance_moves,
    line_places,
    pieces_of,
    stock_levels,
    wider_than,
)
from outlast.game.shape import SECTIONS, Shape
from outlast.scenario.extent import has_spread

if TYPE_CHECKING:
    from outlast.scenario import Scenario

GUARANTEES = ("none", "soft", "enforceable")
RELIEFS = ("none", "phased", "full")
LINES = ("current", "rollback", "cession")


@dataclass(frozen=True)
class Game:
    """A conflict as arrays: rules (shapes), inputs (numbers), labels (words), and the scenario it came from."""

    rules: ConflictRules
    inputs: Inputs
    labels: Labels
    scenario: Any
    resolution: str = "standard"
    far: Game | None = None
    """The same war on a wider lattice, for months that answers do not look at; None where one lattice serves all."""

    def __repr__(self) -> str:
        """Return one line: arrays say nothing at a glance."""
        shape = self.shape
        size = f"{shape.states:,} states x {1 + shape.phases} phases, {shape.months} months"
        return f"Game({self.scenario.name!r}, {self.resolution}: {size})"

    @property
    def shape(self) -> Shape:
        """Return the counts that fix the array shapes."""
        return self.rules.shape

    def with_values(self, values: np.ndarray, *, scenario: Scenario | None = None) -> Game:
        """Return the same game with another number vector, in the order of ``shape.slots``.

        ``scenario`` replaces the scenario behind it where switches differ: the calendar follows its switches.
        """
        calendar = self.inputs.calendar if scenario is None else _calendar(scenario, self.shape.slots)[0]
        vector: Any = np.asarray(values, dtype=float)
        inputs = replace(self.inputs, values=vector, calendar=calendar)
        far = self.far.with_values(values, scenario=scenario) if self.far else None
        return replace(self, inputs=inputs, scenario=scenario or self.scenario, far=far)


def canonical_slots(
    *, packages: int, pools: int, events: Sequence[tuple[str, ...]], moved: Sequence[str] = ()
) -> tuple[str, ...]:
    """Return the names of all numbers by place instead of by the user's words, in a fixed order.

    ``moved`` names the spreads and breakthroughs that the scenario states.
    """
    slots = ["scenario.war_months", "belief.staller", *(f"stocks.{stock}.start" for stock in STOCKS), *moved]
    slots += [f"{section}.{key}" for section, keys in SECTIONS.items() for key in keys]
    for name, law in MECHANISMS.items():
        for field in law.__dataclass_fields__:
            slots += field_slots(name, field, pools)
    slots += [f"packages.{k}.line_share" for k in range(packages)]
    for i, keys in enumerate(events):
        slots += [f"events.{i}.{key}" for key in keys]
    return tuple(slots)


def word_path(slot: str, scenario: Scenario) -> str:
    """Return the scenario's own path of a canonical slot: places become the user's names."""
    parts = slot.split(".")
    if parts[0] == "packages":
        parts[1] = scenario.packages[int(parts[1])].name
    if parts[0] == "events":
        parts[1] = scenario.events[int(parts[1])].name
    if parts[:3] == ["mechanisms", "manpower", "pools"]:
        parts[3] = scenario.mechanisms.manpower.pools[int(parts[3])].name
    return ".".join(parts)


def slot_values(scenario: Scenario, slots: Sequence[str], numbers: Mapping[str, float] | None = None) -> Any:
    """Return the number vector of a scenario; ``numbers`` (by word path) replaces its own effective numbers."""
    numbers = scenario.effective_numbers() if numbers is None else numbers
    return _array([numbers.get(word_path(slot, scenario), 0.0) for slot in slots])


def _event_keys(scenario: Scenario) -> list[tuple[str, ...]]:
    keys = []
    for event in scenario.events:
        if event.shock is not None:
            keys.append(("shock.change", "shock.chance"))
        else:
            keys.append(tuple(f"set.{path}" for path in event.set or ()))
    return keys


def _canonical(path: str, scenario: Scenario, slots: Sequence[str]) -> int:
    for place, slot in enumerate(slots):
        if word_path(slot, scenario) == path:
            return place
    raise KeyError(path)


def _enabled(path: str, scenario: Scenario) -> bool:
    """Whether the mechanism that a path or stock belongs to is switched on."""
    parts = path.split(".")
    if parts[0] != "mechanisms":
        return True
    return getattr(scenario.mechanisms, parts[1]).enabled


def _calendar(scenario: Scenario, slots: Sequence[str]) -> tuple[Calendar, tuple[int, ...]]:
    changes, shocks, axes = [], [], []
    for i, event in enumerate(scenario.events):
        if event.shock is None:
            for path in event.set or ():
                target = _canonical(path, scenario, slots)
                # An event of a mechanism that is switched off gives a number the value that it has.
                source = slots.index(f"events.{i}.set.{path}") if _enabled(path, scenario) else target
                changes.append((event.month, target, source))
            continue
        chance, change = (slots.index(f"events.{i}.shock.{key}") for key in ("chance", "change"))
        shocks.append((event.month, change, chance))
        axes.append(STOCKS.index(event.shock.stock))
    changes.sort(key=lambda change: change[0])
    change: Any = np.asarray(changes, dtype=int).reshape(-1, 3)
    shock: Any = np.asarray(shocks, dtype=int).reshape(-1, 3)
    return Calendar(*change.T, *shock.T), tuple(axes)


def _array(values: Sequence[float]) -> Any:
    return np.asarray(values)


def _deals(scenario: Scenario) -> Deals:
    packages = scenario.packages
    terms = [(p.guarantee, p.alliances, p.demilitarised, p.sanctions_relief) for p in packages]
    phases = list(dict.fromkeys(terms))
    whole = [
        (*t, p.line, p.line_share.value if p.line_share else None, p.patron_backs)
        for t, p in zip(terms, packages, strict=True)
    ]
    return Deals(
        line=_array([LINES.index(p.line) for p in packages]),
        backing=_array([1.0 if p.patron_backs else 0.0 for p in packages]),
        weight=_array([1 / whole.count(w) for w in whole]),
        phase=_array([phases.index(t) for t in terms]),
        guarantee=_array([GUARANTEES.index(t[0]) for t in terms]),
        denied=_array([float(t[1] == "denied") for t in terms]),
        demilitarised=_array([float(t[2]) for t in terms]),
        phase_guarantee=_array([GUARANTEES.index(t[0]) for t in phases]),
        phase_denied=_array([float(t[1] == "denied") for t in phases]),
        phase_demilitarised=_array([float(t[2]) for t in phases]),
        phase_relief=_array([RELIEFS.index(t[3]) for t in phases]),
    )


def compile(scenario: Scenario, *, resolution: str | None = None, months: int | None = None) -> Game:
    """Compile a scenario into a game.

    Args:
        scenario: what ``read`` returned.
        resolution: ``coarse``, ``standard`` or ``fine``; the scenario's own when None.
        months: the horizon; the scenario's own when None.

    Returns:
        The game, with numbers as NumPy arrays; nothing is computed yet.
    """
    resolution = resolution or scenario.scenario.resolution
    months = months or scenario.scenario.months
    levels: Any = tuple(stock_levels(scenario, stock, resolution) for stock in STOCKS)
    lines = line_places(scenario, levels[0])
    beliefs: Any = belief_levels(scenario, resolution)
    slots = canonical_slots(
        packages=len(scenario.packages),
        pools=len(scenario.mechanisms.manpower.pools),
        events=_event_keys(scenario),
        moved=chance_moves(scenario),
    )
    calendar, axes = _calendar(scenario, slots)
    deals = _deals(scenario)
    shape = Shape(
        sizes=(len(levels[0]), len(levels[1]), len(levels[2]), len(levels[3])),
        beliefs=len(beliefs),
        packages=len(scenario.packages),
        phases=len(deals.phase_guarantee),
        pools=len(scenario.mechanisms.manpower.pools),
        changes=len(calendar.change_month),
        shocks=axes,
        months=months,
        slots=slots,
        settled=scenario.scenario.settled,
        automatic=scenario.mechanisms.guarantees.automatic is not None,
    )
    inputs = Inputs(
        slot_values(scenario, slots), Grid(levels, beliefs, lines, pieces_of(scenario, levels)), deals, calendar
    )
    wider = wider_than(resolution) if has_spread(scenario) else None
    far = compile(scenario, resolution=wider, months=months) if wider else None
    return Game(ConflictRules(shape), inputs, labels_of(scenario, slots, word_path), scenario, resolution, far)
