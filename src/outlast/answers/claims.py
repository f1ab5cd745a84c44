"""Answer 8: the claims of the scenario's source as predicates that can come out false.

Every predicate reads the tables of one solution and returns a margin: positive when the claim holds, and by how much.
A claim about a mechanism's effect compares with the solution in which that mechanism is off.

The text speaks of the challenger without asking which type it is. What it says of deals must therefore be true twice: of
a staller, and of the challenger as all see it, its types weighed by the belief. Where a settler is all but certain, what a
staller would do proves nothing.
"""

# ruff: noqa: E501
from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import polars as pl

Tables = Mapping[str, pl.DataFrame]
YEAR, TWO_YEARS, HALF = 12, 24, 0.5
EDGE = 0.001
"""What a mechanism must change to count as a difference: a thousandth of the prize, or of certainty."""


@dataclass(frozen=True)
class Claim:
    """A claim, the mechanism it rests on, and the predicate in words and as a margin."""

    id: str
    mechanism: str | None
    words: str
    margin: Callable[[Tables, Tables | None], float]
    contrast: bool = False
    """Whether the predicate compares with the solution without the mechanism."""


def dividend(tables: Tables, account: str, months: int = YEAR) -> float:
    """Delay dividend of an account, in so many months or in as many as the solution looks ahead.

    Not a number where there can be no such stretch of talks.
    """
    rows = tables["delay"].filter((pl.col("account") == account) & (pl.col("months") <= months))
    return _number(rows["dividend"][-1])


def _number(value: float | None) -> float:
    return float("nan") if value is None else float(value)


def mean(tables: Tables, table: str, stock: str, month: int) -> float:
    """Mean of a stock in a month, or in the last one known, as a table has it.

    ``paths`` is over everything that can happen, ``fruitless`` over vain talks alone.
    """
    rows = tables[table].filter((pl.col("stock") == stock) & (pl.col("month") <= month))
    return float(rows["mean"][-1])


def change(tables: Tables, stock: str, months: int = TWO_YEARS) -> float:
    """Change in the mean of a stock over so many months of fruitless talks."""
    return mean(tables, "fruitless", stock, months) - mean(tables, "fruitless", stock, 0)


def as_believed(tables: Tables) -> Tables:
    """Return the tables with the challenger as all see it in the staller's place: its types weighed by the belief."""
    belief = mean(tables, "paths", "belief", 0)
    accepts = belief * pl.col("staller") + (1 - belief) * pl.col("settler")
    seen = tables["deal_map"].with_columns(staller=accepts, holds_60_staller=pl.col("holds_60"))
    return {**tables, "deal_map": seen}


def _either_way(margin: Callable[[Tables, Tables | None], float]) -> Callable[[Tables, Tables | None], float]:
    """Return the smaller of two margins: with a staller, and with the challenger as all see it."""
    return lambda tables, without: min(margin(tables, without), margin(as_believed(tables), without))


def _deals(tables: Tables, *conditions: pl.Expr) -> pl.DataFrame:
    return tables["deal_map"].filter(*conditions)


def _most(frame: pl.DataFrame, value: pl.Expr) -> float:
    """Largest value over rows; -1 without rows."""
    if frame.height == 0:
        return -1.0
    return float(frame.select(value.max()).item())


BROKEN = (pl.col("alliances") == "denied") & pl.col("demilitarised")
SOVEREIGN = ~BROKEN
SOFT = pl.col("guarantee") == "soft"
TEETH = pl.col("guarantee") == "enforceable"


def _soft(tables: Tables, _: Tables | None) -> float:
    """Best, over soft packages, of: the staller accepts and attacks within 60 months, both more likely than not."""
    pair = pl.min_horizontal(pl.col("staller"), 1 - pl.col("holds_60_staller")) - HALF
    return _most(_deals(tables, SOFT), pair)


def _enforceable(tables: Tables, _: Tables | None) -> float:
    frame = _deals(tables, TEETH, SOVEREIGN)
    return HALF - _most(frame, pl.col("staller")) if frame.height else -1.0


def _realistic(tables: Tables, *conditions: pl.Expr) -> pl.DataFrame:
    """Return the packages that the defender and, where it must, the patron would accept more likely than not."""
    willing = (pl.col("defender") >= HALF) & (pl.col("patron").fill_null(1.0) >= HALF)
    return _deals(tables, willing, *conditions)


def _pause(tables: Tables, _: Tables | None) -> float:
    """Ask whether no realistic deal that leaves the defender sovereign would outlast five years of a staller's peace."""
    frame = _realistic(tables, SOVEREIGN)
    return HALF - _most(frame, pl.col("holds_60_staller")) if frame.height else -1.0


def _win(tables: Tables, _: Tables | None) -> float:
    """Ask whether the staller signs some package that breaks the defender, and none that does not."""
    signs, other = (_most(_deals(tables, terms), pl.col("staller")) for terms in (BROKEN, SOVEREIGN))
    return min(signs - HALF, HALF - other)


def _terms(tables: Tables, _: Tables | None) -> float:
    """Best chance that the staller accepts a package that breaks the defender."""
    return _most(_deals(tables, BROKEN), pl.col("staller")) - HALF


def _abandonment(tables: Tables, _: Tables | None) -> float:
    """Whatever the challenger would sign (more likely than not) denies alliances or leaves no guarantor."""
    left = (pl.col("alliances") == "denied") | (pl.col("guarantee") == "none")
    frame = _deals(tables, ~left)
    return HALF - _most(frame, pl.col("staller")) if frame.height else -1.0


def _buys_time(tables: Tables, _: Tables | None) -> float:
    return min(dividend(tables, "challenger"), -dividend(tables, "defender"))


def _nothing(tables: Tables, _: Tables | None) -> float:
    row = tables["rounds"].row(0, named=True)
    return row["nothing"] / row["attend"] - 0.9 if row["attend"] > 0 else float("nan")


def _styles(tables: Tables, _: Tables | None) -> float:
    """Open-ended talks cost the challenger less than the patron: its dividend exceeds the patron's."""
    return dividend(tables, "challenger") - dividend(tables, "patron")


def _less_support(tables: Tables, _: Tables | None) -> float:
    """With talks on, the patron does less than it would in a month of silence."""
    return _support(tables, talks=False) - _support(tables, talks=True)


def _support(tables: Tables, *, talks: bool) -> float:
    """Return what the patron is expected to do at the start: 0 withhold, 1/2 sustain, 1 surge."""
    rows = tables["posture"].filter(pl.col("talks") == talks)
    chance = dict(rows.select("posture", "chance").iter_rows())
    return HALF * chance["sustain"] + chance["surge"]


def _fewer_deals(tables: Tables, without: Tables | None) -> float:
    """Ask by how much the mechanism lowers the chance that a package is signed within a year."""
    if without is None:
        return float("nan")
    return float(without["rounds"]["signed_by"][-1]) - float(tables["rounds"]["signed_by"][-1]) - EDGE


def _dearer_delay(tables: Tables, without: Tables | None) -> float:
    """Ask by how much the mechanism raises what a year of fruitless talks costs the defender."""
    return dividend(without, "defender") - dividend(tables, "defender") - EDGE if without is not None else float("nan")


def _better_delay(tables: Tables, without: Tables | None) -> float:
    """Ask by how much the mechanism raises what a year of fruitless talks brings the challenger."""
    if without is None:
        return float("nan")
    return dividend(tables, "challenger") - dividend(without, "challenger") - EDGE


def _raises_refusal(tables: Tables, without: Tables | None) -> float:
    """Ask whether the mechanism makes the challenger refuse more of what the defender would accept.

    Of the challenger as all see it: a staller refuses all of that in many games, with the mechanism and without.
    """
    if without is None:
        return float("nan")

    def willing(which: Tables) -> float:
        deals = as_believed(which)["deal_map"]
        return float((deals["staller"] * deals["defender"]).sum())

    return willing(without) - willing(tables) - EDGE


CLAIMS = {
    claim.id: claim
    for claim in (
        Claim(
            "next_round",
            None,
            "if the challenger attends the next round, nothing is signed with a chance of at least 90%",
            _nothing,
        ),
        Claim(
            "patience",
            "patience",
            "a year of fruitless talks is worth more to the challenger with this mechanism than without",
            _better_delay,
            True,
        ),
        Claim("styles", "styles", "a year of fruitless talks treats the challenger better than the patron", _styles),
        Claim(
            "shield",
            "talks_shield",
            "with talks on, the patron does less for the defender than in a month of silence",
            _less_support,
        ),
        Claim(
            "abandonment",
            "alignment",
            "a staller refuses every package that keeps alliances open and a guarantor behind the deal",
            _either_way(_abandonment),
        ),
        Claim(
            "buys_time",
            "styles",
            "a year of fruitless talks is worth something to the challenger and costs the defender",
            _buys_time,
        ),
        Claim(
            "front",
            "front",
            "the share of the prize held rises over two years of fruitless talks",
            lambda t, _: change(t, "territory"),
        ),
        Claim(
            "thinning",
            "endurance",
            "the defender's endurance falls over two years of fruitless talks",
            lambda t, _: -change(t, "endurance"),
        ),
        Claim(
            "fatigue",
            "endurance",
            "a year of fruitless talks costs the defender more with this mechanism than without",
            _dearer_delay,
            True,
        ),
        Claim(
            "attention",
            "patience",
            "the patron's patience falls over two years of fruitless talks",
            lambda t, _: -change(t, "patience"),
        ),
        Claim(
            "manpower",
            "manpower",
            "the challenger's forces do not fall by more than a tenth over two years of fruitless talks",
            lambda t, _: change(t, "forces") + 0.1,
        ),
        Claim(
            "tolerance",
            "home_front",
            "the challenger refuses more of what the defender would accept than if it felt the war as a democracy does",
            _raises_refusal,
            True,
        ),
        Claim(
            "insulation",
            "home_front",
            "a deal within a year is less likely than if the challenger's public felt the war as a democracy's does",
            _fewer_deals,
            True,
        ),
        Claim(
            "win",
            "aspiration",
            "a staller signs some package that breaks the defender, and none that does not",
            _either_way(_win),
        ),
        Claim(
            "sunk_cost",
            "aspiration",
            "the challenger refuses more of what the defender would accept than without an aspiration",
            _raises_refusal,
            True,
        ),
        Claim(
            "terms",
            "packages",
            "a staller accepts some package that disarms the defender and denies it alliances",
            _either_way(_terms),
        ),
        Claim(
            "pause",
            "resumption",
            "a staller breaks, within 60 months and more often than not, every package that leaves the defender sovereign and that the others would accept",
            _either_way(_pause),
        ),
        Claim(
            "soft",
            "guarantees",
            "a staller accepts some package with a soft guarantee and attacks within 60 months, both more often than not",
            _either_way(_soft),
        ),
        Claim(
            "enforceable",
            "guarantees",
            "a staller refuses every package with an enforceable guarantee that leaves the defender sovereign",
            _either_way(_enforceable),
        ),
    )
}
