"""Bargaining while fighting beside Gambit: ``python benchmarks/trees.py`` prints the table that ``tables`` returns.

Every round the defender offers one of a few shares; the challenger accepts, or fights a battle that moves the front up
or down, and the next round begins. With two types the challenger alone knows what a battle costs it. Gambit is asked
where ``OUTLAST_GAMBIT_PYTHON`` names an interpreter that can import it, for at most ``PATIENCE`` processor seconds. Its
precision applies to payoffs discounted to the start, so ours is multiplied by the discount of each round where the two
are compared.
"""

from __future__ import annotations

import json
import os
import subprocess
import tempfile
import time
from pathlib import Path
from typing import Any

PRECISION, DISCOUNT, UP = 2.0, 0.9, 0.6
SIZES = ((2, 3, 1), (2, 3, 2), (2, 5, 2), (3, 3, 1), (4, 2, 1), (4, 3, 1), (5, 3, 1))
"""Rounds, offers, types."""
PATIENCE = 120.0
LONG, OFFERS = 60, 3

PEER = """
import json, sys, time
import pygambit
game = pygambit.read_efg(sys.argv[1])
begun = time.process_time()
found = pygambit.qre.logit_solve_lambda(game, lam=float(sys.argv[2]))
used = time.process_time() - begun
found = found[0] if isinstance(found, list) else found
first = next(iter(found.profile["defender"]))
print(json.dumps([used, [float(x) for _, x in first[-1]]]))
"""


def war(rounds: int, offers: int, types: int) -> Any:
    """Return the game; at the front's place i the challenger holds 1 / (1 + exp(-i)) if all rounds pass."""
    import numpy as np

    from outlast.game.explicit import Private, end, explicit_game, state

    states: list[Any] = []
    for t in range(rounds):
        for i in range(-t, t + 1, 2):
            offer = state(f"round {t} at {i}", mover="defender")
            answers = []
            after = {f"round {t + 1} at {i + 1}": UP, f"round {t + 1} at {i - 1}": 1 - UP}
            costs = {"defender": -0.1} | ({"soft": -0.2, "hard": -0.02} if types == 2 else {"challenger": -0.1})
            for k in range(offers):
                share = (k + 1) / (offers + 1)
                name = f"round {t} at {i}, offer {k}"
                offer = offer.action(f"offer {k}", to=name)
                pays = {"challenger": share, "defender": 1 - share}
                answers.append(
                    state(name, mover="challenger", discount=DISCOUNT)
                    .action("accept", to="deal", pays=pays)
                    .action("fight", to=after, pays=costs)
                )
            states += [offer, *answers]
    for i in range(-rounds, rounds + 1, 2):
        held = float(1 / (1 + np.exp(-i)))
        states.append(end(f"round {rounds} at {i}", {"challenger": held, "defender": 1 - held}))
    private = Private("challenger", ("soft", "hard"), 0.5) if types == 2 else None
    return explicit_game(*states, end("deal"), players=("challenger", "defender"), noise=1 / PRECISION, private=private)


def peer(tree: Any) -> tuple[str, list[float]]:
    """Return Gambit's processor seconds, or in words why there are none, and its first offer."""
    from outlast.game.gambit import gambit_text

    python = os.environ.get("OUTLAST_GAMBIT_PYTHON")
    if not python:
        return "not installed", []
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "war.efg"
        path.write_text(gambit_text(tree, "war"), encoding="utf-8")
        limit = f'ulimit -t {PATIENCE:.0f}; exec "$@"'
        command = ["bash", "-c", limit, "bash", python, "-W", "ignore", "-c", PEER, str(path), str(PRECISION)]
        try:
            done = subprocess.run(command, capture_output=True, check=True, text=True, timeout=4 * PATIENCE)
        except (subprocess.TimeoutExpired, subprocess.CalledProcessError):
            return f"not within {PATIENCE:.0f}", []
    seconds, first = json.loads(done.stdout.splitlines()[-1])
    return f"{seconds:.2f}", first


def ours(tree: Any, types: int) -> tuple[float, Any]:
    """Return processor seconds of a warm solve of the same tree, and the first offer."""
    from outlast.game.gambit import precision_at_start
    from outlast.solving.explicit import solve_explicit
    from outlast.solving.explicit_types import solve_exactly

    game = precision_at_start(tree)
    solve = solve_exactly if types == 2 else lambda game: solve_explicit(game, watch=None)
    solve(game)
    used = time.process_time()
    solution = solve(game)
    used = time.process_time() - used
    rows = slice(int(game.first[0]), int(game.first[1]))
    return used, solution.chances[2, rows] if types == 2 else solution.chances[rows]


def beside() -> str:
    """Return the table of trees that both solve."""
    import numpy as np

    from outlast.game.gambit import separated, unroll

    lines = [
        "| rounds, offers, types | nodes | ours, warm CPU s | Gambit CPU s | largest difference of the first offer |",
        "|---|---|---|---|---|",
    ]
    for size in SIZES:
        tree = unroll(separated(war(*size)))
        used, mine = ours(tree, size[2])
        said, theirs = peer(tree)
        gap = f"{np.abs(np.asarray(theirs) - mine).max():.0e}" if theirs else "-"
        nodes = len(tree.state) * size[2] + size[2] - 1
        lines.append(f"| {size[0]}, {size[1]}, {size[2]} | {nodes:,} | {used:.3f} | {said} | {gap} |")
    return "\n".join(lines)


def alone() -> str:
    """Return the table of 60 rounds, where a tree would have more nodes than could be stored."""
    from outlast.solving.explicit import solve_explicit

    lines = ["| rounds, offers, types | states | first s | warm s | residual |", "|---|---|---|---|---|"]
    game = war(LONG, OFFERS, 1)
    first, warm = solve_explicit(game, watch=None), solve_explicit(game, watch=None)
    took = f"{first.seconds:.2f} | {warm.seconds:.3f}"
    lines.append(f"| {LONG}, {OFFERS}, 1 | {game.states:,} | {took} | {warm.residual:.0e} |")
    return "\n".join(lines)


def tables() -> str:
    """Return all tables as Markdown."""
    head = f"### Bargaining while fighting, precision {PRECISION:g}, discount {DISCOUNT}"
    return "\n\n".join([head, beside(), f"### The same with {LONG} rounds", alone()])


if __name__ == "__main__":
    print(tables(), flush=True)
