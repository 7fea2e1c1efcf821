"""The audit of the store: ledger, rows and witness agree, and every stored assessment recomputes to the same bytes."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy import select

from engine.assess.assess import assess_dossier
from engine.assess.export import assessment_json
from engine.dossier.again import dossier_of_store
from engine.problems import Problem, ProblemList, Refused, Where
from engine.rounds.frozen import thawed
from engine.rounds.office import office_dossier
from engine.rounds.store.models import ApplicationRow, AssessmentRow, DossierRow, LedgerRow, RecheckRow, SchemeRow
from engine.rounds.store.open import Store


@dataclass(frozen=True, slots=True)
class Audit:
    """What an audit looked at, and everything that it found."""

    entries: int
    assessments: int
    head: str
    problems: tuple[Problem, ...]


def audit(store: Store) -> Audit:
    """Check everything; nothing is changed."""
    problems = store.check()
    count = 0
    for wrong in _recomputed(store):
        count += 1
        problems.extend(wrong)
    with store.reading() as session:
        last = session.scalars(select(LedgerRow).order_by(LedgerRow.seq.desc()).limit(1)).first()
    return Audit(last.seq if last else 0, count, last.hash if last else "", tuple(problems))


def _recomputed(store: Store) -> Iterator[list[Problem]]:
    """For each stored assessment, what is wrong with it."""
    with store.reading() as session:
        schemes = {(row.round, row.kind, row.standard): thawed(row) for row in session.scalars(select(SchemeRow))}
        rows = session.execute(
            select(AssessmentRow, DossierRow, ApplicationRow)
            .join(DossierRow, (DossierRow.application == AssessmentRow.application) & (DossierRow.version == AssessmentRow.version))
            .join(ApplicationRow, ApplicationRow.number == AssessmentRow.application)
            .order_by(AssessmentRow.application, AssessmentRow.version, AssessmentRow.check)
            .execution_options(yield_per=50)
        )
        for kept, dossier, application in rows:
            where = Where(path=f"assessments {kept.application}/{kept.version}/{kept.check}")
            problems = ProblemList()
            try:
                programme = schemes[application.round, application.kind, application.standard].programme()
                subject = dossier_of_store(dossier.content, dossier.places, application.number)
                checks = select(RecheckRow).where(
                    RecheckRow.application == kept.application, RecheckRow.version == kept.version, RecheckRow.check <= kept.check
                )
                found = [row.content for row in session.scalars(checks.order_by(RecheckRow.check))]
                subject = office_dossier(subject, programme, found) if found else subject
                made = assess_dossier(programme, subject, kept.basis)
                if assessment_json(made, programme) != kept.content:
                    problems.error("recomputed_otherwise", where, kept=kept.outcome, made=made.determination.outcome)
            except (Refused, KeyError, ValueError) as err:
                problems.error("not_recomputed", where, reason=str(err))
            yield list(problems)
