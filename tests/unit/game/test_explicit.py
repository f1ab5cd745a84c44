"""Explicit games: what the words become, and what is said about words and numbers that make no game."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from outlast.game.explicit import (
    NOBODY,
    ExplicitGame,
    GameError,
    Private,
    chance,
    end,
    explicit_game,
    state,
)
from outlast.game.explicit_checks import endless, stages
from outlast.game.layers import TYPED

NAN = float("nan")


def attrition(**options) -> ExplicitGame:
    """Two who wait for the other to quit."""
    return explicit_game(
        state("first", mover="one")
        .action("quit", to="over", pays={"two": 4})
        .action("stay", to="second", pays={"one": -1}),
        state("second", mover="two")
        .action("quit", to="over", pays={"one": 5})
        .action("stay", to="first", pays={"two": -1}),
        end("over"),
        **({"players": ("one", "two"), "discount": 0.95, "noise": 0.5} | options),
    )


def signal(**options) -> ExplicitGame:
    """A sender with a private type and a receiver who sees the message."""
    return explicit_game(
        state("message", mover="sender")
        .action("loud", to="loud", pays={"weak": -1, "sender": 0.5})
        .action("quiet", to="quiet", types=("weak",)),
        state("loud", mover="receiver").action("yield", to="won").action("stand", to="lost"),
        chance("quiet", to={"won": 0.25, "lost": 0.75}, pays={"receiver": 1}, discount={"sender": 0.5}),
        end("won", {"sender": 2}),
        end("lost", {"receiver": 1}),
        **({"players": ("receiver", "sender"), "private": Private("sender", ("weak", "tough"), 0.3)} | options),
    )


def test_words_become_arrays():
    game = attrition()
    assert (game.states, game.rows, game.accounts) == (3, 4, ("one", "two"))
    assert game.mover.tolist() == [0, 1, NOBODY]
    assert game.pay.tolist() == [[0, -1, 5, 0], [4, 0, 0, -1]]
    assert game.successor[game.edge[:-1]].tolist() == [2, 1, 2, 0]
    assert game.row_index("second", "stay") == 3
    assert repr(game) == "ExplicitGame(one, two: 3 states, 4 actions)"


def test_a_private_type_is_two_accounts():
    game = signal()
    assert game.accounts == ("weak", "tough", "receiver")
    assert game.mover[0] == TYPED
    assert game.pay[:, 0].tolist() == [-0.5, 0.5, 0], "what the player is paid adds to what its type is paid"
    assert game.able[:, 1].tolist() == [True, False]
    assert game.discount[:, game.state_index("quiet")].tolist() == [0.5, 0.5, 1]
    assert game.value[:, game.state_index("won")].tolist() == [2, 2, 0]


def test_arrays_alone_make_the_same_game():
    words = attrition()
    names = ("first", "mover", "pay", "edge", "successor", "chance", "discount", "noise", "value")
    game = ExplicitGame(players=words.players, **{name: getattr(words, name).tolist() for name in names})
    assert game.state_name(1) == "state 1"
    assert game.action_name(3) == "action 1"
    assert all(np.array_equal(getattr(game, name), getattr(words, name)) for name in names)


def test_a_game_cannot_be_changed_behind_its_checks():
    with pytest.raises(ValueError, match="read-only"):
        attrition().chance[0] = 2


def test_stages_run_from_the_end():
    assert stages(attrition()) is None
    assert stages(signal()).tolist() == [2, 1, 1, 0, 0]


def test_endless_play_needs_discounting():
    assert endless(attrition()) == []
    assert endless(attrition(discount=1.0)) == [], "logit play reaches the end"
    loop = explicit_game(
        state("a", mover="one").action("x", to="b").action("y", to="a"),
        chance("b", to="a"),
        players=("one", "two"),
        discount={"one": 0.9, "two": 1.0},
    )
    (fault,) = endless(loop)
    assert "'two'" in fault.found
    assert "a, b" in str(fault.place)


BAD_WORDS = {
    "unknown player": (attrition, {"players": ("one", "too")}, "perhaps too"),
    "player twice": (attrition, {"players": ("one", "two", "two")}, "'two' twice"),
    "discount above one": (attrition, {"discount": 1.01}, "discount 1.01"),
    "discount no number": (attrition, {"discount": NAN}, "discount nan"),
    "discount of a stranger": (attrition, {"discount": {"three": 0.9}}, "'three'"),
    "noise zero": (attrition, {"noise": 0.0}, "noise 0"),
    "noise negative": (attrition, {"noise": {"one": -1.0, "two": 1.0}}, "noise -1"),
    "noise missing": (attrition, {"noise": {"one": 1.0}}, "no noise of 'two'"),
    "certain type": (signal, {"private": Private("sender", ("weak", "tough"), 1.0)}, "a type that is certain"),
    "type named like a player": (signal, {"private": Private("sender", ("weak", "receiver"), 0.3)}, "twice"),
    "three types": (signal, {"private": Private("sender", ("weak", "tough", "odd"), 0.3)}, "3 types"),  # pyright: ignore
    "unknown type": (signal, {"private": Private("sender", ("meek", "tough"), 0.3)}, "'weak'"),
    "types without a private player": (signal, {"private": None}, "nobody else has a type"),
}


@pytest.mark.parametrize("case", BAD_WORDS)
def test_bad_words_are_explained(case: str):
    make, options, expected = BAD_WORDS[case]
    with pytest.raises(GameError) as caught:
        make(**options)
    text = str(caught.value)
    assert expected in text
    assert "why" in text
    assert "remedy" in text


def test_every_fault_is_told_at_once():
    with pytest.raises(GameError) as caught:
        explicit_game(
            state("a", mover="one", noise=-1)
            .action("x", to={"b": 0.5, "c": 0.4}, pays={"one": NAN})
            .action("x", to="a", pays={"nobody": 1}),
            state("a", mover="two"),
            end("b", {"one": float("inf")}),
            players=("one", "two"),
            discount=2,
        )
    text = str(caught.value)
    expected = ("'c'", "'x' twice", "'a' twice", "'nobody'", "no actions", "noise -1", "sum to 0.9", "discount 2, 2")
    assert [words for words in (*expected, "finite") if words not in text] == []


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({"successor": [2, 1, 3, 0]}, "successor 3"),
        ({"successor": [2, 1, -1, 0]}, "successor -1"),
        ({"chance": [1, 1, 0.5, 1]}, "sum to 0.5"),
        ({"chance": [1, 1, -0.5, 1]}, "probability -0.5"),
        ({"pay": np.zeros((2, 3))}, "shape (2, 3)"),
        ({"mover": [0, 5, NOBODY]}, "mover 5"),
        ({"mover": [0, NOBODY, NOBODY]}, "mover -2 at a state with 2 actions"),
        ({"mover": [TYPED, 1, NOBODY]}, "mover -1"),
        ({"first": [0, 3, 2, 4]}, "offsets that fall"),
    ],
)
def test_bad_arrays_are_explained(change: dict, expected: str):
    with pytest.raises(GameError, match=r"found") as caught:
        replace(attrition(), **change)
    assert expected in str(caught.value)


def test_a_thousand_like_faults_are_counted_not_listed():
    states = 1000
    with pytest.raises(GameError) as caught:
        ExplicitGame(
            players=("one",),
            first=np.arange(states + 1),
            mover=np.full(states, NOBODY),
            pay=np.zeros((1, states)),
            edge=np.arange(states + 1),
            successor=np.zeros(states),
            chance=np.full(states, 0.5),
            discount=np.full((1, states), 0.9),
            noise=np.ones(states),
            value=np.zeros((1, states)),
        )
    assert len(caught.value.faults) == 20
    assert "and 980 more like it" in str(caught.value)


def test_an_unknown_state_is_named_with_its_neighbour():
    with pytest.raises(KeyError, match="did you mean 'second'"):
        attrition().state_index("secnd")


@pytest.mark.parametrize("noise", [-1.0, 0.0, NAN, float("inf")])
def test_noise_that_cannot_be_is_refused_where_there_is_one_action_too(noise: float):
    lone = state("lone", mover="one", noise=noise).action("go", to="over")
    with pytest.raises(GameError, match="above 0 and finite"):
        explicit_game(lone, end("over"), players=("one",))
    with pytest.raises(GameError, match="above 0 and finite"):
        explicit_game(chance("drawn", to="over"), end("over"), players=("one",), noise=noise)


def test_a_value_that_is_no_number_is_refused_wherever_play_may_be_stopped():
    game = attrition()
    parts = {name: getattr(game, name) for name in game.__dataclass_fields__}
    value = game.value.copy()
    value[0, 0] = NAN
    with pytest.raises(GameError, match="stops after a number of moves"):
        ExplicitGame(**parts | {"value": value})
