"""Guarantees: what honouring and reneging cost, by what was promised."""

from __future__ import annotations

import numpy as np
import pytest

from outlast.game.mechanisms.guarantees import ENFORCEABLE, NONE, SOFT

from .small import at, grid, law


def after_reneging(**numbers: object) -> np.ndarray:
    """Return the mean patience after reneging, by guarantee and by level before."""
    on = grid()
    matrix = law("guarantees", **numbers).after_reneging(on, np.asarray([NONE, SOFT, ENFORCEABLE]))
    return np.asarray(matrix) @ np.asarray(on.levels[3])


def test_honouring_costs_more_the_less_patience_is_left():
    on = grid()
    cost = np.asarray(law("guarantees").honouring(on))
    for patience, expected in ((1.0, 0.02), (0.5, 0.04), (0.25, 0.05), (0.0, 0.06)):
        np.testing.assert_allclose(cost[at(on, patience=patience)], expected)


def test_without_a_slope_honouring_costs_the_same_at_any_patience():
    assert np.ptp(np.asarray(law("guarantees", honour_cost_slope=0.0).honouring(grid()))) == 0


def test_reneging_costs_patience_by_what_was_promised():
    np.testing.assert_allclose(
        after_reneging(), [[0.0, 0.25, 0.5, 1.0], [0.0, 0.15, 0.4, 0.9], [0.0, 0.0, 0.25, 0.75]], atol=1e-15
    )


@pytest.mark.parametrize("kind", [NONE, SOFT, ENFORCEABLE])
def test_each_column_acts_on_its_own_guarantee_alone(kind: int):
    usual = (0.0, 0.1, 0.25)
    dearer = tuple(loss + 0.1 * (i == kind) for i, loss in enumerate(usual))
    change = after_reneging(renege_patience=dearer) - after_reneging(renege_patience=usual)
    assert (change[kind] <= 0).all()
    assert (change[kind] < -0.05).any()
    assert not np.delete(change, kind, axis=0).any()


def test_patience_lost_by_reneging_stops_at_zero():
    assert after_reneging(renege_patience=(1.0, 1.0, 1.0)).max() == 0
