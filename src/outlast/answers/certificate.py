"""Whether to trust a solution, in numbers with their limits and in one sentence.

The numbers are those of ``outlast.verify``, which shares no code with the solver: it works months out again from what
the solution holds. Beside them stand the solver's own, which cover every node of every month.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import polars as pl

from outlast.answers.excess import excess
from outlast.answers.standpoint import Standpoint
from outlast.solving import Solution
from outlast.solving.solution import BAYES_LIMIT, RESIDUAL_LIMIT
from outlast.verify import QUANTITIES, Effort, StoredMonth, Verification, check_months

LEAK_LIMIT = 1e-6
DOUBTED_SHARE = 0.25
"""Share of a contrast's draws in which a solution failed, above which the contrast is doubted."""
USUAL, ASIDE = Effort(), Effort(values=40_000, months=4)
"""How much is worked out again of the solution that is asked about, and of each of many: draws, mechanisms off."""


def second_computation(solution: Solution, *, aside: bool = False) -> Verification:
    """Work months of a solution out again in plain NumPy: all of them, or a sample of months and cells.

    ``aside`` makes the sample small.
    """
    again, game = solution.again, solution.game

    def stored(month: int) -> StoredMonth:
        after = None if month + 1 == game.shape.months else again.of(month + 1).values
        return StoredMonth(again.of(month).values, after, again(month).choices)

    effort = ASIDE if aside else USUAL
    return check_months(game.shape, game.inputs, stored, available=solution.checkable, effort=effort)


def leak(view: Standpoint) -> float:
    """Return the most that total probability strays from one in the exact forward runs."""
    worst = 0.0
    for path in view.free:
        total = np.sum([mass.reshape(len(mass), -1).sum(axis=1) for mass in path.begun.values()], axis=0)
        worst = max(worst, float(abs(total - 1).max()))
    return worst


@dataclass(frozen=True)
class Proof:
    """All that is known of how far a solution is from an equilibrium."""

    second: Verification
    bayes: float
    """The solver's own Bayes error, over every node of every month."""
    residual: float
    """The most that this can move a value."""
    leak: float
    """The most that total probability strays from one in the forward runs."""

    @property
    def trusted(self) -> bool:
        """Whether both computations are within their limits."""
        own = self.bayes <= BAYES_LIMIT and self.residual <= RESIDUAL_LIMIT and self.leak <= LEAK_LIMIT
        return bool(own and self.second.trusted)


def proof(view: Standpoint, *, aside: bool = False) -> Proof:
    """Gather what is known of a solution; ``aside`` where it is one of many."""
    solution = view.solution
    return Proof(second_computation(solution, aside=aside), solution.bayes, solution.residual, leak(view))


def certificate(view: Standpoint) -> pl.DataFrame:
    """Return one row per quantity of the certificate, those of the second computation first.

    Columns: ``quantity``, ``label``, ``value``, ``limit``, ``passed``, ``meaning``, ``checks`` made and ``of`` how many
    there are (null in the solver's own rows), and ``extent``: which months and cells were looked at.
    """
    found = proof(view)
    rows = []
    for name, each in QUANTITIES.items():
        value = found.second.worst(name)[0]
        counts = (found.second.checks, found.second.of, found.second.sample.extent)
        rows.append((name, each.label, value, each.limit, f"second computation: {each.meaning}", *counts))
    everywhere = "the solver's own, at every node of every month"
    run = "the solver's own, in the runs forward over five years"
    rows += [
        ("own_bayes", "Bayes error, solver's own", found.bayes, BAYES_LIMIT,
         "largest distance of a belief from Bayes' rule on the choices played", None, None, everywhere),
        ("own_residual", "Residual, solver's own", found.residual, RESIDUAL_LIMIT,
         "most that this distance can move a value, in shares of the prize", None, None, everywhere),
        ("own_leak", "Probability leak, solver's own", found.leak, LEAK_LIMIT,
         "most that total probability strays from one", None, None, run),
    ]  # fmt: skip
    for row in excess(view).iter_rows(named=True):
        rows.append(
            (f"excess_{row['stock']}", f"Excess spread of {row['stock']}", row["share"], row["limit"],
             "variance that the lattice adds to the stock's own where the war is likely to go, as a share of it",
             None, None, "sixty months of the runs forward")
        )  # fmt: skip
    schema = {"quantity": pl.String, "label": pl.String, "value": pl.Float64, "limit": pl.Float64, "meaning": pl.String}
    schema |= {"checks": pl.Int64, "of": pl.Int64, "extent": pl.String}
    table = pl.DataFrame(rows, schema=schema, orient="row")
    passed = (pl.col("value") <= pl.col("limit")).alias("passed")
    names = list(schema)
    return table.with_columns(passed).select(*names[:4], "passed", *names[4:])


def trust(table: pl.DataFrame) -> str:
    """Return the sentence that says whether to trust the answers, and what that rests on."""
    failed = table.filter(~pl.col("passed"))["label"].to_list()
    if failed:
        said = f"Do not rely on these answers: {', '.join(failed)} above the limit."
        return f"{said} Try a finer resolution or larger noise."
    second = table.filter(pl.col("checks").is_not_null()).row(0, named=True)
    made = f"{second['checks']:,} of {second['of']:,} checks ({second['extent']})"
    return (
        "Every check of the certificate passed: these are the model's answers, to the accuracy stated. "
        f"A computation that shares no code with the solver made {made}."
    )


@dataclass(frozen=True)
class Doubts:
    """Why comparisons with a mechanism switched off are not to be relied on, by mechanism.

    ``central`` is about the solution without it at the central numbers, ``contrasts`` about those that a claim of
    contrast rests on besides: the coarse solution that it is compared with, and both in some of the draws. ``noted``
    says in how many of these one failed where they are no more than ``DOUBTED_SHARE``: no reason to doubt.
    """

    central: Mapping[str, str] = field(default_factory=dict)
    contrasts: Mapping[str, str] = field(default_factory=dict)
    noted: Mapping[str, str] = field(default_factory=dict)

    def of(self, mechanism: str | None, *, contrast: bool) -> str:
        """Return the reasons to doubt a claim of one mechanism; empty where there is none."""
        name = mechanism or ""
        found = (self.central.get(name, ""), self.contrasts.get(name, "") if contrast else "")
        return ", ".join(filter(None, found))


def doubts(coarse: bool, without: Mapping[str, bool], contrasts: Sequence[Mapping[str, bool]]) -> Doubts:
    """Return what is to be doubted.

    ``coarse`` says whether the solution that is compared with is trusted, ``without`` whether the one without each
    mechanism is, ``contrasts`` whether both are in each of some draws. A mechanism whose solutions are all trusted is
    left out.
    """
    central = {name: "the solution without it failed its certificate" for name, sound in without.items() if not sound}
    others, noted = {}, {}
    for mechanism in without:
        draws = [each[mechanism] for each in contrasts if mechanism in each]
        failed = draws.count(False)
        counted = f"in {failed} of {len(draws)} draws one of the two solutions failed its certificate" if failed else ""
        many = failed > DOUBTED_SHARE * len(draws)
        reasons = ["" if coarse else "the coarse solution failed its certificate", counted if many else ""]
        if any(reasons):
            others[mechanism] = ", ".join(filter(None, reasons))
        if counted and not many:
            noted[mechanism] = counted
    return Doubts(central, others, noted)


def doubt_sentence(*, draws: int, failed: int, doubted: Sequence[str]) -> str:
    """Say how many draws failed the certificate and which claims rest on a comparison that did; empty where none."""
    parts = []
    if failed:
        parts.append(f"{failed} of {draws} draws failed the certificate; they are counted in ranges and shares.")
    if doubted:
        names = ", ".join(doubted).replace("_", " ")
        parts.append(f"What the game is without a mechanism was not solved to the accuracy asked for: see {names}.")
    return " ".join(parts)
