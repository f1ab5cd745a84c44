"""Scoring: how good forecasts were, beside forecasts that anybody could have made.

A forecast of an event is a chance; a forecast of a quantity is a set of draws. ``back_test_events`` and
``back_test_values`` make forecasts month by month from nothing but what was known then and score them;
``outlast.scoring.ukraine`` and ``outlast.scoring.mediation`` do so for two sets of data. Lower scores are better.
"""

from __future__ import annotations

from outlast.scoring.backtest import back_test_events, back_test_values, summary, verdict
from outlast.scoring.calibration import calibration
from outlast.scoring.scores import brier_score, crps, interval_score, log_score

__all__ = [
    "back_test_events",
    "back_test_values",
    "brier_score",
    "calibration",
    "crps",
    "interval_score",
    "log_score",
    "summary",
    "verdict",
]
