"""Reproduce the chain store: a weak incumbent fights early entrants to be taken for a tough one.

    With n entrants left and belief p in toughness: the entrant stays out if p > b^n and enters if p < b^n;
    a weak incumbent fights for sure if p >= b^(n-1), else with chance (1 - b^(n-1)) p / ((1 - p) b^(n-1)),
    and a fight carries the belief to max(p, b^(n-1)).

Out pays the incumbent 2; a fight costs a weak one 1; the entrant gains b = 1/2 or loses 1 - b = 1/2. A tough incumbent
can only fight. Solved with the exact belief after every history at noise 0.02, so figures differ from those without
noise by what noise explains: with three left the belief stands at the entrant's threshold, where it explains most.

Source: D. Kreps and R. Wilson, "Reputation and Imperfect Information", Journal of Economic Theory 27, 1982.
"""

from __future__ import annotations

from collections.abc import Iterator

from outlast.gallery.row import Row
from outlast.game.explicit import ExplicitGame, Private, end, explicit_game, state
from outlast.solving.explicit_types import TypesSolution, solve_exactly

STAGES, PRIOR, NOISE = 6, 0.1, 0.02


def game(stages: int = STAGES, prior: float = PRIOR, noise: float = NOISE) -> ExplicitGame:
    """Build the stages, one entrant each; ``prior`` is the chance of a tough incumbent."""
    states = []
    for left in range(stages, 0, -1):
        after, entrant = (f"{left - 1} left" if left > 1 else "end"), f"entrant {left}"
        states += [
            state(f"{left} left", mover=entrant)
            .action("out", to=after, pays={"incumbent": 2})
            .action("in", to=f"{left} answer"),
            state(f"{left} answer", mover="incumbent")
            .action("fight", to=after, pays={entrant: -0.5, "weak": -1})
            .action("acquiesce", to=after, pays={entrant: 0.5}, types=("weak",)),
        ]
    players = ("incumbent", *(f"entrant {left}" for left in range(stages, 0, -1)))
    return explicit_game(
        *states, end("end"), players=players, noise=noise, private=Private("incumbent", ("weak", "tough"), prior)
    )


def _mixing(found: TypesSolution) -> Iterator[Row]:
    for left, fights, weak, after in ((4, 0, 7 / 9, 0.125), (3, 1, 1 / 3, 0.25), (2, 2, 1 / 3, 0.5)):
        answer = found.histories.child(found.at("out", "out", *["in", "fight"] * fights), "in")
        # The belief stands at the entrant's threshold here, so the first order in noise does not vanish.
        tolerance = 0.1 if left == 3 else 0.005
        yield Row(f"{left} left: weak fights", weak, found.chance(answer, "fight", type="weak"), tolerance)
        belief = found.belief(found.histories.child(answer, "fight"))
        yield Row(f"{left} left: belief after a fight", after, belief, 0.002)
        yielded = found.belief(found.histories.child(answer, "acquiesce"))
        yield Row(f"{left} left: belief after acquiescing", 0, yielded, 1e-12)


def rows() -> Iterator[Row]:
    """Compare the weak incumbent's value, the mixing and the beliefs."""
    found = solve_exactly(game())
    yield Row("value of a weak incumbent", 6, found.value(0, "weak"), 0.02)
    yield Row("6 left: entrant enters", 0, found.chance(0, "in"), 1e-6)
    yield from _mixing(found)
    for left, fights in ((2, 2), (1, 3)):
        node = found.at("out", "out", *["in", "fight"] * fights)
        yield Row(f"{left} left: entrant enters", 0.5, found.chance(node, "in"), 0.01)
    last = found.histories.child(found.at("out", "out", *["in", "fight"] * 3), "in")
    yield Row("1 left: weak fights", 0, found.chance(last, "fight", type="weak"), 1e-6)


def picture() -> tuple[str, str, list[dict[str, float | str]]]:
    """Return axis titles and points: a weak incumbent's chance of fighting the first of three, against noise."""
    points: list[dict[str, float | str]] = []
    for noise in (0.02, 0.03, 0.04, 0.06, 0.08, 0.12, 0.16, 0.24):
        found = solve_exactly(game(3, PRIOR, noise), watch=None)
        first = found.chance(found.at("in"), "fight", type="weak")
        then = found.chance(found.at("in", "fight", "in"), "fight", type="weak")
        points += [{"x": noise, "y": first, "curve": "3 left"}, {"x": noise, "y": then, "curve": "2 left"}]
    return "noise", "chance that a weak incumbent fights", points
