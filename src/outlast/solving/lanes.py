"""The belief fixed point at eight typed nodes at once, in compiled loops.

In the log odds m(a) of the posterior after action a, equilibrium is

    F(m) = logit b + [z_1 - lse z_1](a) - [z_0 - lse z_0](a) - m(a) = 0,   z = value / noise at posterior(a).

The Jacobian is a diagonal minus a matrix of rank one, so a Newton step costs as much as an evaluation (Sherman &
Morrison 1950). Far from a root the diagonal is reflected, which turns the step into one along the flow of F.

A *lane* is one node; the eight lanes of a block share the packages and the belief before the choice and differ in their
cell. Each block stays in the nearest cache and stops when its own
lanes have arrived, whatever the other blocks need. A lane that does not arrive starts again from eight places at once.

All numbers of a block lie in one flat array; ``Places`` says where. Quantities by type take ``2 * actions`` vectors,
the settler's first.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from outlast.solving.vectors import (
    WIDTH,
    above,
    at_least,
    bare,
    below,
    both,
    choose,
    exp,
    inline,
    least,
    load,
    log,
    most,
    size,
    somewhere,
    spread,
    store,
)

EDGE = 16.0
"""Bound on the posterior's log odds: beliefs within 1.2e-7 of certainty are read as certain."""
LONGEST_STEP = 3.0
"""Cap on a step in log odds: beyond it the piecewise linear values change slope too often to trust the step."""
LEAST = 0.005
"""Smallest pivot of an exact step."""
NEAR = 0.3
"""Gap below which the exact Jacobian is used."""
ROUNDS = 14
"""Rounds from where the month after points to; the first FREE of them are not damped."""
FREE = 4
ATTEMPTS = 2
"""Times that a lane starts again, from eight places each."""
RESTART_ROUNDS = 60
SCATTER = 20260218.0
"""Seed of the places to start from."""


class Places(NamedTuple):
    """Counts, and where each quantity of a block begins in its flat array."""

    accounts: int
    actions: int
    levels: int
    level: int
    """Belief levels, then their distances, then one over these; numbers, not vectors."""
    value: int
    """Values, ``(accounts, actions, levels)``."""
    first: int
    """Value over noise at the lowest level, centred over actions, ``(2, actions)``."""
    slope: int
    """Its slope on each interval, ``(2, actions, levels - 1)``."""
    weight: int
    """Log base weight by type; minus infinity where the type cannot take the action."""
    odds: int
    """Log odds of the posterior."""
    chance: int
    """Chances by type; before they are normalised, values over noise."""
    steep: int
    """Slope by type in log odds."""
    gap: int
    before: int
    """The gap of the round before."""
    damping: int
    inverse: int
    warm: int
    """Log odds that the month after points to."""
    read: int
    """Value at the node, ``(accounts)``."""
    scale: int
    """Steepest slope of any action in belief, then two vectors to work with."""
    passed: int
    """Share of each interval of beliefs that lies below the posterior."""
    total: int


@bare
def places(accounts, actions, levels):
    """Lay out a block."""
    w, a = WIDTH, actions
    level = 0
    value = level + (3 * levels + w) // w * w
    first = value + accounts * a * levels * w
    slope = first + 2 * a * w
    weight = slope + 2 * a * (levels - 1) * w
    odds = weight + 2 * a * w
    chance = odds + a * w
    steep = chance + 2 * a * w
    gap = steep + 2 * a * w
    before = gap + a * w
    damping = before + a * w
    inverse = damping + a * w
    warm = inverse + a * w
    read = warm + a * w
    scale = read + accounts * w
    return Places(
        accounts, a, levels, level, value, first, slope, weight, odds, chance, steep, gap, before, damping, inverse,
        warm, read, scale, scale + 3 * w, scale + (2 + levels) * w,
    )  # fmt: skip


@inline
def prepare(x, at, noise):
    """Scale the values of the two types by the noise, centre them and take their slopes."""
    w = WIDTH
    steepest, sharp = spread(0.0), spread(1.0 / noise)
    for kind in range(2):
        mean = spread(0.0)
        for a in range(at.actions):
            mean = mean + load(x, at.value + (kind * at.actions + a) * at.levels * w)
        mean = mean * spread(1.0 / at.actions)
        for a in range(at.actions):
            own = kind * at.actions + a
            place = at.value + own * at.levels * w
            store(x, at.first + own * w, (load(x, place) - mean) * sharp)
            for level in range(at.levels - 1):
                rise = load(x, place + (level + 1) * w) - load(x, place + level * w)
                slope = rise * spread(x[at.level + 2 * at.levels + level])
                steepest = most(steepest, size(slope))
                store(x, at.slope + (own * (at.levels - 1) + level) * w, slope * sharp)
    store(x, at.scale, steepest)


@inline
def _log_weights(x, at, scale):
    """Read both types' value over noise at the posterior, with slopes; return the largest log weight of each type."""
    w = WIDTH
    top0, top1 = spread(-1e300), spread(-1e300)
    for a in range(at.actions):
        o, other = a * w, (at.actions + a) * w
        belief = spread(1.0) / (spread(1.0) + exp(spread(0.0) - load(x, at.odds + o)))
        z0, z1 = load(x, at.first + o), load(x, at.first + other)
        steep0, steep1 = spread(0.0), spread(0.0)
        for level in range(at.levels - 1):
            offset = belief - x[at.level + level]
            inside = least(most(offset, spread(0.0)), spread(x[at.level + at.levels + level]))
            slope0 = load(x, at.slope + (a * (at.levels - 1) + level) * w)
            slope1 = load(x, at.slope + ((at.actions + a) * (at.levels - 1) + level) * w)
            z0, z1 = z0 + slope0 * inside, z1 + slope1 * inside
            reached = at_least(offset, spread(0.0))
            steep0, steep1 = choose(reached, slope0, steep0), choose(reached, slope1, steep1)
        weight0, weight1 = load(x, at.weight + o), load(x, at.weight + other)
        # Where one type alone can take the action, or neither, no value moves the belief after it.
        moved = above(least(weight0, weight1), spread(-np.inf))
        change = choose(moved, belief * (spread(1.0) - belief) * scale, spread(0.0))
        store(x, at.steep + o, steep0 * change)
        store(x, at.steep + other, steep1 * change)
        z0, z1 = z0 * scale, z1 * scale
        store(x, at.chance + o, z0)
        store(x, at.chance + other, z1)
        top0, top1 = most(top0, z0 + weight0), most(top1, z1 + weight1)
    return top0, top1


@bare
def reply(x, at, prior, scale):
    """Set chances, slopes and gaps at the present log odds; return the largest gap.

    After an action that one type alone can take that type is certain, up to the bound; after one that neither can take
    the belief stays what it was.
    ``prior`` is in log odds; ``scale`` is target noise over the noise used.
    """
    w = WIDTH
    top0, top1 = _log_weights(x, at, scale)
    total0, total1 = spread(0.0), spread(0.0)
    for a in range(at.actions):
        o, other = at.chance + a * w, at.chance + (at.actions + a) * w
        lower0 = load(x, o) + load(x, at.weight + a * w) - top0
        lower1 = load(x, other) + load(x, at.weight + (at.actions + a) * w) - top1
        store(x, at.gap + a * w, lower1 - lower0)
        grown0, grown1 = exp(lower0), exp(lower1)
        store(x, o, grown0)
        store(x, other, grown1)
        total0, total1 = total0 + grown0, total1 + grown1
    shift = prior + log(total0 / total1)
    share0, share1 = spread(1.0) / total0, spread(1.0) / total1
    worst = spread(0.0)
    for a in range(at.actions):
        o, other = at.chance + a * w, at.chance + (at.actions + a) * w
        store(x, o, load(x, o) * share0)
        store(x, other, load(x, other) * share1)
        taken = above(most(load(x, at.weight + a * w), load(x, at.weight + (at.actions + a) * w)), spread(-np.inf))
        target = choose(taken, load(x, at.gap + a * w) + shift, prior)
        target = least(most(target, spread(-EDGE)), spread(EDGE))
        gap = target - load(x, at.odds + a * w)
        store(x, at.gap + a * w, gap)
        worst = most(worst, size(gap))
    return worst


@bare
def _apart(pivot):
    near = choose(below(pivot, spread(0.0)), spread(-LEAST), spread(LEAST))
    return choose(below(size(pivot), spread(LEAST)), near, pivot)


@bare
def advance(x, at, exact, active, damped):
    """Take a Newton step in the active lanes: along the exact Jacobian, or along the flow where it is not to be."""
    w = WIDTH
    coupling, back = spread(1.0), spread(0.0)
    for a in range(at.actions):
        o = a * w
        gap = load(x, at.gap + o)
        free = choose(below(size(load(x, at.odds + o) + gap), spread(EDGE)), spread(1.0), spread(0.0))
        steep0, steep1 = load(x, at.steep + o), load(x, at.steep + at.actions * w + o)
        stiff = spread(1.0) - (steep1 - steep0) * free
        inverse = spread(1.0) / choose(exact, _apart(stiff), most(size(stiff), spread(0.05)))
        store(x, at.inverse + o, inverse)
        chance0, chance1 = load(x, at.chance + o), load(x, at.chance + at.actions * w + o)
        pull = (chance1 * steep1 - chance0 * steep0) * inverse
        coupling, back = coupling + pull * free, back + pull * gap
    back = back / choose(exact, _apart(coupling), most(coupling, spread(0.2)))
    for a in range(at.actions):
        o = a * w
        gap, odds = load(x, at.gap + o), load(x, at.odds + o)
        free = choose(below(size(odds + gap), spread(EDGE)), spread(1.0), spread(0.0))
        step = (gap - back * free) * load(x, at.inverse + o)
        step = least(most(step, spread(-LONGEST_STEP)), spread(LONGEST_STEP))
        if damped:
            step = step * load(x, at.damping + o)
        store(x, at.odds + o, odds + choose(active, step, spread(0.0)))


@inline
def _unbrake(x, at):
    for a in range(at.actions):
        store(x, at.damping + a * WIDTH, spread(1.0))
        store(x, at.before + a * WIDTH, spread(0.0))


@inline
def _brake(x, at, worst, last):
    """Halve the steps of an action whose gap turned its sign and hardly fell."""
    slow = above(worst, last * 0.5)
    for a in range(at.actions):
        o = a * WIDTH
        gap, damping = load(x, at.gap + o), load(x, at.damping + o)
        turned = both(below(gap * load(x, at.before + o), spread(0.0)), slow)
        store(x, at.damping + o, choose(turned, damping * 0.5, least(spread(1.0), damping * 1.5)))
        store(x, at.before + o, gap)


@inline
def settle(x, at, prior, tolerance):
    """Go from the present log odds to the fixed point in all lanes; return the largest gaps, and the rounds."""
    one = spread(1.0)
    worst = reply(x, at, prior, one)
    last, count = worst, 1
    _unbrake(x, at)
    while count < ROUNDS and somewhere(above(worst, spread(tolerance))):
        if count > FREE:
            _brake(x, at, worst, last)
        advance(x, at, below(worst, spread(NEAR)), above(worst, spread(tolerance)), count > FREE)
        last = worst
        worst = reply(x, at, prior, one)
        count += 1
    return worst, count


@bare
def _normal(state):
    """Return a number that is nearly standard normal, and the next state of a small generator."""
    total = 0.0
    for _ in range(4):
        state = (state * 16807.0) % 2147483647.0
        total += state / 2147483647.0 - 0.5
    return total * np.sqrt(3.0), state


@bare
def scatter(x, at, prior, attempt):
    """Put the lanes of a node that did not arrive in eight places to start from, near the month after's and pooling."""
    state = SCATTER + 7919.0 * attempt
    for lane in range(WIDTH):
        pooled = (lane + attempt) % 2 == 1
        far = (0.0, 0.0, 0.3, 0.3, 1.0, 1.0, 3.0, 3.0)[lane] * (1.0 if attempt == 0 else 2.0)
        for a in range(at.actions):
            offset, state = _normal(state)
            centre = prior if pooled else x[at.warm + a * WIDTH]
            x[at.odds + a * WIDTH + lane] = min(max(centre + far * offset, -EDGE), EDGE)


@bare
def descend(x, at, prior, tolerance):
    """Go from eight places to fixed points until one arrives; return the largest gap by lane and the rounds."""
    _unbrake(x, at)
    last, worst, count = spread(1e300), spread(1e300), 0
    while count < RESTART_ROUNDS:
        worst = reply(x, at, prior, spread(1.0))
        count += 1
        if somewhere(at_least(spread(tolerance), worst)):
            break
        _brake(x, at, worst, last)
        last = worst
        advance(x, at, below(worst, spread(NEAR)), above(worst, spread(tolerance)), True)
    return worst, count
