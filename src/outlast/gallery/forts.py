"""Reproduce war as a random walk over forts, and offers between battles.

    P_i = (1 - s^i) / (1 - s^N),  D_i = (i - N P_i) / (q - p),  s = q / p          chance to win, battles to come
    x_i = 1 + kB - d (p Y_i+1 + q Y_i-1),   y_i = 1 + kA - d (p X_i+1 + q X_i-1)   shares of who proposes

A holds i of N forts and wins a battle with chance p, q = 1 - p. In the second game a refused offer is followed by a
battle, which costs kA and kB, and then the other side proposes. With complete information every first offer is taken.

Sources: W. Feller, An Introduction to Probability Theory and Its Applications I, ch. XIV; A. Smith and A. Stam, Journal
of Conflict Resolution 48, 2004. The structure of offers follows B. Slantchev, APSR 97, 2003, without private
information; the figures of that game are this project's, by its linear system.
"""

from __future__ import annotations

from collections.abc import Iterator

from outlast.gallery.offers import COURTESY, NOISE, Grids, zoom
from outlast.gallery.row import Row
from outlast.game.explicit import ExplicitGame, State, chance, end, explicit_game, state
from outlast.solving.explicit import solve_explicit

MOVES = 4000
WINS = (0.18704834, 0.34638582, 0.51675632, 0.72603228)
LOSSES = (0.48402152, 0.22966948, 0.10263283, 0.03694782)


def walk(forts: int, chance_to_win: float, discount: float = 1.0) -> ExplicitGame:
    """Build the war alone, with accounts that are paid at a win, at a loss, and for every battle."""
    battles = [
        chance(
            f"fort {i}",
            to={f"fort {i + 1}": chance_to_win, f"fort {i - 1}": 1 - chance_to_win},
            pays={"battles": 1},
            discount={"wins": discount, "losses": discount, "battles": 1},
        )
        for i in range(1, forts)
    ]
    ends = (end("fort 0", {"losses": 1}), end(f"fort {forts}", {"wins": 1}))
    return explicit_game(*battles, *ends, players=("wins", "losses", "battles"))


def bargaining(grids: Grids, forts: int, chance_to_win: float, cost: float, discount: float) -> ExplicitGame:
    """Build offers between battles; states are ``A at 1`` and so on, and demands are what the proposer keeps."""
    stages: list[State] = []
    for i in range(1, forts):
        for one, two in (("A", "B"), ("B", "A")):
            name = f"{one} at {i}"
            propose = state(name, mover=one)
            after = {f"{two} at {i + 1}": chance_to_win, f"{two} at {i - 1}": 1 - chance_to_win}
            stages.append(chance(f"battle after {name}", to=after, pays={"A": -cost, "B": -cost}, discount=discount))
            for k, demand in enumerate(grids[name]):
                propose = propose.action(str(k), to=f"{name}, {k}")
                pays = {one: float(demand), two: 1 - float(demand) + COURTESY}
                answer = state(f"{name}, {k}", mover=two)
                stages.append(answer.action("yes", to="deal", pays=pays).action("no", to=f"battle after {name}"))
            stages.insert(0, propose)
    for one in ("A", "B"):
        stages += [end(f"{one} at 0", {"B": 1}), end(f"{one} at {forts}", {"A": 1})]
    return explicit_game(*stages, end("deal"), players=("A", "B"), noise=NOISE)


def shares(forts: int, chance_to_win: float, cost: float, discount: float) -> dict[str, float]:
    """Return what each proposer keeps at each fort."""
    names = tuple(f"{side} at {i}" for side in "AB" for i in range(1, forts))
    return zoom(lambda grids: bargaining(grids, forts, chance_to_win, cost, discount), names, 1200)


def rows() -> Iterator[Row]:
    """Compare chances to win, battles to come, discounted ends and shares."""
    wins = {0.6: [n / 211 for n in (81, 135, 171, 195)], 0.5: [0.2, 0.4, 0.6, 0.8]}
    battles = {0.6: [n / 211 for n in (970, 1265, 1110, 655)], 0.5: [4, 6, 6, 4]}
    for p, printed in wins.items():
        found = solve_explicit(walk(5, p), moves=MOVES)
        for i, (win, length) in enumerate(zip(printed, battles[p], strict=True), 1):
            yield Row(f"p = {p}, fort {i} of 5: chance to win", win, found.value(f"fort {i}", "wins"), 1e-10)
            yield Row(f"p = {p}, fort {i} of 5: battles", length, found.value(f"fort {i}", "battles"), 1e-9)
    found = solve_explicit(walk(5, 0.6, 0.9), moves=MOVES)
    for i, (win, loss) in enumerate(zip(WINS, LOSSES, strict=True), 1):
        yield Row(f"discount .9, fort {i}: win", win, found.value(f"fort {i}", "wins"), 1e-8)
        yield Row(f"discount .9, fort {i}: loss", loss, found.value(f"fort {i}", "losses"), 1e-8)
    found = shares(2, 0.6, 0.05, 0.9)
    yield Row("2 forts, offers: A keeps", 0.69, found["A at 1"], 5e-8)
    yield Row("2 forts, offers: B keeps", 0.51, found["B at 1"], 5e-8)
    found = shares(4, 0.5, 0.02, 0.9)
    for i, printed in enumerate((0.33970588, 0.51176471, 0.78970588), 1):
        yield Row(f"4 forts, offers at fort {i}: A keeps", printed, found[f"A at {i}"], 5e-8)
        yield Row(f"4 forts, offers at fort {4 - i}: B keeps", printed, found[f"B at {4 - i}"], 5e-8)


def picture() -> tuple[str, str, list[dict[str, float | str]]]:
    """Return axis titles and points: the chance to win against forts held of ten, by strength."""
    points: list[dict[str, float | str]] = []
    for p in (0.4, 0.5, 0.6):
        found = solve_explicit(walk(10, p), moves=MOVES)
        points += [{"x": i, "y": found.value(f"fort {i}", "wins"), "curve": f"p = {p}"} for i in range(11)]
    return "forts held, of 10", "chance to win", points
