"""Of fewer than sixteen effective draws a fit and a forecast give no range, and say so."""

from __future__ import annotations

import datetime
from types import SimpleNamespace
from typing import Any

import numpy as np
import polars as pl
import pytest

from outlast.answers.intervals import FEWEST
from outlast.learning import study
from outlast.learning.draws import Ranges
from outlast.learning.filter import Filtered
from outlast.learning.forecast import Ahead, forecast_tables
from outlast.learning.posterior import Posterior
from outlast.reporting import learned
from outlast.scenario.prior import Spread

MONTHS = 3
EVIDENCE: Any = SimpleNamespace(
    months=MONTHS, start=datetime.date(2030, 3, 1), setting=SimpleNamespace(packages=("one",)), moves=(), readings=()
)
LEVELS = {"territory": np.array([0.2, 0.4])}


def posterior(draws: int, *, copies: int = 0) -> Posterior:
    """Return so many even draws, some of them copies of the first."""
    points = np.linspace(0.1, 0.9, draws)[:, None]
    points[1 : 1 + copies] = points[0]
    filters = [Filtered(0.0, np.full(MONTHS, p), np.zeros(MONTHS), np.zeros(MONTHS), {}, None, 0.5)
               for p in points[:, 0]]  # fmt: skip
    even = np.full(draws, 1 / draws)
    ranges = Ranges((Spread("pace", 0.0, 0.5, 1.0),))
    return Posterior(ranges, points, [None] * draws, filters, even, float(draws), 0.0)  # pyright: ignore


@pytest.mark.parametrize(("draws", "copies", "ranged"), [(16, 0, True), (15, 0, False), (20, 19, False)])
def test_ranges_take_sixteen_effective_draws(draws: int, copies: int, ranged: bool):
    found = posterior(draws, copies=copies)
    assert found.ranged is ranged
    assert FEWEST == 16
    index, numbers = study._index(found, EVIDENCE), study._numbers(found)
    for table, columns in ((index, ("low", "high")), (numbers, ("q05", "q25", "q75", "q95"))):
        for column in columns:
            assert table.schema[column] == pl.Float64
            assert table[column].is_null().all() == (not ranged)
    assert index["staller"].null_count() == numbers["q50"].null_count() == numbers["moved"].null_count() == 0


@pytest.mark.parametrize("ranged", [True, False])
def test_a_forecast_gives_ends_where_enough_draws_tell(ranged: bool):
    flat = np.full(2, 0.3)
    each = Ahead(flat, flat, flat[:, None], flat, flat, flat, flat, np.full((2, 3), 0.2), np.full((2, 2), 0.5), 0.5)
    found = forecast_tables([each] * 20, np.full(20, 0.05), EVIDENCE, LEVELS, ranged=ranged)["months"]
    ends = [name for name in found.columns if name.endswith(("_low", "_high"))]
    assert len(ends) == 14
    for name in ends:
        assert found.schema[name] == pl.Float64
        assert found[name].is_null().all() == (not ranged)
    assert found["attend"].to_list() == pytest.approx([0.3, 0.3])


@pytest.mark.parametrize("draws", [15, 16])
def test_words_and_page_say_that_there_are_too_few(draws: int):
    found = posterior(draws)
    few = draws < FEWEST
    rows = pl.DataFrame({"date": [datetime.date(2030, 3, 5)], "words": ["challenger: attend"], "moved": [0.4],
                         "moved_low": [None if few else 0.1], "moved_high": [None if few else 0.6],
                         "loglikelihood": [-0.3]},
                        schema_overrides={"moved_low": pl.Float64, "moved_high": pl.Float64})  # fmt: skip
    tables = {
        "index": study._index(found, EVIDENCE), "numbers": study._numbers(found), "rows": rows,
        "stocks": pl.DataFrame({"stock": ["territory"], "mean": [0.3], "q05": [0.2], "q95": [0.4]}),
        "checks": pl.DataFrame({"check": ["a"], "observed": [0.1], "expected": [0.1], "low": [0.0], "high": [0.2],
                                "weight": [3.0], "passed": [True]}),
    }  # fmt: skip
    made = {"title": "A war", "rounds": 0, "rows": 3, "rows_by_confidence": 2.5, "effective": found.effective,
            "effective_prior": found.effective, "draws": draws, "draws_for_ranges": FEWEST, "months": MONTHS,
            "as_of": "2030-03-01", "seed": 1, "hash": "0" * 64}  # fmt: skip
    said = learned.reading(tables, made, kind="fit")
    page = learned.page(tables, made, kind="fit")
    assert ("too few for ranges, which take 16" in said) is few
    assert ("in nine draws of ten" in said) is not few
    assert ("Too few draws are effective for a band." in page) is few
    assert "None" not in page
    assert "nan" not in said
