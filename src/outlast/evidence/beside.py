"""Set the model's hazards beside those of past settlements, guarantee by guarantee, both as chances a month."""

from __future__ import annotations

from collections.abc import Sequence
from math import expm1

import polars as pl

from outlast.evidence.counted import LAST, HazardPrior

MONTHS = int(LAST)


def chance(rate: float) -> float:
    """Return the chance of a failure in a month at a constant rate a month."""
    return -expm1(-rate)


def beside_model(durability: pl.DataFrame, priors: Sequence[HazardPrior]) -> pl.DataFrame:
    """Return a row for each package: the model's hazard and that of past settlements with such a guarantee.

    ``durability`` is the answers' table of that name, with ``package``, ``title``, ``guarantee``, ``month`` and
    ``survival``; ``priors`` are those of ``hazard_priors``. Columns: ``package``, ``title``, ``guarantee``, ``months``
    compared (60, or the horizon), ``model`` (1 - survival ^ (1 / months), the chance of renewed war in a month that
    would leave the same share at peace), ``evidence``, ``low`` and ``high`` (90% interval), and ``place`` of the model:
    *below*, *within* or *above* the interval. All four are chances a month, as the hazards of ``durability`` are;
    a count of failures over months at risk is a rate, and 1 - exp(-rate) its chance. Null where nothing is known of
    the guarantee. The warnings of ``Durability`` hold here too.
    """
    last = durability.filter(pl.col("month") <= MONTHS).sort("month").group_by("package", maintain_order=True).last()
    known = pl.DataFrame(
        [(prior.guarantee, *map(chance, (prior.value, prior.low, prior.high))) for prior in priors],
        schema={"guarantee": pl.String, "evidence": pl.Float64, "low": pl.Float64, "high": pl.Float64},
        orient="row",
    )
    hazard = 1 - pl.col("survival").clip(0.0, 1.0) ** (1 / pl.col("month"))
    joined = last.with_columns(model=hazard).join(known, on="guarantee", how="left", maintain_order="left")
    place = (
        pl.when(pl.col("low").is_null()).then(None)
        .when(pl.col("model") < pl.col("low")).then(pl.lit("below"))
        .when(pl.col("model") > pl.col("high")).then(pl.lit("above"))
        .otherwise(pl.lit("within"))
    )  # fmt: skip
    return joined.select(
        "package",
        "title",
        "guarantee",
        pl.col("month").alias("months"),
        "model",
        "evidence",
        "low",
        "high",
        place=place,
    )
