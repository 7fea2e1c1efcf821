"""What exactly differs between two statements about the same thing: which cell, what stood there and what stands there."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from typing import Any

from engine.assess.statements import Key
from engine.dossier.bind import cell_of
from engine.dossier.schema import Cell, Entry, Evidence, EvidenceRef, Row, TableEntry
from engine.problems import Where
from engine.ruleset.programme import Programme

NOWHERE = Where()


@dataclass(frozen=True, slots=True)
class Changed:
    """One difference: of which statement, at which row, column or field of it, and both sides (None: nothing is stated)."""

    key: Key
    row: str
    field: str
    before: str | None
    after: str | None
    where: tuple[Where, Where]


def changed(key: Key, before: Any, after: Any, programme: Programme) -> Iterator[Changed]:
    """Every difference between two statements, or between one and none."""
    one, other = cells_of(key, before, programme), cells_of(key, after, programme)
    for place in dict.fromkeys([*other, *one]):
        (old, was), (new, now) = (side.get(place, (None, NOWHERE)) for side in (one, other))
        if old != new:
            yield Changed(key, *place, old, new, (was, now))


_Leaves = Mapping[tuple[str, str], tuple[str | None, Where]]


def cells_of(key: Key, content: Any, programme: Programme) -> _Leaves:
    """Texts by row and field; a statement that is one value has neither."""
    match content:
        case Entry():
            cell, cause = cell_of(content, "verified")
            text = cell.text if cell else "not_verified" if cause == "not_verified" else None
            reason = {("", "reason"): (content.reason, content.where)} if content.reason else {}
            return {("", ""): (text, cell.where if cell else content.where), **reason}
        case TableEntry():
            confirmed = {("", "verified"): ("yes" if content.verified else "no", content.where)}
            return confirmed | _rows(content.rows, programme.tables[key.name].per)
        case Evidence():
            kept = [field.name for field in fields(content) if field.name not in ("id", "where")]
            return {("", name): (text, content.where) for name in kept if (text := getattr(content, name))}
        case None | () | "":
            return {}
        case tuple():
            return {("", ""): (", ".join(str(part) if isinstance(part, EvidenceRef) else " ".join(part) for part in content), NOWHERE)}
        case bool():
            return {("", ""): ("yes" if content else "no", NOWHERE)}
    return {("", ""): (str(content), NOWHERE)}


def _rows(rows: Sequence[Row], per: Sequence[str]) -> dict[tuple[str, str], tuple[str | None, Where]]:
    found: dict[tuple[str, str], tuple[str | None, Where]] = {}
    for row in rows:
        cells: Mapping[str, Cell] = dict(row.declared)
        name = " ".join(cells[part].text for part in per if part in cells)
        found |= {(name, column): (cell.text, cell.where) for column, cell in cells.items() if column not in per}
    return found
