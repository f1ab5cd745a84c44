"""Games, stationary solutions and exports that cannot be: each is explained before any work starts."""

from __future__ import annotations

import pytest

from outlast.game.explicit import ExplicitGame, GameError, end, explicit_game, state
from outlast.game.gambit import unroll
from outlast.solving.explicit import solve_explicit
from outlast.solving.stationary_war import solve_stationary_war
from tiny import tiny_game


def loop(*, to: dict[str, float] | str = "b", discount: float = 0.9, noise: float = 1.0) -> ExplicitGame:
    return explicit_game(
        state("a", mover="one").action("x", to=to).action("y", to="b", pays={"one": 1}),
        state("b", mover="one").action("x", to="a").action("y", to="a", pays={"one": 1}),
        players=("one",),
        discount=discount,
        noise=noise,
    )


@pytest.mark.parametrize(
    ("make", "said"),
    [
        (lambda: loop(to={"a": 0.5, "b": 0.4}), "probabilities that sum to 0.9"),
        (lambda: loop(to="c"), "'c'"),
        (lambda: loop(noise=0.0), "noise 0"),
        (lambda: loop(noise=-1.0), "noise -1"),
        (lambda: solve_explicit(loop(discount=1.0)), "no finite sum"),
        (lambda: solve_explicit(loop(), moves=None) and unroll(loop()), "moves="),
        (lambda: unroll(loop(), moves=40), "at most 200,000 nodes"),
    ],
    ids=["sum", "successor", "no noise", "negative noise", "undiscounted", "endless tree", "tree"],
)
def test_it_is_explained(make, said: str):
    with pytest.raises(GameError) as caught:
        make()
    text = str(caught.value)
    assert said in text
    assert "remedy" in text


def test_a_successor_out_of_range_is_named():
    with pytest.raises(GameError, match="successor 3"):
        ExplicitGame(
            players=("one",),
            first=[0, 1],
            mover=[0],
            pay=[[0.0]],
            edge=[0, 1],
            successor=[3],
            chance=[1.0],
            discount=[[0.9]],
            noise=[1.0],
            value=[[0.0]],
        )


def test_an_unknown_route_is_refused():
    with pytest.raises(ValueError, match="auto, noise or months"):
        solve_stationary_war(tiny_game(3), route="luck")  # type: ignore[arg-type]


def test_a_game_with_an_end_may_be_undiscounted():
    game = explicit_game(
        state("a", mover="one").action("x", to="end").action("y", to="a"), end("end"), players=("one",)
    )
    assert solve_explicit(game, watch=None).trusted
