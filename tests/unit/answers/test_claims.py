"""The ledger's readings: what a claim is read off, on tables small enough to check by eye."""

from __future__ import annotations

import math

import numpy as np
import polars as pl
import pytest

from outlast.answers.claims import CLAIMS, as_believed
from outlast.answers.fruitless import fruitless
from outlast.answers.paths import marginals
from outlast.answers.standpoint import Standpoint


def tables(*, belief: float, settler: float, staller: float, holds: float = 0.9) -> dict[str, pl.DataFrame]:
    """A ledger's view of one package that keeps the defender sovereign and has a guarantee with teeth."""
    deal = {
        "package": ["p"],
        "guarantee": ["enforceable"],
        "alliances": ["open"],
        "demilitarised": [False],
        "settler": [settler],
        "staller": [staller],
        "defender": [1.0],
        "patron": [1.0],
        "holds_60": [holds],
        "holds_60_staller": [0.0],
    }
    return {
        "deal_map": pl.DataFrame(deal),
        "paths": pl.DataFrame({"stock": ["belief"], "month": [0], "mean": [belief]}),
    }


def test_types_are_weighed_by_the_belief():
    seen = as_believed(tables(belief=0.25, settler=0.8, staller=0.4))["deal_map"]
    assert seen["staller"].item() == pytest.approx(0.25 * 0.4 + 0.75 * 0.8)
    assert seen["holds_60_staller"].item() == 0.9


@pytest.mark.parametrize(("belief", "holds"), [(0.9, True), (0.1, False)])
def test_what_a_staller_refuses_proves_little_where_a_settler_is_likelier(belief: float, holds: bool):
    """A settler signs, a staller does not: the claim that guarantees with teeth are refused turns with the belief."""
    given = tables(belief=belief, settler=0.95, staller=0.05)
    for claim in ("enforceable", "abandonment"):
        assert (CLAIMS[claim].margin(given, None) > 0) is holds


def test_a_staller_that_signs_is_enough_to_refute():
    given = tables(belief=0.1, settler=0.0, staller=0.95)
    assert not CLAIMS["enforceable"].margin(given, None) > 0


def test_a_peace_that_a_signer_keeps_is_no_pause():
    assert not CLAIMS["pause"].margin(tables(belief=0.5, settler=0.9, staller=0.0, holds=0.9), None) > 0
    assert CLAIMS["pause"].margin(tables(belief=0.5, settler=0.9, staller=0.0, holds=0.1), None) > 0


def test_fruitless_talks_begin_where_everything_begins(small_view: Standpoint):
    found = fruitless(small_view)
    assert found["stock"].unique(maintain_order=True).to_list() == ["territory", "forces", "endurance", "patience"]
    assert found.height == 4 * (small_view.months + 1)
    for stock in ("territory", "patience"):
        first = found.filter((pl.col("stock") == stock) & (pl.col("month") == 0))["mean"].item()
        assert first == pytest.approx(small_view.number(f"stocks.{stock}.start"), abs=1e-9)


def test_nothing_is_signed_in_fruitless_talks(small_view: Standpoint):
    assert max(float(path.begun["peace"].sum()) for path in small_view.undealt) == 0
    assert all(
        path.begun["war"].sum(axis=(1, 2)) == pytest.approx(np.ones(small_view.months + 1))
        for path in small_view.undealt
    )
    assert sum(float(path.begun["peace"].sum()) for path in small_view.free) > 0


def test_war_wears_the_defender_more_than_war_and_peace_do(small_view: Standpoint):
    """Endurance recovers in peace, so the mean over everything is no measure of what time does in war."""
    in_all = marginals(small_view)["endurance"][-1] @ np.asarray(small_view.game.inputs.grid.levels[2])
    in_war = fruitless(small_view).filter(pl.col("stock") == "endurance")["mean"][-1]
    assert in_war < in_all - 0.01


def test_claims_about_time_can_be_read_in_a_war_that_ends_before(small_answers):
    """The small war looks 23 months ahead, and a claim asks about 24: the last month known stands in."""
    for claim in ("front", "thinning", "attention", "manpower", "buys_time"):
        assert math.isfinite(CLAIMS[claim].margin(small_answers.tables, None))
