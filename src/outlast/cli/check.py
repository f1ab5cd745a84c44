"""The command ``outlast check``."""

from __future__ import annotations

from collections import Counter
from math import prod
from typing import TYPE_CHECKING, Annotated, Any

import typer

LOST = 0.01
"""Share of a spread's variance beyond which it is said that levels do not hold it."""

if TYPE_CHECKING:
    from outlast.scenario.scenario import Scenario


def check(
    file: Annotated[str, typer.Argument(metavar="FILE", help="A scenario file, or the name of a shipped scenario.")],
    as_json: Annotated[bool, typer.Option("--json", help="Print the findings as JSON on standard output.")] = False,
) -> None:
    """Check a scenario and report every fault at once."""
    from outlast.scenario.fault import ScenarioError
    from outlast.scenario.reading import read

    try:
        scenario = read(file)
    except ScenarioError as error:
        if not as_json:
            raise
        print_json({"valid": False, "faults": [fault_as_json(fault) for fault in error.faults]})
        raise typer.Exit(2) from None
    facts = _facts(scenario)
    if as_json:
        print_json({"valid": True, "faults": [], "scenario": facts})
        return
    print(f"{file} is a valid scenario")
    for key, value in facts.items():
        if key in ("lattice", "warnings"):
            continue
        text = ", ".join(f"{part} {count}" for part, count in value.items()) if isinstance(value, dict) else value
        print(f"  {key.replace('_', ' '):<12} {', '.join(text) or 'none' if isinstance(text, list) else text}")
    for stock, laid in facts["lattice"].items():
        added = "without bound" if laid["excess"] is None else f"{laid['excess']:.0%} of its own"
        gap = f"{laid['levels']} levels, {laid['gap']:.3g} apart at the start"
        print(f"  lattice      {stock} {gap}, where the excess spread is {added}")
    for warning in facts["warnings"]:
        print(f"  warning      {warning}")


def _facts(scenario: Scenario) -> dict[str, Any]:
    from outlast.cli.sizing import laying
    from outlast.scenario.extent import SHARE, extent, machine_memory, size_in_words

    takes, whole = extent(scenario, laid=laying(scenario)), machine_memory()
    large = whole is not None and takes.memory > SHARE * whole
    numbers = scenario.numbers()
    grid = {name: len(stock.levels) for name, stock in scenario.stocks.all().items()}
    grid["belief"] = len(scenario.belief.levels)
    lattice, warnings = _lattice(scenario)
    bases = Counter(number.basis for number in numbers.values())
    return {
        "name": scenario.name,
        "title": scenario.title,
        "as_of": scenario.as_of.isoformat(),
        "months": scenario.months,
        "resolution": scenario.scenario.resolution,
        "numbers": len(numbers),
        "with_range": sum(number.low is not None and number.low != number.high for number in numbers.values()),
        "basis": {basis: bases[basis] for basis in ("data", "claim", "judgement")},
        "levels": grid,
        "lattice": lattice,
        "warnings": warnings,
        "cells": takes.states if lattice else prod(grid.values()),
        "states": takes.states,
        "takes": f"{takes} for a solve"
        + (f"; refused here: {SHARE:.0%} of {size_in_words(whole)} is the limit" if large and whole else ""),
        "packages": len(scenario.packages),
        "events": len(scenario.events),
        "claims": len(scenario.claims),
        "switched_off": [name for name, each in scenario.mechanisms.all().items() if not each.enabled],
        "hash": scenario.hash,
    }


def _lattice(scenario: Scenario) -> tuple[dict[str, dict[str, Any]], list[str]]:
    """Return, by stock with a spread, what the program lays, and what to know of how stocks move."""
    from math import inf

    found, warnings, bare = {}, [], []
    for name, stock in scenario.stocks.all().items():
        if stock.spread is None:
            bare.append(name)
            continue
        # What lays lattices loads arrays, and a scenario of marks alone is checked without them.
        from outlast.game.resolution import laid

        each = laid(scenario, name, scenario.scenario.resolution)
        excess = None if each.excess == inf else each.excess
        found[name] = {"levels": each.levels, "gap": each.gap, "excess": excess, "lost": each.lost}
        if each.lost > LOST:
            warnings.append(
                f"{name} has levels too close together for its spread: in places a month holds {1 - each.lost:.0%} of "
                "its variance; take marks further apart, or fewer"
            )
    if bare:
        warnings.append(
            f"no `spread` for {', '.join(bare)}: by the first version's rule these move from mark to mark, and how far "
            "they stray hangs on how far apart their levels are"
        )
    return found, warnings


def fault_as_json(fault: Any) -> dict[str, Any]:
    """Return a fault as plain words and numbers, for JSON."""
    return {
        "file": fault.place.file,
        "line": fault.place.line,
        "path": fault.place.path,
        "found": fault.found,
        "rule": fault.rule,
        "reason": fault.reason,
        "remedy": fault.remedy,
        "suggestion": fault.suggestion,
    }


def print_json(content: dict[str, Any]) -> None:
    """Print ``content`` as JSON on standard output."""
    from outlast.reporting.json_text import json_text

    print(json_text(content))
