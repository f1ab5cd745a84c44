"""Flows and one-off payments: which way each number pushes which account."""

from __future__ import annotations

from functools import cache

import numpy as np
import pytest

from outlast.game import Game, compile
from outlast.game.conflict import conflict_in
from outlast.game.month import shocks
from outlast.game.payoffs import (
    attack_pays,
    battle_pay,
    imposed_pay,
    line_map,
    peace_pay,
    posture_allowed,
    signing_pay,
)
from outlast.scenario import read

SETTLER, STALLER, DEFENDER, PATRON = range(4)
WITHHOLD, SUSTAIN, SURGE = range(3)


@cache
def game() -> Game:
    """Return the starter on its coarse grid."""
    return compile(read("starter"), resolution="coarse", months=24)


def inputs(**changes: float):
    """Return the starter's inputs with some numbers changed, dots written as double underscores."""
    values = game().inputs.values.copy()
    for name, value in changes.items():
        values[game().shape.slot(name.replace("__", "."))] = value
    return game().with_values(values).inputs


def now(month: int = 0, **changes: float):
    """Return the conflict of a month, its grid and its deals."""
    tree = inputs(**changes)
    return conflict_in(game().shape, tree, month), tree.grid, tree.deals


def battle(talks: float = 0.0, month: int = 0, **changes: float) -> np.ndarray:
    """Return flows of war ``(accounts, postures, beliefs, cells)``."""
    conflict, grid, _ = now(month, **changes)
    return np.asarray(battle_pay(conflict, grid, month=month, talks=talks))


def present() -> np.ndarray:
    """Return the cells in which the patron has not gone."""
    return np.asarray(inputs().grid.of("patience")) > 0


def test_postures_cost_the_challenger_their_penalty():
    more = battle(payoffs__surge_penalty=0.5) - battle()
    np.testing.assert_allclose(more[:2, SURGE], -0.4)
    assert not np.abs(more[:, :SURGE]).any()
    assert not np.abs(more[2:]).any()


def test_support_costs_the_patron_more_the_less_patience_it_has():
    cost = -(battle()[PATRON, SUSTAIN] - battle()[PATRON, WITHHOLD])[0]
    patience = np.asarray(inputs().grid.of("patience"))
    np.testing.assert_allclose(cost, 0.03 * (1 + 2 * (1 - patience)), atol=1e-15)


def test_a_round_of_talks_costs_the_challenger_and_the_patron_and_shields():
    change = battle(talks=1.0) - battle(talks=0.0)
    np.testing.assert_allclose(change[:2], -0.002)
    assert not change[DEFENDER].any()
    np.testing.assert_allclose(change[PATRON, WITHHOLD], -0.005)
    assert (change[PATRON, SUSTAIN, 0] < -0.005).all()
    np.testing.assert_allclose(change[PATRON, :, -1], -0.005)


def test_recruits_are_paid_for_while_they_come():
    early, late = battle(month=0), battle(month=100)
    np.testing.assert_allclose((early - late)[:2], -(0.02 * 1.0 + 0.01 * 3.0))


def test_land_is_gained_by_one_and_lost_by_the_other():
    held = np.asarray(inputs().grid.of("territory"))
    flows = battle(mechanisms__home_front__casualty_weight__settler=0.0, mechanisms__endurance__war_cost_slope=0.0)
    for account, sign in ((SETTLER, 1), (DEFENDER, -1)):
        np.testing.assert_allclose(np.ptp(flows[account, WITHHOLD, 0] - sign * held), 0, atol=1e-14)


def test_a_patron_that_has_left_can_only_withhold():
    allowed = np.asarray(posture_allowed(inputs().grid))[:, 0]
    assert allowed[WITHHOLD].all()
    np.testing.assert_array_equal(allowed[SUSTAIN] > 0, present())
    np.testing.assert_array_equal(allowed[SURGE] > 0, present())


def test_peace_pays_by_its_terms():
    conflict, grid, deals = now()
    flows = np.asarray(peace_pay(conflict, grid, deals))[:, :, 0]
    held = np.asarray(grid.of("territory"))
    phase = {name: int(deals.phase[k]) for k, name in enumerate(game().labels.packages)}
    bare, soft, harsh = (flows[:, phase[name]] for name in ("bare_ceasefire", "soft_ceasefire", "capitulation"))
    np.testing.assert_allclose(bare[SETTLER], held + 0.08)
    np.testing.assert_allclose(soft[SETTLER], held + 0.05)
    np.testing.assert_allclose(harsh[STALLER], held + 0.4 + 0.1)
    np.testing.assert_allclose(bare[DEFENDER] - harsh[DEFENDER], 0.3 + 0.15)
    np.testing.assert_allclose(bare[PATRON], 0.3 * bare[DEFENDER] + 0.05)
    np.testing.assert_allclose(soft[PATRON], 0.3 * soft[DEFENDER] + 0.05 - 0.005)


def test_a_dictated_end_is_the_best_for_one_and_the_worst_for_the_others():
    conflict, grid, deals = now()
    end, peace = np.asarray(imposed_pay(conflict)), np.asarray(peace_pay(conflict, grid, deals))
    np.testing.assert_allclose(end, [1.16, 1.4, -0.45, -0.135])
    assert (end[:2, None, None, None] >= peace[:2] - 0.1 - 1e-12).all()
    assert (end[2:, None, None, None] < peace[2:]).all()


def lines() -> dict[str, np.ndarray]:
    """Return the mean territory after signing, by package and level before."""
    conflict, grid, deals = now()
    after = np.asarray(line_map(conflict, grid, deals)) @ np.asarray(grid.levels[0])
    return dict(zip(game().labels.packages, after, strict=True))


def test_a_line_stays_rolls_back_or_is_ceded():
    levels = np.asarray(game().inputs.grid.levels[0])
    np.testing.assert_allclose(lines()["soft_ceasefire"], levels, atol=1e-14)
    np.testing.assert_allclose(lines()["old_line"], np.minimum(levels, 0.3), atol=1e-14)
    np.testing.assert_allclose(lines()["river_towns"], np.maximum(levels, 0.5), atol=1e-14)


def test_signing_away_land_costs_the_defender_once_and_a_shortfall_the_challenger():
    conflict, grid, deals = now()
    pay = np.asarray(signing_pay(conflict, grid, deals, 0))[:, :, 0]
    ceded = np.asarray(deals.line) == 2
    np.testing.assert_allclose(pay[DEFENDER, ceded], -0.2)
    assert not pay[DEFENDER, ~ceded].any()
    assert (pay[:2] <= 0).all()
    assert (pay[STALLER] <= pay[SETTLER]).all()
    assert not pay[PATRON].any()
    later = np.asarray(signing_pay(conflict, grid, deals, 50))[:, :, 0]
    assert (later[:2] <= pay[:2]).all()
    assert (later[:2] < pay[:2]).any()


@pytest.mark.parametrize("kind", ["soft", "enforceable"])
def test_each_guarantee_costs_by_its_own_column(kind: str):
    column = ("none", "soft", "enforceable").index(kind)
    change = {f"mechanisms__guarantees__{name}__{kind}": 0.9 for name in ("penalty", "renege_cost")}
    before, after = (attack_pays(*now(**numbers)) for numbers in ({}, change))
    mine = np.asarray(now()[2].phase_guarantee) == column
    _, honour, renege = (np.asarray(b) - np.asarray(a) for a, b in zip(before, after, strict=True))
    assert (honour[:2, 0][:, mine] < 0).all()
    assert not honour[:2, 0][:, ~mine].any()
    assert not honour[2:].any()
    assert (renege[PATRON, 0][mine] < 0).all()
    assert not renege[PATRON, 0][~mine].any()
    assert not renege[:PATRON].any()


def test_breaking_a_peace_costs_the_challenger_alone():
    dear, cheap = (attack_pays(*now(mechanisms__resumption__attack_cost=cost))[0] for cost in (0.5, 0.1))
    change = np.asarray(dear) - np.asarray(cheap)
    np.testing.assert_allclose(change[:2], -0.4)
    assert not change[2:].any()


def election() -> tuple[np.ndarray, np.ndarray]:
    """Return the jump of patience in the month of the starter's election and in another month."""
    tree = inputs()
    due = int(tree.calendar.shock_month[0])
    both = [shocks(conflict_in(game().shape, tree, m), tree, events) for m, events in ((due, (0,)), (due + 1, ()))]
    return np.asarray(both[0][0].matrix), np.asarray(both[1][0].matrix)


def test_a_shock_strikes_in_its_month_with_its_chance_and_its_mean():
    struck, idle = election()
    levels = np.asarray(game().inputs.grid.levels[3])
    np.testing.assert_array_equal(idle, np.eye(len(levels)))
    expected = levels + 0.5 * (np.maximum(levels - 0.25, 0.0) - levels)
    np.testing.assert_allclose(struck @ levels, expected)


def test_no_shock_brings_back_a_patron_that_has_left():
    tree = inputs(**{"events__0__shock__change": 0.5, "events__0__shock__chance": 1.0})
    due = tree.calendar.shock_month[0]
    (jump,) = shocks(conflict_in(game().shape, tree, due), tree, (0,))
    assert jump.matrix[0, 0] == 1
    assert jump.matrix[1, 1] == 0


def test_an_event_changes_its_number_from_its_month_on():
    tree = inputs()
    month = int(tree.calendar.change_month[0])
    drift = [float(conflict_in(game().shape, tree, m).patience.drift) for m in (month - 1, month, 23)]
    assert drift == [0.015, 0.025, 0.025]
