"""The nested fixed point: every evaluation of the likelihood solves every case for all its equilibria (Rust 1987).

Where a case has several, a rule chooses one. With ``likeliest`` the case's own outcomes choose, so that the estimate is
the greatest likelihood over coefficients and equilibria together, the same objective as the constrained likelihood. An
equilibrium can vanish while the coefficients move, and the likelihood then jumps; the search cannot climb over jumps,
so it runs from several starts.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from outlast.estimating.cases import Cases
from outlast.estimating.equilibrium import RULES, Equilibrium, equilibrium_of, totals
from outlast.estimating.fault import CasesError, fault, shown
from outlast.estimating.likelihood import Solved, carried
from outlast.estimating.maximise import Maximum, maximise
from outlast.estimating.pseudo import PseudoLikelihood, beliefs_table, best_of, first_stage, guesses

OFTEN = 20
"""Observations of a case on average from which its outcomes tell its equilibrium rather than the reverse."""
FOLD = 0.02
"""Slope of B's answer to itself, less one, below which a case counts as close to a fold."""


@dataclass(frozen=True)
class NestedFixedPoint:
    """Maximise the likelihood with the equilibria solved inside.

    Args:
        selection: ``likeliest``, ``lowest`` or ``highest`` (chance of resistance): the equilibrium of a case that has
            several.
        repetitions: of the pseudo-likelihood that makes one of the starting values.
    """

    selection: str = "likeliest"
    repetitions: int = 20

    def __post_init__(self) -> None:
        if self.selection not in RULES:
            rule = f"the selection is one of {', '.join(RULES)}"
            reason = "a case with several equilibria needs one that is played"
            raise CasesError([fault("selection", shown(self.selection), rule, reason, "write one of them")])

    def solved(self, cases: Cases, starts: list[np.ndarray]) -> Solved:
        """Return the greatest likelihood found from the starts, or from the two pseudo-likelihood estimates."""
        best = climb(cases, starts or pseudo_starts(cases, self.repetitions), self.selection)
        return described(cases, best, self.selection)


def pseudo_starts(cases: Cases, repetitions: int) -> list[np.ndarray]:
    """Return coefficients of the pseudo-likelihood, with beliefs of the first stage and with repeated ones."""
    beliefs = first_stage(cases)
    first = best_of(cases, beliefs, guesses(cases, beliefs))
    later = PseudoLikelihood(repetitions, 1e-6).repeated(cases, first, beliefs)[0]
    return [later.point, first.point]


def climb(cases: Cases, starts: list[np.ndarray], rule: str, near: np.ndarray | None = None) -> Maximum:
    """Return the greatest likelihood found from the starts under a rule of selection."""

    def at(point: np.ndarray) -> tuple[float, np.ndarray, np.ndarray]:
        equilibrium = equilibrium_of(cases.values(point), cases.counts, rule, near)
        value, gradient, hessian = totals(equilibrium)
        scores, slope = carried(cases, gradient, hessian)
        return float(value.sum()), scores.sum(axis=0), slope

    return max((maximise(at, start, cases) for start in starts), key=lambda found: found.value)


def described(cases: Cases, best: Maximum, rule: str, near: np.ndarray | None = None) -> Solved:
    """Return likelihood, scores, beliefs and warnings of the coefficients found."""
    utilities = cases.values(best.point)
    equilibrium = equilibrium_of(utilities, cases.counts, rule, near)
    value, gradient, hessian = totals(equilibrium)
    scores, slope = carried(cases, gradient, hessian)
    if not best.converged and not best.loose:
        best = best._replace(words=f"{best.words}; or the search stands where an equilibrium of a case vanishes")
    beliefs = beliefs_table(utilities, equilibrium.index)
    beliefs["equilibria"] = equilibrium.roots.count
    beliefs["fold"] = distance_to_fold(equilibrium)
    warnings = warnings_of(equilibrium, beliefs["fold"])
    several = float((equilibrium.roots.count > 1).mean())
    each = cases.counts.sum() / len(cases.counts)
    if rule == "likeliest" and several > 0.05 and each < OFTEN:
        warnings += (
            f"with {each:.1f} observations of a case on average, choosing its likeliest equilibrium among several can "
            "explain outcomes by the choice alone; compare with PseudoLikelihood, or with another rule",
        )
    return Solved(best.point, value, scores, slope, beliefs, best, warnings)


def distance_to_fold(equilibrium: Equilibrium) -> np.ndarray:
    """Return |1 - slope of B's answer to a belief about B|, which is 0 where two equilibria meet; NaN at a corner."""
    parts = equilibrium.parts
    p_firm = -parts.gap_gradient[:, 4]  # h falls by p_F with W_B
    inside = (equilibrium.roots.count > 0) & (p_firm > 0)
    return np.where(inside, np.abs(parts.gap_gradient[:, 7]) / np.where(inside, p_firm, 1.0), np.nan)


def warnings_of(equilibrium: Equilibrium, fold: np.ndarray) -> tuple[str, ...]:
    """Say how many cases have several equilibria, none within the game, or are close to a fold."""
    several = int((equilibrium.roots.count > 1).sum())
    corner = int((equilibrium.roots.count == 0).sum())
    close = int((fold < FOLD).sum())
    total = len(fold)
    found = []
    if several:
        found.append(
            f"{several} of {total} cases have more than one equilibrium at the estimate; their chances are those of "
            "the one that was chosen, and standard errors take the choice as known"
        )
    if close:
        found.append(
            f"{close} of {total} cases are within {FOLD:g} of a fold, where their equilibrium would vanish; the "
            "likelihood bends sharply there and standard errors are unreliable"
        )
    if corner:
        found.append(f"{corner} of {total} cases are at a corner: a challenge, or B's answer to it, is ruled out")
    return tuple(found)
