"""The forms that look at several dossiers: figures copied from another applicant or year, documents that two applicants bring."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from fractions import Fraction
from typing import NamedTuple

from engine.assess.basis import BasisRun
from engine.assess.physics.cells import Cells, short
from engine.assess.physics.documents import digits, document_place, finding, limit_of
from engine.assess.results import Assessment, CheckResult, Place, Shown, Statement
from engine.dossier.bind import bind
from engine.dossier.schema import Cell, Dossier, Evidence
from engine.language import parse_number, split_quantity, to_json_number
from engine.language.errors import LanguageError
from engine.problems import ProblemList
from engine.ruleset.checks import Copied, SameDocument
from engine.ruleset.compile import compiled
from engine.ruleset.compile_checks import MEASURED, ReadyCheck, ready_checks
from engine.ruleset.programme import Programme
from engine.ruleset.schema import Value

Figures = dict[tuple[str, Fraction, str], Place]
"""Figures by the input or column, number and unit, and where each first stands."""


class Applied(NamedTuple):
    """A dossier with the programme it is assessed under."""

    programme: Programme
    dossier: Dossier


def with_others(cases: Sequence[tuple[Assessment, Programme, Dossier]]) -> tuple[Assessment, ...]:
    """The assessments of several dossiers, in their order, each with what its dossier shares with the others among its checks."""
    found = across([Applied(programme, dossier) for _, programme, dossier in cases])
    return tuple(replace(made, checks=(*made.checks, *shared)) for (made, _, _), shared in zip(cases, found, strict=True))


def across(cases: Sequence[Applied], beside: Sequence[Applied] = ()) -> tuple[tuple[CheckResult, ...], ...]:
    """What each of several dossiers shares with the others, and with those ``beside``, for each in its order."""
    index = _Index((*cases, *beside))
    return tuple(tuple(_found(i, case, index)) for i, case in enumerate(cases))


def _found(at: int, case: Applied, index: _Index) -> Iterator[CheckResult]:
    ready = compiled(case.programme)
    looking = [one for one in ready_checks(ready) if isinstance(one.form, Copied | SameDocument)]
    if not looking or len(index.cases) < 2:
        return
    for one in looking:
        if isinstance(one.form, Copied):
            yield from _copied(at, one, one.form, index)
        else:
            yield from _same_documents(at, one, index)


class _Index:
    """Where figures and documents of all dossiers stand, so that each is compared only with those that share something."""

    def __init__(self, cases: Sequence[Applied]) -> None:
        self.cases = cases
        self.figures = [figures_of(case) for case in cases]
        self.limits: dict[ReadyCheck, Fraction | None] = {}
        self.holders: dict[tuple[str, Fraction, str], list[int]] = {}
        self.documents: dict[str, list[tuple[int, Place]]] = {}
        for i, case in enumerate(cases):
            for key in self.figures[i]:
                self.holders.setdefault(key, []).append(i)
            for document in case.dossier.evidence:
                for identity in identities(document):
                    self.documents.setdefault(identity, []).append((i, document_place(document)))
        self.order = {identity: place for place, identity in enumerate(self.documents)}


def identities(document: Evidence) -> tuple[str, ...]:
    """What tells a document from any other, the surest first: the hash of its file, its number with who issued it."""
    return tuple(filter(None, (document.sha256, document.number and f"{document.issuer} {document.number}")))


def figures_of(case: Applied) -> Figures:
    """The figures that an applicant stated, benchmarks apart: those are the same for all."""
    found: Figures = {}
    for name, _, cell in entered_figures(case):
        _note(found, name, cell.text, Place(name, cell.where))
    return found


def entered_figures(case: Applied) -> Iterator[tuple[str, Value, Cell]]:
    """The cells that hold those figures: the input or column each is of, what that is, and the cell as it was entered."""
    for name, entry in case.dossier.inputs:
        definition = case.programme.inputs.get(name)
        if definition is not None and definition.type in MEASURED and definition.role != "benchmark" and entry.declared:
            yield name, definition, entry.declared
    for name, table in case.dossier.tables:
        columns = case.programme.tables[name].columns if name in case.programme.tables else ()
        numeric = {column.column: column for column in columns if column.type in MEASURED and column.role != "benchmark"}
        for row in table.rows:
            yield from ((f"{name}.{column}", numeric[column], cell) for column, cell in row.declared if column in numeric)


def _note(found: Figures, name: str, text: str, place: Place) -> None:
    try:
        number, unit = split_quantity(text)
        found.setdefault((name, parse_number(number), unit), short(place))
    except LanguageError:
        return  # said where the dossier is read


def _copied(at: int, ready: ReadyCheck, form: Copied, index: _Index) -> Iterator[CheckResult]:
    shared: dict[int, list[tuple[str, Fraction, str]]] = {}
    for key in index.figures[at]:
        for other in index.holders[key] if digits(key[1]) >= form.digits else ():
            if other != at and _apart(index.cases[at].dossier, index.cases[other].dossier):
                shared.setdefault(other, []).append(key)
    if not shared:
        return
    least = _least(at, ready, form, index)
    for other, keys in sorted(shared.items()):
        if least is None or len(keys) < least:
            continue
        shown = Shown(None, entered=f"{to_json_number(keys[0][1])} {keys[0][2]}".strip())
        statements = tuple(Statement(shown, tuple(index.figures[side][key] for key in keys)) for side in (at, other))
        found = finding(ready, "copied", statements, Shown(least), "at_least", (("count", Fraction(len(keys))),))
        yield found._replace(dossier=index.cases[other].dossier.id)


def _least(at: int, ready: ReadyCheck, form: Copied, index: _Index) -> Fraction | None:
    """So many shared figures make a copy; a parameter is the same for all dossiers, so it is looked up once."""
    if ready not in index.limits:
        case = index.cases[at]
        cells = Cells(BasisRun(compiled(case.programme), bind(case.dossier, case.programme, ProblemList()), "declared", {}))
        limit = limit_of(ready, cells, "at_least")
        if form.at_least.strip() not in case.programme.parameters:
            return limit
        index.limits[ready] = limit
    return index.limits[ready]


def _apart(one: Dossier, other: Dossier) -> bool:
    """Whether two dossiers are of different applicants or years: the same one twice is no copy."""
    return not _same_applicant(one, other) or one.year != other.year


def _same_applicant(one: Dossier, other: Dossier) -> bool:
    return (one.applicant.credit_code or one.applicant.name) == (other.applicant.credit_code or other.applicant.name)


def _same_documents(at: int, ready: ReadyCheck, index: _Index) -> Iterator[CheckResult]:
    mine = index.cases[at].dossier
    told: set[tuple[int, Place]] = set()
    mine_too = {identity for document in mine.evidence for identity in identities(document)}
    for identity in sorted(mine_too, key=index.order.__getitem__):
        holders = index.documents[identity]
        own = next((place for i, place in holders if i == at), None)
        for other, place in holders if own is not None else ():
            if other == at or (other, place) in told or _same_applicant(mine, index.cases[other].dossier):
                continue
            told.add((other, place))
            statements = (Statement(Shown(None), (own,)), Statement(Shown(None), (place,))) if own else ()
            yield finding(ready, "same_document", statements, None)._replace(dossier=index.cases[other].dossier.id)
