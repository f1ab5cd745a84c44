"""Set side by side what past settlements say of durability: hazards, shares at peace, ratios, and warnings."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import polars as pl

from outlast.evidence.hazards import hazards
from outlast.evidence.spells import agreement_spells, ending_spells, mission_spells
from outlast.evidence.survival import hazard_ratios, still_at_peace

HARDNESS = ("wartype", "logdead", "wardur", "faction", "contraband", "infst", "past_ag")
"""Controls of the codebook that are known for every spell since 1989: what makes a peace hard to keep."""

EXPLANATIONS: dict[str, tuple[str, ...]] = {
    "peacekeepers alone": ("peacekeeping",),
    "how the war ended": ("peacekeeping", "victory", "treaty"),
    "how the war ended and how hard the case was": ("peacekeeping", "victory", "treaty", *HARDNESS),
    "the same, and the size of the army": ("peacekeeping", "victory", "treaty", *HARDNESS, "garm"),
    "by kind of mission, all controls": ("consent", "enforcement", "victory", "treaty", *HARDNESS),
}
"""Competing explanations of the same spells: from one cause to many."""

PROVISIONS = {
    "a cease-fire clause alone": ("cease",),
    "a peacekeeping clause alone": ("pko",),
    "clauses together": ("cease", "pko", "shagov", "aut", "ddr"),
}
"""Explanations of the length of UCDP's agreements by their clauses."""

WARNINGS = (
    "Guarantees are not dealt out by lot. Peacekeepers go where peace is hardest to keep, so without controls they look"
    " weaker than they are; what the controls miss still hides in the ratios.",
    "Clauses are not guarantees. A cease-fire clause goes with a higher hazard because it is written where fighting has"
    " not stopped; it does not break the peace.",
    "Enforceable guarantees that nobody would sign are not in the data: what was signed and held says little of what"
    " would hold if it were signed.",
    "These are civil wars, and missions rather than a patron's promise to fight. Between states the strongest"
    " guarantees are alliances, which are not in these files.",
    "UCDP calls a fight ended after a quiet year, so its endings have no failures in the first twelve months; their"
    " hazards and shares begin after it.",
    "Cases of one country hang together. The exact intervals of hazards take them as independent; the clustered ones,"
    " and those of ratios, do not.",
)


@dataclass(frozen=True)
class Durability:
    """What past settlements say.

    ``hazards``: ``source``, ``group``, stretch, failures, months at risk, monthly hazard with a 90% interval.
    ``shares``: ``source``, ``group``, ``month``, share still at peace with a 90% interval.
    ``ratios``: ``source``, ``explanation``, ``covariate``, hazard ratio with a 90% interval, rows and failures.
    ``warnings`` belong to every one of them.
    """

    hazards: pl.DataFrame = field(repr=False)
    shares: pl.DataFrame = field(repr=False)
    ratios: pl.DataFrame = field(repr=False)
    warnings: tuple[str, ...] = WARNINGS


def durability(fortna: pl.DataFrame, agreements: pl.DataFrame, endings: pl.DataFrame) -> Durability:
    """Return the evidence from the tidy tables of ``fortna_spells``, ``ucdp_agreements`` and ``ucdp_terminations``."""
    spells = {
        "Fortna, missions since 1989": mission_spells(fortna),
        "UCDP, agreements": agreement_spells(agreements),
        "UCDP, endings of episodes": ending_spells(endings),
    }
    return Durability(
        hazards=_stacked({name: hazards(each) for name, each in spells.items()}, "source"),
        shares=_stacked({name: still_at_peace(each) for name, each in spells.items()}, "source"),
        ratios=pl.concat([mission_ratios(fortna), clause_ratios(agreements)]),
    )


def mission_ratios(fortna: pl.DataFrame) -> pl.DataFrame:
    """Return Cox hazard ratios of Fortna's spells since 1989 under each of the competing explanations."""
    spells = fortna.filter("after_1989").with_columns(start="from_day", stop="to_day")
    fits = {name: hazard_ratios(spells, covariates) for name, covariates in EXPLANATIONS.items()}
    return _stacked(fits, "explanation").insert_column(0, pl.lit("Fortna, missions since 1989").alias("source"))


def clause_ratios(agreements: pl.DataFrame) -> pl.DataFrame:
    """Return Cox hazard ratios of UCDP's agreements by their clauses, clustered by conflict."""
    clauses = sorted({name for names in PROVISIONS.values() for name in names})
    spells = agreement_spells(agreements, carried=clauses)
    fits = {name: hazard_ratios(spells, covariates) for name, covariates in PROVISIONS.items()}
    return _stacked(fits, "explanation").insert_column(0, pl.lit("UCDP, agreements").alias("source"))


def _stacked(tables: dict[str, pl.DataFrame], column: str) -> pl.DataFrame:
    named: Sequence[pl.DataFrame] = [
        table.insert_column(0, pl.Series(column, [name] * table.height, dtype=pl.String))
        for name, table in tables.items()
    ]
    return pl.concat(named)
