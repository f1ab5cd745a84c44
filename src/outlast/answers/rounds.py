"""Answer 1: what the next twelve rounds bring.

Round n is month n - 1. Attendance, signature and nothing are conditional on reaching it at war and without a deal;
null where it cannot be reached so.
"""

from __future__ import annotations

import numpy as np
import polars as pl

from outlast.answers.dates import month_date
from outlast.answers.standpoint import Standpoint, ratio

ROUNDS = 12


def rounds(view: Standpoint) -> pl.DataFrame:
    """Return one row per round: chances that the challenger attends, that a package is signed, that nothing is."""
    count = min(ROUNDS, view.months)
    over = view.over()
    war = view.mix(*(path.begun["war"][:count].sum(axis=1) for path in view.dealless))
    reached = (war * (1 - over)).sum(axis=1)
    talks = view.mix(*(path.through["talks"] for path in view.dealless))[:count]
    signed = view.mix(*(path.through["signed"].sum(axis=-1) for path in view.dealless))[:count]
    attend, deal = ratio(talks, reached), ratio(signed, reached)
    found = pl.DataFrame(
        {
            "round": np.arange(1, count + 1),
            "month": np.arange(count),
            "date": [month_date(view.game.scenario.as_of, m) for m in range(count)],
            "reached": reached,
            "attend": attend,
            "signed": deal,
            "nothing": attend - deal,
            "away": 1 - attend,
            "signed_by": np.cumsum(signed),
        }
    )
    return found.with_columns(pl.col(pl.Float64).fill_nan(None))
