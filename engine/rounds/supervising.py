"""What surveillance tells an office on a day: decisions with their notices, what falls due, and what is late."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import select

from engine.dossier.again import dossier_of_store
from engine.report.letter import letter_bytes
from engine.rounds.certified import HeldCertificate
from engine.rounds.export import ExportedFile
from engine.rounds.frozen import thawed
from engine.rounds.intake import schemes_of
from engine.rounds.names import Both, Names, names_of
from engine.rounds.notice_letters import notice_letters
from engine.rounds.sender import Sender
from engine.rounds.store.models import ApplicationRow, DossierRow
from engine.rounds.store.open import Store
from engine.rounds.surveillance.due import Document, Due, calendar, overdue
from engine.rounds.surveillance.histories import Decision, History
from engine.rounds.surveillance.notices import Notice, notices


@dataclass(frozen=True, slots=True)
class Decided:
    """A decision about a certificate with its notice; ``told`` is the history that it is taken from."""

    held: HeldCertificate
    told: History
    decision: Decision
    notice: Notice


def decisions_of(held: Iterable[HeldCertificate], since: str, until: str, day: str) -> tuple[Decided, ...]:
    """What was decided from one day to another (ISO text), both included, as it stands at the end of ``day``: by day, then number."""
    found: list[Decided] = []
    for one in held:
        told = one.told(day)
        pairs = zip(told.decisions, notices(told), strict=True)
        found += [Decided(one, told, decision, notice) for decision, notice in pairs if since <= notice.day <= until]
    return tuple(sorted(found, key=lambda each: (each.notice.day, each.held.number)))


def due_of(
    held: Iterable[HeldCertificate], day: str, days: int, documents: Iterable[Document] = ()
) -> tuple[tuple[Due, ...], tuple[Due, ...]]:
    """What falls due from a day (ISO text) to so many days later, and what is late on that day; by day, then district and number."""
    papers: dict[str, list[Document]] = {}
    for document in documents:
        papers.setdefault(document.certificate, []).append(document)
    coming: list[Due] = []
    late: list[Due] = []
    for one in held:
        pair = [(one.certificate, one.events)]
        coming += calendar(pair, one.rules, day, days, papers.get(one.number, ()))
        late += overdue(pair, one.rules, day)
    return _by_day(coming), _by_day(late)


def _by_day(found: Iterable[Due]) -> tuple[Due, ...]:
    return tuple(sorted(found, key=lambda each: (each.day, each.district, each.certificate, each.kind, each.key)))


def documents_of(store: Store, held: Iterable[HeldCertificate]) -> tuple[Document, ...]:
    """The documents of the dossiers that certificates were issued on, as far as they run out."""
    numbers = {one.application: one.number for one in held}
    rows = (
        select(DossierRow)
        .join(ApplicationRow, (ApplicationRow.number == DossierRow.application) & (ApplicationRow.version == DossierRow.version))
        .where(DossierRow.application.in_(numbers))
        .order_by(DossierRow.application)
    )
    found: list[Document] = []
    with store.reading() as session:
        for row in session.scalars(rows):
            listed = dossier_of_store(row.content, row.places, row.application).evidence
            found += [Document(numbers[row.application], one.id, one.title, one.valid_until) for one in listed if one.valid_until]
    return tuple(found)


def notice_files(store: Store, found: Sequence[Decided], sender: Sender, lang: str = "zh") -> Iterator[ExportedFile]:
    """The letters of decisions, one after the other as they are made."""
    names = Names(districts=district_names(store, [one.held for one in found]))
    for one in notice_letters((each.notice for each in found), names, sender, lang):
        yield ExportedFile(f"{one.name}.pdf", *letter_bytes(one.letter, lang))


def district_names(store: Store, held: Sequence[HeldCertificate]) -> Mapping[str, Both]:
    """What the districts of certificates are called, as the newest of their rounds has it."""
    if not held:
        return {}
    with store.reading() as session:
        row = schemes_of(session, max(one.round for one in held))[0]
    return names_of([thawed(row).programme()]).districts
