"""Brute force for tiny games: one month worked out cell by cell, with dictionaries and plain Python numbers.

Nothing here is an array operation: the value at a point of the month is asked for, which asks for the values behind it.
It is far too slow for a real game and serves to check the other recomputation.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NamedTuple

from one_cell import Cell, Laws, Lottery, cells_of

from outlast.verify.board import Board, board_of
from outlast.verify.node import Finding
from outlast.verify.numbers import numbers_in

if TYPE_CHECKING:
    from outlast.game.inputs import Inputs
    from outlast.game.shape import Shape

Table = dict[tuple[int, ...], float]
"""Values by ``(account, [phase], belief, territory, forces, endurance, patience)``, all but the account as places."""

MOVERS = {"challenger": (0, 1), "defender": (2,), "patron": (3,)}
ANSWERS = {
    "heard.challenger": ("defender", "backed"),
    "backed": ("patron", "signed"),
    "vetted": ("patron", "answer"),
    "heard.patron": ("defender", "answer"),
    "answer": ("challenger", "signed"),
}
HEARD = {"challenger": "heard.challenger", "defender": "vetted", "patron": "heard.patron"}
MEASURED = ("residual", "regret", "bayes", "leak")
ALONE = -1
"""Index of a station that has none."""


class Action(NamedTuple):
    """One action: where its chance is stored (block and row) and the station and index it leads to."""

    block: int
    row: int
    to: str
    index: int
    weight: float = 1.0


@dataclass
class Enumeration:
    """One month of a tiny game; values are worked out when asked for and remembered."""

    laws: Laws
    after: Mapping[str, Table]
    """Next month's values: ``war`` and ``peace``."""
    choices: Mapping[str, Any]
    """Stored choices of the month."""
    known: dict[tuple, float] = field(default_factory=dict)

    @property
    def board(self) -> Board:
        """Levels and deals."""
        return self.laws.board

    def value(self, station: str, account: int, *, index: int = ALONE, belief: int, cell: Cell) -> float:
        """Return the value of a station to an account at a belief level and cell."""
        key = (station, account, index, belief, cell)
        if key not in self.known:
            self.known[key] = self._work_out(station, account, index, belief, cell)
        return self.known[key]

    def _work_out(self, station: str, account: int, index: int, belief: int, cell: Cell) -> float:
        if station in self.choices:
            return sum(
                self.chance(station, account, action, index=index, belief=belief, cell=cell)
                * self.action_value(station, account, action, index=index, belief=belief, cell=cell)
                for action in self.actions(station, index)
            )
        if station == "war":
            if self.laws.imposed(cell):
                return self.laws.imposed_flow(account)
            return self._mean("war.attend", account, ALONE, belief, self.laws.event(cell))
        if station == "talks":
            return self._talks(account, belief, cell)
        if station in ("silence", "fruitless"):
            return self.value("posture", account, index=int(station == "fruitless"), belief=belief, cell=cell)
        if station == "signed":
            return self._signed(account, index, belief, cell)
        if station == "peace":
            struck = self.laws.event(cell)
            return sum(p * self._month_of_peace(account, index, belief, at) for p, at in struck)
        return self._next_month(station, account, index, belief, cell)

    def _next_month(self, station: str, account: int, index: int, belief: int, cell: Cell) -> float:
        """Return the value of a station from which play goes on next month."""
        laws = self.laws
        if station == "kept":
            return self._later(account, "peace", index, belief, [(1.0, cell)])
        if station in ("honoured", "reneged"):
            honoured = station == "honoured"
            pay = laws.after_attack(account, cell, phase=index, honoured=honoured)
            jump = laws.rally(cell) if honoured else laws.desertion(cell, index)
            return pay + self._later(account, "war", ALONE, belief, jump)
        posture, talks = int(station.removeprefix("battle.")), bool(index)
        sure = float(self.board.beliefs[belief])
        flow = laws.war_flow(account, cell, belief=sure, posture=posture, talks=talks)
        fought = laws.battle(cell, posture=posture, talks=talks)
        return self._now(account, flow) + self._later(account, "war", ALONE, belief, fought)

    def _mean(self, station: str, account: int, index: int, belief: int, lottery: Lottery) -> float:
        return sum(p * self.value(station, account, index=index, belief=belief, cell=at) for p, at in lottery)

    def _now(self, account: int, flow: float) -> float:
        return (1 - float(self.laws.numbers.discounts()[account])) * flow

    def _later(self, account: int, phase: str, index: int, belief: int, lottery: Lottery) -> float:
        own = (account,) if index == ALONE else (account, index)
        mean = sum(p * self.after[phase][(*own, belief, *at)] for p, at in lottery)
        return float(self.laws.numbers.discounts()[account]) * mean

    def _month_of_peace(self, account: int, phase: int, belief: int, cell: Cell) -> float:
        flow = self._now(account, self.laws.peace_flow(account, cell, phase))
        return flow + self._mean("decide", account, phase, belief, self.laws.quiet(cell, phase))

    def _signed(self, account: int, index: int, belief: int, cell: Cell) -> float:
        """Sign package ``index``: the line moves, and what is left of the month is one of peace."""
        laws, phase = self.laws, self.board.packages[index].phase
        total = laws.signing(account, cell, index)
        for p, at in laws.jump(cell, 0, laws.line(cell, index)):
            total += p * self._month_of_peace(account, phase, belief, at)
        return total

    def _talks(self, account: int, belief: int, cell: Cell) -> float:
        total, left = 0.0, 1.0
        for party in MOVERS:
            floor = self.laws.numbers(f"recognition.{party}")
            if party == "patron" and self.laws.gone(cell):
                continue
            total += floor * self.value(f"floor.{party}", account, belief=belief, cell=cell)
            left -= floor
        return total + left * self.value("fruitless", account, belief=belief, cell=cell)

    def actions(self, station: str, index: int) -> list[Action]:
        """List the actions of a decision."""
        if station == "posture":
            return [Action(0, posture, f"battle.{posture}", index) for posture in range(3)]
        if station == "war.attend":
            return [Action(0, 0, "talks", ALONE), Action(1, 0, "silence", ALONE)]
        if station == "decide":
            return [Action(0, 0, "kept", index), Action(1, 0, "attacked", index)]
        if station == "attacked":
            return [Action(0, 0, "honoured", index), Action(1, 0, "reneged", index)]
        if station in ANSWERS:
            return [Action(0, 0, ANSWERS[station][1], index), Action(1, 0, "fruitless", ALONE)]
        stage, party = station.split(".")
        if stage == "floor":
            return [Action(0, 0, f"which.{party}", ALONE), Action(1, 0, "fruitless", ALONE)]
        packages = range(len(self.board.packages))
        return [Action(0, k, HEARD[party], k, self.board.packages[k].weight) for k in packages]

    def allowed(self, station: str, action: Action, *, index: int, cell: Cell) -> bool:
        """Whether an action can be taken in a cell."""
        gone = self.laws.gone(cell)
        if station == "posture":
            return action.row == 0 or not gone
        if station == "attacked":
            return action.to == "reneged" or not gone
        if station in ("backed", "vetted"):
            must = self.board.packages[index].backing
            return must if action.to == "fruitless" else not (must and gone)
        return True

    def movers(self, station: str) -> tuple[int, ...]:
        """Return the accounts that choose: one, or both types of the challenger."""
        if station in ("posture", "attacked"):
            return MOVERS["patron"]
        if station in ("war.attend", "decide"):
            return MOVERS["challenger"]
        return MOVERS[ANSWERS[station][0] if station in ANSWERS else station.split(".")[1]]

    def noise(self, station: str) -> float:
        """Return the logit noise of a decision."""
        named = {"posture": "patron.posture", "attacked": "patron.honour", "decide": "challenger.resume"}
        if station in ANSWERS:
            name = f"{ANSWERS[station][0]}.answer"
        elif station in named:
            name = named[station]
        elif station == "war.attend":
            name = "challenger.attend"
        else:
            stage, party = station.split(".")
            name = f"{party}.{'table' if stage == 'floor' else 'which'}"
        return self.laws.numbers(f"noise.{name}")

    def _stored(self, blocks: Any, action: Action, *, index: int, belief: int, cell: Cell) -> float:
        sizes = self.board.sizes
        flat = ((cell[0] * sizes[1] + cell[1]) * sizes[2] + cell[2]) * sizes[3] + cell[3]
        place = (belief, flat) if index == ALONE else (index, belief, flat)
        return float(blocks[action.block][(action.row, *place)])

    def chance(self, station: str, account: int, action: Action, *, index: int, belief: int, cell: Cell) -> float:
        """Return the stored chance of an action as an account sees it."""
        choice = self.choices[station]
        settler = self._stored(choice.settler, action, index=index, belief=belief, cell=cell)
        if choice.staller is None or account == 0:
            return settler
        staller = self._stored(choice.staller, action, index=index, belief=belief, cell=cell)
        prior = float(self.board.beliefs[belief])
        return staller if account == 1 else prior * staller + (1 - prior) * settler

    def action_value(self, station: str, account: int, action: Action, *, index: int, belief: int, cell: Cell) -> float:
        """Return what an action is worth to an account, at the belief it creates."""
        pay = -self.laws.numbers.law("resumption.attack_cost") if action.to == "attacked" and account < 2 else 0.0
        choice = self.choices[station]
        if choice.posterior is None:
            return pay + self.value(action.to, account, index=action.index, belief=belief, cell=cell)
        aim = self._stored(choice.posterior, action, index=index, belief=belief, cell=cell)
        levels = [float(level) for level in self.board.beliefs]
        aim = min(max(aim, levels[0]), levels[-1])
        low = next(i for i in range(len(levels) - 1) if levels[i] <= aim <= levels[i + 1])
        share = (aim - levels[low]) / (levels[low + 1] - levels[low])
        below = self.value(action.to, account, index=action.index, belief=low, cell=cell)
        above = self.value(action.to, account, index=action.index, belief=low + 1, cell=cell)
        return pay + (1 - share) * below + share * above

    def finding(self, station: str, *, indices: int | None) -> Finding:
        """Measure the stored choice at a decision, over every node that can arise; ``indices`` counts its index."""
        index_places = [ALONE] if indices is None else range(indices)
        cells = cells_of(self.board) if station in ("decide", "attacked") else self._open()
        places = itertools.product(index_places, range(len(self.board.beliefs)), cells)
        findings = [self._at_node(station, index, belief, cell) for index, belief, cell in places]
        return Finding(*(max(getattr(one, key) for one in findings) for key in MEASURED), len(findings))

    def _open(self) -> list[Cell]:
        """Return the cells that a month of war can be in after its event, from any in which the war was not over."""
        begun = [cell for cell in cells_of(self.board) if not self.laws.imposed(cell)]
        return list({at: None for cell in begun for chance, at in self.laws.event(cell) if chance > 0})

    def _at_node(self, station: str, index: int, belief: int, cell: Cell) -> Finding:
        at = {"index": index, "belief": belief, "cell": cell}
        noise = self.noise(station)
        every = self.actions(station, index)
        open_to = [action for action in every if self.allowed(station, action, index=index, cell=cell)]
        residual, regret, leak = 0.0, 0.0, 0.0
        for mover in self.movers(station):
            worth = {action: self.action_value(station, mover, action, **at) for action in every}
            chance = {action: self.chance(station, mover, action, **at) for action in every}
            best = max(worth[action] for action in open_to)
            grown = {action: action.weight * math.exp((worth[action] - best) / noise) for action in open_to}
            logit = {action: grown.get(action, 0.0) / sum(grown.values()) for action in every}
            residual = max(residual, abs(sum((logit[action] - chance[action]) * worth[action] for action in every)))
            inclusive = best + noise * math.log(sum(grown.values()))
            kept = sum(
                chance[action] * (worth[action] - noise * math.log(chance[action] / action.weight))
                for action in open_to
                if chance[action] > 0
            )
            played = sum(chance[action] for action in open_to)
            regret = max(regret, inclusive * played - kept)
            leak = max(leak, abs(played - 1), -min(chance.values()))
        return Finding(residual, regret, self._bayes_error(station, every, index, belief, cell), leak)

    def _bayes_error(self, station: str, every: list[Action], index: int, belief: int, cell: Cell) -> float:
        choice, prior = self.choices[station], float(self.board.beliefs[belief])
        if choice.posterior is None:
            return 0.0
        error = 0.0
        for action in every:
            at = {"index": index, "belief": belief, "cell": cell}
            settler, staller = (self.chance(station, kind, action, **at) for kind in (0, 1))
            total = prior * staller + (1 - prior) * settler
            if prior in (0.0, 1.0):
                rule = prior
            elif total > 1e-12:
                rule = prior * staller / total
            else:
                continue
            error = max(error, abs(self._stored(choice.posterior, action, **at) - rule))
        return error


def enumerate_month(
    shape: Shape, inputs: Inputs, month: int, *, after: Mapping[str, Table], choices: Mapping[str, Any]
) -> tuple[dict[str, Table], Enumeration]:
    """Work out one month of a tiny game cell by cell.

    Args:
        shape: counts of the game.
        inputs: its numbers, levels, deals and calendar.
        month: the month.
        after: next month's values, ``war`` and ``peace``.
        choices: stored choices of the month by decision.

    Returns:
        This month's values in the form of ``after``, and the enumeration, which answers for every station.
    """
    board = board_of(shape, inputs)
    worked_out = Enumeration(Laws(board, numbers_in(shape, inputs, month)), after, choices)
    now: dict[str, Table] = {"war": {}, "peace": {}}
    for account, belief, cell in itertools.product(range(4), range(len(board.beliefs)), cells_of(board)):
        now["war"][(account, belief, *cell)] = worked_out.value("war", account, belief=belief, cell=cell)
        for phase in range(len(board.phases)):
            value = worked_out.value("peace", account, index=phase, belief=belief, cell=cell)
            now["peace"][(account, phase, belief, *cell)] = value
    return now, worked_out
