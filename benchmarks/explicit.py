"""Measure explicit games: ``python benchmarks/explicit.py`` prints the tables that ``tables`` returns.

Turn-taking games of three players with random moves and payments in [0, 1], discount 0.95. The dense ones, in which any
state can follow any other, are solved by sgamesolver as well where ``OUTLAST_SGAMESOLVER_PYTHON`` names an interpreter
that can import it; it stops after ``PATIENCE`` seconds. The largest game is solved in a process of its own, which stops
after ``LIMIT`` seconds. Games in which several move at once are outside what is solved here.
"""

from __future__ import annotations

import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

PLAYERS, ACTIONS, DISCOUNT = 3, 5, 0.95
STATES, PRECISIONS = (50, 100, 400), (1, 5, 20)
PATIENCE = 120.0
"""Most processor seconds of sgamesolver for one row."""
SETTLED, MOST = 1e-10, 3000
"""Gap at which plain sweeps have settled, and most of them."""
LARGE, LIMIT = (10**5, 10**6), 400.0
"""States of the sparse games, and most seconds for one of them."""

PEER = """
import json, sys, time
import numpy as np
import sgamesolver
held = np.load(sys.argv[1])
inside = [tuple(slice(n) for n in c) for c in held["action_counts"]]
pay = [held["payoffs"][(s, slice(None), *at)] for s, at in enumerate(inside)]
move = [held["transitions"][(s, *at, slice(None))] for s, at in enumerate(inside)]
begun = time.process_time()
solver = sgamesolver.homotopy.QRE(sgamesolver.SGame(pay, move, held["discounts"]))
solver.solver_setup()
solver.solver.t_target = float(sys.argv[2])
solver.solver.verbose = 0
solver.solve()
print(json.dumps([time.process_time() - begun, np.nan_to_num(solver.equilibrium.strategies).tolist()]))
"""


def random_game(states: int, *, actions: int = ACTIONS, width: int | None = None, local: bool = False, noise: float):
    """Return a turn-taking game; ``width`` successors per action (all states if None), near ones if ``local``."""
    import numpy as np

    from outlast.game.explicit import ExplicitGame

    rng, rows = np.random.default_rng(0), states * actions
    if width is None:
        width, successor = states, np.tile(np.arange(states), rows)
    elif local:
        step = rng.integers(-50, 51, (rows, width))
        successor = ((np.repeat(np.arange(states), actions)[:, None] + step) % states).reshape(-1)
    else:
        successor = rng.integers(0, states, rows * width)
    chance = rng.random((rows, width))
    return ExplicitGame(
        players=tuple(f"player {i}" for i in range(PLAYERS)),
        first=np.arange(states + 1) * actions,
        mover=np.arange(states) % PLAYERS,
        pay=rng.random((PLAYERS, rows)),
        edge=np.arange(rows + 1) * width,
        successor=successor,
        chance=(chance / chance.sum(axis=1, keepdims=True)).reshape(-1),
        discount=np.full((PLAYERS, states), DISCOUNT),
        noise=np.full(states, noise),
        value=np.zeros((PLAYERS, states)),
    )


def peer(game, precision: float) -> tuple[str, list]:
    """Return processor seconds of sgamesolver, or in words why there are none, and its choices."""
    from sgamesolver_arrays import stochastic_game, write_arrays

    python = os.environ.get("OUTLAST_SGAMESOLVER_PYTHON")
    if not python:
        return "not installed", []
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "game.npz"
        write_arrays(stochastic_game(game), path)
        # Processor seconds, so that a busy machine does not cut a row short.
        limit = f'ulimit -t {PATIENCE:.0f}; exec "$@"'
        command = ["bash", "-c", limit, "bash", python, "-W", "ignore", "-c", PEER, str(path), str(precision)]
        try:
            single = os.environ | {"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"}
            done = subprocess.run(command, capture_output=True, check=True, text=True, timeout=4 * PATIENCE, env=single)
        except (subprocess.TimeoutExpired, subprocess.CalledProcessError):
            return f"not within {PATIENCE:.0f}", []
    seconds, strategies = json.loads(done.stdout.splitlines()[-1])
    return f"{seconds:.2f}", strategies


def side_by_side() -> str:
    """Return the table of dense games."""
    import numpy as np

    from outlast.solving.explicit import solve_explicit

    lines = [
        "| states | precision | ours first s | ours warm s | ours warm CPU s | sgamesolver CPU s | "
        "largest difference of a choice | our residual |",
        "|---|---|---|---|---|---|---|---|",
    ]
    for states in STATES:
        for precision in PRECISIONS:
            game = random_game(states, noise=1 / precision)
            first = solve_explicit(game, watch=None).seconds
            used = time.process_time()
            solution = solve_explicit(game, watch=None)
            used = time.process_time() - used
            # Their time hardly depends on the precision, and a game of 400 states takes longer than the limit at any.
            known = states > 100 and precision > PRECISIONS[0]
            said, theirs = ("not tried", []) if known else peer(game, precision)
            gap = "-"
            if theirs:
                moved = np.asarray([theirs[s][s % PLAYERS] for s in range(states)])
                gap = f"{np.abs(moved - solution.chances.reshape(states, ACTIONS)).max():.0e}"
            lines.append(
                f"| {states} | {precision} | {first:.2f} | {solution.seconds:.3f} | {used:.3f} | {said} | {gap} |"
                f" {solution.residual:.0e} |"
            )
    return "\n".join(lines)


def one_large(states: int) -> str:
    """Return the row of one sparse game; peak memory is that of this process."""
    from outlast.solving.explicit import solve_explicit

    game = random_game(states, width=3, noise=0.2)
    found = solve_explicit(game, watch=None)
    assert found.stationary is not None
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6
    dense = states**2 * ACTIONS * 8 / 1e9
    return (
        f"| {states:,} | {ACTIONS} | 3 | {found.seconds:.1f} | {len(found.stationary.path)} | {found.residual:.0e} |"
        f" {found.regret:.0e} | {found.outcome} | {peak:.1f} | {dense:,.0f} |"
    )


def by_sweeps(states: int) -> str:
    """Return the row of one sparse game solved by plain sweeps, which settle at this noise and discount."""
    import numpy as np

    from outlast.solving.explicit import replies
    from outlast.solving.explicit_map import ExplicitMap

    of = ExplicitMap(random_game(states, width=3, noise=0.2))
    values, gap, count = np.zeros((PLAYERS, states)), float("inf"), 0
    begun = time.perf_counter()
    while gap > SETTLED and count < MOST:
        after = replies(of, values).values
        gap, values, count = float(np.abs(after - values).max()), after, count + 1
    seconds = time.perf_counter() - begun
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6
    dense = states**2 * ACTIONS * 8 / 1e9
    outcome = "settled" if gap <= SETTLED else "not settled"
    return (
        f"| {states:,} | {ACTIONS} | 3 | {seconds:.1f} | {count} plain sweeps | {gap:.0e} | - | {outcome} |"
        f" {peak:.1f} | {dense:,.0f} |"
    )


def large() -> str:
    """Return the table of sparse games that no dense solver can store, each in a process of its own."""
    lines = [
        "| states | actions | successors | solve s | points | residual | regret | outcome | peak GB | dense GB |",
        "|---|---|---|---|---|---|---|---|---|---|",
    ]
    for states in LARGE:
        for way in ("--sweeps", "--large"):
            try:
                command = [sys.executable, __file__, way, str(states)]
                done = subprocess.run(command, capture_output=True, check=True, text=True, timeout=LIMIT)
                lines.append(done.stdout.splitlines()[-1])
            except subprocess.TimeoutExpired:
                lines.append(f"| {states:,} | {ACTIONS} | 3 | not within {LIMIT:.0f} | - | - | - | - | - | - |")
    return "\n".join(lines)


def sweeps() -> str:
    """Return the table of one logit sweep of all values over a million states."""
    import numpy as np

    from outlast.solving.explicit import replies
    from outlast.solving.explicit_map import ExplicitMap

    lines = ["| states | actions | successors | where | sweep s (best of 9) | median s |", "|---|---|---|---|---|---|"]
    for local in (True, False):
        of = ExplicitMap(random_game(10**6, actions=3, width=3, local=local, noise=0.2))
        values, times = np.zeros((PLAYERS, 10**6)), []
        for _ in range(9):
            begun = time.perf_counter()
            values = replies(of, values).values
            times.append(time.perf_counter() - begun)
        where = "within 50 states" if local else "anywhere"
        lines.append(f"| 1,000,000 | 3 | 3 | {where} | {min(times):.2f} | {sorted(times)[4]:.2f} |")
    return "\n".join(lines)


def tables(*, million: bool = True) -> str:
    """Return all tables as Markdown; ``million`` includes the games that take minutes."""
    parts = ["### Explicit games: turn-taking, dense, 3 players, 5 actions", side_by_side()]
    parts += ["### One sweep over a million states, 3 players", sweeps()]
    if million:
        parts += ["### Explicit games: turn-taking, sparse, precision 5", large()]
    return "\n\n".join(parts)


if __name__ == "__main__" and "--large" in sys.argv[1:]:
    print(one_large(int(sys.argv[-1])), flush=True)
elif __name__ == "__main__" and "--sweeps" in sys.argv[1:]:
    print(by_sweeps(int(sys.argv[-1])), flush=True)
elif __name__ == "__main__":
    print(tables(million="--quick" not in sys.argv[1:]), flush=True)
