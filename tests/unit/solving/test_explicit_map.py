"""The map of an explicit game: its derivative in every form, and states with any number of actions."""

from __future__ import annotations

import numpy as np
import pytest

from outlast.game.explicit import ExplicitGame, Private, chance, end, explicit_game, state
from outlast.game.explicit_histories import histories_of
from outlast.solving import explicit_map
from outlast.solving.crossing import above_one
from outlast.solving.explicit import solve_explicit
from outlast.solving.explicit_map import ExplicitMap
from outlast.solving.explicit_types import solve_exactly
from outlast.solving.stationary import FunctionMap


def many_counts(most: int, noise: float = 0.3) -> ExplicitGame:
    """A state with each number of actions up to ``most``; every action may come back to any state."""
    rng = np.random.default_rng(7)
    counts = np.append(np.arange(1, most + 1), 0)
    rows = int(counts.sum())
    return ExplicitGame(
        players=("one", "two"),
        first=np.append(0, np.cumsum(counts)),
        mover=np.append(np.arange(most) % 2, -2),
        pay=rng.uniform(-1, 1, (2, rows)),
        edge=np.arange(rows + 1) * 2,
        successor=rng.integers(0, most + 1, 2 * rows),
        chance=np.tile([0.25, 0.75], rows),
        discount=np.full((2, most + 1), 0.9),
        noise=np.full(most + 1, noise),
        value=np.zeros((2, most + 1)),
    )


def typed() -> ExplicitGame:
    """Two moves of the player with a type, one action open to one type only, and a payment by type."""
    game = explicit_game(
        state("s", mover="A")
        .action("a", to="r")
        .action("b", to="t", pays={"hi": 0.2})
        .action("c", to="r", types=["hi"]),
        state("r", mover="B").action("x", to="t", pays={"B": 0.4}).action("y", to="over", pays={"A": 0.6}),
        chance("t", to={"u": 0.4, "over": 0.6}, pays={"lo": 0.1}),
        state("u", mover="A")
        .action("d", to="v", pays={"lo": 0.3})
        .action("e", to="over")
        .action("f", to="v", types=[]),
        state("v", mover="B").action("x", to="over").action("y", to="over", pays={"hi": 0.5, "B": 0.1}),
        end("over", {"A": 0.3}),
        players=("A", "B"),
        noise=0.4,
        private=Private("A", ("lo", "hi"), 0.3),
    )
    lift = np.zeros_like(game.pay)
    lift[2, [game.row_index("r", "x"), game.row_index("v", "y")]] = 0.5, -0.4
    return ExplicitGame(**{name: getattr(game, name) for name in game.__dataclass_fields__} | {"lift": lift})


def map_of(game: ExplicitGame, convention: str) -> ExplicitMap:
    histories = None if game.private is None else histories_of(game)
    return ExplicitMap(game if histories is None else histories.game, convention, histories)


@pytest.mark.parametrize("convention", explicit_map.CONVENTIONS)
@pytest.mark.parametrize("game", [many_counts(5), typed()], ids=["cyclic", "typed"])
def test_the_derivative_is_that_of_the_map(game: ExplicitGame, convention: str, monkeypatch: pytest.MonkeyPatch):
    of = map_of(game, convention)
    y = 0.5 * np.random.default_rng(1).standard_normal(of.size + 1)
    whole = of.slopes(y)
    assert isinstance(whole, np.ndarray)
    quotients = FunctionMap(lambda values, scale: of.gap(np.append(values, np.log(scale))) + values, of.size).slopes(y)
    assert whole == pytest.approx(quotients, abs=1e-7)
    monkeypatch.setattr(explicit_map, "DENSE", 0)
    sparse = map_of(game, convention).slopes(y)
    assert sparse.todense() == pytest.approx(whole, abs=1e-14)
    monkeypatch.setattr(explicit_map, "ASSEMBLED", 0)
    applied = map_of(game, convention).slopes(y)
    directions = np.random.default_rng(2).standard_normal((of.size + 1, 5))
    assert np.stack([applied @ d for d in directions.T], axis=1) == pytest.approx(whole @ directions, abs=1e-12)


@pytest.mark.parametrize("way", ["sparse", "applied"])
@pytest.mark.parametrize("game", [many_counts(5), many_counts(5, 0.05)], ids=["noisy", "quiet"])
def test_every_way_to_solve_the_linear_equations_gives_one_answer(
    game: ExplicitGame, way: str, monkeypatch: pytest.MonkeyPatch
):
    one = solve_explicit(game, watch=None)
    assert one.trusted
    monkeypatch.setattr(explicit_map, "DENSE", 0)
    if way == "applied":
        monkeypatch.setattr(explicit_map, "ASSEMBLED", 0)
    other = solve_explicit(game, watch=None)
    assert other.trusted
    assert other.chances == pytest.approx(one.chances, abs=1e-9)


def test_beliefs_are_solved_by_elimination_of_sparse_equations_too(monkeypatch: pytest.MonkeyPatch):
    one = solve_exactly(typed())
    monkeypatch.setattr(explicit_map, "DENSE", 0)
    other = solve_exactly(typed())
    assert one.trusted
    assert other.trusted
    assert other.chances == pytest.approx(one.chances, abs=1e-10)


def test_forty_counts_of_actions_are_one_game_like_any_other():
    game = many_counts(40)
    found = solve_explicit(game)
    assert found.trusted, found.outcome
    after = game.pay + 0.9 * np.stack(
        [np.bincount(game.edge_row, weights=game.chance * value[game.successor]) for value in found.values]
    )
    for place in range(40):
        rows = slice(game.first[place], game.first[place + 1])
        z = after[place % 2, rows] / 0.3
        assert found.chances[rows] == pytest.approx(np.exp(z - z.max()) / np.exp(z - z.max()).sum(), abs=1e-8)


@pytest.mark.parametrize("slope", [0.5, 1.5, 40.0])
def test_eigenvalues_above_one_are_counted_or_their_parity_is(slope: float, monkeypatch: pytest.MonkeyPatch):
    of = FunctionMap(lambda values, scale: np.array([slope * values[0], 3 * values[1], -5 * values[2]]), 3)
    y = np.zeros(4)
    assert above_one(of, y) == 1 + (slope > 1)
    monkeypatch.setattr("outlast.solving.crossing.WHOLE", 0)
    assert above_one(of, y) == (1 + (slope > 1)) % 2


@pytest.mark.parametrize("noise", [0.5, 0.02])
def test_the_parity_of_a_sparse_map_is_that_of_all_its_eigenvalues(noise: float, monkeypatch: pytest.MonkeyPatch):
    game = many_counts(6, noise)
    of = ExplicitMap(game)
    y = np.append(solve_explicit(game).values[:, of.live].reshape(-1), 0.0)
    whole = above_one(of, y)
    monkeypatch.setattr(explicit_map, "DENSE", 0)
    monkeypatch.setattr("outlast.solving.crossing.WHOLE", 0)
    sparse = ExplicitMap(game)
    sparse.direct = True
    assert whole is not None
    assert above_one(sparse, y) == whole % 2
