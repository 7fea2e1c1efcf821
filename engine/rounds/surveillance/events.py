"""What happened after certification: events as plain values, read from YAML, JSON or CSV with every mistake at its line."""

from __future__ import annotations

import csv
import io
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, fields
from fractions import Fraction
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import StringConstraints

from engine.dossier.codes import canonical_credit_code
from engine.language import NumberError, parse_number
from engine.located import MAX_BYTES, Key, Located, read
from engine.problems import ProblemList, Where, system_reason
from engine.rounds.surveillance.rules import EventKind, Surveillance
from engine.rounds.surveillance.words import bilingual
from engine.ruleset.load import validate
from engine.ruleset.schema import Model, Text, Word
from engine.ruleset.validity import CalendarDay
from engine.texts import LANGUAGES, catalogue

DELIMITERS = (",", "\t", ";")


@dataclass(frozen=True, slots=True)
class Certificate:
    """A certificate as it was issued. Days are ISO text; ``valid_until`` is empty where it has no term."""

    number: str
    credit_code: str
    holder: str
    kind: str
    district: str
    issued_on: str
    valid_until: str = ""


@dataclass(frozen=True, slots=True)
class Event:
    """One event. ``certificate`` is empty where it is about the holder and so about all their certificates (of ``about_kind``, if stated).

    ``day`` is the day on which it became certain; ``year`` that of an annual update's due day, or of a ranking; ``amount`` is in yuan;
    ``decision`` is the day of the decision that is answered.
    """

    day: str
    kind: EventKind
    document: str
    entered_by: str
    certificate: str = ""
    credit_code: str = ""
    about_kind: str = ""
    year: int | None = None
    grade: str = ""
    penalty: str = ""
    amount: Fraction | None = None
    result: str = ""
    decision: str = ""
    note: str = ""

    def concerns(self, certificate: Certificate) -> bool:
        """Whether it is about this certificate."""
        if self.certificate:
            return self.certificate == certificate.number
        return self.concerns_holder(certificate)

    def concerns_holder(self, certificate: Certificate) -> bool:
        """Whether it is about the holder of this certificate, under this or another certificate of the same kind."""
        return self.credit_code == certificate.credit_code and self.about_kind in ("", certificate.kind)

    @property
    def key(self) -> tuple[Any, ...]:
        """What tells events apart and puts them into an order: who entered one does not, nor what was noted with it."""
        amount = Fraction(-1) if self.amount is None else self.amount
        order = tuple(EventKind).index(self.kind)
        target = (self.certificate, self.credit_code, self.about_kind)
        return (self.day, order, self.year or 0, self.grade, self.penalty, amount, self.result, self.decision, self.document, *target)


def in_order(events: Iterable[Event]) -> list[Event]:
    """Each event once, by day; those of one day in a fixed order. Of the same event entered twice the first name in the alphabet stands."""
    found: dict[tuple[Any, ...], Event] = {}
    for event in sorted(events, key=lambda each: (each.key, each.entered_by, each.note)):
        found.setdefault(event.key, event)
    return list(found.values())


def about(certificate: Certificate, events: Iterable[Event]) -> list[Event]:
    """The events that are about a certificate or its holder, in order."""
    code, number = certificate.credit_code, certificate.number
    return in_order(event for event in events if event.certificate == number or event.credit_code == code)


_Year = Annotated[str, StringConstraints(pattern=r"^\d{4}$")]


class _Entry(Model):
    """An event as it is written."""

    day: CalendarDay
    kind: EventKind
    document: Text
    entered_by: Text
    certificate: str = ""
    credit_code: str = ""
    about_kind: str = ""
    year: _Year | None = None
    grade: Word | None = None
    penalty: Word | None = None
    amount: str | None = None
    result: Literal["passed", "failed"] | None = None
    decision: CalendarDay | None = None
    note: str = ""


class _Events(Model):
    events: tuple[_Entry, ...]


_NEEDED: dict[EventKind, tuple[str, ...]] = {
    EventKind.ANNUAL_UPDATE: ("year",),
    EventKind.RANKED_LOWEST: ("year",),
    EventKind.REEVALUATION_RESULT: ("result",),
    EventKind.ACCIDENT: ("grade",),
    EventKind.PENALTY: ("penalty",),
}
_POSSIBLE: dict[EventKind, tuple[str, ...]] = {
    EventKind.PENALTY: ("penalty", "amount"),
    EventKind.CORRECTED: ("decision",),
    EventKind.APPEAL: ("decision",),
    EventKind.APPEAL_UPHELD: ("decision",),
    EventKind.APPEAL_REJECTED: ("decision",),
    EventKind.PUT_IN_EFFECT: ("decision",),
}
_SPECIAL = ("year", "grade", "penalty", "amount", "result", "decision")


@dataclass(frozen=True, slots=True)
class Written:
    """An event as it was written: where it and each of its fields stand."""

    event: Event
    located: Located
    path: tuple[Key, ...] = ()

    def where(self, field: str = "") -> Where:
        """The place of the event, or of one of its fields."""
        return self.located.where((*self.path, field) if field else self.path)

    @classmethod
    def alone(cls, event: Event) -> Written:
        """An event that stands in no file; its document is where it comes from."""
        return cls(event, Located(event.document))


def written_events(path: Path, problems: ProblemList) -> list[Written]:
    """The events of a file (``.yaml``, ``.yml``, ``.json`` with a list ``events``, or ``.csv`` with heads), in the order of the file.

    What is wrong with the file itself goes to ``problems``, each mistake at its line; whom and what events name is checked by others.
    """
    located = _read_csv(path, problems) if path.suffix.lower() == ".csv" else read(path, problems)
    entries = validate(located, _Events, problems)
    found: list[Written] = []
    seen: dict[tuple[Any, ...], int] = {}
    for i, entry in enumerate(entries.events if entries else ()):
        written = _written(entry, located, ("events", i), problems)
        event, where = written.event, written.where()
        if event.key in seen:
            problems.warning("surveillance_event_twice", where, day=event.day, first=seen[event.key])
        seen.setdefault(event.key, where.line or 0)
        found.append(written)
    return found


def stated_event(fields_: Mapping[str, str], problems: ProblemList) -> Written | None:
    """An event from its fields; None where they cannot be read, with every mistake in ``problems``."""
    located = Located("", dict(fields_))
    entry = validate(located, _Entry, problems)
    return None if entry is None else _written(entry, located, (), problems)


def _written(entry: _Entry, located: Located, path: tuple[Key, ...], problems: ProblemList) -> Written:
    written = Written(_event(entry, located, path, problems), located, path)
    _check(written, problems)
    return written


def check_words(written: Written, rules: Collection[Surveillance], problems: ProblemList) -> None:
    """Whether the grade and the penalty that an event states are words of the rules, of any of them where there are several."""
    for name in ("grade", "penalty"):
        value = getattr(written.event, name)
        known = list(dict.fromkeys(word for each in rules for word in (each.grades if name == "grade" else each.penalties)))
        if value and value not in known:
            problems.error("surveillance_unknown", written.where(name), name=value, known=", ".join(known) or "—")


def _event(entry: _Entry, located: Located, path: tuple[Key, ...], problems: ProblemList) -> Event:
    amount = None
    if entry.amount is not None:
        try:
            amount = parse_number(entry.amount)
        except NumberError:
            problems.error("surveillance_amount", located.where((*path, "amount")), value=entry.amount)
        if amount is not None and amount < 0:
            problems.error("surveillance_amount", located.where((*path, "amount")), value=entry.amount)
    return Event(
        day=entry.day,
        kind=entry.kind,
        document=entry.document,
        entered_by=entry.entered_by,
        certificate=entry.certificate,
        credit_code=canonical_credit_code(entry.credit_code),
        about_kind=entry.about_kind,
        year=None if entry.year is None else int(entry.year),
        grade=entry.grade or "",
        penalty=entry.penalty or "",
        amount=amount,
        result=entry.result or "",
        decision=entry.decision or "",
        note=entry.note,
    )


def _check(written: Written, problems: ProblemList) -> None:
    """What an event of its kind must say and may not say."""
    event = written.event
    kind, needed = bilingual(f"event.{event.kind}"), _NEEDED.get(event.kind, ())
    for name in _SPECIAL:
        stated = getattr(event, name) not in ("", None)
        if name in needed and not stated:
            problems.error("surveillance_event_lacks", written.where(), kind=kind, key=name)
        elif stated and name not in (*needed, *_POSSIBLE.get(event.kind, ())):
            problems.error("surveillance_event_extra", written.where(name), kind=kind, key=name)
    if not event.certificate and not event.credit_code:
        problems.error("surveillance_event_of_nobody", written.where(), day=event.day)


def _heads() -> Mapping[str, str]:
    """The name of every column by what may stand at its head: the name itself, or its title in either language."""
    titles = catalogue("surveillance")["field"]
    names = {field.name for field in fields(Event)}
    return {text.casefold(): name for name in names for text in (name, *(titles[name][lang] for lang in LANGUAGES))}


def _read_csv(path: Path, problems: ProblemList) -> Located:
    """A CSV file in UTF-8 or, as Chinese Excel writes it, GB 18030, as the plain data that a YAML file gives; empty cells are left out."""
    located = Located(str(path))
    try:
        raw = path.read_bytes()
    except OSError as err:
        problems.error("file_unreadable", Where(file=str(path)), reason=system_reason(err))
        return located
    if len(raw) > MAX_BYTES:
        problems.error("file_too_large", Where(file=str(path)), size=f"{len(raw) / 2**20:.1f}", limit=MAX_BYTES // 2**20)
        return located
    text = _decoded(raw)
    if text is None:
        problems.error("file_not_utf8", Where(file=str(path)))
        return located
    return _rows(text, located, problems)


def _rows(text: str, located: Located, problems: ProblemList) -> Located:
    """The rows below the head row, each at its line."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=max(DELIMITERS, key=text.partition("\n")[0].count), strict=True)
    heads = _heads()
    columns: list[str] | None = None
    rows: list[dict[str, str]] = []
    try:
        for row in reader:
            if columns is None:
                columns = [heads.get(cell.strip().casefold(), cell.strip()) for cell in row]
                located.lines[("events",)] = reader.line_num
            elif any(cell.strip() for cell in row):
                located.lines[("events", len(rows))] = reader.line_num
                names = [*columns, *(f"{i + 1}" for i in range(len(columns), len(row)))]
                rows.append({name: cell.strip() for name, cell in zip(names, row, strict=False) if cell.strip()})
    except csv.Error:
        problems.error("table_csv", Where(file=located.file, line=reader.line_num))
        return located
    if columns is None:
        problems.error("file_empty", Where(file=located.file))
        return located
    located.data = {"events": rows}
    return located


def _decoded(raw: bytes) -> str | None:
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return raw.decode(encoding)
        except UnicodeDecodeError:
            continue
    return None
