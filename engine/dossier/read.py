"""Dossier files -> Dossier: YAML, JSON or workbook, refused with every mistake at once."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from engine import located
from engine.dossier.check import check_dossier
from engine.dossier.parse import parse_dossier
from engine.dossier.schema import Dossier
from engine.problems import ProblemList, Refused, Where

TEXT_SUFFIXES = (".yaml", ".yml", ".json")
WORKBOOK_SUFFIX = ".xlsx"


def read_dossier(path: Path, today: str | None = None) -> Dossier:
    """Read a dossier file; its warnings are in ``Dossier.warnings``.

    ``today`` (ISO text) is the day by which an application date counts as being in the future; None leaves that open.
    Raises Refused with every Problem found, errors and warnings.
    """
    problems = ProblemList()
    dossier = _read(path, problems)
    check_dossier(dossier, problems, today)
    problems.refuse_if_errors()
    return replace(dossier, warnings=tuple(problems))


def canonical_dossier(content: bytes, name: str, *, placed: bool = True) -> Dossier:
    """The dossier of a canonical form, which knows no lines. Raises Refused with every Problem found.

    Where nobody asks what an entry is called in its file (not ``placed``), all entries share one place: many dossiers fit into memory.
    """
    problems = ProblemList()
    source = located.read_line(content, name, problems)
    problems.refuse_if_errors()
    here = source.where()
    dossier = parse_dossier(source.data, source.where if placed else lambda _: here, problems)
    check_dossier(dossier, problems, None)
    problems.refuse_if_errors()
    return dossier


def _read(path: Path, problems: ProblemList) -> Dossier:
    suffix = path.suffix.lower()
    if suffix == WORKBOOK_SUFFIX:
        # openpyxl takes longer to import than everything else here: only those who read a workbook wait for it.
        from engine.dossier.workbook_read import read_workbook

        dossier = read_workbook(path, problems)
        if dossier is None:
            raise Refused(list(problems))
        return dossier
    if suffix not in TEXT_SUFFIXES and path.exists():
        problems.error("dossier_suffix", Where(file=str(path)), suffix=suffix or "—", known=", ".join((*TEXT_SUFFIXES, WORKBOOK_SUFFIX)))
        raise Refused(list(problems))
    source = located.read(path, problems)
    if source.data is None:
        problems.refuse_if_errors()
    return parse_dossier(source.data, source.where, problems)
