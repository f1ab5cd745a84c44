"""A record: a checked table of what happened, and how it lies to a scenario's months."""

from __future__ import annotations

import datetime
from dataclasses import dataclass, field

import polars as pl


@dataclass(frozen=True)
class Record:
    """What happened, in order of date.

    ``table`` has the columns of ``outlast.record.form``, with the role as the actor: challenger, defender or patron.
    """

    label: str
    table: pl.DataFrame = field(repr=False)

    def rows_of(self, *kinds: str) -> pl.DataFrame:
        """Return the rows of some kinds, in order of date."""
        return self.table.filter(pl.col("kind").is_in(list(kinds)))

    def by_month(self, start: datetime.date) -> pl.DataFrame:
        """Return the table with a column ``month``: whole months from ``start``, negative before it."""
        return self.table.with_columns(month=month_since(start))

    def counts(self) -> dict[str, int]:
        """Return how many rows there are of each kind, the most frequent first."""
        found = self.table["kind"].value_counts(sort=True)
        return dict(found.sort("count", "kind", descending=[True, False]).iter_rows())


def month_since(start: datetime.date, column: str = "date") -> pl.Expr:
    """Return how many whole months a date lies after ``start``; the months begin on ``start``'s day of the month.

    A month is named by the day it begins, so the day of ``start`` is in month 0 and the day before it in month -1.
    """
    day = pl.col(column)
    months = (day.dt.year().cast(pl.Int64) - start.year) * 12 + day.dt.month().cast(pl.Int64) - start.month
    last = day.dt.month_end().dt.day().cast(pl.Int64)
    begins = pl.min_horizontal(pl.lit(start.day, dtype=pl.Int64), last)
    return months - (day.dt.day().cast(pl.Int64) < begins).cast(pl.Int64)
