"""Reproduce Fearon's explanations for war: a bargain exists, and private information or a shift may end it.

    [p - cA, p + cB]                                         the bargaining range
    x* = p + (C - cA) / 2,   Pr(war) = (C - cA) / (2 C)      one demand, the other's cost uniform on [0, C], cA < C
    gamble iff chance of the low cost < (ch - cl) / (ch + cA)       two costs
    delta p2 - p1 > cB (1 - delta)^2                         preventive war, costs paid once

With the uniform cost, the chance that a demand is refused is a move of chance; with two costs, the other knows its own.

Source: J. Fearon, "Rationalist Explanations for War", International Organization 49, 1995.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from outlast.gallery.offers import COURTESY, NOISE
from outlast.gallery.row import Row, switch
from outlast.game.explicit import ExplicitGame, State, chance, end, explicit_game, state
from outlast.solving.explicit import ExplicitSolution, solve_explicit

UNIFORM = {
    (0.5, 0.1, 0.4): (0.65, 0.375, 0.55625),
    (0.3, 0.05, 0.3): (0.425, 0.4166666667, 0.3520833333),
    (0.6, 0.2, 0.25): (0.625, 0.1, 0.6025),
    (0.5, 0.3, 0.2): (0.5, 0.0, 0.5),
}
"""By power, own cost and highest cost of the other: demand, chance of war, value."""
GRID = np.arange(1001) / 1000


def refused(demand: float, power: float, highest: float) -> float:
    """Return the chance that the other's cost is below what a demand takes beyond its power."""
    return float(np.clip((demand - power) / highest, 0.0, 1.0))


def uniform(power: float, cost: float, highest: float) -> ExplicitGame:
    """Build one demand in thousandths to an opponent whose cost is uniform up to ``highest``."""
    demand = state("demand", mover="A")
    answers: list[State] = []
    for k, x in enumerate(GRID):
        war = refused(float(x), power, highest)
        demand = demand.action(str(k), to=f"answer {k}")
        answers += [
            chance(f"answer {k}", to={f"deal {k}": 1 - war, "war": war}),
            end(f"deal {k}", {"A": float(x)}),
        ]
    return explicit_game(demand, *answers, end("war", {"A": power - cost}), players=("A",), noise=NOISE)


def two_costs(low: float, chance_low: float = 0.6, power: float = 0.5, own: float = 0.1, high: float = 0.3):
    """Build one demand to an opponent with two costs: the safe demand, or one that only the high cost accepts."""
    demand = state("demand", mover="A")
    later: list[State] = []
    for name, x in (("safe", power + low), ("risky", power + high)):
        demand = demand.action(name, to={f"{name}, low": chance_low, f"{name}, high": 1 - chance_low})
        for kind, cost in (("low", low), ("high", high)):
            war = {"A": power - own, "B": 1 - power - cost}
            later.append(
                state(f"{name}, {kind}", mover="B")
                .action("accept", to="end", pays={"A": x, "B": 1 - x + COURTESY})
                .action("fight", to="end", pays=war)
            )
    return explicit_game(demand, *later, end("end"), players=("A", "B"), noise=NOISE)


def bargain(power: float, a: float, b: float, demand: float) -> bool:
    """Return whether both prefer a split to war: A says yes to it, and then B."""
    war = {"A": power - a, "B": 1 - power - b}
    split = {"A": demand + COURTESY, "B": 1 - demand + COURTESY}
    both = explicit_game(
        state("A answers", mover="A").action("yes", to="B answers").action("no", to="war"),
        state("B answers", mover="B").action("yes", to="end", pays=split).action("no", to="war"),
        end("war", war),
        end("end"),
        players=("A", "B"),
        noise=NOISE,
    )
    found = solve_explicit(both)
    return found.chance("A answers", "yes") * found.chance("B answers", "yes") > 0.9


def attacks(later: float, now: float = 0.3, cost: float = 0.5, discount: float = 0.9) -> bool:
    """Return whether the declining side attacks at once: tomorrow the rising side leaves it what war would be worth."""
    # Values are sums of flows, so the costly lottery counts the flow for ever and the cost once.
    war, tomorrow = ((1 - p) / (1 - discount) - cost for p in (now, later))
    first = explicit_game(
        state("demand", mover="A").action("nothing", to="answer"),
        state("answer", mover="B", discount=discount)
        .action("accept", to="later", pays={"A": 0, "B": 1})
        .action("attack", to="war", pays={"B": war}),
        end("later", {"B": tomorrow}),
        end("war"),
        players=("A", "B"),
        noise=NOISE,
    )
    return solve_explicit(first).chance("answer", "attack") > 0.5


def _chosen(found: ExplicitSolution) -> int:
    return max(range(len(GRID)), key=lambda k: found.chance("demand", str(k)))


def rows() -> Iterator[Row]:
    """Compare the range, the best demand, the chance of war, the switch to gambling and the preventive threshold."""
    low = switch(lambda x: bargain(0.5, 0.1, 0.2, x), 0.0, 0.5)
    high = switch(lambda x: not bargain(0.5, 0.1, 0.2, x), 0.5, 1.0)
    yield Row("power .5, costs .1 and .2: lower end of the range", 0.4, low, 1e-8)
    yield Row("power .5, costs .1 and .2: upper end of the range", 0.7, high, 1e-8)
    for (power, cost, highest), (demand, war, value) in UNIFORM.items():
        found = solve_explicit(uniform(power, cost, highest))
        ours = float(GRID[_chosen(found)])
        name = f"uniform cost, power {power}, costs {cost} and up to {highest}"
        yield Row(f"{name}: demand", demand, ours, 5e-4)
        yield Row(f"{name}: chance of war", war, refused(ours, power, highest), 2e-3)
        yield Row(f"{name}: value", value, found.value("demand", "A"), 1e-6)
    safe = switch(lambda q: solve_explicit(two_costs(0.05, q)).chance("demand", "safe") > 0.5, 0.01, 0.99)
    yield Row("two costs: chance of the low one from which A is safe", 0.625, safe, 1e-7)
    yield Row("preventive war: critical later power", 0.3388888889, switch(attacks, 0.3, 0.6), 1e-8)


def picture() -> tuple[str, str, list[dict[str, float | str]]]:
    """Return axis titles and points: the chance of war against the highest cost of the other."""
    points: list[dict[str, float | str]] = []
    for step in range(1, 17):
        highest = 0.05 * step
        for cost in (0.05, 0.2):
            x = float(GRID[_chosen(solve_explicit(uniform(0.5, cost, highest)))])
            points.append({"x": highest, "y": refused(x, 0.5, highest), "curve": f"own cost {cost}"})
    return "highest cost of the other", "chance of war", points
