"""The same games by other programs: Gambit 17 for game trees, sgamesolver 1.0 for stationary games.

Each lives in an environment of its own and is found through ``OUTLAST_GAMBIT_PYTHON`` and
``OUTLAST_SGAMESOLVER_PYTHON``, which name a Python interpreter that can import it. The tests skip where they are not
set.
"""

from __future__ import annotations

import json
import os
import runpy
import subprocess
from pathlib import Path

import numpy as np
import pytest
from explicit_samples import attrition, centipede, signalling

from outlast.game.explicit import ExplicitGame
from outlast.game.explicit_known import known_type
from outlast.game.gambit import Tree, gambit_text, precision_at_start, separated, unroll
from outlast.game.gambit_cast import Agents
from outlast.game.layers import TYPED
from outlast.solving.explicit import solve_explicit
from outlast.solving.explicit_types import TypesSolution, solve_exactly
from outlast.solving.spelled import spell_calendar
from tiny import tiny_game

pytestmark = pytest.mark.peers
CONVERTER = Path(__file__).parents[2] / "benchmarks" / "sgamesolver_arrays.py"

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


def ask(variable: str, program: str, *arguments: str, patience: float = 300) -> object:
    """Run a program under the interpreter that a variable names, or skip."""
    python = os.environ.get(variable)
    if not python:
        pytest.skip(f"{variable} names no interpreter that can import the other program")
    finished = subprocess.run(
        [python, "-W", "ignore", "-c", program, *arguments],
        capture_output=True,
        check=False,
        text=True,
        timeout=patience,
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
    converter = runpy.run_path(str(CONVERTER))
    converter["write_arrays"](game, path)
    theirs = np.asarray(ask("OUTLAST_SGAMESOLVER_PYTHON", SGAMESOLVER, str(path), str(precision)))
    solution = solve_explicit(game)
    assert theirs[0, 0] == pytest.approx(solution.chances[:2], abs=1e-6)
    assert theirs[1, 1] == pytest.approx(solution.chances[2:], abs=1e-6)


def as_agents(tree: Tree) -> tuple[Agents, dict[str, list[list[float]]]]:
    """Who plays in the tree of agents, with room for the choices of each."""
    cast = Agents(tree.game, tree.state, tree.discount)
    return cast, {name: [] for name in cast.names}


@pytest.mark.parametrize("kind", ["settler", "staller"])
def test_gambit_finds_the_choices_of_a_war_whose_type_is_known(kind: str, tmp_path):
    game = known_type(spell_calendar(tiny_game(1)).game, kind)
    tree = unroll(game)
    path = tmp_path / "game.efg"
    path.write_text(gambit_text(tree, "war", agents=True), encoding="utf-8")
    theirs = ask("OUTLAST_GAMBIT_PYTHON", GAMBIT, str(path), "1.0")
    assert isinstance(theirs, dict)
    chances = solve_explicit(game).chances
    cast, expected = as_agents(tree)
    for node in preorder(tree):
        state = tree.state[node]
        if game.counts[state] > 1:
            rows = slice(game.first[state], game.first[state + 1])
            expected[cast.names[cast.number(node, state) - 1]].append(chances[rows].tolist())
    for name in cast.names:
        assert np.concatenate(theirs[name]) == pytest.approx(np.concatenate(expected[name]), abs=1e-6)


def test_gambit_finds_the_choices_of_a_war_whose_type_is_private(tmp_path):
    game = spell_calendar(tiny_game(1)).game
    tree = unroll(game)
    path = tmp_path / "game.efg"
    path.write_text(gambit_text(tree, "war", agents=True), encoding="utf-8")
    theirs = ask("OUTLAST_GAMBIT_PYTHON", GAMBIT, str(path), "1.0")
    assert isinstance(theirs, dict)
    solution = solve_exactly(game)
    assert solution.trusted
    cast, expected = as_agents(tree)
    for kind in (0, 1):
        history = histories_along(tree, solution)
        for node in preorder(tree):
            state = tree.state[node]
            if game.counts[state] < 2 or (kind == 1 and game.mover[state] != TYPED):
                continue
            at = history[node]
            unfolded = solution.histories.game
            rows = slice(unfolded.first[at], unfolded.first[at + 1])
            seen = kind if game.mover[state] == TYPED else 2
            expected[cast.names[cast.number(node, state) - 1]].append(solution.chances[seen, rows].tolist())
    for name in cast.names:
        assert np.concatenate(theirs[name]) == pytest.approx(np.concatenate(expected[name]), abs=1e-6)


def histories_along(tree: Tree, solution: TypesSolution) -> dict[int, int]:
    """The public history of every node of the tree: nodes with the same history are one for the solver."""
    unfolded, found = solution.histories.game, {0: 0}
    for node, children in enumerate(tree.children):
        at = found[node]
        first = int(tree.game.first[tree.state[node]])
        for child in children:
            row = int(unfolded.first[at]) + tree.row[child] - first
            reached = unfolded.successor[unfolded.edge[row] : unfolded.edge[row + 1]]
            found[child] = next(int(n) for n in reached if solution.histories.state[n] == tree.state[child])
    return found
