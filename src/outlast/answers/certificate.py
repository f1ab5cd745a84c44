"""Whether to trust a solution, in numbers with their limits and in one sentence."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import polars as pl

from outlast.answers.standpoint import Standpoint
from outlast.solving.solution import BAYES_LIMIT, RESIDUAL_LIMIT

LEAK_LIMIT = 1e-6


def leak(view: Standpoint) -> float:
    """Return the most that total probability strays from one in the exact forward runs."""
    worst = 0.0
    for path in view.free:
        total = path.war.sum(axis=(1, 2)) + path.peace.sum(axis=(1, 2, 3))
        worst = max(worst, float(abs(total - 1).max()))
    return worst


def certificate(view: Standpoint) -> pl.DataFrame:
    """Return one row per quantity of the certificate."""
    solution = view.solution
    rows = [
        (
            "bayes",
            "Bayes error",
            solution.bayes,
            BAYES_LIMIT,
            "largest distance of a belief from Bayes' rule on the choices played, at any node and month",
        ),
        (
            "residual",
            "Equilibrium residual",
            solution.residual,
            RESIDUAL_LIMIT,
            "most that this distance can move a value, in shares of the prize",
        ),
        (
            "leak",
            "Probability leak",
            leak(view),
            LEAK_LIMIT,
            "most that total probability strays from one over five years",
        ),
    ]
    return pl.DataFrame(
        {
            "quantity": [r[0] for r in rows],
            "label": [r[1] for r in rows],
            "value": [r[2] for r in rows],
            "limit": [r[3] for r in rows],
            "passed": [r[2] <= r[3] for r in rows],
            "meaning": [r[4] for r in rows],
        }
    )


def trust(table: pl.DataFrame) -> str:
    """Return the sentence that says whether to trust the answers."""
    failed = table.filter(~pl.col("passed"))["label"].to_list()
    if not failed:
        return "Every check of the certificate passed: these are the model's answers, to the accuracy stated."
    return f"Do not rely on these answers: {', '.join(failed)} above the limit. Try a finer resolution or larger noise."


@dataclass(frozen=True)
class Doubts:
    """Why comparisons with a mechanism switched off are not to be relied on, by mechanism.

    ``central`` is about the solution without it at the central numbers, ``contrasts`` about those that a claim of
    contrast rests on besides: the coarse solution that it is compared with, and both in some of the draws.
    """

    central: Mapping[str, str] = field(default_factory=dict)
    contrasts: Mapping[str, str] = field(default_factory=dict)

    def of(self, mechanism: str | None, *, contrast: bool) -> str:
        """Return the reasons to doubt a claim of one mechanism; empty where there is none."""
        name = mechanism or ""
        found = (self.central.get(name, ""), self.contrasts.get(name, "") if contrast else "")
        return ", ".join(filter(None, found))


def doubts(coarse: bool, without: Mapping[str, bool], contrasts: Sequence[Mapping[str, bool]]) -> Doubts:
    """Return what is to be doubted.

    ``coarse`` says whether the solution that is compared with is trusted, ``without`` whether the one without each
    mechanism is, ``contrasts`` the same in some of the draws. A mechanism whose solutions are all trusted is left out.
    """
    central = {name: "the solution without it failed its certificate" for name, sound in without.items() if not sound}
    others = {}
    for mechanism in without:
        draws = [each[mechanism] for each in contrasts if mechanism in each]
        reasons = ["" if coarse else "the coarse solution failed its certificate"]
        reasons.append("" if all(draws) else f"in {draws.count(False)} of {len(draws)} draws the one without it failed")
        if any(reasons):
            others[mechanism] = ", ".join(filter(None, reasons))
    return Doubts(central, others)


def doubt_sentence(*, draws: int, failed: int, doubted: Sequence[str]) -> str:
    """Say how many draws failed the certificate and which claims rest on a comparison that did; empty where none."""
    parts = []
    if failed:
        parts.append(f"{failed} of {draws} draws failed the certificate; they are counted in ranges and shares.")
    if doubted:
        names = ", ".join(doubted).replace("_", " ")
        parts.append(f"What the game is without a mechanism was not solved to the accuracy asked for: see {names}.")
    return " ".join(parts)
