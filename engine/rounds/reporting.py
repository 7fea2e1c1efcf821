"""Reports of what stands: of a round that was run without them, and of an application that the office has checked again.

A report is computed anew from the stored dossier, the office's checks and the frozen rules; it is written only where it comes to the
stored result. The store then keeps its hash with the result.
"""

from __future__ import annotations

import hashlib
import time
from collections.abc import Iterator, Mapping, Sequence

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from engine.problems import ProblemList, Where
from engine.rounds.life import RECEIVED, ROUND_MOVES, WITHDRAWN, moved
from engine.rounds.opening import round_of
from engine.rounds.rechecking import rechecks_of
from engine.rounds.running import KEPT_AFTER, KEPT_TOGETHER, Done, Job, Setting, results
from engine.rounds.store.ledger import Act
from engine.rounds.store.models import ApplicationRow, AssessmentRow, DossierRow
from engine.rounds.store.open import Store


def without_report(store: Store, round_id: str, numbers: Sequence[str] = (), *, again: bool = False) -> list[Job]:
    """The applications of a round whose standing result has no report yet: of all, or of some by their numbers.

    ``again``: those that have one too. Raises Refused where a number has no result, or the round is closed.
    """
    with store.reading() as session:
        moved(ROUND_MOVES, "report", round_of(session, round_id).state, round_id)
        found = [job for row, job in _standing(session, round_id) if again or not row.report_sha256 or job.number in numbers]
        known = {job.number for job in found}
    problems = ProblemList()
    for number in numbers:
        if number not in known:
            problems.error("report_number", Where(path=number), round=round_id)
    problems.refuse_if_errors()
    return [job for job in found if not numbers or job.number in numbers]


def report_round(store: Store, act: Act, round_id: str, jobs: Sequence[Job], setting: Setting, processes: int) -> Iterator[Done]:
    """Write the reports and yield what came of each as soon as its hash is kept, some at a time.

    A result that does not come out as it is stored gets no report but a Problem. Raises Refused where a report or the store cannot be
    written; what was kept before stays.
    """
    checks = {job.number: job.check for job in jobs}
    gathered: list[Done] = []
    since = time.monotonic()
    for done in results(jobs, setting, processes):
        gathered.append(done)
        if len(gathered) >= KEPT_TOGETHER or time.monotonic() - since >= KEPT_AFTER:
            yield from _keep(store, act, round_id, gathered, checks)
            gathered, since = [], time.monotonic()
    yield from _keep(store, act, round_id, gathered, checks)


def _standing(session: Session, round_id: str) -> Iterator[tuple[AssessmentRow, Job]]:
    """The results that stand, by number: the last of the version that counts, of what was not withdrawn."""
    last = (
        select(AssessmentRow.application, AssessmentRow.version, func.max(AssessmentRow.check).label("check"))
        .group_by(AssessmentRow.application, AssessmentRow.version)
        .subquery()
    )
    rows = session.execute(
        select(ApplicationRow, DossierRow, AssessmentRow)
        .join(DossierRow, (DossierRow.application == ApplicationRow.number) & (DossierRow.version == ApplicationRow.version))
        .join(last, (last.c.application == ApplicationRow.number) & (last.c.version == ApplicationRow.version))
        .join(
            AssessmentRow,
            (AssessmentRow.application == last.c.application)
            & (AssessmentRow.version == last.c.version)
            & (AssessmentRow.check == last.c.check),
        )
        .where(ApplicationRow.round == round_id, ApplicationRow.state.not_in((RECEIVED, WITHDRAWN)))
        .order_by(ApplicationRow.number)
    )
    for row, dossier, kept in rows:
        found = tuple(one.content for one in rechecks_of(session, row.number, row.version)) if kept.check else ()
        what = row.kind, row.standard, dossier.content, dossier.places
        yield kept, Job(row.number, row.version, *what, kept.check, found, hashlib.sha256(kept.content.encode()).hexdigest())


def _keep(store: Store, act: Act, round_id: str, done: Sequence[Done], checks: Mapping[str, int]) -> list[Done]:
    """Enter the hashes of reports; what came to nothing has none."""
    if any(one.result for one in done):
        with store.change(act) as session:
            moved(ROUND_MOVES, "report", round_of(session, round_id).state, round_id)
            for one in sorted(done, key=lambda one: one.number):
                row = session.get(AssessmentRow, (one.number, one.version, checks[one.number]))
                if row is not None and one.result is not None:
                    row.report, row.report_sha256 = str(one.result["report"]), str(one.result["report_sha256"])
    return list(done)
