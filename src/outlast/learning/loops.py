"""The compiled loops of the filter: mass of both types through the talks of a month and through a typed choice.

After a typed choice the belief follows Bayes' rule on the chances with which the types make it. A belief between two
levels is split between them so that each level stays true to its name, as in ``outlast.solving.movement.split_mass``.
Nothing in the talks moves a stock, so they are followed on the cells that somebody has reached, and on no others.
"""

from __future__ import annotations

import numpy as np

from outlast.solving.vectors import loop


@loop
def _put(settler, staller, chances, level, levels, out):
    """Add the mass of both types that took an action to ``out``, ``(2 types, beliefs)``, at the belief that it leaves.

    ``chances`` are those with which the settler and the staller take it.
    """
    if len(levels) == 1:
        out[0, 0] += settler
        out[1, 0] += staller
        return
    no, yes = (1.0 - level) * chances[0], level * chances[1]
    belief = yes / (no + yes) if no + yes > 0.0 else level
    low = 0
    while low < len(levels) - 2 and levels[low + 1] <= belief:
        low += 1
    below, above = levels[low], levels[low + 1]
    share = (belief - below) / (above - below)
    if belief < 1.0:
        out[0, low] += settler * (1.0 - share) * (1.0 - below) / (1.0 - belief)
        out[0, low + 1] += settler * share * (1.0 - above) / (1.0 - belief)
    if belief > 0.0:
        out[1, low] += staller * (1.0 - share) * below / belief
        out[1, low + 1] += staller * share * above / belief


@loop
def _typed(mass, first, taken, weight, levels, smallest, out):
    """Add to ``out`` the weighted mass ``(2 types, beliefs, cells)`` that takes an action of a typed choice.

    ``first`` has the chances of the first action; ``taken`` says whether it is that one.
    """
    _, beliefs, cells = mass.shape
    for b in range(beliefs):
        for c in range(cells):
            a, z = mass[0, b, c] * weight, mass[1, b, c] * weight
            if a + z <= smallest:
                continue
            settler, staller = first[0, b, c], first[1, b, c]
            if not taken:
                settler, staller = 1.0 - settler, 1.0 - staller
            if a * settler + z * staller > 0.0:
                _put(a * settler, z * staller, (settler, staller), levels[b], levels, out[:, :, c])


def split(mass, first, weights, levels, smallest, out):
    """Split mass ``(2 types, index, beliefs, cells)`` between the two actions of a typed choice, times their weights.

    ``first`` has the chances of the first action in the same shape; ``out`` has a leading axis for the actions.
    """
    for i in range(mass.shape[1]):
        for action in range(2):
            if weights[action] > 0.0:
                here, there = mass[:, i], out[action, :, i]
                _typed(here, first[:, i], action == 0, weights[action], levels, smallest, there)


def decode(bits, cells, meaning, out):
    """Put into ``out``, ``(rows, cells)``, what the bits of half-precision numbers on some cells stand for."""
    for row in range(len(bits)):
        for place in range(len(cells)):
            out[row, place] = meaning[bits[row, cells[place]]]


@loop
def _own_offers(mass, public, typed, weights, levels, smallest, fruitless, signed):
    """Follow what the challenger tables; arguments as for ``talks``."""
    chances, _, _, _, _, heard, backed, _, _ = public
    floor, which, _ = typed
    _, nothing, offer = weights
    _, beliefs, cells = mass.shape
    here, tabled, said = np.empty_like(mass), np.zeros_like(mass), np.empty_like(mass)
    for kind in range(2):
        for b in range(beliefs):
            for c in range(cells):
                here[kind, b, c] = mass[kind, b, c] * chances[0, c]
    _typed(here, floor, True, 1.0, levels, smallest, tabled)
    if nothing[0] > 0.0:
        _typed(here, floor, False, nothing[0], levels, smallest, fruitless)
    for k in range(offer.shape[1]):
        if offer[0, k].max() == 0.0:
            continue
        said[:] = 0.0
        _typed(tabled, which[:, k], True, 1.0, levels, smallest, said)
        for kind in range(2):
            for b in range(beliefs):
                for c in range(cells):
                    whole, yes, again = said[kind, b, c], heard[k, b, c], backed[k, b, c]
                    refused = (1.0 - yes) * offer[0, k, 0] + yes * (1.0 - again) * offer[0, k, 1]
                    fruitless[kind, b, c] += whole * refused
                    signed[kind, k, b, c] += whole * yes * again * offer[0, k, 2]


def talks(mass, public, typed, weights, levels, smallest, fruitless, signed):
    """Push mass ``(2 types, beliefs, cells)`` through the talks of a month.

    Args:
        mass: who came, by type, belief and cell.
        public: chances of the floor ``(4, cells)``; then, ``(beliefs, cells)`` or with packages before, chances of the
            defender's and the patron's tabling and picking, and of a yes at ``heard.challenger``, ``backed``,
            ``vetted`` and ``heard.patron``.
        typed: the challenger's chances of tabling, picking and saying yes, with types before.
        weights: of nobody having the floor, of nothing tabled by role, of offers by role, package and end.
        levels: of the belief.
        smallest: mass below which a choice is not followed.
        fruitless, signed: where to add what ends without and with a signature; the latter by package.
    """
    chances, floor_d, which_d, floor_p, which_p, _, _, vetted, heard = public
    unheard, nothing, offer = weights
    _, beliefs, cells = mass.shape
    _own_offers(mass, public, typed, weights, levels, smallest, fruitless, signed)
    first, second = np.empty_like(mass), np.empty_like(mass)
    for kind in range(2):
        for b in range(beliefs):
            for c in range(cells):
                whole = mass[kind, b, c]
                one, two = whole * chances[1, c], whole * chances[2, c]
                first[kind, b, c], second[kind, b, c] = one * floor_d[b, c], two * floor_p[b, c]
                fruitless[kind, b, c] += (
                    whole * chances[3, c] * unheard
                    + one * (1.0 - floor_d[b, c]) * nothing[1]
                    + two * (1.0 - floor_p[b, c]) * nothing[2]
                )
    # The challenger's answer tells the same of its type whoever tabled the package: both are followed at once.
    yes, no = np.empty_like(mass), np.empty_like(mass)
    for k in range(offer.shape[1]):
        for kind in range(2):
            for b in range(beliefs):
                for c in range(cells):
                    one, two = first[kind, b, c] * which_d[k, b, c], second[kind, b, c] * which_p[k, b, c]
                    fruitless[kind, b, c] += (
                        one * (1.0 - vetted[k, b, c]) * offer[1, k, 0] + two * (1.0 - heard[k, b, c]) * offer[2, k, 0]
                    )
                    one, two = one * vetted[k, b, c], two * heard[k, b, c]
                    no[kind, b, c] = one * offer[1, k, 1] + two * offer[2, k, 1]
                    yes[kind, b, c] = one * offer[1, k, 2] + two * offer[2, k, 2]
        _typed(no, typed[2][:, k], False, 1.0, levels, smallest, fruitless)
        _typed(yes, typed[2][:, k], True, 1.0, levels, smallest, signed[:, k])
