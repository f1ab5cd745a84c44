"""Measure explicit games: ``python benchmarks/explicit.py`` prints the tables that ``tables`` returns.

Turn-taking games of three players with random moves and payments in [0, 1], discount 0.95. The dense ones, in which any
state can follow any other, are solved by sgamesolver as well where ``OUTLAST_SGAMESOLVER_PYTHON`` names an interpreter
that can import it; it stops after ``PATIENCE`` seconds. Large games are solved in processes of their own, which stop
after ``LIMIT`` seconds. Games in which several move at once are outside what is solved here.

All times are processor seconds with one thread, on both sides: a machine that is busy with other work stretches them
less than wall seconds, and threads that wait for one another would count as work. The two sides take turns.
"""

from __future__ import annotations

import json
import os
import resource
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from statistics import median
from typing import Any

from threadpoolctl import threadpool_limits

PLAYERS, ACTIONS, DISCOUNT = 3, 5, 0.95
STATES, PRECISIONS = (50, 100, 400), (1, 5, 20)
REPEATS, LONG = 3, 30.0
"""Times that each side solves a game, and seconds of sgamesolver from which on once has to do."""
PATIENCE, ROOM = 60.0, 8
"""Most processor seconds and gigabytes of sgamesolver for one solve."""
ONE_THREAD = {f"{library}_NUM_THREADS": "1" for library in ("OMP", "OPENBLAS", "MKL")}
SETTLED, MOST = 1e-10, 3000
"""Gap at which plain sweeps have settled, and most of them."""
LARGE, LIMIT = (10**5, 10**6), 400.0
"""States of the sparse games, and most processor seconds for one of them."""

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


def peer(game, precision: float) -> tuple[float | None, list]:
    """Return processor seconds of sgamesolver and its choices; None where ``PATIENCE`` or ``ROOM`` ended first."""
    from sgamesolver_arrays import write_arrays

    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "game.npz"
        write_arrays(game, path)
        python = os.environ["OUTLAST_SGAMESOLVER_PYTHON"]
        done = limited([python, "-W", "ignore", "-c", PEER, str(path), str(precision)], PATIENCE, ROOM)
    return tuple(json.loads(done)) if done else (None, [])


def limited(command: list[str], most: float, room: int | None = None) -> str | None:
    """Return the last line that a command prints, with one thread; None where a limit ended it.

    Args:
        command: its words.
        most: most processor seconds.
        room: most gigabytes.

    Raises:
        CalledProcessError: if the command fails for another reason.
    """
    limit = f'ulimit -S -t {most:.0f} -v {room * 10**6 if room else "unlimited"}; exec "$@"'
    words, single = ["bash", "-c", limit, "bash", *command], os.environ | ONE_THREAD
    done = subprocess.run(words, capture_output=True, text=True, env=single)
    if done.returncode == -signal.SIGXCPU or "MemoryError" in done.stderr:
        return None
    if done.returncode:
        print(done.stderr, file=sys.stderr)
    done.check_returncode()
    return done.stdout.splitlines()[-1]


def ours(game) -> tuple[float, Any]:
    """Return processor seconds of one solve, and the solution."""
    from outlast.solving.explicit import solve_explicit

    with threadpool_limits(1):
        begun = time.process_time()
        solution = solve_explicit(game, watch=None)
        return time.process_time() - begun, solution


def compared(states: int, precision: int) -> str:
    """Return the row of one dense game."""
    import numpy as np

    game = random_game(states, noise=1 / precision)
    # Their time hardly depends on the precision, and a game of 400 states takes longer than the limit at any.
    asked = tried = "OUTLAST_SGAMESOLVER_PYTHON" in os.environ and (states <= 100 or precision == PRECISIONS[0])
    times, theirs, choices = [], [], []
    for _ in range(REPEATS):
        used, solution = ours(game)
        times.append(used)
        if tried and (not theirs or max(theirs) < LONG):
            used, found = peer(game, precision)
            tried = used is not None
            if tried:
                theirs.append(used)
                choices = found
    said = f"not within {PATIENCE:.0f} s and {ROOM} GB" if asked else "not tried"
    ratio, gap = "-", "-"
    if theirs:
        said, ratio = f"{median(theirs):.2f}", f"{median(theirs) / median(times):.0f}"
        moved = np.asarray([choices[s][s % PLAYERS] for s in range(states)])
        gap = f"{np.abs(moved - solution.chances.reshape(states, ACTIONS)).max():.0e}"
    return f"| {states} | {precision} | {median(times):.3f} | {said} | {ratio} | {gap} | {solution.residual:.0e} |"


def side_by_side() -> str:
    """Return the table of dense games."""
    ours(random_game(STATES[0], noise=1.0))  # What is loaded on first use is loaded.
    lines = [
        "| states | precision | ours, CPU s | sgamesolver, CPU s | ratio | largest gap of a choice | our residual |",
        "|---|---|---|---|---|---|---|",
        *(compared(states, precision) for states in STATES for precision in PRECISIONS),
    ]
    return "\n".join(lines)


def one_large(states: int) -> str:
    """Return the row of one sparse game; peak memory is that of this process."""
    used, found = ours(random_game(states, width=3, noise=0.2))
    assert found.stationary is not None
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6
    dense = states**2 * ACTIONS * 8 / 1e9
    return (
        f"| {states:,} | {ACTIONS} | 3 | {used:.1f} | {len(found.stationary.path)} | {found.residual:.0e} |"
        f" {found.regret:.0e} | {found.outcome} | {peak:.1f} | {dense:,.0f} |"
    )


def by_sweeps(states: int) -> str:
    """Return the row of one sparse game solved by plain sweeps, which settle at this noise and discount."""
    import numpy as np

    from outlast.solving.explicit import replies
    from outlast.solving.explicit_map import ExplicitMap

    of = ExplicitMap(random_game(states, width=3, noise=0.2))
    values, gap, count = np.zeros((PLAYERS, states)), float("inf"), 0
    begun = time.process_time()
    while gap > SETTLED and count < MOST:
        after = replies(of, values).values
        gap, values, count = float(np.abs(after - values).max()), after, count + 1
    seconds = time.process_time() - begun
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
        "| states | actions | successors | solve, CPU s | points | residual | regret | outcome | peak GB | dense GB |",
        "|---|---|---|---|---|---|---|---|---|---|",
    ]
    for states in LARGE:
        for way in ("--sweeps", "--large"):
            row = limited([sys.executable, __file__, way, str(states)], LIMIT)
            lines.append(row or f"| {states:,} | {ACTIONS} | 3 | over {LIMIT:.0f} | - | - | - | - | - | - |")
    return "\n".join(lines)


def sweeps() -> str:
    """Return the table of one logit sweep of all values over a million states."""
    import numpy as np

    from outlast.solving.explicit import replies
    from outlast.solving.explicit_map import ExplicitMap

    lines = [
        "| states | actions | successors | where | sweep, CPU s (best of 9) | median |",
        "|---|---|---|---|---|---|",
    ]
    for local in (True, False):
        of = ExplicitMap(random_game(10**6, actions=3, width=3, local=local, noise=0.2))
        values, times = np.zeros((PLAYERS, 10**6)), []
        for _ in range(9):
            begun = time.process_time()
            values = replies(of, values).values
            times.append(time.process_time() - begun)
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
