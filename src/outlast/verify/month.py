"""One month worked out again from next month's values and the stored choices.

The order of play: the calendar's event; the challenger attends or stays away; someone is recognised, tables a package
or not, and which; the others answer, the challenger last; without a deal the patron takes a posture and the battle is
fought. In peace: the calendar's event; the stocks move; the challenger keeps the peace or attacks; the patron honours
or reneges. A deal makes the rest of its month one of peace, in which the event, having struck, does not strike again.

Some cells are asked for. The month is worked out in these and in the cells that play can lead to from them within it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from outlast.verify.board import DEFENDER, PATRON, Board
from outlast.verify.kernels import Kernels, Lottery, battle, jump, mean, quiet, reached
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

    ``stations`` and ``findings`` fill up as play is followed backward. Values are ``(accounts, [index], beliefs,
    cells)``: those of war over the cells of ``war``, ``decide`` and ``attacked`` over those of ``deciding``,
    ``settled`` over those of ``settled``, and ``war`` and ``peace`` at the start of the month over the cells asked for.
    """

    asked: Board
    struck: tuple[Board, ...]
    """The cells before each of the month's shocks and after the last, each with those of before."""
    settled: Board
    deciding: Board
    numbers: Numbers
    kernels: Kernels
    choices: Mapping[str, Any]
    stations: dict[str, NDArray] = field(default_factory=dict)
    findings: dict[str, Finding] = field(default_factory=dict)

    @property
    def war(self) -> Board:
        """Return the cells in which a month of war goes on after its event."""
        return self.struck[-1]

    @cached_property
    def open(self) -> NDArray:
        """Return where a month of war can be after its event: the cells where it was not over, or was moved to."""
        return open_cells(self.asked, self.kernels)

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
            actions: value of each action to every account before any news, ``(accounts, [index], beliefs, cells)``.
            movers: the account that chooses, or ``TYPED``.
            noise: name of the number that holds the logit noise.
            allowed: where each action can be taken, broadcastable to ``(actions, [index], beliefs, cells)``.
            weights: logit base weight by action.
        """
        board = self.deciding if station in IN_PEACE else self.war
        values = np.stack(np.broadcast_arrays(*actions), axis=1)
        choice = played(board, self.choices[station], values.shape[2:-1])
        if choice.posterior is not None:
            values = read_at(values, choice.posterior[None], board.beliefs)
        log_weight = np.zeros((len(actions), *[1] * (values.ndim - 2)))
        if weights is not None:
            log_weight = log_weight + np.log(weights).reshape(-1, *[1] * (values.ndim - 2))
        if allowed is not None:
            log_weight = np.where(allowed, log_weight, -np.inf)
        measured = np.isin(board.cells, self.asked.cells)
        measured &= board.lined if station in IN_PEACE else self.open[board.cells]
        node = Node(movers, self.numbers(noise), values, log_weight, choice, board.beliefs[:, None], measured)
        self.findings[station] = node.finding()
        self.stations[station] = node.value()
        return self.stations[station]


def open_cells(board: Board, kernels: Kernels) -> NDArray:
    """Return for every cell whether a month of war can be in it after the month's event."""
    every = np.arange(int(np.prod(board.sizes)))
    cells = ~board.among(every).imposed.reshape(board.sizes)
    for axis, matrix in kernels.shocks:
        moved = np.tensordot(matrix > 0, cells.astype(float), axes=([0], [axis])) > 0
        cells = np.moveaxis(moved, 0, axis)
    return cells.reshape(-1)


def work_out(board: Board, numbers: Numbers, kernels: Kernels, *, after: Stations, choices: Mapping[str, Any]) -> Month:
    """Work one month out backward.

    Args:
        board: levels, beliefs, deals, and the cells asked for.
        numbers: the numbers in force.
        kernels: the month's moves.
        after: next month's values over every cell: ``war`` ``(accounts, beliefs, cells)``, ``peace`` with phases after
            the accounts.
        choices: the month's choices by decision, see ``outlast.verify.node.played``.

    Returns:
        The month, with the value of every station and a finding for every decision.
    """
    struck = [board]
    for axis, matrix in kernels.shocks:
        struck.append(_with(struck[-1], jump(struck[-1], axis, matrix)))
    settled = _with(struck[-1], *(jump(struck[-1], 0, matrix) for matrix in kernels.lines))
    deciding = _with(settled, *(quiet(kernels.peace, settled, phase) for phase in range(len(board.phases))))
    month = Month(board, tuple(struck), settled, deciding, numbers, kernels, choices)
    _battle(month, after)
    _keep_or_attack(month, after)
    _peace(month)
    _answers(month)
    _tabling(month)
    _open_war(month)
    return month


def _with(board: Board, *lotteries: Lottery) -> Board:
    """Return the board with the cells looked at and all that the lotteries lead to."""
    return board.among(np.concatenate([board.cells, *(reached(board, lottery) for lottery in lotteries)]))


def _discount(month: Month, values: NDArray) -> NDArray:
    return month.numbers.discounts().reshape(-1, *[1] * (values.ndim - 1))


def _battle(month: Month, after: Stations) -> None:
    """Fight after each posture, with and without talks; then choose the posture. Index: no talks, talks."""
    board, discount = month.war, _discount(month, after["war"])
    everywhere = board.among(np.arange(after["war"].shape[-1]))
    fought = []
    for a, posture in enumerate(POSTURES):
        by_talks = []
        for talks in (False, True):
            lottery = battle(month.kernels.war, board, posture=a, talks=int(talks))
            flows = war_flows(board, month.numbers, posture=posture, talks=talks)
            later = mean(lottery, after["war"], before=board, after=everywhere)
            by_talks.append((1 - discount) * flows + discount * later)
        fought.append(np.stack(by_talks, axis=1))
    withhold = np.array([posture == "withhold" for posture in POSTURES]).reshape(-1, 1, 1, 1)
    allowed = withhold | board.present
    chosen = month.decide("posture", fought, movers=(PATRON,), noise="noise.patron.posture", allowed=allowed)
    month.stations["silence"], month.stations["fruitless"] = chosen[:, 0], chosen[:, 1]


def _keep_or_attack(month: Month, after: Stations) -> None:
    """In each peace phase: the challenger keeps the peace or attacks, the patron honours or reneges."""
    board, numbers, kernels = month.deciding, month.numbers, month.kernels
    everywhere = board.among(np.arange(after["war"].shape[-1]))
    discount = _discount(month, after["peace"])
    jumps = [jump(board, 3, matrix) for matrix in (kernels.rally, *kernels.desertion)]
    rally, *each = (mean(lottery, after["war"], before=board, after=everywhere) for lottery in jumps)
    rally, alone = rally[:, None], np.stack(each, axis=1)
    honoured = np.stack([honouring(board, numbers, terms) for terms in board.phases], axis=1) + discount * rally
    reneged = np.stack([reneging(board, numbers, terms) for terms in board.phases], axis=1) + discount * alone
    allowed = np.stack([board.present, np.ones_like(board.present)])[:, None, None]
    attacked = month.decide(
        "attacked", [honoured, reneged], movers=(PATRON,), noise="noise.patron.honour", allowed=allowed
    )
    kept = discount * after["peace"][..., board.cells]
    if numbers.automatic:
        # With some chance the response is nobody's choice: the challenger pays for it, and patience stays as it is.
        chance = np.array([numbers.by_guarantee("guarantees.automatic", terms.guarantee) for terms in board.phases])
        lost = np.array([1.0, 1.0, 0.0, 0.0])[:, None, None] * numbers.law("guarantees.automatic_penalty")
        struck = (discount[:, 0] * after["war"][..., board.cells] - lost)[:, None]
        attacked = chance[:, None, None] * struck + (1 - chance)[:, None, None] * attacked
    attack = attacking(board, numbers)[:, None] + attacked
    month.decide("decide", [kept, attack], movers=TYPED, noise="noise.challenger.resume")


def _peace(month: Month) -> None:
    """Move the stocks of a month of peace, and start one: after the month's event, or with it."""
    board, later = month.settled, month.stations["decide"]
    each = []
    for phase, terms in enumerate(board.phases):
        lottery = quiet(month.kernels.peace, board, phase)
        flows = peace_flows(board, month.numbers, terms)
        discount = _discount(month, flows)
        each.append((1 - discount) * flows + mean(lottery, later[:, phase], before=board, after=month.deciding))
    month.stations["settled"] = np.stack(each, axis=1)
    among = np.searchsorted(board.cells, month.war.cells)
    month.stations["peace"] = _struck(month, month.stations["settled"][..., among])


def _struck(month: Month, values: NDArray) -> NDArray:
    """Return the value before the month's shocks, in the cells asked for, from the value after them."""
    shocks = month.kernels.shocks
    for (axis, matrix), before, after in reversed(list(zip(shocks, month.struck, month.struck[1:], strict=False))):
        values = mean(jump(before, axis, matrix), values, before=before, after=after)
    return values


def _answers(month: Month) -> None:
    """Answer a package: it needs both sides, and the patron where it must back it. Index: packages."""
    board, here = month.war, month.stations
    signed = []
    for k, package in enumerate(board.packages):
        lottery, settled = jump(board, 0, month.kernels.lines[k]), here["settled"][:, package.phase]
        at_line = mean(lottery, settled, before=board, after=month.settled)
        signed.append(signing(board, month.numbers, k) + at_line)
    here["signed"] = np.stack(signed, axis=1)
    refused = here["fruitless"][:, None]
    must = np.array([package.backing for package in board.packages]).reshape(-1, 1, 1)
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
    weights = np.array([package.weight for package in month.war.packages])
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
    here, board = month.stations, month.war
    chances = recognised(board, month.numbers)
    here["talks"] = chances["nobody"] * here["fruitless"]
    for party in SIDES:
        here["talks"] = here["talks"] + chances[party] * here[f"floor.{party}"]
    attend = month.decide("war.attend", [here["talks"], here["silence"]], movers=TYPED, noise="noise.challenger.attend")
    dictated = imposed_flows(month.numbers)[:, None, None]
    here["war"] = np.where(month.asked.imposed, dictated, _struck(month, attend))
