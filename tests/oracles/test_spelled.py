"""A conflict written down state by state and solved as an explicit game, against the engine that solves it by axes.

Nothing of the two solvers is shared but the layers: one multiplies sparse lists, the other whole arrays.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import outlast as ol
from outlast.game.explicit_known import known_type
from outlast.game.spelling import Spelled
from outlast.game.start import start_cell
from outlast.solving import Solution
from outlast.solving.backward import LentMonth
from outlast.solving.explicit import solve_explicit
from outlast.solving.explicit_grid import solve_on_grid
from outlast.solving.explicit_types import solve_exactly
from outlast.solving.spelled import spell_calendar
from spread_war import SPREADS
from tiny import BELIEFS, evenly, tiny_game, tiny_words

MONTHS = 3
TYPES = {"settler": 0, "staller": -1}
"""By type, the place of the belief that is certain of it."""
THREE = {"endurance": {"broken": 0.0, "tired": 0.5, "fresh": 1.0}}


def again(solution: Solution, month: int) -> LentMonth:
    return solution.again(month)


def spread_words() -> dict[str, Any]:
    """Return the words of such a war with spreads, a front that can break, and a guarantee with teeth."""
    words = tiny_words(**THREE)
    for name, each in SPREADS.items():
        words["stocks"][name] |= each
    words["mechanisms"]["guarantees"] |= {
        "automatic": {"none": 0.0, "soft": 0.4, "enforceable": 0.6},
        "automatic_penalty": 0.3,
    }
    return words


@pytest.fixture(scope="module", params=["from mark to mark", "with spreads"])
def both(request: pytest.FixtureRequest) -> tuple[Spelled, Solution]:
    """Three months of a war with two packages, in a list of states and solved by the engine."""
    spreads = request.param == "with spreads"
    words = spread_words() if spreads else tiny_words(**THREE)
    game = tiny_game(
        MONTHS, words, packages=("soft_neutrality", "old_line"), resolution="marks" if spreads else "standard"
    )
    return spell_calendar(game, largest=10**12), ol.solve(game)


@pytest.mark.parametrize("kind", TYPES)
def test_complete_information_gives_the_values_and_choices_of_the_engine(both, kind: str):
    spelled, solution = both
    game = known_type(spelled.game, kind)
    explicit = solve_explicit(game)
    assert explicit.residual < 1e-14
    account, belief = list(TYPES).index(kind), TYPES[kind]
    compared = 0
    for place, spot in enumerate(spelled.spots):
        if spot.month == MONTHS or game.counts[place] < 2:
            continue
        month = again(solution, spot.month)
        here = month.stations[spot.station][(slice(None), *spot.index, belief, spot.cell)]
        assert explicit.values[:, place] == pytest.approx(here[[account, 2, 3]], abs=1e-12)
        choice = month.choices[spot.station]
        blocks = choice.settler if choice.staller is None or kind == "settler" else choice.staller
        chances = [block[(slice(None), *spot.index, belief, spot.cell)] for block in blocks]
        mine = explicit.chances[game.first[place] : game.first[place + 1]]
        theirs = np.concatenate(chances)
        assert mine == pytest.approx(theirs[theirs > 0], abs=1e-12)
        compared += 1
    assert compared > 100


@pytest.mark.slow
def test_a_private_type_gives_the_values_of_the_engine_on_the_same_beliefs():
    """In this war no typed node has several equilibria; where one has, the two solvers may follow different ones."""
    game = tiny_game(2)
    spelled, solution = spell_calendar(game), ol.solve(game)
    grid = solve_on_grid(spelled.game, BELIEFS)
    assert spelled.game.lift is not None, "the shield of talks costs the patron by the type it expects"
    for place, spot in enumerate(spelled.spots):
        if spot.month < 2 and spelled.game.counts[place] > 1:
            here = again(solution, spot.month).stations[spot.station][
                (slice(None), *spot.index, slice(None), spot.cell)
            ]
            assert grid.values[:, :, place] == pytest.approx(here, abs=1e-7)


@pytest.mark.slow
def test_the_gap_to_exact_beliefs_closes_at_second_order():
    """The tree carries the belief after every history, the engine reads between levels: a quarter for twice as many."""
    game = tiny_game(2)
    spelled = spell_calendar(game)
    exact = solve_exactly(spelled.game, watch=None)
    assert exact.trusted
    gaps = []
    for levels in (9, 17, 33):
        solution = ol.solve(tiny_game(2, tiny_words(beliefs=evenly(levels))))
        choice = again(solution, 0).choices["war.attend"]
        here, cell = levels // 2, start_cell(game)
        gaps.append(
            max(
                abs(float(choice.settler[0][0, here, cell]) - exact.chance(0, "attend", type="settler")),
                abs(float(choice.staller[0][0, here, cell]) - exact.chance(0, "attend", type="staller")),
            )
        )
    assert gaps[-1] < 1e-3
    assert gaps[0] > 10 * gaps[2] > 0, "twice as many levels twice over: sixteen times closer at second order"
