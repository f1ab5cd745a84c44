"""The delay dividend and its two parts."""

from __future__ import annotations

import polars as pl
import pytest

from outlast.answers.delay import delay
from outlast.answers.standpoint import Standpoint


@pytest.fixture(scope="module")
def found(small_view: Standpoint) -> pl.DataFrame:
    return delay(small_view)


def gains(found: pl.DataFrame, column: str, months: int) -> dict[str, float]:
    """Return one column by account."""
    return dict(found.filter(months=months).select("account", column).iter_rows())


def test_the_parts_make_the_whole(found: pl.DataFrame):
    assert (found["passage"] + found["selection"] - found["dividend"]).abs().max() < 1e-12
    assert found["selection"].abs().max() > 1e-4, "months without a deal are no average months in this war"


@pytest.mark.parametrize("months", [1, 12])
def test_passage_is_what_the_same_months_bring_where_nobody_may_table(
    months: int, found: pl.DataFrame, small_view: Standpoint
):
    """By hand: every cell and belief of the war that month, weighed by its chance, less the value at the start."""
    passage = gains(found, "passage", months)
    values = small_view.solution.values["war"]
    chances = [path.begun["war"][months] for path in small_view.undealt]
    for kind, account in enumerate(("settler", "staller")):
        then = sum(
            chances[kind][belief, cell] * values[months, kind, belief, cell]
            for belief in range(values.shape[-2])
            for cell in range(values.shape[-1])
        )
        assert passage[account] == pytest.approx(then - small_view.at_start(values[0, kind], kind), abs=1e-12)
    mixed = small_view.mix(passage["settler"], passage["staller"])
    assert passage["challenger"] == pytest.approx(float(mixed))
    public = small_view.mix(*((each * values[months, 2]).sum() for each in chances))
    assert passage["defender"] == pytest.approx(float(public - small_view.at_start(values[0, 2])))
