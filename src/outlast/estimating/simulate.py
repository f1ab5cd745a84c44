"""Draw outcomes from a model with known coefficients: to learn what an estimate of them would be worth."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
import polars as pl

from outlast.estimating.cases import cases_of, table_of
from outlast.estimating.challenge import ChallengeModel
from outlast.estimating.fault import CasesError, fault, shown
from outlast.estimating.fit import start_of
from outlast.estimating.likelihood import in_blocks
from outlast.estimating.precision import precise
from outlast.estimating.roots import all_roots
from outlast.estimating.signalling import log_chances

PICKS = ("random", "lowest", "highest")


def simulate(
    model: Any,
    data: Any,
    coefficients: Mapping[str, float],
    *,
    generator: np.random.Generator,
    observations: int = 1,
    pick: str = "random",
) -> pl.DataFrame:
    """Return the covariates with drawn counts of each outcome, in columns named after the model's outcomes.

    Args:
        model: ``ChallengeModel`` or ``SignallingModel``; its ``outcomes`` are not read.
        data: the covariates of each case, without gaps.
        coefficients: by ``utility: term``, as in ``Fit.names``; those left out are 0.
        generator: where the draws come from.
        observations: how often each case is played; all of them in one equilibrium.
        pick: which equilibrium of a signalling game a case with several plays: ``random`` (each as likely), ``lowest``
            or ``highest`` (chance of resistance).
    """
    if pick not in PICKS:
        rule, reason = f"the pick is one of {', '.join(PICKS)}", "a case with several equilibria plays one of them"
        raise CasesError([fault("pick", shown(pick), rule, reason, "write one of them")])
    table = table_of(data)
    names = [name.replace(" ", "_") for name in model.OUTCOMES]
    asked = table.with_columns(**{name: pl.lit(observations) for name in names})
    cases = cases_of(replace(model, outcomes=tuple(names)), asked)
    utilities = cases.values(start_of(model, cases, coefficients))
    with precise():
        if isinstance(model, ChallengeModel):
            chances = np.exp(np.asarray(jax.vmap(model.law.log_chances)(jnp.asarray(utilities))))
        else:
            chances = np.exp(in_blocks(_log_chances, utilities, _played(utilities, generator, pick)))
    counts = generator.multinomial(observations, chances / chances.sum(axis=1, keepdims=True))
    return table.with_columns(**{name: pl.Series(counts[:, i]) for i, name in enumerate(names)})


def _played(utilities: np.ndarray, generator: np.random.Generator, pick: str) -> np.ndarray:
    roots = all_roots(utilities)
    last = np.maximum(roots.count - 1, 0)
    place = {"random": generator.integers(0, last + 1), "lowest": 0 * last, "highest": last}[pick]
    return roots.index[np.arange(len(utilities)), place]


@jax.jit
def _log_chances(utilities: jax.Array, index: jax.Array) -> jax.Array:
    return jax.vmap(log_chances)(utilities, index)
