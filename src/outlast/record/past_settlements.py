"""The hazards of past settlements as counted once, so that a report can stand beside them without the file.

From Fortna, *Does Peacekeeping Work?* (2008): spells of civil wars that ended since 1989, within 60 months. The counts
and their exact 90% intervals are facts computed from the file; ``outlast.evidence.hazard_priors`` computes them again
where the file is.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import polars as pl

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

MODEL, PAST = "model_chance_a_month", "past_chance_a_month"


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


def beside_model(durability: pl.DataFrame, priors: Sequence[HazardPrior]) -> pl.DataFrame:
    """Return a row for each package: how soon war returns in the model, and after past settlements so guaranteed.

    ``durability`` is the answers' table of that name, with ``package``, ``title``, ``guarantee``, ``month`` and
    ``survival``; ``priors`` are those of ``hazard_priors``. Everything is a chance in a month of peace, as ``hazard``
    of ``durability`` is, and not a rate: a rate of r a month, held for the whole time, is a chance of 1 - exp(-r).

    Columns: ``package``, ``title``, ``guarantee``, ``months`` compared (60, or the horizon), ``model_chance_a_month``
    (on average: 1 - survival^(1 / months)), ``past_chance_a_month``, its 90% interval ``past_chance_a_month_low`` and
    ``past_chance_a_month_high``, and ``place`` of the model: *below*, *within* or *above* the interval. Null where
    nothing is known of the guarantee. The warnings of ``Durability`` hold here too.
    """
    last = durability.filter(pl.col("month") <= int(LAST)).sort("month").group_by("package", maintain_order=True).last()
    low, high = f"{PAST}_low", f"{PAST}_high"
    known = pl.DataFrame(
        [(each.guarantee, *(-math.expm1(-rate) for rate in (each.value, each.low, each.high))) for each in priors],
        schema={"guarantee": pl.String, PAST: pl.Float64, low: pl.Float64, high: pl.Float64},
        orient="row",
    )
    model = last.with_columns((1 - pl.col("survival").clip(0.0, 1.0) ** (1 / pl.col("month"))).alias(MODEL))
    joined = model.join(known, on="guarantee", how="left", maintain_order="left")
    place = (
        pl.when(pl.col(low).is_null()).then(None)
        .when(pl.col(MODEL) < pl.col(low)).then(pl.lit("below"))
        .when(pl.col(MODEL) > pl.col(high)).then(pl.lit("above"))
        .otherwise(pl.lit("within"))
    )  # fmt: skip
    return joined.select(
        "package", "title", "guarantee", pl.col("month").alias("months"), MODEL, PAST, low, high, place=place
    )
