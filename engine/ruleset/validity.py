"""Days of validity: a year or a month counts from its first day, and until its last."""

from __future__ import annotations

import calendar
import re
from datetime import date
from typing import Annotated, NamedTuple

from pydantic import AfterValidator

_WRITTEN = re.compile(r"(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?")


class Span(NamedTuple):
    """From one day to another, both included; an end that is not stated is None."""

    begin: date | None
    end: date | None


def is_day(text: str) -> bool:
    """Whether a text is a day, written year-month-day."""
    try:
        return date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False


def _day(text: str) -> str:
    if not is_day(text):
        raise ValueError("calendar_day")
    return text


CalendarDay = Annotated[str, AfterValidator(_day)]
"""A day as a field of a file: ISO text that the calendar knows."""


def first_day(text: str) -> date:
    """The first day of ``2016``, ``2016-09`` or ``2016-09-20``. Raises ValueError for anything else."""
    year, month, day = _parts(text)
    return date(year, month or 1, day or 1)


def last_day(text: str) -> date:
    """The last day of ``2016``, ``2016-09`` or ``2016-09-20``. Raises ValueError for anything else."""
    year, month, day = _parts(text)
    month = month or 12
    return date(year, month, day or calendar.monthrange(year, month)[1])


def span(since: str | None, until: str | None) -> Span:
    """The days that two texts stand for. Raises ValueError where one is not written as a day, a month or a year."""
    return Span(None if since is None else first_day(since), None if until is None else last_day(until))


def _parts(text: str) -> tuple[int, int | None, int | None]:
    match = _WRITTEN.fullmatch(text)
    if match is None:
        raise ValueError("validity_malformed")
    year, month, day = (int(part) if part else None for part in match.groups())
    assert year is not None
    try:
        date(year, 1 if month is None else month, 1 if day is None else day)
    except ValueError as err:
        raise ValueError("validity_malformed") from err
    return year, month, day
