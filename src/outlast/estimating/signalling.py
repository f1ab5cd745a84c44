"""The crisis-signalling game (Lewis & Schultz 2003), in the fixed-point form of Jo (2011).

    A challenges or not (S_A).  Challenged, B concedes (V_A, C_B) or resists.  Resisted, A stands firm (W_A + e_A,
    W_B + e_B) or backs down (a + e_a, V_B).  The errors are standard normal, and each is known to its owner alone.

Let z be B's index, so that B resists with chance p_R = Phi(z). A challenges if its better answer to resistance is worth
more than c; B resists if fighting those who then stand firm is worth it:

    c = V_A + (S_A - V_A) / p_R
    p_C = 1 - Phi(c - W_A) Phi(c - a) = Phi(W_A - c) + Phi(c - W_A) Phi(a - c)
    p_F = Phi2((W_A - a) / sqrt 2, W_A - c; 1 / sqrt 2) / p_C
    h(z) = p_F (z - W_B + V_B) - (V_B - C_B) = 0           equilibrium

Everything is carried as logarithms, and nothing is subtracted. Beyond ``FAR`` errors c is squashed: there a challenge
is certain or impossible to hundreds of digits, and only the direction of the slope matters.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import jax
import jax.numpy as jnp
import numpy as np

from outlast.estimating.normal import NODES, log_bivariate, log_ndtr

ROOT_HALF = float(np.sqrt(0.5))
FAR = 40.0
UTILITIES = ("S_A", "V_A", "C_B", "W_A", "W_B", "a", "V_B")
OUTCOMES = ("SQ", "CD", "SF", "BD")


def cutoff(utilities: jax.Array, index: jax.Array) -> jax.Array:
    """Return c, squashed far out; ``index`` is z, ``utilities`` the seven of ``UTILITIES`` in that order."""
    s_a, v_a = utilities[0], utilities[1]
    plain = v_a + (s_a - v_a) * jnp.exp(jnp.minimum(-log_ndtr(index), 200.0))
    beyond = jnp.maximum(jnp.abs(plain) - FAR, 0.0)
    return jnp.where(beyond > 0, jnp.sign(plain) * (FAR + jnp.log1p(beyond)), plain)


def log_moves(utilities: jax.Array, index: jax.Array, points: int = NODES) -> tuple[jax.Array, jax.Array]:
    """Return log p_C and log p_F: that A challenges, and that it stands firm if it has challenged and is resisted."""
    w_a, a = utilities[3], utilities[5]
    c = cutoff(utilities, index)
    firm = log_bivariate((w_a - a) * ROOT_HALF, w_a - c, ROOT_HALF, points)
    challenges = jnp.logaddexp(log_ndtr(w_a - c), log_ndtr(c - w_a) + log_ndtr(a - c))
    return challenges, firm - challenges


def imbalance(utilities: jax.Array, index: jax.Array, points: int = NODES) -> jax.Array:
    """Return h(z), which is zero in equilibrium: what B gains by resisting at its threshold, times p_F."""
    c_b, w_b, v_b = utilities[2], utilities[4], utilities[6]
    _, firm = log_moves(utilities, index, points)
    return jnp.exp(firm) * (index - w_b + v_b) - (v_b - c_b)


def log_chances(utilities: jax.Array, index: jax.Array) -> jax.Array:
    """Return the log chances of SQ, CD, SF and BD at B's index z, in equilibrium or not."""
    w_a, a = utilities[3], utilities[5]
    c = cutoff(utilities, index)
    challenges, firm = log_moves(utilities, index)
    yielding = log_bivariate((a - w_a) * ROOT_HALF, a - c, ROOT_HALF)
    nothing = log_ndtr(c - w_a) + log_ndtr(c - a)
    resists, concedes = log_ndtr(index), log_ndtr(-index)
    return jnp.stack([nothing, challenges + concedes, challenges + firm + resists, yielding + resists])


@dataclass(frozen=True, slots=True)
class SignallingLaw:
    """Hold the game's maps from the utilities of one case and B's index to chances."""

    BELIEFS: ClassVar[tuple[str, ...]] = ("p_SQ", "p_CD", "p_SF", "p_BD", "p_resist", "p_challenge", "p_firm")

    def beliefs(self, utilities: jax.Array, index: jax.Array) -> dict[str, jax.Array]:
        """Return the chances of one case: of each outcome, and of each move where it is made."""
        challenges, firm = log_moves(utilities, index)
        ends = jnp.exp(log_chances(utilities, index))
        values = (*ends, jnp.exp(log_ndtr(index)), jnp.exp(challenges), jnp.exp(firm))
        return dict(zip(self.BELIEFS, values, strict=True))
