"""Estimate a model from cases: coefficients, robust standard errors, beliefs, and whether to trust them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import polars as pl
from scipy.special import ndtr, ndtri

from outlast.estimating.cases import Cases, cases_of
from outlast.estimating.fault import CasesError, fault, nearest, shown
from outlast.estimating.judging import Judgement, judged
from outlast.estimating.likelihood import Solved
from outlast.estimating.precision import precise
from outlast.estimating.robust import covariances, errors_of


@dataclass(frozen=True)
class Fit:
    """An estimated model.

    ``covariance`` is robust (and by cluster, where a cluster was named); ``classical`` is the inverse of the negative
    Hessian. Both are ``(coefficients, coefficients)`` in the order of ``coefficients``, NaN where there is none;
    ``judgement`` says why, and what else speaks against trusting the fit.
    """

    model: Any
    cases: Cases
    solved: Solved
    covariance: np.ndarray
    classical: np.ndarray
    clusters: int
    judgement: Judgement
    warnings: tuple[str, ...]

    @property
    def names(self) -> tuple[str, ...]:
        """The coefficients as ``utility: term``."""
        return names_of(self.model, self.cases)

    @property
    def log_likelihood(self) -> float:
        """The log-likelihood, without the binomial factors of repeated cases."""
        return float(self.solved.log_likelihood.sum())

    @property
    def converged(self) -> bool:
        """Whether the search ended at a maximum."""
        return self.solved.maximum.converged

    @property
    def status(self) -> str:
        """How the search ended, in words."""
        return "; ".join((self.solved.maximum.words, *self.judgement.loose))

    @property
    def coefficients(self) -> pl.DataFrame:
        """One row for each coefficient.

        Columns: ``utility``, ``term``, ``estimate``, ``robust_se``, ``classical_se``, ``z``, ``p_value``, ``low`` and
        ``high`` (the robust 95% interval), and ``undefined``: why numbers of the row are NaN, null where none is.
        Coefficients are in units of the model's errors per unit of the column.
        """
        return self.table(0.95)

    def table(self, level: float) -> pl.DataFrame:
        """Return the table ``coefficients`` with intervals of another level, such as 0.9."""
        pairs = list(zip(self.model.UTILITIES, self.cases.designs, strict=True))
        error, classical = errors_of(self.covariance), errors_of(self.classical)
        estimate = self.solved.point
        z = np.divide(estimate, error, out=np.full_like(estimate, np.nan), where=error > 0)
        reach = float(ndtri((1 + level) / 2))
        return pl.DataFrame(
            {
                "utility": [utility for utility, design in pairs for _ in design.names],
                "term": [name for _, design in pairs for name in design.names],
                "estimate": estimate,
                "robust_se": error,
                "classical_se": classical,
                "z": z,
                "p_value": 2 * ndtr(-np.abs(z)),
                "low": estimate - reach * error,
                "high": estimate + reach * error,
                "undefined": pl.Series(self.judgement.undefined, dtype=pl.String),
            }
        )

    @property
    def beliefs(self) -> pl.DataFrame:
        """One row for each case that was used: its row in the table, its utilities, and the equilibrium's chances."""
        values = self.cases.values(self.solved.point)
        utilities = {name: values[:, i] for i, name in enumerate(self.model.UTILITIES)}
        log_likelihood = {"log_likelihood": self.solved.log_likelihood}
        return pl.DataFrame({"row": self.cases.rows, **utilities, **self.solved.beliefs, **log_likelihood})

    @property
    def dropped(self) -> Mapping[str, int]:
        """Rows left out, by reason; a row with several gaps is counted under each."""
        return self.cases.dropped

    def __repr__(self) -> str:
        """Return one line: cases, log-likelihood and status."""
        used = f"{len(self.cases.rows)} of {self.cases.total} cases"
        return f"Fit of {type(self.model).__name__} to {used}: log-likelihood {self.log_likelihood:.4f}; {self.status}"


def estimate(
    model: Any,
    data: Any,
    *,
    cluster: str | None = None,
    method: Any = None,
    start: Mapping[str, float] | None = None,
) -> Fit:
    """Estimate the coefficients of a model from a table of cases.

    Args:
        model: ``ChallengeModel`` or ``SignallingModel``.
        data: a polars table, or columns by name. Rows with a gap in a column that the model uses are dropped and
            counted.
        cluster: a column; standard errors then allow for any dependence among the cases that share its value.
        method: how to treat the equilibrium of a signalling game; see ``SignallingModel``.
        start: coefficients to begin from, by ``utility: term`` as in ``Fit.names``; those left out begin at 0. Without
            it the search begins from statistical backward induction.

    Raises:
        CasesError: with every fault of the model and of the table.
    """
    cases = cases_of(model, data, cluster)
    with precise():
        solved = model.solved(cases, method, None if start is None else start_of(model, cases, start))
    many = len(np.unique(cases.clusters))
    found = covariances(solved, cases.clusters, cases.scale)
    judgement = judged(names_of(model, cases), cases, solved, found, cluster)
    warnings = (*solved.warnings, *judgement.warnings)
    return Fit(model, cases, solved, found.robust, found.classical, many, judgement, warnings)


def names_of(model: Any, cases: Cases) -> tuple[str, ...]:
    """Return the names of all coefficients, ``utility: term``, in order."""
    pairs = zip(model.UTILITIES, cases.designs, strict=True)
    return tuple(f"{utility}: {name}" for utility, design in pairs for name in design.names)


def start_of(model: Any, cases: Cases, start: Mapping[str, float]) -> np.ndarray:
    """Return coefficients in order, from their names; those left out are 0. Raises ``CasesError`` for unknown names."""
    names = names_of(model, cases)
    strange = [name for name in start if name not in names]
    if strange:
        rule = f"a coefficient is one of {', '.join(names)}"
        reason, remedy = "the model has no other", "correct the name"
        raise CasesError([fault("start", shown(name), rule, reason, remedy, nearest(name, names)) for name in strange])
    return np.array([float(start.get(name, 0.0)) for name in names])
