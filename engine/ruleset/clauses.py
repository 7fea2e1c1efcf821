"""Which clauses of a text a ruleset covers: what the clauses are is data beside it, what judges each is computed.

A clause is covered by the gates, criteria, indicators and rules that cite it. What a person judges on evidence and what the
machine computes follows from their methods. A rule without a condition judges nothing, so it covers nothing.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from pydantic import Field

from engine.located import Located
from engine.problems import ProblemList, Where
from engine.ruleset import library
from engine.ruleset.choice import editions_needed
from engine.ruleset.compose import compose_programme, compose_standard
from engine.ruleset.load import load_model
from engine.ruleset.methods import All, Choose, Conform, Judgement, KOf
from engine.ruleset.programme import Programme
from engine.ruleset.schema import Criterion, Gate, Model, Source, Text, Word, Words
from engine.texts import say

ALWAYS = "true"
"""The condition of a rule that never rests."""
MACHINE, PERSON, BOTH, NONE = VERDICTS = ("machine", "person", "both", "none")
_SEPARATORS = (" / ", "、")
"""Between several clauses that one element cites."""


class ClauseFigure(Model):
    """A figure that a clause states, as written, or null where the text leaves it out; ``unit`` is none where things are counted."""

    of: Words
    value: str | None
    unit: Words | str = ""
    sense: Literal["at_least", "at_most", "more_than", "about"] | None = None
    period: Text | None = None
    district: Word | None = None
    source: Source | None = None


class CarriedBy(Words):
    """What carries a clause out that no element cites: how points are added up, the levels, the standard that a scheme applies."""

    by: Literal["machine", "person", "both"]


class Clause(Model):
    """One clause of a text: its number, what it is about in our own words, and why no rule judges it, where none does.

    ``cited_as`` lists other ways in which elements cite it: a range, a whole paragraph of which this is a part.
    """

    clause: Text
    title: Words
    cited_as: tuple[Text, ...] = ()
    carried_by: CarriedBy | None = None
    not_covered: Words | None = None
    figures: tuple[ClauseFigure, ...] = ()
    source: Source | None = None


class Clauses(Model):
    """The clauses of one text; ``complete`` says whether the list is known to be whole, ``note`` what is known of it."""

    clauses_of: Text
    document: Text
    complete: bool
    note: Words
    source: Source
    sources: dict[str, str] = Field(default={})
    clauses: tuple[Clause, ...] = Field(min_length=1)


@dataclass(frozen=True, slots=True)
class Cites:
    """An element that cites a clause: what it is, in which kind of programme, and who judges by it."""

    element: str
    id: str
    title: Words
    kind: str
    by: str


@dataclass(frozen=True, slots=True)
class ClauseRow:
    """One clause with what judges it: ``by`` machine, person, both or none (then its reason says why)."""

    clause: Clause
    by: str
    cited_by: tuple[Cites, ...]


@dataclass(frozen=True, slots=True)
class CoverageSheet:
    """Every clause of a ruleset's text, in the order of the text."""

    id: str
    version: str
    title: Words
    text: Clauses
    rows: tuple[ClauseRow, ...]

    @property
    def counts(self) -> dict[str, int]:
        """How many clauses are judged by whom."""
        return {by: sum(row.by == by for row in self.rows) for by in VERDICTS}


def clauses_path(name: str, root: Path) -> Path:
    """Where the clauses of a standard (``kind/edition``) or of a scheme (id) are listed."""
    return root / name / "clauses.yaml" if "/" in name else root / "schemes" / "clauses" / f"{name}.yaml"


def with_clauses(root: Path) -> list[str]:
    """The rulesets of a library whose clauses are listed: standards, then schemes."""
    names = (*library.standard_ids(root), *library.scheme_ids(root))
    return [name for name in names if clauses_path(name, root).is_file()]


def coverage_sheet(name: str, rulesets: Path | None = None) -> CoverageSheet:
    """The coverage sheet of a standard or scheme. Raises Refused where it has no list of clauses, or one that is wrong."""
    root = rulesets or library.rulesets_root()
    problems = ProblemList()
    path = clauses_path(name, root)
    if not path.is_file():
        problems.error("clauses_missing", Where(path=name), name=name, known=", ".join(with_clauses(root)) or "—")
    sheet = check_clauses(name, problems, root)
    problems.refuse_if_errors()
    assert sheet is not None
    return sheet


def check_clauses(name: str, problems: ProblemList, root: Path) -> CoverageSheet | None:
    """The coverage sheet, with every mistake in ``problems``; None where there is no list of clauses or nothing can be read."""
    path = clauses_path(name, root)
    if not path.is_file():
        return None
    text, located = load_model(path, Clauses, problems, f"{root.name}/{path.relative_to(root).as_posix()}")
    programmes = _programmes(name, root)
    if text is None or not programmes:
        return None
    if text.clauses_of != name:
        problems.error("clauses_of_another", located.where(("clauses_of",)), stated=text.clauses_of, name=name)
    cited = _cited(text, located, programmes, problems)
    rows = tuple(_row(clause, i, cited.get(clause.clause, ()), located, problems) for i, clause in enumerate(text.clauses))
    first = programmes[0]
    alone = "/" in name
    identity = first.ruleset_identity if alone else first.scheme_identity
    return CoverageSheet(name, identity.version, (first.standard if alone else first.scheme).title, text, rows)


def _programmes(name: str, root: Path) -> list[Programme]:
    """A standard alone, or every programme of a scheme; what is wrong with them their own lints say."""
    problems = ProblemList()
    if "/" in name:
        found = [compose_standard(name, problems, root)]
    else:
        loaded = library.load_scheme(name, root, problems)
        programmes = editions_needed(loaded.scheme.programmes) if loaded else ()
        found = [compose_programme(name, kind, problems, root, standard) for kind, standard in programmes]
    return [programme for programme in found if programme is not None]


def _cited(text: Clauses, located: Located, programmes: list[Programme], problems: ProblemList) -> Mapping[str, tuple[Cites, ...]]:
    """What cites each clause, by the clause's number; citations that no clause answers to are Problems."""
    answers: dict[str, list[str]] = {}
    for i, clause in enumerate(text.clauses):
        if any(earlier.clause == clause.clause for earlier in text.clauses[:i]):
            problems.error("clause_twice", located.where(("clauses", i, "clause")), clause=clause.clause)
        for citation in (clause.clause, *clause.cited_as):
            answers.setdefault(citation, []).append(clause.clause)
    cited: dict[str, list[Cites]] = {}
    for programme in programmes:
        for citation, cites in citations(programme):
            parts = [citation] if citation in answers else _parts(citation)
            for part in parts:
                if part not in answers:
                    near = ", ".join(difflib.get_close_matches(part, answers, 3)) or "—"
                    problems.error("clause_unknown", programme.where(cites.id), name=cites.id, clause=part, suggestion=near)
                for number in answers.get(part, ()):
                    cited.setdefault(number, []).append(cites)
    return {number: tuple(dict.fromkeys(found)) for number, found in cited.items()}


def _parts(citation: str) -> list[str]:
    parts = [citation]
    for separator in _SEPARATORS:
        parts = [piece.strip() for part in parts for piece in part.split(separator)]
    return parts


def citations(programme: Programme) -> Iterator[tuple[str, Cites]]:
    """Every clause that an element of a programme cites, with the element; under a scheme only what the scheme adds.

    What common files bring cites texts of its own, but for the gates that a standard takes from them.
    """
    own = programme.standard if programme.bare else programme.settings
    taken = tuple(programme.gates[name] for name in programme.standard.common_gates) if programme.bare else ()
    groups: tuple[tuple[str, tuple[Any, ...]], ...] = (
        ("gate", (*own.gates, *taken)),
        ("criterion", own.criteria),
        ("indicator", own.indicators),
        ("input", own.inputs),
        ("parameter", own.parameters),
        ("rule", own.rules),
    )
    for element, members in groups:
        for member in members:
            if member.clause is not None:
                title = member.text if element == "rule" else member.title
                yield (
                    member.clause,
                    Cites(element, getattr(member, element), title, programme.standard.kind, _by(element, member, programme)),
                )


def _by(element: str, member: Any, programme: Programme) -> str:
    """Who judges by an element: nobody by an input or a parameter, which only bring values."""
    if element in ("gate", "criterion"):
        return judged_by(member, programme)
    if element == "rule":
        return NONE if member.when == ALWAYS else MACHINE
    return MACHINE if element == "indicator" else NONE


def judged_by(demand: Gate | Criterion, programme: Programme) -> str:
    """Who judges a demand: a person on evidence (``conform``, ``judgement``), the machine, or both; a group like its members."""
    method = demand.method
    if isinstance(method, All | KOf | Choose):
        found = {judged_by(programme.criteria[name], programme) for name in method.of if name in programme.criteria}
    else:
        found = {PERSON if isinstance(method, Conform | Judgement) else MACHINE}
        found |= {MACHINE} if isinstance(method, Conform) and method.value is not None else set()
    return _together(found | ({PERSON} if demand.judged_when is not None else set()))


def _together(found: set[str]) -> str:
    found = found - {NONE}  # what only brings a value judges nothing
    return BOTH if len(found) > 1 else next(iter(found), NONE)


def _row(clause: Clause, index: int, cited_by: tuple[Cites, ...], located: Located, problems: ProblemList) -> ClauseRow:
    where = located.where(("clauses", index, "clause"))
    carried = {clause.carried_by.by} if clause.carried_by else set()
    by = _together({cites.by for cites in cited_by} | carried)
    if by == NONE and clause.not_covered is None:
        problems.error("clause_uncovered", where, clause=clause.clause)
    if by != NONE and clause.not_covered is not None:
        names = ", ".join(cites.id for cites in cited_by if cites.by != NONE) or "carried_by"
        problems.error("clause_covered_and_not", where, clause=clause.clause, names=names)
    return ClauseRow(clause, by, cited_by)


def figures_text(clause: Clause, lang: str = "zh") -> str:
    """The figures of a clause in words, those of one thing together; nothing where it has none."""
    found: dict[str, list[str]] = {}
    for figure in clause.figures:
        unit = figure.unit if isinstance(figure.unit, str) else figure.unit.in_(lang)
        value = "—" if figure.value is None else f"{figure.value} {unit}".strip()
        if figure.sense is not None and figure.value is not None:
            value = say(f"coverage.sense.{figure.sense}", lang, value=value)
        value = say("coverage.in_period", lang, value=value, period=figure.period) if figure.period else value
        found.setdefault(figure.of.in_(lang), []).append(value)
    texts = [say("coverage.figure", lang, of=of, value=say("cli.comma", lang).join(values)) for of, values in found.items()]
    return say("cli.separator", lang).join(texts)


def why(row: ClauseRow, lang: str = "zh") -> str:
    """What carries a clause out that no element cites, or why nothing does; nothing where elements say it all."""
    said = row.clause.not_covered or row.clause.carried_by
    return "" if said is None else said.in_(lang)


def sheet_plain(sheet: CoverageSheet) -> dict[str, Any]:
    """A coverage sheet as plain data for JSON, its words in both languages."""
    text = sheet.text
    return {
        "id": sheet.id,
        "version": sheet.version,
        "title": sheet.title.model_dump(),
        "document": text.document,
        "complete": text.complete,
        "note": text.note.model_dump(),
        "source": text.source.model_dump(mode="json", exclude_none=True),
        "counts": {"clauses": len(sheet.rows), **sheet.counts},
        "clauses": [_row_plain(row) for row in sheet.rows],
    }


def _row_plain(row: ClauseRow) -> dict[str, Any]:
    clause = row.clause
    source = {"source": clause.source.model_dump(mode="json", exclude_none=True)} if clause.source else {}
    return {
        "clause": clause.clause,
        "title": clause.title.model_dump(),
        "by": row.by,
        "cited_by": [
            {"element": cites.element, "id": cites.id, "kind": cites.kind, "by": cites.by, "title": cites.title.model_dump()}
            for cites in row.cited_by
        ],
        "carried_by": clause.carried_by.model_dump() if clause.carried_by else None,
        "not_covered": clause.not_covered.model_dump() if clause.not_covered else None,
        "figures": [figure.model_dump(mode="json", exclude_none=True) | {"value": figure.value} for figure in clause.figures],
        **source,
    }
