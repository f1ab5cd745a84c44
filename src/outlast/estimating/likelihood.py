"""The likelihood of cases whose chances follow from their utilities in closed form, with exact derivatives.

A case depends on the coefficients only through its few utilities u = X b, so its derivatives are taken in u and carried
to b by the chain rule:  d l / d b = X' (d l / d u),   d2 l / d b2 = X' (d2 l / d u2) X.  What is compiled then depends
neither on the number of columns nor, since cases go in blocks of one size, on the number of cases.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any, NamedTuple

import jax
import jax.numpy as jnp
import numpy as np

from outlast.estimating.cases import Cases
from outlast.estimating.maximise import Maximum, maximise

BLOCK = 512
"""Cases that are evaluated in one call of a compiled function."""


class Solved(NamedTuple):
    """What a method found.

    ``point`` are the coefficients; ``log_likelihood`` has one number for each case; ``scores`` are the derivatives of
    those, ``(cases, coefficients)``; ``slope`` is the derivative of the summed scores. ``beliefs`` are columns of one
    number for each case.
    """

    point: np.ndarray
    log_likelihood: np.ndarray
    scores: np.ndarray
    slope: np.ndarray
    beliefs: dict[str, np.ndarray]
    maximum: Maximum
    warnings: tuple[str, ...] = ()


def in_blocks(function: Callable[..., Any], *arrays: np.ndarray) -> Any:
    """Call ``function`` on blocks of rows of one size and join the results, a tree of arrays with leading axis rows."""
    rows = len(arrays[0])
    padded = -(-rows // BLOCK) * BLOCK
    full = [np.concatenate([a, np.repeat(a[-1:], padded - rows, axis=0)]) if padded > rows else a for a in arrays]
    parts = [function(*(a[at : at + BLOCK] for a in full)) for at in range(0, padded, BLOCK)]
    return jax.tree.map(lambda *leaves: np.concatenate([np.asarray(leaf) for leaf in leaves])[:rows], *parts)


@partial(jax.jit, static_argnums=0)
def _derivatives(law: Any, utilities: jax.Array, counts: jax.Array, *more: jax.Array) -> tuple[jax.Array, ...]:
    def one(u: jax.Array, count: jax.Array, *rest: jax.Array) -> tuple[jax.Array, jax.Array, jax.Array]:
        def value(u: jax.Array) -> jax.Array:
            # An outcome that did not happen takes no part, even where its chance is zero and its logarithm infinite.
            return jnp.where(count > 0, count * law.log_chances(u, *rest), 0.0).sum()

        def slopes(u: jax.Array) -> tuple[jax.Array, tuple[jax.Array, jax.Array]]:
            height, gradient = jax.value_and_grad(value)(u)
            return gradient, (height, gradient)

        hessian, (height, gradient) = jax.jacfwd(slopes, has_aux=True)(u)
        return height, gradient, hessian

    return jax.vmap(one)(utilities, counts, *more)


@partial(jax.jit, static_argnums=0)
def _beliefs(law: Any, utilities: jax.Array) -> dict[str, jax.Array]:
    return jax.vmap(law.beliefs)(utilities)


def derivatives(
    law: Any, utilities: np.ndarray, counts: np.ndarray, *more: np.ndarray
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return each case's log-likelihood with its gradient and Hessian in its utilities.

    ``more`` are further arrays, one row for each case, that the law takes and that are held fixed.
    """
    return in_blocks(partial(_derivatives, law), utilities, counts, *more)


def carried(cases: Cases, gradient: np.ndarray, hessian: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Carry derivatives in utilities to coefficients: scores ``(cases, coefficients)`` and the summed Hessian."""
    stacked, of = cases.stacked(), cases.utility_of
    return gradient[:, of] * stacked, summed(stacked, hessian, of)


def summed(stacked: np.ndarray, hessian: np.ndarray, of: np.ndarray) -> np.ndarray:
    """Return the sum over cases of X' H X; H is ``(cases, utilities, utilities)``, ``of`` each column's utility."""
    total = np.zeros((stacked.shape[1], stacked.shape[1]))
    with np.errstate(invalid="ignore", over="ignore"):  # the search steps back from where a number is lost
        for j in np.unique(of):
            for k in np.unique(of):
                left, right = stacked[:, of == j], stacked[:, of == k]
                total[np.ix_(of == j, of == k)] = (left * hessian[:, j, k, None]).T @ right
    return total


def solve_closed_form(law: Any, cases: Cases, starts: Sequence[np.ndarray]) -> Solved:
    """Return the coefficients with the greatest likelihood found from any of the starts."""

    def at(point: np.ndarray) -> tuple[float, np.ndarray, np.ndarray]:
        value, gradient, hessian = derivatives(law, cases.values(point), cases.counts)
        scores, slope = carried(cases, gradient, hessian)
        return float(value.sum()), scores.sum(axis=0), slope

    found = [maximise(at, start, cases) for start in starts]
    best = max(found, key=lambda maximum: maximum.value)
    utilities = cases.values(best.point)
    value, gradient, hessian = derivatives(law, utilities, cases.counts)
    scores, slope = carried(cases, gradient, hessian)
    beliefs = in_blocks(partial(_beliefs, law), utilities)
    beliefs = {name: beliefs[name] for name in law.BELIEFS}
    return Solved(best.point, value, scores, slope, beliefs, best)
