"""Decisions differentiated in reverse, in compiled loops.

A *column* is one answer that is differentiated. Weights of accounts' values in the answers, the adjoints, have columns
on their last axis, eight to a vector; what a node needs is worked out once and serves all columns. Beside the accounts
of the game, which all columns share, a column may have an account of its own: the *reading*, an expectation under the
same choices whose weight is the probability of being there.

At a typed node the log odds m of the posteriors solve F(m) = 0 (``outlast.solving.node``). Their derivative follows from
the implicit function theorem at the solution found, never from the iteration: with S the diagonal matrices of slopes of
z in m, D = 1 - 1 chance', and E the diagonal of 1 where the posterior is not held at its bound,

    J = 1 - E (D1 S1 - D0 S0) = diag(1 - E (s1 - s0)) + E 1 (chance1 s1 - chance0 s0)'.

A weight m̄ on the log odds becomes μ = J'⁻¹ m̄, which Sherman & Morrison's formula gives in one pass over the actions.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from outlast.solving.node import EDGE, LEAST
from outlast.solving.vectors import WIDTH, inline, load, spread, store

HELD = 1e-6
"""Distance from the bound within which log odds count as held at it."""
ACCOUNTS = 4
"""Accounts that all columns share; the reading comes after them."""


class Counts(NamedTuple):
    """Sizes of a decision: actions in its two blocks, index entries of the decision and of each block, and so on."""

    accounts: int
    """Accounts with a weight: ``ACCOUNTS``, or one more where columns have a reading."""
    first: int
    second: int
    index: int
    first_index: int
    """``index``, or 1 where all entries share one."""
    second_index: int
    levels: int
    cells: int
    columns: int
    """Columns, a multiple of the width of a vector."""
    mover: int
    """The account that chooses, or -1 for the player with the private type."""
    noise: float


class Blocks(NamedTuple):
    """Two blocks of actions as flat arrays.

    Values of the shared accounts ``(accounts, actions, index or 1, levels, cells)``; readings without the accounts' axis
    and with columns on a last one; weights, which are added to, with both axes.
    """

    one: np.ndarray
    two: np.ndarray
    reading_one: np.ndarray
    reading_two: np.ndarray
    weight_one: np.ndarray
    weight_two: np.ndarray


class Played(NamedTuple):
    """Chances by type and posteriors ``(actions, index, levels, cells)`` as flat arrays; the levels."""

    settler: np.ndarray
    staller: np.ndarray
    posterior: np.ndarray
    levels: np.ndarray


class Direct(NamedTuple):
    """Weights that answers put on chances and posteriors themselves, with columns; empty where there are none."""

    settler: np.ndarray
    staller: np.ndarray
    posterior: np.ndarray


@inline
def _row(n, account, a, i):
    """Return the row of an action's values in its block; each row has ``levels`` times ``cells`` of them."""
    if a < n.first:
        return (account * n.first + a) * n.first_index + i * (n.first_index > 1)
    return (account * n.second + a - n.first) * n.second_index + i * (n.second_index > 1)


@inline
def _value(n, blocks, account, a, place):
    return blocks.one[place] if a < n.first else blocks.two[place]


@inline
def _reading(n, blocks, a, place):
    return load(blocks.reading_one, place) if a < n.first else load(blocks.reading_two, place)


@inline
def _add(n, blocks, a, place, what):
    if a < n.first:
        store(blocks.weight_one, place, load(blocks.weight_one, place) + what)
    else:
        store(blocks.weight_two, place, load(blocks.weight_two, place) + what)


@inline
def _below(levels, belief):
    """Return the level at or below a belief, the last but one at most."""
    low = 0
    while low < len(levels) - 2 and levels[low + 1] <= belief:
        low += 1
    return low


def pull_typed(n, blocks, played, weight, direct, noise):
    """Move weights from a typed decision to its actions; add to ``noise`` the weight of the noise, by column."""
    size = n.first + n.second
    w = WIDTH
    # By action: level below the posterior, share of the way to the next, the gap, chances, z and slopes by type, ...
    low, share, gap = np.zeros(size, np.int64), np.zeros(size), np.zeros(size)
    chance, z, steep = np.zeros((2, size)), np.zeros((2, size)), np.zeros((2, size))
    change, free, inverse, pull = np.zeros(size), np.zeros(size), np.zeros(size), np.zeros(size)
    zero = spread(0.0)
    # ... and for eight columns: weights of the chances, of the log odds, of z.
    own, other, odds = np.zeros(size * w), np.zeros(size * w), np.zeros(size * w)
    for i in range(n.index):
        for b in range(n.levels):
            prior = played.levels[b]
            inside = 0 < b < n.levels - 1
            for c in range(n.cells):
                coupling = 1.0
                for a in range(size):
                    node = ((a * n.index + i) * n.levels + b) * n.cells + c
                    belief = played.posterior[node]
                    low[a] = _below(played.levels, belief) if n.levels > 1 else 0
                    if n.levels > 1:
                        gap[a] = played.levels[low[a] + 1] - played.levels[low[a]]
                        share[a] = (belief - played.levels[low[a]]) / gap[a]
                    chance[0, a], chance[1, a] = played.settler[node], played.staller[node]
                    for kind in range(2):
                        place = (_row(n, kind, a, i) * n.levels + low[a]) * n.cells + c
                        start = _value(n, blocks, kind, a, place)
                        rise = _value(n, blocks, kind, a, place + n.cells) - start if n.levels > 1 else 0.0
                        z[kind, a] = (start + share[a] * rise) / n.noise
                        steep[kind, a] = rise / gap[a] / n.noise if n.levels > 1 else 0.0
                    if inside:
                        change[a] = belief * (1.0 - belief)
                        held = abs(np.log(belief) - np.log1p(-belief)) >= EDGE - HELD
                        free[a] = 0.0 if held else 1.0
                        steep[0, a] *= change[a]
                        steep[1, a] *= change[a]
                        stiff = 1.0 - (steep[1, a] - steep[0, a]) * free[a]
                        if abs(stiff) < LEAST * LEAST:
                            stiff = LEAST * LEAST
                        inverse[a] = 1.0 / stiff
                        pull[a] = chance[1, a] * steep[1, a] - chance[0, a] * steep[0, a]
                        coupling += free[a] * pull[a] * inverse[a]
                for k in range(0, n.columns, w):
                    mean0, mean1 = zero, zero
                    for a in range(size):
                        pooled = prior * chance[1, a] + (1.0 - prior) * chance[0, a]
                        x0, x1, shared, moved = zero, zero, zero, zero
                        for account in range(n.accounts):
                            g = load(weight, (((account * n.index + i) * n.levels + b) * n.cells + c) * n.columns + k)
                            row = _row(n, account if account < ACCOUNTS else 0, a, i)
                            place = (row * n.levels + low[a]) * n.cells + c
                            up = n.cells if n.levels > 1 else 0
                            if account < ACCOUNTS:
                                begin = spread(_value(n, blocks, account, a, place))
                                rise = spread(_value(n, blocks, account, a, place + up)) - begin
                            else:
                                begin = _reading(n, blocks, a, place * n.columns + k)
                                rise = _reading(n, blocks, a, (place + up) * n.columns + k) - begin
                            value = g * (begin + rise * spread(share[a]))
                            if account == 0:
                                x0, likely = value, chance[0, a]
                            elif account == 1:
                                x1, likely = value, chance[1, a]
                            else:
                                shared, likely = shared + value, pooled
                            sent = g * spread(likely)
                            if inside:
                                moved = moved + sent * rise * spread(1.0 / gap[a])
                            to = ((_row(n, account, a, i) * n.levels + low[a]) * n.cells + c) * n.columns + k
                            _add(n, blocks, a, to, sent * spread(1.0 - share[a]))
                            if share[a] > 0.0:
                                _add(n, blocks, a, to + n.cells * n.columns, sent * spread(share[a]))
                        x0, x1 = x0 + shared * spread(1.0 - prior), x1 + shared * spread(prior)
                        if len(direct.settler):
                            place = (((a * n.index + i) * n.levels + b) * n.cells + c) * n.columns + k
                            x0, x1 = x0 + load(direct.settler, place), x1 + load(direct.staller, place)
                            moved = moved + load(direct.posterior, place)
                        store(own, a * w, x0)
                        store(other, a * w, x1)
                        store(odds, a * w, moved * spread(change[a]))
                        mean0, mean1 = mean0 + x0 * spread(chance[0, a]), mean1 + x1 * spread(chance[1, a])
                    back, total = zero, zero
                    for a in range(size):
                        x0 = (load(own, a * w) - mean0) * spread(chance[0, a])
                        x1 = (load(other, a * w) - mean1) * spread(chance[1, a])
                        store(own, a * w, x0)
                        store(other, a * w, x1)
                        if inside:
                            m = load(odds, a * w) + x0 * spread(steep[0, a]) + x1 * spread(steep[1, a])
                            store(odds, a * w, m)
                            back = back + m * spread(free[a] * inverse[a])
                    if inside:
                        back = back * spread(1.0 / coupling)
                        for a in range(size):
                            m = (load(odds, a * w) - back * spread(pull[a])) * spread(inverse[a] * free[a])
                            store(odds, a * w, m)
                            total = total + m
                    heat = zero
                    for a in range(size):
                        x0, x1 = load(own, a * w), load(other, a * w)
                        if inside:
                            m = load(odds, a * w)
                            x0 = x0 - m + total * spread(chance[0, a])
                            x1 = x1 + m - total * spread(chance[1, a])
                        heat = heat + x0 * spread(z[0, a]) + x1 * spread(z[1, a])
                        for kind in range(2):
                            sent = (x0 if kind == 0 else x1) * spread(1.0 / n.noise)
                            to = ((_row(n, kind, a, i) * n.levels + low[a]) * n.cells + c) * n.columns + k
                            _add(n, blocks, a, to, sent * spread(1.0 - share[a]))
                            if share[a] > 0.0:
                                _add(n, blocks, a, to + n.cells * n.columns, sent * spread(share[a]))
                    store(noise, k, load(noise, k) - heat * spread(1.0 / n.noise))


def pull_public(n, blocks, played, weight, noise):
    """Move weights from a decision that everybody understands to its actions; add to ``noise`` its weight by column."""
    size = n.first + n.second
    w = WIDTH
    own = np.zeros(size * w)
    zero = spread(0.0)
    for i in range(n.index):
        for b in range(n.levels):
            for c in range(n.cells):
                for k in range(0, n.columns, w):
                    mean = zero
                    for a in range(size):
                        likely = spread(played.settler[((a * n.index + i) * n.levels + b) * n.cells + c])
                        x = zero
                        for account in range(n.accounts):
                            g = load(weight, (((account * n.index + i) * n.levels + b) * n.cells + c) * n.columns + k)
                            row = _row(n, account if account < ACCOUNTS else 0, a, i)
                            place = (row * n.levels + b) * n.cells + c
                            if account < ACCOUNTS:
                                x = x + g * spread(_value(n, blocks, account, a, place))
                            else:
                                x = x + g * _reading(n, blocks, a, place * n.columns + k)
                            to = ((_row(n, account, a, i) * n.levels + b) * n.cells + c) * n.columns + k
                            _add(n, blocks, a, to, g * likely)
                        store(own, a * w, x)
                        mean = mean + x * likely
                    heat = zero
                    for a in range(size):
                        likely = played.settler[((a * n.index + i) * n.levels + b) * n.cells + c]
                        x = (load(own, a * w) - mean) * spread(likely / n.noise)
                        place = (_row(n, n.mover, a, i) * n.levels + b) * n.cells + c
                        heat = heat + x * spread(_value(n, blocks, n.mover, a, place) / n.noise)
                        _add(n, blocks, a, place * n.columns + k, x)
                    store(noise, k, load(noise, k) - heat)


def carry_readings(n, blocks, played, out):
    """Set ``out`` to the readings at a decision, ``(index, levels, cells, columns)`` flat."""
    size = n.first + n.second
    typed = n.mover < 0
    for i in range(n.index):
        for b in range(n.levels):
            prior = played.levels[b]
            for c in range(n.cells):
                for k in range(0, n.columns, WIDTH):
                    store(out, ((i * n.levels + b) * n.cells + c) * n.columns + k, spread(0.0))
                for a in range(size):
                    node = ((a * n.index + i) * n.levels + b) * n.cells + c
                    likely, low, share = played.settler[node], b, 0.0
                    if typed:
                        likely = prior * played.staller[node] + (1.0 - prior) * likely
                    if typed and n.levels > 1:
                        low = _below(played.levels, played.posterior[node])
                        share = played.posterior[node] - played.levels[low]
                        share /= played.levels[low + 1] - played.levels[low]
                    place = ((_row(n, 0, a, i) * n.levels + low) * n.cells + c) * n.columns
                    here = ((i * n.levels + b) * n.cells + c) * n.columns
                    for k in range(0, n.columns, WIDTH):
                        value = _reading(n, blocks, a, place + k)
                        if share > 0.0:
                            value = value + (_reading(n, blocks, a, place + n.cells * n.columns + k) - value) * spread(
                                share
                            )
                        store(out, here + k, load(out, here + k) + value * spread(likely))
