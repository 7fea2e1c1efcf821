"""A dossier of the store, read again in one go: what was read strictly when it came in is not searched for mistakes a second time.

Only what is just as the engine writes it is read so; anything else is read like a file, which tells what is wrong with it.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from engine.dossier.parse import reference
from engine.dossier.places import problem_of, where_of, with_places
from engine.dossier.read import canonical_dossier
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
    canonical_json,
)
from engine.problems import Where

_HEAD = ("kind", "scheme", "standard", "application_date", "highlights")


def dossier_of_store(content: str, places: str, name: str) -> Dossier:
    """The dossier of a canonical form and its places, both as JSON; ``name`` is what Problems call it. Raises Refused."""
    plain = json.loads(places)
    return _as_written(content, plain) or with_places(canonical_dossier(content.encode(), name), plain)


def _as_written(content: str, places: dict[str, Any]) -> Dossier | None:
    """The dossier, or None where it is not what the engine would write of it: then it is not the engine that wrote it."""
    try:
        wheres = iter([where_of(entry) for entry in places["entries"]])
        dossier = _dossier(json.loads(content), places, wheres)
        if next(wheres, None) is not None or canonical_json(dossier) != content:
            return None
    except (AttributeError, KeyError, RuntimeError, StopIteration, TypeError, ValueError):
        return None
    return dossier


def _dossier(plain: dict[str, Any], places: dict[str, Any], wheres: Iterator[Where]) -> Dossier:
    """What canonical JSON says, with the places of its entries in their order; see :func:`engine.dossier.places.places_plain`."""
    return Dossier(
        id=_text(plain["dossier"]),
        **{name: _text(plain.get(name, "")) for name in _HEAD},
        applicant=Applicant(**_texts(plain.get("applicant", {}))),
        assessor=Assessor(**_texts(plain.get("assessor", {}))),
        year=int(plain.get("year", 0)),
        closed=plain.get("closed", False) is True,
        units=tuple(_texts(plain.get("units", {})).items()),
        inputs=tuple((name, _entry(entry, wheres)) for name, entry in plain.get("inputs", {}).items()),
        answers=tuple((name, _entry(entry, wheres)) for name, entry in plain.get("answers", {}).items()),
        tables=tuple((name, _table(table, wheres)) for name, table in plain.get("tables", {}).items()),
        evidence=tuple(Evidence(**_texts(document), where=next(wheres)) for document in plain.get("evidence", ())),
        warnings=tuple(problem_of(entry) for entry in places["warnings"]),
        places=tuple((_text(name), where_of(where)) for name, where in places["head"]),
    )


def _entry(plain: dict[str, Any], wheres: Iterator[Where]) -> Entry:
    where = next(wheres)
    return Entry(
        declared=_cell(plain["declared"], wheres) if "declared" in plain else None,
        verified=_cell(plain["verified"], wheres) if "verified" in plain else None,
        evidence=_refs(plain, wheres),
        reason=_text(plain.get("reason", "")),
        remark=_text(plain.get("remark", "")),
        where=where,
    )


def _table(plain: dict[str, Any], wheres: Iterator[Where]) -> TableEntry:
    where = next(wheres)
    evidence = _refs(plain, wheres)
    rows = tuple(_row(row, wheres) for row in plain["rows"])
    return TableEntry(rows, plain.get("verified") == AS_DECLARED, evidence, _text(plain.get("remark", "")), where)


def _row(plain: dict[str, Any], wheres: Iterator[Where]) -> Row:
    where = next(wheres)
    sides = [(name, cell if isinstance(cell, dict) else {"declared": cell}) for name, cell in plain.items()]
    declared, verified = (
        tuple((name, _cell(cell[side], wheres)) for name, cell in sides if side in cell) for side in ("declared", "verified")
    )
    return Row(declared, verified, where)


def _refs(plain: dict[str, Any], wheres: Iterator[Where]) -> tuple[EvidenceRef, ...]:
    return tuple(reference(_text(ref), next(wheres)) for ref in plain.get("evidence", ()))


def _cell(plain: Any, wheres: Iterator[Where]) -> Cell:
    return Cell(_text(plain), next(wheres))


def _texts(plain: dict[str, Any]) -> dict[str, str]:
    return {name: _text(text) for name, text in plain.items()}


def _text(plain: Any) -> str:
    if not isinstance(plain, str):
        raise TypeError(plain)
    return plain
