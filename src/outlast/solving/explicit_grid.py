"""Solve a game with a private type on a grid of public beliefs, through the typed nodes of the conflict's own engine.

Values are kept at every state and belief level; what is between two levels is read by linear interpolation. States that
are equally far from the end, with the same kind of mover and as many actions, are solved together as the cells of one
layer. ``outlast.solving.explicit_types`` solves the same game without a grid, where histories are few.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from outlast.game.explicit import ExplicitGame, GameError
from outlast.game.explicit_checks import cycle_fault, stages
from outlast.game.layers import TYPED, Action, Decision
from outlast.solving.month import Ready, Solved, decide
from outlast.solving.solution import BAYES_LIMIT, RESIDUAL_LIMIT
from outlast.solving.workspace import Workspace

TOLERANCE = 1e-10
"""Largest log-odds gap left at a typed node."""


@dataclass(frozen=True)
class GridSolution:
    """Values and choices of an explicit game with a private type, at every state and belief level."""

    game: ExplicitGame
    levels: np.ndarray = field(repr=False)
    """Ascending chances of the second type, ``(beliefs,)``."""
    convention: str
    values: np.ndarray = field(repr=False)
    """``(accounts, beliefs, states)``."""
    chances: np.ndarray = field(repr=False)
    """Chance of each row by the two types, ``(2, beliefs, rows)``; equal where the mover has none."""
    posteriors: np.ndarray = field(repr=False)
    """Belief after each row, ``(beliefs, rows)``."""
    bayes: float
    """Largest distance of a belief read from Bayes' rule on the chances played."""
    residual: float
    """Most that this distance can move a value, in units of the noise at its node."""
    seconds: float

    @property
    def trusted(self) -> bool:
        """Whether both stay within their limits."""
        return self.bayes <= BAYES_LIMIT and self.residual <= RESIDUAL_LIMIT

    def value(self, state: str, account: str, belief: float) -> float:
        """Return what an account expects at a state and belief, between levels by linear interpolation."""
        at = self.values[self.game.account_index(account), :, self.game.state_index(state)]
        return float(np.interp(belief, self.levels, at))

    def chance(self, state: str, action: str, belief: float, *, type: str | None = None) -> float:
        """Return the chance of an action: of one type, or as those see it who do not know the type."""
        row = self.game.row_index(state, action)
        first, second = (float(np.interp(belief, self.levels, self.chances[kind, :, row])) for kind in (0, 1))
        if type is None:
            return belief * second + (1 - belief) * first
        return (first, second)[self.game.accounts.index(type)]

    def posterior(self, state: str, action: str, belief: float) -> float:
        """Return the belief after an action."""
        return float(np.interp(belief, self.levels, self.posteriors[:, self.game.row_index(state, action)]))


def solve_on_grid(
    game: ExplicitGame,
    levels: Sequence[float],
    *,
    moves: int | None = None,
    convention: str = "expectation",
) -> GridSolution:
    """Solve backward at every belief level.

    Args:
        game: with a private type.
        levels: ascending beliefs from 0 to 1, at least two.
        moves: stop after so many moves, at ``game.value`` of the state then reached; needed where play can come back.
        convention: value of a choice to its mover: ``expectation`` or ``logsumexp``.

    Raises:
        GameError: if play can come back to a state and ``moves`` is None.
        ValueError: if nobody has a private type, or the levels do not rise from 0 to 1.
    """
    begun = time.perf_counter()
    if game.private is None:
        raise ValueError("nobody has a private type in this game: use solve_explicit")
    grid: Any = np.asarray(levels, dtype=float)
    if len(grid) < 2 or grid[0] != 0 or grid[-1] != 1 or not (np.diff(grid) > 0).all():
        raise ValueError(f"belief levels rise from 0 to 1, since a move can show either type; found {list(levels)}")
    sweep = _Sweep(game, grid, convention)
    if moves is None:
        stage = stages(game)
        if stage is None:
            raise GameError([cycle_fault()])
        for level in range(1, int(stage.max()) + 1):
            sweep.solve(np.flatnonzero(stage == level))
    else:
        for _ in range(moves):
            sweep.solve(np.flatnonzero(game.counts > 0))
    return GridSolution(
        game=game,
        levels=grid,
        convention=convention,
        values=np.moveaxis(sweep.values, -1, 1),
        chances=sweep.chances,
        posteriors=sweep.posteriors,
        bayes=sweep.bayes,
        residual=sweep.residual,
        seconds=time.perf_counter() - begun,
    )


class _Sweep:
    """Values and choices while they are filled in, from the ends towards the beginning."""

    def __init__(self, game: ExplicitGame, levels: Any, convention: str) -> None:
        self.game, self.levels = game, levels
        accounts, inclusive = len(game.accounts), convention == "logsumexp"
        self._space = Workspace(levels, accounts=accounts, tolerance=TOLERANCE, inclusive=inclusive)
        shape = (len(levels), game.rows)
        self.values = np.repeat(game.value[..., None], len(levels), axis=-1)
        self.chances = np.zeros((2, *shape))
        self.posteriors = np.repeat(np.asarray(levels)[:, None], game.rows, axis=1)
        self.bayes = self.residual = 0.0

    def solve(self, states: np.ndarray) -> None:
        """Solve the given states from the values at all states that can follow them."""
        game, before = self.game, self.values.copy()
        for actions in np.unique(game.counts[states]):
            for mover in np.unique(game.mover[states]):
                group = states[(game.counts[states] == actions) & (game.mover[states] == mover)]
                if len(group):
                    self._solve_group(group, int(actions), int(mover), before)

    def _solve_group(self, group: np.ndarray, actions: int, mover: int, before: np.ndarray) -> None:
        game = self.game
        rows = game.first[group] + np.arange(actions)[:, None]
        q = np.stack([self._worth(rows[a], group, before) for a in range(actions)], axis=1)
        shown = self._shown(rows) if mover == TYPED else None
        if shown is not None:
            # Only one type can have moved like that: every belief afterwards is certain, whatever it was before.
            q = np.where(shown == 0, q[:, :, :1], np.where(shown == 1, q[:, :, -1:], q))
        if actions == 1 and mover != TYPED:
            self.values[:, group] = np.moveaxis(q[:, 0], -1, -2)
            self.chances[:, :, rows[0]] = 1.0
            return
        noise = game.noise[group]
        able = None if mover != TYPED or game.able is None else np.asarray(game.able, dtype=float)[:, rows]
        choice, value, _, proof = _solve_layer(q / noise, able, mover, self._space)
        self.values[:, group] = np.moveaxis(value * noise, -1, -2)
        for a in range(actions):
            first = choice.settler[a][0]
            self.chances[0, :, rows[a]] = first.T
            self.chances[1, :, rows[a]] = (first if choice.staller is None else choice.staller[a][0]).T
            if choice.posterior is not None:
                after = choice.posterior[a][0]
                self.posteriors[:, rows[a]] = after if shown is None else np.where(np.isnan(shown[a]), after, shown[a])
        if mover == TYPED:
            self.bayes, self.residual = max(self.bayes, proof.bayes), max(self.residual, proof.residual)

    def _shown(self, rows: np.ndarray) -> np.ndarray | None:
        """Return the belief that a row alone leads to: 0 or 1 where one type can take it, else not a number.

        ``(actions, 1, states)``.
        """
        if self.game.able is None:
            return None
        first, second = np.asarray(self.game.able)[:, rows]
        return np.where(first == second, np.nan, np.where(second, 1.0, 0.0))[:, None]

    def _worth(self, rows: np.ndarray, group: np.ndarray, before: np.ndarray) -> np.ndarray:
        """Return what one action of each state is worth, ``(accounts, beliefs, states)``."""
        game = self.game
        out = np.empty((len(game.accounts), len(self.levels), len(rows)))
        for place, (row, state) in enumerate(zip(rows, group, strict=True)):
            span = slice(game.edge[row], game.edge[row + 1])
            expected = np.einsum("isb,s->ib", before[:, game.successor[span]], game.chance[span])
            out[:, :, place] = game.pay[:, row, None] + game.discount[:, state, None] * expected
            if game.lift is not None:
                out[:, :, place] += game.lift[:, row, None] * np.asarray(self.levels)
        return out


def _solve_layer(scaled: np.ndarray, able: np.ndarray | None, mover: int, space: Workspace) -> Solved:
    """Solve one layer of decisions at noise one.

    ``scaled`` is Q over noise, ``(accounts, actions, beliefs, cells)``; ``able`` is 1 where a type can take an action,
    ``(types, actions, cells)``.
    """
    allowed: list[Any] = [None if able is None else able[:, [a], None] for a in range(scaled.shape[1])]
    actions = tuple(Action(f"{a}", f"after {a}", allowed=allowed[a]) for a in range(scaled.shape[1]))
    stations = {action.to: scaled[:, a] for a, action in enumerate(actions)}
    noise: Any = np.asarray(1.0)
    return decide(Ready(Decision("here", mover, actions, noise)), stations, None, space)
