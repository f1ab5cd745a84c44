"""Weigh draws by a record, and renew them where too few carry the weight.

Weights    w_i = L_i / sum L,   effective size = (sum w)^2 / sum w^2
Refresh    for powers 0 = t_0 < ... < t_n = 1 of the likelihood: weigh by L^(t_k - t_(k-1)) with t_k as large as leaves
           half the draws effective; resample; move each draw by a step that leaves the prior alone and accept it with
           chance min(1, (L'/L)^t_k), after solving the game there; again with a shorter step if few were accepted.
Source     Del Moral, Doucet & Jasra (2006), sequential Monte Carlo samplers; the step is the preconditioned
           Crank-Nicolson of Cotter, Roberts, Stuart & White (2013) on normal scores of the unit cube, which suits many
           numbers.
"""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field

import numpy as np
from scipy.special import ndtr, ndtri

from outlast.answers.intervals import FEWEST
from outlast.learning.draws import THREADS, Draws, Progress, Ranges, Solver
from outlast.learning.evidence import Evidence
from outlast.learning.filter import Filtered, Levels, densities_of, filtered
from outlast.learning.policy import Policy
from outlast.learning.remembered import place_of, remember, remembered
from outlast.learning.weights import effective, next_temper, normalised, resampled

KEPT = 0.5
"""Share of the draws that stays effective from one power of the likelihood to the next."""
STEP, STEP_RANGE = 0.5, (0.05, 0.95)
"""Size of the first move in normal scores (1 forgets where it was), and its bounds."""
AIM = 0.3
"""Share of moves accepted that the size of the step aims at."""
SPEED = 3.0
"""How fast the size of the step follows the share accepted."""
TRIES = 3
"""Moves at one power at most: another, shorter one follows where fewer than half as many as aimed at were accepted."""
EDGE = 1e-9
"""Distance from the faces of the unit cube at which a normal score stays finite."""
NOTHING: Progress = lambda stage, done, total: None  # noqa: E731


@dataclass(frozen=True)
class Rung:
    """One power of the likelihood in a refresh: how many draws were effective before it, and how its moves went."""

    power: float
    effective: float
    accepted: float
    step: float


@dataclass(frozen=True)
class Posterior:
    """Draws, what the record says in each, and their weights."""

    ranges: Ranges
    points: np.ndarray
    policies: Sequence[Policy] = field(repr=False)
    filters: list[Filtered] = field(repr=False)
    weights: np.ndarray
    prior_effective: float
    """Effective sample size of the draws from the prior, before any refresh."""
    evidence: float
    """Log of the mean likelihood over the prior: how well the scenario as a whole foresaw the record."""
    rungs: tuple[Rung, ...] = ()

    @property
    def effective(self) -> float:
        """Return the effective sample size; draws that a refresh has copied and not moved since count as one."""
        _, places = np.unique(self.points, axis=0, return_inverse=True)
        return effective(np.bincount(places.ravel(), self.weights))

    @property
    def ranged(self) -> bool:
        """Whether enough draws are effective for a range over them."""
        return self.effective >= FEWEST

    @property
    def numbers(self) -> np.ndarray:
        """Return the numbers of every draw."""
        return self.ranges.numbers(self.points)

    @property
    def logs(self) -> np.ndarray:
        """Return the log likelihood of every draw."""
        return np.array([each.loglikelihood for each in self.filters])


def weigh(draws: Draws, evidence: Evidence, levels: Levels, *, say: Progress = NOTHING) -> Posterior:
    """Weigh draws from the prior by a record; nothing is solved, and what stored draws said before is remembered.

    Raises ``ValueError`` if no draw gives the record any chance.
    """
    place = place_of(draws.mark, evidence) if draws.mark else None
    filters = remembered(place) if place else None
    if filters is None:
        filters = filter_all(draws.policies, evidence, levels, say=say, ends=place is None)
        if place:
            remember(place, filters)
    logs = np.array([each.loglikelihood for each in filters])
    weights = normalised(logs)
    likely = float(np.log(np.mean(np.exp(logs - logs.max()))) + logs.max())
    return Posterior(draws.ranges, draws.points, draws.policies, filters, weights, effective(weights), likely)


def filter_all(
    policies: Sequence[Policy], evidence: Evidence, levels: Levels, *, say: Progress = NOTHING, ends: bool = True
) -> list[Filtered]:
    """Filter a record through every policy, a few at once; ``ends`` says whether to keep where the war may stand."""
    found = []
    densities = densities_of(evidence, levels)

    def one(place: int) -> Filtered:
        each = filtered(policies[place], evidence, levels, densities=densities)
        return each if ends else each.without_end()

    with ThreadPoolExecutor(THREADS) as pool:
        for done, each in enumerate(pool.map(one, range(len(policies)))):
            found.append(each)
            say("reading the record", done + 1, len(policies))
    return found


def refresh(
    posterior: Posterior,
    solver: Solver,
    evidence: Evidence,
    levels: Levels,
    *,
    count: int,
    seed: int,
    say: Progress = NOTHING,
) -> Posterior:
    """Renew weighted draws: temper, resample and move, solving new draws.

    Args:
        posterior: draws from the prior, weighed.
        solver: solves new draws.
        evidence, levels: the record and the levels of the stocks.
        count: how many draws to carry through the powers and to return, equally weighted.
        seed: fixes resampling and moves.
        say: told of the work done.

    Returns:
        A posterior of ``count`` draws with equal weights, with the rungs that led to it.
    """
    random = np.random.default_rng(seed)
    reader = Reader(solver, evidence, levels, say)
    logs = posterior.logs
    # The prior's draws are many and solved already: the first rung chooses among all of them.
    power = next_temper(logs, 0.0, min(1.0, count * KEPT / len(logs)))
    weights = normalised(power * logs)
    state = State.of(posterior).picked(resampled(weights, count, random))
    rungs = []
    step, kept, again = STEP, effective(weights), 0
    while True:
        stage = f"solving new draws, round {len(rungs) + 1} (power {power:.2f} of the likelihood)"
        state, accepted = _move(state, reader, stage, power=power, step=step, random=random)
        rungs.append(Rung(power, kept, accepted, step))
        step = float(np.clip(step * np.exp(SPEED * (accepted - AIM)), *STEP_RANGE))
        again = again + 1 if accepted < AIM / 2 else 0
        if 0 < again < TRIES:
            continue
        if power >= 1.0:
            break
        again = 0
        higher = next_temper(state.logs, power, KEPT)
        weights = normalised((higher - power) * state.logs)
        kept, power = effective(weights), higher
        state = state.picked(resampled(weights, count, random))
    even = np.full(count, 1 / count)
    return Posterior(posterior.ranges, state.points, state.policies, state.filters, even,
                     posterior.prior_effective, posterior.evidence, tuple(rungs))  # fmt: skip


@dataclass(frozen=True)
class State:
    """Equally weighted draws on their way: points, policies and what the record says in each."""

    points: np.ndarray
    policies: Sequence[Policy]
    filters: list[Filtered]

    @staticmethod
    def of(posterior: Posterior) -> State:
        """Return the draws of a posterior."""
        return State(posterior.points, posterior.policies, posterior.filters)

    @property
    def logs(self) -> np.ndarray:
        """Return the log likelihood of every draw."""
        return np.array([each.loglikelihood for each in self.filters])

    def picked(self, places: np.ndarray) -> State:
        """Return the draws at some places, in their order."""
        once = {int(i): self.policies[int(i)] for i in np.unique(places)}
        return State(self.points[places], [once[int(i)] for i in places], [self.filters[i] for i in places])


@dataclass(frozen=True)
class Reader:
    """What solves new draws and reads the record in each."""

    solver: Solver
    evidence: Evidence
    levels: Levels
    say: Progress

    def __call__(self, points: np.ndarray, stage: str) -> State:
        """Return new draws."""
        policies = self.solver(points, self.say, stage)
        return State(points, policies, filter_all(policies, self.evidence, self.levels))


def _move(
    state: State, reader: Reader, stage: str, *, power: float, step: float, random: np.random.Generator
) -> tuple[State, float]:
    """Move every draw once and return the draws and the share of moves accepted."""
    new = reader(moved(state.points, step, random), stage)
    accepted = np.log(random.random(len(new.points))) < power * (new.logs - state.logs)
    pick = lambda ours, theirs: [a if yes else b for a, b, yes in zip(ours, theirs, accepted, strict=True)]  # noqa: E731
    points = np.where(accepted[:, None], new.points, state.points)
    merged = State(points, pick(new.policies, state.policies), pick(new.filters, state.filters))
    return merged, float(accepted.mean())


def moved(points: np.ndarray, step: float, random: np.random.Generator) -> np.ndarray:
    """Return points moved by a step that leaves the uniform distribution on the unit cube as it is."""
    scores = ndtri(np.clip(points, EDGE, 1 - EDGE))
    return ndtr(np.sqrt(1 - step**2) * scores + step * random.standard_normal(points.shape))
