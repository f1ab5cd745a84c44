"""A game with a private type on a grid of public beliefs, in plain loops: a second computation for small games.

Values are kept at every state and belief level and read between two levels by linear interpolation. Each typed node is
solved for the log odds after its actions by a general root finder, from pooling.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.optimize import root
from scipy.special import expit, log_softmax

from outlast.game.explicit import ExplicitGame
from outlast.game.explicit_checks import stages
from outlast.game.layers import TYPED

SPREADS = (0.0, 1.0, 3.0)
"""Distances from pooling, in log odds, of the places from which a node is solved."""


@dataclass
class GridSolution:
    """Values ``(accounts, beliefs, states)``, chances by type ``(2, beliefs, rows)``, beliefs after each row."""

    game: ExplicitGame
    levels: np.ndarray
    values: np.ndarray
    chances: np.ndarray
    posteriors: np.ndarray
    bayes: float = 0.0
    """Largest gap of log odds to what Bayes' rule says."""

    def value(self, state: str, account: str, belief: float) -> float:
        at = self.values[self.game.account_index(account), :, self.game.state_index(state)]
        return float(np.interp(belief, self.levels, at))

    def chance(self, state: str, action: str, belief: float, *, type: str | None = None) -> float:
        row = self.game.row_index(state, action)
        first, second = (float(np.interp(belief, self.levels, self.chances[kind, :, row])) for kind in (0, 1))
        if type is None:
            return belief * second + (1 - belief) * first
        return (first, second)[self.game.accounts.index(type)]

    def posterior(self, state: str, action: str, belief: float) -> float:
        return float(np.interp(belief, self.levels, self.posteriors[:, self.game.row_index(state, action)]))


def solve_on_grid(game: ExplicitGame, levels: Sequence[float]) -> GridSolution:
    """Solve a game in which play moves on, at every belief level."""
    grid = np.asarray(levels, dtype=float)
    stage = stages(game)
    assert stage is not None
    found = GridSolution(
        game,
        grid,
        np.repeat(game.value[:, None], len(grid), axis=1),
        np.zeros((2, len(grid), game.rows)),
        np.repeat(grid[:, None], game.rows, axis=1),
    )
    for state in np.argsort(stage, kind="stable"):
        if game.counts[state]:
            for level in range(len(grid)):
                _solve(found, int(state), level)
    return found


def _solve(found: GridSolution, state: int, level: int) -> None:
    game, prior = found.game, found.levels[level]
    rows = np.arange(game.first[state], game.first[state + 1])
    able = np.ones((2, len(rows)), dtype=bool)
    typed = game.mover[state] == TYPED
    if typed and game.able is not None:
        able = np.asarray(game.able)[:, rows]
    after = np.full(len(rows), prior)
    after[able[0] & ~able[1]], after[able[1] & ~able[0]] = 0.0, 1.0
    logs = np.zeros((2, len(rows)))
    if typed:
        free = able[0] & able[1]
        logs = _chances(found, state, rows, able, after)
        if free.any() and 0 < prior < 1:
            after[free] = expit(_odds(found, state, rows, able, after, free))
            logs = _chances(found, state, rows, able, after)
            bayes = np.log(prior / (1 - prior)) + logs[1][free] - logs[0][free]
            found.bayes = max(found.bayes, float(np.abs(expit(bayes) - after[free]).max()))
    elif len(rows) > 1:
        account = int(game.mover[state])
        own = [_worth(found, state, row, account, prior) for row in rows]
        logs = np.tile(log_softmax(np.array(own) / game.noise[state]), (2, 1))
    chances = np.exp(logs)
    found.chances[:, level, rows], found.posteriors[level, rows] = chances, after
    for account in range(len(game.accounts)):
        seen = chances[account] if account < 2 else prior * chances[1] + (1 - prior) * chances[0]
        worth = [_worth(found, state, row, account, belief) for row, belief in zip(rows, after, strict=True)]
        found.values[account, level, state] = seen @ np.array(worth)


def _worth(found: GridSolution, state: int, row: int, account: int, belief: float) -> float:
    """What an action is worth to an account, at the belief after it."""
    game, total = found.game, 0.0
    for at in range(game.edge[row], game.edge[row + 1]):
        total += game.chance[at] * np.interp(belief, found.levels, found.values[account, :, game.successor[at]])
    lift = 0.0 if game.lift is None else game.lift[account, row] * belief
    return game.pay[account, row] + lift + game.discount[account, state] * total


def _chances(found: GridSolution, state: int, rows: np.ndarray, able: np.ndarray, after: np.ndarray) -> np.ndarray:
    """Log chances of both types, minus infinity where the type cannot take the action."""
    logs = np.full((2, len(rows)), -np.inf)
    for kind in (0, 1):
        own = np.array([_worth(found, state, row, kind, belief) for row, belief in zip(rows, after, strict=True)])
        logs[kind, able[kind]] = log_softmax(own[able[kind]] / found.game.noise[state])
    return logs


def _odds(found: GridSolution, state: int, rows, able, after, free) -> np.ndarray:
    """Log odds after the actions that both types can take, from the start that pooling or its surroundings lead to."""
    before = float(np.log(after[free][0]) - np.log1p(-after[free][0]))

    def gap(odds: np.ndarray) -> np.ndarray:
        here = after.copy()
        here[free] = expit(odds)
        logs = _chances(found, state, rows, able, here)
        return before + logs[1][free] - logs[0][free] - odds

    rng = np.random.default_rng(0)
    best, least = np.full(free.sum(), before), np.inf
    for spread in np.repeat(SPREADS, 8)[7:]:
        tried = root(gap, before + spread * rng.standard_normal(free.sum()), tol=1e-13)
        if np.abs(tried.fun).max() < least:
            best, least = tried.x, np.abs(tried.fun).max()
        if least < 1e-10:
            break
    return best
