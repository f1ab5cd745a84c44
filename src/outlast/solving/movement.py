"""Stocks move: expected values backward and mass forward, in compiled loops.

Each loop forward is the transpose of the one backward. Values and masses are ``(leading, index, beliefs, cells)``: the
leading axis counts accounts backward and runs forward. ``pick`` says which index entry of the station reached belongs
to each entry of the layer's own.
"""

from __future__ import annotations

import numpy as np

from outlast.solving.vectors import WIDTH, inline, load, loop, store


@inline
def _rise(value, up, out, begin, end, stride):
    """Set ``out`` between two cells to the expected value where a stock can only rise."""
    whole = begin + (end - begin) // WIDTH * WIDTH
    for c in range(begin, whole, WIDTH):
        here = load(value, c)
        store(out, c, here + load(up, c) * (load(value, c + stride) - here))
    for c in range(whole, end):
        out[c] = value[c] + up[c] * (value[c + stride] - value[c])


@loop
def _step(value, up, down, stride, out):
    """Set ``out`` to the expected value after one stock's own step."""
    cells = len(value)
    if stride >= cells:
        out[:] = value
        return
    _rise(value, up, out, 0, stride, stride)
    end = cells - stride
    whole = stride + max(end - stride, 0) // WIDTH * WIDTH
    for c in range(stride, whole, WIDTH):
        here = load(value, c)
        above, below = load(value, c + stride) - here, load(value, c - stride) - here
        store(out, c, here + load(up, c) * above + load(down, c) * below)
    for c in range(whole, end):
        here = value[c]
        out[c] = here + up[c] * (value[c + stride] - here) + down[c] * (value[c - stride] - here)
    _rise(value, down, out, max(stride, end), cells, -stride)


def step_values(value, pick, moves, pay, discount, out):
    """Carry values through steps, the last first, then discount and pay.

    ``moves`` holds chances up and down ``(steps, index, cells)`` and strides; ``pay`` is ``(accounts, index, 1 or
    beliefs, cells)`` or has no accounts; ``discount`` has an entry per account.
    """
    ups, downs, strides = moves
    accounts, _, beliefs, cells = value.shape
    one, two = np.empty(cells), np.empty(cells)
    for account in range(accounts):
        factor = discount[account]
        for i in range(len(pick)):
            for b in range(beliefs):
                source = value[account, pick[i], b]
                for c in range(cells):
                    one[c] = source[c]
                for s in range(len(strides) - 1, -1, -1):
                    _step(one, ups[s, i], downs[s, i], strides[s], two)
                    one, two = two, one
                target = out[account, i, b]
                if len(pay):
                    extra = pay[account, i, b if pay.shape[2] > 1 else 0]
                    for c in range(cells):
                        target[c] = extra[c] + factor * one[c]
                else:
                    for c in range(cells):
                        target[c] = factor * one[c]


@loop
def _ends(row):
    """Return the first cell with mass and the one after the last; equal where there is none."""
    low, high = 0, len(row)
    while low < high and row[low] == 0.0:
        low += 1
    while high > low and row[high - 1] == 0.0:
        high -= 1
    return low, high


def step_mass(mass, pick, moves, out):
    """Push mass through steps, the first first, and add it to ``out``."""
    ups, downs, strides = moves
    runs, _, beliefs, cells = mass.shape
    one, two = np.empty(cells), np.empty(cells)
    for run in range(runs):
        for i in range(len(pick)):
            for b in range(beliefs):
                source = mass[run, i, b]
                total = 0.0
                for c in range(cells):
                    one[c] = source[c]
                    total += abs(source[c])
                if total == 0.0:
                    continue
                for s in range(len(strides)):
                    up, down, stride = ups[s, i], downs[s, i], strides[s]
                    for c in range(cells):
                        two[c] = one[c] * (1.0 - up[c] - down[c])
                    for c in range(cells - stride):
                        two[c + stride] += one[c] * up[c]
                        two[c] += one[c + stride] * down[c + stride]
                    one, two = two, one
                target = out[run, pick[i], b]
                for c in range(cells):
                    target[c] += one[c]


def shift_values(value, pick, matrix, after, discount, pay, out):
    """Carry values through one stock's jump, then discount and pay; ``matrix`` is ``(index or 1, levels, levels)``."""
    accounts, _, beliefs, cells = value.shape
    levels = matrix.shape[-1]
    block = levels * after
    for account in range(accounts):
        factor = discount[account]
        for i in range(len(pick)):
            chances = matrix[i if len(matrix) > 1 else 0]
            for b in range(beliefs):
                source, target = value[account, pick[i], b], out[account, i, b]
                if len(pay):
                    extra = pay[account, i, b if pay.shape[2] > 1 else 0]
                    for c in range(cells):
                        target[c] = extra[c]
                else:
                    for c in range(cells):
                        target[c] = 0.0
                if after == 1:
                    for start in range(0, cells, levels):
                        for row in range(levels):
                            total = 0.0
                            for column in range(levels):
                                total += chances[row, column] * source[start + column]
                            target[start + row] += factor * total
                    continue
                for row in range(levels):
                    for column in range(levels):
                        chance = factor * chances[row, column]
                        if chance != 0.0:
                            for start in range(0, cells, block):
                                to, come = start + row * after, start + column * after
                                for c in range(after):
                                    target[to + c] += chance * source[come + c]


def shift_mass(mass, pick, matrix, after, out):
    """Push mass through one stock's jump and add it to ``out``."""
    runs, _, beliefs, _ = mass.shape
    levels = matrix.shape[-1]
    block = levels * after
    for run in range(runs):
        for i in range(len(pick)):
            chances = matrix[i if len(matrix) > 1 else 0]
            for b in range(beliefs):
                source, target = mass[run, i, b], out[run, pick[i], b]
                low, high = _ends(source)
                if low == high:
                    continue
                for row in range(levels):
                    for column in range(levels):
                        chance = chances[row, column]
                        if chance != 0.0:
                            for start in range(low // block * block, high, block):
                                come, to = start + row * after, start + column * after
                                for c in range(after):
                                    target[to + c] += chance * source[come + c]


def pass_mass(mass, chances, out):
    """Push mass through a decision that all see and add it to ``out``, ``(runs, actions, index or 1, beliefs, cells)``.

    ``chances`` is ``(actions, index, beliefs, cells)``.
    """
    runs, index, beliefs, _ = mass.shape
    for run in range(runs):
        for i in range(index):
            to = i if out.shape[2] > 1 else 0
            for b in range(beliefs):
                source = mass[run, i, b]
                low, high = _ends(source)
                if low == high:
                    continue
                for a in range(len(chances)):
                    chance, target = chances[a, i, b], out[run, a, to, b]
                    for c in range(low, high):
                        target[c] += source[c] * chance[c]


def split_mass(mass, chances, posterior, levels, kinds, out):
    """Push mass through a typed decision and add it to ``out``, ``(runs, actions, index or 1, beliefs, cells)``.

    A belief between two levels is split between them, so that each level stays true to its name: among those who
    arrive at level b the share of stallers is b. ``chances`` is ``(2, actions, index, beliefs, cells)``; ``kinds``
    gives each run's type, 0 the settler, 1 the staller.
    """
    runs, index, beliefs, _ = mass.shape
    actions = chances.shape[1]
    for run in range(runs):
        kind = kinds[run]
        for i in range(index):
            to = i if out.shape[2] > 1 else 0
            for b in range(beliefs):
                source = mass[run, i, b]
                first, last = _ends(source)
                if first == last:
                    continue
                for a in range(actions):
                    chance, after = chances[kind, a, i, b], posterior[a, i, b]
                    for c in range(first, last):
                        moved = source[c] * chance[c]
                        if moved == 0.0:
                            continue
                        belief = after[c]
                        named = belief if kind else 1.0 - belief
                        if named <= 0.0:
                            continue
                        if beliefs == 1:
                            out[run, a, to, 0, c] += moved
                            continue
                        low = 0
                        while low < beliefs - 2 and levels[low + 1] <= belief:
                            low += 1
                        share = (belief - levels[low]) / (levels[low + 1] - levels[low])
                        below, above = levels[low], levels[low + 1]
                        if kind == 0:
                            below, above = 1.0 - below, 1.0 - above
                        out[run, a, to, low, c] += moved * (1.0 - share) * below / named
                        out[run, a, to, low + 1, c] += moved * share * above / named
