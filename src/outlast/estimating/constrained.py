"""Constrained likelihood of signalling games (Su & Judd 2012): equilibrium is reached at the end, not at every step.

    maximise  sum_i l_i(u_i(b), z_i)   over coefficients b and one index z_i of B for each case,
    subject to  h(u_i(b), z_i) = 0

by an augmented Lagrangian: minimise  sum_i -l_i + m_i h_i + r_i h_i^2 / 2,  then  m_i += r_i h_i. Each z_i touches its
own case alone, so a Newton step eliminates them one by one and solves a system no larger than b. On the way a case may
pass from one equilibrium to another, which a nested fixed point cannot do without a jump; the end is polished by a
nested fixed point that begins there, so that both methods report exact equilibria and the same standard errors.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from outlast.estimating.cases import Cases
from outlast.estimating.equilibrium import Parts, heights_of, parts_of
from outlast.estimating.likelihood import Solved, summed
from outlast.estimating.nested import climb, described
from outlast.estimating.pseudo import PseudoLikelihood, best_of, first_stage, guesses

LONGEST = 5.0
"""Longest Newton step of the scaled coefficients; an index moves by at most 2."""
PENALTY = 10.0
"""First weight of h^2, for each observation of a case."""
MET = 1e-6
"""Largest imbalance h that counts as equilibrium before polishing."""
HALVINGS = 12
"""Attempts to shorten a step, each to two fifths."""
STUCK = 3
"""Rounds without progress towards equilibrium after which a search is given up."""
LOST = 0.01
"""Log-likelihood that polishing may lose before a warning says so."""


@dataclass(frozen=True)
class ConstrainedLikelihood:
    """Maximise the likelihood over coefficients and equilibria together, with equilibrium as a constraint.

    Args:
        rounds: at most so many updates of the multipliers.
        steps: at most so many Newton steps in a round.
        repetitions: of the pseudo-likelihood that makes one of the starting values.
    """

    rounds: int = 20
    steps: int = 30
    repetitions: int = 20

    def solved(self, cases: Cases, starts: list[np.ndarray]) -> Solved:
        """Return the greatest likelihood found from the starts, polished to exact equilibria."""
        begun = self._begun(cases, starts)
        found = [self.lagrangian(cases, point, index) for point, index in begun]
        reached = max(found, key=lambda state: state.value if state.imbalance < 1e-3 else -np.inf)
        points = [state.point for state in sorted(found, key=lambda state: -state.value)]
        near = climb(cases, [reached.point], "nearest", reached.index)
        best = climb(cases, [near.point, *points, *(point for point, _ in begun)], "likeliest")
        solved = described(cases, best, "likeliest")
        words = f"{best.words}; before polishing, the largest imbalance was {reached.imbalance:.0e}"
        solved = solved._replace(maximum=best._replace(words=words))
        if reached.imbalance < MET and reached.value > best.value + LOST:
            warning = (
                f"the constrained maximum, {reached.value:.4f}, lies where equilibria vanish; reported is the best "
                "point near it at which every case has its equilibrium"
            )
            solved = solved._replace(warnings=(*solved.warnings, warning))
        return solved

    def _begun(self, cases: Cases, starts: list[np.ndarray]) -> list[tuple[np.ndarray, np.ndarray]]:
        """Return pairs of coefficients and indices to begin from."""
        beliefs = first_stage(cases)
        if starts:
            return [(start, beliefs.index) for start in starts]
        first = best_of(cases, beliefs, guesses(cases, beliefs))
        later, settled, _, _ = PseudoLikelihood(self.repetitions, 1e-6).repeated(cases, first, beliefs)
        return [(first.point, beliefs.index), (later.point, settled.index)]

    def lagrangian(self, cases: Cases, point: np.ndarray, index: np.ndarray) -> State:
        """Return where the augmented Lagrangian leads from coefficients and indices."""
        penalty = PENALTY * cases.counts.sum(axis=1)
        parts = parts_of(cases.values(point), index, cases.counts)
        steep = parts.gap_gradient[:, 7]
        multiplier = parts.gradient[:, 7] * steep / (steep**2 + 1e-2)
        state, stuck = State(point, index, parts), 0
        for _ in range(self.rounds):
            before = state.imbalance
            state = self._descended(cases, state, multiplier, penalty)
            multiplier = multiplier + penalty * state.parts.gap
            stuck = stuck + 1 if state.imbalance > 0.9 * before else 0
            if state.imbalance < MET or stuck == STUCK:
                break
            if state.imbalance > before / 4:
                penalty = penalty * 4
        return state

    def _descended(self, cases: Cases, state: State, multiplier: np.ndarray, penalty: np.ndarray) -> State:
        for _ in range(self.steps):
            moved, gain = newton_step(cases, state, multiplier, penalty)
            if moved is None:
                break
            state = moved
            if gain < max(1e-7, 0.1 * state.imbalance):
                break
        return state


class State(NamedTuple):
    """Coefficients, B's index in each case, and likelihood and imbalance there."""

    point: np.ndarray
    index: np.ndarray
    parts: Parts

    @property
    def value(self) -> float:
        """The log-likelihood."""
        return float(self.parts.value.sum())

    @property
    def imbalance(self) -> float:
        """The largest imbalance."""
        return float(np.abs(self.parts.gap).max())


def merit(value: np.ndarray, gap: np.ndarray, multiplier: np.ndarray, penalty: np.ndarray) -> float:
    """Return the augmented Lagrangian, infinite where it is not a number."""
    with np.errstate(all="ignore"):
        total = (-value + multiplier * gap + penalty / 2 * gap**2).sum()
    return float(total) if np.isfinite(total) else np.inf


def newton_step(cases: Cases, state: State, multiplier: np.ndarray, penalty: np.ndarray) -> tuple[State | None, float]:
    """Return the state after one Newton step that lowers the augmented Lagrangian, or None, and how much it gained."""
    parts = state.parts
    pull = multiplier + penalty * parts.gap
    slope = -parts.gradient + pull[:, None] * parts.gap_gradient
    curve = -parts.hessian + pull[:, None, None] * parts.gap_hessian
    curve += penalty[:, None, None] * parts.gap_gradient[:, :, None] * parts.gap_gradient[:, None, :]
    of, stacked = cases.utility_of, cases.stacked() / cases.scale
    if not (np.isfinite(slope).all() and np.isfinite(curve).all()):
        return None, 0.0
    own = np.maximum(np.abs(curve[:, 7, 7]), 1e-6)
    cross = curve[:, of, 7] * stacked
    reduced = summed(stacked, curve[:, :7, :7], of) - (cross / own[:, None]).T @ cross
    pulled = (slope[:, of] * stacked).sum(axis=0) - cross.T @ (slope[:, 7] / own)
    step = -_solved_positive(reduced, pulled)
    step *= min(1.0, LONGEST / max(float(np.linalg.norm(step)), 1e-300))
    shift = np.clip(-(slope[:, 7] + cross @ step) / own, -2.0, 2.0)
    begun = merit(parts.value, parts.gap, multiplier, penalty)
    fall = float((slope[:, of] * stacked).sum(axis=0) @ step + slope[:, 7] @ shift)
    length = 1.0
    for _ in range(HALVINGS):
        point, index = state.point + length * step / cases.scale, state.index + length * shift
        utilities = cases.values(point)
        value = merit(*heights_of(utilities, index, cases.counts), multiplier, penalty)
        if value < begun + 1e-4 * length * min(fall, 0.0):
            return State(point, index, parts_of(utilities, index, cases.counts)), begun - value
        length /= 2.5
    return None, 0.0


def _solved_positive(matrix: np.ndarray, right: np.ndarray) -> np.ndarray:
    """Solve a symmetric system with every eigenvalue replaced by its size, so that the step goes downhill."""
    values, vectors = np.linalg.eigh((matrix + matrix.T) / 2)
    size = np.maximum(np.abs(values), 1e-8 * max(float(np.abs(values).max()), 1e-300))
    return vectors @ ((vectors.T @ right) / size)
