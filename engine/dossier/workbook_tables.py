"""The pages of rows: one for each table of the programme, and the list of evidence."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from engine.dossier.schema import AS_DECLARED, Cell, Evidence, Row, TableEntry
from engine.dossier.workbook_entries import cell_form, check_value
from engine.dossier.workbook_layout import (
    DATE,
    DECLARED,
    EVIDENCE,
    FIELDS,
    FIRST_DAY,
    NUMBER,
    TABLE,
    TEXT,
    UNIT,
    UNITS,
    VERIFIED,
    Labels,
    common_unit,
    refs_text,
    stored,
)
from engine.dossier.workbook_look import APPLICANT, ASSESSOR
from engine.dossier.workbook_sheet import Book, Column, Count, Page, Progress
from engine.dossier.workbook_words import (
    depends_on_row,
    kind_of,
    labels_of,
    row_unit_choices,
    shown_unit,
    unit_choices,
    with_unit,
    yes_no_labels,
)
from engine.ruleset.programme import Programme
from engine.ruleset.schema import Column as TableColumn
from engine.ruleset.schema import Table

_MONTHS, _MONTHLY_ROWS, _ROWS, _SPARE_ROWS, _EVIDENCE_ROWS = 12, 120, 24, 12, 60


@dataclass(frozen=True, slots=True)
class _Place:
    """A column of a table with what its cells take, and whether it has a unit cell in each row or a verified column."""

    definition: TableColumn
    kind: str
    labels: Labels | None
    unit_by_row: bool
    verified: bool

    @property
    def name(self) -> str:
        return self.definition.column


def write_table(book: Book, programme: Programme, table: Table, entry: TableEntry) -> None:
    """A page for a table: what holds for all rows above, then one line a row."""
    places = _places(table, programme, book.lang, entry.rows)
    per = (", " if book.lang == "en" else "、").join(c.title.in_(book.lang) for c in table.columns if c.column in table.per)
    columns = [column for place in places for column in _columns(book, programme, table, place)]
    hint = book.say("hint.table_monthly" if table.monthly else "hint.table", per=per)
    page = Page(book, TABLE + table.table, table.title.in_(book.lang), columns, hint)
    if table.note:
        page.line(table.note.in_(book.lang), "hint_wrapped")
    verified_at = _write_fields(page, entry)
    page.head(frozen=1 + _leading_keys(columns, table))
    units = _write_units(page, programme, places, entry.rows)
    first, count = page.row, _capacity(table, entry.rows)
    _check_rows(page, programme, table, places, count)
    for i in range(count):
        _write_row(page, places, units, entry.rows[i] if i < len(entry.rows) else Row(()))
        page.row += 1
    filled = Count(f'=SUMPRODUCT(--({page.range(columns[0].key, first, page.row - 1)}<>""))', len(entry.rows))
    shown = yes_no_labels(book.lang).labels["yes"] if entry.verified else ""
    verified = Count(f'={page.field(verified_at)}&""', shown)
    book.progress.append(Progress(page, filled, None, verified))
    page.end(key=columns[0].key, text=book.say("end.table"))


def _places(table: Table, programme: Programme, lang: str, rows: Sequence[Row]) -> list[_Place]:
    overruled = {column for row in rows for column, _ in row.verified}
    places = []
    for definition in table.columns:
        kind = kind_of(definition, f"{table.table}.{definition.column}")
        labels = labels_of(definition, programme, lang, table)
        by_row = kind == NUMBER and depends_on_row(definition, table)
        places.append(_Place(definition, kind, labels, by_row, kind == NUMBER or definition.column in overruled))
    return places


def _columns(book: Book, programme: Programme, table: Table, place: _Place) -> list[Column]:
    title = place.definition.title.in_(book.lang)
    unit = shown_unit(place.definition.unit, programme, book.lang) if place.kind == NUMBER else ""
    width = {NUMBER: 18.0, TEXT: 26.0, DATE: 14.0, "month": 15.0}.get(place.kind, 34.0)
    columns = [Column(DECLARED + place.name, with_unit(title, unit, book.lang), width, APPLICANT, place.kind)]
    if place.unit_by_row:
        columns.append(Column(UNIT + place.name, book.say("column.unit_of", title=title), 14, APPLICANT, TEXT))
    if place.verified:
        columns.append(Column(VERIFIED + place.name, book.say("column.verified_of", title=title), width, ASSESSOR, place.kind))
    return columns


def _leading_keys(columns: Sequence[Column], table: Table) -> int:
    """How many columns to keep in sight: those at the left that tell rows apart."""
    keys = {DECLARED + name for name in table.per}
    return next((i for i, column in enumerate(columns) if column.key not in keys), len(columns))


def _capacity(table: Table, rows: Sequence[Row]) -> int:
    """How many rows to lay out; more can be inserted."""
    if table.monthly and len(table.per) == 1:
        return max(_MONTHS, len(rows))
    empty = _MONTHLY_ROWS if table.monthly else _ROWS
    return len(rows) + _SPARE_ROWS if rows else empty


def _write_fields(page: Page, entry: TableEntry) -> int:
    """Evidence, confirmation and remark of the whole table; returns the row of the confirmation."""
    book = page.book
    yes = yes_no_labels(book.lang).labels
    values = {
        "evidence": (refs_text(entry.evidence), f"{APPLICANT}.text", 18),
        "verified": (yes["yes"] if entry.verified else "", f"{ASSESSOR}.text", 18),
        "remark": (entry.remark, f"{ASSESSOR}.text", 36),
    }
    verified_at = 0
    for marker in FIELDS:
        name = marker.removeprefix("#")
        text, style, height = values[name]
        page.mark(marker)
        page.put(page.keys[0], book.say(f"table.{name}"), "field")
        page.put_field(text, style, height)
        if name == "verified":
            verified_at = page.row
            page.choose_field(list(yes.values()))
        page.row += 1
    return verified_at


def _write_units(page: Page, programme: Programme, places: Sequence[_Place], rows: Sequence[Row]) -> dict[str, str]:
    """The row in which a whole column's unit is stated; returns the units that are."""
    stated = [place for place in places if place.kind == NUMBER and not place.unit_by_row]
    if not stated:
        return {}
    units = {place.name: common_unit(_texts(rows, place.name)) for place in stated}
    page.mark(UNITS)
    for column in page.columns:
        page.put(column.key, None, ".centre")
    if page.columns[0].kind != NUMBER:
        page.put(page.columns[0].key, page.book.say("table.unit_row"), ".centre")
    for place in stated:
        page.put(DECLARED + place.name, units[place.name], f"{APPLICANT}.centre")
        page.put(VERIFIED + place.name, page.book.say("table.same_unit"), "computed")
        if choices := unit_choices(place.definition.unit, programme, page.book.units):
            page.choose(DECLARED + place.name, choices, strict=False, hint=page.book.say("column.unit"))
    page.row += 1
    return units


def _texts(rows: Sequence[Row], name: str) -> list[str]:
    return [cell.text for row in rows for column, cell in (*row.declared, *row.verified) if column == name and cell.text != AS_DECLARED]


def _check_rows(page: Page, programme: Programme, table: Table, places: Sequence[_Place], count: int) -> None:
    for place in places:
        check_value(page, DECLARED + place.name, place.definition, place.kind, place.labels, rows=count)
        if place.verified:
            check_value(page, VERIFIED + place.name, place.definition, place.kind, place.labels, verified=True, rows=count)
        if place.unit_by_row and (choices := row_unit_choices(place.definition, table, programme)):
            source = page.book.list_range(f"unit.{table.table}.{place.name}", [(choice, choice) for choice in choices])
            page.choose(UNIT + place.name, source, strict=False, rows=count, hint=page.book.say("hint.row_unit"))


def _write_row(page: Page, places: Sequence[_Place], units: dict[str, str], row: Row) -> None:
    declared, verified = dict(row.declared), dict(row.verified)
    for place in places:
        cells: list[Cell | None] = [declared.get(place.name), verified.get(place.name)]
        unit = units.get(place.name, "")
        if place.unit_by_row:
            unit = common_unit(_texts([row], place.name))
            page.put(UNIT + place.name, unit, f"{APPLICANT}.centre")
        form = cell_form(place.kind)
        page.put(DECLARED + place.name, page.book.stored(place.kind, cells[0], place.labels, unit), f"{APPLICANT}.{form}")
        if place.verified:
            page.put(VERIFIED + place.name, page.book.stored(place.kind, cells[1], place.labels, unit), f"{ASSESSOR}.{form}")


# --- evidence ---


def write_evidence(book: Book, evidence: Sequence[Evidence]) -> None:
    """The list of documents."""
    widths = {"id": 10, "title": 40, "number": 28, "issuer": 28, "issued": 14, "valid_until": 16, "file": 30, "sha256": 34}
    dates = ("issued", "valid_until")
    columns = [Column(key, book.say(f"evidence.{key}"), width, APPLICANT, DATE if key in dates else TEXT) for key, width in widths.items()]
    page = Page(book, EVIDENCE, book.say("sheet.evidence"), columns, book.say("hint.evidence"))
    page.head(frozen=2)
    first, count = page.row, len(evidence) + _SPARE_ROWS if evidence else _EVIDENCE_ROWS
    for key in dates:
        page.check(key, {"validate": "date", "criteria": ">=", "value": FIRST_DAY}, "date", rows=count)
    for i in range(count):
        for column in columns:
            text = getattr(evidence[i], column.key) if i < len(evidence) else ""
            page.put(column.key, stored(column.kind, text), f"{APPLICANT}.{cell_form(column.kind)}")
        page.row += 1
    filled = Count(f'=SUMPRODUCT(--({page.range("id", first, page.row - 1)}<>""))', len(evidence))
    book.progress.append(Progress(page, filled, None, None))
    page.end(key="title", text=book.say("end.table"))
