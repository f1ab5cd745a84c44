"""Flows and one-off payments of every account, written again from the laws.

A flow is a share of the whole prize's monthly flow, a one-off payment a share of the prize held for ever. Arrays are
``(accounts, [index], beliefs, cells)``, over the cells that the board looks at.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from outlast.verify.board import CESSION, CURRENT, NO_GUARANTEE, ROLLBACK, Board, Package, Terms
from outlast.verify.numbers import Numbers


def win_share(numbers: Numbers, posture: str, *, forces: NDArray, endurance: NDArray) -> NDArray:
    """Return the chance that a month's fighting goes the challenger's way at the given forces and endurance.

    pi = f^m / (f^m + (e (1 + supply))^m), after Tullock (1980); 1 where endurance is gone.
    """
    supply = 0.0 if posture == "withhold" else numbers.law(f"front.supply_{posture}")
    power = numbers.law("front.decisiveness")
    attack = forces**power
    defence = np.where(endurance > 0, (endurance * (1 + supply)) ** power, 0.0)
    return attack / (attack + defence)


def war_flows(board: Board, numbers: Numbers, *, posture: str, talks: bool) -> NDArray:
    """Return the flows of a month of war, ``(accounts, beliefs, cells)``."""
    held, tired, impatient = board.at(0), 1 - board.at(2), 1 - board.at(3)
    pi = win_share(numbers, posture, forces=board.at(1), endurance=board.at(2))
    helped = posture != "withhold"
    penalty = numbers(f"payoffs.{posture}_penalty") if helped else 0.0
    support = numbers(f"payoffs.{posture}_cost") if helped else 0.0
    shield = numbers.law({"sustain": "talks_shield.supply", "surge": "talks_shield.punish"}[posture]) if helped else 0.0
    _, price = numbers.drawn()

    war_at_home = numbers.law("home_front.war_cost") * numbers.law("home_front.exposure")
    bearing = held - war_at_home - penalty - price - talks * numbers.law("styles.challenger_round_cost")
    challenger = [bearing - weight * (1 - pi) for weight in numbers.by_type("home_front.casualty_weight")]

    secure = numbers("payoffs.sovereignty") + 1 - held
    hardship = numbers.law("endurance.war_cost") * (1 + numbers.law("endurance.war_cost_slope") * tired)

    doubt = (1 - board.beliefs)[:, None]
    patron = numbers("payoffs.patron_security") * secure - support * (1 + numbers("payoffs.cost_slope") * impatient)
    patron = patron - talks * (doubt * shield + numbers.law("styles.patron_round_cost"))
    return _accounts(board, challenger[0], challenger[1], secure - hardship, patron)


def peace_flows(board: Board, numbers: Numbers, terms: Terms) -> NDArray:
    """Return the flows of a month of peace under the given terms, ``(accounts, beliefs, cells)``."""
    held = board.at(0)
    relief = numbers.law("packages.sanctions_relief") * relief_share(numbers, terms)
    challenger = []
    friendless = zip(
        numbers.by_type("alignment.alliances_denied"), numbers.by_type("alignment.no_guarantor"), strict=True
    )
    for denied, alone in friendless:
        challenger.append(held + denied * terms.denied + alone * (terms.guarantee == NO_GUARANTEE) + relief)
    lost = numbers.law("packages.arms") * terms.demilitarised + numbers.law("packages.alliances") * terms.denied
    defender = numbers("payoffs.sovereignty") + 1 - held - lost
    standing = numbers.by_guarantee("guarantees.standing_cost", terms.guarantee)
    patron = numbers("payoffs.patron_security") * defender + numbers.law("styles.patron_credit") - standing
    return _accounts(board, challenger[0], challenger[1], defender, patron)


def relief_share(numbers: Numbers, terms: Terms) -> float:
    """Return the share of full sanctions relief that the terms give."""
    return (0.0, numbers.law("packages.phased_share"), 1.0)[terms.relief]


def imposed_flows(numbers: Numbers) -> NDArray:
    """Return what each account has for ever once the challenger dictates, shape ``(accounts,)``."""
    denied, alone = numbers.by_type("alignment.alliances_denied"), numbers.by_type("alignment.no_guarantor")
    defender = -numbers.law("packages.arms") - numbers.law("packages.alliances")
    patron = numbers("payoffs.patron_security") * defender
    return np.array([1 + denied[0] + alone[0], 1 + denied[1] + alone[1], defender, patron])


def line_after(board: Board, numbers: Numbers, place: int) -> NDArray:
    """Return the territory after signing package ``place``, by territory before it, ``(territory,)``."""
    line = board.packages[place].line
    if line == CURRENT:
        return board.territory
    share = numbers(f"packages.{place}.line_share")
    after = np.minimum(board.territory, share) if line == ROLLBACK else np.maximum(board.territory, share)
    return np.clip(after, board.territory[0], board.territory[-1])


def signing(board: Board, numbers: Numbers, place: int) -> NDArray:
    """Return the one-off payments on signing package ``place``, ``(accounts, beliefs, cells)``."""
    package: Package = board.packages[place]
    terms = board.phases[package.phase]
    gained = np.maximum(line_after(board, numbers, place) - numbers.law("aspiration.prewar_line"), 0)
    win = numbers.law("aspiration.win_territory") * gained
    win = win + numbers.law("aspiration.win_demilitarised") * terms.demilitarised
    win = win + numbers.law("aspiration.win_alliances_denied") * terms.denied
    win = board.at(0, win + numbers.law("aspiration.win_no_guarantor") * (terms.guarantee == NO_GUARANTEE))
    sunk = numbers.law("aspiration.sunk_cost") * (numbers("scenario.war_months") + numbers.month)
    aspirations, costs = numbers.by_type("aspiration.aspiration"), numbers.by_type("aspiration.audience_cost")
    audience = [cost * np.maximum(0, bar + sunk - win) for bar, cost in zip(aspirations, costs, strict=True)]
    cession = numbers.law("packages.cession_cost") if package.line == CESSION else 0.0
    return _accounts(board, -audience[0], -audience[1], -cession, 0.0)


def attacking(board: Board, numbers: Numbers) -> NDArray:
    """Return the one-off payments on attacking a peace."""
    cost = numbers.law("resumption.attack_cost")
    return _accounts(board, -cost, -cost, 0.0, 0.0)


def honouring(board: Board, numbers: Numbers, terms: Terms) -> NDArray:
    """Return the one-off payments when the patron honours its guarantee."""
    penalty = numbers.by_guarantee("guarantees.penalty", terms.guarantee)
    dear = 1 + numbers.law("guarantees.honour_cost_slope") * (1 - board.at(3))
    return _accounts(board, -penalty, -penalty, 0.0, -numbers.law("guarantees.honour_cost") * dear)


def reneging(board: Board, numbers: Numbers, terms: Terms) -> NDArray:
    """Return the one-off payments when it reneges."""
    return _accounts(board, 0.0, 0.0, 0.0, -numbers.by_guarantee("guarantees.renege_cost", terms.guarantee))


def last_values(board: Board, numbers: Numbers) -> dict[str, NDArray]:
    """Return the values after the last month: that month's flows for ever.

    In war the patron sustains where it has not left, no talks are held and nothing moves; every peace holds.
    """
    sustained = war_flows(board, numbers, posture="sustain", talks=False)
    alone = war_flows(board, numbers, posture="withhold", talks=False)
    war = np.where(board.present, sustained, alone)
    dictated = imposed_flows(numbers)[:, None, None]
    peace = np.stack([peace_flows(board, numbers, terms) for terms in board.phases], axis=1)
    return {"war": np.where(board.imposed, dictated, war), "peace": peace}


def _accounts(board: Board, *each: NDArray | float) -> NDArray:
    shape = (len(board.beliefs), len(board.cells))
    return np.stack([np.broadcast_to(np.asarray(one, dtype=float), shape) for one in each])
