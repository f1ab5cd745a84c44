"""Mass of signings that each account accepts at a loss, month by month: an observer of forward runs."""

from __future__ import annotations

import jax.numpy as jnp
from jaxtyping import Array, Float

from outlast.solving.forward import Month
from outlast.solving.reading import read

MATERIAL = 0.01
"""A loss that matters: one hundredth of the prize."""


def losses(month: Month) -> Float[Array, "2 accounts"]:
    """Return the mass signed this month at a loss to each account: at any loss, and at a loss above MATERIAL.

    The challenger's answer is compared at the beliefs that its yes and its no leave; everybody else, and a challenger
    that tabled the package itself, at the belief on the day of signing.
    """
    return jnp.stack([_mass(month, margin) for margin in (0.0, MATERIAL)])


def _mass(month: Month, margin: float) -> Float[Array, " accounts"]:
    signed, fruitless = month.stations["signed"], month.stations["fruitless"][:, None]
    here = month.masses["signed"]
    worse = signed + margin < fruitless
    lost = [(here * worse[account]).sum() for account in range(signed.shape[0])]
    answer = month.choices["answer"]
    assert answer.staller is not None
    assert answer.posterior is not None
    levels = month.setting.levels
    backed = month.masses["backed"] * month.choices["backed"].settler[0][0]
    for kind, chance in enumerate((answer.settler[0][0], answer.staller[0][0])):
        yes = read(signed[kind], answer.posterior[0][0], levels)
        no = read(fruitless[kind], answer.posterior[1][0], levels)
        lost[kind] = (month.masses["answer"] * chance * (yes + margin < no)).sum()
        lost[kind] += (backed * worse[kind]).sum()
    return jnp.stack(lost)
