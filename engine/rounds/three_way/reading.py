"""The three views of the applications that a round has assessed, computed from what the store keeps. Nothing is written."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from engine.assess.views import Views, side_by_side
from engine.dossier.again import dossier_of_store
from engine.dossier.read import canonical_dossier
from engine.dossier.schema import Dossier
from engine.problems import ProblemList, Where
from engine.rounds.frozen import thawed
from engine.rounds.intake import schemes_of
from engine.rounds.life import RECEIVED, WITHDRAWN
from engine.rounds.opening import round_of
from engine.rounds.rechecking import application_of, rechecks_of
from engine.rounds.store.models import ApplicationRow, DossierRow, SchemeRow
from engine.rounds.store.open import Store
from engine.rounds.three_way.case import Compared, Head, compared
from engine.rounds.three_way.tally import RoundComparison, round_comparison
from engine.ruleset.programme import Programme


@dataclass(frozen=True, slots=True)
class ApplicationViews:
    """The views of one application, with what they are of."""

    views: Views
    dossier: Dossier
    programme: Programme


def compare_round(store: Store, round_id: str) -> RoundComparison:
    """The views of every application that was assessed and not withdrawn, and what they come to together. Raises Refused."""
    with store.reading() as session:
        round_of(session, round_id)
        of_round = ApplicationRow.round == round_id, ApplicationRow.state == RECEIVED
        waiting = session.scalar(select(func.count()).select_from(ApplicationRow).where(*of_round)) or 0
        return round_comparison(round_id, _compared(session, round_id), waiting)


def compare_application(store: Store, round_id: str, number: str) -> ApplicationViews:
    """The views of one application of a round. Raises Refused where the round has none of that number."""
    with store.reading() as session:
        round_of(session, round_id)
        row = application_of(session, number)
        if row.round != round_id:
            problems = ProblemList()
            problems.error("application_unknown", Where(path=f"{round_id} {number}"))
            problems.refuse_if_errors()
        scheme, kept = session.get(SchemeRow, (row.round, row.kind, row.standard)), session.get(DossierRow, (number, row.version))
        assert scheme is not None and kept is not None
        programme, dossier = thawed(scheme).programme(), dossier_of_store(kept.content, kept.places, number)
        return ApplicationViews(side_by_side(programme, dossier, office_found(session, row, dossier)), dossier, programme)


def office_found(session: Session, row: ApplicationRow, dossier: Dossier) -> list[Dossier]:
    """What the office's checks of an application's dossier state, in their order."""
    return [canonical_dossier(one.content.encode(), dossier.id) for one in rechecks_of(session, row.number, row.version)]


def _compared(session: Session, round_id: str) -> Iterator[Compared]:
    programmes = {(row.kind, row.standard): thawed(row) for row in schemes_of(session, round_id)}
    rows = session.execute(
        select(ApplicationRow, DossierRow)
        .join(DossierRow, (DossierRow.application == ApplicationRow.number) & (DossierRow.version == ApplicationRow.version))
        .where(ApplicationRow.round == round_id, ApplicationRow.state.not_in((RECEIVED, WITHDRAWN)))
        .order_by(ApplicationRow.number)
        .execution_options(yield_per=50)
    )
    for row, kept in rows:
        programme = programmes[row.kind, row.standard].programme()
        dossier = dossier_of_store(kept.content, kept.places, row.number)
        head = Head(row.number, row.name, row.kind, row.third_party)
        yield compared(programme, dossier, office_found(session, row, dossier), head)
