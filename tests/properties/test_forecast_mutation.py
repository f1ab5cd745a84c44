"""A table of forecasts or of outcomes, spoilt at random, is scored or explained; it is never a traceback."""

from __future__ import annotations

import polars as pl
from hypothesis import given, settings
from hypothesis import strategies as st

from outlast.record.faults import RecordError
from outlast.record.opening import Cells
from outlast.scoring import Board, forecasts_from, outcomes_from, score_forecasts

MONTHS = [f"2025-{month:02}-01" for month in range(1, 9)]
SAID = [
    *[("2025-04-30", month, "attend", "a", "chance", "yes", "0.3") for month in MONTHS[4:]],
    *[("2025-04-30", "2025-05-01", "posture", "a", "chance", word, "0.5") for word in ("surge", "sustain")],
    *[("2025-06-30", "2025-07-01", "land", "b", "quantile", at, value) for at, value in (("0.05", "1"), ("0.95", "3"))],
]
CAME = [
    *[(month, "attend", "yes" if place % 3 else "no", None) for place, month in enumerate(MONTHS)],
    *[(month, "land", str(place / 2), None) for place, month in enumerate(MONTHS)],
    ("2025-05-01", "posture", "surge", "2025-06-02"),
]
HEADS = (["made", "month", "question", "forecaster", "form", "at", "value"], ["month", "question", "outcome", "known"])
JUNK = st.sampled_from(
    [None, "", "yes", "no", "NaN", "inf", "-1", "2", "0.5", "1e400", "2025-02-30", "2025-02-15", "2031-01-01",
     "9999-12-01", "0001-01-01", "chance", "quantile", "attend", "land", "\u00e9", "x" * 300]
)  # fmt: skip


def table(head: list[str], rows: list[tuple[str | None, ...]]) -> Cells:
    """Return rows as the cells of a file."""
    return Cells("file", pl.DataFrame(rows, schema=dict.fromkeys(head, pl.String), orient="row"))


@settings(max_examples=400, deadline=None)
@given(st.data())
def test_it_is_scored_or_it_is_explained(data: st.DataObject):
    tables = [[list(row) for row in rows] for rows in (SAID, CAME)]
    for _ in range(data.draw(st.integers(1, 4))):
        rows = tables[data.draw(st.integers(0, 1))]
        if not rows:
            continue
        row = rows[data.draw(st.integers(0, len(rows) - 1))]
        act = data.draw(st.sampled_from(["spoil", "repeat", "remove"]))
        if act == "spoil":
            row[data.draw(st.integers(0, len(row) - 1))] = data.draw(JUNK)
        elif act == "repeat":
            rows.append(list(row))
        else:
            rows.remove(row)
    said, came = (table(head, [tuple(row) for row in rows]) for head, rows in zip(HEADS, tables, strict=True))
    try:
        found = score_forecasts(forecasts_from(said), outcomes_from(came))
    except RecordError as error:
        faults = error.faults
    else:
        faults = ()
    if faults:
        assert all(fault.rule and fault.remedy for fault in faults)
        return
    assert isinstance(found, Board)
    assert "aseline" in found.lines[0]
    assert found.means["log"].drop_nulls().is_nan().sum() == 0
