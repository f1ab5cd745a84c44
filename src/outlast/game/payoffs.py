"""Flows and one-off payments of every account, from the laws in force.

A flow is per month, relative to the monthly flow of the whole prize; a one-off payment is in the prize held for ever.
Accounts are ordered settler, staller, defender, patron.
"""

from __future__ import annotations

import numpy as np
from jaxtyping import Float

from outlast.game.conflict import Conflict
from outlast.game.grid import Grid
from outlast.game.inputs import Deals


def _stack(settler: np.ndarray, staller: np.ndarray, defender: np.ndarray, patron: np.ndarray) -> np.ndarray:
    shape = np.broadcast_shapes(*(a.shape for a in (settler, staller, defender, patron)))
    return np.stack([np.broadcast_to(a, shape) for a in (settler, staller, defender, patron)])


def battle_pay(
    now: Conflict, grid: Grid, *, month: int, talks: float
) -> Float[np.ndarray, "accounts postures beliefs cells"]:
    """Return the flows of a month of war by the patron's posture; ``talks`` is 1 when talks were held that month."""
    number, held = now.number, grid.of("territory")
    superiority = now.front.superiority(grid)
    zero = np.zeros(())
    penalty = np.stack([zero, number("payoffs.sustain_penalty"), number("payoffs.surge_penalty")])[:, None, None]
    support = np.stack([zero, number("payoffs.sustain_cost"), number("payoffs.surge_cost")])[:, None, None]
    own = now.home_front.cost(superiority)
    challenger = held - own - penalty - now.manpower.cost(month) - talks * now.styles.challenger_round_cost
    defender = number("payoffs.sovereignty") + (1 - held) - now.endurance.cost(grid)
    security = number("payoffs.patron_security") * (number("payoffs.sovereignty") + 1 - held)
    dear = 1 + number("payoffs.cost_slope") * (1 - grid.of("patience"))
    patron = security - support * dear - talks * (now.talks_shield.cost(grid) + now.styles.patron_round_cost)
    return _stack(challenger[0], challenger[1], defender[None, None] + 0 * penalty, patron)


def posture_allowed(grid: Grid) -> Float[np.ndarray, "postures 1 cells"]:
    """Return which postures the patron can take: one that has left can only withhold."""
    gone = grid.lowest("patience")
    return np.stack([np.ones_like(gone), 1 - gone, 1 - gone])[:, None, :]


def peace_pay(now: Conflict, grid: Grid, deals: Deals) -> Float[np.ndarray, "accounts phases 1 cells"]:
    """Return the flows of a month of peace in each phase."""
    number, held = now.number, grid.of("territory")[None, :]
    alone = (deals.phase_guarantee == 0) * 1.0
    aligned = now.alignment.in_peace(denied=deals.phase_denied, alone=alone)
    relief = now.packages.sanctions_relief * now.packages.relief(deals.phase_relief)
    challenger = held + (aligned + relief)[:, :, None]
    terms = now.packages.arms * deals.phase_demilitarised + now.packages.alliances * deals.phase_denied
    defender = number("payoffs.sovereignty") + 1 - held - terms[:, None]
    standing = now.guarantees.standing_cost[deals.phase_guarantee][:, None]
    patron = number("payoffs.patron_security") * defender + now.styles.patron_credit - standing
    return _stack(challenger[0], challenger[1], defender, patron)[:, :, None, :]


def imposed_pay(now: Conflict) -> Float[np.ndarray, " accounts"]:
    """Return the flows once the challenger dictates."""
    challenger = 1 + now.alignment.imposed
    defender = -now.packages.arms - now.packages.alliances
    return np.stack([challenger[0], challenger[1], defender, now.number("payoffs.patron_security") * defender])


def line_map(now: Conflict, grid: Grid, deals: Deals) -> Float[np.ndarray, "packages levels levels"]:
    """Return where each package's line puts the territory, from every level."""
    levels = grid.levels[0]
    share = now.line_shares()[:, None]
    kind = deals.line[:, None]
    target = np.where(kind == 1, np.minimum(levels, share), np.where(kind == 2, np.maximum(levels, share), levels))
    return grid.lined(target)


def signing_pay(now: Conflict, grid: Grid, deals: Deals, month: int) -> Float[np.ndarray, "accounts packages 1 cells"]:
    """Return the one-off payments on the day of signing."""
    levels = grid.levels[0]
    target = np.einsum("kij,j->ki", line_map(now, grid, deals), levels)
    after = np.repeat(target, grid.stride("territory"), axis=1)
    alone = (deals.guarantee == 0) * 1.0
    win = now.aspiration.win(after, demilitarised=deals.demilitarised, denied=deals.denied, alone=alone)
    audience = now.aspiration.cost(win, now.number("scenario.war_months") + month)
    cession = now.packages.cession_cost * (deals.line == 2)[:, None] + 0 * after
    return _stack(-audience[0], -audience[1], -cession, 0 * after)[:, :, None, :]


def attack_pays(now: Conflict, grid: Grid, deals: Deals) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return the payments of attacking, honouring and reneging, each ``(accounts, 1, phases, 1, cells or 1)``."""
    kind = deals.phase_guarantee
    cost = now.resumption.attack_cost
    zero = np.zeros(())
    attack = np.stack([-cost, -cost, zero, zero])[:, None, None, None, None]
    penalty = now.guarantees.penalty[kind][:, None, None]
    honouring = now.guarantees.honouring(grid) + 0 * penalty
    nothing = 0 * honouring
    honour = _stack(-penalty + nothing, -penalty + nothing, nothing, -honouring)[:, None]
    broken = -now.guarantees.renege_cost[kind][:, None, None]
    renege = _stack(0 * broken, 0 * broken, 0 * broken, broken)[:, None]
    return attack, honour, renege
