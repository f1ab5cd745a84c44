"""One typed decision, all its nodes: the compiled loop that XLA calls.

Cells are taken in blocks of eight. A block is solved at every belief between the two ends, its values are read at the
beliefs that the choices create, and chances, posteriors and values are written where XLA wants them. What is not solved
after all attempts stays as near as it came, and the evidence says so.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from outlast.solving.foreign import asked_for_version, copies, doubles, integers, numbers, operands, results
from outlast.solving.lanes import ATTEMPTS, descend, places, prepare, reply, scatter, settle
from outlast.solving.node import EDGE
from outlast.solving.vectors import (
    WIDTH,
    above,
    below,
    choose,
    exp,
    least,
    load,
    log,
    loop,
    most,
    size,
    somewhere,
    spread,
    store,
)

LONGEST_LEAP = 0.5
"""Largest change between two months, in log odds, that is taken to go on."""


class Plan(NamedTuple):
    """Counts of a decision, as integers in the order in which they travel."""

    accounts: int
    first: int
    """Actions of the first block of values."""
    second: int
    """Actions of the second; 0 where there is none."""
    index: int
    first_index: int
    """Index entries of the first block of values: ``index``, or 1 where all share one."""
    second_index: int
    levels: int
    cells: int
    weight_index: int
    weight_cells: int
    inclusive: int
    """1 where the mover's value is the log-sum-exp of its actions'."""


class Operands(NamedTuple):
    """Operands as flat arrays."""

    one: np.ndarray
    two: np.ndarray
    weight: np.ndarray
    levels: np.ndarray
    odds: np.ndarray
    change: np.ndarray
    noise: float
    tolerance: float


class Results(NamedTuple):
    """Results as flat arrays."""

    value: np.ndarray
    settler: np.ndarray
    staller: np.ndarray
    posterior: np.ndarray
    odds: np.ndarray
    proof: np.ndarray
    """Bayes error, residual, rounds, nodes restarted."""


@loop
def _gather(x, at, plan, given, i, begin):
    """Copy one block's values and weights."""
    w = WIDTH
    for account in range(plan.accounts):
        for a in range(at.actions):
            second = a >= plan.first
            if second:
                row = (account * plan.second + a - plan.first) * plan.second_index + i * (plan.second_index > 1)
            else:
                row = (account * plan.first + a) * plan.first_index + i * (plan.first_index > 1)
            for level in range(plan.levels):
                start = (row * plan.levels + level) * plan.cells + begin
                value = load(given.two, start) if second else load(given.one, start)
                store(x, at.value + ((account * at.actions + a) * plan.levels + level) * w, value)
    for a in range(at.actions):
        row = (a * plan.weight_index + i * (plan.weight_index > 1)) * plan.weight_cells
        weight = load(given.weight, row + begin) if plan.weight_cells > 1 else spread(given.weight[row])
        store(x, at.weight + a * w, weight)


@loop
def _warm(x, at, plan, given, i, b, begin):
    for a in range(at.actions):
        start = ((a * plan.index + i) * (plan.levels - 2) + b - 1) * plan.cells + begin
        leap = load(given.change, start)
        leap = choose(below(size(leap), spread(LONGEST_LEAP)), leap, spread(0.0))
        odds = least(most(load(given.odds, start) + leap, spread(-EDGE)), spread(EDGE))
        store(x, at.warm + a * WIDTH, odds)
        store(x, at.odds + a * WIDTH, odds)


@loop
def _distance(x, at, lane, actions):
    total = 0.0
    for a in range(actions):
        total += abs(x[at.odds + a * WIDTH + lane] - x[at.warm + a * WIDTH])
    return total


@loop
def _restart(x, at, alone, prior, tolerance, lane):
    """Solve the node of one lane from many places; return its last gap and the rounds used."""
    w = WIDTH
    for place in range(at.level, at.value):
        alone[place] = x[place]
    for place in range(at.value, at.odds, w):
        store(alone, place, spread(x[place + lane]))
    for place in range(at.warm, at.total, w):
        store(alone, place, spread(x[place + lane]))
    rounds, nearest, found = 0, np.inf, -1
    gaps = np.empty(w)
    for attempt in range(ATTEMPTS):
        falls = scatter(alone, at, prior, attempt)
        worst, count = descend(alone, at, spread(prior), falls, tolerance)
        rounds += count
        store(gaps, 0, worst)
        for each in range(w):
            if gaps[each] <= tolerance:
                far = _distance(alone, at, each, at.actions)
                if far < nearest:
                    nearest, found = far, each
        if found >= 0:
            break
    if found >= 0:
        for a in range(at.actions):
            x[at.odds + a * w + lane] = alone[at.odds + a * w + found]
    return rounds


@loop
def _read(x, at, belief_weight, inclusive, noise):
    """Set the value at the node to every account, read at the beliefs that the choices create."""
    w = WIDTH
    for account in range(at.accounts):
        store(x, at.read + account * w, spread(0.0))
    for a in range(at.actions):
        chance0 = load(x, at.chance + a * w)
        chance1 = load(x, at.chance + (at.actions + a) * w)
        pooled = chance0 + spread(belief_weight) * (chance1 - chance0)
        belief = spread(1.0) / (spread(1.0) + exp(spread(0.0) - load(x, at.odds + a * w)))
        for account in range(at.accounts):
            row = at.value + (account * at.actions + a) * at.levels * w
            here = load(x, row)
            value = here
            for level in range(at.levels - 1):
                gap = x[at.level + at.levels + level]
                inside = least(most(belief - x[at.level + level], spread(0.0)), spread(gap))
                above = load(x, row + (level + 1) * w)
                value = value + (above - here) * (inside / spread(gap))
                here = above
            chance = chance0 if account == 0 else (chance1 if account == 1 else pooled)
            if inclusive and account < 2:
                # The log-sum-exp is the same at every action: value less noise x (log chance less log weight).
                value = value - spread(noise) * (log(chance) - load(x, at.weight + a * w))
            store(x, at.read + account * w, load(x, at.read + account * w) + chance * value)


@loop
def _ends(x, at, plan, given, b):
    """Set chances where nothing moves the belief: plain logit at one level, and its value."""
    w = WIDTH
    for kind in range(2):
        top = spread(-1e300)
        for a in range(at.actions):
            own = kind * at.actions + a
            z = load(x, at.value + (own * at.levels + b) * w) / spread(given.noise) + load(x, at.weight + a * w)
            store(x, at.chance + own * w, z)
            top = most(top, z)
        total = spread(0.0)
        for a in range(at.actions):
            own = at.chance + (kind * at.actions + a) * w
            grown = exp(load(x, own) - top)
            store(x, own, grown)
            total = total + grown
        for a in range(at.actions):
            own = at.chance + (kind * at.actions + a) * w
            store(x, own, load(x, own) / total)
    weight = given.levels[b]
    for account in range(at.accounts):
        value = spread(0.0)
        for a in range(at.actions):
            chance0 = load(x, at.chance + a * w)
            chance1 = load(x, at.chance + (at.actions + a) * w)
            pooled = chance0 + spread(weight) * (chance1 - chance0)
            chance = chance0 if account == 0 else (chance1 if account == 1 else pooled)
            own = load(x, at.value + ((account * at.actions + a) * at.levels + b) * w)
            if plan.inclusive and account < 2:
                own = own - spread(given.noise) * (log(chance) - load(x, at.weight + a * w))
            value = value + chance * own
        store(x, at.read + account * w, value)


@loop
def _write(x, at, plan, out, i, b, begin, level):
    """Write one block at one belief."""
    w = WIDTH
    inside = 0 < b < plan.levels - 1
    for account in range(plan.accounts):
        place = ((account * plan.index + i) * plan.levels + b) * plan.cells + begin
        store(out.value, place, load(x, at.read + account * w))
    for a in range(at.actions):
        place = ((a * plan.index + i) * plan.levels + b) * plan.cells + begin
        store(out.settler, place, load(x, at.chance + a * w))
        store(out.staller, place, load(x, at.chance + (at.actions + a) * w))
        belief = spread(level)
        if inside:
            odds = load(x, at.odds + a * w)
            narrow = ((a * plan.index + i) * (plan.levels - 2) + b - 1) * plan.cells + begin
            store(out.odds, narrow, odds)
            belief = spread(1.0) / (spread(1.0) + exp(spread(0.0) - odds))
        store(out.posterior, place, belief)


@loop
def _prove(x, at, worst, out, rounds, restarted):
    """Record how far the belief read is at most from Bayes' rule, and what that moves."""
    error = worst * 0.25  # a belief moves by at most a quarter of its log odds
    store(x, at.scale + WIDTH, error)
    store(x, at.scale + 2 * WIDTH, error * load(x, at.scale))
    for lane in range(WIDTH):
        out.proof[0] = max(out.proof[0], x[at.scale + WIDTH + lane])
        out.proof[1] = max(out.proof[1], x[at.scale + 2 * WIDTH + lane])
    out.proof[2] = max(out.proof[2], rounds)
    out.proof[3] += restarted


@loop
def _inside(x, at, alone, plan, given, out, b):
    """Solve one block at a belief between the ends."""
    level, gaps = given.levels[b], at.scale + WIDTH
    prior = np.log(level) - np.log1p(-level)
    worst, rounds = settle(x, at, spread(prior), given.tolerance)
    store(x, gaps, worst)
    restarted = 0
    if somewhere(above(worst, spread(given.tolerance))):
        for lane in range(WIDTH):
            if x[gaps + lane] > given.tolerance:
                rounds += _restart(x, at, alone, prior, given.tolerance, lane)
                restarted += 1
        worst = reply(x, at, spread(prior), spread(1.0))
    _read(x, at, level, plan.inclusive, given.noise)
    _prove(x, at, worst, out, rounds, restarted)


@loop
def decide(plan, given, out):
    """Solve every node of a decision; ``cells`` is at least the width of a vector."""
    at = places(plan.accounts, plan.first + plan.second, plan.levels)
    x, alone = np.empty(at.total), np.empty(at.total)
    for level in range(plan.levels):
        x[at.level + level] = given.levels[level]
    for level in range(plan.levels - 1):
        x[at.level + plan.levels + level] = given.levels[level + 1] - given.levels[level]
    out.proof[:] = 0.0
    for i in range(plan.index):
        for block in range((plan.cells + WIDTH - 1) // WIDTH):
            # The last block reaches back over cells already done, so that all its lanes are real.
            begin = min(block * WIDTH, plan.cells - WIDTH)
            _gather(x, at, plan, given, i, begin)
            prepare(x, at, given.noise)
            for b in range(plan.levels):
                if 0 < b < plan.levels - 1:
                    _warm(x, at, plan, given, i, b, begin)
                    _inside(x, at, alone, plan, given, out, b)
                else:
                    _ends(x, at, plan, given, b)
                _write(x, at, plan, out, i, b, begin, given.levels[b])


def typed_decision(frame):
    """Unpack a call of XLA and solve, one game after another where it calls for several; to be compiled as a callback."""
    if asked_for_version(frame):
        return 0
    given, out = operands(frame), results(frame)
    c = integers(numbers(given[0]), 11)
    plan = Plan(c[0], c[1], c[2], c[3], c[4], c[5], c[6], c[7], c[8], c[9], c[10])
    states, actions = plan.levels * plan.cells, plan.first + plan.second
    nodes = actions * plan.index * max(plan.levels - 2, 0) * plan.cells
    chances = actions * plan.index * states
    for copy in range(copies(given[7])):
        asked = Operands(
            doubles(numbers(given[1]), copy, plan.accounts * plan.first * plan.first_index * states),
            doubles(numbers(given[2]), copy, plan.accounts * plan.second * plan.second_index * states),
            doubles(numbers(given[3]), copy, actions * plan.weight_index * plan.weight_cells),
            doubles(numbers(given[4]), copy, plan.levels),
            doubles(numbers(given[5]), copy, nodes),
            doubles(numbers(given[6]), copy, nodes),
            doubles(numbers(given[7]), copy, np.int64(1))[0],
            doubles(numbers(given[8]), copy, np.int64(1))[0],
        )
        answer = Results(
            doubles(numbers(out[0]), copy, plan.accounts * plan.index * states),
            doubles(numbers(out[1]), copy, chances),
            doubles(numbers(out[2]), copy, chances),
            doubles(numbers(out[3]), copy, chances),
            doubles(numbers(out[4]), copy, nodes),
            doubles(numbers(out[5]), copy, np.int64(4)),
        )
        decide(plan, asked, answer)
    return 0
