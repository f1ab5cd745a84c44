"""Signings that a party accepted at a loss: logit's own mistakes, which a small monthly chance adds up to over years.

A party that mixes because it is close to indifferent signs at a loss half the time, and the loss is next to nothing;
the share above a hundredth of the prize says how often it matters.
"""

from __future__ import annotations

import numpy as np
import polars as pl

from outlast.answers.losses import MATERIAL
from outlast.answers.standpoint import Standpoint

ROLES = (("challenger", None), ("defender", 2), ("patron", 3))

COLUMNS = {
    "party": pl.String,
    "label": pl.String,
    "share": pl.Float64,
    "share_material": pl.Float64,
    "material": pl.Float64,
    "signings": pl.Float64,
}


def mistakes(view: Standpoint) -> pl.DataFrame:
    """Return, per party, the share of five years' signings at which it would have been better off without.

    The shares are null where nothing can be signed.
    """
    signed = np.array([path.through["signed"].sum() for path in view.free])
    lost = np.stack([own.sum(axis=0) for own in view.lost])
    prior = np.array([1 - view.prior, view.prior])
    total = float(prior @ signed)
    rows = []
    for role, account in ROLES:
        by_type = np.stack([lost[kind][:, kind if account is None else account] for kind in (0, 1)])
        any_loss, material = (float(loss) / total if total > 0 else None for loss in prior @ by_type)
        party = view.game.labels.parties[role]
        rows.append((party, f"Signings {party} accepted at a loss", any_loss, material, MATERIAL, total))
    return pl.DataFrame(rows, schema=COLUMNS, orient="row")
