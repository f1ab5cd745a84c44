"""Reproduce crisis signalling: A challenges or not, B concedes or resists, A stands firm or backs down.

    c = (S_A - (1 - p_R) V_A) / p_R,    p_C = 1 - Phi(c - W_A) Phi(c - a),
    p_F = Phi2((W_A - a) / sqrt 2, W_A - c; 1 / sqrt 2) / p_C,
    p_R = Phi((p_F W_B + (1 - p_F) V_B - C_B) / p_F)

Whoever challenges has selected itself, so p_F is a chance given a challenge; and there may be one equilibrium or three.
Every root is looked for, by the same code that estimates the game from data.

Sources: J. Lewis and K. Schultz, "Revealing Preferences", Political Analysis 11, 2003; the numbers of the games follow
C. Crisman-Cox and M. Gibilisco, Political Science Research and Methods (doi 10.1017/psrm.2019.58), recomputed.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
from scipy.special import ndtri

from outlast.estimating import equilibria
from outlast.estimating.precision import precise
from outlast.estimating.signalling import UTILITIES, log_moves
from outlast.gallery.row import Row
from outlast.gallery.several import Found, Several
from outlast.solving.multistart import fixed_points
from outlast.solving.stationary import FunctionMap, NoisePath, solve_stationary

FIRST = {"V_A": 1.0, "V_B": 1.0, "a": -1.2, "W_A": -1.9}
SECOND = {"V_A": 1.0, "V_B": 1.0, "a": -1.2, "W_A": -1.8}
MOVES = ("p_resist", "p_challenge", "p_firm")
AT_ONE = (
    (0.296451824, 0.961725108, 0.306244292),
    (0.472423231, 0.582384657, 0.268037579),
    (0.874031428, 0.179311401, 0.202197609),
)
OTHERS = {-1: (0.218622825,), 0: (0.251104616, 0.594722829, 0.813321720), 2: (0.907855678,)}
UNIQUE = {0: 0.362704726, 0.5: 0.499099614, 1: 0.665379421}


def roots(x: float, utilities: dict[str, float], base: float) -> list[tuple[float, ...]]:
    """Return resisting, challenging and standing firm in every equilibrium, where W_B is ``base + 0.1 x``."""
    return [tuple(row) for row in equilibria({**utilities, "W_B": base + 0.1 * x}).select(MOVES).iter_rows()]


def rows() -> Iterator[Row]:
    """Compare the number of equilibria and their chances, to the digits given."""
    found = roots(1, FIRST, -2.9)
    yield Row("x = 1: equilibria", 3, len(found), 0)
    for i, (printed, ours) in enumerate(zip(AT_ONE, found, strict=False), 1):
        for name, one, other in zip(("resists", "challenges", "stands firm"), printed, ours, strict=True):
            yield Row(f"x = 1, equilibrium {i}: {name}", one, other, 1e-9)
    for x, expected in OTHERS.items():
        found = roots(x, FIRST, -2.9)
        yield Row(f"x = {x}: equilibria", len(expected), len(found), 0)
        for i, (printed, ours) in enumerate(zip(expected, found, strict=False), 1):
            yield Row(f"x = {x}, equilibrium {i}: resists", printed, ours[0], 1e-9)
    for x, printed in UNIQUE.items():
        found = roots(x, SECOND, -2.45)
        yield Row(f"second game, x = {x}: equilibria", 1, len(found), 0)
        yield Row(f"second game, x = {x}: resists", printed, found[0][0], 1e-9)


def answer_of_b(index: Any, scale: Any, utilities: Any) -> Any:
    """Return B's index where B answers best to what A makes of ``index``; ``scale`` multiplies every error."""
    u = utilities / scale
    _, firm = log_moves(u, index[0])
    return jnp.stack([u[4] - u[6] + (u[6] - u[2]) * jnp.exp(jnp.minimum(-firm, 200.0))])


def several(*, starts: int, seed: int) -> Several:
    """Look for equilibria of the first game at x = 1 from random chances that B resists."""
    at_one = {**FIRST, "W_B": -2.9 + 0.1}
    printed = equilibria(at_one)
    drawn = ndtri(np.random.default_rng(seed).uniform(1e-4, 1 - 1e-4, starts))
    with precise():
        data = jnp.asarray([at_one.get(name, 0.0) for name in UTILITIES])
        answer = jax.jit(answer_of_b)
        of = FunctionMap(lambda index, scale: np.asarray(answer(index, scale, data)), 1)
        found = fixed_points(of, [np.array([z]) for z in drawn])
        branch = solve_stationary(of, np.zeros(1), path=NoisePath(start=100.0))
    indices = np.array([float(one.values[0]) for one in found.found])
    principal = None
    if branch.reached:
        gaps = np.abs(indices - float(branch.values[0]))
        principal = int(gaps.argmin()) if gaps.size and gaps.min() < 1e-6 else None
    known = ndtri(printed["p_resist"].to_numpy())
    each = []
    for one, index in zip(found.found, indices, strict=True):
        row = printed.row(int(np.abs(known - index).argmin()), named=True)
        answers = {"B resists": row["p_resist"], "A challenges": row["p_challenge"], "A stands firm": row["p_firm"]}
        each.append(Found(one.starts, one.residual, answers))
    return Several("the first game at x = 1", seed, found.failed, tuple(each), principal, branch.outcome)


def picture() -> tuple[str, str, list[dict[str, float | str]]]:
    """Return axis titles and points: B's chance of resisting in every equilibrium, against x."""
    points: list[dict[str, float | str]] = []
    for step in range(61):
        x = -1 + step / 20
        points += [{"x": x, "y": one[0], "curve": "an equilibrium"} for one in roots(x, FIRST, -2.9)]
    return "x", "chance that B resists", points
