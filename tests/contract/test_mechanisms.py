"""Promises that every mechanism keeps: one id in every room, its numbers in its law, a switch that reaches the game."""

from __future__ import annotations

import dataclasses
import importlib
from collections.abc import Callable
from functools import cache
from typing import Any

import numpy as np
import pytest

from outlast.answers.claims import CLAIMS
from outlast.answers.standpoint import Standpoint
from outlast.game import Game, compile
from outlast.game.compile import slot_values, word_path
from outlast.game.conflict import conflict_in, field_slots
from outlast.game.grid import STOCKS
from outlast.game.mechanisms import MECHANISMS
from outlast.scenario import Scenario, read
from outlast.scenario.mechanisms import Mechanisms
from outlast.solving import Solution, solve
from outlast.solving.programs import programs

IDS = tuple(MECHANISMS)
SHIPPED = ("geneva", "starter")

UNUSED = {"mechanisms.home_front.democratic_casualty_weight"}
"""Numbers that no law reads while every mechanism is on: they say what a neutral value would be."""
START = {"belief.staller", *(f"stocks.{stock}.start" for stock in STOCKS)}
"""Numbers that say where play begins: answers read them, laws do not."""


@cache
def scenario(name: str) -> Scenario:
    """Return a shipped scenario."""
    return read(name)


@cache
def game(name: str) -> Game:
    """Return a shipped scenario on its coarse grid."""
    return compile(scenario(name), resolution="coarse")


def switched_off(on: Game, mechanism: str) -> Game:
    """Return a game without one of its mechanisms."""
    off = on.scenario.neutralised(mechanism)
    return on.with_values(slot_values(off, on.shape.slots), scenario=off)


def test_scenario_and_game_have_the_same_mechanisms_in_the_same_order():
    assert tuple(Mechanisms.model_fields) == IDS


@pytest.mark.parametrize("mechanism", IDS)
@pytest.mark.parametrize("line", ["Law", "Claims", "Source"])
def test_law_opens_with_its_mathematics_its_claims_and_its_source(mechanism: str, line: str):
    opening = importlib.import_module(f"outlast.game.mechanisms.{mechanism}").__doc__ or ""
    found = [row for row in opening.splitlines() if row.startswith(f"{line} ")]
    assert len(found) == 1
    assert len(found[0].split()) > 2


@pytest.mark.parametrize("mechanism", IDS)
def test_law_says_what_switching_it_off_means(mechanism: str):
    assert "Neutral:" in (importlib.import_module(f"outlast.game.mechanisms.{mechanism}").__doc__ or "")


@pytest.mark.parametrize("mechanism", IDS)
def test_claims_are_the_same_in_the_words_the_law_and_the_ledger(mechanism: str):
    said = set(Mechanisms.model_fields[mechanism].annotation.CLAIMS)
    assert said == {claim.id for claim in CLAIMS.values() if claim.mechanism == mechanism}
    opening = " ".join((importlib.import_module(f"outlast.game.mechanisms.{mechanism}").__doc__ or "").split())
    carried = opening.split("Claims ")[1].split("Source ")[0]
    assert {claim for claim in CLAIMS if claim in carried.replace(",", " ").split()} == said


@pytest.mark.parametrize("mechanism", IDS)
@pytest.mark.parametrize("name", SHIPPED)
def test_fields_of_a_law_are_the_numbers_of_the_section(mechanism: str, name: str):
    found = game(name)
    law = getattr(conflict_in(found.shape, found.inputs, 0), mechanism)
    wanted, seen = scenario(name).effective_numbers(), set()
    for field in dataclasses.fields(law):
        paths = [word_path(slot, scenario(name)) for slot in field_slots(mechanism, field.name, found.shape.pools)]
        # What a scenario may leave out is nothing in the law.
        numbers = [wanted[path] if path in wanted or ".automatic" not in path else 0.0 for path in paths]
        np.testing.assert_allclose(np.ravel(getattr(law, field.name)), numbers, rtol=1e-15)
        seen |= set(paths)
    own = {path for path in wanted if path.startswith(f"mechanisms.{mechanism}.")}
    assert own - seen == {path for path in UNUSED if path in own}


@pytest.mark.parametrize("mechanism", IDS)
@pytest.mark.parametrize("name", SHIPPED)
def test_switching_off_changes_numbers_of_the_mechanism_and_no_others(mechanism: str, name: str):
    on, off = (s.effective_numbers() for s in (scenario(name), scenario(name).neutralised(mechanism)))
    changed = {path for path, value in on.items() if off[path] != value}
    assert changed
    # With patience switched off no event shocks it either.
    shocks = {f"events.{e.name}.shock.chance" for e in scenario(name).events if e.shock and e.shock.stock == mechanism}
    assert all(f"mechanisms.{mechanism}." in path for path in changed - shocks)
    assert on.keys() == off.keys()


@pytest.mark.parametrize("mechanism", IDS)
def test_a_switched_off_mechanism_stays_neutral_for_the_whole_calendar(mechanism: str):
    """No event brings back what the switch has turned off."""
    off = switched_off(game("starter"), mechanism)
    early, late = (getattr(conflict_in(off.shape, off.inputs, month), mechanism) for month in (0, 119))
    for field in dataclasses.fields(early):
        np.testing.assert_array_equal(getattr(early, field.name), getattr(late, field.name))


@pytest.mark.parametrize("mechanism", IDS)
def test_switching_off_changes_the_numbers_and_not_the_rules(mechanism: str, small: Solution):
    """The starter's numbers are such that no mechanism is idle: each switch moves somebody's value at the start."""
    off = switched_off(small.game, mechanism)
    assert off.rules == small.game.rules
    compiled = [loop.signatures for loop in programs()]
    assert programs().decide.signatures, "the small war was solved before"
    solved = solve(off)
    assert [loop.signatures for loop in programs()] == compiled
    now = [Standpoint(each) for each in (small, solved)]
    moved = [abs(np.diff([view.at_start(view.solution.values["war"][0, a]) for view in now])[0]) for a in range(4)]
    assert max(moved) > 1e-3, f"without {mechanism} every party's value at the start stays the same: {moved}"


def _months(found: Game) -> list[int]:
    """List the months in which numbers of the calendar and the pools show: the first, each event, each pool's last."""
    values = dict(zip(found.shape.slots, found.inputs.values, strict=True))
    pools = [f"mechanisms.manpower.pools.{i}" for i in range(found.shape.pools)]
    last = [int(values[f"{pool}.size"] / values[f"{pool}.rate"]) for pool in pools]
    calendar = [*found.inputs.calendar.change_month, *found.inputs.calendar.shock_month]
    return sorted({0, *(int(month) for month in calendar), *last} & set(range(found.shape.months)))


def leaves(tree: Any) -> list[np.ndarray]:
    """Return all arrays of layers, of lists of them and of stations, in order."""
    if isinstance(tree, list | tuple):
        return [leaf for part in tree for leaf in leaves(part)]
    if isinstance(tree, dict):
        return leaves(list(tree.values()))
    if dataclasses.is_dataclass(tree):
        return leaves([getattr(tree, field.name) for field in dataclasses.fields(tree)])
    return [] if tree is None or isinstance(tree, str) else [np.asarray(tree)]


@cache
def _laws(name: str) -> Callable[[np.ndarray], list]:
    """Return the function from a number vector to every array that the solver reads, in every telling month."""
    found = game(name)
    months = _months(found)

    def outcome(values: np.ndarray) -> list:
        inputs = found.with_values(values).inputs
        layers = found.rules.months(inputs)
        return leaves([layers(month) for month in months]) + leaves(found.rules.terminal(inputs))

    return outcome


NUDGES: tuple[Callable[[float], float], ...] = (lambda x: 1.01 * x + 1e-4, lambda x: 0.0, lambda x: 2 * x + 0.1)
"""What a number is changed to: close by, nothing, and far. The first that shows is enough."""


def silent(name: str) -> set[str]:
    """Return the paths of numbers that change no array of the month whatever they are changed to."""
    found, outcome = game(name), _laws(name)
    values = np.asarray(found.inputs.values)
    usual = [np.asarray(leaf) for leaf in outcome(values)]

    def shows(place: int, value: float) -> bool:
        nudged = values.copy()
        nudged[place] = value
        return any(not np.array_equal(old, new) for old, new in zip(usual, outcome(nudged), strict=True))

    return {
        word_path(slot, scenario(name))
        for place, slot in enumerate(found.shape.slots)
        if not any(shows(place, nudge(values[place])) for nudge in NUDGES)
    }


@pytest.mark.parametrize("name", SHIPPED)
def test_every_number_of_a_scenario_reaches_the_game(name: str):
    """A number that the laws ignore would be an assumption that looks like one and is none."""
    written = scenario(name).numbers()
    slots = {word_path(slot, scenario(name)) for slot in game(name).shape.slots}
    assert written.keys() - slots == UNUSED
    assert silent(name) & written.keys() == START


@pytest.mark.parametrize("path", sorted(START))
def test_every_start_reaches_the_answers(path: str, small: Solution):
    values = np.array(small.game.inputs.values)
    values[small.game.shape.slot(path)] -= 0.03
    moved = Standpoint(dataclasses.replace(small, game=small.game.with_values(values))).start
    assert np.abs(moved - Standpoint(small).start).max() > 1e-3
