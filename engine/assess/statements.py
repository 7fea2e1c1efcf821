"""A dossier as single statements on one basis, so that some can be taken from one dossier and the others from another.

What is stated falls in two parts: *values* (inputs, tables, answers, units, the year, the applicant's industry and district) and
*evidence* (documents, what they are brought for, the day by which they are judged, whether what is missing counts as not met).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any, NamedTuple

from engine.assess.assess import assess_dossier
from engine.assess.results import Assessment
from engine.dossier.bind import bind, cell_of
from engine.dossier.schema import AS_DECLARED, Cell, Dossier, Entry, Evidence, EvidenceRef, Row, TableEntry
from engine.problems import ProblemList, Where
from engine.ruleset.programme import Programme

VALUES = ("input", "table", "answer", "frame")
EVIDENCE = ("input_evidence", "table_evidence", "answer_evidence", "document", "standing")
_LISTS = {"input": "inputs", "table": "tables", "answer": "answers"}


class Key(NamedTuple):
    """What a statement is about: its group and, inside it, the name."""

    group: str
    name: str


Statements = Mapping[Key, Any]
"""Everything that a dossier states on one basis, by what it is about."""


@dataclass(frozen=True, slots=True)
class Subject:
    """A dossier that is to be assessed: under which programme, on which basis, closed or not (None: as the dossier says)."""

    programme: Programme
    dossier: Dossier
    basis: str = "declared"
    close: bool | None = None

    @property
    def closed(self) -> bool:
        """Whether what was not supplied counts as not met."""
        return self.basis == "verified" and (self.dossier.closed if self.close is None else self.close)

    def assessed(self) -> Assessment:
        """The assessment itself. Raises Refused where the dossier does not fit the programme."""
        return assess_dossier(self.programme, self.dossier, self.basis, close=self.close)


def statements(dossier: Dossier, basis: str, closed: bool) -> dict[Key, Any]:
    """Every statement of a dossier as it stands on a basis."""
    found: dict[Key, Any] = {}
    for name, entry in dossier.inputs:
        found[Key("input", name)] = _entry(entry, basis)
        found[Key("input_evidence", name)] = entry.evidence
    for name, table in dossier.tables:
        found[Key("table", name)] = _table(table, basis)
        found[Key("table_evidence", name)] = table.evidence
    for name, entry in dossier.answers:
        if entry.declared or entry.verified or entry.reason:
            found[Key("answer", name)] = _entry(entry, basis)
        found[Key("answer_evidence", name)] = entry.evidence
    for document in dossier.evidence:
        found[Key("document", document.id)] = document
    applicant = dossier.applicant
    frame = {"year": dossier.year, "units": dossier.units, "industry": applicant.industry, "district": applicant.district}
    standing = {"application_date": dossier.application_date, "closed": closed}
    found |= {Key("frame", name): value for name, value in frame.items()}
    return found | {Key("standing", name): value for name, value in standing.items()}


def _entry(entry: Entry, basis: str) -> Entry:
    """An entry whose only value, on whatever basis, is the one that counts on this; one that is not verified stays so."""
    cell, cause = cell_of(entry, basis)
    kept = replace(entry, evidence=(), remark="")
    if cell is not None:
        return replace(kept, declared=cell, verified=Cell(AS_DECLARED, cell.where))
    return replace(kept, verified=None) if cause == "not_verified" else replace(kept, declared=None, verified=None)


def _table(table: TableEntry, basis: str) -> TableEntry:
    if basis == "declared":
        return replace(table, rows=tuple(replace(row, verified=()) for row in table.rows), verified=True, evidence=(), remark="")
    rows = tuple(Row(tuple(_cells(row).items()), (), row.where) for row in table.rows) if table.verified else table.rows
    return replace(table, rows=rows, evidence=(), remark="")


def _cells(row: Row) -> dict[str, Cell]:
    return dict(row.declared) | {name: cell for name, cell in row.verified if cell.text != AS_DECLARED}


def dossier_of(stated: Statements, head: Dossier) -> Dossier:
    """The dossier that makes just these statements, otherwise like ``head``; to be assessed as verified.

    What documents are brought for counts only where there is something to prove, and only documents that are there.
    """
    documents: dict[str, Evidence] = {key.name: content for key, content in stated.items() if key.group == "document"}

    def refs(key: Key) -> tuple[EvidenceRef, ...]:
        return tuple(ref for ref in stated.get(Key(f"{key.group}_evidence", key.name), ()) if ref.id in documents)

    made: dict[str, dict[str, Any]] = {"input": {}, "table": {}, "answer": {}}
    for key, content in stated.items():
        if key.group in made:
            made[key.group][key.name] = replace(content, evidence=refs(key))
        elif key.group == "answer_evidence" and Key("answer", key.name) not in stated:
            made["answer"][key.name] = Entry(evidence=refs(Key("answer", key.name)))
    stands = {key.name: content for key, content in stated.items() if key.group in ("frame", "standing")}
    applicant = replace(head.applicant, industry=stands.pop("industry"), district=stands.pop("district"))
    lists: dict[str, Any] = {_LISTS[group]: tuple(entries.items()) for group, entries in made.items()}
    return replace(head, applicant=applicant, evidence=tuple(documents.values()), **stands, **lists)


def different(one: Statements, other: Statements, groups: Iterable[str]) -> list[Key]:
    """What two dossiers do not say alike in some groups, in the order of the second."""
    wanted = frozenset(groups)
    keys = dict.fromkeys([*other, *one])
    return [key for key in keys if key.group in wanted and one.get(key) != other.get(key)]


def assess_statements(stated: Statements, head: Dossier, programme: Programme) -> Assessment:
    """The assessment of just these statements. Raises Refused where they do not fit the programme."""
    return assess_dossier(programme, dossier_of(stated, head), "verified")


def without_misfits(dossier: Dossier, programme: Programme) -> tuple[Dossier, tuple[str, ...]]:
    """A dossier without what a programme cannot read of it, and the names of that: under the programme it counts as not stated."""
    dropped: list[str] = []
    while True:
        problems = ProblemList()
        bind(dossier, programme, problems)
        wrong = {problem.where for problem in problems if problem.severity.value == "error"} - {Where()}
        parts = {part: getattr(dossier, part) for part in _LISTS.values()}
        misfits = [name for part in parts.values() for name, content in part if wrong & set(_places(content))]
        if not misfits:
            return dossier, tuple(dropped)
        dropped += misfits
        kept: dict[str, Any] = {
            part: tuple((name, content) for name, content in entries if not wrong & set(_places(content)))
            for part, entries in parts.items()
        }
        dossier = replace(dossier, **kept)


def with_what_only_they_ask(stated: Statements, under: Statements, known: Programme, renames: Mapping[str, str]) -> dict[Key, Any]:
    """Statements, and those made ``under`` other rules about what a programme does not know, with the documents they need.

    ``renames`` are the names that the programme has for what the other rules call differently.
    """
    names = {*known.inputs, *known.tables, *known.gates, *known.criteria}
    foreign = {
        key: content
        for key, content in under.items()
        if key.group not in ("document", "frame", "standing") and renames.get(key.name, key.name) not in names
    }
    cited = {ref.id for key, refs in foreign.items() if key.group.endswith("_evidence") for ref in refs}
    documents = {Key("document", name): under[Key("document", name)] for name in cited if Key("document", name) in under}
    units = Key("frame", "units")
    more = tuple((name, unit) for name, unit in under[units] if name not in known.unit_parameters)
    return {**documents, **stated, **foreign, units: (*stated[units], *more)}


def _places(content: Entry | TableEntry) -> list[Where]:
    """Every place that an entry or a table was entered at."""
    if isinstance(content, Entry):
        return [content.where, *(cell.where for cell in (content.declared, content.verified) if cell)]
    cells = [cell.where for row in content.rows for _, cell in (*row.declared, *row.verified)]
    return [content.where, *(row.where for row in content.rows), *cells]
