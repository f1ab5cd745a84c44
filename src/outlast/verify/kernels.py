"""Where the stocks go in a month: explicit transition matrices, one small matrix per stock and circumstance.

A row is the level now, a column the level after; rows sum to one. A month's moves are taken one stock after the other,
each at the chances of the cell reached so far: the calendar's shocks, then territory, forces, endurance, patience.
``battle``, ``quiet`` and ``jump`` put them together into lotteries over cells, from the cells that are looked at.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from outlast.verify.board import Board, Terms
from outlast.verify.numbers import POSTURES, Numbers
from outlast.verify.payments import line_after, relief_share, win_share


@dataclass(frozen=True)
class War:
    """A month at the front: matrices by posture (withhold, sustain, surge) and by whether talks were held (no, yes)."""

    territory: NDArray
    """``(postures, forces, endurance, territory, territory)``."""
    forces: NDArray
    """``(postures, endurance, forces, forces)``."""
    endurance: NDArray
    """``(postures, forces, endurance, endurance)``."""
    patience: NDArray
    """``(talks, patience, patience)``."""


@dataclass(frozen=True)
class Peace:
    """A month of peace: matrices by peace phase; territory stays where the line is."""

    forces: NDArray
    """``(phases, forces, forces)``."""
    endurance: NDArray
    """``(phases, endurance, endurance)``."""
    patience: NDArray
    """``(patience, patience)``."""


@dataclass(frozen=True)
class Kernels:
    """All moves of one month."""

    war: War
    peace: Peace
    shocks: tuple[tuple[int, NDArray], ...]
    """Axis and matrix of each shock that falls in the month."""
    lines: NDArray
    """Territory on signing, ``(packages, territory, territory)``."""
    rally: NDArray
    """Patience when the patron honours, ``(patience, patience)``."""
    desertion: NDArray
    """Patience when it reneges, ``(phases, patience, patience)``."""

    def leak(self, part: str) -> float:
        """Return how far a row of a part strays from a distribution: ``war``, ``peace``, ``shocks`` or ``jumps``."""
        parts = {
            "war": [self.war.territory, self.war.forces, self.war.endurance, self.war.patience],
            "peace": [self.peace.forces, self.peace.endurance, self.peace.patience],
            "shocks": [matrix for _, matrix in self.shocks],
            "jumps": [self.lines, self.rally, self.desertion],
        }
        return max((row_leak(matrix) for matrix in parts[part]), default=0.0)


def row_leak(matrix: NDArray) -> float:
    """Return the largest distance of a row's sum from one, or the largest chance below zero if that is more."""
    return float(max(np.abs(matrix.sum(axis=-1) - 1).max(), -matrix.min(), 0.0))


def drifting(levels: NDArray, rise: NDArray | float, fall: NDArray | float) -> NDArray:
    """Return the matrix of a stock that moves at most one level, with the given rise and fall in a month.

    ``rise`` and ``fall`` are in the stock's unit, one number or one per level. Chance = rate / distance to the
    neighbour; at an end there is no neighbour. Two chances that add up to more than one are scaled to one.
    """
    count = len(levels)
    rise, fall = np.broadcast_to(rise, count), np.broadcast_to(fall, count)
    matrix = np.zeros((count, count))
    for here in range(count):
        up = max(rise[here], 0.0) / (levels[here + 1] - levels[here]) if here + 1 < count else 0.0
        down = max(fall[here], 0.0) / (levels[here] - levels[here - 1]) if here > 0 else 0.0
        excess = max(1.0, up + down)
        if here + 1 < count:
            matrix[here, here + 1] = up / excess
        if here > 0:
            matrix[here, here - 1] = down / excess
        matrix[here, here] = 1 - up / excess - down / excess
    return matrix


def matching(levels: NDArray, mean: NDArray | float, spread: float, *, pieces: int, lowest: int = 0) -> NDArray:
    """Return the matrix of a stock with the given mean and standard deviation of its change in a month.

    The month is taken in so many equal ``pieces``. In a piece the three chances of one level down, none and one up
    solve three equations: they add up to one, and have the mean and the second moment. Where one of the two of moving
    would be negative, or there is no level below or above, the mean alone is kept, by one level. Where the two exceed
    one together the stock moves for sure, down or up so that the mean is kept. ``lowest`` is the lowest level reached.
    """
    count = len(levels)
    mean = np.broadcast_to(mean, count)
    n = pieces
    one = np.eye(count)
    for here in range(count):
        step, square = mean[here] / n, spread**2 / n + (mean[here] / n) ** 2
        has_below, has_above = here > lowest, here + 1 < count
        down, up = 0.0, 0.0
        if has_below and has_above:
            below, above = levels[here - 1] - levels[here], levels[here + 1] - levels[here]
            down, _, up = np.linalg.solve([[1, 1, 1], [below, 0, above], [below**2, 0, above**2]], [1.0, step, square])
            if down < 0 or up < 0:
                down, up = max(step / below, 0.0), max(step / above, 0.0)
            elif down + up > 1:
                up = min(max((step - below) / (above - below), 0.0), 1.0)
                down = 1 - up
        elif has_above:
            up = min(max(step, 0.0) / (levels[here + 1] - levels[here]), 1.0)
        elif has_below:
            down = min(max(-step, 0.0) / (levels[here] - levels[here - 1]), 1.0)
        one[here] = 0.0
        if has_below:
            one[here, here - 1] = down
        if has_above:
            one[here, here + 1] = up
        one[here, here] = 1 - down - up
    return np.linalg.matrix_power(one, n)


def moving(
    levels: NDArray, rise: NDArray | float, fall: NDArray | float, spread: float | None, *, pieces: int, lowest: int = 0
) -> NDArray:
    """Return a stock's matrix: by its net drift and its spread, or from mark to mark where it has none."""
    if spread is None:
        return drifting(levels, rise, fall)
    return matching(levels, np.asarray(rise) - np.asarray(fall), spread, pieces=pieces, lowest=lowest)


def jumping(levels: NDArray, target: NDArray) -> NDArray:
    """Return the matrix that sends each level to ``target`` in the mean, split between the two levels around it."""
    matrix = np.zeros((len(levels), len(levels)))
    for here, aim in enumerate(np.clip(target, levels[0], levels[-1])):
        low = max(i for i in range(len(levels)) if levels[i] <= aim)
        if low == len(levels) - 1:
            matrix[here, low] = 1.0
            continue
        share = (aim - levels[low]) / (levels[low + 1] - levels[low])
        matrix[here, low], matrix[here, low + 1] = 1 - share, share
    return matrix


Lottery = list[tuple[int, NDArray]]
"""Ways to go from the cells looked at: how far in the flat order of cells, and the chance by cell, ``(cells,)``."""


def battle(war: War, board: Board, *, posture: int, talks: int) -> Lottery:
    """Return where a month of fighting leads: forces move at the endurance of before, it at the forces reached."""
    territory, forces, endurance, patience = board.places
    front = _ways(board, 0, war.territory[posture, forces, endurance, territory])
    fading = _ways(board, 3, war.patience[talks, patience])
    together: Lottery = []
    for step, chance in _ways(board, 1, war.forces[posture, endurance, forces]):
        after = np.clip(forces + step // _stride(board, 1), 0, len(board.forces) - 1)
        units = _ways(board, 2, war.endurance[posture, after, endurance])
        together += _joined([(step, chance)], units)
    return _joined(front, together, fading)


def quiet(peace: Peace, board: Board, phase: int) -> Lottery:
    """Return where a month of peace leads under the terms of a phase."""
    _, forces, endurance, patience = board.places
    rows = (peace.forces[phase, forces], peace.endurance[phase, endurance], peace.patience[patience])
    return _joined(*(_ways(board, axis, own) for axis, own in zip((1, 2, 3), rows, strict=True)))


def jump(board: Board, axis: int, matrix: NDArray) -> Lottery:
    """Return where the jump of one stock leads."""
    return _ways(board, axis, matrix[board.places[axis]])


def reached(board: Board, lottery: Lottery) -> NDArray:
    """Return the flat numbers of the cells that a lottery leads to; what is no number leads there too."""
    return np.unique(np.concatenate([board.cells[chance != 0] + step for step, chance in lottery]))


def mean(lottery: Lottery, values: NDArray, *, before: Board, after: Board) -> NDArray:
    """Return values before a lottery, from those after it: ``(..., cells)`` over what each board looks at."""
    out = np.zeros((*values.shape[:-1], len(before.cells)))
    for step, chance in lottery:
        place = np.searchsorted(after.cells, before.cells + step)
        out += chance * values[..., np.minimum(place, len(after.cells) - 1)]
    return out


def _stride(board: Board, axis: int) -> int:
    """Return how far apart in the flat order neighbours on one stock's axis are."""
    return int(np.prod(board.sizes[axis + 1 :]))


def _ways(board: Board, axis: int, rows: NDArray) -> Lottery:
    """Return the ways of one stock from the chances of its levels, ``(cells, levels)``."""
    here, count = board.places[axis], rows.shape[-1]
    found: Lottery = []
    for step in range(1 - count, count):
        there = here + step
        chance = rows[np.arange(len(here)), np.clip(there, 0, count - 1)]
        chance = np.where((there >= 0) & (there < count), chance, 0.0)
        if chance.any():
            found.append((step * _stride(board, axis), chance))
    return found


def _joined(first: Lottery, *rest: Lottery) -> Lottery:
    """Go one way of each lottery after the other."""
    for more in rest:
        first = [(a + b, p * q) for a, p in first for b, q in more]
    return first


def kernels_in(board: Board, numbers: Numbers) -> Kernels:
    """Build every matrix of a month."""
    patience = board.patience
    stays = np.arange(len(patience)) > 0
    rally = jumping(patience, patience + numbers.law("patience.rally") * stays)
    desertion = [
        jumping(patience, patience - numbers.by_guarantee("guarantees.renege_patience", terms.guarantee))
        for terms in board.phases
    ]
    lines = [_lining(board, line_after(board, numbers, k)) for k in range(len(board.packages))]
    return Kernels(
        war=_war(board, numbers),
        peace=_peace(board, numbers),
        shocks=tuple((shock.axis, _shock(board, shock.axis, shock.change, shock.chance)) for shock in numbers.shocks),
        lines=np.stack(lines),
        rally=rally,
        desertion=np.stack(desertion),
    )


def _lining(board: Board, target: NDArray) -> NDArray:
    """Return the matrix that puts the line at ``target``, in the mean, on the levels at which a line can be."""
    if board.lines is None:
        return jumping(board.territory, target)
    places = list(board.lines)
    levels = board.territory[places]
    matrix = np.zeros((len(target), len(board.territory)))
    for here, aim in enumerate(np.clip(target, levels[0], levels[-1])):
        matrix[here, places] = [float(np.interp(aim, levels, np.eye(len(levels))[k])) for k in range(len(levels))]
    return matrix


def _breaking(board: Board, numbers: Numbers) -> NDArray:
    """Return the matrix of a month's breakthroughs at the front."""
    levels, ways = board.territory, numbers.breakthroughs()
    matrix = np.eye(len(levels)) * (1 - sum(chance for chance, _ in ways))
    for chance, size in ways:
        matrix = matrix + chance * jumping(levels, levels + size)
    return matrix


def _shock(board: Board, axis: int, change: float, chance: float) -> NDArray:
    """Strike one stock; a level that ends the story (whole prize, endurance or patience gone) is never left."""
    levels = board.stocks[axis]
    moved = levels + change
    if axis == 0:
        moved[-1] = levels[-1]
    elif axis in (2, 3):
        moved[0] = levels[0]
    return chance * jumping(levels, moved) + (1 - chance) * np.eye(len(levels))


def _war(board: Board, numbers: Numbers) -> War:
    number, spread = numbers.law, numbers.spread
    men, _ = numbers.drawn()
    _, forces, endurance, _ = board.sizes
    pace, losses = number("front.pace"), number("manpower.losses")
    share = [win_share(numbers, a, forces=board.forces[:, None], endurance=board.endurance) for a in POSTURES]
    recovery = [0.0 if a == "withhold" else number(f"endurance.recovery_{a}") for a in POSTURES]
    wear = [number("endurance.fatigue") + number("endurance.losses") * pi for pi in share]
    breaking = _breaking(board, numbers)
    front, ranks, units = [], [], []
    for pi, gain, loss in zip(share, recovery, wear, strict=True):
        line = lambda p: moving(board.territory, pace * p, pace * (1 - p), spread("territory"), pieces=board.pieces[0])  # noqa: E731
        lines = [[line(p) for p in row] for row in pi]
        front.append(breaking @ np.array(lines))
        ranks.append(np.stack([
            moving(board.forces, men, losses * (1 - pi[:, e]), spread("forces"), pieces=board.pieces[1])
            for e in range(endurance)
        ]))  # fmt: skip
        units.append(np.stack([
            moving(board.endurance, gain, loss[f], spread("endurance"), pieces=board.pieces[2]) for f in range(forces)
        ]))  # fmt: skip
    fading = [number("patience.drift"), number("patience.drift") + number("patience.fruitless")]
    patience = [moving(board.patience, 0.0, fall, spread("patience"), pieces=board.pieces[3]) for fall in fading]
    return War(np.stack(front), np.stack(ranks), np.stack(units), np.stack(patience))


def _peace(board: Board, numbers: Numbers) -> Peace:
    spread = numbers.spread
    rearm, faster = numbers.law("resumption.rearm"), numbers.law("resumption.relief_rearm")
    rises = [rearm + faster * relief_share(numbers, terms) for terms in board.phases]
    forces = [moving(board.forces, rise, 0.0, spread("forces"), pieces=board.pieces[1]) for rise in rises]
    drifts = [_recovering(board, numbers, terms) for terms in board.phases]
    endurance = [
        moving(board.endurance, *each, spread("endurance"), pieces=board.pieces[2], lowest=1) for each in drifts
    ]
    fading = numbers.law("patience.attention_drift")
    patience = moving(board.patience, 0.0, fading, spread("patience"), pieces=board.pieces[3])
    return Peace(np.stack(forces), np.stack(endurance), patience)


def _recovering(board: Board, numbers: Numbers, terms: Terms) -> tuple[NDArray, NDArray]:
    """Recover up to the cap of the terms, fall to it from above at the same speed, but never to the level of defeat.

    Returns what endurance gains and loses in a month, by level.
    """
    cap = numbers.law("resumption.demilitarised_cap") if terms.demilitarised else 1.0
    speed = numbers.law("endurance.recovery_peace")
    rise, fall = np.zeros(len(board.endurance)), np.zeros(len(board.endurance))
    for i, here in enumerate(board.endurance):
        if here < cap:
            rise[i] = min(speed, cap - here)
        elif i > 1:
            fall[i] = min(speed, here - cap)
    return rise, fall
