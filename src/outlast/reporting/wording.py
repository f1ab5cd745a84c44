"""Turn numbers and dates into words, the same way on the page and in the terminal."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from outlast.numerals import MINUS, NOTHING, SMALLEST_WORTH, known, percent, worth, worths

__all__ = [
    "MINUS", "NOTHING", "SHARES", "SMALLEST_WORTH", "WORTHS", "bits_text", "count", "day", "is_share", "known",
    "listed", "month", "number_name", "of_draws", "opened", "percent", "plain", "quantity", "quoted", "rate", "rates",
    "span", "with_span", "worth",
]  # fmt: skip

SHARES = frozenset({"chance", "probability", "share", "fraction"})
WORTHS = frozenset({"prize", "flow", "share of the prize"})


def is_share(unit: str | None) -> bool:
    """Say whether a unit is a share or a chance, to be written as a percentage."""
    unit = (unit or "").strip().lower()
    return unit in SHARES or (unit.startswith("share of ") and unit not in WORTHS)


def rate(value: float | None) -> str:
    """Write a monthly hazard as a percentage with one decimal, since the second digit tells one peace from another."""
    if not known(value):
        return NOTHING
    assert value is not None
    return "<0.1%" if 0 < value < 0.0005 else f"{value:.1%}"


def rates(low: float | None, high: float | None) -> str:
    """Write a range of monthly hazards as 'low to high'; an empty string when either end is unknown."""
    return f"{rate(low)} to {rate(high)}" if known(low) and known(high) else ""


def plain(value: float | None) -> str:
    """Write a number with three significant digits and no needless zeros."""
    if not known(value):
        return NOTHING
    assert value is not None
    if value == 0:
        return "0"
    if abs(value) >= 1000:
        return f"{value:,.0f}".replace("-", MINUS)
    if abs(value) < 0.0001:
        return f"{value:.1e}".replace("-", MINUS)
    return f"{float(f'{value:.3g}'):g}".replace("-", MINUS)


def bits_text(value: float | None) -> str:
    """Write an amount of information in bits, with two significant digits."""
    if not known(value):
        return NOTHING
    assert value is not None
    return f"{plain(float(f'{value:.2g}'))} bits" if value >= 0.001 or value == 0 else "<0.001 bits"


def quantity(value: Any, unit: str | None) -> str:
    """Write a number in its unit: shares as percentages, worths as signed percentages, others with the unit behind."""
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "yes" if value else "no"
    if not known(value):
        return NOTHING
    unit = (unit or "").strip()
    if unit.lower() in WORTHS:
        return worth(value)
    if is_share(unit):
        return percent(value)
    if unit in ("%", "percent"):
        return f"{plain(value)}%"
    if unit == "bits":
        return bits_text(value)
    if unit in ("", "1", "-"):
        return plain(value)
    return f"{plain(value)} {unit[:-1] if value == 1 and unit in ('months', 'years', 'packages') else unit}"


def span(low: Any, high: Any, *, unit: str | None = "share") -> str:
    """Write a range as 'low to high'; an empty string when either end is unknown."""
    if not (known(low) and known(high)):
        return ""
    if (unit or "").strip().lower() in WORTHS:
        return worths(low, high)
    lower, upper = quantity(low, unit), quantity(high, unit)
    if lower == upper:
        return lower
    bare = is_share(unit) or (unit or "").strip().lower() in WORTHS | {"%", "percent", ""}
    return f"{lower} to {upper}" if bare else f"{plain(low)} to {plain(high)} {unit}"


def with_span(row: dict[str, Any], key: str, *, unit: str = "share") -> str:
    """Write a row's value with its range in brackets, where there is one."""
    value = quantity(row.get(key), unit)
    bounds = span(row.get(f"{key}_low"), row.get(f"{key}_high"), unit=unit)
    return f"{value} ({bounds})" if bounds else value


def count(number: int, noun: str, *, plural: str | None = None) -> str:
    """Write a count with its noun: 'no package', '1 package', '3 packages'."""
    if number == 1:
        return f"1 {noun}"
    return f"{number if number else 'no'} {plural or noun + 's'}"


def of_draws(held: int | None, draws: int | None, share: float | None) -> str:
    """Write in how many draws something holds: '88% of 16', or '3 of 4' where they are too few for a share.

    An empty string without draws.
    """
    if not (known(held) and draws):
        return ""
    return f"{percent(share)} of {draws}" if known(share) else f"{held} of {draws}"


def listed(words: Sequence[str]) -> str:
    """Join words as in running text: 'a, b and c'."""
    words = list(words)
    if len(words) < 2:
        return words[0] if words else ""
    return f"{', '.join(words[:-1])} and {words[-1]}"


def day(value: Any) -> str:
    """Write a date as '18 February 2026'; text passes unchanged."""
    moment = _moment(value)
    return f"{moment.day} {moment:%B %Y}" if moment else str(value or "")


def month(value: Any) -> str:
    """Write a date as 'Mar 2026'; text that is no date passes unchanged."""
    moment = _moment(value)
    return f"{moment:%b %Y}" if moment else str(value or "")


def _moment(value: Any) -> date | None:
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    try:
        return date.fromisoformat(str(value)[:10])
    except ValueError:
        return None


def quoted(name: Any) -> str:
    """Put a name in quotation marks."""
    return f"\u201c{name}\u201d"


def opened(sentence: str) -> str:
    """Write a sentence's first letter as a capital."""
    return sentence[:1].upper() + sentence[1:]


def number_name(label: str, path: str) -> str:
    """Name a number of a scenario in words: its meaning, and which one where several share it."""
    parts = path.split(".")
    name = label.removesuffix(", by type").removesuffix(", by guarantee")
    which = ""
    if parts[-1] in ("settler", "staller"):
        which = f"for a {parts[-1]}"
    elif parts[-1] in ("none", "soft", "enforceable"):
        which = f"guarantee: {parts[-1]}"
    elif parts[0] in ("packages", "events"):
        which = parts[1]
    elif "pools" in parts:
        which = parts[-2]
    elif parts[0] == "noise":
        which = parts[1]
    return opened(f"{name} ({which})" if which else name)
