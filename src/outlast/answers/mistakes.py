"""Signings that a party accepted at a loss: logit's own mistakes, which a small monthly chance adds up to over years."""

from __future__ import annotations

import numpy as np
import polars as pl

from outlast.answers.standpoint import Standpoint


def mistakes(view: Standpoint) -> pl.DataFrame:
    """Return, per party, the share of signings over five years at which it would have been better off without."""
    signed = np.array([path.through["signed"].sum() for path in view.free])
    lost = np.stack([path.losses.sum(axis=0) for path in view.free])
    prior = np.array([1 - view.prior, view.prior])
    total = max(float(prior @ signed), 1e-300)
    parties = view.game.labels.parties
    challenger = float((prior * np.array([lost[0, 0], lost[1, 1]])).sum()) / total
    rows = [(parties["challenger"], "challenger", challenger)]
    rows += [(parties[role], role, float(prior @ lost[:, account]) / total) for role, account in (("defender", 2), ("patron", 3))]
    return pl.DataFrame(
        {
            "party": [r[0] for r in rows],
            "label": [f"Signings {r[0]} accepted at a loss" for r in rows],
            "share": [r[2] for r in rows],
            "signings": [total] * 3,
        }
    )
