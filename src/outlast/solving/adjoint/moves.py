"""Moves of stocks differentiated in reverse, in compiled loops.

Weights have columns on their last axis, as in ``outlast.solving.adjoint.nodes``; values of the shared accounts have
cells there. Readings move as values do, one per column.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from outlast.solving.adjoint.nodes import ACCOUNTS
from outlast.solving.vectors import WIDTH, inline, load, loop, spread, store


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


@loop
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


@loop
def _step_back(weight, up, down, stride, width, into):
    """Set ``into`` to the weights before a step, from those after it, ``(cells, width)`` flat."""
    for place in range(0, len(up) * width, WIDTH):
        store(into, place, spread(0.0))
    for c in range(len(up)):
        stay = spread(1.0 - up[c] - down[c])
        for k in range(0, width, WIDTH):
            g = load(weight, c * width + k)
            _add(into, c * width + k, g * stay)
            if up[c] != 0.0:
                _add(into, (c + stride) * width + k, g * spread(up[c]))
            if down[c] != 0.0:
                _add(into, (c - stride) * width + k, g * spread(down[c]))


@loop
def _way(n, thin, full, weight, c, there, ways, begin):
    """Add the weight of a step's chance to go from a cell to another."""
    for k in range(0, n.columns, WIDTH):
        total = spread(0.0)
        for account in range(n.accounts):
            g = load(weight, (c * n.accounts + account) * n.columns + k)
            if account < ACCOUNTS:
                total = total + g * spread(thin[there * ACCOUNTS + account] - thin[c * ACCOUNTS + account])
            else:
                total = total + g * (load(full, there * n.columns + k) - load(full, c * n.columns + k))
        _add(ways, begin + c * n.columns + k, total)


@loop
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
            begin = (i * n.levels + b) * n.cells * width
            for c in range(n.cells):
                for account in range(n.accounts):
                    factor = spread(carried.factor[account])
                    for k in range(0, n.columns, WIDTH):
                        place = (c * n.accounts + account) * n.columns + k
                        g = load(carried.weight, begin + place)
                        store(one, place, g * factor)
                        if account < ACCOUNTS:
                            value = spread(thin[0, c * ACCOUNTS + account])
                            _add(carried.factors, account * n.columns + k, g * value)
            for s in range(steps):
                ways, stride = (s * n.index + i) * n.cells * n.columns, strides[s]
                for c in range(n.cells):
                    if c + stride < n.cells:
                        _way(n, thin[s + 1], full[s + 1], one, c, c + stride, ups, ways)
                    if c >= stride:
                        _way(n, thin[s + 1], full[s + 1], one, c, c - stride, downs, ways)
                _step_back(one, up[s, i], down[s, i], stride, width, two)
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


def pull_shift(n, carried, matrix, after, chances):
    """Move weights through one stock's jump; add the weights of its chances to ``chances``.

    ``matrix`` is ``(index or 1, levels, levels)`` and ``chances`` the same with columns, flat.
    """
    size, width = matrix.shape[-1], n.accounts * n.columns
    block = size * after
    for i in range(n.index):
        own = i if len(matrix) > 1 else 0
        for b in range(n.levels):
            source = (carried.pick[i] * n.levels + b) * n.cells
            begin = (i * n.levels + b) * n.cells
            for first in range(0, n.cells, block):
                for row in range(size):
                    for column in range(size):
                        chance = matrix[own, row, column]
                        entry = ((own * size + row) * size + column) * n.columns
                        for c in range(after):
                            to, come = begin + first + row * after + c, source + first + column * after + c
                            for k in range(0, n.columns, WIDTH):
                                total = spread(0.0)
                                for account in range(n.accounts):
                                    g = load(carried.weight, to * width + account * n.columns + k)
                                    if account < ACCOUNTS:
                                        value = g * spread(carried.value[come * ACCOUNTS + account])
                                        if chance != 0.0:
                                            _add(carried.factors, account * n.columns + k, value * spread(chance))
                                    else:
                                        value = g * load(carried.reading, come * n.columns + k)
                                    total = total + value * spread(carried.factor[account])
                                    if chance != 0.0:
                                        sent = g * spread(chance * carried.factor[account])
                                        _add(carried.reached, come * width + account * n.columns + k, sent)
                                _add(chances, entry + k, total)


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
