"""Issuing certificates to those on the published list, once publicity is over and nothing that was held against it is open."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from engine.assess.assess import assess_dossier
from engine.dossier.again import dossier_of_store
from engine.problems import ProblemList, Refused, Where
from engine.report.certificate import Certificate, certificate_bytes
from engine.rounds.book import CERTIFY
from engine.rounds.deciding import OPEN, UPHELD, objections_of, ranked_rows
from engine.rounds.frozen import thawed
from engine.rounds.life import APPLICATION_MOVES, ROUND_MOVES, moved
from engine.rounds.office import office_dossier
from engine.rounds.opening import round_of
from engine.rounds.quotas import rules_of
from engine.rounds.rechecking import rechecks_of
from engine.rounds.running import write_whole
from engine.rounds.store.ledger import Act
from engine.rounds.store.models import ApplicationRow, CertificateRow, DossierRow, SchemeRow
from engine.rounds.store.open import Store
from engine.rounds.surveillance.days import period_end


@dataclass(frozen=True, slots=True)
class Made:
    """A certificate that was issued: to which application, its number, its last day (ISO text), and its file."""

    application: str
    number: str
    valid_until: str
    file: str


def issue(store: Store, act: Act, round_id: str, folder: Path, issuer: str, day: str, lang: str = "zh") -> list[Made]:
    """Issue every certificate of the list, all or none, and decline the others.

    Raises Refused while publicity lasts or an objection is open or upheld, and with every reason for which a certificate cannot be
    issued: a result that is provisional, open, or was not verified.
    """
    problems = ProblemList()
    with store.change(act) as session:
        row = round_of(session, round_id)
        state = moved(ROUND_MOVES, "issue", row.state, round_id)
        if day <= row.published_until:
            problems.error("issue_published", Where(path=round_id), until=row.published_until)
        for outcome in (OPEN, UPHELD):
            for objection in objections_of(session, round_id, outcome):
                problems.error(f"issue_objection_{outcome}", Where(path=objection.application), seq=objection.seq)
        problems.refuse_if_errors()
        made, written = [], []
        for application in ranked_rows(session, round_id):
            move = "certify" if application.decision == CERTIFY else "decline"
            application.state = moved(APPLICATION_MOVES, move, application.state, application.number)
            if application.decision == CERTIFY:
                certificate = _next(session, application, issuer, day)
                content = _rendered(session, application, certificate, lang, problems)
                file = f"{certificate.number}.pdf"
                written.append((folder / file, content))
                digest = hashlib.sha256(content).hexdigest()
                head = {"number": certificate.number, "application": application.number, "issued_on": day}
                session.add(CertificateRow(**head, valid_until=certificate.until, file=file, sha256=digest))
                session.flush()
                made.append(Made(application.number, certificate.number, certificate.until, file))
        problems.refuse_if_errors()
        _write_all(written)
        row.state, row.changed_on = state, day
    return made


def _write_all(files: Sequence[tuple[Path, bytes]]) -> None:
    """Write all certificates or none: one that the store knows nothing of must not lie about. Raises Refused."""
    done: list[Path] = []
    try:
        for path, content in files:
            write_whole(path, content)
            done.append(path)
    except Refused:
        for path in done:
            path.unlink()
        raise


def _next(session: Session, application: ApplicationRow, issuer: str, day: str) -> Certificate:
    """The next certificate of a kind in the year of its issue, with the days between which it is valid."""
    rules, year = rules_of(session, application.round).rules, int(day[:4])
    of_kind = select(func.count()).join(ApplicationRow, ApplicationRow.number == CertificateRow.application)
    issued = session.scalar(
        of_kind.select_from(CertificateRow).where(ApplicationRow.kind == application.kind, CertificateRow.issued_on.startswith(str(year)))
    )
    number = rules.certificate_number(application.kind, year, (issued or 0) + 1)
    until = period_end(date.fromisoformat(day), 12 * int(rules.validity_years.value)).isoformat()
    return Certificate(number, day, until, issuer)


def _rendered(session: Session, application: ApplicationRow, certificate: Certificate, lang: str, problems: ProblemList) -> bytes:
    """A certificate on what stands of an application; nothing, and every reason in ``problems``, where it cannot be issued."""
    kept = session.get(DossierRow, (application.number, application.version))
    scheme = session.get(SchemeRow, (application.round, application.kind, application.standard))
    assert kept is not None and scheme is not None
    programme = thawed(scheme).programme()
    dossier = dossier_of_store(kept.content, kept.places, application.number)
    found = [one.content for one in rechecks_of(session, application.number, application.version)]
    dossier = office_dossier(dossier, programme, found) if found else dossier
    try:
        return certificate_bytes(assess_dossier(programme, dossier, "verified"), dossier, programme, certificate, lang)[0]
    except Refused as refused:
        problems.extend(refused.problems)
        return b""
