"""Three sentences for a busy reader, made from the tables."""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

MINUS = "\u2212"


def _span(row: Mapping, value: str, low: str, high: str, *, signed: bool = False) -> str:
    """Return a share as a percentage with its interval."""
    form = "{:+.1f}" if signed else "{:.0f}" if row[value] >= 0.095 else "{:.1f}"
    text = form.format(100 * row[value]) + "%"
    if row[low] is not None:
        text += f" ({form.format(100 * row[low])} to {form.format(100 * row[high])})"
    return text.replace("-", MINUS)


def verdict(tables: Mapping[str, pl.DataFrame], parties: Mapping[str, str]) -> tuple[str, str, str]:
    """Return the verdict: the next round and the year; who gains from delay; deals, and how many claims hold."""
    heads = {row["key"]: row for row in tables["headlines"].to_dicts()}
    said = lambda key, signed=False: _span(heads[key], "value", "low", "high", signed=signed)  # noqa: E731
    challenger, defender, patron = (parties[role] for role in ("challenger", "defender", "patron"))
    first = (
        f"{challenger} attends the next round with a chance of {said('attend_next')}, and a package is signed there "
        f"with {said('signed_next')}; within a year the chance of a signature is {said('signed_year')}."
    )
    second = (
        f"A year of fruitless talks is worth {said('delay_challenger', True)} of the prize to {challenger}, "
        f"{said('delay_defender', True)} to {defender} and {said('delay_patron', True)} to {patron}; "
        f"the passage of time alone makes {_passage(tables['delay'])} of it, in that order."
    )
    return first, second, _deals(tables)


def _passage(delay: pl.DataFrame) -> str:
    """Return what the passage of time alone brings challenger, defender and patron in a year, as percentages."""
    last = delay.filter(pl.col("months") <= 12).sort("months").group_by("account").last()
    gains = dict(last.select("account", "passage").iter_rows())
    first, second, third = (f"{100 * gains[role]:+.1f}%" for role in ("challenger", "defender", "patron"))
    return f"{first}, {second} and {third}".replace("-", MINUS)


def _deals(tables: Mapping[str, pl.DataFrame]) -> str:
    deals = tables["deal_map"]
    zone = deals.filter(pl.col("in_zone"))
    best = deals.sort("product", descending=True).row(0, named=True)
    claims = tables["claims"]
    if zone.height:
        names = ", ".join(zone["title"].to_list())
        start = f"{zone.height} of {deals.height} packages would be accepted by all and last: {names}"
    else:
        start = (
            f"No package of {deals.height} would be both accepted by all and last; the nearest, {best['title']}, has a "
            f"chance of {_span(best, 'product', 'product_low', 'product_high')} of both"
        )
    return f"{start}. Of the article's {claims.height} claims {int(claims['holds'].sum())} hold at the central numbers."
