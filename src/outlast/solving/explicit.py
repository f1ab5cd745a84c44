"""Solve an explicit game: backward where play moves on, as a stationary equilibrium where it can come back.

    solution = solve_explicit(game)
    solution.chance("first", "quit"), solution.value("first", "one"), solution.outcome

Values are in the game's own unit and by plain expectation unless ``logsumexp`` is asked for.
"""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from functools import partial
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np

from outlast.game.explicit import ExplicitGame, GameError
from outlast.game.explicit_checks import endless, private_type_fault, stages
from outlast.solving.crossing import WIDTH
from outlast.solving.explicit_map import Choices, Layout, choices, layout_of, move_once, order_of, under, uniform
from outlast.solving.newton import Method
from outlast.solving.solution import precise, to_device
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
    method: Method | None = None,
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
        method: how linear equations are solved.
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
    with precise():
        layout = to_device(layout_of(game, convention))
        order = order_of(game)
        live = int((game.counts > 0).sum())
        start = jnp.asarray(game.value[:, order[:live]])
        found = None
        if depth is None:
            start = evaluated(start, jax.jit(uniform)(layout), layout)
            path = path or entry_path(start, layout)
            found = solve_stationary(
                move_once, start, data=layout, path=path, tolerance=tolerance, method=method, watch=watch
            )
            values, scale = jnp.asarray(found.values), found.scale
        else:
            values, scale = repeated(start, layout, depth), 1.0
        outcome = found.outcome if found is not None else _backward(depth or 0, moves)
        proof = _certified(values, scale, layout, last=start if moves is not None else None, moves=moves)
    chances, residual, regret = proof
    size = max(1.0, float(np.abs(game.value).max()), float(np.abs(np.asarray(values)).max()))
    reached = found is None or found.reached
    return ExplicitSolution(
        game=game,
        convention=convention,
        values=in_place(game, np.asarray(values), order),
        chances=by_row(game, chances, order),
        residual=residual,
        regret=regret,
        outcome=outcome,
        trusted=reached and residual <= TRUSTED * size and regret <= TRUSTED * size,
        seconds=time.perf_counter() - begun,
        stationary=found,
    )


def _backward(depth: int, moves: int | None) -> str:
    return f"solved backward over {depth} moves" + ("" if moves is None else ", as asked")


@partial(jax.jit, static_argnames=("times",))
def repeated(values: Any, layout: Layout, times: int) -> Any:
    """Return the values ``times`` moves earlier."""
    one = jnp.asarray(1.0)
    return jax.lax.fori_loop(0, times, lambda _, held: move_once(held, one, layout), values)


@jax.jit
def replies(values: Any, scale: Any, layout: Layout) -> Choices:
    """Return the next values and the chances that lead to them, compiled."""
    return choices(values, scale, layout)


@jax.jit
def evaluated(values: Any, chances: tuple[Any, ...], layout: Layout) -> Any:
    """Return the values when play follows the given chances for ever, by iteration from ``values``."""

    def unfinished(carry):
        before, here, count = carry
        return (count < SETTLE) & (jnp.abs(here - before).max() > 1e-13 * jnp.abs(here).max())

    def once(carry):
        _, here, count = carry
        return here, under(here, chances, layout), count + 1

    first = under(values, chances, layout)
    return jax.lax.while_loop(unfinished, once, (values, first, 0))[1]


def entry_path(values: Any, layout: Layout) -> NoisePath:
    """Return a noise path that begins where the map contracts, judged by the spread of values under equal chances."""
    found = replies(values, jnp.asarray(1.0), layout)
    spread = 0.0
    patience = 0.0
    for block, own in zip(layout.blocks, found.own, strict=True):
        if block.pay.shape[1] > 1:
            spread = max(spread, float(((own.max(axis=0) - own.min(axis=0)) / block.noise).max()))
        patience = max(patience, float(block.discount.max()))
    length = min(HIGH, max(4.0, 1 / max(1 - patience, 1 / HIGH)))
    return NoisePath(start=max(1.0, spread * length))


def _certified(values: Any, scale: float, layout: Layout, *, last: Any, moves: int | None):
    """Return chances per block, the residual and the regret; of a game cut off, those of its first move."""
    after = values if moves is None else repeated(last, layout, max(moves - 1, 0))
    found = replies(after, jnp.asarray(scale), layout)
    residual = float(jnp.abs(found.values - values).max()) if values.size else 0.0
    if layout.convention == "expectation" and moves is None:
        after = evaluated(values, found.chances, layout)
    again = replies(after, jnp.asarray(scale), layout)
    regret = 0.0
    for block, mine, best in zip(layout.blocks, found.chances, again.chances, strict=True):
        if block.pay.shape[1] > 1:
            loss = jnp.where(mine > 0, mine * (jnp.log(jnp.maximum(mine, 1e-300)) - jnp.log(best)), 0.0).sum(axis=0)
            regret = max(regret, float((block.noise * scale * loss).max()))
    return found.chances, residual, regret


def in_place(game: ExplicitGame, values: np.ndarray, order: np.ndarray) -> np.ndarray:
    """Return values in the order of the game's states, from those in the order of its layout."""
    whole = game.value.copy()
    whole[:, order[: values.shape[1]]] = values
    return whole


def by_row(game: ExplicitGame, chances: tuple[Any, ...], order: np.ndarray) -> np.ndarray:
    """Return chances by row of the game, from those by block."""
    rows = np.zeros(game.rows)
    done = 0
    for chance in chances:
        actions, states = chance.shape
        at = game.first[order[done : done + states]]
        rows[at + np.arange(actions)[:, None]] = np.asarray(chance)
        done += states
    return rows
