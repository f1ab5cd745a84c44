"""Offer the hazards of past settlements as priors for the hazards of a scenario's packages, by guarantee."""

from __future__ import annotations

import polars as pl

from outlast.evidence.hazards import hazards
from outlast.evidence.spells import mission_spells
from outlast.record.past_settlements import LAST, HazardPrior, prior_of

GUARANTEES = ("none", "soft", "enforceable")
FIRST = 0.0


def hazard_priors(fortna: pl.DataFrame) -> tuple[HazardPrior, ...]:
    """Return a prior for each guarantee from the tidy table of ``fortna_spells``, over the first 60 months.

    They are of civil wars, and of missions that were sent where someone would send them: see the warnings of
    ``Durability``. A guarantee that no spell stands for has no prior.
    """
    found = hazards(mission_spells(fortna), stretches=((FIRST, LAST),))
    rows = {row["group"]: row for row in found.iter_rows(named=True)}
    return tuple(
        prior_of(
            name,
            failures=rows[name]["failures"],
            months=rows[name]["months"],
            interval=(rows[name]["low"], rows[name]["high"]),
        )
        for name in GUARANTEES
        if name in rows
    )
