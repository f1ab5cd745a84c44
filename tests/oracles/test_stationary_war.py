"""The stationary equilibrium of a tiny war, against a calendar so long that its end no longer matters.

Nothing may depend on the month: recruits that run out and costs that add up are switched off. Peaces are not compared
where the challenger already holds the whole prize: no play leads there, and keeping the peace and attacking are two
equilibria.
"""

from __future__ import annotations

import numpy as np
import pytest

import outlast as ol
from outlast.solving.stationary_war import solve_stationary_war
from tiny import tiny_words

pytestmark = pytest.mark.slow


def test_a_long_calendar_begins_with_the_stationary_values():
    scenario = ol.read(tiny_words()).with_packages(["soft_neutrality"])
    scenario = scenario.neutralised("manpower").neutralised("aspiration")
    game = ol.compile(scenario, resolution="standard", months=12)
    routes = [solve_stationary_war(game, route=route) for route in ("noise", "months")]
    long = ol.solve(ol.compile(scenario, resolution="standard", months=1500), window=3)
    partly = np.asarray(game.inputs.grid.highest("territory")) == 0
    for found in routes:
        assert found.reached, found.outcome
        assert found.residual < 1e-8
        assert found.values["war"] == pytest.approx(long.values["war"][0], abs=1e-7)
        assert found.values["peace"][..., partly] == pytest.approx(long.values["peace"][0][..., partly], abs=1e-7)
