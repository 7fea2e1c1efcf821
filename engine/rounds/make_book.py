"""A round of the store as plain values: its book."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any, TypeVar

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.assess.results import Interval
from engine.dossier.places import problem_of
from engine.language import exact_number
from engine.rounds.book import Application, Frozen, Issued, Objection, Recheck, RoundBook, Submission
from engine.rounds.certified import HeldCertificate, held_certificates, last_day
from engine.rounds.intake import schemes_of
from engine.rounds.opening import round_of
from engine.rounds.quotas import quotas_again
from engine.rounds.store.models import (
    ApplicationRow,
    AssessmentRow,
    AssignmentRow,
    DossierRow,
    ObjectionRow,
    RecheckRow,
    SchemeRow,
    SubmissionRow,
)
from engine.rounds.store.open import Store
from engine.rounds.surveillance.days import text

_Row = TypeVar("_Row")


def book_of(store: Store, round_id: str, day: str = "") -> RoundBook:
    """Everything that the store holds of a round, as of one moment. Raises Refused where there is none of that name.

    Certificates are as they stand at the end of a day (ISO text): by default the last on which the round was changed or anything is
    recorded of their holders.
    """
    with store.reading() as session:
        row = round_of(session, round_id)
        held = held_certificates(session, round_id)
        certificates = _issued(held, day or last_day(held, row.changed_on))
        return RoundBook(
            round=row.id,
            scheme=row.scheme,
            state=row.state,
            opened_on=row.opened_on,
            day=row.changed_on,
            programmes=tuple(_frozen(one) for one in schemes_of(session, round_id)),
            applications=_applications(session, round_id, certificates),
            submissions=tuple(_submission(one) for one in session.scalars(_of_round(SubmissionRow, round_id).order_by(SubmissionRow.seq))),
            quotas=quotas_again(row.quotas),
            published=(row.published_from, row.published_until),
        )


def _issued(held: Iterable[HeldCertificate], day: str) -> dict[str, Issued]:
    """What has become of certificates by a day (ISO text), by the numbers of their applications."""
    found = {}
    for one in held:
        told = one.told(day)
        found[one.application] = Issued(one.number, one.certificate.issued_on, text(told.valid_until), told.state.value)
    return found


def _of_round(model: Any, round_id: str) -> Any:
    return select(model).where(model.round == round_id)


def _of_applications(session: Session, model: Any, round_id: str, *order: Any) -> dict[str, list[Any]]:
    """The rows of a table that belong to a round's applications, by their numbers."""
    numbers = select(ApplicationRow.number).where(ApplicationRow.round == round_id)
    found: dict[str, list[Any]] = {}
    for row in session.scalars(select(model).where(model.application.in_(numbers)).order_by(model.application, *order)):
        found.setdefault(row.application, []).append(row)
    return found


def _applications(session: Session, round_id: str, certificates: Mapping[str, Issued]) -> tuple[Application, ...]:
    rows = session.scalars(_of_round(ApplicationRow, round_id).order_by(ApplicationRow.number)).all()
    dossiers = _of_applications(session, DossierRow, round_id)
    results = _of_applications(session, AssessmentRow, round_id, AssessmentRow.version, AssessmentRow.check)
    rechecks = _of_applications(session, RecheckRow, round_id, RecheckRow.version, RecheckRow.check)
    reviewers = _of_applications(session, AssignmentRow, round_id, AssignmentRow.role, AssignmentRow.reviewer)
    objections = _of_applications(session, ObjectionRow, round_id, ObjectionRow.seq)
    return tuple(
        _application(
            row,
            _version(dossiers.get(row.number, ()), row.version)[-1],
            _version(results.get(row.number, ()), row.version),
            _version(rechecks.get(row.number, ()), row.version),
            reviewers.get(row.number, []),
            objections.get(row.number, []),
            certificates.get(row.number),
        )
        for row in rows
    )


def _version(rows: Iterable[_Row], version: int) -> list[_Row]:
    return [row for row in rows if row.version == version]  # type: ignore[attr-defined]


def _application(
    row: ApplicationRow,
    dossier: DossierRow,
    results: list[AssessmentRow],
    rechecks: list[RecheckRow],
    reviewers: list[AssignmentRow],
    objections: list[ObjectionRow],
    certificate: Issued | None,
) -> Application:
    last = results[-1] if results else None
    return Application(
        number=row.number,
        credit_code=row.credit_code,
        name=row.name,
        kind=row.kind,
        standard=row.standard,
        district=row.district,
        industry=row.industry,
        state=row.state,
        version=row.version,
        dossier_id=dossier.dossier,
        dossier_sha256=dossier.sha256,
        third_party=row.third_party,
        result=None if last is None else json.loads(last.content),
        outcome="" if last is None else last.outcome,
        tier="" if last is None else last.tier,
        settled=last is not None and last.settled,
        provisional=last is not None and last.provisional,
        score=None if last is None else Interval(exact_number(last.low), exact_number(last.high) if last.high else None),
        report_sha256="" if last is None else last.report_sha256,
        reviewers=tuple(f"{one.name}（{one.organisation}）" if one.organisation else one.name for one in reviewers),
        rank=row.rank,
        place=row.place,
        ranked_by=row.ranked_by,
        decision=row.decision,
        reason=row.reason,
        rechecks=tuple(found for one in rechecks for found in _rechecks(one)),
        objections=tuple(_objection(one) for one in objections),
        products=json.loads(dossier.content)["applicant"].get("products", ""),
        certificate=certificate,
    )


def _rechecks(row: RecheckRow) -> list[Recheck]:
    return [Recheck(name, field, before, after, row.reason, row.by, row.day) for name, field, before, after in json.loads(row.differences)]


def _objection(row: ObjectionRow) -> Objection:
    upheld = {"upheld": True, "heeded": True, "rejected": False}.get(row.outcome)
    return Objection(row.by, row.day, row.text, upheld, row.answer, row.answered_by, row.answered_on)


def _submission(row: SubmissionRow) -> Submission:
    problems = tuple(problem_of(plain) for plain in json.loads(row.problems))
    head = row.file, row.sha256, row.day, row.outcome, row.applicant, row.credit_code
    return Submission(*head, row.application, row.version, problems)


def _frozen(row: SchemeRow) -> Frozen:
    ruleset = row.ruleset, row.ruleset_version, row.ruleset_sha256
    return Frozen(row.kind, row.standard, *ruleset, row.scheme, row.scheme_version, row.scheme_sha256)
