"""Where a dossier's entries stood in the applicant's own file, apart from the dossier: what its canonical form leaves out.

A result names cells and lines. Who recomputes it from the canonical form alone puts the places back, and gets the same sentences.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from functools import lru_cache
from typing import Any

from engine.dossier.schema import Cell, Dossier, Entry, EvidenceRef, Row, TableEntry
from engine.problems import Bilingual, Problem, ProblemList, Severity, Where

Plain = list[Any]
"""A place as file, line, sheet, cell and path."""


def where_plain(where: Where) -> Plain:
    """A place as plain data, with the file's name alone."""
    return [_name(where.file), where.line, where.sheet, where.cell, where.path]


@lru_cache(maxsize=64)
def _name(file: str) -> str:
    """A file's name alone: nearly all entries stand in the same file."""
    return Where(file=file).short().file


def where_of(plain: Plain) -> Where:
    """The place of plain data. Raises ValueError, TypeError for what is none."""
    file, line, sheet, cell, path = plain
    if not all(isinstance(text, str) for text in (file, sheet, cell, path)) or not (line is None or isinstance(line, int)):
        raise ValueError(plain)
    return Where(file, line, sheet, cell, path)


def places_plain(dossier: Dossier) -> dict[str, Any]:
    """Every place of a dossier in the order of its entries, the places of its head, and the warnings of reading it."""
    return {
        "entries": [where_plain(where) for where in _wheres(dossier)],
        "head": [[name, where_plain(where)] for name, where in dossier.places],
        "warnings": [problem_plain(problem) for problem in dossier.warnings],
    }


def with_places(dossier: Dossier, plain: dict[str, Any]) -> Dossier:
    """The same dossier with the places and warnings of plain data. Raises Refused where they do not belong to it."""
    problems = ProblemList()
    try:
        wheres = [where_of(entry) for entry in plain["entries"]]
        if len(wheres) != sum(1 for _ in _wheres(dossier)):
            raise ValueError(len(wheres))
        head = tuple((str(name), where_of(where)) for name, where in plain["head"])
        warnings = tuple(problem_of(entry) for entry in plain["warnings"])
    except (KeyError, TypeError, ValueError):
        problems.error("places_malformed", Where())
        problems.refuse_if_errors()
    return replace(_placed(dossier, iter(wheres)), places=head, warnings=warnings)


def _wheres(dossier: Dossier) -> Iterator[Where]:
    for _, entry in (*dossier.inputs, *dossier.answers):
        yield entry.where
        yield from (cell.where for cell in (entry.declared, entry.verified) if cell is not None)
        yield from (ref.where for ref in entry.evidence)
    for _, table in dossier.tables:
        yield table.where
        yield from (ref.where for ref in table.evidence)
        for row in table.rows:
            yield row.where
            yield from (cell.where for _, cell in (*row.declared, *row.verified))
    yield from (document.where for document in dossier.evidence)


def _placed(dossier: Dossier, wheres: Iterator[Where]) -> Dossier:
    """A dossier with its places from first to last, in the order of :func:`_wheres`."""
    inputs = tuple((name, _entry(entry, wheres)) for name, entry in dossier.inputs)
    answers = tuple((name, _entry(entry, wheres)) for name, entry in dossier.answers)
    tables = tuple((name, _table(table, wheres)) for name, table in dossier.tables)
    evidence = tuple(replace(document, where=next(wheres)) for document in dossier.evidence)
    return replace(dossier, inputs=inputs, answers=answers, tables=tables, evidence=evidence)


def _entry(entry: Entry, wheres: Iterator[Where]) -> Entry:
    where = next(wheres)
    declared, verified = (None if cell is None else Cell(cell.text, next(wheres)) for cell in (entry.declared, entry.verified))
    return replace(entry, where=where, declared=declared, verified=verified, evidence=_refs(entry.evidence, wheres))


def _table(table: TableEntry, wheres: Iterator[Where]) -> TableEntry:
    where = next(wheres)
    evidence = _refs(table.evidence, wheres)
    return replace(table, where=where, evidence=evidence, rows=tuple(_row(row, wheres) for row in table.rows))


def _row(row: Row, wheres: Iterator[Where]) -> Row:
    where = next(wheres)
    return Row(_cells(row.declared, wheres), _cells(row.verified, wheres), where)


def _refs(refs: Iterable[EvidenceRef], wheres: Iterator[Where]) -> tuple[EvidenceRef, ...]:
    return tuple(EvidenceRef(ref.id, ref.pages, next(wheres)) for ref in refs)


def _cells(cells: Iterable[tuple[str, Cell]], wheres: Iterator[Where]) -> tuple[tuple[str, Cell], ...]:
    return tuple((name, Cell(cell.text, next(wheres))) for name, cell in cells)


def problem_plain(problem: Problem) -> list[Any]:
    """A Problem as plain data."""
    params = [[name, str(text), text.en if isinstance(text, Bilingual) else None] for name, text in problem.params]
    return [problem.code, problem.severity.value, where_plain(problem.where), params]


def problem_of(plain: list[Any]) -> Problem:
    """The Problem of plain data. Raises ValueError, TypeError for what is none."""
    code, severity, where, params = plain
    texts = tuple((str(name), str(zh) if en is None else Bilingual(str(zh), str(en))) for name, zh, en in params)
    return Problem(str(code), Severity(severity), where_of(where), texts)
