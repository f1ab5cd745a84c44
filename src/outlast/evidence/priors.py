"""Offer the hazards of past settlements as priors for the hazards of a scenario's packages, by guarantee."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from outlast.evidence.hazards import hazards
from outlast.evidence.spells import mission_spells

GUARANTEES = ("none", "soft", "enforceable")
FIRST, LAST = 0.0, 60.0
SOURCE = (
    "Fortna, Does Peacekeeping Work? (2008), spells of civil wars that ended since 1989: {failures} failures in"
    " {months:,.0f} months at risk within {last:.0f} months, {words}, taken for this guarantee by judgement;"
    " 90% interval exact, cases taken as independent"
)
WORDS = {
    "none": "without peacekeepers",
    "soft": "under missions with consent",
    "enforceable": "under missions with a mandate to use force",
}


@dataclass(frozen=True)
class HazardPrior:
    """A monthly hazard of renewed war for one guarantee, in the form of a scenario's number.

    ``value``, ``low`` and ``high`` are chances a month; ``basis`` is *data*, for the count; that a mission stands for
    the guarantee of a package is a judgement, which ``source`` says.
    """

    guarantee: str
    value: float
    low: float
    high: float
    source: str
    basis: str = "data"


def hazard_priors(fortna: pl.DataFrame) -> tuple[HazardPrior, ...]:
    """Return a prior for each guarantee from the tidy table of ``fortna_spells``, over the first 60 months.

    They are of civil wars, and of missions that were sent where someone would send them: see the warnings of
    ``Durability``. A guarantee that no spell stands for has no prior.
    """
    found = hazards(mission_spells(fortna), stretches=((FIRST, LAST),))
    rows = {row["group"]: row for row in found.iter_rows(named=True)}
    return tuple(_prior(name, rows[name]) for name in GUARANTEES if name in rows)


def _prior(guarantee: str, row: dict[str, float]) -> HazardPrior:
    source = SOURCE.format(failures=row["failures"], months=row["months"], last=LAST, words=WORDS[guarantee])
    return HazardPrior(guarantee, row["hazard"], row["low"], row["high"], source)
