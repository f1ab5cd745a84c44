"""The map of an explicit game and its derivative: values after one more move, from values now.

    z(a) = Q(mover, a) / (noise scale),   p = exp z / sum exp z,   (T V)(i) = sum over a of p(a) Q(i, a)

Under the convention ``logsumexp`` the mover's own value is (noise scale) log sum exp z instead (Rust 1987); it is
``expectation`` otherwise (McKelvey & Palfrey 1998). With a private type each of the two types has chances of its own,

    w(i) = (1, 0) of the first type, (0, 1) of the second, (1 - b, b) of all others at the public belief b,
    (T V)(i) = sum over types k of w(i, k) sum over a of p_k(a) Q_k(i, a),

and the log odds of beliefs are unknowns beside the values: those after action a are those before it plus
log p_1(a) - log p_0(a). An action that a type cannot take is left out of its sums, whatever it would be worth.

Rows of all states lie one after another, whatever their number by state, and sums run over the rows of each state.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any, NamedTuple

import numpy as np
from scipy.sparse import csr_array
from scipy.sparse.linalg import LinearOperator

from outlast.game.explicit import ExplicitGame
from outlast.game.explicit_histories import CERTAIN_SECOND, PRIOR, Histories
from outlast.game.layers import TYPED

CONVENTIONS = ("expectation", "logsumexp")
DENSE = 1000
"""Unknowns up to which the derivative is a full matrix."""
ASSEMBLED = 2 * 10**7
"""Entries up to which a larger one is a sparse matrix; beyond, it is applied to directions only."""
KNOWN = CERTAIN_SECOND + 1
"""Beliefs that are no unknowns: the prior and the two certain ones."""


class Replies(NamedTuple):
    """What one pass over the map finds."""

    values: np.ndarray
    """One move earlier, ``(accounts, live states)``."""
    chances: np.ndarray
    """By type and row, ``(types, rows)``; exactly 0 where the type cannot take the action."""
    logs: np.ndarray
    """Their logarithms, minus infinity where the chance is 0 for that reason."""
    own: np.ndarray
    """What each action is worth to who chooses, by type: ``(types, rows)``."""
    worth: tuple[np.ndarray, ...]
    """What each action is worth to every account if the type is this one: by type, ``(accounts, rows)``."""
    expected: tuple[np.ndarray, ...]
    """What play is worth to every account if the type is this one: by type, ``(accounts, live states)``."""
    belief: np.ndarray
    """Chance of the second type at each live state; empty where nobody has a type."""


@dataclass(frozen=True)
class Structure:
    """Where the entries of the derivative of F lie, in the order in which ``ExplicitMap.slopes`` lists their numbers.

    Edges are those that lead to a live state. ``choice`` has the edges of choices whose mover all know, ``typed`` those
    of choices by the player with the private type; ``learnt`` the edges of each choice that a belief follows from, and
    ``after`` the place of that belief among the unknown ones.
    """

    edges: np.ndarray
    choice: np.ndarray
    typed: np.ndarray
    learnt: np.ndarray
    after: np.ndarray
    bend: np.ndarray
    """Live states whose belief is unknown."""
    parents: np.ndarray
    """Unknown beliefs that follow from unknown ones."""
    rows: np.ndarray
    columns: np.ndarray


class ExplicitMap:
    """A game as a map of all values, and of the log odds of beliefs where there is a private type.

    The unknowns are the values, account by account, at states that are no end; then the log odds of the beliefs that
    are neither the prior nor certain; then the logarithm of the noise scale.
    """

    def __init__(self, game: ExplicitGame, convention: str = "expectation", histories: Histories | None = None) -> None:
        """Take a game without a private type, or the public histories of one that has one, with ``histories.game``."""
        if convention not in CONVENTIONS:
            raise ValueError(f"no value convention is called {convention!r}: use 'expectation' or 'logsumexp'")
        self.game, self.convention = game, convention
        self.live = np.flatnonzero(game.counts > 0)
        self.starts = game.first[self.live]
        place = np.full(game.states, -1)
        place[self.live] = np.arange(len(self.live))
        self.place = place
        self.at = place[game.row_state]
        """Live state of each row."""
        shape = (game.rows, game.states)
        self.move = csr_array((game.chance, game.successor, game.edge), shape=shape)
        self.discount = game.discount[:, game.row_state]
        self.noise = np.where(game.counts > 1, game.noise, 1.0)[game.row_state]
        self.mover = game.mover[self.live]
        self.is_typed = self.mover == TYPED
        self.types = 1 if histories is None else 2
        self.choosers = [np.where(self.is_typed, k, np.maximum(self.mover, 0)) for k in range(self.types)]
        self.able = self._able()
        self.lift = None if histories is None else game.lift
        self.accounts = len(game.value)
        self.beliefs = 0 if histories is None else len(histories.parent) - KNOWN
        self.values = self.accounts * len(self.live)
        self.size = self.values + self.beliefs
        # Along histories play moves on, and elimination leaves most zeros of the derivative alone.
        self.direct = histories is not None
        if histories is not None:
            private = game.private
            assert private is not None
            self.known = np.array([private.prior, 0.0, 1.0])
            self.prior = float(np.log(private.prior) - np.log1p(-private.prior))
            self.number = histories.belief[self.live]
            self.parent, self.row = histories.parent[KNOWN:], histories.row[KNOWN:]

    def _able(self) -> np.ndarray | None:
        game = self.game
        if game.able is None or self.types == 1:
            return None
        return np.asarray(game.able, dtype=bool) | ~self.is_typed[self.at]

    def sums(self, numbers: np.ndarray) -> np.ndarray:
        """Return sums over the rows of each live state, the last axis."""
        return np.add.reduceat(numbers, self.starts, axis=-1) if self.live.size else numbers[..., :0]

    def full(self, values: np.ndarray) -> np.ndarray:
        """Return values at all states, from those at live ones."""
        whole = self.game.value.copy()
        whole[:, self.live] = values
        return whole

    def join(self, values: np.ndarray, tau: float = 0.0) -> np.ndarray:
        """Return a point at some values, with every belief at the prior."""
        odds = np.full(self.beliefs, self.prior) if self.types == 2 else np.empty(0)
        return np.concatenate([np.reshape(values, -1), odds, [tau]])

    def split(self, y: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Return the values ``(accounts, live states)`` and the log odds of unknown beliefs at a point."""
        return y[: self.values].reshape(self.accounts, -1), y[self.values : self.size]

    def belief(self, odds: np.ndarray) -> np.ndarray:
        """Return every belief, by its number, from the log odds of those that are unknown."""
        grown = np.exp(-np.abs(odds))
        return np.append(self.known, np.where(odds >= 0, 1.0, grown) / (1 + grown))

    def worth(self, values: np.ndarray) -> np.ndarray:
        """Return Q: what each action is worth to every account, without what the second type adds: ``(.., rows)``."""
        return self.game.pay + self.discount * (self.move @ self.full(values).T).T

    def replies(self, values: np.ndarray, odds: np.ndarray, scale: float = 1.0) -> Replies:
        """Return the values one move earlier and the chances that lead to them; ``scale`` multiplies every noise."""
        rows = np.arange(self.game.rows)
        q = self.worth(values)
        noise = self.noise * scale
        belief = self.belief(odds)[self.number] if self.types == 2 else np.empty(0)
        worth = (q,) if self.types == 1 else (q, q if self.lift is None else q + self.lift)
        own, logs, inclusive = [], [], []
        for k, chooser in enumerate(self.choosers):
            who = chooser[self.at]
            mine = q[who, rows]
            if self.lift is not None:
                mine = mine + belief[self.at] * self.lift[who, rows]
            z = mine / noise
            masked = z if self.able is None else np.where(self.able[k], z, -np.inf)
            top = np.maximum.reduceat(masked, self.starts) if self.live.size else np.empty(0)
            lower = masked - top[self.at]
            total = np.log(self.sums(np.exp(lower)))
            own.append(mine)
            logs.append(lower - total[self.at])
            inclusive.append(noise[self.starts] * (top + total))
        chances = np.exp(logs)
        expected = tuple(self.sums(p * each) for p, each in zip(chances, worth, strict=True))
        after = expected[0].copy()
        if self.types == 2:
            after[1] = expected[1][1]
            after[2:] += belief * (expected[1][2:] - expected[0][2:])
        if self.convention == "logsumexp":
            for chooser, each in zip(self.choosers, inclusive, strict=True):
                after[chooser, np.arange(len(self.live))] = each
        return Replies(after, chances, np.asarray(logs), np.asarray(own), worth, expected, belief)

    def ratio(self, logs: np.ndarray, rows: np.ndarray) -> np.ndarray:
        """Return how far rows that both types can take move the log odds."""
        return logs[1, rows] - logs[0, rows]

    def _odds_before(self, odds: np.ndarray) -> np.ndarray:
        return np.append(self.prior, odds)[np.where(self.parent == PRIOR, 0, self.parent - KNOWN + 1)]

    def step(self, values: np.ndarray, odds: np.ndarray, scale: float = 1.0) -> tuple[np.ndarray, np.ndarray]:
        """Return values one move earlier and log odds one move later; a fixed point is an equilibrium."""
        found = self.replies(values, odds, scale)
        if self.types == 1:
            return found.values, odds
        return found.values, self._odds_before(odds) + self.ratio(found.logs, self.row)

    def gap(self, y: np.ndarray) -> np.ndarray:
        """Return F at a point."""
        after = self.step(*self.split(y), float(np.exp(y[-1])))
        return np.concatenate([part.reshape(-1) for part in after]) - y[:-1]

    def under(self, values: np.ndarray, chances: np.ndarray) -> np.ndarray:
        """Return the values one move earlier when play follows given chances ``(rows,)``, without a private type."""
        return self.sums(chances * self.worth(values))

    def uniform(self) -> np.ndarray:
        """Return equal chances for every action: what endless noise leads to."""
        return 1 / np.diff(np.append(self.starts, self.game.rows))[self.at]

    def slopes(self, y: np.ndarray) -> Any:
        """Return the derivative of F at a point, by values, log odds and the logarithm of the noise scale."""
        here = self._here(y)
        if self.size > DENSE and self._entries() > ASSEMBLED:
            operator: Any = LinearOperator
            shape = (self.size, self.size + 1)
            return operator(shape, matvec=lambda d: self._push(here, d.reshape(-1)), dtype=float)
        numbers, (found, slots) = self._numbers(here), self._slots
        width = self.size + 1
        if self.size <= DENSE:
            return np.bincount(slots, numbers, self.size * width).reshape(self.size, width)
        places, ends = found
        return csr_array((np.bincount(slots, numbers, len(places)), places, ends), shape=(self.size, width))

    def _entries(self) -> int:
        edges = len(self.game.successor)
        return self.accounts * edges * (2 if self.types == 1 else 4)

    @cached_property
    def _slots(self) -> tuple[Any, np.ndarray]:
        """Return the columns and row ends of a sparse matrix, and the place of each entry's number in it."""
        flat = self.structure.rows * (self.size + 1) + self.structure.columns
        if self.size <= DENSE:
            return None, flat
        found, slots = np.unique(flat, return_inverse=True)
        ends = np.searchsorted(found, np.arange(self.size + 1) * (self.size + 1))
        return (found % (self.size + 1), ends), slots

    @cached_property
    def structure(self) -> Structure:
        """Return where the entries of the derivative lie."""
        game, live = self.game, len(self.live)
        leads = np.flatnonzero((self.place[game.successor] >= 0) & (game.chance > 0))
        state = self.at[game.edge_row[leads]]
        several = game.counts[self.live][state] > 1
        choice, typed = leads[several & ~self.is_typed[state]], leads[several & self.is_typed[state]]
        accounts = np.arange(self.accounts)[:, None]

        def rows_of(edges: np.ndarray) -> np.ndarray:
            return (accounts * live + self.at[game.edge_row[edges]]).reshape(-1)

        def columns_of(account: Any, edges: np.ndarray) -> np.ndarray:
            reached = account * live + self.place[game.successor[edges]]
            return np.broadcast_to(reached, (self.accounts, len(edges))).reshape(-1)

        rows, columns = [rows_of(leads), rows_of(choice)], [columns_of(accounts, leads)]
        columns.append(columns_of(self.choosers[0][self.at[game.edge_row[choice]]], choice))
        learnt, after, bend, parents = (np.empty(0, dtype=int) for _ in range(4))
        if self.types == 2:
            for k in range(2):
                rows.append(rows_of(typed))
                columns.append(columns_of(k, typed))
            bend = np.flatnonzero(self.number >= KNOWN)
            rows.append((accounts * live + bend).reshape(-1))
            columns.append(np.tile(self.values + self.number[bend] - KNOWN, self.accounts))
            learnt, after = self._learnt(leads)
            for k in range(2):
                rows.append(self.values + after)
                columns.append(k * live + self.place[game.successor[learnt]])
            parents = np.flatnonzero(self.parent >= KNOWN)
            rows.append(self.values + parents)
            columns.append(self.values + self.parent[parents] - KNOWN)
        for column in (np.arange(self.size), np.full(self.size, self.size)):
            rows.append(np.arange(self.size))
            columns.append(column)
        return Structure(
            leads, choice, typed, learnt, after, bend, parents, np.concatenate(rows), np.concatenate(columns)
        )

    def _learnt(self, leads: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Return the edges of each choice that an unknown belief follows from, and that belief's place."""
        game = self.game
        state = game.row_state[self.row]
        begin, end = (np.searchsorted(leads, game.edge[game.first[s]]) for s in (state, state + 1))
        count = end - begin
        offset = np.arange(count.sum()) - np.repeat(np.cumsum(count) - count, count)
        return leads[np.repeat(begin, count) + offset], np.repeat(np.arange(self.beliefs), count)

    def _here(self, y: np.ndarray) -> _Here:
        """Return what derivatives at a point are made of."""
        values, odds = self.split(y)
        scale = float(np.exp(y[-1]))
        found = self.replies(values, odds, scale)
        shares = self._shares(found.belief)
        weight = np.atleast_2d(sum(share * p for share, p in zip(shares, found.chances, strict=True)))
        noise = self.noise * scale
        pull, tau = [], np.zeros((self.accounts, len(self.live)))
        for k, (share, p, own) in enumerate(zip(shares, found.chances, found.own, strict=True)):
            each = share * p * (found.worth[k] - found.expected[k][:, self.at]) / noise
            if self.convention == "logsumexp":
                each[self.choosers[k][self.at], np.arange(self.game.rows)] = 0.0
            pull.append(each)
            tau = tau - self.sums(each * own)
        if self.convention == "logsumexp":
            for k, chooser in enumerate(self.choosers):
                at = (chooser, np.arange(len(self.live)))
                tau[at] = found.values[at] - self.sums(found.chances[k] * found.own[k])
        return _Here(found, odds, noise, weight, tuple(pull), tau)

    def _shares(self, belief: np.ndarray) -> list[Any]:
        """Return how much each type's play counts to every account, by row: ``(accounts, rows)``, or 1."""
        if self.types == 1:
            return [1.0]
        second = np.repeat(belief[None, self.at], self.accounts, axis=0)
        second[0], second[1] = 0.0, 1.0
        return [1 - second, second]

    def _numbers(self, here: _Here) -> np.ndarray:
        """Return the entries of the derivative, in the order of the structure."""
        game, form, found = self.game, self.structure, here.found
        moved = lambda edges: game.chance[edges] * self.discount[:, game.edge_row[edges]]  # noqa: E731
        total: Any = sum(here.pull)
        owner = game.edge_row[form.choice]
        mine = game.chance[form.choice] * self.discount[self.choosers[0][self.at[owner]], owner]
        parts = [moved(form.edges) * here.weight[:, game.edge_row[form.edges]], mine * total[:, owner]]
        if self.types == 2:
            owner = game.edge_row[form.typed]
            parts += [here.pull[k][:, owner] * moved(form.typed)[k] for k in range(2)]
            parts.append(self._by_belief(here)[:, form.bend])
            owner = game.edge_row[form.learnt]
            for k, sign in enumerate((-1, 1)):
                own = owner == self.row[form.after]
                parts.append(sign * (own - found.chances[k][owner]) / here.noise[owner] * moved(form.learnt)[k])
            parts.append(np.ones(len(form.parents)))
        parts += [np.full(self.size, -1.0), here.tau, self._odds_by_noise(here)]
        return np.concatenate([part.reshape(-1) for part in parts])

    def _by_belief(self, here: _Here) -> np.ndarray:
        """Return how values move with the log odds at each state, ``(accounts, live states)``."""
        found = here.found
        moved = found.expected[1] - found.expected[0]
        moved[:2] = 0.0
        if self.lift is not None:
            lift = self.lift[self.choosers[0][self.at], np.arange(self.game.rows)]
            moved = moved + self.sums(sum(here.pull) * np.where(self.is_typed[self.at], 0.0, lift))
        return moved * found.belief * (1 - found.belief)

    def _odds_by_noise(self, here: _Here) -> np.ndarray:
        """Return how the log odds after each move depend on the logarithm of the noise scale."""
        if self.types == 1:
            return np.empty(0)
        by_type = [
            own[self.row] / here.noise[self.row] - self.sums(p * own / here.noise)[self.at[self.row]]
            for p, own in zip(here.found.chances, here.found.own, strict=True)
        ]
        return by_type[0] - by_type[1]

    def _push(self, here: _Here, direction: np.ndarray) -> np.ndarray:
        """Return the derivative of F in a direction, without the matrix."""
        values, odds = self.split(direction)
        full = np.zeros(self.game.value.shape)
        full[:, self.live] = values
        moved = self.discount * (self.move @ full.T).T
        rows = np.arange(self.game.rows)
        after = here.weight * moved
        mine = [moved[chooser[self.at], rows] for chooser in self.choosers]
        after = self.sums(after + sum(pull * own for pull, own in zip(here.pull, mine, strict=True)))
        after = after - values + here.tau * direction[-1]
        if self.types == 1:
            return after.reshape(-1)
        unknown = self.number >= KNOWN
        turned = np.where(unknown, np.append(odds, 0.0)[np.where(unknown, self.number - KNOWN, -1)], 0.0)
        after = after + self._by_belief(here) * turned
        logs = [
            own / here.noise - self.sums(p * own / here.noise)[self.at]
            for p, own in zip(here.found.chances, mine, strict=True)
        ]
        before = np.where(self.parent >= KNOWN, np.append(odds, 0.0)[np.maximum(self.parent - KNOWN, -1)], 0.0)
        learnt = before + (logs[1] - logs[0])[self.row] - odds + self._odds_by_noise(here) * direction[-1]
        return np.append(after.reshape(-1), learnt)


class _Here(NamedTuple):
    """What the derivative at a point is made of."""

    found: Replies
    odds: np.ndarray
    noise: np.ndarray
    """Of each row, at the scale of the point."""
    weight: np.ndarray
    """How much an action's own worth counts to each account: ``(accounts or 1, rows)``."""
    pull: tuple[np.ndarray, ...]
    """How the value of each account moves with what an action is worth to who chooses, by type."""
    tau: np.ndarray
    """How values move with the logarithm of the noise scale, ``(accounts, live states)``."""
