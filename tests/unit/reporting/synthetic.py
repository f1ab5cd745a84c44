"""Make answer tables that look like a real run, without running anything.

The numbers have the shapes and sizes of the Geneva talks. They are invented and mean nothing.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Any

import numpy as np
import polars as pl

from .synthetic_numbers import assumptions, sensitivity

TABLES = (
    "headlines", "rounds", "delay", "deal_map", "durability", "paths", "phases", "distribution", "samples",
    "type_test", "offers", "stall", "claims", "assumptions", "certificate", "mistakes", "past_settlements",
    "sensitivity",
)  # fmt: skip
PARTIES = {"challenger": "Russia", "defender": "Ukraine", "patron": "United States"}
TERMS = [
    ("bare_line", "Cease-fire on today's line, nothing else", "none", "current", "open", False, "none"),
    ("soft_line", "Today's line, soft guarantee", "soft", "current", "open", False, "none"),
    ("soft_phased", "Today's line, soft guarantee, phased relief", "soft", "current", "open", False, "phased"),
    ("soft_full", "Today's line, soft guarantee, full relief", "soft", "current", "denied", False, "full"),
    ("teeth_line", "Today's line, enforceable guarantee", "enforceable", "current", "open", False, "none"),
    ("teeth_phased", "Today's line, enforceable, phased relief", "enforceable", "current", "denied", False, "phased"),
    ("teeth_full", "Today's line, enforceable, full relief", "enforceable", "current", "denied", False, "full"),
    ("neutral_line", "Neutrality on today's line", "none", "current", "denied", False, "phased"),
    ("neutral_soft", "Neutrality with a soft guarantee", "soft", "current", "denied", False, "phased"),
    ("cession", "Cession of the whole Donbas, soft guarantee", "soft", "cession", "denied", False, "full"),
    ("istanbul", "Istanbul 2022 terms", "none", "rollback", "denied", True, "full"),
    ("rollback", "Return to the line of February 2022", "enforceable", "rollback", "open", False, "phased"),
    ("capitulation", "Capitulation", "none", "cession", "denied", True, "full"),
    ("freeze", "Freeze with peacekeepers", "enforceable", "current", "open", False, "full"),
]
CLAIMS = [
    ("next_round", 3, "The next talks will end as these did", ""),
    ("patience", 3, "Russia is running out the clock on American patience", "patience"),
    ("styles", 4, "One side wants results, the other is at ease without", "styles"),
    ("shield", 4, "Talks are a reason to hold back aid and punishment", "talks_shield"),
    ("abandonment", 4, "Russia settles only if the deal signals abandonment", "alignment"),
    ("buys_time", 4, "Talks cost Russia nothing but buy time", "styles"),
    ("front", 4, "Russian forces grind slowly forward", "front"),
    ("thinning", 4, "Ukraine's front-line units thin", "endurance"),
    ("attention", 10, "Western attention drifts", "patience"),
    ("manpower", 6, "Russia refills its ranks", "manpower"),
    ("insulation", 6, "Russian cities are untouched, so there is no pressure", "home_front"),
    ("win", 7, "The war must end in something that looks like a win", "aspiration"),
    ("pause", 9, "A deal that leaves Ukraine sovereign is a pause", "resumption"),
    ("soft", 10, "Soft guarantees are accepted and used", "guarantees"),
    ("enforceable", 10, "Guarantees with teeth are rejected", "guarantees"),
]


@dataclass(frozen=True)
class Synthetic:
    """Answers made of nothing but tables."""

    tables: dict[str, pl.DataFrame]
    verdict: tuple[str, str, str]
    record: dict[str, Any]
    parties: dict[str, str]
    labels: dict[str, Any] = field(default_factory=dict)


def answers(
    *, packages: int = 14, draws: int = 256, zone: bool = True, patron: bool = True, seed: int = 4, name: str = ""
) -> Synthetic:
    """Make a full set of tables; `draws=0` leaves every range empty, `name` replaces the challenger's name."""
    source = np.random.default_rng(seed)
    parties = PARTIES | ({"challenger": name} if name else {})
    terms = _terms(packages)
    deals = _deals(terms, source=source, zone=zone, patron=patron)
    tables = {
        "headlines": _headlines(),
        "rounds": _rounds(),
        "delay": _delay(parties),
        "past_settlements": _past(terms),
        "deal_map": deals,
        "durability": _durability(terms),
        "paths": _paths(),
        "phases": _phases(),
        "distribution": _distribution(),
        "samples": _samples(source),
        "type_test": _type_test(),
        "offers": _offers(terms, source=source),
        "stall": _stall(),
        "claims": _claims(source),
        "assumptions": assumptions(source),
        "certificate": _certificate(),
        "mistakes": _mistakes(parties),
    }
    tables["sensitivity"] = sensitivity(tables["assumptions"], source=source)
    if not draws:
        kept = ("assumptions", "sensitivity")
        tables = {key: table if key in kept else _without_ranges(table) for key, table in tables.items()}
    who = parties["challenger"]
    verdict = (
        f"Delay works for {who}: a year of fruitless talks is worth +2.1% of the prize to it (+0.6% to +3.9%) and "
        "costs Ukraine 3.4% (1.8% to 5.2%).",
        "The next round ends with nothing with a chance of 94% (88% to 98%), and 61% (44% to 78%) of the futures "
        "see no deal in twelve rounds.",
        "No package that all three would sign holds for five years with a chance of 80%: the best signed and lasting "
        "deal is the freeze with peacekeepers, at 9% (3% to 17%).",
    )
    record = {
        "version": "0.1.0", "seed": 7, "draws": draws, "title": "Geneva, February 2026", "name": "geneva",
        "hash": "3f1c9a5be7d24c0a8e6f9b1d2c3a4f5e60718293a4b5c6d7e8f9a0b1c2d3e4f5", "as_of": "2026-02-18",
        "resolution": "standard", "cells": 4725, "months": 120, "seconds": 41.3,
        "trust": "The answers move by 0.031 on a finer grid, which is more than the limit of 0.020.",
    }  # fmt: skip
    return Synthetic(tables, verdict, record, parties)


def _without_ranges(table: pl.DataFrame) -> pl.DataFrame:
    empty = [c for c in table.columns if c in ("low", "high") or c.endswith(("_low", "_high"))]
    empty += [c for c in ("share",) if c in table.columns and "claim" in table.columns]
    counted = [c for c in ("held", "draws") if c in table.columns and "share" in empty]
    uncounted = [pl.lit(0, dtype=pl.Int64).alias(c) for c in counted]
    return table.with_columns([*(pl.lit(None, dtype=pl.Float64).alias(c) for c in empty), *uncounted])


def _terms(packages: int) -> list[tuple[Any, ...]]:
    terms = list(TERMS)
    while len(terms) < packages:
        slug, title, *rest = TERMS[len(terms) % len(TERMS)]
        terms.append((f"{slug}_{len(terms)}", f"{title}, variant {len(terms)}", *rest))
    return terms[:packages]


def _around(value: float, *, width: float) -> tuple[float, float, float]:
    return value, max(0.0, value - width), min(1.0, value + width)


def _headlines() -> pl.DataFrame:
    rows = [
        ("nothing_next", "Next round ends with nothing", "chance", 0.94, 0.88, 0.98),
        ("no_deal_year", "No deal in twelve rounds", "chance", 0.61, 0.44, 0.78),
        ("delay_challenger", "What a year of fruitless talks is worth to Russia", "prize", 0.021, 0.006, 0.039),
        ("delay_defender", "What it is worth to Ukraine", "prize", -0.034, -0.052, -0.018),
        ("delay_patron", "What it is worth to the United States", "prize", -0.012, -0.02, -0.003),
        ("best_deal", "Best chance that a deal is signed and lasts five years", "chance", 0.09, 0.03, 0.17),
        ("durable", "Packages in the durable zone", "packages", 0, 0, 1),
        ("months_to_deal", "Median time to a deal", "months", 19.0, 11.0, 34.0),
        ("belief", "Belief that Russia is a staller", "chance", 0.75, 0.6, 0.9),
        ("bits", "What the next round can reveal about Russia's type", "bits", 0.013, 0.004, 0.031),
    ]
    return pl.DataFrame(rows, schema=["key", "label", "unit", "value", "low", "high"], orient="row")


def _rounds() -> pl.DataFrame:
    rows, reached = [], 1.0
    for number in range(1, 13):
        signed = 0.035 + 0.002 * number
        attend = 0.975 - 0.006 * number
        year, month = divmod(1 + number, 12)
        rows.append(
            {
                "round": number, "month": number, "date": date(2026 + year, month + 1, 18), "reached": reached,
                "attend": attend, "signed": signed, "nothing": attend - signed, "away": 1 - attend,
                "signed_by": 1 - reached * (1 - signed),
                "attend_low": attend - 0.04, "attend_high": min(1, attend + 0.015), "signed_low": signed * 0.4,
                "signed_high": signed * 2.1, "nothing_low": attend - signed - 0.07,
                "nothing_high": min(1, attend - signed + 0.04),
            }
        )  # fmt: skip
        reached *= 1 - signed
    return pl.DataFrame(rows)


def _delay(parties: dict[str, str]) -> pl.DataFrame:
    pace = {"challenger": 0.021, "settler": 0.004, "staller": 0.024, "defender": -0.034, "patron": -0.012}
    rows = []
    for account, slope in pace.items():
        for months in range(1, 37):
            value = slope * (1 - np.exp(-months / 14)) / (1 - np.exp(-12 / 14))
            width = 0.4 * abs(value) + 0.001 * months**0.5
            party = parties.get(account, parties["challenger"])
            parts = (0.6 * value, 0.4 * value, 0.6 * value - width, 0.6 * value + width)
            rows.append((party, account, months, value, *parts, value - width, value + width, 0.96**months))
    names = ["party", "account", "months", "dividend", "passage", "selection", "passage_low", "passage_high"]
    return pl.DataFrame(rows, schema=[*names, "low", "high", "chance"], orient="row")


def _deals(terms: list[tuple[Any, ...]], *, source: np.random.Generator, zone: bool, patron: bool) -> pl.DataFrame:
    hold = {"none": 0.14, "soft": 0.34, "enforceable": 0.93}
    rows = []
    for slug, title, guarantee, line, alliances, demilitarised, relief in terms:
        sweet = (
            0.5 * demilitarised + 0.2 * (alliances == "denied") + 0.2 * (relief == "full") + 0.25 * (line == "cession")
        )
        challenger = np.clip(0.55 + 0.5 * sweet - (0.5 if guarantee == "enforceable" else 0.05), 0.01, 0.98)
        settler = float(np.clip(challenger + 0.28, 0, 0.99))
        staller = float(np.clip(challenger - 0.22, 0.004, 0.99))
        defender = float(np.clip(0.8 - 0.8 * sweet - 0.2 * (guarantee == "none") + source.normal(0, 0.03), 0.003, 0.97))
        backs = guarantee != "none" or relief != "none"
        backer = float(np.clip(0.78 - 0.35 * (guarantee == "enforceable") + source.normal(0, 0.05), 0.05, 0.98))
        joint = (0.25 * settler + 0.75 * staller) * defender * (backer if backs else 1)
        if zone and slug == "freeze":
            settler, staller, defender, backer, joint = 0.94, 0.71, 0.9, 0.88, 0.58
        sixty = float(np.clip(hold[guarantee] + source.normal(0, 0.03), 0.02, 0.985))
        rows.append(
            {
                "package": slug, "title": title, "guarantee": guarantee, "line": line, "alliances": alliances,
                "demilitarised": demilitarised, "sanctions_relief": relief, "settler": settler, "staller": staller,
                "defender": defender, "patron": backer if backs and patron else None, "all": joint,
                "holds_12": sixty**0.2, "holds_36": sixty**0.6, "holds_60": sixty,
                "holds_60_settler": min(1.0, sixty + 0.1), "holds_60_staller": max(0.0, sixty - 0.04),
                "product": joint * sixty, "in_zone": joint >= 0.5 and sixty >= 0.8,
                "all_low": joint * 0.6, "all_high": min(1.0, joint * 1.35), "holds_60_low": max(0.0, sixty - 0.11),
                "holds_60_high": min(1.0, sixty + 0.07), "product_low": joint * sixty * 0.5,
                "product_high": min(1.0, joint * sixty * 1.6),
            }
        )  # fmt: skip
    return pl.DataFrame(rows, schema_overrides={"patron": pl.Float64})


def _durability(terms: list[tuple[Any, ...]]) -> pl.DataFrame:
    rows = []
    for place, (slug, title, guarantee, *_rest) in enumerate(terms):
        survival = 1.0
        for month in range(1, 61):
            late = 1 / (1 + np.exp(-(month - 22) / 5))
            base = {"none": 0.022, "soft": 0.004 + 0.034 * late, "enforceable": 0.0012}[guarantee]
            hazard = float(base * (1 + 0.06 * (place % 5)))
            survival *= 1 - hazard
            patience = float(0.75 * np.exp(-month / 40))
            rows.append(
                {
                    "package": slug, "title": title, "guarantee": guarantee, "month": month, "hazard": hazard,
                    "hazard_settler": hazard * 0.3, "hazard_staller": hazard * 1.2, "survival": survival,
                    "patience": patience, "forces": 0.9 + month / 400,
                    "honour": {"none": 0.1, "soft": 0.7 * patience, "enforceable": 0.93}[guarantee],
                    "attack_gain": {"none": 0.05, "soft": 0.06 * float(late) - 0.02, "enforceable": -0.21}[guarantee],
                }
            )  # fmt: skip
    return pl.DataFrame(rows)


def _past(terms: list[tuple[Any, ...]]) -> pl.DataFrame:
    known = {"none": (0.017, 0.013, 0.023), "soft": (0.016, 0.009, 0.027)}
    rows = [
        (slug, title, guarantee, 60, 0.02 * place / len(terms), *known.get(guarantee, (None,) * 3),
         ("within" if 0.013 < 0.02 * place / len(terms) < 0.023 else "below") if guarantee in known else None)
        for place, (slug, title, guarantee, *_rest) in enumerate(terms)
    ]  # fmt: skip
    past = [f"past_chance_a_month{end}" for end in ("", "_low", "_high")]
    names = ["package", "title", "guarantee", "months", "model_chance_a_month", *past, "place"]
    return pl.DataFrame(rows, schema=names, orient="row", infer_schema_length=None)


def _paths() -> pl.DataFrame:
    stocks = [
        ("territory", "Prize held by Russia", "share", 0.22, 0.0017, 0.05),
        ("forces", "Russia's field strength", "of the strength at the start", 1.0, -0.003, 0.12),
        ("endurance", "Ukraine's endurance", "of its full endurance", 0.6, -0.0035, 0.14),
        ("patience", "American patience", "of full patience", 0.6, -0.006, 0.16),
        ("belief", "Belief that Russia is a staller", "chance", 0.75, 0.0012, 0.05),
    ]
    rows = []
    for stock, label, unit, start, slope, width in stocks:
        for month in range(61):
            mean, reach = start + slope * month, width * (month / 60) ** 0.5
            cuts = [max(0.0, mean + z * reach) for z in (-1.6, -0.7, 0.05, 0.7, 1.6)]
            rows.append((stock, label, unit, month, mean, *cuts))
    names = ["stock", "label", "unit", "month", "mean", "q05", "q25", "q50", "q75", "q95"]
    return pl.DataFrame(rows, schema=names, orient="row")


def _phases() -> pl.DataFrame:
    months = np.arange(61)
    imposed = 0.09 * (months / 60) ** 2
    peace = 0.38 * (1 - np.exp(-months / 22))
    return pl.DataFrame({"month": months, "war": 1 - peace - imposed, "peace": peace, "imposed": imposed})


def _distribution() -> pl.DataFrame:
    rows = [("patience", m, level, 0.2) for m in range(0, 61, 6) for level in (0.0, 0.25, 0.5, 0.75, 1.0)]
    return pl.DataFrame(rows, schema=["stock", "month", "level", "probability"], orient="row")


def _samples(source: np.random.Generator) -> pl.DataFrame:
    rows = []
    for path in range(12):
        for month in range(61):
            drift = source.normal(0, 0.01, size=5)
            rows.append(
                (path, month, "war", 0.22 + drift[0], 1.0, 0.6, 0.6, 0.75, "staller" if path % 4 else "settler")
            )
    names = ["path", "month", "phase", "territory", "forces", "endurance", "patience", "belief", "type"]
    return pl.DataFrame(rows, schema=names, orient="row")


def _type_test() -> pl.DataFrame:
    moves = [
        ("attend", "Attends the next round", 0.985, 0.965),
        ("away", "Stays away", 0.015, 0.035),
        ("table_soft", "Tables a soft package", 0.22, 0.31),
        ("table_teeth", "Tables an enforceable package", 0.12, 0.03),
        ("accept_soft", "Accepts a soft package", 0.78, 0.62),
        ("accept_teeth", "Accepts an enforceable package", 0.41, 0.05),
        ("refuse_teeth", "Refuses an enforceable package", 0.59, 0.95),
        ("attack", "Attacks within a year of peace", 0.04, 0.22),
    ]
    rows = []
    for move, label, settler, staller in moves:
        after = 0.75 * staller / (0.75 * staller + 0.25 * settler)
        rows.append((move, label, settler, staller, 0.75, after, 0.18 * abs(settler - staller)))
    names = ["move", "label", "chance_settler", "chance_staller", "belief_before", "belief_after", "bits"]
    return pl.DataFrame(rows, schema=names, orient="row")


def _offers(terms: list[tuple[Any, ...]], *, source: np.random.Generator) -> pl.DataFrame:
    rows = []
    for slug, title, *_rest in terms:
        settler = float(source.uniform(0.3, 0.98))
        staller = float(settler * source.uniform(0.1, 0.95))
        rows.append((slug, title, 0.3 * (settler - staller) ** 2, settler, staller, 0.6, 0.8))
    names = ["package", "title", "bits", "accept_settler", "accept_staller", "belief_if_accepted", "belief_if_refused"]
    return pl.DataFrame(rows, schema=names, orient="row")


def _stall() -> pl.DataFrame:
    rows = [
        ("hazard", "Monthly chance that the patron leaves (h)", 0.021, "chance", "read from the patience path"),
        ("impatience", "The challenger's monthly impatience (r)", 0.004, "", "one minus its discount factor"),
        ("payoff", "The challenger's value after the patron's exit (d)", 0.48, "prize", ""),
        ("threshold", "Stall threshold h d / (r + h)", 0.403, "prize", "talking is free below this value"),
        ("best_offer", "Best package on the table for a settler", 0.31, "prize", "Today's line, soft guarantee"),
        ("equilibrium", "Chance that a settler concedes in the next round", 0.04, "chance", "the equilibrium's answer"),
    ]
    return pl.DataFrame(rows, schema=["quantity", "label", "value", "unit", "note"], orient="row")


def _claims(source: np.random.Generator) -> pl.DataFrame:
    rows = []
    for place, (claim, paragraph, statement, mechanism) in enumerate(CLAIMS):
        holds = place not in (2, 9, 13)
        share = float(np.clip(source.normal(0.82 if holds else 0.3, 0.12), 0, 1))
        without = None if not mechanism else bool(place % 3 == 0)
        rows.append(
            {
                "claim": claim, "paragraph": paragraph, "statement": statement, "mechanism": mechanism,
                "predicate": f"the chance of nothing in the next round is above one half ({claim})", "holds": holds,
                "held": round(256 * share), "draws": 256, "share": share,
                "margin": 0.12 if holds else -0.07, "without": without,
                "without_margin": None if without is None else 0.03, "trusted": True,
                "comment": "Rests on the drift of patience.",
            }
        )  # fmt: skip
    return pl.DataFrame(rows)


def _certificate() -> pl.DataFrame:
    rows = [
        ("residual", "Largest equilibrium residual", 3.2e-9, 1e-6, True, "choices are best replies up to the noise"),
        ("deviation", "Largest gain from deviating", 0.0004, 0.001, True, "beyond what the noise explains"),
        ("bayes", "Largest error in Bayes' rule", 2e-10, 1e-8, True, "beliefs follow from choices"),
        ("leak", "Largest probability leak", 1e-12, 1e-9, True, "chances sum to one"),
        ("horizon", "Move of the answers at 25% more months", 0.004, 0.02, True, "the end of the calendar is far away"),
        ("grid", "Move of the answers on the fine grid", 0.031, 0.02, False, "levels of the stocks are close enough"),
    ]
    names = ["quantity", "label", "value", "limit", "passed", "meaning"]
    counted = {"checks": [250_000] * 4 + [None] * 2, "of": [1_000_000] * 4 + [None] * 2}
    extent = ["every cell in 30 of 120 months, drawn with seed 1"] * 4 + [""] * 2
    return pl.DataFrame(rows, schema=names, orient="row").with_columns(**{k: pl.Series(v) for k, v in counted.items()},
                                                                       extent=pl.Series(extent))  # fmt: skip


def _mistakes(parties: dict[str, str]) -> pl.DataFrame:
    rows = [
        (parties["challenger"], "signings that Russia accepted at a loss", 0.06),
        (parties["defender"], "signings that Ukraine accepted at a loss", 0.11),
        (parties["patron"], "signings that the United States accepted at a loss", 0.03),
    ]
    return pl.DataFrame(rows, schema=["party", "label", "share"], orient="row")
