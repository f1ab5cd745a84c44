"""The stall threshold: one inequality that a reader can check by hand, beside the equilibrium's own answer.

With patron-exit hazard h, impatience r and payoff d after the exit, talking is free for the challenger as soon as the
offer on the table is worth less than h d / (r + h) (a corollary of Abreu & Gul 2000 with an exogenous end).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl

from outlast.answers.deals import ACCEPT, Deals
from outlast.answers.standpoint import ratio

LOOK = 24
"""Most months over which the exit hazard is averaged."""
RATE = "a month"
"""Unit of the rates of the threshold, which are no chances: they add up, and may pass one."""

COLUMNS = {
    "quantity": pl.String,
    "label": pl.String,
    "value": pl.Float64,
    "unit": pl.String,
    "note": pl.String,
}


@dataclass(frozen=True)
class Stall:
    """Inputs of the threshold and the equilibrium's own comparison, for the settler."""

    hazard: float
    """Not a number where there can be no such stretch of talks."""
    impatience: float
    after_exit: float
    offer: float
    package: str | None
    waiting: float
    months: int
    """Months over which the exit hazard is averaged."""

    @property
    def threshold(self) -> float:
        """What an offer must be worth for talks to cost the settler anything; the exit's worth where it is certain."""
        if np.isnan(self.hazard):
            return self.hazard
        if np.isinf(self.hazard):
            return self.after_exit
        return self.hazard * self.after_exit / (self.impatience + self.hazard) if self.hazard > 0 else 0.0

    @property
    def sentence(self) -> str:
        """Say how the best offer compares with the threshold, and what a settler does with it in equilibrium."""
        if self.package is None:
            return "no package is acceptable to the others, so there is nothing to wait for or to sign"
        if np.isnan(self.hazard):
            return "there can be no such talks, so there is nothing to stall with"
        free, waits = self.offer < self.threshold, self.offer < self.waiting
        side = "below the threshold: stalling is free even for a settler"
        if not free:
            side = "at or above the threshold: stalling costs a settler something"
        does = "waits" if waits else "would sign it"
        return f"{side}; in equilibrium a settler {does}{'' if free == waits else ' all the same'}"


def stall(deals: Deals) -> Stall:
    """Read the threshold's inputs off the solution."""
    view = deals.view
    months = min(LOOK, view.months)
    gone = deals._patience() == 0
    war = view.mix(*(path.begun["war"][months].sum(axis=0) for path in view.fruitless))
    stays = ratio(war[~gone].sum(), war.sum())
    with np.errstate(divide="ignore"):  # whoever is sure to leave leaves at an infinite rate
        hazard = np.maximum(0.0, -np.log(stays) / months)
    sizes = view.game.shape.sizes
    now = view.cells.reshape(-1, sizes[3]).sum(axis=1)
    exit_cells = np.zeros((now.size, sizes[3]))
    exit_cells[:, 0] = now
    values = view.solution.values["war"][0, 0]
    after = float((values * np.outer(view.beliefs, exit_cells.ravel())).sum())
    worth = view.at_start(view.stations["signed"][0])
    on_table = [k for k in range(len(worth)) if deals.defender[k] >= ACCEPT and deals.patron[k] >= ACCEPT]
    best = max(on_table, key=lambda k: worth[k], default=None)
    return Stall(
        hazard=float(hazard),
        impatience=float(-np.log(view.number("mechanisms.styles.challenger_discount.settler"))),
        after_exit=after,
        offer=float(worth[best]) if best is not None else float("nan"),
        package=view.game.labels.titles[best] if best is not None else None,
        waiting=float(view.at_start(view.stations["fruitless"][0])),
        months=months,
    )


def stall_table(found: Stall) -> pl.DataFrame:
    """Return the threshold, its inputs and the equilibrium's own answer as rows."""
    offer = (
        "no package is acceptable to the others"
        if found.package is None
        else f"{found.package}, the best others accept"
    )
    rows = [
        (
            "hazard",
            "Rate a month at which the patron leaves (h)",
            found.hazard,
            RATE,
            f"averaged over {found.months} months of fruitless talks",
        ),
        (
            "impatience",
            "Rate a month at which the settler discounts (r)",
            found.impatience,
            RATE,
            "minus the log of its discount factor",
        ),
        (
            "after_exit",
            "Worth of the war to the settler after the exit (d)",
            found.after_exit,
            "prize",
            "patience at zero, all else as now",
        ),
        (
            "threshold",
            "Stall threshold h d / (r + h)",
            found.threshold,
            "prize",
            "an offer worth less makes talking free",
        ),
        ("offer", "Best offer on the table to the settler", found.offer, "prize", offer),
        (
            "waiting",
            "Worth of going on without a deal to the settler",
            found.waiting,
            "prize",
            "the equilibrium's own value of waiting",
        ),
    ]
    rows.append(("verdict", "The offer against the threshold", found.offer - found.threshold, "prize", found.sentence))
    return pl.DataFrame(rows, schema=COLUMNS, orient="row").with_columns(pl.col("value").fill_nan(None))
