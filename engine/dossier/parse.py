"""Plain data in the shape of the YAML form -> Dossier, with every mistake of form at its place.

What the data means together (dates that contradict each other, references to evidence) is :mod:`engine.dossier.check`; what a
programme asks for is :mod:`engine.dossier.bind`.
"""

from __future__ import annotations

import re
from typing import Any

from engine.dossier.answers import NO, YES, canonical_answer
from engine.dossier.codes import canonical_credit_code
from engine.dossier.fields import NAME_LIMIT, TEXT_LIMIT, ElementPath, Fields, Place, quoted
from engine.dossier.schema import (
    AS_DECLARED,
    Applicant,
    Assessor,
    Cell,
    Dossier,
    Entry,
    Evidence,
    EvidenceRef,
    Row,
    TableEntry,
)
from engine.language.numbers import half_width
from engine.located import dotted
from engine.problems import ProblemList, Where

_HEAD = ("dossier", "kind", "scheme", "standard", "year", "application_date", "closed", "highlights")
_SECTIONS = ("applicant", "assessor", "units", "inputs", "answers", "tables", "evidence")
_REQUIRED = ("dossier", "kind", "year", "application_date")
_ENTRY = ("declared", "verified", "evidence", "reason", "remark")
_TABLE = ("rows", "verified", "evidence", "remark")
_CELL = ("declared", "verified")
_REF = ("id", "pages")
_EVIDENCE = tuple(name for name in Evidence.__dataclass_fields__ if name != "where")
_APPLICANT = tuple(Applicant.__dataclass_fields__)
_ASSESSOR = tuple(Assessor.__dataclass_fields__)
_EVERY_KEY = {*_HEAD, *_SECTIONS, *_ENTRY, *_TABLE, *_REF, *_EVIDENCE, *_APPLICANT, *_ASSESSOR}

_DAYS = ("issued", "valid_until")
_LONG_TEXTS = {"products", "members"}
_DOES_NOT_EXPIRE = {"长期", "长期有效", "永久", "无固定期限"}
_ITEM = r"[A-Za-z]\w*[.0-9-][\w.-]*"
_LISTS_ITEMS = re.compile(rf"{_ITEM}(\s*[,;、]\s*{_ITEM})*", re.ASCII)
"""Ids (``water.reused``) or printed numbers (``RG8``) of items: the members that count of a group."""
_STARTS_LIKE_A_NUMBER = re.compile(r"[+-]?[.0-9]")


def _edition(standard: Any, kind: Any) -> Any:
    """The edition's name of a standard that may be named by its whole id."""
    return standard.removeprefix(f"{kind}/") if isinstance(standard, str) else standard


def parse_dossier(data: Any, place: Place, problems: ProblemList) -> Dossier:
    """The Dossier of plain data; with errors in ``problems`` it is incomplete and must not be used."""
    fields = Fields(place, problems, _EVERY_KEY)
    if not isinstance(data, dict):
        problems.error("not_a_mapping", place(()))
        return Dossier(id="", kind="")
    top = fields.mapping(data, (), (*_HEAD, *_SECTIONS))
    head = {name: top.get(name) for name in _HEAD} | {name: fields.required(top, name, ()) for name in _REQUIRED}
    applicant = fields.mapping(top.get("applicant"), ("applicant",), _APPLICANT)
    assessor = fields.mapping(top.get("assessor"), ("assessor",), _ASSESSOR)
    for name in ("name", "credit_code"):
        fields.required(applicant, name, ("applicant",))
    return Dossier(
        id=fields.identifier(head["dossier"], ("dossier",)),
        kind=fields.identifier(head["kind"], ("kind",)),
        scheme=fields.identifier(head["scheme"], ("scheme",)),
        standard=fields.identifier(_edition(head["standard"], head["kind"]), ("standard",)),
        applicant=Applicant(**_party(fields, applicant, "applicant")),
        assessor=Assessor(**_party(fields, assessor, "assessor")),
        year=fields.year(head["year"], ("year",)),
        application_date=fields.day(head["application_date"], ("application_date",)),
        closed=fields.yes_no(head["closed"], ("closed",)),
        highlights=fields.text(head["highlights"], ("highlights",), TEXT_LIMIT),
        units=_units(fields, top.get("units")),
        inputs=_entries(fields, top.get("inputs"), "inputs"),
        answers=_entries(fields, top.get("answers"), "answers"),
        tables=_tables(fields, top.get("tables")),
        evidence=_evidence_list(fields, top.get("evidence")),
        places=_places(top, place),
    )


def _places(top: dict[str, Any], place: Place) -> tuple[tuple[str, Where], ...]:
    """Where the file itself, its sections, the single facts and the days of evidence stand, by their dotted path."""
    places = [("", place(()))]
    for name, value in top.items():
        places.append((name, place((name,))))
        if name in ("applicant", "assessor", "units") and isinstance(value, dict):
            places += [(f"{name}.{key}", place((name, key))) for key in value]
        elif name == "evidence" and isinstance(value, list):
            days = [(name, i, key) for i, item in enumerate(value) if isinstance(item, dict) for key in _DAYS if key in item]
            places += [(dotted(day), place(day)) for day in days]
    return tuple(places)


def _party(fields: Fields, part: dict[str, Any], name: str) -> dict[str, str]:
    texts = {key: fields.text(value, (name, key), TEXT_LIMIT if key in _LONG_TEXTS else NAME_LIMIT) for key, value in part.items()}
    return texts | {key: canonical_credit_code(text) for key, text in texts.items() if key == "credit_code"}


def _units(fields: Fields, value: Any) -> tuple[tuple[str, str], ...]:
    units = fields.mapping(value, ("units",))
    texts = ((name, fields.text(unit, ("units", name))) for name, unit in units.items())
    return tuple((name, text) for name, text in texts if text)


# --- inputs and answers ---


def _entries(fields: Fields, value: Any, section: str) -> tuple[tuple[str, Entry], ...]:
    """The filled entries of a section; one of a half-filled template that says nothing is left out."""
    entries = []
    for name, child in fields.mapping(value, (section,)).items():
        entry = _entry(fields, child, (section, name), is_answer=section == "answers")
        if entry != Entry():
            entries.append((name, entry))
    return tuple(entries)


def _entry(fields: Fields, value: Any, path: ElementPath, *, is_answer: bool) -> Entry:
    """``{declared, verified, evidence, ...}``, or just the declared value."""
    where = fields.place(path)
    if not isinstance(value, dict):
        return Entry(declared=_declared(fields, value, path, is_answer=is_answer), where=where)
    value = fields.mapping(value, path, _ENTRY)
    declared = _declared(fields, value.get("declared"), (*path, "declared"), is_answer=is_answer)
    verified = _verified(fields, value.get("verified"), (*path, "verified"), is_answer=is_answer)
    if verified and verified.text == AS_DECLARED and value.get("declared") is None:
        fields.problems.warning("nothing_to_confirm", verified.where)
        verified = None
    return Entry(
        declared=declared,
        verified=verified,
        evidence=_refs(fields, value.get("evidence"), (*path, "evidence")),
        reason=fields.text(value.get("reason"), (*path, "reason"), TEXT_LIMIT),
        remark=fields.text(value.get("remark"), (*path, "remark"), TEXT_LIMIT),
        where=where,
    )


def _cell(fields: Fields, value: Any, path: ElementPath) -> Cell | None:
    """One value as entered; a list of codes is written as one text. None where nothing is entered, or nothing usable."""
    if isinstance(value, bool):
        return Cell(YES if value else NO, fields.place(path))
    if isinstance(value, list):
        value = ", ".join(text for i, item in enumerate(value) if (text := fields.text(item, (*path, i))))
    text = fields.text(value, path, TEXT_LIMIT)
    return Cell(text, fields.place(path)) if text else None


def _declared(fields: Fields, value: Any, path: ElementPath, *, is_answer: bool) -> Cell | None:
    cell = _cell(fields, value, path)
    if cell and canonical_answer(cell.text) == AS_DECLARED:
        fields.problems.error("as_declared_misplaced", cell.where)
        return None
    return _answer(fields, cell) if is_answer else cell


def _verified(fields: Fields, value: Any, path: ElementPath, *, is_answer: bool) -> Cell | None:
    cell = _cell(fields, value, path)
    if cell and canonical_answer(cell.text) == AS_DECLARED:
        return Cell(AS_DECLARED, cell.where)
    return _answer(fields, cell) if is_answer else cell


def _answer(fields: Fields, cell: Cell | None) -> Cell | None:
    """The answer's canonical word; points and the members named of a group stay as entered: only the programme knows them."""
    if cell is None or _STARTS_LIKE_A_NUMBER.match(half_width(cell.text)) or _LISTS_ITEMS.fullmatch(half_width(cell.text)):
        return cell
    if token := canonical_answer(cell.text):
        return Cell(token, cell.where)
    fields.problems.error("answer_word_unknown", cell.where, value=quoted(cell.text))
    return None


# --- tables ---


def _tables(fields: Fields, value: Any) -> tuple[tuple[str, TableEntry], ...]:
    tables = fields.mapping(value, ("tables",))
    return tuple((name, _table(fields, child, ("tables", name))) for name, child in tables.items() if child is not None)


def _table(fields: Fields, value: Any, path: ElementPath) -> TableEntry:
    """``{rows, verified, evidence, remark}``, or just the rows."""
    where = fields.place(path)
    if isinstance(value, list):
        return TableEntry(rows=_rows(fields, value, path), where=where)
    value = fields.mapping(value, path, _TABLE)
    return TableEntry(
        rows=_rows(fields, fields.items(value.get("rows"), (*path, "rows")), (*path, "rows")),
        verified=fields.yes_no(value.get("verified"), (*path, "verified"), also_yes=AS_DECLARED),
        evidence=_refs(fields, value.get("evidence"), (*path, "evidence")),
        remark=fields.text(value.get("remark"), (*path, "remark"), TEXT_LIMIT),
        where=where,
    )


def _rows(fields: Fields, values: list[Any], path: ElementPath) -> tuple[Row, ...]:
    """The rows with something in them; the empty lines of a form are no rows."""
    rows = (_row(fields, value, (*path, i)) for i, value in enumerate(values))
    return tuple(row for row in rows if row.declared or row.verified)


def _row(fields: Fields, value: Any, path: ElementPath) -> Row:
    declared: list[tuple[str, Cell]] = []
    verified: list[tuple[str, Cell]] = []
    for column, child in fields.mapping(value, path).items():
        here = (*path, column)
        pair = fields.mapping(child, here, _CELL) if isinstance(child, dict) else {"declared": child}
        stated = _declared(fields, pair.get("declared"), (*here, "declared") if isinstance(child, dict) else here, is_answer=False)
        found = _verified(fields, pair.get("verified"), (*here, "verified"), is_answer=False)
        if found and found.text == AS_DECLARED:
            if pair.get("declared") is None:
                fields.problems.warning("nothing_to_confirm", found.where)
            found = Cell(stated.text, found.where) if stated else None
        if stated:
            declared.append((column, stated))
        if found:
            verified.append((column, found))
    return Row(tuple(declared), tuple(verified), fields.place(path))


# --- evidence ---


def _refs(fields: Fields, value: Any, path: ElementPath) -> tuple[EvidenceRef, ...]:
    """References as a list, or as one text with semicolons between them."""
    if isinstance(value, str):
        text = fields.text(value, path, TEXT_LIMIT)
        return tuple(reference(part, fields.place(path)) for part in re.split(r"[;；\n]", text) if part.strip())
    refs = (_listed_ref(fields, item, (*path, i)) for i, item in enumerate(fields.items(value, path)))
    return tuple(ref for ref in refs if ref)


def _listed_ref(fields: Fields, value: Any, path: ElementPath) -> EvidenceRef | None:
    """``E4``, ``E4:2-5`` or ``{id: E4, pages: 2-5}``."""
    if not isinstance(value, dict):
        text = fields.text(value, path)
        return reference(text, fields.place(path)) if text else None
    value = fields.mapping(value, path, _REF)
    identifier = fields.text(fields.required(value, "id", path), (*path, "id"))
    pages = fields.text(value.get("pages"), (*path, "pages"))
    return EvidenceRef(identifier, pages, fields.place(path)) if identifier else None


def reference(text: str, where: Where) -> EvidenceRef:
    """The reference of a text: the id of a document, and after a colon the pages."""
    identifier, _, pages = text.replace("：", ":", 1).partition(":")
    return EvidenceRef(identifier.strip(), pages.strip(), where)


def _evidence_list(fields: Fields, value: Any) -> tuple[Evidence, ...]:
    return tuple(_evidence(fields, item, ("evidence", i)) for i, item in enumerate(fields.items(value, ("evidence",))))


def _evidence(fields: Fields, value: Any, path: ElementPath) -> Evidence:
    item = fields.mapping(value, path, _EVIDENCE)
    for name in ("id", "title"):
        if isinstance(value, dict):
            fields.required(item, name, path)
    until = item.get("valid_until")
    return Evidence(
        id=fields.identifier(item.get("id"), (*path, "id")),
        title=fields.text(item.get("title"), (*path, "title")),
        number=fields.text(item.get("number"), (*path, "number")),
        issuer=fields.text(item.get("issuer"), (*path, "issuer")),
        issued=fields.day(item.get("issued"), (*path, "issued")),
        valid_until="" if isinstance(until, str) and until.strip() in _DOES_NOT_EXPIRE else fields.day(until, (*path, "valid_until")),
        file=fields.text(item.get("file"), (*path, "file")),
        sha256=fields.sha256(item.get("sha256"), (*path, "sha256")),
        where=fields.place(path),
    )
