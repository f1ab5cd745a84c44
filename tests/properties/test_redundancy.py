"""What cannot matter does not: levels never reached, packages never tabled, states that are copies of others."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import outlast as ol
from outlast.game import Game
from outlast.game.explicit import NOBODY, ExplicitGame
from outlast.solving.explicit import solve_explicit
from tiny import tiny_words

FEW = settings(max_examples=4, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow])
MONTHS = 4
FORCES = {"worn": 0.6, "start": 1.0}
shares = st.floats(0.1, 0.9)


def war(pace: float, noise: float, *, packages: tuple[str, ...] = ("soft_neutrality",), **levels) -> Game:
    """A tiny war in which forces stand still, at a pace of the front and a noise of answers."""
    words = tiny_words(**levels)
    words["mechanisms"]["front"]["pace"] = 0.2 * pace
    words["noise"]["defender"]["answer"] = 0.02 + 0.1 * noise
    scenario = ol.read(words).with_packages(packages).neutralised("manpower")
    return ol.compile(scenario, resolution="standard", months=MONTHS)


def at_full_forces(game: Game) -> dict[str, np.ndarray]:
    """Values of month 0 with forces at their start, ``(..., territory, endurance, patience)``."""
    sizes = game.shape.sizes
    values = ol.solve(game).values
    return {name: value[0].reshape(*value.shape[1:-1], *sizes)[..., :, -1, :, :] for name, value in values.items()}


@FEW
@given(shares, shares)
def test_a_level_that_is_never_reached_changes_nothing(pace: float, noise: float):
    plain = at_full_forces(war(pace, noise, forces=FORCES))
    finer = at_full_forces(war(pace, noise, forces={"worn": 0.6, "never": 0.8, "start": 1.0}))
    for name, values in plain.items():
        assert finer[name] == pytest.approx(values, abs=1e-9), name


@FEW
@given(shares, shares)
def test_a_package_that_nobody_can_table_changes_nothing(pace: float, noise: float):
    alone = ol.solve(war(pace, noise)).values["war"]
    game = war(pace, noise, packages=("soft_neutrality", "old_line"))
    never = replace(game.inputs, deals=replace(game.inputs.deals, weight=np.array([1.0, 0.0])))
    assert ol.solve(replace(game, inputs=never)).values["war"] == pytest.approx(alone, abs=1e-9)
    assert np.abs(ol.solve(game).values["war"] - alone).max() > 1e-6, "it would matter if it could be tabled"


@FEW
@given(st.integers(0, 2**32 - 1), shares)
def test_a_copy_of_a_state_changes_nothing(seed: int, share: float):
    """Whatever leads to the first state leads, with some chance, to a state just like it."""
    rng = np.random.default_rng(seed)
    states, actions = 3, 2
    rows = states * actions
    chance = rng.dirichlet(np.ones(states + 1), rows)
    pay, value = rng.uniform(-1, 1, (2, rows)), rng.uniform(-1, 1, (2, states + 1))
    plain = game_of(chance, pay, value)
    copied = np.concatenate([chance[:, :1] * (1 - share), chance[:, :1] * share, chance[:, 1:]], axis=1)
    again = [*range(actions), *range(rows)]
    twice = game_of(copied[again], pay[:, again], value[:, [0, *range(states + 1)]], movers=(0, 0, 1, 0))
    one, two = solve_explicit(plain, watch=None), solve_explicit(twice, watch=None)
    assert one.trusted
    assert two.trusted
    assert two.chances == pytest.approx(one.chances[again], abs=1e-9)
    assert two.values[:, 1:] == pytest.approx(one.values, abs=1e-9)


def game_of(
    chance: np.ndarray, pay: np.ndarray, value: np.ndarray, movers: tuple[int, ...] = (0, 1, 0)
) -> ExplicitGame:
    """Two actions at every state but the last, which is an end; every state may follow every action."""
    states, rows, width = len(movers), len(chance), len(movers) + 1
    return ExplicitGame(
        players=("one", "two"),
        first=np.append(np.arange(states + 1) * 2, rows),
        mover=[*movers, NOBODY],
        pay=pay,
        edge=np.arange(rows + 1) * width,
        successor=np.tile(np.arange(width), rows),
        chance=chance.reshape(-1),
        discount=np.full((2, states + 1), 0.9),
        noise=np.full(states + 1, 0.5),
        value=value,
    )
