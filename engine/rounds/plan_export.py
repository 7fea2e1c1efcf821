"""The progress of a plan as it is sent out: the content of its report, plain data, a workbook, and each of these as a file."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from fractions import Fraction
from typing import Any

from engine.dossier.workbook_sheet import Book
from engine.language import to_json_number
from engine.problems import Problem
from engine.report.plan_progress import PlanProgress, progress_bytes
from engine.report.scored_cells import Head, Value, add_sheet, printed, text, whole
from engine.rounds.csv_text import Number, csv_bytes
from engine.rounds.plan.content import place_name, plan_content, plan_plain, sheet_rows, shown
from engine.rounds.plan.measures import COLUMNS, column_head
from engine.rounds.plan.schema import Plan
from engine.rounds.plan.tally import Measured
from engine.rounds.plan_store import PlanView
from engine.texts import say

PLAN_FORMS = (".pdf", ".xlsx", ".json")
"""The suffixes of the files that can be written."""
_Row = tuple[str | Fraction | int | Value | None, ...]
_WIDTHS = {
    "targets": (44, 14, 8, 12, 12, 12, 12, 12, 12, 26),
    "entries": (36, 14, 10, 12, 12, 24, 30, 14),
    "certificates": (24, 36, 14, 14, 10),
    "nearest": (18, 36, 14, 14, 10, 14, 10, 10),
}


def view_content(view: PlanView, lang: str, most: int | None = None) -> PlanProgress:
    """What report and terminal say of a plan's progress, with what was counted for it."""
    counts = {"certificates": len(view.certified), "entries": len(view.measured), "day": view.day}
    basis = say("plan.report.basis", lang, **counts)
    if view.withdrawn:
        basis += say("plan.report.basis_withdrawn", lang, count=view.withdrawn)
    if view.round:
        basis += say("plan.report.basis_round", lang, round=view.round)
    return plan_content(view.progress, view.nearest, lang, basis=basis, most=most)


def view_plain(view: PlanView) -> dict[str, Any]:
    """The progress as plain data for JSON, with every certificate and value that was counted: numbers as decimal texts."""
    return {
        **plan_plain(view.progress, view.nearest),
        "day": view.day,
        "round": view.round or None,
        "withdrawn": view.withdrawn,
        "certificates": [
            {"number": one.number, "kind": one.kind, "name": one.name, "district": one.district, "year": one.year, "quarter": one.quarter}
            for one in view.certified
        ],
        "entries": [
            {
                "measure": one.measure,
                "place": one.place,
                "year": one.year,
                "quarter": one.quarter,
                "value": to_json_number(one.value),
                "item": one.item,
                "source": one.source,
                "by": one.by,
            }
            for one in view.measured
        ],
    }


def view_workbook(view: PlanView, lang: str) -> bytes:
    """The workbook's bytes, the same for the same content: targets with the districts, entries, certificates, the nearest to passing."""
    file = Book(lang, say("plan.report.title", lang), {})
    heads, *targets = sheet_rows(view.progress, lang)
    _sheet(file, "targets", [str(head) for head in heads], targets)
    for role, columns, rows in (
        ("entries", ("measure", "place", "when", "value", "unit", "item", "source", "by"), _entries(view, lang)),
        ("certificates", ("certificate", "holder", "kind", "place", "when"), _certificates(view, lang)),
        ("nearest", ("number", "applicant", "kind", "place", "score", "goal", "lacking", "barred"), _nearest(view, lang)),
    ):
        _sheet(file, role, [say(f"plan.column.{key}", lang) for key in columns], rows)
    return file.content()


def _entries(view: PlanView, lang: str) -> Iterable[_Row]:
    plan = view.progress.plan
    for one in view.measured:
        measure = plan.measure_of[one.measure]
        head = measure.title.in_(lang), place_name(plan, one.place, lang), one.when
        yield (*head, printed(to_json_number(one.value)), measure.unit.in_(lang), one.item, one.source, one.by)


def _certificates(view: PlanView, lang: str) -> Iterable[_Row]:
    for one in view.certified:
        where = place_name(view.progress.plan, one.district, lang)
        yield one.number, one.name, say(f"statuses.subject.{one.kind}", lang), where, f"{one.year}Q{one.quarter}"


def _nearest(view: PlanView, lang: str) -> Iterable[_Row]:
    for one in view.nearest:
        where = place_name(view.progress.plan, one.district, lang)
        head = one.number, one.name, say(f"statuses.subject.{one.kind}", lang), where
        yield (*head, one.low, one.goal, one.lacking, len(one.barred))


def measures_bytes(values: Iterable[Measured], plan: Plan, lang: str) -> bytes:
    """Values as a csv file of the form in which they are entered."""
    rows = []
    for one in values:
        measure = plan.measure_of[one.measure]
        when = Number(str(one.year)), Number(str(one.quarter or ""))
        head = measure.title.in_(lang), place_name(plan, one.place, lang), *when, Number(to_json_number(one.value))
        rows.append((*head, measure.unit.in_(lang), one.item, one.source, one.by))
    return csv_bytes([column_head(column, lang) for column in COLUMNS], rows)


def _sheet(file: Book, role: str, titles: Sequence[str], rows: Iterable[_Row]) -> None:
    heads = [Head(str(i), title, width) for i, (title, width) in enumerate(zip(titles, _WIDTHS[role], strict=True))]
    cells = ({str(i): _cell(value) for i, value in enumerate(row)} for row in rows)
    add_sheet(file, role, say("plan.sheet.hint", file.lang), heads, cells, say(f"plan.sheet.title_{role}", file.lang))


def _cell(value: str | Fraction | int | Value | None) -> Value:
    """A cell by what it holds; years and counts are whole."""
    if isinstance(value, Value):
        return value
    if isinstance(value, str):
        return text(value)
    return whole(value) if isinstance(value, int) else printed(shown(value))


def view_bytes(view: PlanView, form: str, lang: str, most: int | None = None) -> tuple[bytes, list[Problem]]:
    """A file of one of the :data:`PLAN_FORMS`, and a warning for each character that the fonts lack."""
    if form == ".pdf":
        return progress_bytes(view_content(view, lang, most), lang)
    if form == ".xlsx":
        return view_workbook(view, lang), []
    return f"{json.dumps(view_plain(view), ensure_ascii=False, indent=1)}\n".encode(), []
