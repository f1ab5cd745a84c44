"""Set how soon war returns in the model beside past settlements, guarantee by guarantee."""

from __future__ import annotations

import math
from collections.abc import Sequence

import polars as pl

from outlast.evidence.counted import LAST, HazardPrior

MONTHS = int(LAST)
MODEL, PAST = "model_chance_a_month", "past_chance_a_month"


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
    last = durability.filter(pl.col("month") <= MONTHS).sort("month").group_by("package", maintain_order=True).last()
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
