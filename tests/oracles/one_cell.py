"""The laws at one cell, in plain Python numbers: the slow twin of ``payments`` and ``kernels``, to check them against.

A cell is four places on the stocks' lists of levels: territory, forces, endurance, patience. A lottery is a list of
(chance, cell).
"""

from __future__ import annotations

import itertools
from dataclasses import dataclass

from outlast.verify.board import Board
from outlast.verify.numbers import Numbers

Cell = tuple[int, int, int, int]
Lottery = list[tuple[float, Cell]]
POSTURES = ("withhold", "sustain", "surge")


@dataclass(frozen=True)
class Laws:
    """Every law of one month. Accounts are 0 settler, 1 staller, 2 defender, 3 patron."""

    board: Board
    numbers: Numbers

    def level(self, axis: int, cell: Cell) -> float:
        """Return the value of one stock in a cell."""
        return float(self.board.stocks[axis][cell[axis]])

    def gone(self, cell: Cell) -> bool:
        """Whether the patron has left."""
        return cell[3] == 0

    def imposed(self, cell: Cell) -> bool:
        """Whether the challenger dictates."""
        return cell[0] == len(self.board.territory) - 1 or cell[2] == 0

    def win_share(self, cell: Cell, posture: int) -> float:
        """Return pi = f^m / (f^m + (e (1 + supply))^m)."""
        number = self.numbers.law
        supply = (0.0, number("front.supply_sustain"), number("front.supply_surge"))[posture]
        strength, power = self.level(2, cell) * (1 + supply), number("front.decisiveness")
        if strength == 0:
            return 1.0
        return 1 / (1 + (strength / self.level(1, cell)) ** power)

    def war_flow(self, account: int, cell: Cell, *, belief: float, posture: int, talks: bool) -> float:
        """Return one account's flow in a month of war."""
        number, plain = self.numbers.law, self.numbers
        held = self.level(0, cell)
        if account < 2:
            weight = number(f"home_front.casualty_weight.{('settler', 'staller')[account]}")
            flow = held - number("home_front.war_cost") * number("home_front.exposure")
            flow -= weight * (1 - self.win_share(cell, posture))
            flow -= (0.0, plain("payoffs.sustain_penalty"), plain("payoffs.surge_penalty"))[posture]
            flow -= sum(self.used(i) * number(f"manpower.pools.{i}.price") for i in range(plain.pools))
            return flow - (number("styles.challenger_round_cost") if talks else 0.0)
        safe = plain("payoffs.sovereignty") + 1 - held
        if account == 2:
            tired = 1 - self.level(2, cell)
            return safe - number("endurance.war_cost") * (1 + number("endurance.war_cost_slope") * tired)
        cost = (0.0, plain("payoffs.sustain_cost"), plain("payoffs.surge_cost"))[posture]
        flow = plain("payoffs.patron_security") * safe
        flow -= cost * (1 + plain("payoffs.cost_slope") * (1 - self.level(3, cell)))
        if talks:
            shield = (0.0, number("talks_shield.supply"), number("talks_shield.punish"))[posture]
            flow -= (1 - belief) * shield + number("styles.patron_round_cost")
        return flow

    def used(self, pool: int) -> float:
        """Return what a pool gives this month: its rate, or what is left of it."""
        rate, size = (self.numbers.law(f"manpower.pools.{pool}.{key}") for key in ("rate", "size"))
        return max(0.0, min(rate, size - rate * self.numbers.month))

    def relief(self, phase: int) -> float:
        """Return the share of full sanctions relief in a peace phase."""
        return {0: 0.0, 1: self.numbers.law("packages.phased_share"), 2: 1.0}[self.board.phases[phase].relief]

    def peace_flow(self, account: int, cell: Cell, phase: int) -> float:
        """Return one account's flow in a month of peace."""
        number, plain, terms = self.numbers.law, self.numbers, self.board.phases[phase]
        held = self.level(0, cell)
        if account < 2:
            kind = ("settler", "staller")[account]
            flow = held + number("packages.sanctions_relief") * self.relief(phase)
            flow += number(f"alignment.alliances_denied.{kind}") if terms.denied else 0.0
            return flow + (number(f"alignment.no_guarantor.{kind}") if terms.guarantee == 0 else 0.0)
        flow = plain("payoffs.sovereignty") + 1 - held
        flow -= number("packages.arms") if terms.demilitarised else 0.0
        flow -= number("packages.alliances") if terms.denied else 0.0
        if account == 2:
            return flow
        standing = number("guarantees.standing_cost." + ("none", "soft", "enforceable")[terms.guarantee])
        return plain("payoffs.patron_security") * flow + number("styles.patron_credit") - standing

    def imposed_flow(self, account: int) -> float:
        """Return one account's flow once the challenger dictates."""
        number = self.numbers.law
        if account < 2:
            kind = ("settler", "staller")[account]
            return 1 + number(f"alignment.alliances_denied.{kind}") + number(f"alignment.no_guarantor.{kind}")
        lost = -number("packages.arms") - number("packages.alliances")
        return lost if account == 2 else self.numbers("payoffs.patron_security") * lost

    def line(self, cell: Cell, package: int) -> float:
        """Return the territory after signing a package in a cell."""
        before, line = self.level(0, cell), self.board.packages[package].line
        if line == 0:
            return before
        share = self.numbers(f"packages.{package}.line_share")
        after = min(before, share) if line == 1 else max(before, share)
        return min(max(after, float(self.board.territory[0])), float(self.board.territory[-1]))

    def signing(self, account: int, cell: Cell, package: int) -> float:
        """Return one account's payment on signing a package."""
        number, deal = self.numbers.law, self.board.packages[package]
        if account == 2:
            return -number("packages.cession_cost") if deal.line == 2 else 0.0
        if account == 3:
            return 0.0
        terms, kind = self.board.phases[deal.phase], ("settler", "staller")[account]
        win = number("aspiration.win_territory") * max(0.0, self.line(cell, package) - number("aspiration.prewar_line"))
        win += number("aspiration.win_demilitarised") if terms.demilitarised else 0.0
        win += number("aspiration.win_alliances_denied") if terms.denied else 0.0
        win += number("aspiration.win_no_guarantor") if terms.guarantee == 0 else 0.0
        bar = number(f"aspiration.aspiration.{kind}")
        bar += number("aspiration.sunk_cost") * (self.numbers("scenario.war_months") + self.numbers.month)
        return -number(f"aspiration.audience_cost.{kind}") * max(0.0, bar - win)

    def after_attack(self, account: int, cell: Cell, *, phase: int, honoured: bool) -> float:
        """Return one account's payment when the patron honours its guarantee or reneges."""
        number = self.numbers.law
        guarantee = ("none", "soft", "enforceable")[self.board.phases[phase].guarantee]
        if account < 2:
            return -number(f"guarantees.penalty.{guarantee}") if honoured else 0.0
        if account == 2:
            return 0.0
        if not honoured:
            return -number(f"guarantees.renege_cost.{guarantee}")
        slope = number("guarantees.honour_cost_slope") * (1 - self.level(3, cell))
        return -number("guarantees.honour_cost") * (1 + slope)

    def drift(self, cell: Cell, axis: int, *, rise: float, fall: float) -> Lottery:
        """Move one stock at most one level."""
        levels, here = self.board.stocks[axis], cell[axis]
        up = rise / float(levels[here + 1] - levels[here]) if here + 1 < len(levels) else 0.0
        down = fall / float(levels[here] - levels[here - 1]) if here > 0 else 0.0
        if up + down > 1:
            up, down = up / (up + down), down / (up + down)
        moves = [(up, moved(cell, axis, here + 1)), (down, moved(cell, axis, here - 1)), (1 - up - down, cell)]
        return [move for move in moves if move[0] != 0]

    def jump(self, cell: Cell, axis: int, target: float) -> Lottery:
        """Send one stock to a value in the mean, to the two levels around it."""
        levels = [float(level) for level in self.board.stocks[axis]]
        for low in range(len(levels) - 1):
            if levels[low] <= target <= levels[low + 1]:
                share = (target - levels[low]) / (levels[low + 1] - levels[low])
                return [(1 - share, moved(cell, axis, low)), (share, moved(cell, axis, low + 1))]
        return [(1.0, moved(cell, axis, 0 if target < levels[0] else len(levels) - 1))]

    def event(self, cell: Cell) -> Lottery:
        """Strike the stocks with the month's shocks."""
        lottery: Lottery = [(1.0, cell)]
        for shock in self.numbers.shocks:
            lottery = chained(lottery, lambda at, shock=shock: self._strike(at, shock.axis, shock.change, shock.chance))
        return lottery

    def _strike(self, cell: Cell, axis: int, change: float, chance: float) -> Lottery:
        if (axis == 0 and cell[0] == len(self.board.territory) - 1) or (axis >= 2 and cell[axis] == 0):
            return [(1.0, cell)]
        hit = self.jump(cell, axis, self.level(axis, cell) + change)
        return [(1 - chance, cell), *[(chance * share, at) for share, at in hit]]

    def battle(self, cell: Cell, *, posture: int, talks: bool) -> Lottery:
        """Fight a month: territory, forces, endurance, patience, each from the cell reached so far."""
        number = self.numbers.law

        def front(at: Cell) -> Lottery:
            pi, pace = self.win_share(at, posture), number("front.pace")
            return self.drift(at, 0, rise=pace * pi, fall=pace * (1 - pi))

        def ranks(at: Cell) -> Lottery:
            refill = sum(self.used(i) for i in range(self.numbers.pools))
            return self.drift(at, 1, rise=refill, fall=number("manpower.losses") * (1 - self.win_share(at, posture)))

        def units(at: Cell) -> Lottery:
            recovery = (0.0, number("endurance.recovery_sustain"), number("endurance.recovery_surge"))[posture]
            wear = number("endurance.fatigue") + number("endurance.losses") * self.win_share(at, posture)
            return self.drift(at, 2, rise=recovery, fall=wear)

        def will(at: Cell) -> Lottery:
            return self.drift(at, 3, rise=0.0, fall=number("patience.drift") + talks * number("patience.fruitless"))

        lottery: Lottery = [(1.0, cell)]
        for law in (front, ranks, units, will):
            lottery = chained(lottery, law)
        return lottery

    def quiet(self, cell: Cell, phase: int) -> Lottery:
        """Let a month of peace pass: forces, endurance, patience."""
        number, terms = self.numbers.law, self.board.phases[phase]
        rearm = number("resumption.rearm") + number("resumption.relief_rearm") * self.relief(phase)
        cap = number("resumption.demilitarised_cap") if terms.demilitarised else 1.0
        speed, here = number("endurance.recovery_peace"), self.level(2, cell)
        rise, fall = min(speed, max(0.0, cap - here)), min(speed, max(0.0, here - cap))
        fall = fall if cell[2] >= 2 else 0.0
        lottery = self.drift(cell, 1, rise=rearm, fall=0.0)
        lottery = chained(lottery, lambda at: self.drift(at, 2, rise=rise, fall=fall))
        return chained(lottery, lambda at: self.drift(at, 3, rise=0.0, fall=number("patience.attention_drift")))

    def rally(self, cell: Cell) -> Lottery:
        """Let patience jump when the patron honours its guarantee; one that has left does not come back."""
        gain = 0.0 if self.gone(cell) else self.numbers.law("patience.rally")
        return self.jump(cell, 3, self.level(3, cell) + gain)

    def desertion(self, cell: Cell, phase: int) -> Lottery:
        """Let patience fall when it reneges."""
        guarantee = ("none", "soft", "enforceable")[self.board.phases[phase].guarantee]
        loss = self.numbers.law(f"guarantees.renege_patience.{guarantee}")
        return self.jump(cell, 3, self.level(3, cell) - loss)


def cells_of(board: Board) -> list[Cell]:
    """List every cell in the flat order."""
    return [(t, f, e, p) for t, f, e, p in itertools.product(*map(range, board.sizes))]


def moved(cell: Cell, axis: int, place: int) -> Cell:
    """Return the cell with one stock at another place on its list of levels."""
    places = list(cell)
    places[axis] = place
    return places[0], places[1], places[2], places[3]


def chained(lottery: Lottery, law) -> Lottery:
    """Follow a lottery by the lottery that ``law`` gives at each cell reached."""
    return [(first * second, end) for first, at in lottery for second, end in law(at)]
