"""Mass of signings that each account accepts at a loss, month by month: an observer of forward runs."""

from __future__ import annotations

import numpy as np

from outlast.solving.forward import Month
from outlast.solving.reading import read_at

MATERIAL = 0.01
"""A loss that matters: one hundredth of the prize."""


def losses(month: Month) -> np.ndarray:
    """Return the mass signed this month at a loss, ``(runs, margins, accounts)``: at any loss, and above MATERIAL.

    The challenger's answer is compared at the beliefs that its yes and its no leave; everybody else, and a challenger
    that tabled the package itself, at the belief on the day of signing.
    """
    if "signed" not in month.masses:
        return np.zeros((len(month.kinds), 2, len(month.stations["war"])))
    return np.stack([_mass(month, margin) for margin in (0.0, MATERIAL)], axis=1)


def _mass(month: Month, margin: float) -> np.ndarray:
    signed, fruitless = month.stations["signed"], month.stations["fruitless"][:, None]
    runs, accounts = len(month.kinds), len(signed)
    worse = (signed + margin < fruitless).reshape(accounts, -1)
    lost = month.masses["signed"].reshape(runs, -1) @ worse.T
    answer = month.choices["answer"]
    assert answer.staller is not None
    assert answer.posterior is not None
    backed = month.masses["backed"] * month.choices["backed"].settler[0][0]
    for kind, chance in enumerate((answer.settler[0][0], answer.staller[0][0])):
        yes = read_at(signed[kind], answer.posterior[0][0], month.levels)
        no = read_at(fruitless[kind], answer.posterior[1][0], month.levels)
        lost[:, kind] = month.masses["answer"].reshape(runs, -1) @ (chance * (yes + margin < no)).ravel()
        lost[:, kind] += backed.reshape(runs, -1) @ worse[kind]
    return lost
