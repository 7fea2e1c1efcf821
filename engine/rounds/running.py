"""Running a round: every application that waits is assessed and its report written, by several processes, each exactly once.

What is done is kept as it comes, some at a time, so that a run that was killed goes on where it stopped. A report is written before
the store says so: whatever the store says is there.
"""

from __future__ import annotations

import gc
import hashlib
import multiprocessing
import os
import time
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.assess.assess import assess_dossier
from engine.assess.export import assessment_json
from engine.assess.results import Assessment
from engine.dossier.again import dossier_of_store
from engine.dossier.bind import has_verified
from engine.language import exact_text
from engine.problems import Problem, ProblemList, Refused, Where, system_reason
from engine.report.report import report_bytes
from engine.rounds.frozen import FrozenFiles, thawed
from engine.rounds.intake import schemes_of
from engine.rounds.life import APPLICATION_MOVES, RECEIVED, ROUND_MOVES, moved
from engine.rounds.office import office_dossier
from engine.rounds.opening import round_of
from engine.rounds.store.ledger import Act
from engine.rounds.store.models import ApplicationRow, AssessmentRow, DossierRow
from engine.rounds.store.open import Store
from engine.ruleset.programme import Programme

KEPT_TOGETHER = 50
KEPT_AFTER = 1.0
"""Results are kept when so many, or so many seconds, have gathered."""
_COLLECT_AFTER = 50_000


@dataclass(frozen=True, slots=True)
class Job:
    """A version of an application's dossier that is to be assessed, in the words of the store.

    ``found`` are the office's checks of it in their order, the last of which has the number ``check``. ``expected`` is the hash of the
    result that it must come to, empty where it is not known yet.
    """

    number: str
    version: int
    kind: str
    standard: str
    content: str
    places: str
    check: int = 0
    found: tuple[str, ...] = ()
    expected: str = ""

    @property
    def report(self) -> str:
        """The name of the file of its report; a re-check does not take the place of what stood before."""
        return f"{self.number}-{self.check}.pdf" if self.check else f"{self.number}.pdf"


@dataclass(frozen=True, slots=True)
class Done:
    """What came of a job: the result as it is kept, or the Problems for which there is none."""

    number: str
    version: int
    result: Mapping[str, object] | None = None
    problems: tuple[Problem, ...] = ()


@dataclass(frozen=True, slots=True)
class Setting:
    """What all jobs of a run share: programmes by kind and standard, and where and how reports are written (None: none are)."""

    programmes: Mapping[tuple[str, str], FrozenFiles]
    folder: Path | None
    lang: str


def waiting(store: Store, round_id: str) -> list[Job]:
    """The applications of a round that wait to be assessed, by number. Raises Refused where the round is past that."""
    with store.reading() as session:
        moved(ROUND_MOVES, "run", round_of(session, round_id).state, round_id)
        found = session.execute(
            select(ApplicationRow, DossierRow)
            .join(DossierRow, (DossierRow.application == ApplicationRow.number) & (DossierRow.version == ApplicationRow.version))
            .where(ApplicationRow.round == round_id, ApplicationRow.state == RECEIVED)
            .order_by(ApplicationRow.number)
        )
        return [Job(row.number, row.version, row.kind, row.standard, kept.content, kept.places) for row, kept in found]


def run_round(store: Store, act: Act, round_id: str, jobs: Sequence[Job], setting: Setting, processes: int) -> Iterator[Done]:
    """Do the jobs and yield what came of each as soon as it is kept; the round is assessed when none waits any more.

    A dossier that cannot be assessed, or takes its process down, leaves its application waiting and the others alone. Raises Refused
    where a report or the store cannot be written; what was kept before stays.
    """
    gathered: list[Done] = []
    since = time.monotonic()
    for done in results(jobs, setting, processes):
        if done.result is None:
            yield done
            continue
        gathered.append(done)
        if len(gathered) >= KEPT_TOGETHER or time.monotonic() - since >= KEPT_AFTER:
            _keep(store, act, round_id, gathered)
            yield from gathered
            gathered, since = [], time.monotonic()
    _keep(store, act, round_id, gathered)
    yield from gathered
    _finish(store, act, round_id)


def setting_of(store: Store, round_id: str, folder: Path | None, lang: str) -> Setting:
    """What the jobs of a round share."""
    with store.reading() as session:
        return Setting({(row.kind, row.standard): thawed(row) for row in schemes_of(session, round_id)}, folder, lang)


# --- keeping ---


def _keep(store: Store, act: Act, round_id: str, done: Sequence[Done]) -> None:
    """Enter results; one that another run has entered meanwhile is there already."""
    if not done:
        return
    with store.change(act) as session:
        for one in sorted(done, key=lambda one: one.number):
            row = session.get(ApplicationRow, one.number)
            if row is None or row.version != one.version or row.state != RECEIVED or one.result is None:
                continue
            row.state = moved(APPLICATION_MOVES, "run", row.state, row.number)
            session.add(AssessmentRow(application=one.number, version=one.version, check=0, **one.result))


def _finish(store: Store, act: Act, round_id: str) -> None:
    """Move the round on where no application waits any more."""
    with store.change(act) as session:
        row = round_of(session, round_id)
        if not _any_waiting(session, round_id):
            row.state = moved(ROUND_MOVES, "run", row.state, round_id)


def _any_waiting(session: Session, round_id: str) -> bool:
    of_round = ApplicationRow.round == round_id, ApplicationRow.state == RECEIVED
    return session.scalars(select(ApplicationRow.number).where(*of_round).limit(1)).first() is not None


# --- processes ---


def results(jobs: Sequence[Job], setting: Setting, processes: int) -> Iterator[Done]:
    """What comes of the jobs, in the order in which they are done. A pool that breaks is made anew, and who was in it tried alone."""
    left = list(jobs)
    while left:
        suspects: list[Job] = []
        with _pool(setting, processes) as pool:
            for job, done in _through(pool, left, processes):
                if done is None:
                    suspects.append(job)
                else:
                    yield done
        for job in suspects[: 2 * processes]:
            yield _alone(job, setting)
        left = suspects[2 * processes :]


def _pool(setting: Setting, processes: int) -> ProcessPoolExecutor:
    """Processes made from one that has imported what they need; where the system has no such thing, each from nothing."""
    forking = "forkserver" in multiprocessing.get_all_start_methods()
    context = multiprocessing.get_context("forkserver" if forking else "spawn")
    if forking:
        context.set_forkserver_preload([__name__])
    return ProcessPoolExecutor(processes, context, _begin, (setting,))


def _through(pool: ProcessPoolExecutor, jobs: Sequence[Job], processes: int) -> Iterator[tuple[Job, Done | None]]:
    """Put the jobs through a pool, a few at a time; None for those that were in it when it broke, and then for those that had not been."""
    waiting_ = iter(jobs)
    running: dict[Future[Done], Job] = {}
    broken = False
    while True:
        while not broken and len(running) < 2 * processes and (job := next(waiting_, None)) is not None:
            try:
                running[pool.submit(_do, job)] = job
            except BrokenProcessPool:
                broken = True
                yield job, None
        if not running:
            break
        for future in wait(running, return_when=FIRST_COMPLETED).done:
            job = running.pop(future)
            error = future.exception()
            if isinstance(error, BrokenProcessPool):
                broken = True
                yield job, None
            else:
                yield job, future.result() if error is None else _failed(job, error)
    for job in waiting_:
        yield job, None


def _alone(job: Job, setting: Setting) -> Done:
    """Do one job in a process of its own, which it may take down."""
    with _pool(setting, 1) as pool:
        future = pool.submit(_do, job)
        error = future.exception()
        return future.result() if error is None else _failed(job, error)


def _failed(job: Job, error: BaseException) -> Done:
    """A job that ended in a fault: a Problem for its application. Raises Refused where the fault is not the dossier's."""
    if isinstance(error, Refused):
        if any(problem.code == "file_unwritable" for problem in error.problems):
            raise error
        return Done(job.number, job.version, problems=tuple(error.problems))
    problems = ProblemList()
    problems.error("round_fault", Where(path=job.number), kind=type(error).__name__, text=str(error))
    return Done(job.number, job.version, problems=tuple(problems))


_shared: list[Setting] = []
"""What the jobs of this process share."""


def _begin(setting: Setting) -> None:
    """Make a process ready."""
    _shared[:] = [setting]
    gc.set_threshold(_COLLECT_AFTER, 20, 20)


def _do(job: Job) -> Done:
    """Assess a dossier and write its report. Raises Refused."""
    (setting,) = _shared
    programme = _programme_of(setting.programmes[job.kind, job.standard])
    dossier = dossier_of_store(job.content, job.places, job.number)
    basis = "verified" if job.found or has_verified(dossier) else "declared"
    dossier = office_dossier(dossier, programme, job.found) if job.found else dossier
    assessment = assess_dossier(programme, dossier, basis)
    plain = assessment_json(assessment, programme)
    if job.expected and _hash(plain.encode()) != job.expected:
        problems = ProblemList()
        problems.error("report_otherwise", Where(path=job.number))
        return Done(job.number, job.version, problems=tuple(problems))
    report = report_sha256 = ""
    if setting.folder is not None:
        content, _ = report_bytes(assessment, dossier, programme, setting.lang)
        report, report_sha256 = job.report, _hash(content)
        write_whole(setting.folder / report, content)
    return Done(job.number, job.version, kept_result(assessment, plain, report, report_sha256))


def _hash(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


@cache
def _programme_of(files: FrozenFiles) -> Programme:
    """A programme, which stays as long as its process: nobody need look through it for garbage again and again."""
    programme = files.programme()
    gc.collect()
    gc.freeze()
    return programme


def kept_result(made: Assessment, content: str, report: str, report_sha256: str) -> dict[str, object]:
    """What is kept of an assessment: its JSON whole, and what lists go by; the values of a row of the store."""
    low, high = made.score
    return {
        "basis": made.basis,
        "content": content,
        "outcome": made.determination.outcome,
        "tier": made.determination.tier or "",
        "settled": made.determination.settled,
        "provisional": made.determination.provisional,
        "low": exact_text(low),
        "high": "" if high is None else exact_text(high),
        "report": report,
        "report_sha256": report_sha256,
    }


def write_whole(path: Path, content: bytes) -> None:
    """Write a file whole or not at all. Raises Refused."""
    part = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        part.write_bytes(content)
        part.replace(path)
    except OSError as err:
        if os.path.exists(part):
            part.unlink()
        problems = ProblemList()
        problems.error("file_unwritable", Where(file=str(path)), reason=system_reason(err))
        problems.refuse_if_errors()
