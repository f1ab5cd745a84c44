"""Explicit games that several oracle tests solve."""

from __future__ import annotations

from outlast.game.explicit import ExplicitGame, Private, chance, end, explicit_game, state

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


def chain_store(stages: int, prior: float, noise: float) -> ExplicitGame:
    """The reputation game of Kreps & Wilson (1982) with out payoff 2 and entrant's stake 0.5.

    Entrants are one player here, who is paid by each stage alone: what an entrant does changes nothing for later ones
    but the belief, and that only through the incumbent's answer. The tough incumbent can only fight.
    """
    states = []
    for left in range(stages, 0, -1):
        after = f"{left - 1} left" if left > 1 else "end"
        states += [
            state(f"{left} left", mover=f"entrant {left}")
            .action("out", to=after, pays={"incumbent": 2})
            .action("in", to=f"{left} answer"),
            state(f"{left} answer", mover="incumbent")
            .action("fight", to=after, pays={f"entrant {left}": -0.5, "weak": -1})
            .action("acquiesce", to=after, pays={f"entrant {left}": 0.5}, types=("weak",)),
        ]
    players = ("incumbent", *(f"entrant {left}" for left in range(stages, 0, -1)))
    private = Private("incumbent", ("weak", "tough"), prior)
    return explicit_game(*states, end("end"), players=players, noise=noise, private=private)


def signalling(noise: float = 0.3) -> ExplicitGame:
    """A sender who may send twice, and a receiver who answers after each message; chance may interfere."""
    states = []
    for turn in (1, 2):
        states += [
            state(f"send {turn}", mover="sender")
            .action("loud", to=f"loud {turn}", pays={"weak": -0.4, "tough": -0.1})
            .action("quiet", to=f"quiet {turn}"),
            state(f"loud {turn}", mover="receiver")
            .action("yield", to="over", pays={"sender": 1, "receiver": 0.2})
            .action("stand", to=f"after {turn}", pays={"weak": -0.5, "tough": 0.1, "receiver": 0.1}),
            chance(f"quiet {turn}", to={"over": 0.3, f"after {turn}": 0.7}, pays={"receiver": 0.3}, discount=0.9),
            chance(f"after {turn}", to=f"send {turn + 1}" if turn < 2 else "test", discount={"sender": 0.9}),
        ]
    test = (
        state("test", mover="receiver")
        .action("fight", to="fought", pays={"receiver": 0.1})
        .action("leave", to="over", pays={"sender": 0.8})
    )
    return explicit_game(
        *states,
        test,
        end("fought", {"weak": -0.5, "tough": 0.4, "receiver": -0.2}),
        end("over"),
        players=("sender", "receiver"),
        noise=noise,
        private=Private("sender", ("weak", "tough"), 0.35),
    )
