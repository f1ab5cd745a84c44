"""The hot loops against this machine's limits, measured in the same run: ``python benchmarks/kernels.py``.

One core. Arithmetic is counted by hand, additions, multiplications, comparisons and choices alike; memory is what a
loop must read and write at least once. A loop can be at most as fast as the slower of the two limits allows.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import numpy as np
from numba import njit

from outlast.solving.lanes import EDGE
from outlast.solving.programs import programs
from outlast.solving.stationwise import Answer, Plan, Question
from outlast.solving.vectors import WIDTH, load, spread, store

REPEATS = 7
CELLS, LEVELS, INDEX, ACCOUNTS, ACTIONS = 384, 5, 10, 4, 15
EXP, LOG, DIVIDE = 34, 40, 8
"""Operations in an exponential and a logarithm of eight numbers each, and what a division counts."""


@njit
def _peak(x, rounds):
    """Eight independent chains of multiply-adds on eight numbers each."""
    a, b, c, d = load(x, 0), load(x, 8), load(x, 16), load(x, 24)
    e, f, g, h = load(x, 32), load(x, 40), load(x, 48), load(x, 56)
    m, n = spread(0.999999), spread(1e-9)
    for _ in range(rounds):
        a, b, c, d = a * m + n, b * m + n, c * m + n, d * m + n
        e, f, g, h = e * m + n, f * m + n, g * m + n, h * m + n
    store(x, 0, a + b + c + d + e + f + g + h)


@njit
def _triad(a, b, c):
    for i in range(len(a)):
        a[i] = b[i] + 0.5 * c[i]


def fastest(task: Callable[[], Any]) -> float:
    """Return the least wall seconds of a few repeats."""
    task()
    times = []
    for _ in range(REPEATS):
        begun = time.perf_counter()
        task()
        times.append(time.perf_counter() - begun)
    return min(times)


def limits() -> tuple[float, float]:
    """Return operations and bytes a second that one core reaches."""
    x, rounds = np.ones(64), 2_000_000
    operations = rounds * 8 * WIDTH * 2 / fastest(lambda: _peak(x, rounds))
    a, b, c = (np.ones(20_000_000) for _ in range(3))
    return operations, 3 * a.nbytes / fastest(lambda: _triad(a, b, c))


def decision(*, typed: bool) -> tuple[float, float, float]:
    """Return seconds, operations and bytes of one decision; typed nodes take one round, as where a start is right."""
    rng = np.random.default_rng(1)
    levels = np.linspace(0, 1, LEVELS)
    inner, whole = (ACTIONS, INDEX, LEVELS - 2, CELLS), (ACTIONS, INDEX, LEVELS, CELLS)
    mover = -1 if typed else 2
    plan = Plan(ACCOUNTS, 1, ACTIONS - 1, INDEX, INDEX, INDEX, LEVELS, CELLS, 1, 1, 1, mover, 0, 0, 1)
    values = rng.normal(size=(ACCOUNTS, *whole)) * 0.1
    one, two = (np.ascontiguousarray(part).reshape(-1) for part in (values[:, :1], values[:, 1:]))
    odds = np.zeros(inner).reshape(-1) if typed else np.empty(0)
    begins = np.arange(0, CELLS, WIDTH)
    asked = Question(one, two, np.zeros(ACTIONS), levels, begins, odds, odds.copy(), 0.05, 4 * EDGE)
    rows = [np.empty(ACCOUNTS * INDEX * LEVELS * CELLS), *(np.empty(int(np.prod(whole))) for _ in range(3))]
    answer = Answer(*rows, np.empty(int(np.prod(inner))), np.zeros(4))
    seconds = fastest(lambda: programs().decide(plan, asked, answer))
    nodes, actions = INDEX * CELLS, float(ACTIONS)
    arrays = [one, two, *answer[:2]]
    if typed:
        steps = LEVELS - 1
        prepare = 2 * actions * (LEVELS + 4 * steps)
        reply = actions * (3 * EXP + DIVIDE + steps * 11 + 30) + 2 * LOG
        read = actions * (EXP + DIVIDE + 4 * steps + ACCOUNTS * (3 * steps + 2) + 4)
        ends = 2 * actions * (2 * EXP + ACCOUNTS * 3 + 12)
        operations = nodes * (prepare + (LEVELS - 2) * (reply + read) + ends)
        arrays += [odds, odds, *answer[2:5]]
    else:
        operations = nodes * LEVELS * actions * (EXP + 6 + 2 * ACCOUNTS)
    return seconds, operations, float(sum(array.nbytes for array in arrays))


def moving() -> tuple[float, float, float]:
    """Return seconds, operations and bytes of moving four stocks by a step each."""
    rng = np.random.default_rng(1)
    value = rng.normal(size=(ACCOUNTS, INDEX, LEVELS, CELLS))
    ups, downs = (rng.uniform(0, 0.3, size=(4, INDEX, CELLS)) for _ in range(2))
    moves = (ups, downs, np.array([1, 5, 25, 75]))
    pay, out = rng.normal(size=(ACCOUNTS, INDEX, LEVELS, CELLS)), np.empty_like(value)
    call = (value, np.arange(INDEX), moves, pay, np.full(ACCOUNTS, 0.99), out)
    seconds = fastest(lambda: programs().step_values(*call))
    return seconds, value.size * (4 * 6 + 2.0), float(value.nbytes * 3 + ups.nbytes * 2)


def kernels_table() -> str:
    """Return limits and loops as Markdown."""
    peak, bandwidth = limits()
    lines = [
        f"One core: {peak / 1e9:.1f} billion operations a second (multiply-adds on eight numbers), "
        f"{bandwidth / 1e9:.1f} GB a second (three long arrays).",
        "",
        "| loop | µs a call | billion operations a second | share of peak | GB a second | share of bandwidth |",
        "|---|---|---|---|---|---|",
    ]
    measured = SimpleNamespace(typed=decision(typed=True), public=decision(typed=False), moving=moving())
    for name, (seconds, operations, moved) in {
        "decision of the type, one round": measured.typed,
        "decision that all see": measured.public,
        "four stocks move": measured.moving,
    }.items():
        lines.append(
            f"| {name} | {seconds * 1e6:,.0f} | {operations / seconds / 1e9:.1f} | {operations / seconds / peak:.0%} | "
            f"{moved / seconds / 1e9:.1f} | {moved / seconds / bandwidth:.0%} |"
        )
    return "\n".join(lines)


if __name__ == "__main__":
    print(kernels_table())
