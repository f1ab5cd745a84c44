"""Reproduce bargaining with stubborn types, and find when stalling for a patron's exit is free.

    l_i = r_j (1 - a_i) / S,  S = a_1 + a_2 - 1,   T_i = -ln z_i / l_i,  T0 = min T_i
    F_i(0) = 1 - z_i exp(l_i T0),   payoff_i = F_j(0) a_i + (1 - F_j(0)) (1 - a_j)
    l_i = [r_j (1 - a_i) + h (1 - a_i - d_j)] / S,   free iff (1 - a) < h d / (r + h)    exit at hazard h

Side i demands a_i, is stubborn with prior z_i, discounts at r_i, and concedes at rate l_i; d is its payoff once the
patron has left. Concessions by turns make the other indifferent between conceding now and at its next turn. That
chance is found here on the engine's choice, for rounds of 0.002; dates and payoffs follow from it by Bayes' rule, as
both must be known to be stubborn at one date. The engine has one private type, so it is not asked for both at once.

Source: D. Abreu and F. Gul, "Bargaining and Reputation", Econometrica 68, 2000. The exit is this project's corollary.
"""

from __future__ import annotations

from collections.abc import Iterator
from math import exp, log

from outlast.gallery.offers import NOISE
from outlast.gallery.row import Row, switch
from outlast.game.explicit import ExplicitGame, end, explicit_game, state
from outlast.solving.explicit import solve_explicit

DEMAND, RATE, STUBBORN = (0.7, 0.6), (0.1, 0.2), (0.1, 0.05)
BY_TURNS = {1: (0.17044, 0.118518), 0.1: (0.19613, 0.13159), 0.01: (0.199601, 0.133156)}
SHORT = 0.001


def turn(concedes: float, own: float, other: float, rate: float, half: float) -> ExplicitGame:
    """Build one side's turn: concede, or insist; half a round later the other concedes, or the turn is back.

    ``own`` and ``other`` are the demands; at its next turn the side concedes.
    """
    factor = exp(-rate * half)
    after = {"won": concedes, "back": 1 - concedes}
    return explicit_game(
        state("turn", mover="one", discount=factor)
        .action("concede", to="over", pays={"one": 1 - other})
        .action("insist", to=after),
        end("over"),
        end("won", {"one": own}),
        end("back", {"one": factor * (1 - other)}),
        players=("one",),
        noise=NOISE,
    )


def concession(side: int, half: float) -> float:
    """Return the chance of conceding of a side (0 or 1) at which the other does not care, by halving."""
    me = 1 - side

    def insists(q: float) -> bool:
        found = solve_explicit(turn(q, DEMAND[me], DEMAND[side], RATE[me], half))
        return found.chance("turn", "insist") > 0.5

    return switch(insists, 0.0, 1.0, 1e-12)


def waits(offer: float, hazard: float, rate: float = 0.1, left: float = 0.9, period: float = 1e-3) -> bool:
    """Return whether one more period of talks beats signing an offer, if the offer is signed after it."""
    leaves = 1 - exp(-hazard * period)
    talks = explicit_game(
        state("talks", mover="settler", discount=exp(-rate * period))
        .action("sign", to="over", pays={"settler": offer})
        .action("wait", to={"left": leaves, "on": 1 - leaves}),
        end("over"),
        end("left", {"settler": left}),
        end("on", {"settler": offer}),
        players=("settler",),
        noise=NOISE,
    )
    return solve_explicit(talks).chance("talks", "wait") > 0.5


def rows() -> Iterator[Row]:
    """Compare concessions by turns, hazards, the date at which talks end, payoffs, and the stall threshold."""
    for half, printed in BY_TURNS.items():
        for side in (0, 1):
            # The half-step is the unit; hazards are per unit of time, two half-steps apart.
            ours = concession(side, half) / (2 * half)
            yield Row(f"half-step {half}: hazard of side {side + 1}", printed[side], ours, 1e-6)
    hazard = [concession(side, SHORT) / (2 * SHORT) for side in (0, 1)]
    for side, printed in enumerate((0.2, 0.1333333333)):
        yield Row(f"hazard of side {side + 1}", printed, hazard[side], 1e-4)
    dates = [-log(z) / rate for z, rate in zip(STUBBORN, hazard, strict=True)]
    date = min(dates)
    first = [1 - z * exp(rate * date) for z, rate in zip(STUBBORN, hazard, strict=True)]
    yield Row("date by which all has been conceded", 11.51292546, date, 1e-2)
    yield Row("side 2 concedes at once", 0.7679205583, first[1], 1e-3)
    for side, printed in ((0, 0.6303761675), (1, 0.3)):
        other = first[1 - side]
        ours = other * DEMAND[side] + (1 - other) * (1 - DEMAND[1 - side])
        yield Row(f"payoff of side {side + 1}", printed, ours, 1e-3)
    critical = switch(lambda h: waits(0.4, h), 0.001, 1.0)
    yield Row("offer .4: hazard of exit above which stalling is free", 0.08, critical, 1e-4)
    yield Row("offer .4, hazard .05: stalling is free", 0, float(waits(0.4, 0.05)), 0)
    yield Row("offer .4, hazard .1: stalling is free", 1, float(waits(0.4, 0.1)), 0)


def picture() -> tuple[str, str, list[dict[str, float | str]]]:
    """Return axis titles and points: the offer below which stalling is free, against the hazard of the exit."""
    points: list[dict[str, float | str]] = []
    for step in range(21):
        hazard = 0.01 + 0.02 * step
        for rate in (0.05, 0.1, 0.2):
            offer = switch(lambda x, h=hazard, r=rate: not waits(x, h, r), 0.0, 0.95, 1e-6)
            points.append({"x": hazard, "y": offer, "curve": f"impatience {rate}"})
    return "hazard of the patron's exit", "offer below which stalling is free", points
