"""Every figure of every published model of the gallery is reached within its stated tolerance."""

from __future__ import annotations

import math
from functools import cache

import pytest

from outlast.gallery import MODELS, Row, model, rows_of
from outlast.gallery.row import switch

ROWS = {
    "centipede": 20,
    "attrition": 36,
    "chain_store": 14,
    "in_months": 34,
    "rubinstein": 17,
    "powell": 5,
    "fearon": 16,
    "forts": 32,
    "abreu_gul": 15,
    "rearmament": 3,
    "lewis_schultz": 24,
    "audience_costs": 14,
}
"""Figures by model: a figure that is no longer compared is noticed."""


@cache
def table(name: str) -> tuple[Row, ...]:
    """Solve a model once."""
    return tuple(rows_of(name))


@pytest.mark.slow
@pytest.mark.parametrize(("name", "place"), [(name, i) for name, count in ROWS.items() for i in range(count)])
def test_figure(name: str, place: int):
    row = table(name)[place]
    assert row.holds, f"{row.quantity}: published {row.published}, ours {row.ours}, tolerance {row.tolerance}"


@pytest.mark.slow
@pytest.mark.parametrize("name", MODELS)
def test_number_of_figures(name: str):
    assert len(table(name)) == ROWS[name]
    assert len({row.quantity for row in table(name)}) == ROWS[name], "no two rows are called alike"


@pytest.mark.slow
def test_signs():
    """What the texts say in words: who may lose later fights now, and a larger hazard makes stalling free for more."""
    from outlast.gallery.abreu_gul import waits
    from outlast.gallery.attrition import game
    from outlast.gallery.fearon import refused
    from outlast.gallery.powell import Shift, fights
    from outlast.solving.explicit import solve_explicit

    assert [fights(Shift(hazard=h)) for h in (0.01, 0.1, 0.2, 0.3, 0.6, 1.0)] == [False] * 3 + [True] * 3
    assert [fights(Shift(destroyed=c)) for c in (0.1, 0.2, 0.3, 0.4)] == [True, True, False, False]
    assert [waits(0.4, h) for h in (0.02, 0.06, 0.1, 0.2)] == [False, False, True, True]
    assert [waits(offer, 0.1) for offer in (0.2, 0.4, 0.5, 0.6)] == [True, True, False, False]
    assert refused(0.6, 0.5, 0.2) > refused(0.6, 0.5, 0.4) > 0
    first, second = (solve_explicit(game(2, prizes)).chance("first", "quit") for prizes in ((5, 4), (4, 5)))
    assert first < 0.01 < 0.5 < second, "the side with the lower cost for its prize does not quit"


def test_a_wrong_figure_does_not_hold():
    assert not Row("off", 1.0, 1.1, 0.05).holds
    assert not Row("no number", 1.0, math.nan, 0.05).holds
    assert Row("near", 1.0, 1.04, 0.05).holds


def test_a_switch_that_is_not_there_is_no_number():
    assert switch(lambda x: x > 0.3, 0, 1) == pytest.approx(0.3, abs=1e-8)
    assert math.isnan(switch(lambda x: x > 2, 0, 1))


def test_an_unknown_model_is_answered_with_the_nearest():
    with pytest.raises(KeyError, match="did you mean 'rubinstein'"):
        model("rubinstien")
