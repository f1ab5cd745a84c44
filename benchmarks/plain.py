"""The same month in straightforward NumPy, beside the compiled loops: ``python benchmarks/plain.py`` prints Markdown.

``plain`` has the functions that ``outlast.solving.programs`` compiles, written with whole arrays as one would by hand;
the solver is run with either. What the loops do for a lane that does not arrive is left out: such nodes are counted.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import numpy as np

import outlast as ol
from outlast.solving import month as month_module
from outlast.solving import workspace as workspace_module
from outlast.solving.lanes import EDGE
from outlast.solving.programs import programs

ROUNDS = 60
MONTHS = 12
"""Months of `geneva` that are solved; the last ones of a calendar are solved like any."""


def _values(plan: Any, given: Any) -> tuple[np.ndarray, np.ndarray]:
    """Return values ``(accounts, actions, index, levels, cells)`` and log weights ``(actions, index, cells)``."""
    one = given.one.reshape(plan.accounts, plan.first, plan.first_index, plan.levels, plan.cells)
    two = given.two.reshape(plan.accounts, plan.second, plan.second_index, plan.levels, plan.cells)
    wide = [np.broadcast_to(v, (*v.shape[:2], plan.index, *v.shape[3:])) for v in (one, two)]
    weight = given.weight.reshape(plan.first + plan.second, plan.weight_index, plan.weight_cells)
    return np.concatenate(wide, axis=1), weight


def _logit(z: np.ndarray) -> np.ndarray:
    grown = np.exp(z - z.max(axis=0))
    return grown / grown.sum(axis=0)


def _read(values: np.ndarray, levels: np.ndarray, belief: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Read values ``(..., levels, cells)`` at beliefs ``(..., inner, cells)``, linearly; return them and the slope."""
    place = np.clip(np.searchsorted(levels, belief, side="right") - 1, 0, len(levels) - 2)
    low, high = np.take_along_axis(values, place, axis=-2), np.take_along_axis(values, place + 1, axis=-2)
    slope = (high - low) / (levels[place + 1] - levels[place])
    return low + slope * (belief - levels[place]), slope


def _typed(plan: Any, given: Any, out: Any, values: np.ndarray, weight: np.ndarray) -> None:
    levels, noise = given.levels, given.noise
    inner = levels[1:-1]
    prior = (np.log(inner) - np.log1p(-inner))[:, None]
    shape = (plan.first + plan.second, plan.index, plan.levels - 2, plan.cells)
    odds = np.clip(given.odds.reshape(shape) + given.change.reshape(shape), -EDGE, EDGE)
    last, before, damping = np.inf, np.zeros(shape), np.ones(shape)
    for _ in range(ROUNDS):
        belief = 1 / (1 + np.exp(-odds))
        z, steep, chance, total = [], [], [], []
        for kind in range(2):
            read, slope = _read(values[kind], levels, belief)
            scaled = read / noise + weight[:, :, None]
            z.append(scaled)
            steep.append(slope / noise * belief * (1 - belief))
            chance.append(_logit(scaled))
            total.append(np.logaddexp.reduce(scaled, axis=0))
        target = prior + (z[1] - total[1]) - (z[0] - total[0])
        gap = np.clip(target, -EDGE, EDGE) - odds
        worst = np.abs(gap).max(axis=0)
        if (worst <= given.tolerance).all():
            break
        turned = (gap * before < 0) & (worst > 0.5 * last)
        damping = np.where(turned, damping / 2, np.minimum(1, 1.5 * damping))
        last, before = worst, gap
        free = np.abs(target) < EDGE
        stiff = 1 - (steep[1] - steep[0]) * free
        exact = worst < 0.3
        inverse = 1 / np.where(exact & (np.abs(stiff) > 0.005), stiff, np.maximum(np.abs(stiff), 0.05))
        pull = (chance[1] * steep[1] - chance[0] * steep[0]) * inverse * free
        coupling = 1 + pull.sum(axis=0)
        coupling = np.where(exact & (np.abs(coupling) > 0.005), coupling, np.maximum(coupling, 0.2))
        back = (pull * gap).sum(axis=0) / coupling
        odds = odds + damping * np.clip((gap - back * free) * inverse, -3, 3)
    out.proof[:] = 0.25 * worst.max(), 0.25 * worst.max(), ROUNDS, (worst > given.tolerance).sum()
    belief = np.empty((*shape[:2], plan.levels, plan.cells))
    belief[:, :, 0], belief[:, :, 1:-1], belief[:, :, -1] = 0.0, 1 / (1 + np.exp(-odds)), 1.0
    reads = [_read(account, levels, belief)[0] for account in values]
    settler, staller = (_logit(read / noise + weight[:, :, None]) for read in reads[:2])
    pooled = settler + levels[:, None] * (staller - settler)
    for account, read in enumerate(reads):
        chances = (settler, staller)[account] if account < 2 else pooled
        if plan.inclusive and account < 2:
            read = read - noise * (np.log(np.maximum(chances, 1e-300)) - weight[:, :, None])
        out.value.reshape(plan.accounts, *belief.shape[1:])[account] = (chances * read).sum(axis=0)
    for flat, array in zip(out[1:5], (settler, staller, belief, odds), strict=True):
        flat.reshape(array.shape)[...] = array


def _decide(plan: Any, given: Any, out: Any) -> None:
    values, weight = _values(plan, given)
    if plan.mover < 0:
        _typed(plan, given, out, values, weight)
        return
    chance = _logit(values[plan.mover] / given.noise + weight[:, :, None])
    out.settler.reshape(chance.shape)[...] = chance
    for account, value in enumerate(values):
        if plan.inclusive and account == plan.mover:
            value = value - given.noise * (np.log(np.maximum(chance, 1e-300)) - weight[:, :, None])
        out.value.reshape(plan.accounts, *chance.shape[1:])[account] = (chance * value).sum(axis=0)


def _step_values(value: Any, pick: Any, moves: Any, pay: Any, discount: Any, out: Any) -> None:
    value = value[:, pick]
    for up, down, stride in reversed(list(zip(*moves, strict=True))):
        above, below = np.roll(value, -stride, axis=-1), np.roll(value, stride, axis=-1)
        value = value + up[:, None] * (above - value) + down[:, None] * (below - value)
    out[...] = discount[:, None, None, None] * value + (pay if len(pay) else 0.0)


def _shift_values(value: Any, pick: Any, matrix: Any, after: int, discount: Any, pay: Any, out: Any) -> None:
    size = matrix.shape[-1]
    folded = value[:, pick].reshape(*value[:, pick].shape[:3], -1, size, after)
    moved = np.einsum("iks,xibpsa->xibpka", np.broadcast_to(matrix, (len(pick), size, size)), folded, optimize=True)
    out[...] = discount[:, None, None, None] * moved.reshape(out.shape) + (pay if len(pay) else 0.0)


@contextmanager
def plain() -> Iterator[None]:
    """Let the solver use NumPy for what it calls backward."""
    made = programs()._replace(decide=_decide, step_values=_step_values, shift_values=_shift_values)
    before = month_module.programs, workspace_module.programs
    month_module.programs = workspace_module.programs = lambda: made
    try:
        yield
    finally:
        month_module.programs, workspace_module.programs = before


def side_by_side(resolution: str, *, months: int = MONTHS) -> str:
    """Return a row: seconds of either, their ratio, the largest difference of values, and nodes left over by NumPy."""
    game = ol.compile(ol.read("geneva"), resolution=resolution, months=months)
    ol.solve(game)
    begun = time.process_time()
    fast = ol.solve(game)
    loops = time.process_time() - begun
    with plain():
        begun = time.process_time()
        slow = ol.solve(game)
        other = time.process_time() - begun
    left = sum(int(proof.restarted) for proof in slow.calendar.worst.values())
    gap = abs(fast.values["war"] - slow.values["war"])
    return (
        f"| {resolution} | {loops / months * 1e3:.0f} | {other / months * 1e3:.0f} | {other / loops:.1f} | "
        f"{np.median(gap):.0e} | {(gap > 1e-6).mean():.2%} | {left} |"
    )


def plain_table() -> str:
    """Return the comparison as Markdown."""
    return "\n".join(
        [
            "| grid | loops, ms a month | NumPy, ms a month | ratio | median difference | values apart by over 1e-6 |"
            " nodes that NumPy's iteration leaves over |",
            "|---|---|---|---|---|---|---|",
            *(side_by_side(resolution) for resolution in ("coarse", "standard")),
        ]
    )


if __name__ == "__main__":
    print(plain_table())
