"""Baselines and back-tests: what a forecaster may see, what it says, and who is said to win."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest

from outlast.scoring import back_test_events, back_test_values, summary, verdict
from outlast.scoring.backtest import Timing
from outlast.scoring.baselines import (
    base_rate,
    climatology,
    constant,
    last_value,
    past_changes,
    persistence,
    recent_changes,
    war_ends,
)

YES, NO = True, False


def test_base_rate_and_persistence_by_hand():
    past = np.array([YES, YES, NO, NO, NO])
    assert base_rate(past) == 2.5 / 6
    assert persistence()(past) == 1 - 3.5 / 5  # three of four months repeated the one before, and the last was no
    assert persistence(2)(past) == pytest.approx(1 - 1.5 / 4)
    assert persistence()(past[:0]) == 0.5
    assert constant(0.2)(past) == 0.2


def test_wars_end_at_one_hazard_to_three_years_and_another_after():
    wars = pl.DataFrame({"months": [6.0, None, 30.0, 56.0]})
    young, old = 2 / (6 + 30 + 36), 1 / 20
    forecast = war_ends(wars)
    assert forecast(np.zeros(35, bool)) == pytest.approx(1 - np.exp(-young))
    assert forecast(np.zeros(36, bool)) == pytest.approx(1 - np.exp(-old))
    assert war_ends(wars, months_before=1)(np.zeros(35, bool)) == pytest.approx(1 - np.exp(-old))


def test_forecasts_of_values_by_hand():
    past = np.array([1.0, 2.0, 4.0])
    assert last_value(past).tolist() == [4]
    assert past_changes(1)(past).tolist() == [5, 6]
    assert past_changes(2)(past).tolist() == [7]
    assert past_changes(3)(past).tolist() == [4]
    assert recent_changes(1, window=1)(past).tolist() == [6]
    assert climatology(past).tolist() == [1, 2, 4]


@pytest.mark.parametrize("timing", [Timing(), Timing(ahead=3), Timing(lag=2), Timing(ahead=2, lag=1, warm_up=4)])
def test_a_forecaster_sees_only_what_was_known(timing: Timing):
    """Each forecast is of its month, and made from the months that had ended, less the delay of the data."""
    seen = []

    def spy(past: np.ndarray) -> np.ndarray:
        seen.append(past.tolist())
        return past[-1:]

    values = list(np.arange(20.0))
    found = back_test_values(range(20), values, {"spy": spy}, timing=timing)
    assert len(seen) == found.height
    for past, month in zip(seen, found["month"], strict=True):
        assert past == values[: month - timing.ahead - timing.lag + 1]
        assert len(past) >= timing.warm_up
    assert found["month"][-1] == 19


def test_events_are_scored_month_by_month():
    found = back_test_events("abc", [YES, NO, YES], {"half": constant(0.5)}, timing=Timing(warm_up=1))
    assert found.select("month", "happened", "brier").rows() == [("b", NO, 0.25), ("c", YES, 0.25)]


def test_values_are_scored_with_intervals():
    found = back_test_values("abc", [1.0, 2.0, 4.0], {"last": last_value}, timing=Timing(warm_up=2))
    (row,) = found.iter_rows(named=True)
    assert (row["value"], row["mean"], row["error"], row["crps"]) == (4, 2, 2, 2)
    assert (row["interval_90"], row["inside_90"]) == (pytest.approx(20 * 2), NO)


def test_summary_puts_the_best_first():
    scored = back_test_events(
        range(4), [YES] * 4, {"bad": constant(0.1), "good": constant(0.9)}, timing=Timing(warm_up=1)
    )
    assert summary(scored)["forecaster"].to_list() == ["good", "bad"]
    assert summary(scored)["forecasts"].to_list() == [3, 3]


def means(**scores: tuple[float, float]) -> pl.DataFrame:
    """Make a table of mean log and Brier scores."""
    rows = [(name, 10, log, brier) for name, (log, brier) in scores.items()]
    return pl.DataFrame(rows, schema=["forecaster", "forecasts", "log", "brier"], orient="row")


def test_the_first_line_says_that_a_baseline_wins():
    table = means(rate=(0.3, 0.1), model=(0.4, 0.2))
    assert verdict(table, ours=["model"]) == (
        "A baseline wins: rate, mean log score 0.3 over 10 forecasts; model has 0.4."
    )
    assert verdict(table).endswith("no forecast of ours is in this table.")


def test_the_first_line_says_that_ours_wins_and_against_whom():
    table = means(model=(0.2, 0.05), rate=(0.3, 0.1))
    assert verdict(table, ours=["model"]) == "model wins, mean log score 0.2 over 10 forecasts; rate has 0.3."


def test_a_draw_goes_to_the_baseline():
    assert verdict(means(model=(0.3, 0.1), rate=(0.3, 0.1)), ours=["model"]).startswith("A baseline wins: rate")


def test_the_first_line_tells_where_the_second_score_disagrees():
    table = means(rate=(0.3, 0.1), model=(0.4, 0.05))
    assert verdict(table, ours=["model"]).endswith("; by Brier score model wins.")
