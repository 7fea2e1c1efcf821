"""The forms that look at documents and entries: dates, terms, how much one document is to prove, what verification changed, units said."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from fractions import Fraction
from itertools import pairwise

from engine.assess.physics.cells import Cells, number, short
from engine.assess.physics.numbers import PERCENT, apart, merged, percent
from engine.assess.results import CheckResult, Names, Param, Place, Shown, Statement
from engine.dossier.schema import AS_DECLARED, Dossier, Entry, Evidence, EvidenceRef, TableEntry
from engine.dossier.schema import Cell as Entered
from engine.dossier.schema import Row as EnteredRow
from engine.language import Unknown, split_quantity, to_json_number, unknown
from engine.language.errors import LanguageError
from engine.ruleset.checks import Dated, Outlives, Overused, Repeated, Said, Verified
from engine.ruleset.compile_checks import MEASURED, ReadyCheck

MISSING = unknown("missing_value", "")

Uses = dict[str, list[Place]]
"""Where each document is brought, by its id: the item and the place of the reference."""


def documented(ready: ReadyCheck, cells: Cells) -> Iterator[CheckResult]:
    """What a check of documents or entries finds."""
    match ready.form:
        case Dated():
            yield from _dated(ready, cells)
        case Outlives():
            yield from _outlives(ready, cells)
        case Overused():
            yield from _overused(ready, cells)
        case Verified():
            yield from _verified(ready, cells)
        case Said():
            yield from _said(ready, cells)
        case Repeated():
            yield from _repeated(ready, ready.form, cells)


def uses(dossier: Dossier, items: Iterable[str] | None = None) -> Uses:
    """Where each document is brought for one of the items, or for any."""
    wanted = None if items is None else set(items)
    found: Uses = {}
    for name, ref in _references(dossier):
        if wanted is None or name in wanted:
            found.setdefault(ref.id, []).append(short(Place(name, ref.where)))
    return found


def _references(dossier: Dossier) -> Iterator[tuple[str, EvidenceRef]]:
    """What each item brings, with its name."""
    entries: tuple[tuple[str, Entry | TableEntry], ...] = (*dossier.inputs, *dossier.tables, *dossier.answers)
    return ((name, ref) for name, entry in entries for ref in entry.evidence)


def document_place(document: Evidence) -> Place:
    """A document by its id and title, where it is listed."""
    return short(Place(f"{document.id} {document.title}".strip(), document.where))


def finding(
    ready: ReadyCheck,
    code: str,
    statements: tuple[Statement, ...],
    limit: Shown | None,
    place: str = "",
    params: tuple[tuple[str, Param], ...] = (),
) -> CheckResult:
    """A finding of a check of a form."""
    check = ready.check
    return CheckResult(check.check, check.test.form, check.severity, code, statements, "", limit, ready.figures.get(place), params)


def digits(number: Fraction) -> int:
    """How many digits a number has between its first and its last that are not zero."""
    return len(to_json_number(abs(number)).replace(".", "").strip("0"))


def limit_of(ready: ReadyCheck, cells: Cells, place: str) -> Fraction | None:
    """The figure that a form holds to."""
    return number(ready.operands[place].run(cells.run.env, None))


def _dated(ready: ReadyCheck, cells: Cells) -> Iterator[CheckResult]:
    """Items that only documents from before the period prove, by document."""
    dossier, programme = cells.run.bound.dossier, cells.programme
    begin = f"{dossier.year - programme.standard.years + 1}-01-01"
    brought = uses(dossier, ready.items)
    issued = {document.id: document.issued for document in dossier.evidence if document.id in brought and document.issued}
    later = {place.name for name, day in issued.items() if day >= begin for place in brought[name]}
    for document in dossier.evidence:
        places = [place for place in brought.get(document.id, ()) if place.name not in later]
        if places and document.id in issued:
            statements = (Statement(Shown(document.issued), (document_place(document),)), Statement(Shown(begin), tuple(places)))
            yield finding(ready, "dated_before", statements, Shown(begin))


def _outlives(ready: ReadyCheck, cells: Cells) -> Iterator[CheckResult]:
    dossier, months = cells.run.bound.dossier, limit_of(ready, cells, "months")
    day = dossier.application_date
    if months is None or not day:
        return
    end = months_later(day, int(months))
    brought = uses(dossier, ready.items)
    for document in dossier.evidence:
        if document.id in brought and day <= document.valid_until < end:
            statements = (
                Statement(Shown(document.valid_until), (document_place(document),)),
                Statement(Shown(end), tuple(brought[document.id])),
            )
            yield finding(ready, "outlives", statements, Shown(months), "months")


def months_later(day: str, months: int) -> str:
    """The day (ISO text) so many months later; the last of the month where that day is not in it."""
    year, month = divmod(int(day[:4]) * 12 + int(day[5:7]) - 1 + months, 12)
    leap = year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)
    last = (31, 29 if leap else 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)[month]
    return f"{year:04d}-{month + 1:02d}-{min(int(day[8:10]), last):02d}"


def _overused(ready: ReadyCheck, cells: Cells) -> Iterator[CheckResult]:
    dossier, most = cells.run.bound.dossier, limit_of(ready, cells, "at_most")
    if most is None:
        return
    pages: dict[str, dict[str, list[Place]]] = {}
    for name, ref in _references(dossier):
        pages.setdefault(ref.id, {}).setdefault(ref.pages, []).append(short(Place(name, ref.where)))
    for document in dossier.evidence:
        for places in pages.get(document.id, {}).values():
            items = tuple(dict.fromkeys(place.name for place in places))
            if len(items) > most:
                statements = (Statement(Shown(Fraction(len(items))), (document_place(document),)), Statement(Shown(None), tuple(places)))
                yield finding(ready, "overused", statements, Shown(most), "at_most", (("names", Names(items)),))


def _repeated(ready: ReadyCheck, form: Repeated, cells: Cells) -> Iterator[CheckResult]:
    """Rows with figures of the row before."""
    least = limit_of(ready, cells, "at_least")
    rows, entered = cells.rows(form.table)
    definitions = cells.programme.tables[form.table].columns
    measured = [column.column for column in definitions if column.type in MEASURED and column.role != "benchmark"]
    order = sorted((at for at, row in enumerate(rows) if form.by in row), key=lambda at: str(rows[at][form.by]))
    for earlier, later in pairwise(order):
        same = [name for name in measured if _same_figure(rows[later].get(name), rows[earlier].get(name), form.digits)]
        if least is None or len(same) < least:
            continue
        statements = tuple(_stated(cells, form.table, entered[at], same) for at in (later, earlier))
        found = finding(ready, "repeated", statements, Shown(least), "at_least", (("count", Fraction(len(same))),))
        yield found._replace(row=cells.row_name(form.table, rows[later]))


def _same_figure(one: object, other: object, least: int) -> bool:
    """Whether two values are the same number, of at least so many digits."""
    return isinstance(one, Fraction) and one == other and digits(one) >= least


def _stated(cells: Cells, table: str, row: EnteredRow, columns: Sequence[str]) -> Statement:
    """What was entered in some columns of a row, the first of them in words."""
    found = [(name, cell) for name in columns if (cell := cells.entered(row, name)) is not None]
    places = tuple(short(Place(f"{table}.{name}", cell.where)) for name, cell in found)
    return Statement(Shown(None, entered=found[0][1].text if found else ""), places)


# --- declared against verified ---


def _verified(ready: ReadyCheck, cells: Cells) -> Iterator[CheckResult]:
    bound, tolerance = cells.run.bound, limit_of(ready, cells, "tolerance")
    if tolerance is None or not bound.has_verified:
        return
    for name, entry in bound.dossier.inputs:
        if name not in cells.programme.inputs or cells.programme.inputs[name].type not in MEASURED:
            continue
        values = [number(side.values.get(name, MISSING)) for side in (bound.declared, bound.verified)]
        yield from _changed(ready, name, "", values, (entry.declared, entry.verified), tolerance)
    for name in cells.programme.tables:
        yield from _changed_rows(ready, cells, name, tolerance)


def _changed_rows(ready: ReadyCheck, cells: Cells, name: str, tolerance: Fraction) -> Iterator[CheckResult]:
    """Cells of a table that the assessor changed."""
    bound = cells.run.bound
    declared, verified = bound.declared.tables.get(name, MISSING), bound.verified.tables.get(name, MISSING)
    if isinstance(declared, Unknown) or isinstance(verified, Unknown):
        return
    measured = {column.column for column in cells.programme.tables[name].columns if column.type in MEASURED}
    at = {id(row): i for i, row in enumerate(bound.declared.rows.get(name, ()))}
    for i, row in enumerate(bound.verified.rows.get(name, ())):
        for column, checked in [cell for cell in row.verified if cell[0] in measured and id(row) in at]:
            one, other = declared[at[id(row)]], verified[i]
            values = [number(found.get(column, MISSING)) for found in (one, other)]
            texts = (dict(row.declared).get(column), checked)
            yield from _changed(ready, f"{name}.{column}", cells.row_name(name, one), values, texts, tolerance)


def _changed(
    ready: ReadyCheck,
    name: str,
    row: str,
    values: Sequence[Fraction | None],
    cells: tuple[Entered | None, Entered | None],
    tolerance: Fraction,
) -> Iterator[CheckResult]:
    """One value, where verification changed it by more than the tolerance."""
    (one, other), (declared, verified) = values, cells
    if declared is None or verified is None or verified.text == AS_DECLARED or one is None or other is None:
        return
    if apart(one, other) > tolerance:
        statements = tuple(
            Statement(Shown(value, entered=cell.text), (short(Place(name, cell.where)),))
            for value, cell in ((one, declared), (other, verified))
        )
        gap = Shown(apart(one, other), "%", PERCENT, places=2)
        found = finding(ready, "verified", statements, percent(tolerance), "tolerance", (("gap", gap),))
        slips = (slip for slip, factor in ready.slips.items() if _explains(one, other, factor))
        yield found._replace(row=row, slip=next(slips, ""))


def _explains(one: Fraction, other: Fraction, factor: Fraction) -> bool:
    """Whether two values are the same but for a factor, within a hundredth."""
    return any(apart(one * put_right, other) <= PERCENT for put_right in (factor, 1 / factor))


# --- units said ---


def _said(ready: ReadyCheck, cells: Cells) -> Iterator[CheckResult]:
    form, dossier = ready.form, cells.run.bound.dossier
    assert isinstance(form, Said)
    units = dict(dossier.units)
    for name in ready.items:
        table, _, column = name.partition(".")
        if column:
            yield from _unsaid_rows(ready, cells, form, table, column)
            continue
        entry = dict(dossier.inputs).get(name)
        cell, stated = entry and entry.declared, units.get(cells.programme.inputs[name].unit, "")
        if entry and cell and _meant(ready, cells, cell, stated) and not _says(form, cell, stated, entry.remark):
            yield finding(ready, "said", (Statement(Shown(None, entered=cell.text), (short(Place(name, cell.where)),)),), None)


def _unsaid_rows(ready: ReadyCheck, cells: Cells, form: Said, table: str, column: str) -> Iterator[CheckResult]:
    """The rows of each group whose cells do not say it: one finding for each group."""
    entry = dict(cells.run.bound.dossier.tables).get(table)
    rows, entered = cells.rows(table)
    groups: dict[str, list[tuple[int, Entered]]] = {}
    for at, row in enumerate(rows):
        cell = cells.entered(entered[at], column)
        meant = "where" not in ready.operands or ready.operands["where"].run(cells.run.env, row) is True
        if meant and cell is not None and not _says(form, cell, "", entry.remark if entry else ""):
            groups.setdefault(str(row.get(form.per)) if form.per else "", []).append((at, cell))
    for members in groups.values():
        places = merged(short(Place(f"{table}.{column}", cell.where)) for _, cell in members)
        found = finding(ready, "said", (Statement(Shown(None, entered=members[0][1].text), places),), None)
        yield found._replace(row=cells.value_name(table, form.per, rows[members[0][0]]) if form.per else "")


def _meant(ready: ReadyCheck, cells: Cells, cell: Entered, unit: str) -> bool:
    """Whether a cell is in a unit of the kind that the check has: a volume, where others may enter a mass."""
    units = cells.programme.units
    try:
        stated = split_quantity(cell.text)[1] or unit
        return not stated or units.parse(stated).convertible_to(units.parse(ready.check.unit))
    except LanguageError:
        return False  # said where the dossier is read


def _says(form: Said, cell: Entered, unit: str, remark: str) -> bool:
    """Whether the unit, as entered or as stated for the whole dossier, or the remark holds one of the words."""
    try:
        stated = split_quantity(cell.text)[1] or unit
    except LanguageError:
        stated = unit
    return any(word in text for word in form.says for text in (stated, remark))
