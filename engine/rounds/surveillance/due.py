"""What falls due in an office's next days: ends of certificates, duties, periods of decisions, documents that run out."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from engine.rounds.surveillance.days import after
from engine.rounds.surveillance.duties import owed
from engine.rounds.surveillance.events import Certificate, Event, about
from engine.rounds.surveillance.histories import Decision, History
from engine.rounds.surveillance.machine import IN_FORCE, PHASES, WAITING, Answer, State
from engine.rounds.surveillance.rules import Surveillance
from engine.rounds.surveillance.walk import history
from engine.rounds.surveillance.wording import both
from engine.ruleset.schema import Words
from engine.texts import say


class DueKind(StrEnum):
    """What falls due."""

    CERTIFICATE = "certificate"
    DUTY = "duty"
    NOTICE = "notice"
    APPEAL = "appeal"
    MEASURE = "measure"
    DOCUMENT = "document"


@dataclass(frozen=True, slots=True)
class Document:
    """A document of a certificate's dossier that runs out; ``valid_until`` is ISO text."""

    certificate: str
    id: str
    title: str
    valid_until: str


@dataclass(frozen=True, slots=True)
class Due:
    """One thing that falls due on a day (ISO text), the last on which it is still in time. ``key`` tells it from others of its kind.

    ``what`` is its title in both languages.
    """

    day: str
    kind: DueKind
    district: str
    certificate: str
    holder: str
    key: str
    what: Words


def calendar(
    certificates: Iterable[tuple[Certificate, Iterable[Event]]],
    rules: Mapping[str, Surveillance] | Surveillance,
    day: str,
    days: int,
    documents: Iterable[Document] = (),
) -> tuple[Due, ...]:
    """Everything that falls due from a day (ISO text) to so many days later, both included, as things stand at the end of that day.

    ``rules`` are those of every certificate, or by kind of certificate. By day, then district, certificate, kind and key.
    """
    today = date.fromisoformat(day)
    last = after(today, days)
    papers: dict[str, list[Document]] = {}
    for document in documents:
        papers.setdefault(document.certificate, []).append(document)
    found: list[Due] = []
    for certificate, events in certificates:
        of_kind = rules if isinstance(rules, Surveillance) else rules[certificate.kind]
        kept = about(certificate, events)
        found += _of(history(certificate, kept, of_kind, day), [each for each in kept if each.day <= day], papers, today, last)
    return tuple(sorted(found, key=_order))


def overdue(
    certificates: Iterable[tuple[Certificate, Iterable[Event]]], rules: Mapping[str, Surveillance] | Surveillance, day: str
) -> tuple[Due, ...]:
    """What fell due before a day (ISO text) and has not been handed in by its end, of certificates that are still in force."""
    found: list[Due] = []
    for certificate, events in certificates:
        told = history(certificate, events, rules if isinstance(rules, Surveillance) else rules[certificate.kind], day)
        for each in told.owed if told.state not in (State.WITHDRAWN, State.EXPIRED) else ():
            if each.handed_in is None and each.due < told.day:
                what, key = told.rules.duty(each.duty).title, f"{each.duty}.{each.number}"
                named = (certificate.district, certificate.number, certificate.holder)
                found.append(Due(each.due.isoformat(), DueKind.DUTY, *named, key, what))
    return tuple(sorted(found, key=_order))


def _order(each: Due) -> tuple[str, ...]:
    return each.day, each.district, each.certificate, each.kind, each.key


def _of(told: History, events: list[Event], papers: Mapping[str, list[Document]], today: date, last: date) -> Iterator[Due]:
    """What falls due for one certificate; of one that is withdrawn or has expired only what may still bring it back."""
    certificate = told.certificate
    if date.fromisoformat(certificate.issued_on) > today:
        return

    def due(on: date, kind: DueKind, key: str, what: Words) -> Iterator[Due]:
        if today <= on <= last:
            yield Due(on.isoformat(), kind, certificate.district, certificate.number, certificate.holder, key, what)

    for decision in told.decisions:
        yield from _periods(decision, due)
    if told.state in (State.WITHDRAWN, State.EXPIRED):
        return
    if told.valid_until is not None:
        yield from due(told.valid_until, DueKind.CERTIFICATE, "", both("due.certificate"))
    own = [event for event in events if event.concerns(certificate)]
    until = last if told.valid_until is None else min(last, told.valid_until)
    for duty in told.rules.duties:
        for each in owed(duty, certificate, own, until):
            if each.handed_in is None:
                yield from due(each.due, DueKind.DUTY, f"{each.duty}.{each.number}", duty.title)
    for paper in papers.get(certificate.number, ()):
        if paper.valid_until:
            on = date.fromisoformat(paper.valid_until)
            yield from due(on, DueKind.DOCUMENT, paper.id, both("due.document", title=paper.title))


def _periods(decision: Decision, due: Callable[[date, DueKind, str, Words], Iterator[Due]]) -> Iterator[Due]:
    measure, key = both(f"measure.{decision.decision}"), decision.day.isoformat()
    if decision.phase in WAITING and decision.notice_until is not None:
        yield from due(decision.notice_until, DueKind.NOTICE, key, both("due.notice", measure=measure, day=key))
    if (decision.phase, Answer.APPEAL) in PHASES and decision.appeal_until is not None:
        yield from due(decision.appeal_until, DueKind.APPEAL, key, both("due.appeal", measure=measure, day=key))
    if decision.phase in IN_FORCE and decision.lasts_until is not None:
        yield from due(decision.lasts_until, DueKind.MEASURE, key, both("due.measure", measure=measure, day=key))


def calendar_rows(found: Iterable[Due], lang: str = "zh") -> list[list[str]]:
    """The calendar as rows of texts with a head row, for a sheet; districts by their ids."""
    columns = ("day", "district", "certificate", "holder", "due", "what")
    rows = [[say(f"surveillance.column.{name}", lang) for name in columns]]
    for each in found:
        kind = say(f"surveillance.due_kind.{each.kind}", lang)
        rows.append([each.day, each.district, each.certificate, each.holder, kind, each.what.in_(lang)])
    return rows


def calendar_plain(found: Iterable[Due]) -> list[dict[str, Any]]:
    """The calendar as plain data for JSON."""
    return [
        {
            "day": each.day,
            "kind": each.kind.value,
            "district": each.district,
            "certificate": each.certificate,
            "holder": each.holder,
            "key": each.key,
            "what": {"zh": each.what.zh, "en": each.what.en},
        }
        for each in found
    ]


def by_district(found: Iterable[Due]) -> dict[str, tuple[Due, ...]]:
    """The calendar of each office, by district in order of its id."""
    parts: dict[str, list[Due]] = {}
    for each in found:
        parts.setdefault(each.district, []).append(each)
    return {district: tuple(parts[district]) for district in sorted(parts)}
