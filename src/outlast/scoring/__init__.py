"""Scoring: how good forecasts were, beside forecasts that anybody could have made.

A forecast of an event is a chance; a forecast of a quantity is a set of draws. ``back_test_events`` and
``back_test_values`` make forecasts month by month from nothing but what was known then and score them.
``score_forecasts`` holds a table of forecasts that somebody made against what came. Lower scores are better.
"""

from __future__ import annotations

from outlast.scoring.backtest import back_test_events, back_test_values, summary, verdict
from outlast.scoring.board import Board, score_forecasts
from outlast.scoring.calibration import calibration
from outlast.scoring.forecasts import Forecasts, forecasts_from, read_forecasts
from outlast.scoring.outcomes import Outcomes, outcomes_from, outcomes_of_record, read_outcomes
from outlast.scoring.scores import brier_score, crps, interval_score, log_score, quantile_score

__all__ = [
    "Board",
    "Forecasts",
    "Outcomes",
    "back_test_events",
    "back_test_values",
    "brier_score",
    "calibration",
    "crps",
    "forecasts_from",
    "interval_score",
    "log_score",
    "outcomes_from",
    "outcomes_of_record",
    "quantile_score",
    "read_forecasts",
    "read_outcomes",
    "score_forecasts",
    "summary",
    "verdict",
]
