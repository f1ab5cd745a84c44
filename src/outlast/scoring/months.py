"""Count months that begin on one day of the calendar, each named by the day on which it begins."""

from __future__ import annotations

import calendar
import datetime

ONE_DAY = datetime.timedelta(days=1)
FIRST, LAST = datetime.MINYEAR * 12, datetime.MAXYEAR * 12 + 11
"""The first and the last month of a calendar, counted from the year 0."""


def first_day_of(month: datetime.date, begins: int) -> datetime.date:
    """Return the day on which a month begins in the calendar month of a date; ``begins`` is cut at short months."""
    return month.replace(day=min(begins, calendar.monthrange(month.year, month.month)[1]))


def shifted(month: datetime.date, by: int, begins: int) -> datetime.date:
    """Return the month that begins ``by`` months later, or the first or last that a calendar has."""
    place = min(max(month.year * 12 + month.month - 1 + by, FIRST), LAST)
    return first_day_of(datetime.date(place // 12, place % 12 + 1, 1), begins)


def month_of(day: datetime.date, begins: int) -> datetime.date:
    """Return the month that a day lies in."""
    month = first_day_of(day, begins)
    return month if month <= day else shifted(month, -1, begins)


def months_between(first: datetime.date, last: datetime.date) -> int:
    """Return how many months the second of two months lies after the first."""
    return (last.year - first.year) * 12 + last.month - first.month


def last_day_of(month: datetime.date, begins: int) -> datetime.date:
    """Return the last day of a month, or the last that a calendar has."""
    after = shifted(month, 1, begins)
    return after - ONE_DAY if after > month else datetime.date.max
