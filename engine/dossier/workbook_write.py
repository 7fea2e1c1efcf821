"""Programme -> workbook: an empty template to fill in, or one filled with a dossier, to be read back without loss."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from pathlib import Path

from engine.dossier.notes import Note
from engine.dossier.schema import APPLICANT_LISTS, PARK_FIELDS, Applicant, Assessor, Dossier, EvidenceRef, TableEntry, canonical_json
from engine.dossier.workbook_entries import write_demands, write_inputs
from engine.dossier.workbook_layout import (
    BENCHMARKS,
    CRITERIA,
    DATE,
    FIRST_DAY,
    GATES,
    GUIDE,
    INFO,
    INPUTS,
    LAYOUT,
    LIST,
    NUMBER,
    TEXT,
    Labels,
    Stored,
    read_refs,
    refs_text,
    stored,
)
from engine.dossier.workbook_look import APPLICANT, ASSESSOR, GREEN
from engine.dossier.workbook_notes import write_notes
from engine.dossier.workbook_sheet import Book, Column, Count, Page, Progress
from engine.dossier.workbook_tables import write_evidence, write_table
from engine.dossier.workbook_words import MONTHS_LIST, reference_labels, unit_parameters_used, yes_no_labels
from engine.problems import ProblemList, Where
from engine.ruleset.programme import Programme

_READ_DIFFERENTLY = re.compile(r"x005F_|_x000D_\\n")
"""Excel's own escapes, in the JSON of a dossier: spelled out in a text they would come back as something else."""

_BLANK = Dossier(id="", kind="")
_FACTS = {"dossier": TEXT, "year": NUMBER, "application_date": DATE, "closed": LIST + "yes_no", "highlights": TEXT}
_FORMS = {NUMBER: "number_left", DATE: "date_left"}
_COLOURS = {"applicant": "applicant.centre", "assessor": "assessor.centre", "computed": "computed", "locked": ".centre"}
_STEPS, _RULES = ("1", "2", "3", "4", "5"), ("cells", "answers", "numbers", "evidence", "formulas", "missing")


def write_workbook(programme: Programme, path: Path, lang: str = "zh", dossier: Dossier | None = None, notes: Sequence[Note] = ()) -> None:
    """Write the workbook of a programme in Chinese or English, empty or filled with a dossier of that programme.

    ``notes`` go on a sheet of their own. The same programme, dossier and notes give the same bytes. Raises Refused where the
    dossier holds something that the programme has no place for, so that nothing is left out unseen.
    """
    filled = dossier or _BLANK
    _check_places(programme, dossier)
    book = Book(lang, programme.scheme.title.in_(lang), dict(filled.units))
    guide = _guide_page(book)
    _write_info(book, programme, filled)
    inputs, answers, tables = dict(filled.inputs), dict(filled.answers), dict(filled.tables)
    if programme.gates:
        write_demands(book, programme, GATES, book.say("sheet.gates"), programme.gates, answers)
    for name, dimension in programme.dimensions.items():
        if criteria := {key: criterion for key, criterion in programme.criteria.items() if criterion.dimension == name}:
            write_demands(book, programme, CRITERIA + name, dimension.title.in_(lang), criteria, answers)
    for role, kind in ((INPUTS, "value"), (BENCHMARKS, "benchmark")):
        if chosen := {name: definition for name, definition in programme.inputs.items() if definition.role == kind}:
            write_inputs(book, programme, role, chosen, inputs)
    for name, table in programme.tables.items():
        write_table(book, programme, table, tables.get(name, TableEntry()))
    write_evidence(book, filled.evidence)
    if notes:
        write_notes(book, notes)
    _fill_guide(guide, programme)
    path.write_bytes(book.close(_meta(programme, dossier, lang)))


def _meta(programme: Programme, dossier: Dossier | None, lang: str) -> list[tuple[str, str]]:
    ruleset, scheme = programme.ruleset_identity, programme.scheme_identity
    empty = " ".join(name for name, table in dossier.tables if table == TableEntry()) if dossier else ""
    standard = dossier.standard if dossier else programme.edition if programme.one_of_several else ""
    return [
        ("scheme", dossier.scheme if dossier else programme.scheme.scheme),
        *([("standard", standard)] if standard else []),
        ("kind", programme.standard.kind),
        ("language", lang),
        ("ruleset", ruleset.id),
        ("ruleset_version", ruleset.version),
        ("ruleset_sha256", ruleset.sha256),
        ("scheme_version", scheme.version),
        ("scheme_sha256", scheme.sha256),
        ("stated_tables", empty),
    ]


# --- what has no place ---


def _check_places(programme: Programme, dossier: Dossier | None) -> None:
    if dossier is None:
        return
    problems = ProblemList()
    demands = {*programme.gates, *programme.criteria}
    given: list[tuple[str, Collection[str], Collection[str]]] = [
        ("kind", [dossier.kind], [programme.standard.kind]),
        ("units", dict(dossier.units), programme.unit_parameters),
        ("inputs", dict(dossier.inputs), programme.inputs),
        ("answers", dict(dossier.answers), demands),
        ("tables", dict(dossier.tables), programme.tables),
    ]
    for name, table in dossier.tables:
        if name in programme.tables:
            columns = dict.fromkeys(column for row in table.rows for column, _ in (*row.declared, *row.verified))
            given.append((f"tables.{name}", columns, {column.column for column in programme.tables[name].columns}))
    for part, names, known in given:
        for name in names:
            if name not in known:
                problems.error("workbook_no_place", Where(path=f"{part}.{name}"), name=name)
    _check_refs(dossier, problems)
    if match := _READ_DIFFERENTLY.search(canonical_json(dossier)):
        problems.error("workbook_text", Where(), text=match[0])
    problems.refuse_if_errors()


def _check_refs(dossier: Dossier, problems: ProblemList) -> None:
    """Pages with semicolons may look like further references in a cell."""
    ids = {item.id for item in dossier.evidence}
    refs = [(name, entry.evidence) for name, entry in (*dossier.inputs, *dossier.answers)]
    for name, given in refs + [(name, table.evidence) for name, table in dossier.tables]:
        if read_refs(refs_text(given), ids) != [_plain(ref) for ref in given]:
            problems.error("workbook_refs", Where(path=name), refs=refs_text(given))


def _plain(ref: EvidenceRef) -> dict[str, str]:
    return {"id": ref.id, "pages": ref.pages} if ref.pages else {"id": ref.id}


# --- basic information ---


def _write_info(book: Book, programme: Programme, dossier: Dossier) -> None:
    columns = [
        Column("kind", "", 4, shown=False),
        Column("title", book.say("column.title"), 30),
        Column("declared", book.say("column.content"), 60, APPLICANT),
        Column("hint", book.say("column.hint"), 70),
    ]
    page = Page(book, INFO, book.say("sheet.info"), columns, book.say("hint.info"))
    page.head(frozen=0)
    page.sheet.fit_to_pages(1, 1)
    first = page.row
    _section(page, "dossier")
    for name, shown in (("scheme", programme.scheme.title), ("kind", programme.standard.title)):
        page.mark(f"#{name}")
        page.put("title", book.say(f"info.{name}"), ".text")
        page.put("declared", shown.in_(book.lang), ".text")
        page.put("hint", None, ".text")
        page.row += 1
    texts = {"dossier": dossier.id, "year": str(dossier.year or ""), "closed": "yes" if dossier.closed else ""}
    for name, kind in _FACTS.items():
        _write_fact(page, name, book.say(f"info.{name}"), kind, texts.get(name, getattr(dossier, name, "")))
    _write_unit_facts(page, programme, dict(dossier.units))
    for part, record in (("applicant", dossier.applicant), ("assessor", dossier.assessor)):
        _write_party(page, programme, part, record)
    ids, content = page.id_range(first, page.row - 1), page.range("declared", first, page.row - 1)
    counted = f'=SUMPRODUCT(({ids}<>"")*(LEFT({ids},1)<>"#")*({ids}<>"closed")*(LEFT({ids},9)<>"assessor.")*({content}<>""))'
    asked = [name for name in page.ids if name != "closed" and not name.startswith(("#", "assessor."))]
    book.progress.append(Progress(page, Count(counted, sum(map(bool, _facts(dossier)))), len(asked), None))
    page.end(key="title", text=book.say("end.list"))


def _facts(dossier: Dossier) -> list[object]:
    own = [dossier.id, dossier.year, dossier.application_date, dossier.highlights, *(unit for _, unit in dossier.units)]
    return own + [getattr(dossier.applicant, name) for name in Applicant.__dataclass_fields__]


def _section(page: Page, name: str) -> None:
    page.mark(f"#section.{name}")
    for column in page.columns:
        if column.shown:
            page.put(column.key, page.book.say(f"info.section.{name}") if column.key == "title" else None, "section")
    page.row += 1


def _write_fact(page: Page, name: str, title: str, kind: str, text: str, hint: str = "", labels: Labels | None = None) -> None:
    book = page.book
    side = ASSESSOR if name.startswith("assessor.") or name == "closed" else APPLICANT
    labels = yes_no_labels(book.lang) if name == "closed" else labels
    page.mark(name)
    page.put("kind", kind, "hidden")
    page.put("title", title, ".text")
    value: Stored = stored(kind, text, labels) if text else ""
    page.put("declared", value, f"{side}.{_FORMS.get(kind, 'text')}")
    page.put("hint", hint or _hint(book, name), ".text")
    if name == "year":
        page.check("declared", {"validate": "integer", "criteria": "between", "minimum": 1990, "maximum": 2099}, "year")
    elif kind == DATE:
        page.check("declared", {"validate": "date", "criteria": ">=", "value": FIRST_DAY}, "date")
    elif labels is not None:
        page.choose("declared", book.list_source(kind.removeprefix(LIST), labels), strict=name == "closed")
    if name == "year":
        book.add_months(MONTHS_LIST, page.address("declared"), text)
    page.row += 1


_HINTS = {"dossier", "year", "application_date", "closed", "highlights"}
_HINTS |= {f"applicant.{name}" for name in ("name", "credit_code", "industry", "district")}


def _hint(book: Book, name: str) -> str:
    return book.say(f"info.hint.{name}") if name in _HINTS else ""


def _write_unit_facts(page: Page, programme: Programme, units: dict[str, str]) -> None:
    names = dict.fromkeys((*unit_parameters_used(programme), *units))
    if names:
        _section(page, "units")
    for name in names:
        title = programme.unit_parameters[name].in_(page.book.lang)
        _write_fact(page, f"units.{name}", title, TEXT, units.get(name, ""), page.book.say("info.unit_hint", title=title))


def _write_party(page: Page, programme: Programme, part: str, record: Applicant | Assessor) -> None:
    book = page.book
    _section(page, part)
    for name in record.__dataclass_fields__:
        if part == "applicant" and not _asked(name, programme, record):
            continue
        reference = APPLICANT_LISTS.get(name, "") if part == "applicant" else ""
        labels = reference_labels(reference, programme, book.lang) if reference in programme.references else None
        kind = LIST + reference if labels else TEXT
        _write_fact(page, f"{part}.{name}", book.say(f"info.{part}.{name}"), kind, getattr(record, name), labels=labels)


def _asked(name: str, programme: Programme, record: Applicant | Assessor) -> bool:
    """Whether a field of the applicant is asked for here; what stands in one is written anyway."""
    return name not in PARK_FIELDS or programme.standard.kind == "green_park" or bool(getattr(record, name))


# --- the first page ---


def _guide_page(book: Book) -> Page:
    widths = {"sheet": 34, "declared": 16, "total": 16, "verified": 16, "rest": 44}
    page = Page(book, GUIDE, book.say("sheet.guide"), [Column(key, "", width) for key, width in widths.items()])
    page.sheet.set_tab_color(GREEN)
    page.sheet.fit_to_pages(1, 1)
    return page


def _fill_guide(page: Page, programme: Programme) -> None:
    book, lang = page.book, page.book.lang
    page.row = 4
    page.line(book.say("guide.subtitle"), "hint_wrapped")
    for name, words in (("scheme", programme.scheme.title), ("standard", programme.standard.title)):
        page.line(book.say(f"guide.{name}", title=words.in_(lang)), "plain")
    page.line(_versions(book, programme), "hint_wrapped")
    _heading(page, "progress")
    _write_progress(page)
    _heading(page, "steps")
    for step in _STEPS:
        page.line(f"{step}. {book.say(f'guide.step.{step}')}", "plain")
    _heading(page, "rules")
    for rule in _RULES:
        page.line(f"· {book.say(f'guide.rule.{rule}')}", "plain")
    _heading(page, "colours")
    for name, style in _COLOURS.items():
        page.put("sheet", book.say(f"guide.colour.{name}"), style)
        page.row += 1


def _versions(book: Book, programme: Programme) -> str:
    ruleset, scheme = programme.ruleset_identity, programme.scheme_identity
    return book.say(
        "guide.version_line",
        ruleset=ruleset.id,
        ruleset_version=ruleset.version,
        scheme=scheme.id,
        scheme_version=scheme.version,
        layout=LAYOUT,
    )


def _heading(page: Page, name: str) -> None:
    page.row += 1
    for column in page.columns:
        page.put(column.key, page.book.say(f"guide.{name}") if column.key == "sheet" else None, "section")
    page.row += 1


def _write_progress(page: Page) -> None:
    book = page.book
    for key in ("sheet", "declared", "total", "verified"):
        page.put(key, book.say(f"guide.progress_{key}"), "head_assessor" if key == "verified" else "head")
    page.row += 1
    for progress in book.progress:
        page.link("sheet", progress.page)
        page.formula("declared", progress.declared.formula, progress.declared.value, ".count")
        page.put("total", book.say("guide.rows") if progress.total is None else progress.total, ".count")
        if progress.verified:
            page.formula("verified", progress.verified.formula, progress.verified.value, ".count")
        else:
            page.put("verified", "—", ".count")
        page.row += 1
