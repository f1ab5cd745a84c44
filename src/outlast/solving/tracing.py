"""Every typed node has an equilibrium, and this finds one where Newton's method does not.

The unknowns of a node meet in one number only, ``s = logit b + lse z_0 - lse z_1``: given ``s``, the log odds ``m`` of
each action solve ``m - g(m) = s`` alone, with ``g`` the difference of the two types' values over noise. In ``(s, m)``
that is one curve per action, from ``m = -EDGE`` at low ``s`` to ``m = EDGE`` at high ``s``; where it folds, an action
has several answers to the same ``s``. All curves walked at once, ``s`` turning back whenever an action reaches a fold,
are one path from one end to the other (the climbers' problem: Whittaker 1966). The equilibrium condition is negative at
its start and positive at its end, so it is met on the way. The walk is followed to its end, and of the equilibria met
the one nearest to the warm start is taken.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from outlast.solving.lanes import EDGE
from outlast.solving.vectors import WIDTH, bare, loop

SEGMENTS = 400
"""Turns after which a walk is given up."""
SAMPLES = 6
"""Places on the way from one turn to the next at which the condition is looked at."""
APART = 1e-11
"""Distance that keeps the folds of equal actions from being reached at once."""
HALVINGS = 60


class Curves(NamedTuple):
    """The curve of every action, cut into runs on which ``s`` rises or falls with ``m``."""

    turn: np.ndarray
    """Log odds at the folds, ``(actions, folds)``: a top, a bottom, a top ..."""
    height: np.ndarray
    """The number ``s`` at the folds."""
    folds: np.ndarray
    """Count of folds by action; even."""
    run: np.ndarray
    """The run that each action is on."""
    odds: np.ndarray
    """Log odds at the ``s`` asked for last."""


@loop
def blank_curves(actions, levels):
    """Return room for the curves of a node."""
    most = 4 * levels + 4
    return Curves(
        np.empty((actions, most)), np.empty((actions, most)), np.zeros(actions, np.int64), np.zeros(actions, np.int64),
        np.empty(actions),
    )  # fmt: skip


@bare
def _scaled(x, at, lane, kind, a, belief):
    """Return one type's value over noise at a belief, without the weight."""
    own = kind * at.actions + a
    z = x[at.first + own * WIDTH + lane]
    for level in range(at.levels - 1):
        inside = min(max(belief - x[at.level + level], 0.0), x[at.level + at.levels + level])
        z += x[at.slope + (own * (at.levels - 1) + level) * WIDTH + lane] * inside
    return z


@bare
def _free(x, at, lane, a):
    """Return whether both types can take an action: only then the belief after it is to be found."""
    first, second = at.weight + a * WIDTH + lane, at.weight + (at.actions + a) * WIDTH + lane
    return x[first] > -np.inf and x[second] > -np.inf


@bare
def _certain(x, at, lane, a, prior):
    """Return the log odds after an action that one type alone can take, or neither."""
    if x[at.weight + a * WIDTH + lane] > -np.inf:
        return -EDGE
    return EDGE if x[at.weight + (at.actions + a) * WIDTH + lane] > -np.inf else min(max(prior, -EDGE), EDGE)


@bare
def _height(x, at, lane, a, odds):
    """Return the number ``s`` at which the log odds answer themselves."""
    belief = 1.0 / (1.0 + np.exp(-odds))
    gap = _scaled(x, at, lane, 1, a, belief) - _scaled(x, at, lane, 0, a, belief)
    return odds - gap + APART * a


@bare
def _steepness(x, at, lane, a, odds):
    """Return the change of that number per unit of log odds."""
    belief = 1.0 / (1.0 + np.exp(-odds))
    level = 0
    while level < at.levels - 2 and belief >= x[at.level + level + 1]:
        level += 1
    place, wide = a * (at.levels - 1) + level, at.actions * (at.levels - 1)
    slope = x[at.slope + (wide + place) * WIDTH + lane] - x[at.slope + place * WIDTH + lane]
    return 1.0 - slope * belief * (1.0 - belief)


@bare
def _corners(x, at, lane, a, found):
    """Write the log odds at which the curve may turn, in order; return their count."""
    count = 1
    found[0] = -EDGE
    for level in range(at.levels - 1):
        low, gap = x[at.level + level], x[at.level + at.levels + level]
        start = -EDGE if low <= 0.0 else max(np.log(low / (1.0 - low)), -EDGE)
        high = low + gap
        end = EDGE if high >= 1.0 else min(np.log(high / (1.0 - high)), EDGE)
        place = a * (at.levels - 1) + level
        wide = at.actions * (at.levels - 1)
        slope = x[at.slope + (wide + place) * WIDTH + lane] - x[at.slope + place * WIDTH + lane]
        if slope > 4.0:
            # Flat where slope x belief x (1 - belief) = 1.
            apart = np.sqrt(0.25 - 1.0 / slope)
            far = np.log((0.5 + apart) / (0.5 - apart))
            for odds in (-far, far):
                if start < odds < end:
                    found[count] = odds
                    count += 1
        if end > found[count - 1]:
            found[count] = end
            count += 1
    return count


@bare
def _draw(x, at, lane, a, curves, corners):
    """Find the folds of one action's curve: it rises before the first, falls after it, and rises after the last."""
    count = _corners(x, at, lane, a, corners)
    folds, rising = 0, True
    before = _height(x, at, lane, a, corners[0])
    for corner in range(1, count):
        after = _height(x, at, lane, a, corners[corner])
        if (after > before) != rising and after != before:
            curves.turn[a, folds], curves.height[a, folds] = corners[corner - 1], before
            folds += 1
            rising = not rising
        before = after
    if not rising:
        curves.turn[a, folds], curves.height[a, folds] = corners[count - 1], before
        folds += 1
    curves.folds[a] = folds


@bare
def _read(x, at, lane, a, curves, run, s):
    """Return the log odds at ``s`` on one run of an action's curve, held at its ends."""
    low = curves.turn[a, run - 1] if run > 0 else -EDGE
    high = curves.turn[a, run] if run < curves.folds[a] else EDGE
    rising = run % 2 == 0
    at_low, at_high = _height(x, at, lane, a, low) - s, _height(x, at, lane, a, high) - s
    if (at_low >= 0.0) == rising:
        return low
    if (at_high <= 0.0) == rising:
        return high
    odds = 0.5 * (low + high)
    for step in range(HALVINGS):
        here = _height(x, at, lane, a, odds) - s
        if (here < 0.0) == (at_low < 0.0):
            low = odds
        else:
            high = odds
        before, slope = odds, _steepness(x, at, lane, a, odds)
        odds = before - here / slope if slope != 0.0 else low
        if not low < odds < high or step % 4 == 3:
            odds = 0.5 * (low + high)
        if abs(odds - before) < 1e-14 * EDGE:
            break
    return odds


@bare
def _condition(x, at, lane, prior, curves, s):
    """Return ``s`` less what the choices at ``s`` make of it; the log odds are left in ``curves.odds``."""
    top0, top1 = -np.inf, -np.inf
    for a in range(at.actions):
        if _free(x, at, lane, a):
            curves.odds[a] = _read(x, at, lane, a, curves, curves.run[a], s)
        else:
            curves.odds[a] = _certain(x, at, lane, a, prior)
        belief = 1.0 / (1.0 + np.exp(-curves.odds[a]))
        for kind in range(2):
            weight = x[at.weight + (kind * at.actions + a) * WIDTH + lane]
            if weight > -np.inf:
                z = _scaled(x, at, lane, kind, a, belief) + weight
                # A running log-sum-exp.
                if kind == 0:
                    top0 = max(top0, z) + np.log1p(np.exp(-abs(top0 - z))) if top0 > -np.inf else z
                else:
                    top1 = max(top1, z) + np.log1p(np.exp(-abs(top1 - z))) if top1 > -np.inf else z
    return s - prior - (top0 - top1)


@bare
def _limits(curves, a):
    """Return the lowest and highest ``s`` on the run that an action is on."""
    run = curves.run[a]
    before = curves.height[a, run - 1] if run > 0 else -np.inf
    after = curves.height[a, run] if run < curves.folds[a] else np.inf
    return (before, after) if run % 2 == 0 else (after, before)


@bare
def _turn(curves, free, up):
    """Return the action that reaches a fold first, and ``s`` there; -1 where none does."""
    first, reached = -1, np.inf if up else -np.inf
    for a in range(len(curves.run)):
        if free[a]:
            low, high = _limits(curves, a)
            if up and high < reached:
                first, reached = a, high
            elif not up and low > reached:
                first, reached = a, low
    return first, reached


@bare
def _between(x, at, lane, prior, curves, below, above):
    """Halve the way between two places, the condition negative at the first; return the equilibrium's ``s``."""
    for _ in range(HALVINGS):
        middle = 0.5 * (below + above)
        if _condition(x, at, lane, prior, curves, middle) < 0.0:
            below = middle
        else:
            above = middle
    return 0.5 * (below + above)


@loop
def trace(x, at, lane, prior, curves):
    """Walk through the node of one lane and write the log odds of its equilibrium nearest to the warm start.

    Returned is whether one was found: always, unless the walk has more than ``SEGMENTS`` turns.
    """
    corners = np.empty(4 * at.levels + 4)
    best, free = np.empty(at.actions), np.empty(at.actions, np.bool_)
    s, end = prior - 1.0, prior + 1.0
    for a in range(at.actions):
        free[a] = _free(x, at, lane, a)
        _draw(x, at, lane, a, curves, corners)
        curves.run[a] = curves.folds[a]
        s = min(s, _height(x, at, lane, a, -EDGE) - 1.0)
        end = max(end, _height(x, at, lane, a, EDGE) + 1.0)
    # Past the ends of all curves the log odds stay, so the condition rises one for one.
    end += max(0.0, -_condition(x, at, lane, prior, curves, end)) + 1.0
    curves.run[:] = 0
    value = _condition(x, at, lane, prior, curves, s)
    s -= max(0.0, value) + 1.0
    value = _condition(x, at, lane, prior, curves, s)
    nearest, up = np.inf, True
    for _ in range(SEGMENTS):
        turning, goal = _turn(curves, free, up)
        goal = end if turning < 0 else goal
        begun = s
        for sample in range(1, SAMPLES + 1):
            there = begun + (goal - begun) * sample / SAMPLES
            here = _condition(x, at, lane, prior, curves, there)
            if (here < 0.0) != (value < 0.0):
                below, above = (s, there) if value < 0.0 else (there, s)
                root = _between(x, at, lane, prior, curves, below, above)
                _condition(x, at, lane, prior, curves, root)
                far = 0.0
                for a in range(at.actions):
                    far += abs(curves.odds[a] - x[at.warm + a * WIDTH + lane])
                if far < nearest:
                    nearest = far
                    best[:] = curves.odds
            s, value = there, here
        if turning < 0:
            break
        run = curves.run[turning]
        curves.run[turning] = run + 1 if (run % 2 == 0) == up else run - 1
        up = not up
    if nearest < np.inf:
        for a in range(at.actions):
            x[at.odds + a * WIDTH + lane] = best[a]
    return nearest < np.inf
