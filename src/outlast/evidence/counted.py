"""The hazards of past settlements as counted once, so that a report can stand beside them without the file.

From Fortna, *Does Peacekeeping Work?* (2008): spells of civil wars that ended since 1989, within 60 months. The counts
and their exact 90% intervals are facts computed from the file; ``hazard_priors`` computes them again where the file is.
"""

from __future__ import annotations

from dataclasses import dataclass

SOURCE = (
    "Fortna, Does Peacekeeping Work? (2008), spells of civil wars that ended since 1989: {failures} failures in"
    " {months:,.0f} months at risk within {last:.0f} months, {words}, taken for this guarantee by judgement;"
    " 90% interval exact, cases taken as independent"
)
LAST = 60.0
WORDS = {
    "none": "without peacekeepers",
    "soft": "under missions with consent",
    "enforceable": "under missions with a mandate to use force",
}
COUNTED = (
    ("none", 38, 2182.08, 0.013043, 0.022826),
    ("soft", 10, 627.83, 0.008642, 0.027017),
    ("enforceable", 4, 475.08, 0.002876, 0.019267),
)
"""Guarantee, failures, months at risk, and the ends of the exact 90% interval of the monthly hazard."""


@dataclass(frozen=True)
class HazardPrior:
    """A monthly hazard of renewed war for one guarantee, in the form of a scenario's number.

    ``value``, ``low`` and ``high`` are rates: failures for each month at risk; a rate r is a chance of 1 - exp(-r) in a
    month. ``basis`` is *data*, for the count; that a mission stands for
    the guarantee of a package is a judgement, which ``source`` says.
    """

    guarantee: str
    value: float
    low: float
    high: float
    source: str
    basis: str = "data"


def counted_priors() -> tuple[HazardPrior, ...]:
    """Return a prior for each guarantee from the counts, without the file they were made from.

    What ``hazard_priors`` says of their worth holds here too.
    """
    return tuple(
        prior_of(guarantee, failures=failures, months=months, interval=(low, high))
        for guarantee, failures, months, low, high in COUNTED
    )


def prior_of(guarantee: str, *, failures: int, months: float, interval: tuple[float, float]) -> HazardPrior:
    """Return the prior that a count of failures over months at risk makes, with its source."""
    source = SOURCE.format(failures=failures, months=months, last=LAST, words=WORDS[guarantee])
    return HazardPrior(guarantee, failures / months, *interval, source)
