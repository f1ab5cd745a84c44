"""An action that is closed to a type has a chance of exactly 0 for it, whatever the action pays."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from belief_grid import solve_on_grid as by_loops
from outlast.game.explicit import NOBODY, ExplicitGame, GameError, Private, end, explicit_game, state
from outlast.game.explicit_known import known_type
from outlast.game.layers import TYPED
from outlast.solving.explicit import solve_explicit
from outlast.solving.explicit_grid import solve_on_grid
from outlast.solving.explicit_types import TypesSolution, solve_exactly

PRIOR = 0.4
LEVELS = (0.0, 0.2, PRIOR, 0.7, 1.0)
SEARCH = settings(max_examples=40, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow])


def tempted(stake: float, types: tuple[str, ...] = ("hi",), noise: float = 0.1) -> ExplicitGame:
    """Winning would pay the low type a fortune."""
    return explicit_game(
        state("s", mover="A")
        .action("go", to="over", pays={"A": 0.3})
        .action("stay", to="r")
        .action("win", to="r", pays={"lo": stake}, types=types),
        state("r", mover="B")
        .action("left", to="over", pays={"B": 1, "hi": -0.2})
        .action("right", to="over", pays={"B": 0.8, "A": 0.3}),
        end("over"),
        players=("A", "B"),
        private=Private("A", ("lo", "hi"), PRIOR),
        noise=noise,
    )


@pytest.mark.parametrize("noises", [10, 60, 100, 700, 1e4, 1e6])
def test_no_stake_buys_a_closed_action(noises: float):
    game = tempted(0.1 * noises)
    found = solve_exactly(game)
    assert found.trusted, found.outcome
    assert found.chance(0, "win", type="lo") == 0.0
    grid = solve_on_grid(game, LEVELS)
    assert grid.trusted
    assert grid.chance("s", "win", PRIOR, type="lo") == 0.0
    for kind in ("lo", "hi"):
        for action in ("go", "stay", "win"):
            on_grid = grid.chance("s", action, PRIOR, type=kind)
            assert found.chance(0, action, type=kind) == pytest.approx(on_grid, abs=1e-9)
        assert found.value(0, kind) == pytest.approx(grid.value("s", kind, PRIOR), abs=1e-9)


@pytest.mark.parametrize("types", [("hi",), ("lo",), (), ("lo", "hi")])
@pytest.mark.parametrize("stake", [1.0, 1e5])
def test_the_loops_of_the_war_agree_with_plain_ones(types: tuple[str, ...], stake: float):
    game = tempted(stake, types)
    grid, plain = solve_on_grid(game, LEVELS), by_loops(game, LEVELS)
    assert grid.trusted
    assert grid.chances == pytest.approx(plain.chances, abs=1e-7)
    assert grid.posteriors == pytest.approx(plain.posteriors, abs=2e-7)
    assert grid.values == pytest.approx(plain.values, abs=1e-9 + 1e-7 * stake)
    closed = [k for k, kind in enumerate(("lo", "hi")) if kind not in types]
    assert (grid.chances[closed, :, game.row_index("s", "win")] == 0).all()


@pytest.mark.parametrize("types", [("hi",), ()])
def test_a_closed_action_leaves_the_log_sum_exp_alone(types: tuple[str, ...]):
    """Its value to the type that cannot take it is that of the game without it."""
    found = solve_on_grid(tempted(1e5, types), LEVELS, convention="logsumexp")
    plain = solve_on_grid(tempted(0.0, types), LEVELS, convention="logsumexp")
    assert np.isfinite(found.values).all()
    assert found.value("s", "lo", PRIOR) == pytest.approx(plain.value("s", "lo", PRIOR), abs=1e-9)


@pytest.mark.parametrize("stake", [1.0, 1e5])
def test_what_one_type_alone_can_take_shows_it_for_certain(stake: float):
    found = solve_exactly(tempted(stake))
    assert found.belief(found.at("win")) == 1.0
    other = solve_exactly(tempted(stake, ("lo",)))
    assert other.belief(other.at("win")) == 0.0
    assert other.chance(0, "win", type="hi") == 0.0


@pytest.mark.parametrize("stake", [1.0, 1e5])
def test_what_nobody_can_take_teaches_nothing_and_moves_nothing(stake: float):
    """Bayes' rule is silent there: the belief stays, and the rest is the game without the action."""
    found = solve_exactly(tempted(stake, ()))
    assert found.belief(found.at("win")) == pytest.approx(PRIOR, abs=1e-15)
    assert [found.chance(0, "win", type=kind) for kind in (None, "lo", "hi")] == [0.0, 0.0, 0.0]
    without = explicit_game(
        state("s", mover="A").action("go", to="over", pays={"A": 0.3}).action("stay", to="r"),
        state("r", mover="B")
        .action("left", to="over", pays={"B": 1, "hi": -0.2})
        .action("right", to="over", pays={"B": 0.8, "A": 0.3}),
        end("over"),
        players=("A", "B"),
        private=Private("A", ("lo", "hi"), PRIOR),
        noise=0.1,
    )
    alone = solve_exactly(without)
    for kind in ("lo", "hi"):
        assert found.chance(0, "stay", type=kind) == pytest.approx(alone.chance(0, "stay", type=kind), abs=1e-12)


def test_a_type_shown_for_certain_stays_so_after_an_action_that_only_the_other_could_take():
    game = explicit_game(
        state("first", mover="A").action("both", to="again").action("mine", to="again", types=("lo",)),
        state("again", mover="A").action("both", to="over").action("yours", to="over", pays={"lo": 99}, types=("hi",)),
        end("over"),
        players=("A",),
        private=Private("A", ("lo", "hi"), PRIOR),
    )
    found = solve_exactly(game)
    shown = found.at("mine")
    assert found.belief(shown) == found.belief(found.histories.child(shown, "yours")) == 0.0
    assert found.chance(shown, "yours") == 0.0


def test_an_action_that_neither_type_takes_by_rounding_still_moves_the_belief_as_its_log_chances_do():
    """Both chances are 0 in double precision; their ratio is not."""
    game = explicit_game(
        state("s", mover="A").action("good", to="over", pays={"A": 1000}).action("bad", to="r", pays={"hi": 0.2}),
        state("r", mover="B").action("left", to="over", pays={"B": 1}).action("right", to="over"),
        end("over"),
        players=("A", "B"),
        private=Private("A", ("lo", "hi"), PRIOR),
        noise=0.1,
    )
    found = solve_exactly(game)
    assert found.chance(0, "bad", type="lo") == found.chance(0, "bad", type="hi") == 0.0
    odds = np.log(PRIOR / (1 - PRIOR)) + 0.2 / 0.1
    assert found.belief(found.at("bad")) == pytest.approx(1 / (1 + np.exp(-odds)), abs=1e-9)


@pytest.mark.parametrize("kind", ["lo", "hi"])
def test_a_known_type_has_lost_the_actions_that_are_closed_to_it(kind: str):
    known = known_type(tempted(1e6), kind)
    assert ("win" in (known.action_names or ())) == (kind == "hi")
    assert solve_explicit(known).trusted


@pytest.mark.parametrize("prior", [0.0, 1.0, -0.1, float("nan")])
def test_a_prior_that_is_none_is_refused_in_arrays_too(prior: float):
    game = tempted(1.0)
    parts = {name: getattr(game, name) for name in game.__dataclass_fields__}
    with pytest.raises(GameError, match="above 0 and below 1"):
        ExplicitGame(**parts | {"private": Private("A", ("lo", "hi"), prior)})


@pytest.mark.parametrize("prior", [1e-300, 1e-9, 1 - 1e-9])
def test_a_prior_next_to_certain_is_solved(prior: float):
    game = tempted(50.0)
    parts = {name: getattr(game, name) for name in game.__dataclass_fields__}
    found = solve_exactly(ExplicitGame(**parts | {"private": Private("A", ("lo", "hi"), prior)}))
    assert found.trusted
    assert found.belief(found.at("win")) == 1.0


def random_typed(seed: int, stakes: float) -> ExplicitGame:
    """Four states that lead on, three actions each, some of them closed; what is closed pays a fortune."""
    rng = np.random.default_rng(seed)
    states, actions = 4, 3
    rows = states * actions
    mover = [TYPED, 2, TYPED, 2, NOBODY]
    able = (rng.random((2, rows)) < 0.6) | (np.repeat(mover[:-1], actions) != TYPED)
    for kind in range(2):
        for at in range(states):
            if not able[kind, at * actions : (at + 1) * actions].any():
                able[kind, at * actions + rng.integers(actions)] = True
    pay = rng.uniform(-1, 1, (3, rows))
    pay[:2] = np.where(able, pay[:2], 0.5 * stakes)
    reached = [[s + 1, rng.integers(s + 1, states + 1)] for s in np.repeat(np.arange(states), actions)]
    return ExplicitGame(
        players=("one", "two"),
        first=[*range(0, rows + 1, actions), rows],
        mover=mover,
        pay=pay,
        edge=np.arange(rows + 1) * 2,
        successor=np.asarray(reached).reshape(-1),
        chance=np.tile([0.3, 0.7], rows),
        discount=np.full((3, states + 1), 0.9),
        noise=np.full(states + 1, 0.5),
        value=rng.uniform(-1, 1, (3, states + 1)),
        private=Private("one", ("soft", "hard"), PRIOR),
        able=able,
    )


def nodes_with_rows(found: TypesSolution):
    game = found.histories.game
    for node in np.flatnonzero((game.mover == TYPED) & (game.counts > 0)):
        yield int(node), np.arange(game.first[node], game.first[node + 1])


@SEARCH
@given(seed=st.integers(0, 2**32 - 1), stakes=st.sampled_from([0.0, 60.0, 1e3, 1e6]))
def test_a_closed_action_is_never_taken_and_beliefs_follow_bayes(seed: int, stakes: float):
    found = solve_exactly(random_typed(seed, stakes), watch=None)
    game = found.histories.game
    assert found.trusted, found.outcome
    for node, rows in nodes_with_rows(found):
        first, second, pooled = found.chances[:, rows]
        assert (found.chances[:2, rows][~game.able[:, rows]] == 0).all()
        assert (found.chances[:2, rows][game.able[:, rows]] > 0).all(), (
            "all stakes but those of closed actions are small"
        )
        assert first.sum() == pytest.approx(1, abs=1e-12)
        assert second.sum() == pytest.approx(1, abs=1e-12)
        prior = found.belief(node)
        for row, p0, p1, p in zip(rows, first, second, pooled, strict=True):
            assert p == pytest.approx(prior * p1 + (1 - prior) * p0, abs=1e-12)
            bayes = prior * p1 / p if p > 0 else prior
            for at in range(game.edge[row], game.edge[row + 1]):
                assert found.belief(int(game.successor[at])) == pytest.approx(bayes, abs=1e-9)


@SEARCH
@given(seed=st.integers(0, 2**32 - 1), stakes=st.sampled_from([0.0, 60.0, 1e3, 1e6]))
def test_a_closed_action_is_never_taken_on_a_grid_of_beliefs_either(seed: int, stakes: float):
    game = random_typed(seed, stakes)
    found = solve_on_grid(game, LEVELS)
    typed = game.mover[game.row_state] == TYPED
    closed = ~game.able & typed
    assert (np.moveaxis(found.chances, 1, 2)[closed] == 0).all()
    assert (np.moveaxis(found.chances, 1, 2)[~closed] > 0).all()
    assert found.trusted


@SEARCH
@given(seed=st.integers(0, 2**32 - 1))
def test_what_a_closed_action_would_pay_changes_nothing(seed: int):
    one, two = (solve_exactly(random_typed(seed, stakes), watch=None) for stakes in (0.0, 1e6))
    assert two.chances == pytest.approx(one.chances, abs=1e-9)
    assert two.beliefs == pytest.approx(one.beliefs, abs=1e-9)
