"""The dozen numbers that a busy reader takes away."""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

BEST = "the best of the packages, is accepted by all and holds 60 months"
"""What is said of the package that ``best_product`` is of, after its title."""


def headlines(tables: Mapping[str, pl.DataFrame], parties: Mapping[str, str]) -> pl.DataFrame:
    """Read the headline answers off the tables of one solution; null where what is asked about cannot happen."""
    first = tables["rounds"].row(0, named=True)
    last = tables["rounds"].row(-1, named=True)
    zone = tables["deal_map"]
    best = zone.sort("product", descending=True, maintain_order=True).row(0, named=True)
    later = tables["phases"]
    end = later.row(-1, named=True)
    rows = [
        ("attend_next", f"{parties['challenger']} attends the next round", "chance", first["attend"]),
        ("signed_next", "A package is signed at the next round", "chance", first["signed"]),
        ("signed_year", "A package is signed within a year", "chance", last["signed_by"]),
    ]
    for account, who in (
        ("challenger", parties["challenger"]),
        ("defender", parties["defender"]),
        ("patron", parties["patron"]),
    ):
        gain = _dividend(tables["delay"], account, 12)
        rows.append((f"delay_{account}", f"Gain from a year of fruitless talks: {who}", "prize", gain))
    rows += [
        ("zone", "Packages in the durable zone", "packages", float(zone["in_zone"].sum())),
        (
            "best_product",
            f"{best['title']}, {BEST}",
            "chance",
            best["product"],
        ),
        ("peace_end", f"At peace after {end['month']} months", "chance", end["peace"]),
        (
            "imposed_end",
            f"{parties['challenger']} has dictated the end by month {end['month']}",
            "chance",
            end["imposed"],
        ),
    ]
    schema = {"key": pl.String, "label": pl.String, "unit": pl.String, "value": pl.Float64}
    return pl.DataFrame(rows, schema=schema, orient="row")


def _dividend(delay: pl.DataFrame, account: str, months: int) -> float | None:
    rows = delay.filter((pl.col("account") == account) & (pl.col("months") <= months))
    return rows["dividend"][-1]
