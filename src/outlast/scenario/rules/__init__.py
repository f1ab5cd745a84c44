"""Rules that reach across keys. Each reads a draft, which may be wrong elsewhere too, and yields faults."""

from __future__ import annotations

from outlast.scenario.draft import Draft
from outlast.scenario.fault import Fault
from outlast.scenario.rules.calendar import calendar_faults
from outlast.scenario.rules.chances import chance_faults
from outlast.scenario.rules.grid import grid_faults
from outlast.scenario.rules.names import name_faults
from outlast.scenario.rules.terms import term_faults

RULES = (name_faults, grid_faults, chance_faults, term_faults, calendar_faults)


def broken_rules(draft: Draft) -> list[Fault]:
    """Return the faults of every rule, in the order of the rules."""
    return [fault for rule in RULES for fault in rule(draft)]
