"""Reproduce the centipede with logit choices: four nodes, two players who take the larger pile or pass.

    p_t = 1 / (1 + exp(-precision (take_t - v_t+1))),    v_t = p_t take_t + (1 - p_t) v_t+1

by plain expectation. Under the log-sum-exp convention the mover's value has an entropy term, so all nodes but each
player's last change: the figures are therefore the cheapest test of which convention a program uses.

Source: R. McKelvey and T. Palfrey, "Quantal Response Equilibria for Extensive Form Games", Experimental Economics 1,
1998; payoffs of their paper in Econometrica 60, 1992. Figures: the recursion above, recomputed.
"""

from __future__ import annotations

from collections.abc import Iterator

from outlast.gallery.row import Row
from outlast.game.explicit import ExplicitGame, end, explicit_game, state
from outlast.solving.explicit import solve_explicit

TAKEN = ((0.4, 0.1), (0.2, 0.8), (1.6, 0.4), (0.8, 3.2))
LAST = (6.4, 1.6)
PRINTED = {
    1: ((0.29625657, 0.27798029, 0.46488365, 0.83201839), (1.008870, 1.077619)),
    2: ((0.23619297, 0.37629874, 0.76157682, 0.96083428), (0.848227, 0.755021)),
    5: ((0.49270422, 0.85143611, 0.98184719, 0.99966465), (0.402961, 0.428791)),
}


def game(precision: float) -> ExplicitGame:
    """Build the four nodes; ``precision`` is one over the noise."""
    nodes = []
    for i, (one, two) in enumerate(TAKEN):
        last = i == len(TAKEN) - 1
        rest = {"one": LAST[0], "two": LAST[1]} if last else {}
        nodes.append(
            state(f"node {i + 1}", mover=("one", "two")[i % 2])
            .action("take", to="end", pays={"one": one, "two": two})
            .action("pass", to="end" if last else f"node {i + 2}", pays=rest)
        )
    return explicit_game(*nodes, end("end"), players=("one", "two"), noise=1 / precision)


def rows() -> Iterator[Row]:
    """Compare chances of taking to 1e-8 and values to 1e-6, and one decision under both conventions."""
    for precision, (takes, values) in PRINTED.items():
        found = solve_explicit(game(precision))
        for i, printed in enumerate(takes, 1):
            ours = found.chance(f"node {i}", "take")
            yield Row(f"precision {precision}: chance of taking at node {i}", printed, ours, 1e-8)
        for player, printed in zip(("one", "two"), values, strict=True):
            yield Row(f"precision {precision}: value of player {player}", printed, found.value("node 1", player), 1e-6)
    choice = state("choose", mover="one").action("nothing", to="end").action("one", to="end", pays={"one": 1})
    single = explicit_game(choice, end("end"), players=("one",))
    for convention, printed in (("expectation", 0.7310585786), ("logsumexp", 1.3132616875)):
        ours = solve_explicit(single, convention=convention).value("choose", "one")
        yield Row(f"one choice between 0 and 1, value by {convention}", printed, ours, 1e-10)


def picture() -> tuple[str, str, list[dict[str, float | str]]]:
    """Return axis titles and points: chances of taking against precision."""
    points: list[dict[str, float | str]] = []
    for step in range(25):
        precision = 0.1 * 1.25**step
        found = solve_explicit(game(precision))
        points += [{"x": precision, "y": found.chance(f"node {i}", "take"), "curve": f"node {i}"} for i in range(1, 5)]
    return "precision", "chance of taking", points
