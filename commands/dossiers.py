"""From file names to assessments and reports: what ``assess``, ``check`` and ``explain`` have in common."""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from commands.frame import WRONG_INPUT, Face, refuse, written

if TYPE_CHECKING:
    from engine import Assessment, Dossier, Format, Note, Problem, Programme

DOSSIER_SUFFIXES = (".yaml", ".yml", ".json", ".xlsx")


@dataclass(frozen=True, slots=True)
class Case:
    """One dossier with its programme and assessment."""

    path: Path
    dossier: Dossier
    programme: Programme
    assessment: Assessment


@dataclass(frozen=True, slots=True)
class Request:
    """What an assessment is asked to be."""

    scheme: str | None = None
    basis: str | None = None
    close: bool = False
    today: str | None = None


def dossier_files(files: Iterable[Path]) -> list[Path]:
    """The files themselves and, sorted, those in folders; each once. Raises Refused for a folder without any."""
    found: list[Path] = []
    for path in files:
        inside = _inside(path) if os.path.isdir(path) else [path]
        if not inside:
            refuse("folder_empty", str(path), known=", ".join(DOSSIER_SUFFIXES))
        found += inside
    once: dict[str, Path] = {}
    for path in found:
        once.setdefault(os.path.realpath(path), path)
    return list(once.values())


def _inside(folder: Path) -> list[Path]:
    entries: list[Path] = []
    try:
        entries = sorted(folder.iterdir())
    except OSError as err:
        from engine import system_reason

        refuse("folder_unreadable", str(folder), reason=system_reason(err))
    return [path for path in entries if path.suffix.lower() in DOSSIER_SUFFIXES and path.name[0] not in ".~"]


def prepare(face: Face, files: Iterable[Path], request: Request, keep_going: bool) -> tuple[list[Case], list[Problem]]:
    """Read and assess every dossier; those that are refused give their Problems, which end the command unless it is to keep going."""
    from engine import ProblemList, Refused, Where

    cases: list[Case] = []
    refusals: list[Refused] = []
    for path in face.err.progress("assess.reading", dossier_files(files)):
        try:
            cases.append(case_of(path, request))
        except Refused as refused:
            refusals.append(refused)
    problems = ProblemList()
    first: dict[str, Case] = {}
    for case in cases:
        other = first.setdefault(report_name(case.dossier.id).casefold(), case)
        if other is not case:
            where = dict(case.dossier.places).get("dossier", Where(file=str(case.path)))
            problems.error("dossier_twice", where, id=case.dossier.id, first=other.path)
    refused_ones = dict.fromkeys(problem for refusal in refusals for problem in refusal.problems)
    found = [*refused_ones, *problems]
    if found:
        face.err.problems(found)
        if not keep_going:
            raise typer.Exit(WRONG_INPUT)
    return _beside_each_other(list(first.values())), found


def _beside_each_other(cases: list[Case]) -> list[Case]:
    """The cases, each with what its dossier shares with the others."""
    from engine import with_others

    if len(cases) < 2:
        return cases
    made = with_others([(case.assessment, case.programme, case.dossier) for case in cases])
    return [replace(case, assessment=assessment) for case, assessment in zip(cases, made, strict=True)]


def case_of(path: Path, request: Request) -> Case:
    """Read, bind and assess one dossier. Raises Refused."""
    from engine import assess_dossier, has_verified, load_programme, read_dossier

    if os.path.isdir(path):
        refuse("folder_given", str(path))
    dossier = read_dossier(path, today=request.today or date.today().isoformat())
    scheme = request.scheme or own_scheme(dossier, path)
    programme = load_programme(scheme, dossier.kind, standard=dossier.standard, day=dossier.application_date)
    basis = request.basis or ("verified" if has_verified(dossier) else "declared")
    if request.close and basis != "verified":
        refuse("close_declared", str(path))
    assessment = assess_dossier(programme, dossier, basis, close=request.close or None)
    return Case(path, dossier, programme, assessment)


def own_scheme(dossier: Dossier, path: Path) -> str:
    """The scheme a dossier names, which must be one of the library: a dossier may not point at files."""
    from engine import ProblemList, Where, rulesets_root, scheme_ids

    known = scheme_ids(rulesets_root())
    where = dict(dossier.places).get("scheme", Where(file=str(path)))
    problems = ProblemList()
    if not dossier.scheme:
        problems.error("scheme_missing", where, known=", ".join(known))
    elif dossier.scheme not in known:
        problems.error("scheme_unknown", where, name=dossier.scheme, known=", ".join(known))
    problems.refuse_if_errors()
    return dossier.scheme


def report_name(dossier_id: str) -> str:
    """A dossier's id as the name of a file: letters, digits and a few signs, none hidden."""
    safe = "".join(c if c.isalnum() or c in "-_.()（）" else "_" for c in dossier_id).lstrip(".")
    return safe.encode()[:120].decode(errors="ignore") or "_"


def advice_of(case: Case, lang: str) -> tuple[tuple[Note, ...], str]:
    """What a report says of advice: its parts, and the sentence of page one on stability."""
    from engine import advice_notes

    return advice_notes(case.programme, case.dossier, case.assessment.basis, case.assessment.closed, lang)


def formats_asked(text: str, json_file: bool) -> tuple[Format, ...]:
    """The forms in which results are to be written, such as ``pdf,xlsx``, each once. Raises Refused for one that there is not."""
    from engine import FORMATS

    asked = [name.strip().casefold() for name in text.split(",")]
    for name in asked:
        if name not in FORMATS:
            refuse("format_unknown", name=name, known=", ".join(FORMATS))
    return tuple(form for form in FORMATS if form in asked or (json_file and form == "json"))


def write_reports(face: Face, cases: Sequence[Case], out: Path, formats: Sequence[Format], advice: bool) -> dict[Path, Path]:
    """Write every case in the forms asked for, with advice where asked; the path of the first one by the dossier's."""
    from engine import output_bytes

    reports: dict[Path, Path] = {}
    warnings: list[Problem] = []
    for case in face.err.progress("assess.writing", cases):
        notes, stability = advice_of(case, face.lang) if advice and set(formats) != {"json"} else ((), "")
        for form in formats:
            path = out / f"{report_name(case.dossier.id)}.{form}"
            with written(path) as part:
                content, found = output_bytes(form, case.assessment, case.dossier, case.programme, face.lang, notes, stability)
                part.write_bytes(content)
            warnings += [replace(problem, where=replace(problem.where, file=str(case.path))) for problem in found]
            reports.setdefault(case.path, path)
    if warnings:
        face.err.problems(warnings)
    return reports
