"""One decision, all its nodes, in compiled loops.

Cells are taken in blocks of eight neighbours, idle ones left out where they can be. A typed block is solved at every
belief between the two ends and its values are read at the beliefs that the choices create; where nothing moves the
belief, a plain logit does. What is not solved after all attempts stays as near as it came, and the evidence says so.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from outlast.solving.lanes import ATTEMPTS, EDGE, descend, places, prepare, reply, scatter, settle
from outlast.solving.tracing import blank_curves, trace
from outlast.solving.vectors import (
    WIDTH,
    above,
    bare,
    below,
    choose,
    exp,
    inline,
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
HELD = 1e-6
"""Distance from the bound within which log odds count as held at it."""
BOUND = 1 / (1 + np.exp(EDGE))
"""Belief at the bound."""


class Plan(NamedTuple):
    """Counts of a decision, and which of its jobs to do."""

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
    weight_types: int
    weight_index: int
    weight_cells: int
    mover: int
    """The account that chooses, or -1 for the player with the private type."""
    inclusive: int
    """1 where the mover's value is the log-sum-exp of its actions'."""
    part: int
    parts: int
    """A job is a block of an index entry; this call does every ``parts``-th from ``part`` on."""


class Question(NamedTuple):
    """What is asked, as flat arrays: two blocks of actions' values, ``(accounts, actions, index or 1, levels, cells)``.

    ``weight`` is the log base weight, ``(types or 1, actions, index or 1, cells or 1)``, minus infinity where an action
    is closed. ``odds`` and ``change`` are where the month after points to, ``(actions, index, levels - 2, cells)``;
    empty where nobody's type is private.
    """

    one: np.ndarray
    two: np.ndarray
    weight: np.ndarray
    levels: np.ndarray
    begins: np.ndarray
    """First cell of each block."""
    odds: np.ndarray
    change: np.ndarray
    noise: float
    tolerance: float


class Answer(NamedTuple):
    """What is found, as flat arrays: values, chances by type, posteriors and log odds.

    Where nobody's type is private, ``settler`` holds the mover's chances and the other three are empty.
    """

    value: np.ndarray
    settler: np.ndarray
    staller: np.ndarray
    posterior: np.ndarray
    odds: np.ndarray
    proof: np.ndarray
    """Bayes error, residual, rounds, nodes restarted."""


@inline
def _row(plan, account, a, i):
    """Return the row that holds an action's values; each row has ``plan.levels`` times ``plan.cells`` of them."""
    if a < plan.first:
        return (account * plan.first + a) * plan.first_index + i * (plan.first_index > 1)
    return (account * plan.second + a - plan.first) * plan.second_index + i * (plan.second_index > 1)


@inline
def _gather(x, at, plan, given, i, begin):
    """Copy one block's values and weights."""
    w = WIDTH
    for account in range(plan.accounts):
        for a in range(at.actions):
            row = _row(plan, account, a, i)
            for level in range(plan.levels):
                start = (row * plan.levels + level) * plan.cells + begin
                value = load(given.one, start) if a < plan.first else load(given.two, start)
                store(x, at.value + ((account * at.actions + a) * plan.levels + level) * w, value)
    for kind in range(2):
        for a in range(at.actions):
            store(x, at.weight + (kind * at.actions + a) * w, _weight(plan, given, kind, a, i, begin))


@inline
def _weight(plan, given, kind, a, i, begin):
    """Return the log base weight of an action in one block."""
    action = a + (plan.first + plan.second) * kind * (plan.weight_types > 1)
    row = (action * plan.weight_index + i * (plan.weight_index > 1)) * plan.weight_cells
    return load(given.weight, row + begin) if plan.weight_cells > 1 else spread(given.weight[row])


@inline
def _warm(x, at, plan, given, i, b, begin):
    for a in range(at.actions):
        start = ((a * plan.index + i) * (plan.levels - 2) + b - 1) * plan.cells + begin
        leap = load(given.change, start)
        leap = choose(below(size(leap), spread(LONGEST_LEAP)), leap, spread(0.0))
        odds = least(most(load(given.odds, start) + leap, spread(-EDGE)), spread(EDGE))
        store(x, at.warm + a * WIDTH, odds)
        store(x, at.odds + a * WIDTH, odds)


@inline
def _distance(x, at, lane, actions):
    total = 0.0
    for a in range(actions):
        total += abs(x[at.odds + a * WIDTH + lane] - x[at.warm + a * WIDTH])
    return total


@loop
def _restart(x, at, alone, prior, tolerance, lane):
    """Solve the node of one lane from many places, or by a walk through it; return the rounds used."""
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
        scatter(alone, at, prior, attempt)
        worst, count = descend(alone, at, spread(prior), tolerance)
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
    else:
        trace(x, at, lane, prior, blank_curves(at.actions, at.levels))
    return rounds


@inline
def _inclusive(value, chance, weight, noise):
    """Return the log-sum-exp from an action's value and chance, 0 where it is not taken."""
    taken = above(chance, spread(0.0))
    return choose(taken, value - spread(noise) * (log(chance) - weight), spread(0.0))


@inline
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
        for level in range(at.levels - 1):
            offset = (belief - x[at.level + level]) * x[at.level + 2 * at.levels + level]
            store(x, at.passed + level * w, least(most(offset, spread(0.0)), spread(1.0)))
        for account in range(at.accounts):
            row = at.value + (account * at.actions + a) * at.levels * w
            here = load(x, row)
            value = here
            for level in range(at.levels - 1):
                above = load(x, row + (level + 1) * w)
                value = value + (above - here) * load(x, at.passed + level * w)
                here = above
            chance = chance0 if account == 0 else (chance1 if account == 1 else pooled)
            if inclusive and account < 2:
                # The log-sum-exp is the same at every action: value less noise x (log chance less log weight).
                weight = load(x, at.weight + (account * at.actions + a) * w)
                value = _inclusive(value, chance, weight, noise)
            store(x, at.read + account * w, load(x, at.read + account * w) + chance * value)


@inline
def _logit(x, at, given, account, row, b):
    """Set a row of chances to the plain logit of one account's values at one belief level."""
    w = WIDTH
    top = spread(-1e300)
    for a in range(at.actions):
        value = load(x, at.value + ((account * at.actions + a) * at.levels + b) * w)
        z = value * spread(1.0 / given.noise) + load(x, at.weight + (row * at.actions + a) * w)
        store(x, at.chance + (row * at.actions + a) * w, z)
        top = most(top, z)
    total = spread(0.0)
    for a in range(at.actions):
        own = at.chance + (row * at.actions + a) * w
        grown = exp(load(x, own) - top)
        store(x, own, grown)
        total = total + grown
    share = spread(1.0) / total
    for a in range(at.actions):
        own = at.chance + (row * at.actions + a) * w
        store(x, own, load(x, own) * share)


@inline
def _ends(x, at, given, plan, b):
    """Set both types' chances where nothing moves the belief, and the value there."""
    w = WIDTH
    _logit(x, at, given, 0, 0, b)
    _logit(x, at, given, 1, 1, b)
    weight = spread(given.levels[b])
    for account in range(at.accounts):
        value = spread(0.0)
        for a in range(at.actions):
            chance = load(x, at.chance + a * w)
            if account > 0:
                other = load(x, at.chance + (at.actions + a) * w)
                chance = other if account == 1 else chance + weight * (other - chance)
            own = load(x, at.value + ((account * at.actions + a) * at.levels + b) * w)
            if plan.inclusive and account < 2:
                own = _inclusive(own, chance, load(x, at.weight + (account * at.actions + a) * w), given.noise)
            value = value + chance * own
        store(x, at.read + account * w, value)


@bare
def _public(x, at, plan, given, out, i, b):
    """Solve one row of cells of a decision that all see: cells lie side by side in memory, so rows stream."""
    w = WIDTH
    sharp = spread(1.0 / given.noise)
    for block in range(len(given.begins)):
        begin = given.begins[block]
        top = spread(-1e300)
        for a in range(at.actions):
            start = (_row(plan, plan.mover, a, i) * plan.levels + b) * plan.cells + begin
            value = load(given.one, start) if a < plan.first else load(given.two, start)
            weight = _weight(plan, given, 0, a, i, begin)
            store(x, at.weight + a * w, weight)
            z = value * sharp + weight
            store(x, at.chance + a * w, z)
            top = most(top, z)
        total = spread(0.0)
        for a in range(at.actions):
            grown = exp(load(x, at.chance + a * w) - top)
            store(x, at.chance + a * w, grown)
            total = total + grown
        share = spread(1.0) / total
        for a in range(at.actions):
            chance = load(x, at.chance + a * w) * share
            store(x, at.chance + a * w, chance)
            store(out.settler, ((a * plan.index + i) * plan.levels + b) * plan.cells + begin, chance)
        for account in range(plan.accounts):
            sum = spread(0.0)
            for a in range(at.actions):
                start = (_row(plan, account, a, i) * plan.levels + b) * plan.cells + begin
                value = load(given.one, start) if a < plan.first else load(given.two, start)
                chance = load(x, at.chance + a * w)
                if plan.inclusive and account == plan.mover:
                    value = _inclusive(value, chance, load(x, at.weight + a * w), given.noise)
                sum = sum + chance * value
            store(out.value, ((account * plan.index + i) * plan.levels + b) * plan.cells + begin, sum)


@inline
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


@inline
def _prove(x, at, worst, out, rounds, restarted):
    """Record how far the belief read is at most from Bayes' rule, and what that moves."""
    error = worst * 0.25  # a belief moves by at most a quarter of its log odds
    for a in range(at.actions):
        # A belief held at the bound is at most the bound itself away from the one that Bayes' rule gives.
        held = above(size(load(x, at.odds + a * WIDTH)), spread(EDGE - HELD))
        error = most(error, choose(held, spread(BOUND), spread(0.0)))
    store(x, at.scale + WIDTH, error)
    store(x, at.scale + 2 * WIDTH, error * load(x, at.scale))
    for lane in range(WIDTH):
        out.proof[0] = max(out.proof[0], x[at.scale + WIDTH + lane])
        out.proof[1] = max(out.proof[1], x[at.scale + 2 * WIDTH + lane])
    out.proof[2] = max(out.proof[2], rounds)
    out.proof[3] += restarted


@inline
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


def decide(plan, given, out):
    """Solve the nodes of a decision; ``cells`` is at least the width of a vector."""
    at = places(plan.accounts, plan.first + plan.second, plan.levels)
    x, alone = np.empty(at.total), np.empty(at.total)
    for level in range(plan.levels):
        x[at.level + level] = given.levels[level]
    for level in range(plan.levels - 1):
        gap = given.levels[level + 1] - given.levels[level]
        x[at.level + plan.levels + level], x[at.level + 2 * plan.levels + level] = gap, 1.0 / gap
    out.proof[:] = 0.0
    if plan.mover >= 0:
        for job in range(plan.part, plan.index * plan.levels, plan.parts):
            _public(x, at, plan, given, out, job // plan.levels, job % plan.levels)
        return
    blocks = len(given.begins)
    for job in range(plan.part, plan.index * blocks, plan.parts):
        i = job // blocks
        begin = given.begins[job % blocks]
        _gather(x, at, plan, given, i, begin)
        prepare(x, at, given.noise)
        for b in range(plan.levels):
            if 0 < b < plan.levels - 1:
                _warm(x, at, plan, given, i, b, begin)
                _inside(x, at, alone, plan, given, out, b)
            else:
                _ends(x, at, given, plan, b)
            _write(x, at, plan, out, i, b, begin, given.levels[b])
