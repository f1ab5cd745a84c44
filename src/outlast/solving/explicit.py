"""Solve an explicit game: backward where play moves on, as a stationary equilibrium where it can come back.

    solution = solve_explicit(game)
    solution.chance("first", "quit"), solution.value("first", "one"), solution.outcome

Values are in the game's own unit and by plain expectation unless ``logsumexp`` is asked for.
"""

from __future__ import annotations

import time
from dataclasses import dataclass, field

import numpy as np

from outlast.game.explicit import ExplicitGame, GameError
from outlast.game.explicit_checks import endless, private_type_fault, stages
from outlast.solving.crossing import WIDTH
from outlast.solving.explicit_map import ExplicitMap, Replies
from outlast.solving.newton import single_threaded
from outlast.solving.stationary import NoisePath, Stationary, solve_stationary

TRUSTED = 1e-8
"""Largest residual and regret, relative to the largest value, with which a solution is trusted."""
SETTLE = 400
"""Most rounds in which values under the chances found are computed afresh."""
HIGH = 1e4
"""Most times the spread of values that noise at the entry of the branch amounts to."""


@dataclass(frozen=True)
class ExplicitSolution:
    """Values and choices of an explicit game, with the evidence that they are an equilibrium."""

    game: ExplicitGame
    convention: str
    values: np.ndarray = field(repr=False)
    """``(accounts, states)``; at ends the values given."""
    chances: np.ndarray = field(repr=False)
    """Chance of each action at its state, ``(rows,)``."""
    residual: float
    """Largest gap between a value and what the map makes of all values."""
    regret: float
    """Most that any mover could gain by other chances, beyond what its noise explains."""
    outcome: str
    trusted: bool
    """Whether an equilibrium of the game asked for was reached, with residual and regret within their limit."""
    seconds: float
    stationary: Stationary | None = field(default=None, repr=False)
    """How the branch was followed; None for a game solved backward."""

    def value(self, state: str, account: str) -> float:
        """Return what an account expects at a state."""
        return float(self.values[self.game.account_index(account), self.game.state_index(state)])

    def chance(self, state: str, action: str) -> float:
        """Return the chance of an action at a state."""
        return float(self.chances[self.game.row_index(state, action)])

    @property
    def warnings(self) -> tuple[str, ...]:
        """Return what a reader should know: where the branch turned, met another, or stopped."""
        return self.stationary.warnings if self.stationary is not None else ()


def solve_explicit(
    game: ExplicitGame,
    *,
    convention: str = "expectation",
    moves: int | None = None,
    path: NoisePath | None = None,
    tolerance: float = 1e-11,
    watch: float | None = WIDTH,
) -> ExplicitSolution:
    """Find the agent logit equilibrium on the principal branch.

    Args:
        game: without a private type (``outlast.solving.explicit_types`` has those that have one).
        convention: value of a choice to its mover: ``expectation`` (McKelvey & Palfrey 1998) or ``logsumexp`` (Rust
            1987).
        moves: stop after so many moves, at ``game.value`` of the state then reached; None plays on.
        path: where the branch is entered and how it is stepped along; chosen from the payoffs when None.
        tolerance: largest gap of the stationary solution, relative to the largest value.
        watch: look for other branches that meet the principal one, to this relative width of noise; None does not.

    Returns:
        The solution. A game whose play never comes back to a state is solved exactly, backward; others by following
        noise down to the game's own.

    Raises:
        GameError: if play can go on for ever undiscounted, or if the game has a private type.
    """
    begun = time.perf_counter()
    if game.private is not None:
        raise GameError([private_type_fault()])
    depth = moves
    if depth is None:
        stage = stages(game)
        depth = None if stage is None else int(stage.max())
    if depth is None and (faults := endless(game)):
        raise GameError(faults)
    with single_threaded():
        of = ExplicitMap(game, convention)
        start = game.value[:, of.live]
        found = None
        if depth is None:
            start = evaluated(of, start, of.uniform())
            found = solve_stationary(
                of, start.reshape(-1), path=path or entry_path(of, start), tolerance=tolerance, watch=watch
            )
            values, scale = of.split(np.append(found.values, 0.0))[0], found.scale
        else:
            values, scale = repeated(of, start, depth), 1.0
        outcome = found.outcome if found is not None else _backward(depth or 0, moves)
        chances, residual, regret = _certified(
            of, values, scale, last=start if moves is not None else None, moves=moves
        )
    size = max(1.0, float(np.abs(game.value).max(initial=0.0)), float(np.abs(values).max(initial=0.0)))
    reached = found is None or found.reached
    return ExplicitSolution(
        game=game,
        convention=convention,
        values=of.full(values),
        chances=chances,
        residual=residual,
        regret=regret,
        outcome=outcome,
        trusted=reached and residual <= TRUSTED * size and regret <= TRUSTED * size,
        seconds=time.perf_counter() - begun,
        stationary=found,
    )


def _backward(depth: int, moves: int | None) -> str:
    return f"solved backward over {depth} moves" + ("" if moves is None else ", as asked")


def replies(of: ExplicitMap, values: np.ndarray, scale: float = 1.0) -> Replies:
    """Return the next values and the chances that lead to them, where nobody has a private type."""
    return of.replies(values, np.empty(0), scale)


def repeated(of: ExplicitMap, values: np.ndarray, times: int) -> np.ndarray:
    """Return the values ``times`` moves earlier."""
    for _ in range(times):
        values = replies(of, values).values
    return values


def evaluated(of: ExplicitMap, values: np.ndarray, chances: np.ndarray) -> np.ndarray:
    """Return the values when play follows the given chances for ever, by iteration from ``values``."""
    before, here = values, of.under(values, chances)
    for _ in range(SETTLE):
        if not np.abs(here - before).max(initial=0.0) > 1e-13 * np.abs(here).max(initial=0.0):
            break
        before, here = here, of.under(here, chances)
    return here


def entry_path(of: ExplicitMap, values: np.ndarray) -> NoisePath:
    """Return a noise path that begins where the map contracts, judged by the spread of values under equal chances."""
    own = replies(of, values).own[0]
    spread = 0.0
    if of.live.size:
        wide = np.maximum.reduceat(own, of.starts) - np.minimum.reduceat(own, of.starts)
        spread = float((wide / of.noise[of.starts]).max())
    patience = float(of.game.discount[:, of.live].max(initial=0.0))
    length = min(HIGH, max(4.0, 1 / max(1 - patience, 1 / HIGH)))
    return NoisePath(start=max(1.0, spread * length))


def _certified(
    of: ExplicitMap, values: np.ndarray, scale: float, *, last: np.ndarray | None, moves: int | None
) -> tuple[np.ndarray, float, float]:
    """Return the chances, the residual and the regret; of a game cut off, those of its first move."""
    after = values if moves is None or last is None else repeated(of, last, max(moves - 1, 0))
    found = replies(of, after, scale)
    residual = float(np.abs(found.values - values).max(initial=0.0))
    if of.convention == "expectation" and moves is None:
        after = evaluated(of, values, found.chances[0])
    best = replies(of, after, scale)
    loss = of.sums(found.chances[0] * (found.logs[0] - best.logs[0]))
    regret = float((of.noise[of.starts] * scale * loss).max(initial=0.0))
    return found.chances[0], residual, regret
