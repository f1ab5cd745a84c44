"""Reproduce alternating offers: one proposes a split, the other says yes or refuses and proposes next.

    x = (1 - d2) / (1 - d1 d2)                              the first proposer's share, d the discounts
    x = b1 + (1 - b1 - b2) / (2 - h)                        talks end with chance h after a refusal, worth b; d = 1
    x = min of 1 / (1 + d) and 1 - s                        the one who answers may leave and take s
    x = (1 - g2 + d g1) / (1 + d)                           flows (1 - d) g while there is no deal

A breakdown is a patron who leaves, an inside option is what the war pays meanwhile, and an outside option matters only
once it is better than the deal. On a grid of offers there are more equilibria than one; with d > 1 - step every split
is one. Offers are refined to 1e-9 (``outlast.gallery.offers``), and a long horizon stands for an endless one.

Sources: A. Rubinstein, Econometrica 50, 1982; I. Ståhl, 1972; K. Binmore, A. Rubinstein and A. Wolinsky, RAND Journal
of Economics 17, 1986; K. Binmore, A. Shaked and J. Sutton, QJE 104, 1989; A. Muthoo, Bargaining Theory with
Applications, 1999; E. van Damme, R. Selten and E. Winter, Games and Economic Behavior 2, 1990 (grids).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from outlast.gallery.offers import COURTESY, NOISE, Grids, zoom
from outlast.gallery.row import Row
from outlast.game.explicit import ExplicitGame, State, end, explicit_game, state
from outlast.solving.explicit import solve_explicit

PLAYERS = ("one", "two")
COUNTS = {0.5: 2, 0.9: 6, 0.95: 17, 0.99: 99, 0.995: 101}


@dataclass(frozen=True)
class Terms:
    """The numbers of one bargaining game; by player where there are two."""

    discount: tuple[float, float] = (0.9, 0.9)
    breakdown: float = 0.0
    broken: tuple[float, float] = (0.0, 0.0)
    outside: float | None = None
    inside: tuple[float, float] = (0.0, 0.0)


def _stage(name: str, who: int, after: str, grid: np.ndarray, terms: Terms) -> list[State]:
    """Return one proposal and its answers; a refusal leads to ``after``."""
    one, two = PLAYERS[who], PLAYERS[1 - who]
    propose = state(name, mover=one, discount=1.0)
    answers = []
    refused = {after: 1 - terms.breakdown, "broken": terms.breakdown} if terms.breakdown else after
    later: dict[str, float] = dict(zip(PLAYERS, terms.discount, strict=True))
    flow = {p: (1 - d) * g for p, d, g in zip(PLAYERS, terms.discount, terms.inside, strict=True)}
    for k, demand in enumerate(grid):
        propose = propose.action(str(k), to=f"{name}, {k}")
        pays = {one: float(demand), two: 1 - float(demand) + COURTESY}
        answer = state(f"{name}, {k}", mover=two, discount=later).action("yes", to="deal", pays=pays)
        answer = answer.action("no", to=refused, pays=flow)
        if terms.outside is not None:
            answer = answer.action("leave", to="deal", pays={two: terms.outside})
        answers.append(answer)
    return [propose, *answers]


def endless(grids: Grids, terms: Terms) -> ExplicitGame:
    """Build the game that comes back to the first proposer after two refusals."""
    return explicit_game(
        *_stage("first", 0, "second", grids["first"], terms),
        *_stage("second", 1, "first", grids["second"], terms),
        end("deal"),
        end("broken", dict(zip(PLAYERS, terms.broken, strict=True))),
        players=PLAYERS,
        noise=NOISE,
    )


def finite(grids: Grids, terms: Terms) -> ExplicitGame:
    """Build the game of as many proposals as there are grids; after the last refusal nobody gets anything."""
    names = list(grids)
    stages = [
        each
        for i, name in enumerate(names)
        for each in _stage(name, i % 2, names[i + 1] if i + 1 < len(names) else "broken", grids[name], terms)
    ]
    return explicit_game(*stages, end("deal"), end("broken"), players=PLAYERS, noise=NOISE)


def share(terms: Terms, moves: int = 1200) -> float:
    """Return the first proposer's share in the endless game."""
    return zoom(lambda grids: endless(grids, terms), ("first", "second"), moves)["first"]


def share_by(proposals: int, terms: Terms) -> float:
    """Return the first proposer's share when so many proposals are left."""
    names = tuple(f"proposal {i + 1}" for i in range(proposals))
    return zoom(lambda grids: finite(grids, terms), names, None)[names[0]]


def stationary_demands(discount: float, steps: int = 100) -> int:
    """Count the demands of the first player in a pure stationary equilibrium on a grid, where yes is said if not worse.

    For each demand of the other, one proposal is solved whose refusal is worth what that demand brings tomorrow; an
    equilibrium is a pair in which each demand is the best one against the other.
    """
    grid = np.arange(steps + 1) / steps
    terms = Terms(discount=(discount, discount))
    best = []
    for other in grid:
        stage = _stage("first", 0, "refused", grid, terms)
        after = end("refused", {"one": 1 - float(other), "two": float(other)})
        found = solve_explicit(explicit_game(*stage, after, end("deal"), players=PLAYERS, noise=NOISE), watch=None)
        best.append(max(range(steps + 1), key=lambda k, found=found: found.chance("first", str(k))))
    return sum(best[best[k]] == k for k in range(steps + 1))


def rows() -> Iterator[Row]:
    """Compare shares and count the equilibria on a grid of hundredths."""
    base = Terms()
    yield Row("discounts .9 and .8", 0.7142857143, share(Terms((0.9, 0.8))), 2e-8)
    yield Row("discounts .9 and .9", 0.5263157895, share(base), 2e-8)
    for proposals, printed in ((1, 1.0), (2, 0.2), (3, 0.92), (4, 0.344), (7, 0.820928), (20, 0.6875435268)):
        ours = share_by(proposals, Terms((0.9, 0.8)))
        yield Row(f"discounts .9 and .8, {proposals} proposals", printed, ours, 2e-8)
    broken = Terms((1.0, 1.0), breakdown=0.05, broken=(0.3, 0.2))
    yield Row("breakdown .05, worth .3 and .2", 0.5564102564, share(broken), 5e-8)
    yield Row("outside option .40 (does not bind)", 0.5263157895, share(Terms(outside=0.40)), 2e-8)
    yield Row("outside option .60 (binds)", 0.40, share(Terms(outside=0.60)), 2e-8)
    yield Row("inside options .4 and .1", 0.6631578947, share(Terms(inside=(0.4, 0.1))), 2e-8)
    for discount, count in COUNTS.items():
        ours = stationary_demands(discount)
        yield Row(f"grid of hundredths, discount {discount}: equilibrium demands", count, ours, 0)


def picture() -> tuple[str, str, list[dict[str, float | str]]]:
    """Return axis titles and points: the first proposer's share against the proposals left."""
    points: list[dict[str, float | str]] = []
    for proposals in range(1, 21):
        ours = share_by(proposals, Terms((0.9, 0.8)))
        curve = "last proposal is ours" if proposals % 2 else "last proposal is theirs"
        points.append({"x": proposals, "y": ours, "curve": curve})
    return "proposals left", "share of the first proposer", points
