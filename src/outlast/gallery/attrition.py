"""Reproduce the war of attrition by turns: quit and leave the prize to the other, or pay and pass the turn.

    q_j = c_i / (discount v_i)                            mixed equilibrium: j quits so that i does not care
    ln(q_i / (1 - q_i)) = -precision S_i,
    S_i = (-c_i + d q_j v_i) / (1 - d^2 (1 - q_i)(1 - q_j))    with logit choices, d the discount

With equal players there is one logit equilibrium below a precision and three above it (a pitchfork). With unequal ones
the principal branch leads to the side with the lower cost for its prize never quitting. As turns become short, the
chance of quitting per unit of time tends to the hazards of the continuous war: c_j / V_j with flow costs, and
r_j L_j / (F_j - L_j) with discounting, L the value of conceding and F that of winning.

Sources: K. Hendricks, A. Weiss and C. Wilson, "The War of Attrition in Continuous Time with Complete Information",
International Economic Review 29, 1988; D. Fudenberg and J. Tirole, Game Theory, 1991, for the figures by formula.
The logit figures are this project's, cross-checked with another solver.
"""

from __future__ import annotations

from collections.abc import Iterator
from math import exp

from outlast.gallery.row import Row, switch
from outlast.gallery.several import Several, several_of
from outlast.game.explicit import ExplicitGame, end, explicit_game, state
from outlast.solving.explicit import solve_explicit
from outlast.solving.multistart import equilibria_of

PITCHFORK = 0.7290646931
SYMMETRIC = {1: 0.3590920965, 2: 0.3207707305, 5: 0.2889279768, 10: 0.2765121368}
SHARP = {20: 0.2699517161, 50: 0.2659032123, 100: 0.2645351601}
PRINCIPAL = {1: (0.03643141, 0.75034919), 2: (0.00074756, 0.89960603), 5: (7.5e-9, 0.99350045)}
PRINCIPAL_VALUES = {1: (3.155892, -0.105764), 2: (3.596281, -0.101503), 5: (3.741072, -0.006211)}
PAIRS = {0.8: (0.21752226, 0.5506315), 1: (0.10203705, 0.69315328), 2: (0.00492848, 0.89686526)}


def game(precision: float, prizes: tuple[float, float] = (4, 4), discount: float = 0.95) -> ExplicitGame:
    """Build the two turns; ``prizes`` are what each gains when the other quits, staying costs 1."""
    return explicit_game(
        state("first", mover="one")
        .action("quit", to="over", pays={"two": prizes[1]})
        .action("stay", to="second", pays={"one": -1}),
        state("second", mover="two")
        .action("quit", to="over", pays={"one": prizes[0]})
        .action("stay", to="first", pays={"two": -1}),
        end("over"),
        players=("one", "two"),
        discount=discount,
        noise=1 / precision,
    )


def gain_of_staying(other_quits: float, concede: float, win: float, cost: float, discount: float) -> float:
    """Return by how much the chance of staying exceeds one half, when the other quits with this chance.

    One turn of the other is a move of chance, so that the reply of a single player is all that is solved; the payoff
    of conceding comes at the player's next turn.
    """
    stay = {"win": other_quits, "back": 1 - other_quits}
    reply = explicit_game(
        state("turn", mover="one").action("concede", to="gone").action("stay", to=stay, pays={"one": -cost}),
        end("gone", {"one": concede / discount}),
        end("win", {"one": win}),
        end("back", {"one": discount * concede}),
        players=("one",),
        discount=discount,
        noise=1.0,
    )
    return solve_explicit(reply).chance("turn", "stay") - 0.5


def indifferent(concede: float, win: float, cost: float, discount: float) -> float:
    """Return the chance of quitting of the other that makes a player not care, found on the engine's choices."""
    return switch(lambda q: gain_of_staying(q, concede, win, cost, discount) >= 0, 0.0, 1.0, 1e-13)


def rows() -> Iterator[Row]:
    """Compare the branches, the pitchfork, the number of equilibria and the limits."""
    for precision, printed in {**SYMMETRIC, **SHARP}.items():
        ours = solve_explicit(game(precision), watch=None).chance("first", "quit")
        yield Row(f"equal players, precision {precision}: chance of quitting", printed, ours, 1e-8)
    watched = solve_explicit(game(2), watch=1e-9).stationary
    crossings = watched.crossings if watched is not None else ()
    yield Row("equal players: precision of the pitchfork", PITCHFORK, 2 / crossings[0][0] if crossings else 0, 2e-8)
    for precision, count in ((0.7, 1), (0.8, 3), (1, 3), (2, 3)):
        found = equilibria_of(game(precision), starts=24)
        yield Row(f"equal players, precision {precision}: equilibria", count, len(found.values), 0)
        if precision in PAIRS:
            place = found.game.row_index("first", "quit"), found.game.row_index("second", "quit")
            pair = min(([each[at] for at in place] for each in found.chances), key=lambda both: both[0] - both[1])
            for name, printed, ours in zip(("lower", "higher"), PAIRS[precision], pair, strict=True):
                yield Row(f"precision {precision}: unequal pair, {name} chance", printed, float(ours), 1e-7)
    for precision, chances in PRINCIPAL.items():
        found = solve_explicit(game(precision, (5, 4)))
        for place, printed in zip(("first", "second"), chances, strict=True):
            yield Row(f"prizes 5 and 4, precision {precision}: {place}", printed, found.chance(place, "quit"), 1e-8)
        for player, printed in zip(("one", "two"), PRINCIPAL_VALUES[precision], strict=True):
            ours = found.value("first", player)
            yield Row(f"prizes 5 and 4, precision {precision}: value of {player}", printed, ours, 1e-6)
    yield from _limits()


def several(*, starts: int, seed: int) -> Several:
    """Look for equilibria of the symmetric war at precision 2, beyond its pitchfork."""
    questions = {"the first quits": ("first", "quit"), "the second quits": ("second", "quit")}
    return several_of(game(2), questions, subject="equal players, precision 2", starts=starts, seed=seed)


def _limits() -> Iterator[Row]:
    """Compare the mixed equilibrium by turns and, with short turns, the hazards of the continuous war."""
    for prize, cost, printed in ((3, 1, 0.3508771930), (2, 0.5, 0.2631578947)):
        ours = indifferent(0, prize, cost, 0.95)
        yield Row(f"by turns, prize {prize}, cost {cost}: other's chance of quitting", printed, ours, 1e-9)
    short = 1e-4
    for prize, cost, printed in ((3, 1, 1 / 3), (2, 0.5, 0.25)):
        hazard = indifferent(0, prize, cost * short, 1.0) / short
        yield Row(f"short turns, flow costs, prize {prize}: other's hazard", printed, hazard, 1e-6)
    for rate, concede, win, printed in ((0.1, 0.3, 0.8, 0.06), (0.2, 0.25, 0.7, 0.1111111111)):
        hazard = indifferent(concede, win, 0, exp(-rate * short / 2)) / short
        yield Row(f"short turns, discount rate {rate}: other's hazard", printed, hazard, 1e-5)


def picture() -> tuple[str, str, list[dict[str, float | str]]]:
    """Return axis titles and points: the chances of quitting of every equilibrium found, against precision."""
    points: list[dict[str, float | str]] = []
    for step in range(21):
        precision = 0.5 + 0.05 * step
        found = equilibria_of(game(precision), starts=12)
        at = found.game.row_index("first", "quit")
        for chances in found.chances:
            principal = abs(chances[at] - chances[found.game.row_index("second", "quit")]) < 1e-6
            curve = "both alike" if principal else "one of a pair"
            points.append({"x": precision, "y": float(chances[at]), "curve": curve})
    return "precision", "chance of quitting, player one", points
