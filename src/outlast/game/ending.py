"""The values of a war that is only fought: where a war that goes on without end begins to be worked out."""

from __future__ import annotations

from typing import Any

import numpy as np
from jaxtyping import Float

from outlast.game.layers import Move, Shift, Step

AHEAD = 600
"""Months for which such a war is followed: what comes later is worth next to nothing."""
WITHHOLD, SUSTAIN, SILENCE = 0, 1, 0


def fought_on(
    battle: Move,
    flows: Float[np.ndarray, "accounts 1 cells"],
    *,
    dictated: np.ndarray,
    present: np.ndarray,
    discounts: Float[np.ndarray, " accounts"],
) -> Float[np.ndarray, "accounts 1 cells"]:
    """Return the values of a war without talks, in which the patron sustains while it has patience.

    Args:
        battle: the month's battle, by posture and by whether talks were held.
        flows: of a month of such a war, and those for ever where it is over.
        dictated: whether the war is over, by cell.
        present: whether the patron has patience left, by cell.
        discounts: monthly discount factors.
    """
    cells = np.arange(flows.shape[-1])
    posture = np.where(present, SUSTAIN, WITHHOLD)

    def chosen(chance: np.ndarray) -> np.ndarray:
        return np.broadcast_to(chance, (3, 2, 1, len(cells)))[posture, SILENCE, 0, cells]

    steps = [(m.stride, chosen(m.up), chosen(m.down)) if isinstance(m, Step) else m for m in battle.moves]
    flows, discount = flows[:, 0], discounts[:, None]
    values = flows
    for _ in range(AHEAD):
        then = values
        for step in reversed(steps):
            then = _expected(step, then)
        values = np.where(dictated, flows, (1 - discount) * flows + discount * then)
    return values[:, None]


def _expected(step: Any, values: np.ndarray) -> np.ndarray:
    """Return values ``(accounts, cells)`` before one stock's move."""
    if isinstance(step, Shift):
        by_level = values.reshape(len(values), step.before, -1, step.after)
        return np.einsum("ij,abjc->abic", step.matrix, by_level).reshape(values.shape)
    stride, up, down = step
    found = (1 - up - down) * values
    found[:, :-stride] += up[:-stride] * values[:, stride:]
    found[:, stride:] += down[stride:] * values[:, :-stride]
    return found
