"""What an applicant hands in, as immutable values that do not yet know any ruleset.

Every entered value stays the text it was entered as, with its place for Problems; binding it to a programme (names, units,
types) is :mod:`engine.dossier.bind`. Places take no part in equality, so a workbook and a YAML file that say the same are equal.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, field, replace
from typing import Any

from engine.problems import Problem, Where

AS_DECLARED = "as_declared"
"""The token by which an assessor confirms a declared value as it stands."""


@dataclass(frozen=True, slots=True)
class Cell:
    """One entered value as text, e.g. ``1,234.5 t`` or ``yes``, and where it stands."""

    text: str
    where: Where = field(default_factory=Where, compare=False)


@dataclass(frozen=True, slots=True)
class EvidenceRef:
    """Points at a document of the evidence list, with the pages that prove the item."""

    id: str
    pages: str = ""
    where: Where = field(default_factory=Where, compare=False)

    def __str__(self) -> str:
        return f"{self.id}:{self.pages}" if self.pages else self.id


@dataclass(frozen=True, slots=True)
class Entry:
    """An input's value or a criterion's answer: declared by the applicant, verified by the assessor, with its evidence.

    ``reason`` supports "not applicable" and an assessor's points; ``remark`` is the assessor's note.
    """

    declared: Cell | None = None
    verified: Cell | None = None
    evidence: tuple[EvidenceRef, ...] = ()
    reason: str = ""
    remark: str = ""
    where: Where = field(default_factory=Where, compare=False)


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a table: the declared cells, and the verified ones where they differ."""

    declared: tuple[tuple[str, Cell], ...]
    verified: tuple[tuple[str, Cell], ...] = ()
    where: Where = field(default_factory=Where, compare=False)


@dataclass(frozen=True, slots=True)
class TableEntry:
    """A filled table. ``verified`` says that the assessor confirmed the rows; single cells may be overridden in a row."""

    rows: tuple[Row, ...] = ()
    verified: bool = False
    evidence: tuple[EvidenceRef, ...] = ()
    remark: str = ""
    where: Where = field(default_factory=Where, compare=False)


@dataclass(frozen=True, slots=True)
class Evidence:
    """A document of the evidence list. Dates are ISO text; ``valid_until`` is empty where the document does not expire."""

    id: str
    title: str
    number: str = ""
    issuer: str = ""
    issued: str = ""
    valid_until: str = ""
    file: str = ""
    sha256: str = ""
    where: Where = field(default_factory=Where, compare=False)


APPLICANT_LISTS = {"industry": "industries", "district": "districts"}
"""The reference tables whose codes the applicant's industry and district are chosen from, where a programme uses them."""


@dataclass(frozen=True, slots=True)
class Applicant:
    """Who applies. ``industry`` is a GB/T 4754-2017 class, ``district`` an id of the scheme's district list, ``head`` who runs a park."""

    name: str = ""
    credit_code: str = ""
    industry: str = ""
    district: str = ""
    address: str = ""
    products: str = ""
    ownership: str = ""
    legal_representative: str = ""
    department: str = ""
    contact: str = ""
    phone: str = ""
    email: str = ""
    head: str = ""
    head_phone: str = ""
    fax: str = ""


PARK_FIELDS = frozenset({"head", "head_phone", "fax"})
"""Fields of the applicant that only the forms of parks ask for."""


@dataclass(frozen=True, slots=True)
class Assessor:
    """The third-party body and its people; empty in a self-check."""

    organisation: str = ""
    credit_code: str = ""
    address: str = ""
    legal_representative: str = ""
    contact: str = ""
    phone: str = ""
    lead: str = ""
    members: str = ""
    reviewer: str = ""
    legal_representative_phone: str = ""
    lead_phone: str = ""
    reviewer_phone: str = ""


@dataclass(frozen=True, slots=True)
class Dossier:
    """A whole dossier. ``year`` is the statistics year, ``application_date`` the day by which expiry is judged (ISO text).

    ``standard`` says for which of the scheme's standards, where it has several of the kind.
    """

    id: str
    kind: str
    scheme: str = ""
    standard: str = ""
    applicant: Applicant = field(default_factory=Applicant)
    assessor: Assessor = field(default_factory=Assessor)
    year: int = 0
    application_date: str = ""
    closed: bool = False
    highlights: str = ""
    units: tuple[tuple[str, str], ...] = ()
    inputs: tuple[tuple[str, Entry], ...] = ()
    tables: tuple[tuple[str, TableEntry], ...] = ()
    answers: tuple[tuple[str, Entry], ...] = ()
    evidence: tuple[Evidence, ...] = ()
    warnings: tuple[Problem, ...] = field(default=(), compare=False)
    places: tuple[tuple[str, Where], ...] = field(default=(), compare=False, repr=False)

    @property
    def sha256(self) -> str:
        """The hash of the canonical form: equal for every file form of the same dossier."""
        return hashlib.sha256(canonical_json(self).encode()).hexdigest()


def canonical_json(dossier: Dossier) -> str:
    """The dossier as one line of JSON with sorted keys and without places: what its hash is taken of."""
    return json.dumps(to_plain(dossier), ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def in_canonical_order(dossier: Dossier) -> Dossier:
    """The same dossier with its entries in the order in which the canonical form has them."""
    parts: dict[str, Any] = {name: tuple(sorted(getattr(dossier, name), key=_by_name)) for name in ("units", "inputs", "answers", "tables")}
    parts["tables"] = tuple((name, replace(table, rows=tuple(map(_row_in_order, table.rows)))) for name, table in parts["tables"])
    return replace(dossier, **parts)


def _row_in_order(row: Row) -> Row:
    return replace(row, declared=tuple(sorted(row.declared, key=_by_name)), verified=tuple(sorted(row.verified, key=_by_name)))


def _by_name(pair: tuple[str, Any]) -> str:
    return pair[0]


def to_plain(dossier: Dossier) -> dict[str, Any]:
    """The dossier in the shape of its YAML form, long form throughout, empty parts left out."""
    plain: dict[str, Any] = {"dossier": dossier.id, "kind": dossier.kind}
    for name in ("scheme", "standard", "year", "application_date", "closed", "highlights"):
        if value := getattr(dossier, name):
            plain[name] = value
    for name in ("applicant", "assessor"):
        if part := _filled(getattr(dossier, name)):
            plain[name] = part
    if dossier.units:
        plain["units"] = dict(dossier.units)
    for name in ("inputs", "answers"):
        if entries := getattr(dossier, name):
            plain[name] = {key: _entry(entry) for key, entry in entries}
    if dossier.tables:
        plain["tables"] = {key: _table(table) for key, table in dossier.tables}
    if dossier.evidence:
        plain["evidence"] = [_filled(item) for item in dossier.evidence]
    return plain


def _filled(record: Any) -> dict[str, str]:
    return {name: value for name in record.__dataclass_fields__ if name != "where" and (value := getattr(record, name))}


def _entry(entry: Entry) -> dict[str, Any]:
    out: dict[str, Any] = {}
    for name in ("declared", "verified"):
        if (cell := getattr(entry, name)) is not None:
            out[name] = cell.text
    if entry.evidence:
        out["evidence"] = [str(ref) for ref in entry.evidence]
    for name in ("reason", "remark"):
        if value := getattr(entry, name):
            out[name] = value
    return out


def _table(table: TableEntry) -> dict[str, Any]:
    out: dict[str, Any] = {"rows": [_row(row) for row in table.rows]}
    if table.verified:
        out["verified"] = AS_DECLARED
    if table.evidence:
        out["evidence"] = [str(ref) for ref in table.evidence]
    if table.remark:
        out["remark"] = table.remark
    return out


def _row(row: Row) -> dict[str, Any]:
    verified = dict(row.verified)
    return {
        name: {"declared": cell.text, "verified": verified[name].text} if name in verified else cell.text for name, cell in row.declared
    } | {name: {"verified": cell.text} for name, cell in row.verified if name not in dict(row.declared)}
