"""How many equilibria there are on each side of the pitchfork of the war of attrition, and which one is followed."""

from __future__ import annotations

import numpy as np
import pytest
from explicit_samples import PITCHFORK, attrition

from outlast.game.explicit import GameError
from outlast.solving.multistart import equilibria_of

PAIRS = {0.8: (0.21752226, 0.5506315), 1: (0.10203705, 0.69315328), 2: (0.00492848, 0.89686526)}
"""By precision: the chances of quitting at the two asymmetric equilibria of the symmetric war, up to who is who."""


def quits(precision: float, prizes: tuple[float, float] = (4, 4)) -> tuple[list[tuple[float, float]], int | None]:
    """Chances of quitting at every equilibrium found, and which the branch leads to."""
    found = equilibria_of(attrition(precision, prizes), starts=24, seed=1)
    assert found.failed <= 2
    rows = [found.game.row_index(at, "quit") for at in ("first", "second")]
    return [(float(c[rows[0]]), float(c[rows[1]])) for c in found.chances], found.principal


@pytest.mark.parametrize(("precision", "count"), [(0.5, 1), (PITCHFORK - 1e-3, 1), (PITCHFORK + 1e-3, 3), (1, 3)])
def test_one_below_the_pitchfork_and_three_above(precision: float, count: int):
    assert len(quits(precision)[0]) == count


@pytest.mark.parametrize("precision", PAIRS)
def test_asymmetric_pairs(precision: float):
    found, principal = quits(precision)
    low, high = PAIRS[precision]
    assert principal is not None
    symmetric = found.pop(principal)
    assert symmetric[0] == pytest.approx(symmetric[1], abs=1e-9), "the branch keeps the symmetry of the game"
    assert sorted(found) == [pytest.approx((low, high), abs=1e-8), pytest.approx((high, low), abs=1e-8)]


def test_asymmetry_selects_the_side_with_the_lower_cost_over_prize():
    found, principal = quits(2, (5, 4))
    assert len(found) == 3
    assert principal is not None
    assert found[principal] == pytest.approx((0.00074756, 0.89960603), abs=1e-8)


def test_what_the_choice_of_equilibrium_matters_is_said():
    found = equilibria_of(attrition(2), starts=24, seed=1)
    assert found.spread == pytest.approx(PAIRS[2][1] - PAIRS[2][0], abs=1e-7)
    passed = np.asarray(found.starts)
    assert passed.sum() + found.failed == 24


def test_undiscounted_play_for_ever_is_refused():
    from outlast.game.explicit import explicit_game, state

    loop = explicit_game(
        state("a", mover="one").action("x", to="a").action("y", to="a", pays={"one": 1}), players=("one",)
    )
    with pytest.raises(GameError, match="no finite sum"):
        equilibria_of(loop)
