"""All tables of one solution."""

from __future__ import annotations

from collections.abc import Callable

import polars as pl

from outlast.answers.assumptions import assumptions
from outlast.answers.certificate import certificate
from outlast.answers.deals import Deals, deal_map, durability
from outlast.answers.delay import delay
from outlast.answers.fruitless import fruitless
from outlast.answers.headlines import headlines
from outlast.answers.mistakes import mistakes
from outlast.answers.paths import distribution, paths, phases
from outlast.answers.posture import posture
from outlast.answers.rounds import rounds
from outlast.answers.samples import PATHS, samples
from outlast.answers.stall import stall, stall_table
from outlast.answers.standpoint import Standpoint
from outlast.answers.type_test import offers, type_test
from outlast.record.past_settlements import beside_model, counted_priors
from outlast.solving import Solution


def short_tables(solution: Solution, view: Standpoint | None = None) -> dict[str, pl.DataFrame]:
    """Return the tables that intervals and claims need: those that every draw makes.

    ``view`` is the solution's standpoint, where the caller has other questions to it.
    """
    view = view or Standpoint(solution)
    deals = Deals(view)
    tables = {
        "rounds": rounds(view),
        "delay": delay(view),
        "fruitless": fruitless(view),
        "deal_map": deal_map(deals),
        "paths": paths(view),
        "phases": phases(view),
        "posture": posture(view),
    }
    return {"headlines": headlines(tables, view.game.labels.parties), **tables}


def full_tables(solution: Solution) -> dict[str, pl.DataFrame]:
    """Return every table of one solution, without intervals and claims."""
    view = Standpoint(solution, watched=True)
    deals = Deals(view)
    more: dict[str, Callable[[], pl.DataFrame]] = {
        "durability": lambda: durability(deals),
        "distribution": lambda: distribution(view),
        "samples": lambda: samples(view, paths=PATHS),
        "type_test": lambda: type_test(deals),
        "offers": lambda: offers(deals),
        "stall": lambda: stall_table(stall(deals)),
        "mistakes": lambda: mistakes(view),
        "assumptions": lambda: assumptions(view),
        "certificate": lambda: certificate(view),
    }
    tables = {
        "rounds": rounds(view),
        "delay": delay(view),
        "fruitless": fruitless(view),
        "deal_map": deal_map(deals),
        "paths": paths(view),
        "phases": phases(view),
        "posture": posture(view),
    }
    made = {name: make() for name, make in more.items()}
    made["past_settlements"] = beside_model(made["durability"], counted_priors())
    return {"headlines": headlines(tables, view.game.labels.parties), **tables, **made}
