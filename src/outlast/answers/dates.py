"""Months of the calendar as dates."""

from __future__ import annotations

import datetime


def month_date(as_of: datetime.date, month: int) -> datetime.date:
    """Return the first day of the calendar month in which the given month of the game begins."""
    total = as_of.year * 12 + as_of.month - 1 + month
    return datetime.date(total // 12, total % 12 + 1, 1)
