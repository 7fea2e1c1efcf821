"""Taking in what applicants hand in: each file becomes an application, a new version of one, or goes back with its Problems."""

from __future__ import annotations

import hashlib
import json
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from engine.dossier.bind import bind
from engine.dossier.places import places_plain, problem_plain
from engine.dossier.read import TEXT_SUFFIXES, WORKBOOK_SUFFIX, read_dossier
from engine.dossier.schema import Dossier, canonical_json, in_canonical_order
from engine.problems import Problem, ProblemList, Refused, Where, system_reason
from engine.rounds.book import ACCEPTED, DUPLICATE, REFUSED, REPLACED, Submission
from engine.rounds.frozen import FrozenFiles, thawed
from engine.rounds.life import APPLICATION_MOVES, RECEIVED, ROUND_MOVES, WITHDRAWN, moved
from engine.rounds.opening import round_of
from engine.rounds.store.ledger import Act
from engine.rounds.store.models import ApplicationRow, DossierRow, SchemeRow, SubmissionRow
from engine.rounds.store.open import Store

SUFFIXES = (*TEXT_SUFFIXES, WORKBOOK_SUFFIX)
_SEVERAL = frozenset({"green_product"})
"""An enterprise applies once for each of its products, and once only with all else."""
_MAX_ENTRIES, _MAX_BYTES = 5_000, 1 << 30


Schemes = dict[str, list[tuple[str, FrozenFiles]]]
"""The programmes of a round by kind, each with its standard."""


@dataclass(frozen=True, slots=True)
class Handed:
    """A file that was handed in: its name, where it can be read, and the hash of its content; ``problems`` where it cannot be read."""

    name: str
    path: Path
    sha256: str = ""
    problems: tuple[Problem, ...] = ()


def add_files(store: Store, act: Act, round_id: str, files: Sequence[Handed], day: str) -> list[Submission]:
    """Take files into a round on a day (ISO text), and say what became of each. Raises Refused where the round takes none any more."""
    with store.reading() as session:
        _check_open(session, round_id)
        schemes: Schemes = {}
        for frozen in schemes_of(session, round_id):
            schemes.setdefault(frozen.kind, []).append((frozen.standard, thawed(frozen)))
        scheme = round_of(session, round_id).scheme
    read = [_read(file, scheme, schemes, day) for file in files]
    with store.change(act) as session:
        state = _check_open(session, round_id)
        desk = _Desk(session, round_id, day)
        found = [desk.take(*one) for one in read]
        if any(one.outcome in (ACCEPTED, REPLACED) for one in found):
            row = round_of(session, round_id)
            row.state, row.changed_on = state, day
    return found


def _check_open(session: Session, round_id: str) -> str:
    return moved(ROUND_MOVES, "add", round_of(session, round_id).state, round_id)


def schemes_of(session: Session, round_id: str) -> list[SchemeRow]:
    """The programmes that a round has frozen."""
    return list(session.scalars(select(SchemeRow).where(SchemeRow.round == round_id).order_by(SchemeRow.kind, SchemeRow.standard)))


def _read(file: Handed, scheme: str, schemes: Schemes, day: str) -> tuple[Handed, Dossier | None, str, tuple[Problem, ...]]:
    """A file's dossier and the standard that it is for; no standard, and every Problem, where it has to go back."""
    if file.problems:
        return file, None, "", file.problems
    problems = ProblemList()
    dossier: Dossier | None = None
    try:
        dossier = read_dossier(file.path, today=day)
        standard, files = _programme_for(dossier, scheme, schemes, file.name)
        bind(dossier, files.programme(), problems)
        problems.refuse_if_errors()
    except Refused as refused:
        return file, dossier, "", tuple(replace(problem, where=_named(problem.where, file)) for problem in refused.problems)
    return file, dossier, standard, (*dossier.warnings, *problems)


def _named(where: Where, file: Handed) -> Where:
    """A place in a file by the name under which it was handed in."""
    return replace(where, file=file.name) if where.file in ("", str(file.path)) else where


def _programme_for(dossier: Dossier, scheme: str, schemes: Schemes, name: str) -> tuple[str, FrozenFiles]:
    problems = ProblemList()
    where = dict(dossier.places).get("scheme", Where(file=name))
    if dossier.scheme not in ("", scheme):
        problems.error("round_other_scheme", where, found=dossier.scheme, wanted=scheme)
        problems.refuse_if_errors()
    editions = schemes.get(dossier.kind, [])
    fitting = [one for one in editions if dossier.standard in (one[0], one[0].rpartition("/")[2])] if dossier.standard else editions
    if len(fitting) != 1:
        known = ", ".join(standard or kind for kind, ones in schemes.items() for standard, _ in ones)
        problems.error("round_no_programme", where, kind=dossier.kind, standard=dossier.standard or "—", known=known)
        problems.refuse_if_errors()
    return fitting[0]


class _Desk:
    """Where dossiers are entered, within one change."""

    def __init__(self, session: Session, round_id: str, day: str) -> None:
        self.session, self.round, self.day = session, round_id, day
        self.submissions = session.scalar(select(func.max(SubmissionRow.seq)).where(SubmissionRow.round == round_id)) or 0
        self.known = list(session.scalars(select(ApplicationRow).where(ApplicationRow.round == round_id).order_by(ApplicationRow.number)))

    def take(self, file: Handed, dossier: Dossier | None, standard: str, problems: tuple[Problem, ...]) -> Submission:
        """Enter a dossier, and what became of its file."""
        outcome, number, version = REFUSED, "", 0
        if dossier is not None and standard:
            try:
                outcome, row = self._enter(dossier, standard)
                number, version = row.number, row.version
            except Refused as refused:
                problems = (*problems, *refused.problems)
        who = (dossier.applicant.name, dossier.applicant.credit_code) if dossier is not None else ("", "")
        found = Submission(file.name, file.sha256, self.day, outcome, *who, number, version, problems)
        self.submissions += 1
        self.session.add(
            SubmissionRow(
                round=self.round,
                seq=self.submissions,
                file=found.file,
                sha256=found.sha256,
                day=self.day,
                outcome=found.outcome,
                applicant=found.applicant,
                credit_code=found.credit_code,
                application=found.number,
                version=found.version,
                problems=_json([problem_plain(problem) for problem in found.problems]),
            )
        )
        return found

    def _enter(self, dossier: Dossier, standard: str) -> tuple[str, ApplicationRow]:
        same = self._same(dossier, standard)
        if same is None:
            return ACCEPTED, self._new(dossier, standard)
        kept = self.session.get(DossierRow, (same.number, same.version))
        assert kept is not None
        if kept.sha256 == dossier.sha256:
            return DUPLICATE, same
        same.state = moved(APPLICATION_MOVES, "replace", same.state, same.number)
        same.version += 1
        for name, value in _head(dossier, standard).items():
            setattr(same, name, value)
        self._keep(same, dossier)
        return REPLACED, same

    def _same(self, dossier: Dossier, standard: str) -> ApplicationRow | None:
        """The application of the same enterprise with the same thing; one that was withdrawn does not come back."""
        for row in self.known:
            if (
                row.state != WITHDRAWN
                and (row.credit_code, row.kind, row.standard)
                == (
                    dossier.applicant.credit_code,
                    dossier.kind,
                    standard,
                )
                and (row.kind not in _SEVERAL or self._id_of(row) == dossier.id)
            ):
                return row
        return None

    def _id_of(self, row: ApplicationRow) -> str:
        kept = self.session.get(DossierRow, (row.number, row.version))
        assert kept is not None
        return kept.dossier

    def _new(self, dossier: Dossier, standard: str) -> ApplicationRow:
        number = f"{self.round}-{len(self.known) + 1:04d}"
        row = ApplicationRow(number=number, round=self.round, state=RECEIVED, version=1, **_head(dossier, standard))
        self.session.add(row)
        self.known.append(row)
        self._keep(row, dossier)
        return row

    def _keep(self, row: ApplicationRow, dossier: Dossier) -> None:
        self.session.flush()
        self.session.add(
            DossierRow(
                application=row.number,
                version=row.version,
                dossier=dossier.id,
                sha256=dossier.sha256,
                content=canonical_json(dossier),
                places=_json(places_plain(in_canonical_order(dossier))),
                day=self.day,
            )
        )
        self.session.flush()


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def _head(dossier: Dossier, standard: str) -> dict[str, str]:
    applicant = dossier.applicant
    return {
        "credit_code": applicant.credit_code,
        "name": applicant.name,
        "kind": dossier.kind,
        "standard": standard,
        "district": applicant.district,
        "industry": applicant.industry,
        "third_party": dossier.assessor.organisation,
    }


# --- files, folders, archives ---


def handed_in(paths: Sequence[Path], folder: Path) -> list[Handed]:
    """The dossiers among files, in folders and in zip archives, in order; ``folder`` takes what archives hold while it is read."""
    return [file for path in paths for file in _handed(path, folder)]


def _handed(path: Path, folder: Path) -> Iterator[Handed]:
    if path.is_dir():
        for inner in sorted(path.rglob("*")):
            if inner.is_file() and inner.name[0] not in ".~" and inner.suffix.lower() in (*SUFFIXES, ".zip"):
                yield from _handed(inner, folder)
    elif path.suffix.lower() == ".zip":
        yield from _unzipped(path, folder)
    else:
        yield _hashed(path.name, path)


def _hashed(name: str, path: Path) -> Handed:
    try:
        return Handed(name, path, hashlib.sha256(path.read_bytes()).hexdigest())
    except OSError as err:
        problems = ProblemList()
        problems.error("file_unreadable", Where(file=name), reason=system_reason(err))
        return Handed(name, path, "", tuple(problems))


def _unzipped(path: Path, folder: Path) -> Iterator[Handed]:
    """The dossiers of an archive, each by the archive's name and its own; names not said to be Unicode are read as Windows writes them."""
    problems = ProblemList()
    where = Where(file=path.name)
    try:
        with zipfile.ZipFile(path, metadata_encoding="gbk") as archive:
            entries = [entry for entry in archive.infolist() if not entry.is_dir()]
            if len(entries) > _MAX_ENTRIES or sum(entry.file_size for entry in entries) > _MAX_BYTES:
                problems.error("archive_too_large", where, count=len(entries), limit=_MAX_ENTRIES)
                entries = []
            for number, entry in enumerate(sorted(entries, key=lambda entry: entry.filename)):
                suffix = Path(entry.filename).suffix.lower()
                if suffix in SUFFIXES and Path(entry.filename).name[0] not in ".~":
                    inner = folder / f"{path.stem}-{number:05d}{suffix}"
                    inner.write_bytes(archive.read(entry))
                    yield _hashed(f"{path.name}/{entry.filename}", inner)
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, UnicodeDecodeError, EOFError) as err:
        problems.error("archive_unreadable", where, reason=str(err))
    except OSError as err:
        problems.error("archive_unreadable", where, reason=system_reason(err))
    if problems.has_errors:
        yield Handed(path.name, path, "", tuple(problems))
