"""Calendar days: months added from a fixed day, and periods that begin the day after."""

from __future__ import annotations

import calendar
from datetime import date, timedelta


def add_months(start: date, months: int) -> date:
    """The same day so many months later; the last of that month where it has no such day (31 January and a month: the last of February)."""
    index = start.year * 12 + start.month - 1 + months
    year, month = divmod(index, 12)
    return date(year, month + 1, min(start.day, calendar.monthrange(year, month + 1)[1]))


def period_end(start: date, months: int) -> date:
    """The last day of a period of whole months whose first day is ``start``: three years from 15 January 2018 end on 14 January 2021.

    Where the last month has no such day, the period ends with that month: three years from 29 February 2020 end on 28 February 2023.
    """
    same = add_months(start, months)
    return same if same.day < start.day else same - timedelta(days=1)


def after(start: date, days: int) -> date:
    """The day so many days later. A period of days does not count its first day, so this is also the period's last day."""
    return start + timedelta(days=days)


def on(year: int, month_day: str) -> date:
    """The day ``MM-DD`` of a year; 29 February is the 28th where there is none."""
    month, day = (int(part) for part in month_day.split("-"))
    return date(year, month, min(day, calendar.monthrange(year, month)[1]))


def text(day: date | None) -> str:
    """A day as ISO text; empty for none."""
    return "" if day is None else day.isoformat()
