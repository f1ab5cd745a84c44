"""Answer 2: who gains while the talks go on.

The delay dividend of m months: what a party expects its position to be worth after m months in which the challenger
attends every round and nothing is signed, less what it is worth now. A collapse on the way counts at its value and with
its own chance; ``chance`` is how likely such a stretch is in equilibrium.

Two things move a position over such months. One is the passage of time: what the same months would be worth in a war
in which nobody is given the floor, all else as it is played. The other is selection: months in which a deal could have
been signed and was not are no average months, since a deal is likeliest where the war goes badly for somebody, and a
refusal tells. The dividend is their sum.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np
import polars as pl

from outlast.answers.standpoint import Standpoint
from outlast.game.month import ACCOUNTS

LONGEST = 36


def delay(view: Standpoint) -> pl.DataFrame:
    """Return a row per party (and per type of the challenger) and month.

    Columns: ``party``, ``account``, ``months``, ``dividend`` and its parts ``passage`` and ``selection`` (shares of the
    whole prize held for ever), and ``chance`` of such a stretch. Where there can be no such stretch, because talks of
    a month are never attended or always end in a deal, ``dividend`` and ``selection`` are null.
    """
    longest = min(LONGEST, view.months)
    values = view.solution.values["war"]
    mass = [path.begun["war"][: longest + 1] for path in view.fruitless]
    alone = [path.begun["war"][: longest + 1] for path in view.undealt]
    prior = np.array([1 - view.prior, view.prior])
    # How likely such a stretch is for each type; it weighs the types for those who do not know which they face. Many
    # unlikely months multiply to less than a number can hold, and the types are to be weighed still: hence the logs.
    shares = np.stack([np.append(p, path.share[:longest]) for p, path in zip(prior, view.fruitless, strict=True)])
    logs = np.cumsum(np.log(shares, out=np.full(shares.shape, -np.inf), where=shares > 0), axis=1)
    likelier = logs.max(axis=0)
    possible = np.isfinite(logs)
    weight = np.exp(logs - np.where(np.isfinite(likelier), likelier, 0.0))
    now = [view.at_start(values[0, account], account if account < 2 else None) for account in range(4)]
    parties = view.game.labels.parties
    rows = []
    for month in range(1, longest + 1):
        own = [_average(values[month, k], [float(possible[k, month])], [mass[k][month]]) for k in (0, 1)]
        gains = {"settler": own[0] - now[0], "staller": own[1] - now[1]}
        gains["challenger"] = view.mix(gains["settler"], gains["staller"])
        for account in (2, 3):
            then = _average(values[month, account], weight[:, month], [each[month] for each in mass])
            gains[ACCOUNTS[account]] = then - now[account]
        time = _passage(view, [path[month] for path in alone], values[month], now)
        for account in ("challenger", "settler", "staller", "defender", "patron"):
            role = account if account in ("defender", "patron") else "challenger"
            suffix = "" if role == account else f" ({account})"
            rows.append(
                {
                    "party": parties[role] + suffix,
                    "account": account,
                    "months": month,
                    "dividend": float(gains[account]),
                    "passage": time[account],
                    "selection": float(gains[account] - time[account]),
                    "chance": float(np.exp(logs[:, month]).sum()),
                }
            )
    return pl.DataFrame(rows).with_columns(pl.col("dividend", "selection").fill_nan(None))


def _average(values: np.ndarray, weights: Iterable[float], mass: Sequence[np.ndarray]) -> float:
    """Return the mean of values ``(beliefs, cells)`` over distributions of weights; not a number where nothing is."""
    total = sum(weight * each.sum() for weight, each in zip(weights, mass, strict=True))
    whole = sum(weight * (each * values).sum() for weight, each in zip(weights, mass, strict=True))
    return float(whole / total) if total > 0 else float("nan")


def _passage(view: Standpoint, mass: list[np.ndarray], values: np.ndarray, now: list[np.ndarray]) -> dict[str, float]:
    """Return what each account's position gains by a month of the war in which nobody is given the floor.

    ``mass`` is the distribution of each type then, ``values`` those of the accounts then, ``now`` those at the start.
    """
    prior = (1 - view.prior, view.prior)
    gains = {name: float((mass[k] * values[k]).sum() - now[k]) for k, name in enumerate(ACCOUNTS[:2])}
    gains["challenger"] = view.mix(gains["settler"], gains["staller"]).item()
    for account in (2, 3):
        then = sum(weight * (each * values[account]).sum() for weight, each in zip(prior, mass, strict=True))
        gains[ACCOUNTS[account]] = float(then - now[account])
    return gains
