"""What a holder owes after certification, when, and what was handed in for it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from engine.rounds.surveillance.days import add_months, on
from engine.rounds.surveillance.events import Certificate, Event
from engine.rounds.surveillance.rules import Duty, whole


@dataclass(frozen=True, slots=True)
class Owed:
    """One occurrence of a duty: ``number`` is the year of a yearly duty, otherwise it counts from 1. None handed in: still owed."""

    duty: str
    number: int
    due: date
    handed_in: date | None = None


def owed(duty: Duty, certificate: Certificate, events: Sequence[Event], until: date) -> tuple[Owed, ...]:
    """Every occurrence of a duty that falls due up to a day, with the first hand-in that counts for it.

    A yearly duty is met by the event that names its year. Otherwise each hand-in counts for the earliest occurrence that still
    lacks one, once the occurrence before has fallen due.
    """
    issued = date.fromisoformat(certificate.issued_on)
    handed = [event for event in events if event.kind is duty.event and event.day >= certificate.issued_on]
    if duty.due is not None:
        first_days: dict[int, date] = {}
        for event in handed:
            first_days.setdefault(event.year or 0, date.fromisoformat(event.day))
        return tuple(Owed(duty.duty, year, due, first_days.get(year)) for year, due in _yearly(duty, issued, until))
    return _assigned(duty, list(_periodic(duty, issued, until)), [date.fromisoformat(event.day) for event in handed])


def _yearly(duty: Duty, issued: date, until: date) -> Iterator[tuple[int, date]]:
    wait = whole(duty.first_year_after)
    assert duty.due is not None
    for year in range(issued.year + wait, until.year + 1) if wait is not None else ():
        due = on(year, duty.due)
        if issued <= due <= until:
            yield year, due


def _periodic(duty: Duty, issued: date, until: date) -> Iterator[date]:
    """Each reckoned from the day of issue, so that the ends of months do not drift."""
    months, before = whole(duty.every_months), whole(duty.days_before) or 0
    number = 1
    while months is not None and (due := add_months(issued, months * number) - timedelta(days=before)) <= until:
        if due >= issued:
            yield due
        number += 1


def _assigned(duty: Duty, dues: list[date], handed: list[date]) -> tuple[Owed, ...]:
    found: dict[int, date] = {}
    for day in handed:
        for i in range(len(dues)):
            if i not in found and (i == 0 or day > dues[i - 1]):
                found[i] = day
                break
    return tuple(Owed(duty.duty, i + 1, due, found.get(i)) for i, due in enumerate(dues))
