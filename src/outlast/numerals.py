"""Write shares and worths as words do, one way wherever they stand: in the verdict, on the page, in the terminal."""

from __future__ import annotations

import math
from typing import Any

MINUS = "\u2212"
NOTHING = "\u2013"
SMALLEST_WORTH, SMALL_WORTH = 0.00005, 0.00995


def known(value: Any) -> bool:
    """Say whether a table's cell holds a value (neither null nor NaN)."""
    return value is not None and not (isinstance(value, float) and math.isnan(value))


def percent(value: float | None) -> str:
    """Write a chance or share in [0, 1] as a percentage, keeping rare and near-certain events visible."""
    if not known(value):
        return NOTHING
    assert value is not None
    if value in (0, 1):
        return f"{value:.0%}"
    if abs(value) < 0.0005:
        return "<0.1%"
    if 0.9995 < value < 1:
        return ">99.9%"
    fine = abs(value) < 0.00995 or 0.99 <= value < 1
    return f"{value:.1%}".replace("-", MINUS) if fine else f"{value:.0%}".replace("-", MINUS)


def worth(value: float | None, *, fine: bool | None = None) -> str:
    """Write a gain or loss in units of the whole prize as a signed percentage.

    It has two decimals where `fine`, else one; unless told, it is fine below one per cent.
    """
    if not known(value):
        return NOTHING
    assert value is not None
    fine = abs(value) < SMALL_WORTH if fine is None else fine
    if abs(value) < (SMALLEST_WORTH if fine else 10 * SMALLEST_WORTH):
        return "0.00%" if fine else "0.0%"
    return f"{value:+.2%}".replace("-", MINUS) if fine else f"{value:+.1%}".replace("-", MINUS)


def percents(low: float | None, high: float | None) -> str:
    """Write a range of chances or shares as 'low to high', once where both ends read the same; empty if unknown."""
    if not (known(low) and known(high)):
        return ""
    lower, upper = percent(low), percent(high)
    return lower if lower == upper else f"{lower} to {upper}"


def worths(low: float | None, high: float | None) -> str:
    """Write a range of gains or losses as 'low to high', both to as many decimals; empty if an end is unknown."""
    if low is None or high is None or not (known(low) and known(high)):
        return ""
    fine = max(abs(low), abs(high)) < SMALL_WORTH
    lower, upper = worth(low, fine=fine), worth(high, fine=fine)
    return lower if lower == upper else f"{lower} to {upper}"
