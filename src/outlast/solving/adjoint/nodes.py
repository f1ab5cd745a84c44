"""Decisions differentiated in reverse, in compiled loops.

A *column* is one answer that is differentiated. Weights of accounts' values in the answers, the adjoints, have columns
on their last axis, eight to a vector; what a node needs is worked out once and serves all columns. Beside the accounts
of the game, which all columns share, a column may have an account of its own: the *reading*, an expectation under the
same choices whose weight is the probability of being there.

At a typed node the log odds m of the posteriors solve F(m) = 0 (``outlast.solving.node``). Their derivative follows
from the implicit function theorem at the solution found, never from the iteration: with S the diagonal matrices of
slopes of z in m, D = 1 - 1 chance', and E the diagonal of 1 where the posterior is not held at its bound,

    J = 1 - E (D1 S1 - D0 S0) = diag(1 - E (s1 - s0)) + E 1 (chance1 s1 - chance0 s0)'.

A weight m̄ on the log odds becomes μ = J'⁻¹ m̄, which Sherman & Morrison's formula gives in one pass over the actions.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from outlast.solving.node import EDGE
from outlast.solving.vectors import WIDTH, above, at_least, bare, choose, inline, load, size, somewhere, spread, store

HELD = 1e-6
"""Distance from the bound within which log odds count as held at it."""
LEAST = 1.0 / (1.0 + np.exp(EDGE - HELD))
"""Chance at that distance from the lower bound."""
ACCOUNTS = 4
"""Accounts that all columns share; the reading comes after them."""
TINY = 1e-5
"""Smallest pivot."""
LOW, SHARE, GAP, CHANCE, Z, STEEP, CHANGE, FREE, INVERSE, PULL = 0, 1, 2, 3, 5, 7, 9, 10, 11, 12
ROWS = 13
"""Places of what a typed node needs, by action; chances, z and slopes take one for each type."""


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
    first_stale: bool
    """Whether the weights of a block are set instead of added to; only where all see the decision."""
    second_stale: bool


class Blocks(NamedTuple):
    """Two blocks of actions as flat arrays; what a cell needs lies together.

    Values are ``(actions, index or 1, levels, cells, shared accounts)``; readings have columns in the place of
    accounts; weights, which are added to or set, have accounts and then columns.
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
def _row(n, a, i):
    """Return the row of an action's values in its block; each row has ``levels`` times ``cells`` nodes."""
    if a < n.first:
        return a * n.first_index + i * (n.first_index > 1)
    return (a - n.first) * n.second_index + i * (n.second_index > 1)


@inline
def _add(array, place, what):
    store(array, place, load(array, place) + what)


@inline
def _weightless(n, weight, here):
    """Return whether no column has any weight at a node: nothing goes through it."""
    total = spread(0.0)
    for place in range(here, here + n.accounts * n.columns, WIDTH):
        total = total + size(load(weight, place))
    # What is not a number is weight: it has to be seen in the end.
    some = choose(at_least(spread(0.0), total), spread(0.0), spread(1.0))
    return not somewhere(above(some, spread(0.0)))


@inline
def _below(levels, belief):
    """Return the level at or below a belief, the last but one at most."""
    low = 0
    for level in range(1, len(levels) - 1):
        low += levels[level] <= belief
    return low


@inline
def _learn(n, blocks, played, seen, i, b, c):
    """Work out what a typed node needs for every action; return Sherman & Morrison's denominator.

    The rows of ``seen``: share of the way to the next level, gap between the two, chances, z and slopes in log odds by
    type, the slope of the belief in log odds, whether it is free, one over the diagonal of J, its other factor.
    """
    inside = 0 < b < n.levels - 1
    coupling = 1.0
    for a in range(n.first + n.second):
        node = ((a * n.index + i) * n.levels + b) * n.cells + c
        belief = played.posterior[node]
        low, share, gap = 0, 0.0, 1.0
        if n.levels > 1:
            low = _below(played.levels, belief)
            gap = played.levels[low + 1] - played.levels[low]
            share = (belief - played.levels[low]) / gap
        place = ((_row(n, a, i) * n.levels + low) * n.cells + c) * ACCOUNTS
        above = place + (n.cells * ACCOUNTS if n.levels > 1 else 0)
        values = blocks.one if a < n.first else blocks.two
        seen[LOW, a], seen[SHARE, a], seen[GAP, a] = low, share, gap
        seen[CHANCE, a], seen[CHANCE + 1, a] = played.settler[node], played.staller[node]
        change = belief * (1.0 - belief) if inside else 0.0
        for kind in range(2):
            rise = values[above + kind] - values[place + kind]
            seen[Z + kind, a] = (values[place + kind] + share * rise) / n.noise
            seen[STEEP + kind, a] = rise / gap / n.noise * change
        seen[CHANGE, a] = change
        seen[FREE, a], seen[INVERSE, a], seen[PULL, a] = 0.0, 0.0, 0.0
        if inside:
            free = 1.0 if belief > LEAST and 1.0 - belief > LEAST else 0.0
            stiff = 1.0 - (seen[STEEP + 1, a] - seen[STEEP, a]) * free
            if abs(stiff) < TINY:
                stiff = TINY
            pull = seen[CHANCE + 1, a] * seen[STEEP + 1, a] - seen[CHANCE, a] * seen[STEEP, a]
            seen[FREE, a], seen[INVERSE, a], seen[PULL, a] = free, 1.0 / stiff, pull
            coupling += free * pull / stiff
    return coupling


@inline
def _split(n, into, place, share, sent):
    """Add a weight to the two levels that a value is read from."""
    if share < 1.0:
        _add(into, place, sent * spread(1.0 - share))
    if share > 0.0:
        _add(into, place + n.cells * n.accounts * n.columns, sent * spread(share))


@inline
def _send(n, values, readings, into, given, spot, k, to, share, likely):
    """Move the weights of one action to the two levels that its values are read from.

    ``spot`` is where they are in ``given``, from column ``k`` on; ``to`` is the place of the lower level. Returned are
    the weights of both types' chances, of the pooled chances, and of the belief, times the gap of the levels.
    """
    step = n.cells if n.levels > 1 else 0
    own, other, shared, moved = spread(0.0), spread(0.0), spread(0.0), spread(0.0)
    place = to * n.accounts * n.columns + k
    for account in range(ACCOUNTS):
        g = load(given, spot + account * n.columns)
        begin = values[to * ACCOUNTS + account]
        rise = values[(to + step) * ACCOUNTS + account] - begin
        value, chance = g * spread(begin + rise * share), likely[min(account, 2)]
        if account == 0:
            own = value
        elif account == 1:
            other = value
        else:
            shared = shared + value
        moved = moved + g * spread(chance * rise)
        _split(n, into, place + account * n.columns, share, g * spread(chance))
    if n.accounts > ACCOUNTS:
        g, start = load(given, spot + ACCOUNTS * n.columns), load(readings, to * n.columns + k)
        lift = load(readings, (to + step) * n.columns + k) - start
        shared = shared + g * (start + lift * spread(share))
        sent = g * spread(likely[2])
        moved = moved + sent * lift
        _split(n, into, place + ACCOUNTS * n.columns, share, sent)
    return own, other, shared, moved


@inline
def _give(n, into, to, k, share, own, other):
    """Add weights of the two types' values, read between two levels, ``to`` being the place of the lower."""
    place = to * n.accounts * n.columns + k
    _split(n, into, place, share, own)
    _split(n, into, place + n.columns, share, other)


@inline
def _settle(n, seen, own, other, odds, means, coupling):
    """Turn weights of chances and log odds into weights of z, through the implicit function theorem."""
    actions, w = n.first + n.second, WIDTH
    back, total = spread(0.0), spread(0.0)
    for a in range(actions):
        x0 = (load(own, a * w) - means[0]) * spread(seen[CHANCE, a])
        x1 = (load(other, a * w) - means[1]) * spread(seen[CHANCE + 1, a])
        store(own, a * w, x0)
        store(other, a * w, x1)
        m = load(odds, a * w) + x0 * spread(seen[STEEP, a]) + x1 * spread(seen[STEEP + 1, a])
        store(odds, a * w, m)
        back = back + m * spread(seen[FREE, a] * seen[INVERSE, a])
    back = back * spread(1.0 / coupling)
    for a in range(actions):
        m = (load(odds, a * w) - back * spread(seen[PULL, a])) * spread(seen[INVERSE, a] * seen[FREE, a])
        store(odds, a * w, m)
        total = total + m
    for a in range(actions):
        m = load(odds, a * w)
        store(own, a * w, load(own, a * w) - m + total * spread(seen[CHANCE, a]))
        store(other, a * w, load(other, a * w) + m - total * spread(seen[CHANCE + 1, a]))


class Room(NamedTuple):
    """Arrays that a typed node works in: ``ROWS`` by action, and a vector per action each."""

    seen: np.ndarray
    own: np.ndarray
    other: np.ndarray
    odds: np.ndarray


@bare
def _node(n, blocks, played, weight, direct, noise, room, i, b, c):
    """Move weights from one typed node to its actions."""
    here = ((i * n.levels + b) * n.cells + c) * n.accounts * n.columns
    if not len(direct.settler) and _weightless(n, weight, here):
        return
    actions, w, prior = n.first + n.second, WIDTH, played.levels[b]
    seen, own, other, odds = room
    coupling = _learn(n, blocks, played, seen, i, b, c)
    for k in range(0, n.columns, w):
        mean0, mean1 = spread(0.0), spread(0.0)
        for a in range(actions):
            to = (_row(n, a, i) * n.levels + int(seen[LOW, a])) * n.cells + c
            settler, staller = seen[CHANCE, a], seen[CHANCE + 1, a]
            likely = (settler, staller, prior * staller + (1.0 - prior) * settler)
            if a < n.first:
                x0, x1, shared, moved = _send(
                    n, blocks.one, blocks.reading_one, blocks.weight_one, weight, here + k, k, to, seen[SHARE, a],
                    likely,
                )  # fmt: skip
            else:
                x0, x1, shared, moved = _send(
                    n, blocks.two, blocks.reading_two, blocks.weight_two, weight, here + k, k, to, seen[SHARE, a],
                    likely,
                )  # fmt: skip
            x0, x1 = x0 + shared * spread(1.0 - prior), x1 + shared * spread(prior)
            moved = moved * spread(1.0 / seen[GAP, a])
            if len(direct.settler):
                place = (((a * n.index + i) * n.levels + b) * n.cells + c) * n.columns + k
                x0, x1 = x0 + load(direct.settler, place), x1 + load(direct.staller, place)
                moved = moved + load(direct.posterior, place)
            store(own, a * w, x0)
            store(other, a * w, x1)
            store(odds, a * w, moved * spread(seen[CHANGE, a]))
            mean0, mean1 = mean0 + x0 * spread(settler), mean1 + x1 * spread(staller)
        _settle(n, seen, own, other, odds, (mean0, mean1), coupling)
        heat, sharp = spread(0.0), spread(1.0 / n.noise)
        for a in range(actions):
            x0, x1 = load(own, a * w), load(other, a * w)
            heat = heat + x0 * spread(seen[Z, a]) + x1 * spread(seen[Z + 1, a])
            to = (_row(n, a, i) * n.levels + int(seen[LOW, a])) * n.cells + c
            into = blocks.weight_one if a < n.first else blocks.weight_two
            _give(n, into, to, k, seen[SHARE, a], x0 * sharp, x1 * sharp)
        _add(noise, k, heat * spread(-1.0 / n.noise))


def pull_typed(n, blocks, played, weight, direct, noise):
    """Move weights from a typed decision to its actions; add to ``noise`` the weight of the noise, by column."""
    actions = n.first + n.second
    one, two, three = np.zeros(actions * WIDTH), np.zeros(actions * WIDTH), np.zeros(actions * WIDTH)
    room = Room(np.zeros((ROWS, actions)), one, two, three)
    for i in range(n.index):
        for b in range(n.levels):
            for c in range(n.cells):
                _node(n, blocks, played, weight, direct, noise, room, i, b, c)


@inline
def _pass(n, values, readings, into, stale, given, spot, k, to, chance):
    """Move the weights of one action of a public decision; return the weight of its chance."""
    x, likely = spread(0.0), spread(chance)
    for account in range(n.accounts):
        g = load(given, spot + account * n.columns)
        if account < ACCOUNTS:
            x = x + g * spread(values[to * ACCOUNTS + account])
        else:
            x = x + g * load(readings, to * n.columns + k)
        place = (to * n.accounts + account) * n.columns + k
        store(into, place, g * likely if stale else load(into, place) + g * likely)
    return x


@bare
def _row_of_cells(n, blocks, played, weight, noise, own, i, b):
    """Move weights from the nodes of a public decision that share index and belief."""
    actions, w = n.first + n.second, WIDTH
    for c in range(n.cells):
        here = ((i * n.levels + b) * n.cells + c) * n.accounts * n.columns
        for k in range(0, n.columns, w):
            mean = spread(0.0)
            for a in range(actions):
                chance = played.settler[((a * n.index + i) * n.levels + b) * n.cells + c]
                to = (_row(n, a, i) * n.levels + b) * n.cells + c
                if a < n.first:
                    x = _pass(
                        n, blocks.one, blocks.reading_one, blocks.weight_one, n.first_stale, weight, here + k, k, to,
                        chance,
                    )  # fmt: skip
                else:
                    x = _pass(
                        n, blocks.two, blocks.reading_two, blocks.weight_two, n.second_stale, weight, here + k, k, to,
                        chance,
                    )  # fmt: skip
                store(own, a * w, x)
                mean = mean + x * spread(chance)
            heat, sharp = spread(0.0), 1.0 / n.noise
            for a in range(actions):
                chance = played.settler[((a * n.index + i) * n.levels + b) * n.cells + c]
                x = (load(own, a * w) - mean) * spread(chance * sharp)
                to = (_row(n, a, i) * n.levels + b) * n.cells + c
                values = blocks.one if a < n.first else blocks.two
                into = blocks.weight_one if a < n.first else blocks.weight_two
                heat = heat + x * spread(values[to * ACCOUNTS + n.mover] * sharp)
                _add(into, (to * n.accounts + n.mover) * n.columns + k, x)
            _add(noise, k, spread(0.0) - heat)


def pull_public(n, blocks, played, weight, noise):
    """Move weights from a decision that everybody understands to its actions; add to ``noise`` its weight by column."""
    own = np.zeros((n.first + n.second) * WIDTH)
    for i in range(n.index):
        for b in range(n.levels):
            _row_of_cells(n, blocks, played, weight, noise, own, i, b)


@bare
def _carried(n, blocks, played, out, i, b):
    """Set ``out`` to the readings at the nodes of a decision that share index and belief."""
    typed, prior = n.mover < 0, played.levels[b]
    for c in range(n.cells):
        here = ((i * n.levels + b) * n.cells + c) * n.columns
        for k in range(0, n.columns, WIDTH):
            store(out, here + k, spread(0.0))
        for a in range(n.first + n.second):
            node = ((a * n.index + i) * n.levels + b) * n.cells + c
            likely, low, share = played.settler[node], b, 0.0
            if typed:
                likely = prior * played.staller[node] + (1.0 - prior) * likely
            if typed and n.levels > 1:
                low = _below(played.levels, played.posterior[node])
                share = played.posterior[node] - played.levels[low]
                share /= played.levels[low + 1] - played.levels[low]
            place = ((_row(n, a, i) * n.levels + low) * n.cells + c) * n.columns
            above = place + (n.cells * n.columns if share > 0.0 else 0)
            readings = blocks.reading_one if a < n.first else blocks.reading_two
            for k in range(0, n.columns, WIDTH):
                value = load(readings, place + k)
                value = value + (load(readings, above + k) - value) * spread(share)
                _add(out, here + k, value * spread(likely))


def carry_readings(n, blocks, played, out):
    """Set ``out`` to the readings at a decision, ``(index, levels, cells, columns)`` flat."""
    for i in range(n.index):
        for b in range(n.levels):
            _carried(n, blocks, played, out, i, b)
