"""The crisis-signalling model: seven formulas, and the methods that estimate them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np

from outlast.estimating.cases import Cases
from outlast.estimating.constrained import ConstrainedLikelihood
from outlast.estimating.fault import CasesError, fault, shown
from outlast.estimating.likelihood import Solved
from outlast.estimating.nested import NestedFixedPoint
from outlast.estimating.pseudo import PseudoLikelihood
from outlast.estimating.signalling import OUTCOMES, UTILITIES

METHODS = (ConstrainedLikelihood, NestedFixedPoint, PseudoLikelihood)

FEW = 5
"""Observations of a case on average below which outcomes may not choose the equilibrium by default."""


@dataclass(frozen=True)
class SignallingModel:
    """Describe the crisis-signalling game: a formula for each utility, and where the table tells the outcome.

    Args:
        utilities: formulas of ``S_A`` (A's status quo), ``V_A`` and ``C_B`` (A challenges and B concedes), ``W_A`` and
            ``W_B`` (both stand firm), ``a`` and ``V_B`` (A backs down); one left out is zero. Errors are standard
            normal, so the coefficients are in units of them.
        outcomes: four columns of counts of SQ, CD, SF and BD, in this order, or ``Label(column, values)``.

    The methods of ``estimate`` are ``ConstrainedLikelihood`` (the default), ``NestedFixedPoint`` and
    ``PseudoLikelihood`` (the default with fewer than ``FEW`` observations of a case on average: where a case has
    several equilibria, its few outcomes would then choose one that explains them by itself). All treat the
    equilibrium of a case as fixed over its observations: a case with several observations is one row with counts.
    """

    utilities: Mapping[str, Any]
    outcomes: Any
    UTILITIES: ClassVar[tuple[str, ...]] = UTILITIES
    OUTCOMES: ClassVar[tuple[str, ...]] = OUTCOMES
    PAYOFFS: ClassVar[tuple[tuple[str, ...], ...]] = (("S_A", "V_A", "W_A", "a"), ("C_B", "W_B", "V_B"))

    def solved(self, cases: Cases, method: Any, start: np.ndarray | None) -> Solved:
        """Return what a method finds, from ``start`` alone or from its own starting values."""
        if method is None:
            few = cases.counts.sum() < FEW * len(cases.counts)
            method = PseudoLikelihood() if few else ConstrainedLikelihood()
        if not isinstance(method, METHODS):
            rule = f"the method is one of {', '.join(kind.__name__ for kind in METHODS)}"
            reason, remedy = "these are the methods for this game", "make one, for example ConstrainedLikelihood()"
            raise CasesError([fault("method", shown(method), rule, reason, remedy)])
        return method.solved(cases, [] if start is None else [start])
