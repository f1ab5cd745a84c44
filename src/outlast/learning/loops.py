"""The compiled loops of the filter: mass of both types through the talks of a month and through a typed choice.

After a typed choice the belief follows Bayes' rule on the chances with which the types make it. A belief between two
levels is split between them so that each level stays true to its name, as in ``outlast.solving.movement.split_mass``.
Nothing in the talks moves a stock, so they are followed cell by cell.
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
def _typed(mass, first, weight, levels, out):
    """Add to ``out`` the weighted mass that takes an action with chances ``first``, ``(2 types, beliefs)``."""
    for b in range(len(levels)):
        settler, staller = mass[0, b] * first[0, b] * weight, mass[1, b] * first[1, b] * weight
        if settler + staller > 0.0:
            _put(settler, staller, (first[0, b], first[1, b]), levels[b], levels, out)


@loop
def _refused(mass, yes, weight, out):
    """Add to ``out`` what is refused at a public answer and keep in ``mass`` what is accepted."""
    for b in range(len(yes)):
        for kind in range(2):
            out[kind, b] += mass[kind, b] * (1.0 - yes[b]) * weight
            mass[kind, b] *= yes[b]


def split(mass, first, weights, levels, out):
    """Split mass ``(2 types, index, beliefs, cells)`` between the two actions of a typed choice, times their weights.

    ``first`` has the chances of the first action in the same shape; ``out`` has a leading axis for the actions.
    """
    _, index, beliefs, cells = mass.shape
    here, chance, after = np.empty((2, beliefs)), np.empty((2, beliefs)), np.empty((2, beliefs))
    for i in range(index):
        for c in range(cells):
            total = 0.0
            for b in range(beliefs):
                for kind in range(2):
                    here[kind, b] = mass[kind, i, b, c]
                    total += here[kind, b]
            if total == 0.0:
                continue
            for action in range(2):
                for b in range(beliefs):
                    for kind in range(2):
                        said = first[kind, i, b, c]
                        chance[kind, b] = said if action == 0 else 1.0 - said
                        after[kind, b] = 0.0
                _typed(here, chance, weights[action], levels, after)
                for b in range(beliefs):
                    for kind in range(2):
                        out[action, kind, i, b, c] += after[kind, b]


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
        smallest: mass below which an offer is not followed.
        fruitless, signed: where to add what ends without and with a signature; the latter by package.
    """
    chances, floor_d, which_d, floor_p, which_p, heard_c, backed, vetted, heard_p = public
    floor_c, which_c, answer = typed
    unheard, nothing, offer = weights
    _, beliefs, cells = mass.shape
    here, tabled, said, last = (
        np.empty((2, beliefs)), np.empty((2, beliefs)), np.empty((2, beliefs)), np.empty((2, beliefs))
    )  # fmt: skip
    for c in range(cells):
        total = 0.0
        for b in range(beliefs):
            for kind in range(2):
                here[kind, b] = mass[kind, b, c]
                total += here[kind, b]
                fruitless[kind, b, c] += here[kind, b] * chances[3, c] * unheard
        if total <= smallest:
            continue
        for role in range(3):
            if chances[role, c] == 0.0:
                continue
            last[:] = 0.0
            tabled[:] = 0.0
            if role == 0:
                _typed(here, floor_c[:, :, c], chances[0, c], levels, tabled)
                _typed(here, 1.0 - floor_c[:, :, c], chances[0, c] * nothing[0], levels, last)
            else:
                floor = floor_d if role == 1 else floor_p
                for b in range(beliefs):
                    for kind in range(2):
                        tabled[kind, b] = here[kind, b] * chances[role, c] * floor[b, c]
                        last[kind, b] = here[kind, b] * chances[role, c] * (1.0 - floor[b, c]) * nothing[role]
            for k in range(offer.shape[1]):
                said[:] = 0.0
                if role == 0:
                    _typed(tabled, which_c[:, k, :, c], 1.0, levels, said)
                else:
                    which = which_d if role == 1 else which_p
                    for b in range(beliefs):
                        for kind in range(2):
                            said[kind, b] = tabled[kind, b] * which[k, b, c]
                if said.sum() <= smallest:
                    continue
                asked = heard_c if role == 0 else (vetted if role == 1 else heard_p)
                _refused(said, asked[k, :, c], offer[role, k, 0], last)
                if role == 0:
                    _refused(said, backed[k, :, c], offer[0, k, 1], last)
                    for b in range(beliefs):
                        for kind in range(2):
                            signed[kind, k, b, c] += said[kind, b] * offer[0, k, 2]
                else:
                    _typed(said, 1.0 - answer[:, k, :, c], offer[role, k, 1], levels, last)
                    _typed(said, answer[:, k, :, c], offer[role, k, 2], levels, signed[:, k, :, c])
            for b in range(beliefs):
                for kind in range(2):
                    fruitless[kind, b, c] += last[kind, b]
