"""Explicit games that several oracle tests solve."""

from __future__ import annotations

from outlast.game.explicit import ExplicitGame, end, explicit_game, state

TAKEN = ((0.4, 0.1), (0.2, 0.8), (1.6, 0.4), (0.8, 3.2))
LAST = (6.4, 1.6)
PITCHFORK = 0.7290646931
"""Precision at which the symmetric war of attrition gets two more equilibria."""


def centipede(precision: float) -> ExplicitGame:
    """Four nodes where the players take turns."""
    nodes = []
    for i, (pile, other) in enumerate(TAKEN):
        after = f"node {i + 1}" if i < 3 else "end"
        rest = {} if i < 3 else dict(zip("AB", LAST, strict=True))
        nodes.append(
            state(f"node {i}", mover="AB"[i % 2])
            .action("take", to="end", pays={"A": pile, "B": other})
            .action("pass", to=after, pays=rest)
        )
    return explicit_game(*nodes, end("end"), players="AB", noise=1 / precision)


def attrition(precision: float, prizes: tuple[float, float] = (4, 4)) -> ExplicitGame:
    """Two who wait for the other to quit; the quitter gets nothing and its opponent the prize."""
    return explicit_game(
        state("first", mover="one")
        .action("quit", to="over", pays={"two": prizes[1]})
        .action("stay", to="second", pays={"one": -1}),
        state("second", mover="two")
        .action("quit", to="over", pays={"one": prizes[0]})
        .action("stay", to="first", pays={"two": -1}),
        end("over"),
        players=("one", "two"),
        discount=0.95,
        noise=1 / precision,
    )
