"""The same games by other programs: Gambit 17 for game trees, sgamesolver 1.0 for stationary games.

Each lives in an environment of its own and is found through ``OUTLAST_GAMBIT_PYTHON`` and
``OUTLAST_SGAMESOLVER_PYTHON``, which name a Python interpreter that can import it. The tests skip where they are not
set.
"""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path

import numpy as np
import pytest
from explicit_samples import attrition, centipede, signalling

from outlast.game.explicit import ExplicitGame
from outlast.game.gambit import Tree, gambit_text, precision_at_start, separated, unroll
from outlast.game.layers import TYPED
from outlast.game.sgamesolver import stochastic_game, write_arrays
from outlast.solving.explicit import solve_explicit
from outlast.solving.explicit_types import solve_exactly

pytestmark = pytest.mark.peers

GAMBIT = """
import json, sys
import pygambit
game = pygambit.read_efg(sys.argv[1])
found = pygambit.qre.logit_solve_lambda(game, lam=float(sys.argv[2]))
found = found[0] if isinstance(found, list) else found
print(json.dumps({p: [[float(x) for _, x in s[-1]] for s in found.profile[p]] for p in game.players}))
"""

SGAMESOLVER = """
import json, sys
import numpy as np
import sgamesolver
held = np.load(sys.argv[1])
counts = held["action_counts"]
inside = [tuple(slice(n) for n in c) for c in counts]
pay = [held["payoffs"][(s, slice(None), *at)] for s, at in enumerate(inside)]
move = [held["transitions"][(s, *at, slice(None))] for s, at in enumerate(inside)]
game = sgamesolver.SGame(pay, move, held["discounts"])
solver = sgamesolver.homotopy.QRE(game)
solver.solver_setup()
solver.solver.t_target = float(sys.argv[2])
solver.solver.verbose = 0
solver.solve()
print(json.dumps(np.nan_to_num(solver.equilibrium.strategies).tolist()))
"""


def ask(variable: str, program: str, *arguments: str) -> object:
    """Run a program under the interpreter that a variable names, or skip."""
    python = os.environ.get(variable)
    if not python:
        pytest.skip(f"{variable} names no interpreter that can import the other program")
    finished = subprocess.run(
        [python, "-W", "ignore", "-c", program, *arguments], capture_output=True, check=False, text=True, timeout=300
    )
    assert finished.returncode == 0, finished.stderr[-2000:]
    return json.loads(finished.stdout.splitlines()[-1])


def written(tree: Tree, folder: Path) -> Path:
    path = folder / "game.efg"
    path.write_text(gambit_text(tree, "test"), encoding="utf-8")
    return path


def preorder(tree: Tree) -> list[int]:
    order, waiting = [], [0]
    while waiting:
        node = waiting.pop()
        order.append(node)
        waiting += reversed(tree.children[node])
    return order


@pytest.mark.parametrize(
    ("game", "precision", "moves"),
    [(centipede(2), 2.0, None), (attrition(1), 1.0, 7), (attrition(2, (5, 4)), 2.0, 6)],
    ids=["centipede", "attrition", "unequal attrition"],
)
def test_gambit_finds_the_same_choices_in_a_tree(game: ExplicitGame, precision: float, moves: int | None, tmp_path):
    tree = unroll(separated(game), moves=moves)
    theirs = ask("OUTLAST_GAMBIT_PYTHON", GAMBIT, str(written(tree, tmp_path)), str(precision))
    assert isinstance(theirs, dict)
    ours = precision_at_start(tree)
    chances = solve_explicit(ours).chances
    expected: dict[str, list[list[float]]] = {name: [] for name in game.players}
    for node in preorder(tree):
        if ours.counts[node] > 1:
            rows = slice(ours.first[node], ours.first[node + 1])
            expected[game.players[ours.mover[node]]].append(chances[rows].tolist())
    for name in game.players:
        assert np.concatenate(theirs[name]) == pytest.approx(np.concatenate(expected[name]), abs=1e-6)


def test_gambit_finds_the_same_choices_where_a_type_is_private(tmp_path):
    game = signalling(0.5)
    tree = unroll(separated(game))
    theirs = ask("OUTLAST_GAMBIT_PYTHON", GAMBIT, str(written(tree, tmp_path)), "2.0")
    assert isinstance(theirs, dict)
    ours = precision_at_start(tree)
    solution = solve_exactly(ours)
    assert solution.trusted
    unfolded = solution.histories.game
    place = {int(state): node for node, state in enumerate(solution.histories.state)}
    expected: dict[str, list[list[float]]] = {name: [] for name in game.players}
    for kind in (0, 1):
        for node in preorder(tree):
            at = place[node]
            if unfolded.counts[at] < 2:
                continue
            rows = slice(unfolded.first[at], unfolded.first[at + 1])
            if unfolded.mover[at] == TYPED:
                expected["sender"].append(solution.chances[kind, rows].tolist())
            elif kind == 0:
                expected["receiver"].append(solution.chances[2, rows].tolist())
    for name in game.players:
        assert np.concatenate(theirs[name]) == pytest.approx(np.concatenate(expected[name]), abs=1e-6)


@pytest.mark.parametrize(("precision", "prizes"), [(1.0, (5, 4)), (2.0, (5, 4)), (0.6, (4, 4))])
def test_sgamesolver_finds_the_same_choices_in_a_stationary_game(precision: float, prizes, tmp_path):
    game = attrition(precision, prizes)
    path = tmp_path / "game.npz"
    write_arrays(stochastic_game(game), {}, path)
    theirs = np.asarray(ask("OUTLAST_SGAMESOLVER_PYTHON", SGAMESOLVER, str(path), str(precision)))
    solution = solve_explicit(game)
    assert theirs[0, 0] == pytest.approx(solution.chances[:2], abs=1e-6)
    assert theirs[1, 1] == pytest.approx(solution.chances[2:], abs=1e-6)
