"""Derivatives of a signalling game's likelihood with its equilibrium held in place, and the choice among equilibria.

With w = (u, z), the likelihood l(w) of one case and the imbalance h(w) = 0 that fixes z as a function of u:

    dz/du = -h_u / h_z,     T = d w / d u = (I, dz/du),     m = -l_z / h_z
    d l / d u = T' l_w,     d2 l / d u2 = T' (l_ww + m h_ww) T
"""

from __future__ import annotations

from typing import NamedTuple

import jax
import jax.numpy as jnp
import numpy as np

from outlast.estimating.likelihood import in_blocks
from outlast.estimating.roots import Roots, all_roots
from outlast.estimating.signalling import imbalance, log_chances

RULES = ("likeliest", "lowest", "highest")


class Parts(NamedTuple):
    """Likelihood and imbalance of each case at (u, z), with gradients ``(cases, 8)`` and Hessians ``(cases, 8, 8)``."""

    value: np.ndarray
    gradient: np.ndarray
    hessian: np.ndarray
    gap: np.ndarray
    gap_gradient: np.ndarray
    gap_hessian: np.ndarray


class Equilibrium(NamedTuple):
    """The equilibrium chosen in each case: B's index, its slope dz/du ``(cases, 7)``, all roots, and the parts."""

    index: np.ndarray
    slope: np.ndarray
    roots: Roots
    parts: Parts


def likelihood(u: jax.Array, z: jax.Array, counts: jax.Array) -> jax.Array:
    """Return the log-likelihood of one case; an outcome that did not happen takes no part."""
    return jnp.where(counts > 0, counts * log_chances(u, z), 0.0).sum()


@jax.jit
def _values(u: jax.Array, z: jax.Array, counts: jax.Array) -> jax.Array:
    return jax.vmap(likelihood)(u, z, counts)


@jax.jit
def _heights(u: jax.Array, z: jax.Array, counts: jax.Array) -> tuple[jax.Array, jax.Array]:
    return jax.vmap(likelihood)(u, z, counts), jax.vmap(imbalance)(u, z)


def heights_of(utilities: np.ndarray, index: np.ndarray, counts: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return likelihood and imbalance of each case, without derivatives."""
    return in_blocks(_heights, utilities, index, counts)


@jax.jit
def _parts(u: jax.Array, z: jax.Array, counts: jax.Array) -> tuple[tuple[jax.Array, ...], tuple[jax.Array, ...]]:
    def both(w: jax.Array, count: jax.Array) -> jax.Array:
        return jnp.stack([likelihood(w[:7], w[7], count), imbalance(w[:7], w[7])])

    def one(w: jax.Array, count: jax.Array) -> tuple[jax.Array, jax.Array, jax.Array]:
        def slopes(w: jax.Array) -> tuple[jax.Array, tuple[jax.Array, jax.Array]]:
            value, push = jax.linearize(lambda x: both(x, count), w)
            gradient = jax.vmap(push, out_axes=1)(jnp.eye(8))
            return gradient, (value, gradient)

        hessian, (value, gradient) = jax.jacfwd(slopes, has_aux=True)(w)
        return value, gradient, hessian

    value, gradient, hessian = jax.vmap(one)(jnp.concatenate([u, z[:, None]], axis=1), counts)
    return tuple((value[:, i], gradient[:, i], hessian[:, i]) for i in (0, 1))  # type: ignore[return-value]


def parts_of(utilities: np.ndarray, index: np.ndarray, counts: np.ndarray) -> Parts:
    """Return likelihood and imbalance of each case with their derivatives in the utilities and B's index."""
    ours, theirs = in_blocks(_parts, utilities, index, counts)
    return Parts(*ours, *theirs)


def equilibrium_of(
    utilities: np.ndarray, counts: np.ndarray, rule: str, near: np.ndarray | None = None, *, roots: Roots | None = None
) -> Equilibrium:
    """Return the equilibrium that a rule chooses in each case.

    Args:
        utilities: ``(cases, 7)``.
        counts: ``(cases, 4)``.
        rule: ``likeliest`` (the root at which the case's own outcomes are likeliest), ``lowest`` or ``highest``
            (chance of resistance), or ``nearest`` (to ``near``).
        near: B's index to stay near to, ``(cases,)``.
        roots: all equilibria, if they are known already.
    """
    roots = all_roots(utilities) if roots is None else roots
    place = chosen(utilities, counts, roots, rule, near)
    at = np.arange(len(utilities))
    index, steep = roots.index[at, place], roots.slope[at, place]
    parts = parts_of(utilities, index, counts)
    moving = np.isfinite(steep) & (parts.gap_gradient[:, 7] != 0)
    h_z = np.where(moving, parts.gap_gradient[:, 7], 1.0)
    slope = np.where(moving[:, None], -parts.gap_gradient[:, :7] / h_z[:, None], 0.0)
    return Equilibrium(index, slope, roots, parts)


def chosen(utilities: np.ndarray, counts: np.ndarray, roots: Roots, rule: str, near: np.ndarray | None) -> np.ndarray:
    """Return which root of each case the rule chooses, ``(cases,)``."""
    if rule == "lowest" or roots.index.shape[1] == 1:
        return np.zeros(len(utilities), int)
    if rule == "highest":
        return np.maximum(roots.count - 1, 0)
    if rule == "nearest":
        assert near is not None
        return np.nanargmin(np.abs(roots.index - near[:, None]), axis=1)
    value = np.full(roots.index.shape, -np.inf)
    case, place = np.nonzero(~np.isnan(roots.index))
    value[case, place] = in_blocks(_values, utilities[case], roots.index[case, place], counts[case])
    return value.argmax(axis=1)


def totals(equilibrium: Equilibrium) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return each case's log-likelihood, gradient and Hessian in its utilities, with z kept in equilibrium."""
    parts, slope = equilibrium.parts, equilibrium.slope
    gradient = parts.gradient[:, :7] + parts.gradient[:, 7:] * slope
    moving = (slope != 0).any(axis=1)
    multiplier = np.where(moving, -parts.gradient[:, 7] / np.where(moving, parts.gap_gradient[:, 7], 1.0), 0.0)
    inner = parts.hessian + multiplier[:, None, None] * parts.gap_hessian
    cross = inner[:, :7, 7:] * slope[:, None, :]
    hessian = inner[:, :7, :7] + cross + cross.transpose(0, 2, 1)
    hessian += inner[:, 7, 7, None, None] * slope[:, :, None] * slope[:, None, :]
    return parts.value, gradient, hessian
