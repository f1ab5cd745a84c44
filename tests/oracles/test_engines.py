"""The compiled loops against the same equations in JAX, on a small war.

Both certify their solutions. Where a node has several equilibria they may follow different ones: in this war that first
happens twelve months before the end, and from there one state in a hundred carries another value.
"""

from __future__ import annotations

import jax
import numpy as np
import pytest

import outlast as ol
from outlast.game import resolution
from outlast.solving.calendar import sweep
from outlast.solving.solution import precise, to_device

pytestmark = pytest.mark.slow
ALIKE = 10
"""Months before the end in which every node of the war is followed alike."""
ELSEWHERE = 0.02
"""Largest share of values that may belong to another equilibrium over the whole calendar."""


@pytest.fixture(scope="module")
def both() -> tuple[dict[str, np.ndarray], dict[str, np.ndarray]]:
    """Values by month of the same war, from the loops and from JAX, with every axis thinned out.

    On the coarse grid the first node with several equilibria comes in the second month from the end, with a tenth of
    the states following it at the start and both solutions certified; a thinner grid compares more.
    """
    with pytest.MonkeyPatch.context() as thinner:
        thinner.setattr(resolution, "FEW", 2)
        return solve_both()


def solve_both() -> tuple[dict[str, np.ndarray], dict[str, np.ndarray]]:
    game = ol.compile(ol.read("starter").with_resolution("coarse").with_months(24))
    loops = ol.solve(game)
    window = len(loops.values["war"])
    with precise():
        other = sweep(game.rules, to_device(game.inputs), months=game.shape.months, window=window)
        return loops.values, jax.tree.map(np.asarray, other.kept.values)


@pytest.mark.parametrize("station", ["war", "peace"])
def test_loops_and_jax_agree_where_they_follow_one_equilibrium(both, station: str) -> None:
    loops, other = both
    assert abs(loops[station][-ALIKE:] - other[station][-ALIKE:]).max() < 1e-6


@pytest.mark.parametrize("station", ["war", "peace"])
def test_loops_and_jax_agree_in_all_but_a_few_states(both, station: str) -> None:
    loops, other = both
    assert (abs(loops[station] - other[station]) > 1e-6).mean() < ELSEWHERE
