"""The pages of single entries: gates and criteria with their answers, quantities and benchmarks with their values."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from engine.dossier.schema import AS_DECLARED, Cell, Entry
from engine.dossier.workbook_layout import ANSWER, CODES, FIRST_DAY, LIST, NUMBER, Labels, as_number, common_unit, refs_text
from engine.dossier.workbook_look import APPLICANT, ASSESSOR
from engine.dossier.workbook_sheet import Book, Column, Count, Page, Progress
from engine.dossier.workbook_words import MONTHS_LIST, answer_labels, code_titles, kind_of, labels_of, shown_unit, unit_choices
from engine.ruleset.methods import Choose, Conform, Judgement
from engine.ruleset.programme import Programme
from engine.ruleset.schema import Criterion, Gate, Input, InputType

CONFORM, JUDGEMENT, COMPUTED = "conform", "judgement", "computed"


# --- gates and criteria ---


def write_demands(
    book: Book, programme: Programme, role: str, title: str, demands: Mapping[str, Gate | Criterion], answers: Mapping[str, Entry]
) -> None:
    """A page of gates, or of the criteria of one dimension."""
    scored = any(isinstance(demand, Criterion) for demand in demands.values())
    page = Page(book, role, title, _demand_columns(book, scored), book.say("hint.criteria" if scored else "hint.gates"))
    page.head(frozen=5)
    first = page.row
    for name, demand in demands.items():
        _write_demand(page, programme, name, demand, answers.get(name, Entry()))
        page.row += 1
    _register(page, first, [_judged(demand) != COMPUTED for demand in demands.values()], [answers.get(name) for name in demands])
    if scored:
        _write_total(page, first, [programme.points[name].text or "" for name in demands])
    else:
        page.end(key="requirement", text=book.say("end.list"))


def _demand_columns(book: Book, scored: bool) -> list[Column]:
    def column(key: str, width: float, side: str = "") -> Column:
        return Column(key, book.say(f"column.{key}"), width, side)

    points = [Column("demand", book.say("column.kind"), 6), column("points", 7)] if scored else []
    return [
        Column("kind", "", 4, shown=False),
        column("number", 9),
        column("clause", 9),
        column("title", 17),
        column("requirement", 40),
        column("asked", 24),
        *points,
        column("declared", 11, APPLICANT),
        column("evidence", 14, APPLICANT),
        column("verified", 11, ASSESSOR),
        column("reason", 18, APPLICANT),
        column("remark", 18, ASSESSOR),
    ]


def _judged(demand: Gate | Criterion) -> str:
    """Who answers: a person with yes or no, a person with points, or the computation."""
    return CONFORM if isinstance(demand.method, Conform) else JUDGEMENT if isinstance(demand.method, Judgement) else COMPUTED


def _write_demand(page: Page, programme: Programme, name: str, demand: Gate | Criterion, entry: Entry) -> None:
    lang, judged = page.book.lang, _judged(demand)
    page.mark(name)
    page.put("kind", judged, "hidden")
    page.put("number", demand.number, ".centre")
    page.put("clause", demand.clause, ".centre")
    page.put("title", demand.title.in_(lang), ".text")
    page.put("requirement", demand.requirement.in_(lang), ".text")
    page.put("asked", "\n".join(words.in_(lang) for words in demand.evidence), ".text")
    if isinstance(demand, Criterion):
        points = programme.points[name].text or "—"
        page.put("demand", page.book.say(f"kind.{demand.kind}"), ".centre")
        page.put("points", points if (value := as_number(points)) is None else value, ".number")
    for key, side, cell in (("declared", APPLICANT, entry.declared), ("verified", ASSESSOR, entry.verified)):
        _write_answer(page, programme, name, demand, key, side, cell)
    page.put("evidence", refs_text(entry.evidence), f"{APPLICANT}.text")
    page.put("reason", entry.reason, f"{APPLICANT}.text")
    page.put("remark", entry.remark, f"{ASSESSOR}.text")


def _write_answer(page: Page, programme: Programme, name: str, demand: Gate | Criterion, key: str, side: str, cell: Cell | None) -> None:
    labels = answer_labels(page.book.lang)
    others = [labels.labels["not_applicable"]] if demand.na_allowed else []
    others += [labels.labels["as_declared"]] if side == ASSESSOR else []
    judged = _judged(demand)
    value = page.book.stored(ANSWER, cell, labels)
    if judged == COMPUTED:
        computed = page.book.say("answer.computed")
        hint = "hint.members" if isinstance(demand.method, Choose) else "hint.judged" if demand.judged_when else ""
        page.put(key, value if cell else computed, "computed_open" if demand.na_allowed or hint else "computed")
        if hint:
            page.comment(key, page.book.say(hint))
        elif demand.na_allowed:
            page.choose(key, [computed, *others])
    elif judged == CONFORM:
        page.put(key, value, f"{side}.centre")
        page.choose(key, [labels.labels["yes"], labels.labels["no"], *others])
    else:
        page.put(key, value, f"{side}.number")
        _check_points(page, programme, name, demand, key, others)


def _check_points(page: Page, programme: Programme, name: str, demand: Gate | Criterion, key: str, others: list[str]) -> None:
    hint = page.book.say("hint.points")
    if isinstance(demand.method, Judgement) and demand.method.steps:
        page.choose(key, [*demand.method.steps, *others], hint=hint)
        return
    most = programme.points[name].text if isinstance(demand, Criterion) else None
    if most is not None:
        cell = page.cell(key)
        words = "".join(f',{cell}="{word}"' for word in others)
        rule = {"validate": "custom", "value": f"=OR(AND(ISNUMBER({cell}),{cell}>=0,{cell}<={most}){words})"}
        page.check(key, rule, "points", hint=hint, max=most)


def _write_total(page: Page, first: int, points: list[str]) -> None:
    page.end("total", "title", page.book.say("end.points"))
    numbers = [number for text in points if (number := as_number(text)) is not None]
    own = page.range("points", first, page.row - 1).rpartition("!")[2]
    page.formula("points", f"=SUM({own})", sum(numbers), "total_number")


def _register(page: Page, first: int, asked: list[bool], entries: list[Entry | None]) -> None:
    """Let the first page count the answers of those rows that take one."""
    last = page.row - 1
    asking = f'({page.range("kind", first, last)}<>"{COMPUTED}")'
    declared = sum(bool(take and entry and entry.declared) for take, entry in zip(asked, entries, strict=True))
    verified = sum(bool(take and entry and entry.verified) for take, entry in zip(asked, entries, strict=True))
    counts = [
        Count(f'=SUMPRODUCT({asking}*({page.range(key, first, last)}<>""))', value)
        for key, value in (("declared", declared), ("verified", verified))
    ]
    page.book.progress.append(Progress(page, counts[0], sum(asked), counts[1]))


# --- quantities ---


def write_inputs(book: Book, programme: Programme, role: str, inputs: Mapping[str, Input], values: Mapping[str, Entry]) -> None:
    """A page of single values; benchmarks call their evidence the source document."""
    source = "source" if all(definition.role == "benchmark" for definition in inputs.values()) else "evidence"
    columns = [
        Column("kind", "", 4, shown=False),
        Column("title", book.say("column.title"), 44),
        Column("declared", book.say("column.value"), 20, APPLICANT),
        Column("unit", book.say("column.unit"), 15, APPLICANT),
        Column("asked_unit", book.say("column.asked_unit"), 16),
        Column("verified", book.say("column.verified_value"), 20, ASSESSOR),
        Column("evidence", book.say(f"column.{source}"), 20, APPLICANT),
        Column("reason", book.say("column.explanation"), 26, APPLICANT),
        Column("remark", book.say("column.remark"), 26, ASSESSOR),
    ]
    page = Page(book, role, book.say(f"sheet.{role}"), columns, book.say(f"hint.{role}"))
    page.head(frozen=3)
    first = page.row
    for name, definition in inputs.items():
        _write_input(page, programme, name, definition, values.get(name, Entry()))
        page.row += 1
    _register(page, first, [True] * len(inputs), [values.get(name) for name in inputs])
    page.end(key="title", text=book.say("end.list"))


def _write_input(page: Page, programme: Programme, name: str, definition: Input, entry: Entry) -> None:
    book, lang = page.book, page.book.lang
    kind, labels = kind_of(definition, name), labels_of(definition, programme, lang)
    page.mark(name)
    page.put("kind", kind, "hidden")
    page.put("title", definition.title.in_(lang), ".text")
    cells = [cell.text for cell in (entry.declared, entry.verified) if cell and cell.text != AS_DECLARED]
    unit = common_unit(cells) if kind == NUMBER else ""
    form = cell_form(kind)
    page.put("declared", book.stored(kind, entry.declared, labels, unit), f"{APPLICANT}.{form}")
    page.put("verified", book.stored(kind, entry.verified, labels, unit), f"{ASSESSOR}.{form}")
    page.put("unit", unit, f"{APPLICANT}.centre" if kind == NUMBER else ".centre")
    page.put("asked_unit", (shown_unit(definition.unit, programme, lang) if kind == NUMBER else "") or "—", ".centre")
    page.put("evidence", refs_text(entry.evidence), f"{APPLICANT}.text")
    page.put("reason", entry.reason, f"{APPLICANT}.text")
    page.put("remark", entry.remark, f"{ASSESSOR}.text")
    check_value(page, "declared", definition, kind, labels, hint=_hint(book, definition, lang))
    check_value(page, "verified", definition, kind, labels, verified=True)
    if kind == NUMBER and (choices := unit_choices(definition.unit, programme, book.units)):
        page.choose("unit", choices, strict=False)
    notes = [book.say("hint.clause", clause=definition.clause)] if definition.clause else []
    notes += [definition.note.in_(lang)] if definition.note else []
    if definition.type is InputType.CODES:
        notes.append(_codes_hint(book, definition, programme))
    if notes:
        page.comment("title", "\n".join(notes))


def _hint(book: Book, definition: Input, lang: str) -> str:
    if definition.type is InputType.GRADE:
        return book.say("hint.grade")
    return definition.note.in_(lang) if definition.note else ""


def _codes_hint(book: Book, definition: Input, programme: Programme) -> str:
    titles = code_titles(definition, programme, book.lang).values()
    return book.say("hint.codes", codes="\n".join(titles))


# --- what cells take; tables use it too ---


def cell_form(kind: str) -> str:
    """The form of a cell by what it takes."""
    return {NUMBER: "number", "date": "date", "month": "centre"}.get(kind, "centre" if kind.startswith(LIST) else "text")


def check_value(
    page: Page, key: str, definition: Any, kind: str, labels: Labels | None, *, verified: bool = False, rows: int = 1, hint: str = ""
) -> None:
    """Let Excel refuse what a cell cannot take; a verified one also takes "as declared"."""
    book = page.book
    same = book.say("answer.as_declared")
    if kind.startswith(CODES):
        if labels is not None:
            book.list_source(kind.removeprefix(CODES), labels)
    elif labels is not None:
        source: str | list[str] = book.list_source(kind.removeprefix(LIST), labels)
        page.choose(key, source, strict=not verified, rows=rows, hint=hint or book.say("hint.choices"))
    elif kind == NUMBER:
        cell = page.cell(key)
        least = "" if definition.may_be_negative else f",{cell}>=0"
        also = f',{cell}="{same}"' if verified else ""
        words = f'LEFT(UPPER({cell}),2)="ND",LEFT({cell},3)="未检出"{also}'
        rule = {"validate": "custom", "value": f"=OR(AND(ISNUMBER({cell}){least}),{words})"}
        page.check(key, rule, "number" if definition.may_be_negative else "not_negative", rows=rows, hint=hint)
    elif kind == "date" and not verified:
        page.check(key, {"validate": "date", "criteria": ">=", "value": FIRST_DAY}, "date", rows=rows, hint=hint)
    elif kind == "month":
        page.choose(key, book.list_range(MONTHS_LIST, []), strict=False, rows=rows, hint=hint)
