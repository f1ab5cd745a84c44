"""Solve the chain store, and bargaining with a stubborn type, as months: by the engine that solves wars.

    Chain store, n entrants left, belief p in toughness: the entrant enters if p < b^n and stays out if p > b^n; a weak
    incumbent fights with chance min(1, (1 - b^(n-1)) p / ((1 - p) b^(n-1))), which carries p to max(p, b^(n-1)).
    Stubborn type: side 1 demands a_1 and may be stubborn, side 2 is known not to be. It concedes at once, and side 1
    has a_1 however small the chance that it is stubborn: payoffs a_1 and 1 - a_1.

A month is a stage of the first game and a round of the second, written as the layers that a month of war is made of
(``outlast.game.layers``), and solved over a grid of beliefs by backward induction (``outlast.solving.backward``). The
incumbent, or side 1, is the player with the private type. Out pays the incumbent 2; fighting costs a weak one 1, and
acquiescing costs a tough one 1; the entrant gains b = 1/2 or loses 1/2. Noise is small, not zero, and beliefs are read
between levels, so figures differ by what these explain: most with three left, where the belief stands at the
entrant's threshold.

Sources: D. Kreps and R. Wilson, "Reputation and Imperfect Information", Journal of Economic Theory 27, 1982;
R. Myerson, Game Theory, 1991, theorem 8.4, which is D. Abreu and F. Gul, Econometrica 68, 2000, with one stubborn side.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
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


def around(*centres: float) -> tuple[float, ...]:
    """Return belief levels that are close together around the given ones."""
    near = np.linspace(-0.05, 0.05, 21)
    levels = np.concatenate([np.linspace(0, 1, 101), *(centre * (1 + near) for centre in centres)])
    return tuple(np.unique(np.round(levels, 10)).tolist())


STORE = ChainStore(0.01, around(*(0.5**left for left in range(1, STAGES + 1))))
TALKS = Stubborn(
    0.001, tuple(np.unique(np.round([*np.linspace(0, 1, 201), *np.geomspace(0.001, 1, 400)], 10)).tolist())
)
ROUNDS, DOUBT = 12, 0.005
"""Rounds of talks, and a chance of stubbornness so small that side 1 mixes in the last of them."""


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
    yield Row("chain store: value of a weak incumbent", 6, float(again.kept.values["begin"][0, PLAIN, place, 0]), 0.01)
    entry = {6: 0.0, 4: 0.0, 3: 1.0, 2: 0.5, 1: 0.5}
    fights = {6: 1.0, 4: 7 / 9, 3: 1 / 3, 2: 1 / 3, 1: 0.0}
    for left, belief, after in ((6, 0.1, 0.1), (4, 0.1, 0.125), (3, 0.1, 0.25), (2, 0.25, 0.5), (1, 0.5, 1.0)):
        found = stage(again, STAGES - left, belief)
        yield Row(f"chain store, {left} left: entrant enters", entry[left], 1 - found.opponent, 0.01)
        yield Row(f"chain store, {left} left: weak fights", fights[left], found.plain, 0.002)
        yield Row(f"chain store, {left} left: belief after a fight", after, found.after[0], 0.002)
        yield Row(f"chain store, {left} left: belief after acquiescing", 0, found.after[1], 1e-6)
    begun = np.zeros((len(STORE.levels), 1))
    begun[place] = 1
    (path,) = run(again, [Course({"begin": begun}, OTHER_TYPE)], months=STAGES)
    for left, printed in ((4, 0.0), (3, 1.0), (2, 0.5), (1, 0.75)):
        ours = float(path.through["answer"][STAGES - left])
        yield Row(f"chain store, {left} left: a tough incumbent has been entered upon", printed, ours, 0.01)


def _talks() -> Iterator[Row]:
    again = solved(TALKS, ROUNDS)
    for belief in (0.1, 0.01):
        place = TALKS.levels.index(belief)
        first, _, second = again.kept.values["begin"][0, :, place, 0]
        conceded = stage(again, 0, belief).opponent
        yield Row(f"stubborn with chance {belief}: side 2 concedes at once", 1, conceded, 1e-6)
        yield Row(f"stubborn with chance {belief}: payoff of side 1", TALKS.demands[0], float(first), 1e-6)
        yield Row(f"stubborn with chance {belief}: payoff of side 2", 1 - TALKS.demands[0], float(second), 1e-6)
    insisted = {left: stage(again, ROUNDS - left, DOUBT).after[1] for left in (4, 5, 6, 7)}
    for left in (5, 6, 7):
        # Beliefs of rounds that follow one another differ by what insisting tells: a concession was expected.
        ours = (1 - insisted[left] / insisted[left - 1]) / (2 * TALKS.half)
        yield Row(f"{left} rounds left, side 2 indifferent: hazard of side 1", 0.17044, ours, 0.003)


def picture() -> tuple[str, str, list[dict[str, float | str]]]:
    """Return axis titles and points: a weak incumbent's chance of fighting against the belief in a tough one."""
    again = solved(STORE, STAGES)
    points: list[dict[str, float | str]] = []
    for left in (4, 3, 2):
        for belief in np.linspace(0.01, 0.6, 60):
            chance = stage(again, STAGES - left, float(belief)).plain
            points.append({"x": float(belief), "y": chance, "curve": f"{left} left"})
    return "belief that the incumbent is tough", "chance that a weak incumbent fights", points
