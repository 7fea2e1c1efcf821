"""Reference tables: figures looked up by a code and the day they are in force."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Any

from engine.language import Units
from engine.language.errors import LanguageError
from engine.language.numbers import parse_number
from engine.problems import ProblemList, Where
from engine.ruleset.schema import Basis, Column, InputType, Reference, Source, Words

NUMERIC = (InputType.QUANTITY, InputType.SHARE, InputType.COUNT, InputType.GRADE, InputType.YEAR)
_SOURCE_KEYS = ("document", "page", "checked_on")
_ROW_KEYS = {"since", "until", "title_zh", "title_en", "basis", "confidence", "refs", "note_zh", "note_en", "unit", *_SOURCE_KEYS}

_SURE = (None, "high", "medium", "low")

ALWAYS, FOREVER = "0000-01-01", "9999-12-31"
"""The first day of a row that states none, and the last one."""


@dataclass(frozen=True, slots=True)
class ReferenceRow:
    """One row: its figures (texts as they are, null where the figure is unknown), validity and source.

    Figures are in base units; where the row has a ``unit`` of its own they are in that unit, since only a dossier says what the
    column's generic unit (a quota per unit of product) is.
    """

    key: str
    values: Mapping[str, Fraction | str | None]
    written: Mapping[str, str | None]
    unit: str
    since: str
    until: str
    title: Words | None
    source: Source


@dataclass(frozen=True, slots=True, eq=False)
class ReferenceTable:
    """A table of figures by code; rows of one code lie in the order of their validity."""

    name: str
    title: Words
    columns: Mapping[str, Column]
    prefix: bool
    rows: Mapping[str, tuple[ReferenceRow, ...]]
    document: str
    family: str | None = None

    def find(self, key: str, day: str) -> ReferenceRow | None:
        """The row of a key (longest prefix where the table matches prefixes) in force on a day (ISO text)."""
        candidates = (key[:length] for length in range(len(key), 0, -1)) if self.prefix else (key,)
        for candidate in candidates:
            for row in self.rows.get(candidate, ()):
                if row.since <= day <= row.until:
                    return row
        return None

    def name_of(self, row: ReferenceRow, column: str) -> str:
        """The name of a figure, by which it is attested and imported; with the row's first day where its key has several rows."""
        several = len(self.rows[row.key]) > 1 and row.since != ALWAYS
        return f"{self.name}[{row.key}{f' {row.since}' if several else ''}].{column}"

    def title_of(self, key: str, lang: str) -> str:
        """What people call a code; the code itself where the table has no title for it."""
        rows = self.rows.get(key, ())
        return rows[0].title.in_(lang) if rows and rows[0].title else key


def build_reference(
    reference: Reference,
    units: Units,
    where: Where,
    problems: ProblemList,
    lines: Sequence[int | None] = (),
    generic: frozenset[str] = frozenset(),
) -> ReferenceTable:
    """A checked table from its file form, with the lines of its rows; mistakes go to ``problems``.

    ``generic`` are the units of columns for which each row, in its own unit, may have any other.
    """
    columns = {column.column: column for column in reference.columns}
    rows: dict[str, list[ReferenceRow]] = {}
    for i, raw in enumerate(reference.rows):
        at = Where(file=where.file, line=lines[i] if lines else where.line, path=f"{reference.reference}.rows[{i}]")
        row = _row(raw, reference, columns, units, at, problems)
        if row is None:
            continue
        _check_row(row, reference.reference, columns, units, generic, at, problems)
        same = rows.setdefault(row.key, [])
        if any(other.since <= row.until and row.since <= other.until for other in same):
            problems.error("reference_overlap", at, key=row.key, table=reference.reference)
        same.append(row)
    ordered = {key: tuple(sorted(same, key=lambda row: row.since)) for key, same in rows.items()}
    document = reference.source.document or ""
    prefix = reference.match == "prefix"
    return ReferenceTable(reference.reference, reference.title, columns, prefix, ordered, document, reference.family)


def _row(
    raw: dict[str, Any], reference: Reference, columns: Mapping[str, Column], units: Units, at: Where, problems: ProblemList
) -> ReferenceRow | None:
    for name in raw:
        if name not in _ROW_KEYS and name not in columns and name != reference.key:
            problems.error("key_unknown", at, key=name, suggestion=", ".join(columns))
    key = raw.get(reference.key)
    if not isinstance(key, str):
        problems.error("key_missing", at, key=reference.key, element=reference.reference)
        return None
    written = {name: raw.get(name) for name in columns}
    values = {name: _value(written[name], column, raw.get("unit"), units, at, problems) for name, column in columns.items()}
    title = Words(zh=raw["title_zh"], en=raw.get("title_en") or raw["title_zh"]) if raw.get("title_zh") else None
    source = reference.source
    if raw.get("basis") and raw["basis"] not in set(Basis):
        problems.error("value_not_allowed", at, value=raw["basis"], expected=", ".join(Basis))
    elif raw.get("confidence") not in _SURE:
        problems.error("value_not_allowed", at, value=raw["confidence"], expected=", ".join(filter(None, _SURE)))
    elif raw.get("basis"):
        note = Words(zh=raw["note_zh"], en=raw.get("note_en") or raw["note_zh"]) if raw.get("note_zh") else None
        source = source.model_copy(
            update={
                "basis": Basis(raw["basis"]),
                "confidence": raw.get("confidence"),
                "refs": tuple(raw.get("refs") or ()),
                "note": note,
                **{name: raw[name] for name in _SOURCE_KEYS if name not in columns and raw.get(name)},
            }
        )
    return ReferenceRow(key, values, written, raw.get("unit") or "", raw.get("since") or ALWAYS, raw.get("until") or FOREVER, title, source)


def _value(text: Any, column: Column, row_unit: str | None, units: Units, at: Where, problems: ProblemList) -> Fraction | str | None:
    if text is None or column.type not in NUMERIC:
        return None if text is None else str(text)
    try:
        unit = units.parse(row_unit or column.unit)
        number = parse_number(str(text))
        return number if row_unit else number * unit.factor
    except LanguageError as err:
        problems.error(err.code, at, **err.params)
        return None


def _check_row(
    row: ReferenceRow,
    table: str,
    columns: Mapping[str, Column],
    units: Units,
    generic: frozenset[str],
    at: Where,
    problems: ProblemList,
) -> None:
    """Days are days, in their order, since rows are compared with a day as texts are; a row's own unit is one of its columns' kind."""
    for day in (row.since, row.until):
        if day not in (ALWAYS, FOREVER) and not _is_day(day):
            problems.error("value_malformed", at, value=day, pattern="YYYY-MM-DD")
    if row.since > row.until:
        problems.error("validity_reversed", at)
    for column in columns.values() if row.unit else ():
        if column.type in NUMERIC and not _same_kind(row.unit, column.unit, units, generic):
            problems.error("row_unit_differs", at, table=table, unit=row.unit, column=column.column, wanted=column.unit)


def _is_day(text: str) -> bool:
    try:
        return date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False


def _same_kind(own: str, wanted: str, units: Units, generic: frozenset[str]) -> bool:
    """Whether a unit measures what another does, whatever stands in it for the generic units of the other."""
    try:
        mine, theirs = (dict(units.parse(text).dimension) for text in (own, wanted))
    except LanguageError:
        return True  # said where the unit is read
    left = {name: power - theirs.get(name, 0) for name, power in mine.items() if name not in generic and power != theirs.get(name, 0)}
    lacking = {name for name, power in theirs.items() if name not in mine and name not in generic}
    open_ = {power > 0 for name, power in theirs.items() if name in generic and mine.get(name) != power}
    return not lacking and (not left if not open_ else all((power > 0) in open_ for power in left.values()))
