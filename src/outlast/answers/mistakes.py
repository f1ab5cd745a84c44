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


def mistakes(view: Standpoint) -> pl.DataFrame:
    """Return, per party, the share of five years' signings at which it would have been better off without."""
    signed = np.array([path.through["signed"].sum() for path in view.free])
    lost = np.stack([own.sum(axis=0) for own in view.lost])
    prior = np.array([1 - view.prior, view.prior])
    total = max(float(prior @ signed), 1e-300)
    rows = []
    for role, account in ROLES:
        by_type = np.stack([lost[kind][:, kind if account is None else account] for kind in (0, 1)])
        any_loss, material = (prior @ by_type) / total
        party = view.game.labels.parties[role]
        rows.append((party, f"Signings {party} accepted at a loss", float(any_loss), float(material), MATERIAL, total))
    return pl.DataFrame(
        rows, schema=["party", "label", "share", "share_material", "material", "signings"], orient="row"
    )
