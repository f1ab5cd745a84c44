"""Reproduce the commitment problem: power will shift, and who rises cannot bind itself not to use it.

    delta p2 - p1 > c / (1 - c)                                     conflict, if the declining side makes the offers
    (1 - p1)(1 - c) > (1 - delta) + delta (1 - p2)(1 - c)           conflict, if the rising side makes them
    beta p2 - p1 > c / (1 - c),  beta = delta h / (1 - delta + delta h)    the shift comes when a patron leaves

War gives the rising side the whole flow for ever with chance p and destroys a share c of it. The patron leaves with
chance h a period; h = 1 is a shift that is certain tomorrow. Flows are normalised: the whole pie for ever is 1. Who
makes the offers changes the threshold although nothing else does.

Sources: R. Powell, "The Inefficient Use of Power", APSR 98, 2004; "War as a Commitment Problem", International
Organization 60, 2006. The contrast of protocols and the patron's exit are this project's corollaries.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from outlast.gallery.offers import COURTESY, NOISE
from outlast.gallery.row import Row, switch
from outlast.game.explicit import ExplicitGame, State, chance, end, explicit_game, state
from outlast.solving.explicit import solve_explicit

MOVES = 600


@dataclass(frozen=True)
class Shift:
    """A shift of power; ``rising_offers`` says who makes the offers."""

    before: float = 0.3
    after: float = 0.8
    discount: float = 0.9
    destroyed: float = 0.2
    hazard: float = 1.0
    rising_offers: bool = False

    def worth(self, power: float, side: str) -> float:
        """Return what war is worth to a side."""
        return (power if side == "rising" else 1 - power) * (1 - self.destroyed)


def _period(name: str, power: float, on: str, shift: Shift) -> list[State]:
    """Return one period: fight or offer a share of the flow; take it, or fight.

    Besides round shares there is the one that makes the side which answers exactly indifferent, where there is one. It
    is worth its war value in either period, so a share x solves (1 - d) x + d (next war value) = war value.
    """
    one, two = ("rising", "declining") if shift.rising_offers else ("declining", "rising")
    war = f"war, {name}"
    leaves = shift.hazard if name == "before" else 0.0
    later = leaves * shift.worth(shift.after, two) + (1 - leaves) * shift.worth(power, two)
    exact = (shift.worth(power, two) - shift.discount * later) / (1 - shift.discount)
    shares = (0.0, 0.25, 0.5, 0.75, 1.0, min(1.0, max(0.0, exact)))
    propose = state(name, mover=one).action("fight", to=war)
    answers = []
    for k, offered in enumerate(shares):
        propose = propose.action(f"offer {k}", to=f"{name}, offer {k}")
        flow = 1 - shift.discount
        pays = {one: flow * (1 - offered), two: flow * offered + COURTESY}
        answers.append(state(f"{name}, offer {k}", mover=two).action("take", to=on, pays=pays).action("fight", to=war))
    values = {side: shift.worth(power, side) for side in ("rising", "declining")}
    return [propose, *answers, end(war, values)]


def game(shift: Shift) -> ExplicitGame:
    """Build the periods before and after the shift."""
    left = {"after": shift.hazard, "before": 1 - shift.hazard}
    return explicit_game(
        *_period("before", shift.before, "patron", shift),
        chance("patron", to="after" if shift.hazard >= 1 else left, discount=shift.discount),
        *_period("after", shift.after, "tomorrow", shift),
        chance("tomorrow", to="after", discount=shift.discount),
        players=("rising", "declining"),
        noise=NOISE,
    )


def fights(shift: Shift) -> bool:
    """Return whether the game begins with war, by either side's choice."""
    found = solve_explicit(game(shift), moves=MOVES, watch=None)
    peace = 0.0
    at = 0
    while f"before, offer {at}" in (found.game.state_names or ()):
        peace += found.chance("before", f"offer {at}") * found.chance(f"before, offer {at}", "take")
        at += 1
    return peace < 0.5


def rows() -> Iterator[Row]:
    """Compare the thresholds, found by halving on whether the game begins with war."""
    later = switch(lambda p: fights(Shift(after=p)), 0.3, 0.99, 1e-8)
    yield Row("declining side offers: critical later power", 0.6111111111, later, 1e-7)
    later = switch(lambda p: fights(Shift(after=p, rising_offers=True)), 0.3, 0.99, 1e-8)
    yield Row("rising side offers: critical later power", 0.3611111111, later, 1e-7)
    hazard = switch(lambda h: fights(Shift(hazard=h)), 0.01, 0.99, 1e-8)
    yield Row("patron may leave: critical chance a period", 0.2444444444, hazard, 1e-7)
    for power, war in ((0.6111, 0), (0.6112, 1)):
        yield Row(f"declining side offers, later power {power}: war", war, float(fights(Shift(after=power))), 0)


def picture() -> tuple[str, str, list[dict[str, float | str]]]:
    """Return axis titles and points: the critical later power against today's, by who makes the offers."""
    points: list[dict[str, float | str]] = []
    for step in range(9):
        now = 0.1 + 0.05 * step
        for rising in (False, True):
            later = switch(lambda p, r=rising, n=now: fights(Shift(n, p, rising_offers=r)), now, 1.0, 1e-4)
            curve = "rising side offers" if rising else "declining side offers"
            if later == later:
                points.append({"x": now, "y": later, "curve": curve})
    return "power of the rising side now", "later power above which there is war", points
