"""Solve the chain store, and bargaining with a stubborn type, as months: by the engine that solves wars.

    Chain store, n entrants left, belief p in toughness: the entrant enters if p < b^n and stays out if p > b^n; a weak
    incumbent fights with chance min(1, (1 - b^(n-1)) p / ((1 - p) b^(n-1))), which carries p to max(p, b^(n-1)).
    Stubborn type: side 1 demands a_1 and may be stubborn, side 2 is known not to be. It concedes at once, and side 1
    has a_1 however small the chance that it is stubborn: payoffs a_1 and 1 - a_1.
    With n rounds left it does so from the belief p_n on: p_1 = 1 - (1 - a_1) / (d a_2), and p_n is
    p_(n-1) (1 - c). Below p_n side 1 concedes with the chance c that keeps side 2 indifferent from round to round,
    1 - a_1 = d (c a_2 + (1 - c) d (1 - a_1)), d the discount of half a round.

A month is a stage of the first game and a round of the second, written as the layers that a month of war is made of
(``outlast.game.layers``), and solved over a grid of beliefs by backward induction (``outlast.solving.backward``). The
incumbent, or side 1, is the player with the private type. Out pays the incumbent 2; fighting costs a weak one 1, and
acquiescing costs a tough one 1; the entrant gains b = 1/2 or loses 1/2. Hazards are c / 2, per half of a
round, 0.170; in continuous time, to which short rounds come, the texts' r_2 (1 - a_1) / (a_1 + a_2 - 1) is 0.2.

Beliefs are close together, 0.5% apart, where play takes them: around b^n and p_n. Noise is small, not zero. The
tolerances follow from the two, worked out to first order:

    Chain store, noise e = 0.005. Payoffs chosen between with chances from 1/5 to 4/5 differ by at most e ln 4. The
    weak type's do so at this stage and at the next, so the entrants' chance that makes it mix, 1/2, is off by at most
    e ln 4 = 0.007: so is its value, which ends in such a stage, and so are an entrant's chance at its threshold two
    stages from the end and a tough incumbent's chances of being entered upon. The entrants' chance changes by 1 / (8 e)
    per unit of relative belief: the belief after a fight is off by the fraction 8 e^2 ln 4 = 0.00028 for every entrant
    after this one, and the weak type's chance of fighting by that over 1 - belief. Levels are half a unit of logit
    apart, on which a line's slope is within 3% of the curve's. What is chosen for sure is chosen to 1e-6.
    Stubborn type, noise 0.001. Side 1 is indifferent where side 2 concedes with chance 0.24, so side 2's payoffs
    differ there by 1.17 noise, which puts the hazard off by 1.35 noise and moves p_6 by 3%. Within that levels are
    about one unit of logit apart, on which a line is at most 0.012 from the curve, and a belief 0.04% off: 0.0002 in
    the hazard. Together below 0.002.

Sources: D. Kreps and R. Wilson, "Reputation and Imperfect Information", Journal of Economic Theory 27, 1982;
R. Myerson, Game Theory, 1991, theorem 8.4, which is D. Abreu and F. Gul, Econometrica 68, 2000, with one stubborn side.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from outlast.gallery.row import Row
from outlast.game.layers import TYPED, Absorb, Action, Decision, Layer, Move
from outlast.solving.backward import Again, sweep
from outlast.solving.forward import Course, run

PLAIN, OTHER_TYPE, OPPONENT = range(3)
"""Accounts: the private player's two types, and who plays against it."""
STAGES, PRIOR = 6, 0.1


@dataclass(frozen=True)
class Rules:
    """What the month solver asks of a game, here of one cell: belief levels, kinds of accounts, layers, last values.

    Attributes:
        noise: logit noise of every decision, in the unit of the payments.
        levels: of the public belief in the second type, ascending from 0 to 1.
    """

    noise: Any
    levels: tuple[float, ...]

    kinds = (0, 1, 2)
    tomorrow = ("begin",)

    def beliefs(self, inputs: Any) -> np.ndarray:
        """Return the levels of the public belief in the second type."""
        return np.array(self.levels)

    def months(self, inputs: Any) -> Callable[[int], tuple[Layer, ...]]:
        """Return what gives the layers of a month, in the order of play."""
        return lambda month: self.layers(inputs, month)

    def layers(self, inputs: Any, month: int) -> tuple[Layer, ...]:
        """Return one month's layers in the order of play."""
        raise NotImplementedError

    def terminal(self, inputs: Any) -> dict[str, np.ndarray]:
        """Return what is to come after the last month: nothing."""
        return {"begin": np.zeros((3, len(self.levels), 1))}


@dataclass(frozen=True)
class ChainStore(Rules):
    """A month is one entrant's: it stays out or enters; the incumbent fights or acquiesces."""

    def layers(self, inputs: Any, month: Any) -> tuple[Layer, ...]:
        """Return the month's layers in the order of play; each month has an entrant of its own."""
        next_one = _array(1.0, 1.0, 0.0)
        return (
            Decision("begin", OPPONENT, (Action("out", "left alone"), Action("in", "answer")), self.noise),
            Decision("answer", TYPED, (Action("fight", "fought"), Action("acquiesce", "shared")), self.noise),
            Move("left alone", "begin", pay=_pay(2.0, 2.0, 0.0), discount=next_one, tomorrow=True),
            Move("fought", "begin", pay=_pay(-1.0, 0.0, -0.5), discount=next_one, tomorrow=True),
            Move("shared", "begin", pay=_pay(0.0, -1.0, 0.5), discount=next_one, tomorrow=True),
        )


@dataclass(frozen=True)
class Stubborn(Rules):
    """A month is a round: side 2 concedes or insists, then side 1, whose stubborn type would lose 1 by conceding."""

    demands: tuple[float, float] = (0.7, 0.6)
    rates: tuple[float, float] = (0.1, 0.2)
    half: float = 1.0

    tomorrow = ("begin", "over")

    def terminal(self, inputs: Any) -> dict[str, np.ndarray]:
        """Return what is to come after the last month, agreed or not: nothing."""
        begin = super().terminal(inputs)["begin"]
        return {"begin": begin, "over": begin}

    def layers(self, inputs: Any, month: Any) -> tuple[Layer, ...]:
        """Return the month's layers in the order of play."""
        (first, second), (mine, its) = self.demands, self.rates
        half = np.exp(-self.half * _array(mine, mine, its))
        return (
            Decision("begin", OPPONENT, (Action("concede", "won"), Action("insist", "wait")), self.noise),
            Move("won", "over", pay=_pay(first, first, 1 - first)),
            Move("wait", "turn", discount=half),
            Decision("turn", TYPED, (Action("concede", "lost"), Action("insist", "next")), self.noise),
            Move("lost", "over", pay=_pay(1 - second, -1.0, second)),
            Move("next", "begin", discount=half, tomorrow=True),
            Absorb("over", "begin", _array(1.0), _pay(0.0, 0.0, 0.0)),
        )


def _array(*each: float) -> Any:
    return np.array(each)


def _pay(*each: float) -> Any:
    """Lay the payments of the three accounts out over beliefs and cells."""
    return _array(*each).reshape(3, 1, 1)


def solved(rules: Rules, months: int) -> Again:
    """Solve a game by the engine of the war; what comes back solves any of its months again."""
    return Again(sweep(rules, None, months=months, window=months), months=months)


def around(centres: Iterable[float], others: Iterable[float] = ()) -> tuple[float, ...]:
    """Return belief levels: some close together around each of the centres, a few from 0 to 1, and the others."""
    near = np.array([1, 2, 3, 4, 5, 6, 9, 13]) * CLOSE
    close = np.outer([*centres], [*(1 - near), 1, *(1 + near)]).ravel()
    return tuple(np.unique(np.round([*np.linspace(0, 1, 21), *close, *others], 10)).tolist())


def indifferent(game: Stubborn) -> float:
    """Return side 1's chance of conceding in a round that keeps side 2, who conceded otherwise, indifferent."""
    (first, second), discount = game.demands, np.exp(-game.half * game.rates[1])
    return float(((1 - first) / discount - discount * (1 - first)) / (second - discount * (1 - first)))


def thresholds(game: Stubborn, rounds: int) -> list[float]:
    """Return the belief from which side 2 concedes at once, with one round left, two and so on."""
    last = 1 - (1 - game.demands[0]) / (game.demands[1] * np.exp(-game.half * game.rates[1]))
    return [last * (1 - indifferent(game)) ** before for before in range(rounds)]


CLOSE, SURE = 0.005, 1e-6
"""Relative distance of levels where beliefs go, and a tolerance for what is chosen for sure."""
ENTERED = [0.5**left for left in range(1, STAGES + 1)]
STORE = ChainStore(0.005, around(ENTERED, [PRIOR]))
TIED = STORE.noise * float(np.log(4))
"""How far payoffs of the chain store are apart at most where a choice between them is mixed."""
ROUNDS, DOUBT, CHANCES = 12, 0.005, (0.1, 0.01)
"""Rounds of talks; a chance of stubbornness so small that side 1 mixes in the last of them; chances that are not."""
RULES = Stubborn(0.001, (0.0, 1.0))
# The figures compared read the thresholds of the last six rounds; the others need a level, not many.
TALKS = replace(RULES, levels=around(thresholds(RULES, 6), [*thresholds(RULES, ROUNDS), DOUBT, *CHANCES]))


@dataclass(frozen=True)
class Stage:
    """One month's choices at one belief level."""

    opponent: float
    """Chance of the opponent's first action."""
    plain: float
    """Chance of the first action of the plain type, at the decision that its opponent's second action leads to."""
    after: tuple[float, float]
    """Belief after each of the private player's actions."""


def stage(again: Again, month: int, belief: float) -> Stage:
    """Read a month of a solved game at the level nearest to a belief."""
    opponent, answer = again(month).choices.values()
    if opponent.staller is not None:
        opponent, answer = answer, opponent
    at = (0, int(np.abs(again.levels - belief).argmin()), 0)
    assert answer.posterior is not None
    after = (float(answer.posterior[0][at]), float(answer.posterior[1][at]))
    return Stage(float(opponent.settler[0][at]), float(answer.settler[0][at]), after)


def rows() -> Iterator[Row]:
    """Compare the mixing, the beliefs and the values of both games, and the entries that a tough incumbent meets."""
    yield from _store()
    yield from _talks()


def _store() -> Iterator[Row]:
    again = solved(STORE, STAGES)
    place = STORE.levels.index(PRIOR)
    yield Row("chain store: value of a weak incumbent", 6, float(again.kept.values["begin"][0, PLAIN, place, 0]), TIED)
    entry = {6: 0.0, 4: 0.0, 3: 1.0, 2: 0.5, 1: 0.5}
    fights = {6: 1.0, 4: 7 / 9, 3: 1 / 3, 2: 1 / 3, 1: 0.0}
    for left, belief, after in ((6, 0.1, 0.1), (4, 0.1, 0.125), (3, 0.1, 0.25), (2, 0.25, 0.5), (1, 0.5, 1.0)):
        found = stage(again, STAGES - left, belief)
        off = (left - 1) * 8 * STORE.noise * TIED if 0 < fights[left] < 1 else 0.0
        entered = TIED if left == 2 else SURE  # the last entrant's 1/2 is exact: no noise comes after it
        fought = SURE if off == 0 else fights[left] * off / (1 - after)
        yield Row(f"chain store, {left} left: entrant enters", entry[left], 1 - found.opponent, entered)
        yield Row(f"chain store, {left} left: weak fights", fights[left], found.plain, fought)
        yield Row(f"chain store, {left} left: belief after a fight", after, found.after[0], max(SURE, after * off))
        yield Row(f"chain store, {left} left: belief after acquiescing", 0, found.after[1], SURE)
    begun = np.zeros((len(STORE.levels), 1))
    begun[place] = 1
    (path,) = run(again, [Course({"begin": begun}, OTHER_TYPE)], months=STAGES)
    for left, printed in ((4, 0.0), (3, 1.0), (2, 0.5), (1, 0.75)):
        ours = float(path.through["answer"][STAGES - left])
        tolerance = TIED if 0 < printed < 1 else SURE
        yield Row(f"chain store, {left} left: a tough incumbent has been entered upon", printed, ours, tolerance)


def _talks() -> Iterator[Row]:
    again = solved(TALKS, ROUNDS)
    for belief in CHANCES:
        place = TALKS.levels.index(belief)
        first, _, second = again.kept.values["begin"][0, :, place, 0]
        conceded = stage(again, 0, belief).opponent
        yield Row(f"stubborn with chance {belief}: side 2 concedes at once", 1, conceded, SURE)
        yield Row(f"stubborn with chance {belief}: payoff of side 1", TALKS.demands[0], float(first), SURE)
        yield Row(f"stubborn with chance {belief}: payoff of side 2", 1 - TALKS.demands[0], float(second), SURE)
    printed = indifferent(TALKS) / (2 * TALKS.half)
    insisted = {left: stage(again, ROUNDS - left, DOUBT).after[1] for left in (4, 5, 6, 7)}
    for left in (5, 6, 7):
        # Beliefs of rounds that follow one another differ by what insisting tells: a concession was expected.
        ours = (1 - insisted[left] / insisted[left - 1]) / (2 * TALKS.half)
        yield Row(f"{left} rounds left, side 2 indifferent: hazard of side 1", printed, ours, 0.002)


def picture() -> tuple[str, str, list[dict[str, float | str]]]:
    """Return axis titles and points: a weak incumbent's chance of fighting against the belief in a tough one."""
    shown = np.linspace(0.01, 0.6, 60).round(10)
    again = solved(replace(STORE, levels=around(ENTERED, shown)), STAGES)
    at = np.searchsorted(again.levels, shown)
    points: list[dict[str, float | str]] = []
    for left in (4, 3, 2):
        chances = again(STAGES - left).choices["answer"].settler[0][0, at, 0]
        points += [{"x": float(x), "y": float(y), "curve": f"{left} left"} for x, y in zip(shown, chances, strict=True)]
    return "belief that the incumbent is tough", "chance that a weak incumbent fights", points
