"""Answer 2: who gains while the talks go on.

The delay dividend of m months: what a party expects its position to be worth after m months in which the challenger
attends every round and nothing is signed, less what it is worth now. A collapse on the way counts at its value.
"""

from __future__ import annotations

import numpy as np
import polars as pl

from outlast.answers.standpoint import ACCOUNTS, Standpoint

LONGEST = 36


def delay(view: Standpoint) -> pl.DataFrame:
    """Return a row per party (and per type of the challenger) and month."""
    longest = min(LONGEST, view.months)
    values = view.solution.values["war"]
    mass = [path.war[: longest + 1] for path in view.fruitless]
    prior = (1 - view.prior, view.prior)
    size = np.stack([p * m.sum(axis=(1, 2)) for p, m in zip(prior, mass, strict=True)])
    now = view.at_start(values[0])
    parties = view.game.labels.parties
    rows = []
    for month in range(1, longest + 1):
        own = [(mass[k][month] * values[month, k]).sum() / max(mass[k][month].sum(), 1e-300) for k in (0, 1)]
        gains = {"settler": own[0] - now[0], "staller": own[1] - now[1]}
        gains["challenger"] = (1 - view.prior) * gains["settler"] + view.prior * gains["staller"]
        for account in (2, 3):
            total = sum(prior[k] * (mass[k][month] * values[month, account]).sum() for k in (0, 1))
            gains[ACCOUNTS[account]] = total / max(size[:, month].sum(), 1e-300) - now[account]
        for account in ("challenger", "settler", "staller", "defender", "patron"):
            role = account if account in ("defender", "patron") else "challenger"
            suffix = "" if role == account else f" ({account})"
            rows.append(
                {
                    "party": parties[role] + suffix,
                    "account": account,
                    "months": month,
                    "dividend": float(gains[account]),
                    "chance": float(size[:, month].sum()),
                }
            )
    return pl.DataFrame(rows)
