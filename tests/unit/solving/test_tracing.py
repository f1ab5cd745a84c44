"""A walk through a typed node ends at an equilibrium, however steep the values are."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from numba import njit

from outlast.solving.lanes import places, prepare, reply
from outlast.solving.tracing import blank_curves, trace
from outlast.solving.vectors import WIDTH, spread, store

LEVELS = np.array([0.0, 0.25, 0.5, 0.75, 1.0])
ACTIONS = 4


@njit
def _walk(values, weight, levels, prior, warm):
    """Return whether a walk found an equilibrium, how far it is from Bayes' rule, and its log odds."""
    actions, count = len(weight), len(levels)
    at = places(2, actions, count)
    x = np.zeros(at.total)
    for level in range(count):
        x[at.level + level] = levels[level]
    for level in range(count - 1):
        gap = levels[level + 1] - levels[level]
        x[at.level + count + level], x[at.level + 2 * count + level] = gap, 1.0 / gap
    for kind in range(2):
        for a in range(actions):
            for level in range(count):
                store(x, at.value + ((kind * actions + a) * count + level) * WIDTH, spread(values[kind, a, level]))
    for a in range(actions):
        for kind in range(2):
            store(x, at.weight + (kind * actions + a) * WIDTH, spread(weight[a]))
        store(x, at.warm + a * WIDTH, spread(warm[a]))
        store(x, at.odds + a * WIDTH, spread(warm[a]))
    prepare(x, at, 1.0)
    found = trace(x, at, 3, prior, blank_curves(actions, count))
    gaps = np.empty(WIDTH)
    odds = np.array([x[at.odds + a * WIDTH + 3] for a in range(actions)])
    store(gaps, 0, reply(x, at, spread(prior), spread(1.0)))
    return found, gaps[3], odds


@settings(max_examples=300, deadline=None)
@given(
    values=hnp.arrays(float, (2, ACTIONS, len(LEVELS)), elements=st.floats(-30, 30, width=32)),
    prior=st.floats(-3, 3),
    shut=st.sets(st.integers(0, ACTIONS - 2)),
    twin=st.booleans(),
)
def test_every_node_has_an_equilibrium_that_the_walk_finds(values, prior, shut, twin):
    weight = np.zeros(ACTIONS)
    weight[list(shut)] = -np.inf
    if twin:
        values[:, 1] = values[:, 2]
        weight[1] = weight[2]
    found, gap, _ = _walk(values, weight, LEVELS, prior, np.full(ACTIONS, prior))
    assert found
    assert gap < 1e-6


def test_of_several_equilibria_the_nearest_is_taken():
    """Two actions, of which the settler likes the one that it is believed to take: three equilibria."""
    values = np.zeros((2, 2, len(LEVELS)))
    values[1, 1] = 16 * (LEVELS - 0.5)
    odds = {}
    for name, warm in (("low", [6.0, -6.0]), ("high", [-6.0, 6.0])):
        found, gap, odds[name] = _walk(values, np.zeros(2), LEVELS, 0.0, np.array(warm))
        assert found
        assert gap < 1e-8
    assert odds["low"][1] < -1 < 0.5 < odds["high"][1] < np.log(2)
