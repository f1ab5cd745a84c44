"""Laws that every explicit game keeps, on small games drawn at random."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from outlast.game.explicit import NOBODY, ExplicitGame, Private
from outlast.game.explicit_known import known_type
from outlast.game.layers import TYPED
from outlast.solving.explicit import ExplicitSolution, solve_explicit
from outlast.solving.explicit_types import solve_exactly

STATES, ACTIONS, PLAYERS, WIDTH = 4, 2, 2, 2
SHAPE = settings(max_examples=12, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow])
seeds = st.integers(0, 2**32 - 1)


def drawn(seed: int, *, typed: bool = False, noise: float = 0.5) -> ExplicitGame:
    """A small game with one end: cyclic, or moving on where there is a private type. Shapes never differ."""
    rng = np.random.default_rng(seed)
    rows = STATES * ACTIONS
    accounts = PLAYERS + typed
    first = np.append(np.arange(STATES + 1) * ACTIONS, rows)
    if typed:
        successor = np.asarray([[rng.integers(s + 1, STATES + 1) for _ in range(WIDTH)] for s in range(STATES)])
        successor = np.repeat(successor, ACTIONS, axis=0)
        successor[:, 0] = np.repeat(np.arange(1, STATES + 1), ACTIONS)
        mover = [TYPED, 2, TYPED, 2, NOBODY]
    else:
        successor = rng.integers(0, STATES + 1, (rows, WIDTH))
        mover = [*rng.permutation([0, 1, 0, 1]), NOBODY]
    return ExplicitGame(
        players=("one", "two"),
        first=first,
        mover=mover,
        pay=rng.uniform(-1, 1, (accounts, rows)),
        edge=np.arange(rows + 1) * WIDTH,
        successor=successor.reshape(-1),
        chance=rng.dirichlet(np.ones(WIDTH), rows).reshape(-1),
        discount=np.full((accounts, STATES + 1), 0.9),
        noise=np.full(STATES + 1, noise),
        value=rng.uniform(-1, 1, (accounts, STATES + 1)),
        private=Private("one", ("soft", "hard"), 0.4) if typed else None,
    )


def solved(game: ExplicitGame, *, watch: float | None = None) -> ExplicitSolution:
    """Solve a game and demand that it is solved."""
    solution = solve_explicit(game, watch=watch)
    assert solution.trusted, solution.outcome
    return solution


def at_states(game: ExplicitGame, chances: np.ndarray) -> np.ndarray:
    """Chances as ``(states, actions)``."""
    return chances.reshape(STATES, ACTIONS)


@SHAPE
@given(seeds)
def test_chances_sum_to_one(seed: int):
    game = drawn(seed)
    assert np.add.reduceat(solved(game).chances, game.first[:STATES]) == pytest.approx(1, abs=1e-12)


@SHAPE
@given(seeds)
def test_values_are_those_of_every_path(seed: int):
    """The linear equations of the chances found, solved apart, give the same values."""
    game = drawn(seed)
    solution = solved(game)
    total, flow = np.zeros((STATES + 1, STATES + 1)), np.zeros((PLAYERS, STATES + 1))
    for row, state in enumerate(game.row_state):
        flow[:, state] += solution.chances[row] * game.pay[:, row]
        for at in range(game.edge[row], game.edge[row + 1]):
            total[state, game.successor[at]] += solution.chances[row] * game.chance[at]
    for i in range(PLAYERS):
        flow[i, STATES] = game.value[i, STATES]
        by_hand = np.linalg.solve(np.eye(STATES + 1) - 0.9 * total, flow[i])
        assert solution.values[i] == pytest.approx(by_hand, abs=1e-9)


@SHAPE
@given(seeds)
def test_relabelling_players_relabels_the_answer(seed: int):
    game = drawn(seed)
    swapped = replace(
        game,
        pay=game.pay[::-1],
        value=game.value[::-1],
        mover=np.where(game.mover >= 0, 1 - game.mover, game.mover),
    )
    one, two = solved(game), solved(swapped)
    assert two.chances == pytest.approx(one.chances, abs=1e-9)
    assert two.values[::-1] == pytest.approx(one.values, abs=1e-9)


@SHAPE
@given(seeds)
def test_relabelling_actions_relabels_the_answer(seed: int):
    game = drawn(seed)
    turned = np.arange(game.rows).reshape(STATES, ACTIONS)[:, ::-1].reshape(-1)
    edges = (turned[:, None] * WIDTH + np.arange(WIDTH)).reshape(-1)
    other = replace(game, pay=game.pay[:, turned], successor=game.successor[edges], chance=game.chance[edges])
    assert solved(other).chances == pytest.approx(solved(game).chances[turned], abs=1e-9)


@SHAPE
@given(seeds, st.floats(-5, 5))
def test_a_constant_added_to_a_players_every_payment_changes_no_choice(seed: int, constant: float):
    """Every path has as many payments as moves, so the end's value has to bear the payments that would follow it."""
    game = drawn(seed)
    pay, value = game.pay.copy(), game.value.copy()
    pay[0] += constant
    value[0] += constant / (1 - 0.9)
    one, two = solved(game), solved(replace(game, pay=pay, value=value))
    assert two.chances == pytest.approx(one.chances, abs=1e-8)
    assert two.values[0] - one.values[0] == pytest.approx(constant / 0.1, abs=1e-7)


@SHAPE
@given(seeds)
def test_doubling_payoffs_is_halving_noise(seed: int):
    game = drawn(seed)
    double = replace(game, pay=2 * game.pay, value=2 * game.value)
    assert solved(double).chances == pytest.approx(solved(game.with_noise(0.25)).chances, abs=1e-8)


@SHAPE
@given(seeds)
def test_a_successor_that_never_comes_changes_nothing(seed: int):
    game = drawn(seed)
    chance = game.chance.reshape(-1, WIDTH).copy()
    chance[:, 0], chance[:, 1] = 1, 0
    first = replace(game, chance=chance.reshape(-1))
    elsewhere = game.successor.reshape(-1, WIDTH).copy()
    elsewhere[:, 1] = STATES - elsewhere[:, 1]
    other = replace(first, successor=elsewhere.reshape(-1))
    assert solved(other).chances == pytest.approx(solved(first).chances, abs=1e-9)


@SHAPE
@given(seeds)
def test_endless_noise_gives_uniform_play(seed: int):
    assert solved(drawn(seed, noise=1e7)).chances == pytest.approx(0.5, abs=1e-5)


@SHAPE
@given(seeds)
def test_little_noise_passes_one_shot_deviations(seed: int):
    """At small noise no action that is played pays less than another by more than the noise explains.

    An action with a chance of p is at most noise x log((1 - p) / p) worse than another one; so all that is played with
    more than one in a hundred is within five times the noise of the best.
    """
    noise = 0.02
    game = drawn(seed, noise=noise)
    solution = solve_explicit(game)
    if not solution.trusted:
        assert "stopped" in solution.outcome, "what is no equilibrium says so"
        return
    after = (
        np.bincount(game.edge_row, weights=game.chance * solution.values[0][game.successor]),
        np.bincount(game.edge_row, weights=game.chance * solution.values[1][game.successor]),
    )
    q = game.pay + 0.9 * np.stack(after)
    own = q[game.mover[game.row_state], np.arange(game.rows)].reshape(STATES, ACTIONS)
    chances = at_states(game, solution.chances)
    gap = own.max(axis=1, keepdims=True) - own
    assert gap[chances > 0.01].max() <= 5 * noise


@SHAPE
@given(seeds)
def test_bayes_plausibility_at_every_typed_node(seed: int):
    """The belief that a move is expected to leave behind is the one before it."""
    solution = solve_exactly(drawn(seed, typed=True), watch=None)
    assert solution.trusted, solution.outcome
    game = solution.histories.game
    for node in np.flatnonzero((game.mover == TYPED) & (game.counts > 0)):
        rows = range(game.first[node], game.first[node + 1])
        after = [solution.belief(int(game.successor[game.edge[row]])) for row in rows]
        pooled = solution.chances[2, game.first[node] : game.first[node + 1]]
        assert pooled @ np.asarray(after) == pytest.approx(solution.belief(int(node)), abs=1e-9)


@SHAPE
@given(seeds)
def test_a_nearly_certain_type_is_played_as_one_that_is_known(seed: int):
    game = replace(drawn(seed, typed=True), private=Private("one", ("soft", "hard"), 1 - 1e-12))
    solution = solve_exactly(game, watch=None)
    assert solution.trusted, solution.outcome
    alone = solved(known_type(game, "hard"))
    assert solution.values[1:, 0] == pytest.approx(alone.values[:, 0], abs=1e-8)
    rows = slice(0, ACTIONS)
    assert solution.chances[1, rows] == pytest.approx(alone.chances[rows], abs=1e-8)


@SHAPE
@given(seeds)
def test_equal_types_teach_nothing(seed: int):
    game = drawn(seed, typed=True)
    pay, value = game.pay.copy(), game.value.copy()
    pay[1], value[1] = pay[0], value[0]
    solution = solve_exactly(replace(game, pay=pay, value=value), watch=None)
    assert solution.chances[0] == pytest.approx(solution.chances[1], abs=1e-9)
    assert solution.beliefs == pytest.approx(0.4, abs=1e-9)
