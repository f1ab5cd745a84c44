"""Three sentences for a busy reader, made from the tables."""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from outlast.numerals import percent, percents, worth, worths


def _share(value: float, low: float | None, high: float | None) -> str:
    """Return a share with its range, where it has one, as every table writes it."""
    bounds = percents(low, high)
    return f"{percent(value)} ({bounds})" if bounds else percent(value)


def _worth(value: float, low: float | None, high: float | None) -> str:
    bounds = worths(low, high)
    return f"{worth(value)} ({bounds})" if bounds else worth(value)


def verdict(tables: Mapping[str, pl.DataFrame], parties: Mapping[str, str]) -> tuple[str, str, str]:
    """Return the verdict: the next round and the year; who gains from delay; deals, and how many claims hold."""
    heads = {row["key"]: row for row in tables["headlines"].to_dicts()}
    ends = lambda key: [heads[key][column] for column in ("value", "low", "high")]  # noqa: E731
    said, gain = (lambda key: _share(*ends(key))), (lambda key: _worth(*ends(key)))
    challenger, defender, patron = (parties[role] for role in ("challenger", "defender", "patron"))
    first = (
        f"{challenger} attends the next round with a chance of {said('attend_next')}, and a package is signed there "
        f"with {said('signed_next')}; within a year the chance of a signature is {said('signed_year')}."
    )
    known = all(heads[f"delay_{role}"]["value"] is not None for role in ("challenger", "defender", "patron"))
    second = (
        "There can be no year of fruitless talks, so nobody gains by one or loses."
        if not known
        else (
            f"A year of fruitless talks is worth {gain('delay_challenger')} of the prize to {challenger}, "
            f"{gain('delay_defender')} to {defender} and {gain('delay_patron')} to {patron}; "
            f"the passage of time alone makes {_passage(tables['delay'])} of it, in that order."
        )
    )
    return first, second, _deals(tables)


def _passage(delay: pl.DataFrame) -> str:
    """Return what the passage of time alone brings challenger, defender and patron in a year, as percentages."""
    last = delay.filter(pl.col("months") <= 12).sort("months").group_by("account").last()
    gains = dict(last.select("account", "passage").iter_rows())
    first, second, third = (worth(gains[role]) for role in ("challenger", "defender", "patron"))
    return f"{first}, {second} and {third}"


def _deals(tables: Mapping[str, pl.DataFrame]) -> str:
    deals = tables["deal_map"]
    zone = deals.filter(pl.col("in_zone"))
    best = deals.sort("product", descending=True, maintain_order=True).row(0, named=True)
    claims = tables["claims"]
    if zone.height:
        names = ", ".join(zone["title"].to_list())
        start = f"{zone.height} of {deals.height} packages would be accepted by all and last: {names}"
    else:
        start = (
            f"No package of {deals.height} would be both accepted by all and last; the nearest, {best['title']}, has a "
            f"chance of {_share(best['product'], best['product_low'], best['product_high'])} of both"
        )
    if not claims.height:
        return f"{start}."
    holding = int(claims["holds"].sum())
    hold = "holds" if holding == 1 else "hold"
    return f"{start}. Of the article's {claims.height} claims {holding} {hold} at the central numbers."
