"""Moves of stocks differentiated in reverse, in compiled loops.

Weights have columns on their last axis, as in ``outlast.solving.adjoint.nodes``; values of the shared accounts have
cells there. Readings move as values do, one per column.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from outlast.solving.adjoint.nodes import ACCOUNTS
from outlast.solving.vectors import WIDTH, bare, inline, load, spread, store


class Sizes(NamedTuple):
    """Accounts with a weight, index entries, those of the station reached, belief levels, cells and columns."""

    accounts: int
    index: int
    reached: int
    levels: int
    cells: int
    columns: int


class Carried(NamedTuple):
    """Values and readings at the station reached, weights there (added to) and at the move, flat.

    Weights have accounts and columns last. ``pick`` says which entry of the station reached belongs to each of the
    move's own; ``factor`` is what each account multiplies by, the reading's 1 included, and ``factors`` its weights,
    ``(accounts, columns)``.
    """

    value: np.ndarray
    reading: np.ndarray
    weight: np.ndarray
    reached: np.ndarray
    pick: np.ndarray
    factor: np.ndarray
    factors: np.ndarray


@inline
def _add(array, place, what):
    store(array, place, load(array, place) + what)


@bare
def _step(before, up, down, stride, width, after):
    """Set ``after`` to the expected value after a step, ``(cells, width)`` flat."""
    for c in range(len(up)):
        for k in range(0, width, WIDTH):
            here = load(before, c * width + k)
            value = here
            if up[c] != 0.0:
                value = value + (load(before, (c + stride) * width + k) - here) * spread(up[c])
            if down[c] != 0.0:
                value = value + (load(before, (c - stride) * width + k) - here) * spread(down[c])
            store(after, c * width + k, value)


@inline
def _fed(weight, up, down, stride, c, place, width):
    """Return the weight of a cell before a step: its own that stays, and its neighbours' that came from it."""
    own = load(weight, place) * spread(1.0 - up[c] - down[c])
    if c >= stride:
        own = own + load(weight, place - stride * width) * spread(up[c - stride])
    if c + stride < len(up):
        own = own + load(weight, place + stride * width) * spread(down[c + stride])
    return own


@bare
def _step_back(n, weight, thin, full, up, down, stride, into, ups, downs, begin):
    """Set ``into`` to the weights before a step, from those after it; add the weights of its chances.

    Weights are ``(cells, accounts, columns)`` flat; ``thin`` and ``full`` are the shared accounts' values and the
    readings after the step; ``begin`` is where the chances' weights begin in ``ups`` and ``downs``.
    """
    width = n.accounts * n.columns
    for c in range(n.cells):
        above, below = min(c + stride, n.cells - 1), max(c - stride, 0)
        for k in range(0, n.columns, WIDTH):
            rise, fall = spread(0.0), spread(0.0)
            for account in range(ACCOUNTS):
                place = c * width + account * n.columns + k
                store(into, place, _fed(weight, up, down, stride, c, place, width))
                g, here = load(weight, place), thin[c * ACCOUNTS + account]
                rise = rise + g * spread(thin[above * ACCOUNTS + account] - here)
                fall = fall + g * spread(thin[below * ACCOUNTS + account] - here)
            if n.accounts > ACCOUNTS:
                place = c * width + ACCOUNTS * n.columns + k
                store(into, place, _fed(weight, up, down, stride, c, place, width))
                g, read = load(weight, place), load(full, c * n.columns + k)
                rise = rise + g * (load(full, above * n.columns + k) - read)
                fall = fall + g * (load(full, below * n.columns + k) - read)
            if c + stride < n.cells:
                _add(ups, begin + c * n.columns + k, rise)
            if c >= stride:
                _add(downs, begin + c * n.columns + k, fall)


@bare
def _thin_step(before, up, down, stride, after):
    """Set ``after`` to the shared accounts' expected values after a step, ``(cells, accounts)`` flat."""
    for c in range(len(up)):
        for account in range(ACCOUNTS):
            here = before[c * ACCOUNTS + account]
            value = here
            if up[c] != 0.0:
                value += up[c] * (before[(c + stride) * ACCOUNTS + account] - here)
            if down[c] != 0.0:
                value += down[c] * (before[(c - stride) * ACCOUNTS + account] - here)
            after[c * ACCOUNTS + account] = value


@bare
def _enter(n, carried, thin, begin, one):
    """Set ``one`` to weights times the accounts' factors; add the weights of these."""
    for c in range(n.cells):
        for account in range(n.accounts):
            factor = spread(carried.factor[account])
            for k in range(0, n.columns, WIDTH):
                place = (c * n.accounts + account) * n.columns + k
                g = load(carried.weight, begin + place)
                store(one, place, g * factor)
                if account < ACCOUNTS:
                    _add(carried.factors, account * n.columns + k, g * spread(thin[c * ACCOUNTS + account]))


def pull_steps(n, carried, moves, ups, downs):
    """Move weights through steps; add the weights of their chances to ``ups`` and ``downs``.

    ``moves`` holds chances up and down ``(steps, index, cells)`` and strides; ``ups`` is ``(steps, index, cells,
    columns)`` flat. Values are ``(index, levels, cells, accounts)``.
    """
    up, down, strides = moves
    steps, width = len(strides), n.accounts * n.columns
    thin = np.zeros((steps + 1, n.cells * ACCOUNTS))
    full = np.zeros((steps + 1, n.cells * n.columns if n.accounts > ACCOUNTS else 1))
    one, two = np.zeros(n.cells * width), np.zeros(n.cells * width)
    for i in range(n.index):
        for b in range(n.levels):
            source = (carried.pick[i] * n.levels + b) * n.cells
            thin[steps] = carried.value[source * ACCOUNTS : (source + n.cells) * ACCOUNTS]
            for s in range(steps - 1, -1, -1):
                _thin_step(thin[s + 1], up[s, i], down[s, i], strides[s], thin[s])
            if n.accounts > ACCOUNTS:
                full[steps] = carried.reading[source * n.columns : (source + n.cells) * n.columns]
                for s in range(steps - 1, 0, -1):
                    _step(full[s + 1], up[s, i], down[s, i], strides[s], n.columns, full[s])
            _enter(n, carried, thin[0], (i * n.levels + b) * n.cells * width, one)
            for s in range(steps):
                begin = (s * n.index + i) * n.cells * n.columns
                _step_back(
                    n, one, thin[s + 1], full[s + 1], up[s, i], down[s, i], strides[s], two, ups, downs, begin
                )  # fmt: skip
                one, two = two, one
            for place in range(0, n.cells * width, WIDTH):
                _add(carried.reached, source * width + place, load(one, place))


def carry_steps(n, reading, pick, moves, out):
    """Set ``out`` to the readings before steps, ``(index, levels, cells, columns)`` flat."""
    up, down, strides = moves
    wide = n.cells * n.columns
    one, two = np.zeros(wide), np.zeros(wide)
    for i in range(n.index):
        for b in range(n.levels):
            source, target = (pick[i] * n.levels + b) * wide, (i * n.levels + b) * wide
            one[:] = reading[source : source + wide]
            for s in range(len(strides) - 1, -1, -1):
                _step(one, up[s, i], down[s, i], strides[s], n.columns, two)
                one, two = two, one
            out[target : target + wide] = one


@inline
def _meet(n, carried, to, come, size, after, k, chance):
    """Return weights times values, of all cells that may go one way; move the weights where there is a chance."""
    width = n.accounts * n.columns
    f0, f1, f2, f3 = carried.factor[0], carried.factor[1], carried.factor[2], carried.factor[3]
    m0, m1, m2, m3, more = spread(0.0), spread(0.0), spread(0.0), spread(0.0), spread(0.0)
    for first in range(0, n.cells, size * after):
        for c in range(first, first + after):
            place, value, into = (to + c) * width + k, (come + c) * ACCOUNTS, (come + c) * width + k
            g0, g1 = load(carried.weight, place), load(carried.weight, place + n.columns)
            g2, g3 = load(carried.weight, place + 2 * n.columns), load(carried.weight, place + 3 * n.columns)
            m0, m1 = m0 + g0 * spread(carried.value[value]), m1 + g1 * spread(carried.value[value + 1])
            m2, m3 = m2 + g2 * spread(carried.value[value + 2]), m3 + g3 * spread(carried.value[value + 3])
            if chance != 0.0:
                _add(carried.reached, into, g0 * spread(chance * f0))
                _add(carried.reached, into + n.columns, g1 * spread(chance * f1))
                _add(carried.reached, into + 2 * n.columns, g2 * spread(chance * f2))
                _add(carried.reached, into + 3 * n.columns, g3 * spread(chance * f3))
            if n.accounts > ACCOUNTS:
                g = load(carried.weight, place + ACCOUNTS * n.columns)
                more = more + g * load(carried.reading, (come + c) * n.columns + k)
                if chance != 0.0:
                    _add(carried.reached, into + ACCOUNTS * n.columns, g * spread(chance))
    if chance != 0.0:
        _add(carried.factors, k, m0 * spread(chance))
        _add(carried.factors, n.columns + k, m1 * spread(chance))
        _add(carried.factors, 2 * n.columns + k, m2 * spread(chance))
        _add(carried.factors, 3 * n.columns + k, m3 * spread(chance))
    return m0 * spread(f0) + m1 * spread(f1) + m2 * spread(f2) + m3 * spread(f3) + more


@bare
def _jump(n, carried, matrix, after, begin, source, entry, chances):
    """Move the weights of one index entry and belief through a jump; ``entry`` is the place of its first chance."""
    size = len(matrix)
    for row in range(size):
        for column in range(size):
            to, come, chance = begin + row * after, source + column * after, matrix[row, column]
            for k in range(0, n.columns, WIDTH):
                total = _meet(n, carried, to, come, size, after, k, chance)
                _add(chances, (entry + row * size + column) * n.columns + k, total)


def pull_shift(n, carried, matrix, after, chances):
    """Move weights through one stock's jump; add the weights of its chances to ``chances``.

    ``matrix`` is ``(index or 1, levels, levels)`` and ``chances`` the same with columns, flat.
    """
    size = matrix.shape[-1]
    for i in range(n.index):
        own = i if len(matrix) > 1 else 0
        for b in range(n.levels):
            source = (carried.pick[i] * n.levels + b) * n.cells
            begin = (i * n.levels + b) * n.cells
            _jump(n, carried, matrix[own], after, begin, source, own * size * size, chances)


def carry_shift(n, reading, pick, matrix, after, out):
    """Set ``out`` to the readings before one stock's jump, ``(index, levels, cells, columns)`` flat."""
    size = matrix.shape[-1]
    block = size * after
    for i in range(n.index):
        own = i if len(matrix) > 1 else 0
        for b in range(n.levels):
            source, target = (pick[i] * n.levels + b) * n.cells, (i * n.levels + b) * n.cells
            for place in range(0, n.cells * n.columns, WIDTH):
                store(out, target * n.columns + place, spread(0.0))
            for first in range(0, n.cells, block):
                for row in range(size):
                    for column in range(size):
                        chance = matrix[own, row, column]
                        if chance == 0.0:
                            continue
                        for c in range(after):
                            to, come = target + first + row * after + c, source + first + column * after + c
                            for k in range(0, n.columns, WIDTH):
                                _add(out, to * n.columns + k, load(reading, come * n.columns + k) * spread(chance))
