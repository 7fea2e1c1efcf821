"""The certificates of the store, each with the rules that its round has frozen for the time after it and the events about it."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.language import exact_number, exact_text
from engine.rounds.frozen_rules import FrozenSurveillance, surveillance_again
from engine.rounds.store.models import ApplicationRow, CertificateRow, EventRow, RoundRow
from engine.rounds.store.open import Store
from engine.rounds.surveillance.events import Certificate, Event
from engine.rounds.surveillance.histories import History
from engine.rounds.surveillance.machine import State
from engine.rounds.surveillance.rules import EventKind, Surveillance
from engine.rounds.surveillance.walk import history

_UNKNOWN = {"zh": "—", "en": "—"}
_POLICY = {"basis": "policy"}
NO_RULES = Surveillance.model_validate(
    {
        "surveillance": "none",
        "version": "0.0.0",
        "title": _UNKNOWN,
        "document": "—",
        "issuer": _UNKNOWN,
        "kinds": [],
        "term": {"months": None, "extended_by_reevaluation": False, "source": _POLICY},
        "rules": [],
    }
)
"""What holds where a round was opened without rules of surveillance: nothing is decided, and only the last day ends a certificate."""
_DETAILS = ("year", "grade", "penalty", "amount", "result", "decision", "note")


@dataclass(frozen=True, slots=True)
class HeldCertificate:
    """A certificate of the store. ``rules`` are those that its round has frozen with their hash, or :data:`NO_RULES`, which have none.

    ``events`` are those of its holder, under whatever certificate, in the order in which they were entered.
    """

    certificate: Certificate
    application: str
    round: str
    rules: Surveillance
    rules_sha256: str
    events: tuple[Event, ...]

    @property
    def number(self) -> str:
        """Its number."""
        return self.certificate.number

    @property
    def is_ruled(self) -> bool:
        """Whether it has rules."""
        return bool(self.rules_sha256)

    def told(self, day: str) -> History:
        """Its history up to the end of a day (ISO text)."""
        return history(self.certificate, self.events, self.rules, day)

    def state_on(self, day: str) -> State:
        """Its state at the end of a day (ISO text)."""
        return self.told(day).state


def certificates_of(
    store: Store, *, round_id: str = "", kind: str = "", district: str = "", numbers: Collection[str] = ()
) -> tuple[HeldCertificate, ...]:
    """The certificates of the store by their numbers; of one round, kind or district, or those numbered, where that is asked for."""
    with store.reading() as session:
        found = held_certificates(session, round_id)
    return tuple(
        one
        for one in found
        if kind in ("", one.certificate.kind) and district in ("", one.certificate.district) and (not numbers or one.number in numbers)
    )


def held_certificates(session: Session, round_id: str = "") -> tuple[HeldCertificate, ...]:
    """The same within a session."""
    query = select(CertificateRow, ApplicationRow).join(ApplicationRow, ApplicationRow.number == CertificateRow.application)
    if round_id:
        query = query.where(ApplicationRow.round == round_id)
    rows = session.execute(query.order_by(CertificateRow.number)).all()
    if not rows:
        return ()
    rules = _frozen(session, {application.round for _, application in rows})
    by_holder = _by_holder(event for _, event in stored_events(session, round_id))
    found = []
    for row, application in rows:
        frozen = rules[application.round]
        found.append(
            HeldCertificate(
                _certificate(row, application),
                application.number,
                application.round,
                NO_RULES if frozen is None else frozen.rules,
                "" if frozen is None else frozen.sha256,
                tuple(by_holder.get(application.credit_code, ())),
            )
        )
    return tuple(found)


def _frozen(session: Session, rounds: Collection[str]) -> dict[str, FrozenSurveillance | None]:
    rows = session.execute(select(RoundRow.id, RoundRow.rules).where(RoundRow.id.in_(rounds)))
    return {name: surveillance_again(text) for name, text in rows}


def _certificate(row: CertificateRow, application: ApplicationRow) -> Certificate:
    return Certificate(
        number=row.number,
        credit_code=application.credit_code,
        holder=application.name,
        kind=application.kind,
        district=application.district,
        issued_on=row.issued_on,
        valid_until=row.valid_until,
    )


def _by_holder(events: Iterable[Event]) -> dict[str, list[Event]]:
    found: dict[str, list[Event]] = {}
    for event in events:
        found.setdefault(event.credit_code, []).append(event)
    return found


# --- events ---


def stored_events(session: Session, round_id: str = "") -> list[tuple[int, Event]]:
    """The events of the store with their numbers, in the order of entry; of a round, those of its applicants.

    An event always has the credit code of its holder."""
    query = select(EventRow).order_by(EventRow.seq)
    if round_id:
        query = query.where(EventRow.credit_code.in_(select(ApplicationRow.credit_code).where(ApplicationRow.round == round_id)))
    return [(row.seq, _event(row)) for row in session.scalars(query)]


def event_row(seq: int, event: Event) -> EventRow:
    """An event as the store keeps it."""
    details: dict[str, Any] = {name: getattr(event, name) for name in _DETAILS if getattr(event, name) not in ("", None)}
    if event.amount is not None:
        details["amount"] = exact_text(event.amount)
    return EventRow(
        seq=seq,
        certificate=event.certificate,
        credit_code=event.credit_code,
        about_kind=event.about_kind,
        kind=event.kind.value,
        day=event.day,
        document=event.document,
        details=json.dumps(details, ensure_ascii=False, sort_keys=True),
        by=event.entered_by,
    )


def _event(row: EventRow) -> Event:
    details: dict[str, Any] = json.loads(row.details)
    if "amount" in details:
        details["amount"] = exact_number(details["amount"])
    return Event(row.day, EventKind(row.kind), row.document, row.by, row.certificate, row.credit_code, row.about_kind, **details)


def last_day(certificates: Iterable[HeldCertificate], since: str) -> str:
    """The last day (ISO text) on which anything is recorded of certificates, not before a day."""
    return max([since, *(event.day for one in certificates for event in one.events)])
