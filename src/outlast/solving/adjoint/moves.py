"""Moves of stocks differentiated in reverse, in compiled loops.

Weights have columns on their last axis, as in ``outlast.solving.adjoint.nodes``; values of the shared accounts have
cells there. Readings move as values do, one per column.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from outlast.solving.adjoint.nodes import ACCOUNTS
from outlast.solving.vectors import WIDTH, inline, load, spread, store


class Sizes(NamedTuple):
    """Accounts with a weight, index entries, those of the station reached, belief levels, cells and columns."""

    accounts: int
    index: int
    reached: int
    levels: int
    cells: int
    columns: int


class Carried(NamedTuple):
    """Values and readings at the station reached, weights there (added to) and at the move, flat; account by account.

    ``pick`` says which entry of the station reached belongs to each of the move's own; ``factor`` is what each account
    multiplies by, and ``factors`` its weights, ``(accounts, columns)``.
    """

    value: np.ndarray
    reading: np.ndarray
    weight: np.ndarray
    reached: np.ndarray
    pick: np.ndarray
    factor: np.ndarray
    factors: np.ndarray


@inline
def _step_wide(n, before, up, down, stride, after):
    """Set ``after`` to the expected value after a step, ``(cells, columns)`` flat."""
    for c in range(n.cells):
        for k in range(0, n.columns, WIDTH):
            here = load(before, c * n.columns + k)
            value = here
            if up[c] != 0.0:
                value = value + (load(before, (c + stride) * n.columns + k) - here) * spread(up[c])
            if down[c] != 0.0:
                value = value + (load(before, (c - stride) * n.columns + k) - here) * spread(down[c])
            store(after, c * n.columns + k, value)


@inline
def _add(array, place, what):
    store(array, place, load(array, place) + what)


@inline
def _step_back(n, weight, up, down, stride, into):
    """Set ``into`` to the weights before a step, from those after it."""
    for place in range(0, n.cells * n.columns, WIDTH):
        store(into, place, spread(0.0))
    for c in range(n.cells):
        stay = spread(1.0 - up[c] - down[c])
        for k in range(0, n.columns, WIDTH):
            g = load(weight, c * n.columns + k)
            _add(into, c * n.columns + k, g * stay)
            if up[c] != 0.0:
                _add(into, (c + stride) * n.columns + k, g * spread(up[c]))
            if down[c] != 0.0:
                _add(into, (c - stride) * n.columns + k, g * spread(down[c]))


@inline
def _ways(n, shared, value, weight, stride, ups, downs, begin):
    """Add the weights of a step's chances; ``value`` has cells, or cells and columns where it is not shared."""
    for c in range(n.cells):
        for k in range(0, n.columns, WIDTH):
            g = load(weight, c * n.columns + k)
            here = spread(value[c]) if shared else load(value, c * n.columns + k)
            if c + stride < n.cells:
                there = spread(value[c + stride]) if shared else load(value, (c + stride) * n.columns + k)
                _add(ups, begin + c * n.columns + k, g * (there - here))
            if c >= stride:
                there = spread(value[c - stride]) if shared else load(value, (c - stride) * n.columns + k)
                _add(downs, begin + c * n.columns + k, g * (there - here))


def pull_steps(n, carried, moves, ups, downs):
    """Move weights through steps; add the weights of their chances to ``ups`` and ``downs``.

    ``moves`` holds chances up and down ``(steps, index, cells)`` and strides; ``ups`` is ``(steps, index, cells,
    columns)`` flat.
    """
    up, down, strides = moves
    steps, wide = len(strides), n.cells * n.columns
    thin = np.zeros((steps + 1, n.cells))
    full = np.zeros((steps + 1, wide if n.accounts > ACCOUNTS else 1))
    one, two = np.zeros(wide), np.zeros(wide)
    for account in range(n.accounts):
        shared = account < ACCOUNTS
        factor = carried.factor[account] if shared else 1.0
        for i in range(n.index):
            for b in range(n.levels):
                source = (carried.pick[i] * n.levels + b) * n.cells
                if shared:
                    source += account * n.reached * n.levels * n.cells
                    thin[steps] = carried.value[source : source + n.cells]
                    for s in range(steps - 1, -1, -1):
                        before, after, stride = thin[s + 1], thin[s], strides[s]
                        for c in range(n.cells):
                            value = before[c]
                            if up[s, i, c] != 0.0:
                                value += up[s, i, c] * (before[c + stride] - before[c])
                            if down[s, i, c] != 0.0:
                                value += down[s, i, c] * (before[c - stride] - before[c])
                            after[c] = value
                else:
                    full[steps] = carried.reading[source * n.columns : (source + n.cells) * n.columns]
                    for s in range(steps - 1, -1, -1):
                        _step_wide(n, full[s + 1], up[s, i], down[s, i], strides[s], full[s])
                begin = (((account * n.index + i) * n.levels) + b) * wide
                for c in range(n.cells):
                    for k in range(0, n.columns, WIDTH):
                        g = load(carried.weight, begin + c * n.columns + k)
                        store(one, c * n.columns + k, g * spread(factor))
                        if shared:
                            _add(carried.factors, account * n.columns + k, g * spread(thin[0, c]))
                for s in range(steps):
                    ways = (s * n.index + i) * wide
                    if shared:
                        _ways(n, True, thin[s + 1], one, strides[s], ups, downs, ways)
                    else:
                        _ways(n, False, full[s + 1], one, strides[s], ups, downs, ways)
                    _step_back(n, one, up[s, i], down[s, i], strides[s], two)
                    one, two = two, one
                target = (((account * n.reached + carried.pick[i]) * n.levels) + b) * wide
                for place in range(0, wide, WIDTH):
                    _add(carried.reached, target + place, load(one, place))


def carry_steps(n, reading, pick, moves, out):
    """Set ``out`` to the readings before steps, ``(index, levels, cells, columns)`` flat."""
    up, down, strides = moves
    steps, wide = len(strides), n.cells * n.columns
    one, two = np.zeros(wide), np.zeros(wide)
    for i in range(n.index):
        for b in range(n.levels):
            source = (pick[i] * n.levels + b) * wide
            one[:] = reading[source : source + wide]
            for s in range(steps - 1, -1, -1):
                _step_wide(n, one, up[s, i], down[s, i], strides[s], two)
                one, two = two, one
            target = (i * n.levels + b) * wide
            out[target : target + wide] = one


def pull_shift(n, carried, matrix, after, chances):
    """Move weights through one stock's jump; add the weights of its chances to ``chances``.

    ``matrix`` is ``(index or 1, levels, levels)`` and ``chances`` the same with columns, flat.
    """
    size = matrix.shape[-1]
    block, zero = size * after, spread(0.0)
    for account in range(n.accounts):
        shared = account < ACCOUNTS
        factor = spread(carried.factor[account] if shared else 1.0)
        for i in range(n.index):
            own = i if len(matrix) > 1 else 0
            for b in range(n.levels):
                source = (carried.pick[i] * n.levels + b) * n.cells
                if shared:
                    source += account * n.reached * n.levels * n.cells
                begin = ((account * n.index + i) * n.levels + b) * n.cells
                target = ((account * n.reached + carried.pick[i]) * n.levels + b) * n.cells
                for row in range(size):
                    for column in range(size):
                        chance = matrix[own, row, column]
                        place = ((own * size + row) * size + column) * n.columns
                        for k in range(0, n.columns, WIDTH):
                            total, grown = zero, zero
                            for first in range(0, n.cells, block):
                                for c in range(after):
                                    to, come = first + row * after + c, first + column * after + c
                                    g = load(carried.weight, (begin + to) * n.columns + k)
                                    if shared:
                                        total = total + g * spread(carried.value[source + come])
                                    else:
                                        total = total + g * load(carried.reading, (source + come) * n.columns + k)
                                    if chance != 0.0:
                                        sent = g * factor * spread(chance)
                                        _add(carried.reached, (target + come) * n.columns + k, sent)
                            _add(chances, place + k, total * factor)
                            grown = total * spread(chance)
                            if shared:
                                _add(carried.factors, account * n.columns + k, grown)


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
            for row in range(size):
                for column in range(size):
                    chance = matrix[own, row, column]
                    if chance == 0.0:
                        continue
                    for first in range(0, n.cells, block):
                        for c in range(after):
                            to, come = first + row * after + c, first + column * after + c
                            for k in range(0, n.columns, WIDTH):
                                sent = load(reading, (source + come) * n.columns + k) * spread(chance)
                                _add(out, (target + to) * n.columns + k, sent)
