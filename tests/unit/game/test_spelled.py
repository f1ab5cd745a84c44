"""Spelling a month out: names, refusals, payments by type, and one discount for all."""

from __future__ import annotations

import numpy as np
import pytest

import outlast as ol
from outlast.game.explicit import ExplicitGame, GameError, Private, end, explicit_game, state
from outlast.game.explicit_known import known_type
from outlast.scenario.fault import ScenarioError
from outlast.solving.explicit import solve_explicit
from outlast.solving.explicit_types import solve_exactly
from outlast.solving.spelled import spell_calendar
from tiny import tiny_game, tiny_words


def test_states_and_actions_go_by_the_words_of_the_scenario():
    game = spell_calendar(tiny_game(1)).game
    assert game.state_names is not None
    assert game.state_names[0] == "month 0 war.attend [0.4 1 1 1]"
    assert game.action_name(0) == "attend"
    assert "table" in (game.action_names or ())
    assert any("signed soft_neutrality" in name for name in game.state_names)
    assert game.players == ("challenger", "defender", "patron")


def test_the_list_of_states_is_the_same_every_time():
    first, second = spell_calendar(tiny_game(1)), spell_calendar(tiny_game(1))
    assert first.spots == second.spots


def test_a_tree_too_large_is_refused_with_what_would_fit():
    with pytest.raises(GameError, match="stop after 1 months") as refused:
        spell_calendar(tiny_game(3), largest=2000)
    assert "at most 2,000 nodes" in str(refused.value)
    with pytest.raises(GameError, match="not even the first month fits"):
        spell_calendar(tiny_game(1), largest=100)


def test_the_same_terms_twice_are_refused():
    words = tiny_words()
    twin = next(p for p in words["packages"] if p["name"] == "soft_neutrality") | {"name": "twin", "title": "Twin"}
    words["packages"].append(twin)
    with pytest.raises(GameError, match="every package once"):
        spell_calendar(tiny_game(1, words, packages=("soft_neutrality", "twin")))


def test_a_menu_is_narrowed_to_known_packages():
    scenario = ol.read("starter")
    assert [p.name for p in scenario.with_packages(["old_line", "armed_peace"]).packages] == ["armed_peace", "old_line"]
    with pytest.raises(ScenarioError, match="soft_neutrality"):
        scenario.with_packages(["soft_neutralty"])
    with pytest.raises(ScenarioError, match="at least one package"):
        scenario.with_packages([])


def aided(lift: float) -> ExplicitGame:
    """One attends or not; another, who does not know its type, then chooses and is paid by type."""
    game = explicit_game(
        state("here", mover="one")
        .action("in", to="there", pays={"soft": 0.3})
        .action("out", to="over", pays={"hard": 0.2}),
        state("there", mover="two").action("give", to="over", pays={"two": 0.5}).action("keep", to="over"),
        end("over"),
        players=("one", "two"),
        private=Private("one", ("soft", "hard"), 0.5),
        noise=0.5,
    )
    pays = np.zeros_like(game.pay)
    pays[2, game.row_index("there", "give")] = lift
    return ExplicitGame(**{f: getattr(game, f) for f in game.__dataclass_fields__} | {"lift": pays})


@pytest.mark.parametrize("prior", [1e-9, 0.3, 0.5, 1 - 1e-9])
def test_a_payment_by_type_counts_by_the_belief(prior: float):
    game = aided(-1.0)
    parts = {f: getattr(game, f) for f in game.__dataclass_fields__}
    solution = solve_exactly(ExplicitGame(**parts | {"private": Private("one", ("soft", "hard"), prior)}))
    there = solution.at("in")
    worth = 0.5 - solution.belief(there)
    give = 1 / (1 + np.exp(-worth / 0.5))
    assert solution.chance(there, "give") == pytest.approx(give, abs=1e-9)
    assert solution.value(there, "two") == pytest.approx(give * worth, abs=1e-9)


@pytest.mark.parametrize(("kind", "worth"), [("soft", 0.5), ("hard", -0.5)])
def test_a_known_type_is_paid_for(kind: str, worth: float):
    known = known_type(aided(-1.0), kind)
    assert known.private is None
    assert solve_explicit(known).chance("there", "give") == pytest.approx(1 / (1 + np.exp(-worth / 0.5)), abs=1e-12)
    with pytest.raises(ValueError, match="no type 'other'"):
        known_type(aided(-1.0), "other")


def test_payments_by_type_need_a_type_and_leave_the_types_alone():
    game = aided(1.0)
    parts = {f: getattr(game, f) for f in game.__dataclass_fields__}
    with pytest.raises(GameError, match="0 for the two types"):
        ExplicitGame(**parts | {"lift": np.ones_like(game.pay)})
    with pytest.raises(GameError, match=r"shape \(3, 4\)"):
        ExplicitGame(**parts | {"lift": np.zeros((1, 1))})
