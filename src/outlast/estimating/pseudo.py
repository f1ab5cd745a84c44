"""Pseudo-likelihood of signalling games, and its repetition (Aguirregabiria & Mira 2007; Crisman-Cox & Gibilisco 2019).

Each side answers beliefs about the other that are held fixed, so no equilibrium is computed: A answers p_R, B answers
p_F. Beliefs first come from the data; every repetition replaces them by the answers just estimated. Where that settles,
beliefs and answers agree: the estimate is an equilibrium of the model, and its standard errors account for the beliefs
having moved with the coefficients.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import NamedTuple

import jax
import jax.numpy as jnp
import numpy as np
from scipy.special import ndtr, ndtri

from outlast.estimating.binary import fit_binary
from outlast.estimating.cases import Cases
from outlast.estimating.likelihood import Solved, carried, derivatives, in_blocks, summed
from outlast.estimating.maximise import Maximum, maximise
from outlast.estimating.normal import log_bivariate, log_ndtr
from outlast.estimating.signalling import ROOT_HALF, SignallingLaw, cutoff, imbalance, log_moves

OWN = 4.0
"""Observations that the regression of the first stage weighs against those of a case itself."""
RIDGE_COLUMNS = 40
RAREST = 1e-4
"""Smallest chance, and distance from one, of a belief of the first stage."""


class Beliefs(NamedTuple):
    """What each side believes of the other in each case: B's index as A sees it, and log p_F as B sees it."""

    index: np.ndarray
    log_firm: np.ndarray


@dataclass(frozen=True, slots=True)
class PseudoLaw:
    """The chances of one case when each side answers a belief held fixed."""

    def log_chances(self, utilities: jax.Array, index: jax.Array, log_firm: jax.Array) -> jax.Array:
        """Return the log chances of SQ, CD, SF and BD."""
        c_b, w_a, w_b, a, v_b = (utilities[i] for i in (2, 3, 4, 5, 6))
        c = cutoff(utilities, index)
        challenges, firm = log_moves(utilities, index)
        yielding = log_bivariate((a - w_a) * ROOT_HALF, a - c, ROOT_HALF)
        answer = w_b - v_b + (v_b - c_b) * jnp.exp(jnp.minimum(-log_firm, 200.0))
        resists, concedes = log_ndtr(answer), log_ndtr(-answer)
        nothing = log_ndtr(c - w_a) + log_ndtr(c - a)
        return jnp.stack([nothing, challenges + concedes, challenges + firm + resists, yielding + resists])


@dataclass(frozen=True)
class PseudoLikelihood:
    """Estimate by pseudo-likelihood with beliefs from the data, then repeat with the answers as beliefs.

    Args:
        repetitions: at most so many; 0 keeps the beliefs of the first stage, whose error the standard errors then leave
            out.
        tolerance: largest change of coefficients (in scaled columns) and largest distance of chances from answers that
            count as settled.
        damping: share of the old beliefs, as an index and as log odds, that is kept. Where B's answer falls steeply
            with the belief about it, undamped repetitions circle.
    """

    repetitions: int = 200
    tolerance: float = 1e-8
    damping: float = 0.5

    def solved(self, cases: Cases, starts: list[np.ndarray]) -> Solved:
        """Return the estimate from the best of the starts, and whether the beliefs have settled."""
        beliefs = first_stage(cases)
        best = best_of(cases, beliefs, starts or guesses(cases, beliefs))
        if self.repetitions == 0:
            return _with_fixed_beliefs(cases, best, beliefs)
        best, beliefs, change, count = self.repeated(cases, best, beliefs)
        return _settled(cases, best, beliefs, change, count, self.tolerance)

    def repeated(self, cases: Cases, best: Maximum, beliefs: Beliefs) -> tuple[Maximum, Beliefs, float, int]:
        """Replace beliefs by answers and estimate again until nothing moves; return the last change and the count."""
        change, count = np.inf, 0
        while change > self.tolerance and count < self.repetitions:
            answered = answers(cases.values(best.point), beliefs)
            mixed = between(beliefs, answered, self.damping)
            after = best_of(cases, mixed, [best.point])
            moved = np.abs((after.point - best.point) * cases.scale).max()
            change = max(moved, _distance(beliefs, answered))
            best, beliefs, count = after, mixed, count + 1
        return best, beliefs, float(change), count


def first_stage(cases: Cases) -> Beliefs:
    """Return beliefs from the data: a probit on every column, drawn towards what each case itself did."""
    none, conceded, firm, yielded = cases.counts.T
    del none
    columns = _all_columns(cases)
    resisted = firm + yielded
    p_resist = _shrunken(columns, resisted, conceded)
    p_firm = _shrunken(columns, firm, yielded)
    return Beliefs(ndtri(p_resist), np.log(p_firm))


def _shrunken(columns: np.ndarray, yes: np.ndarray, no: np.ndarray) -> np.ndarray:
    fitted = fit_binary(columns, np.zeros(len(columns)), yes, no, "probit", ridge=1.0)
    chance = np.clip(ndtr(columns @ fitted), 0.02, 0.98)
    return np.clip((yes + OWN * chance) / (yes + no + OWN), RAREST, 1 - RAREST)


def _all_columns(cases: Cases) -> np.ndarray:
    """Return each distinct column once, centred and scaled, with a constant first."""
    found = {name: design.columns[:, i] for design in cases.designs for i, name in enumerate(design.names)}
    stacked = np.column_stack([np.ones(len(cases.rows)), *found.values()])[:, : RIDGE_COLUMNS + 1]
    spread = stacked.std(axis=0)
    varied = spread > 0
    return np.column_stack(
        [np.ones(len(stacked)), (stacked[:, varied] - stacked[:, varied].mean(axis=0)) / spread[varied]]
    )


def guesses(cases: Cases, beliefs: Beliefs) -> list[np.ndarray]:
    """Return starting coefficients: B's by a probit given p_F (backward induction), A's at a few guesses."""
    _, conceded, firm, yielded = cases.counts.T
    of, stacked = cases.utility_of, cases.stacked()
    inverse = np.exp(-beliefs.log_firm)
    weight = {2: -inverse, 4: np.ones(len(inverse)), 6: inverse - 1}
    theirs = np.flatnonzero(np.isin(of, list(weight)))
    columns = np.column_stack([weight[of[k]] * stacked[:, k] for k in theirs] or [np.zeros((len(inverse), 0))])
    known = np.sum([weight[u] * cases.designs[u].known for u in weight], axis=0)
    b = np.zeros(len(of))
    b[theirs] = fit_binary(columns, known, firm + yielded, conceded, "probit", ridge=0.1)
    random = np.random.default_rng(0)
    starts = [b]
    for size in (0.5, 0.5, 1.0):
        jitter = np.where(np.isin(of, list(weight)), 0.0, size * random.normal(size=len(of)) / cases.scale)
        starts.append(b + jitter)
    return starts


def best_of(cases: Cases, beliefs: Beliefs, starts: list[np.ndarray]) -> Maximum:
    """Return the greatest maximum of the pseudo-likelihood found from the starts."""

    def at(point: np.ndarray) -> tuple[float, np.ndarray, np.ndarray]:
        value, gradient, hessian = derivatives(PseudoLaw(), cases.values(point), cases.counts, *beliefs)
        scores, slope = carried(cases, gradient, hessian)
        return float(value.sum()), scores.sum(axis=0), slope

    return max((maximise(at, start, cases) for start in starts), key=lambda found: found.value)


@jax.jit
def _answers(u: jax.Array, index: jax.Array, log_firm: jax.Array) -> tuple[jax.Array, jax.Array]:
    def one(u: jax.Array, index: jax.Array, log_firm: jax.Array) -> tuple[jax.Array, jax.Array]:
        answer = u[4] - u[6] + (u[6] - u[2]) * jnp.exp(jnp.minimum(-log_firm, 200.0))
        return answer, log_moves(u, index)[1]

    return jax.vmap(one)(u, index, log_firm)


def answers(utilities: np.ndarray, beliefs: Beliefs) -> Beliefs:
    """Return what each side does given its belief: the next beliefs."""
    index, log_firm = in_blocks(_answers, utilities, *beliefs)
    return Beliefs(np.clip(index, -8, 8), log_firm)


def between(before: Beliefs, after: Beliefs, kept: float) -> Beliefs:
    """Return beliefs between two others: the share ``kept`` of the first, as an index and as log odds."""

    def odds(log_chance: np.ndarray) -> np.ndarray:
        return log_chance - np.log(-np.expm1(np.minimum(log_chance, -1e-15)))

    mixed = kept * odds(before.log_firm) + (1 - kept) * odds(after.log_firm)
    return Beliefs(kept * before.index + (1 - kept) * after.index, -np.logaddexp(0, -mixed))


def _distance(before: Beliefs, after: Beliefs) -> float:
    resist = np.abs(ndtr(before.index) - ndtr(after.index)).max()
    return float(max(resist, np.abs(np.exp(before.log_firm) - np.exp(after.log_firm)).max()))


@jax.jit
def _moving(u: jax.Array, index: jax.Array, log_firm: jax.Array, counts: jax.Array) -> tuple[jax.Array, jax.Array]:
    """Return the pseudo-score of each case and its derivative in the utilities, with beliefs staying in equilibrium."""

    def score(u: jax.Array, index: jax.Array, log_firm: jax.Array, count: jax.Array) -> jax.Array:
        def value(u: jax.Array) -> jax.Array:
            ends = PseudoLaw().log_chances(u, index, log_firm)
            return jnp.where(count > 0, count * ends, 0.0).sum()

        return jax.grad(value)(u)

    def one(u: jax.Array, index: jax.Array, log_firm: jax.Array, count: jax.Array) -> tuple[jax.Array, jax.Array]:
        by_u, by_index, by_firm = jax.jacfwd(score, argnums=(0, 1, 2))(u, index, log_firm, count)
        gap_u, gap_z = jax.grad(imbalance, argnums=(0, 1))(u, index)
        firm_u, firm_z = jax.grad(lambda u, z: log_moves(u, z)[1], argnums=(0, 1))(u, index)
        z_u = -gap_u / jnp.where(gap_z == 0, jnp.inf, gap_z)
        slope = by_u + jnp.outer(by_index, z_u) + jnp.outer(by_firm, firm_u + firm_z * z_u)
        return score(u, index, log_firm, count), slope

    return jax.vmap(one)(u, index, log_firm, counts)


def beliefs_table(utilities: np.ndarray, index: np.ndarray) -> dict[str, np.ndarray]:
    """Return the chances of each case at B's index, as columns."""
    law = SignallingLaw()
    table = in_blocks(partial(_vmapped_beliefs, law), utilities, index)
    return {name: table[name] for name in law.BELIEFS}


@partial(jax.jit, static_argnums=0)
def _vmapped_beliefs(law: SignallingLaw, u: jax.Array, z: jax.Array) -> dict[str, jax.Array]:
    return jax.vmap(law.beliefs)(u, z)


def _settled(cases: Cases, best: Maximum, beliefs: Beliefs, change: float, count: int, tolerance: float) -> Solved:
    utilities = cases.values(best.point)
    value, _, _ = derivatives(PseudoLaw(), utilities, cases.counts, *beliefs)
    score, slope = in_blocks(_moving, utilities, *beliefs, cases.counts)
    scores = score[:, cases.utility_of] * cases.stacked()
    settled = change <= tolerance
    words = f"{best.words}; beliefs settled after {count} repetitions"
    if not settled:
        words = f"not converged: after {count} repetitions beliefs or coefficients still moved by {change:.1e}"
    maximum = best._replace(converged=best.converged and settled, words=words)
    total = summed(cases.stacked(), slope, cases.utility_of)
    return Solved(best.point, value, scores, total, beliefs_table(utilities, beliefs.index), maximum)


def _with_fixed_beliefs(cases: Cases, best: Maximum, beliefs: Beliefs) -> Solved:
    utilities = cases.values(best.point)
    value, gradient, hessian = derivatives(PseudoLaw(), utilities, cases.counts, *beliefs)
    scores, slope = carried(cases, gradient, hessian)
    warning = "the standard errors leave out that the beliefs of the first stage are estimates themselves"
    return Solved(best.point, value, scores, slope, beliefs_table(utilities, beliefs.index), best, (warning,))
