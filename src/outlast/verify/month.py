"""One month worked out again from next month's values and the stored choices.

The order of play: the calendar's event; the challenger attends or stays away; someone is recognised, tables a package
or not, and which; the others answer, the challenger last; without a deal the patron takes a posture and the battle is
fought. In peace: the calendar's event; the stocks move; the challenger keeps the peace or attacks; the patron honours
or reneges. A deal makes the rest of its month one of peace, in which the event, having struck, does not strike again.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from outlast.verify.board import DEFENDER, PATRON, Board
from outlast.verify.kernels import Kernels
from outlast.verify.node import TYPED, Finding, Node, played, read_at
from outlast.verify.numbers import POSTURES, Numbers
from outlast.verify.payments import (
    attacking,
    honouring,
    imposed_flows,
    peace_flows,
    reneging,
    signing,
    war_flows,
)

Stations = Mapping[str, NDArray]
SIDES = {"challenger": TYPED, "defender": (DEFENDER,), "patron": (PATRON,)}
IN_PEACE = ("decide", "attacked")
"""Decisions of a month of peace; the others belong to a month of war, which is over where the challenger dictates."""
FIRST_ANSWER = {"challenger": "heard.challenger", "defender": "vetted", "patron": "heard.patron"}
"""Where a package goes that the party tables: to the one who answers first."""


@dataclass
class Month:
    """A month being worked out, from its end to its start.

    ``stations`` and ``findings`` fill up as play is followed backward. Values are
    ``(accounts, [index], beliefs, *stocks)``.
    """

    board: Board
    numbers: Numbers
    kernels: Kernels
    choices: Mapping[str, Any]
    stations: dict[str, NDArray] = field(default_factory=dict)
    findings: dict[str, Finding] = field(default_factory=dict)

    @cached_property
    def open(self) -> NDArray:
        """Return where a month of war can be after its event: the cells where it was not over, or was moved to."""
        cells = ~np.broadcast_to(self.board.imposed, (1, 1, *self.board.sizes)).reshape(self.board.sizes)
        for axis, matrix in self.kernels.shocks:
            reached = np.tensordot(matrix > 0, cells.astype(float), axes=([0], [axis])) > 0
            cells = np.moveaxis(reached, 0, axis)
        return cells

    def decide(
        self,
        station: str,
        actions: list[NDArray],
        *,
        movers: tuple[int, ...],
        noise: str,
        allowed: NDArray | None = None,
        weights: NDArray | None = None,
    ) -> NDArray:
        """Value a decision with the stored choice, and note how far that is from an equilibrium.

        Args:
            station: name of the decision.
            actions: value of each action to every account before any news, ``(accounts, [index], beliefs, *stocks)``.
            movers: the account that chooses, or ``TYPED``.
            noise: name of the number that holds the logit noise.
            allowed: where each action can be taken, broadcastable to ``(actions, [index], beliefs, *stocks)``.
            weights: logit base weight by action.
        """
        values = np.stack(np.broadcast_arrays(*actions), axis=1)
        choice = played(self.board, self.choices[station], self.numbers.month, values.shape[2:-4])
        if choice.posterior is not None:
            values = read_at(values, choice.posterior[None], self.board.beliefs)
        log_weight = np.zeros((len(actions), *[1] * (values.ndim - 2)))
        if weights is not None:
            log_weight = log_weight + np.log(weights).reshape(-1, *[1] * (values.ndim - 2))
        if allowed is not None:
            log_weight = np.where(allowed, log_weight, -np.inf)
        prior = self.board.beliefs.reshape(-1, 1, 1, 1, 1)
        arises = np.ones(self.board.sizes, dtype=bool) if station in IN_PEACE else self.open
        node = Node(movers, self.numbers(noise), values, log_weight, choice, prior, arises)
        self.findings[station] = node.finding()
        self.stations[station] = node.value()
        return self.stations[station]


def work_out(board: Board, numbers: Numbers, kernels: Kernels, *, after: Stations, choices: Mapping[str, Any]) -> Month:
    """Work one month out backward.

    Args:
        board: levels, beliefs, deals.
        numbers: the numbers in force.
        kernels: the month's moves.
        after: next month's values: ``war`` ``(accounts, beliefs, *stocks)``, ``peace`` with phases after the accounts.
        choices: stored choices by decision, see ``outlast.verify.node.played``.

    Returns:
        The month, with the value of every station and a finding for every decision.
    """
    month = Month(board, numbers, kernels, choices)
    _battle(month, after)
    _keep_or_attack(month, after)
    _peace(month)
    _answers(month)
    _tabling(month)
    _open_war(month)
    return month


def _discount(month: Month, values: NDArray) -> NDArray:
    return month.numbers.discounts().reshape(-1, *[1] * (values.ndim - 1))


def _battle(month: Month, after: Stations) -> None:
    """Fight after each posture, with and without talks; then choose the posture. Index: no talks, talks."""
    war, discount = month.kernels.war, _discount(month, after["war"])
    fought = []
    for a, posture in enumerate(POSTURES):
        by_talks = []
        for talks in (False, True):
            moved = np.einsum("pq,abtfeq->abtfep", war.patience[int(talks)], after["war"])
            moved = np.einsum("feg,abtfgp->abtfep", war.endurance[a], moved)
            moved = np.einsum("efg,abtgep->abtfep", war.forces[a], moved)
            moved = np.einsum("fets,absfep->abtfep", war.territory[a], moved)
            flows = war_flows(month.board, month.numbers, posture=posture, talks=talks)
            by_talks.append((1 - discount) * flows + discount * moved)
        fought.append(np.stack(by_talks, axis=1))
    withhold = np.array([posture == "withhold" for posture in POSTURES]).reshape(-1, *[1] * 6)
    allowed = withhold | month.board.present
    chosen = month.decide("posture", fought, movers=(PATRON,), noise="noise.patron.posture", allowed=allowed)
    month.stations["silence"], month.stations["fruitless"] = chosen[:, 0], chosen[:, 1]


def _keep_or_attack(month: Month, after: Stations) -> None:
    """In each peace phase: the challenger keeps the peace or attacks, the patron honours or reneges."""
    board, numbers, kernels = month.board, month.numbers, month.kernels
    discount = _discount(month, after["peace"])
    rally = np.einsum("pq,abtfeq->abtfep", kernels.rally, after["war"])[:, None]
    alone = np.einsum("kpq,abtfeq->akbtfep", kernels.desertion, after["war"])
    honoured = np.stack([honouring(board, numbers, terms) for terms in board.phases], axis=1) + discount * rally
    reneged = np.stack([reneging(board, numbers, terms) for terms in board.phases], axis=1) + discount * alone
    there = board.present[None]
    allowed = np.stack(np.broadcast_arrays(there, np.ones_like(there)))[:, None]
    attacked = month.decide(
        "attacked", [honoured, reneged], movers=(PATRON,), noise="noise.patron.honour", allowed=allowed
    )
    kept = discount * after["peace"]
    attack = attacking(board, numbers)[:, None] + attacked
    month.decide("decide", [kept, attack], movers=TYPED, noise="noise.challenger.resume")


def _peace(month: Month) -> None:
    """Move the stocks of a month of peace, and start one: after the month's event, or with it."""
    board, peace = month.board, month.kernels.peace
    moved = np.einsum("pq,akbtfeq->akbtfep", peace.patience, month.stations["decide"])
    moved = np.einsum("keg,akbtfgp->akbtfep", peace.endurance, moved)
    moved = np.einsum("kfg,akbtgep->akbtfep", peace.forces, moved)
    flows = np.stack([peace_flows(board, month.numbers, terms) for terms in board.phases], axis=1)
    flows = (1 - _discount(month, flows)) * flows
    month.stations["settled"] = flows + moved
    month.stations["peace"] = flows + _struck(month, moved)


def _struck(month: Month, values: NDArray) -> NDArray:
    """Return the value before the month's shocks from the value after them."""
    for axis, matrix in reversed(month.kernels.shocks):
        place = values.ndim - 4 + axis
        values = np.moveaxis(np.tensordot(values, matrix, axes=([place], [1])), -1, place)
    return values


def _answers(month: Month) -> None:
    """Answer a package: it needs both sides, and the patron where it must back it. Index: packages."""
    board, here = month.board, month.stations
    signed = []
    for k, package in enumerate(board.packages):
        at_line = np.einsum("ts,absfep->abtfep", month.kernels.lines[k], here["settled"][:, package.phase])
        signed.append(signing(board, month.numbers, k) + at_line)
    here["signed"] = np.stack(signed, axis=1)
    refused = here["fruitless"][:, None]
    must = np.array([package.backing for package in board.packages]).reshape(-1, 1, 1, 1, 1, 1)
    backing = np.stack(np.broadcast_arrays(~must | board.present, must))

    def answer(station: str, accepted: str, party: str, allowed: NDArray | None = None) -> None:
        noise = f"noise.{party}.answer"
        month.decide(station, [here[accepted], refused], movers=SIDES[party], noise=noise, allowed=allowed)

    answer("answer", "signed", "challenger")
    answer("heard.patron", "answer", "defender")
    answer("vetted", "answer", "patron", backing)
    answer("backed", "signed", "patron", backing)
    answer("heard.challenger", "backed", "defender")


def _tabling(month: Month) -> None:
    """Table a package or nothing, then which: by whoever is recognised."""
    here = month.stations
    weights = np.array([package.weight for package in month.board.packages])
    for party, movers in SIDES.items():
        heard = list(np.moveaxis(here[FIRST_ANSWER[party]], 1, 0))
        which = month.decide(f"which.{party}", heard, movers=movers, noise=f"noise.{party}.which", weights=weights)
        month.decide(f"floor.{party}", [which, here["fruitless"]], movers=movers, noise=f"noise.{party}.table")


def recognised(board: Board, numbers: Numbers) -> dict[str, NDArray]:
    """Return the chance that each party may table, and that nobody may; a patron that has left is not recognised."""
    chances = {party: np.full(board.present.shape, numbers(f"recognition.{party}")) for party in SIDES}
    chances["patron"] = np.where(board.present, chances["patron"], 0.0)
    chances["nobody"] = 1 - chances["challenger"] - chances["defender"] - chances["patron"]
    return chances


def _open_war(month: Month) -> None:
    """Open a month of war: its event, then talks or none; where the challenger dictates, the game is over."""
    here, board = month.stations, month.board
    chances = recognised(board, month.numbers)
    here["talks"] = chances["nobody"] * here["fruitless"]
    for party in SIDES:
        here["talks"] = here["talks"] + chances[party] * here[f"floor.{party}"]
    attend = month.decide("war.attend", [here["talks"], here["silence"]], movers=TYPED, noise="noise.challenger.attend")
    dictated = imposed_flows(month.numbers).reshape(-1, 1, 1, 1, 1, 1)
    here["war"] = np.where(board.imposed, dictated, _struck(month, attend))
