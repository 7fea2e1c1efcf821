"""The scored workbook: the result of an assessment as a spreadsheet, with the numbers of the report. It recounts nothing."""

from __future__ import annotations

from engine.assess.results import DimensionResult, LevelResult, YearResult
from engine.dossier.workbook_look import GREEN
from engine.dossier.workbook_notes import write_notes
from engine.dossier.workbook_sheet import Book, Column, Page
from engine.language import to_text
from engine.report.context import POINT_PLACES, Context, capitalised, score_places
from engine.report.cover import evidence_note, outcome_text, rests_on
from engine.report.scored_cells import Head, Row, Value, add_facts, add_section, add_table, ends, printed, text, whole
from engine.report.scored_provenance import provenance
from engine.report.scored_sheets import criteria, evidence, findings, gates, indicators, years
from engine.texts import say

_WIDTHS = (34, 22, 16, 16, 16, 16, 16, 16)


def scored_workbook(context: Context) -> bytes:
    """The workbook's bytes, the same for the same assessment; advice goes on a sheet of its own.

    Texts are texts: nothing that somebody typed becomes a formula, a link or a number.
    """
    book = Book(context.lang, f"{context.title} · {context.dossier.applicant.name or context.dossier.id}", {})
    _overview(book, context)
    for sheet in (gates, criteria, indicators, years, findings, evidence, provenance):
        sheet(book, context)
    if context.notes:
        write_notes(book, context.notes)
    return book.content()


# --- overview ---------------------------------------------------------------------------------------------------------


def _overview(book: Book, context: Context) -> None:
    lang, made = context.lang, context.assessment
    columns = [Column(f"c{i}", "", width) for i, width in enumerate(_WIDTHS)]
    page = Page(book, "overview", say("scored.sheet.overview", lang), columns, say("scored.hint.results", lang))
    page.sheet.set_tab_color(GREEN)
    page.sheet.fit_to_pages(1, 1)
    page.line(context.title, "title")
    add_facts(page, _about(context))
    add_section(page, say("scored.part.conclusion", lang))
    add_facts(page, _conclusion(context))
    for title, lines in _why(context):
        add_section(page, title)
        for line in lines:
            page.line(line, "plain")
    if made.score_max:
        add_section(page, say("report.dimensions.title", lang))
        add_table(page, _dimension_heads(context), [*(_dimension(context, found) for found in made.dimensions), _total(context)])
    if made.levels:
        add_section(page, say("report.levels.title", lang))
        add_table(page, _level_heads(context), [_level(context, level) for level in made.levels])
    if made.years:
        add_section(page, say("report.years.title", lang, count=len(made.years)))
        add_table(page, _year_heads(context), [_year(context, year) for year in made.years])


def _about(context: Context) -> list[tuple[str, Value]]:
    lang, dossier, made = context.lang, context.dossier, context.assessment
    facts = [
        ("scored.applicant", text(dossier.applicant.name)),
        ("report.cover.assessor", text(dossier.assessor.organisation)),
        ("report.cover.dossier", text(dossier.id)),
        ("report.cover.standard", text(context.programme.standard.title.in_(lang))),
        ("scored.scheme", text(context.programme.scheme.title.in_(lang))),
        ("report.cover.year", text(str(dossier.year or "—"))),
        ("report.cover.date", text(made.as_of)),
        ("scored.part.basis", text(say(f"report.table.{made.basis}", lang))),
    ]
    return [(say(key, lang), value) for key, value in facts if context.verified or key != "report.cover.assessor"]


def _conclusion(context: Context) -> list[tuple[str, Value]]:
    lang, made = context.lang, context.assessment
    found = made.determination
    side = {"eligible": "met", "scored": "scored", "incomplete": "undetermined"}.get(found.outcome, "not_met")
    facts = [(say("scored.part.conclusion", lang), text(outcome_text(context), side))]
    if made.score_max:
        low, high = ends(context, made.score, score_places(made.score, made.mark), "strong")
        full = say("scored.full_index" if context.is_index else "scored.full", lang)
        facts += [
            (say("scored.least", lang), low),
            (say("scored.most", lang), high),
            (full, printed(context.number(made.score_max))),
        ]
    if made.mark is not None:
        facts.append((capitalised(say("report.figure.mark", lang)), printed(context.number(made.mark))))
    return facts


def _why(context: Context) -> list[tuple[str, list[str]]]:
    """What page one of the report says beneath its card, whole."""
    lang, found = context.lang, context.assessment.determination
    reasons = [context.reason(reason) for reason in found.reasons] or [say("report.cover.no_reason", lang)]
    settled = say("report.cover.settled" if found.settled else "report.cover.open", lang)
    provisional = say("report.cover.provisional" if found.provisional else "report.cover.final", lang)
    parts = [
        (say("report.cover.why", lang), [f"· {line}" for line in (*reasons, settled, provisional)]),
        (say("report.cover.stability", lang), [f"· {context.stability}"] if context.stability else []),
        (say("report.cover.rests_on", lang), [f"· {line}" for line in (rests_on(context), evidence_note(context))]),
    ]
    return [part for part in parts if part[1]]


def _dimension_heads(context: Context) -> list[Head]:
    lang = context.lang
    reference = context.is_index
    keys = {
        "name": "report.dimensions.dimension",
        "weight": "report.dimensions.weight",
        "raw_low": "scored.column.raw_low",
        "raw_high": "scored.column.raw_high",
        "raw_max": "report.dimensions.raw_reference" if reference else "report.dimensions.raw_max",
        "low": "scored.column.low",
        "high": "scored.column.high",
        "max": "report.dimensions.reference" if reference else "report.dimensions.max",
    }
    return [Head(key, say(title, lang), 0) for key, title in keys.items()]


def _dimension(context: Context, dimension: DimensionResult) -> Row:
    none = printed("—")
    name = f"{dimension.number} {context.name(dimension.id)}".strip()
    scored = dimension.max != 0 and not dimension.not_applicable
    raw = ends(context, dimension.raw) if dimension.raw_max else (none, none)
    points = ends(context, dimension.contribution) if scored else (none, none)
    return {
        "name": text(name),
        "weight": none if dimension.weight is None else printed(context.number(dimension.weight)),
        "raw_low": raw[0],
        "raw_high": raw[1],
        "raw_max": printed(to_text(dimension.raw_max, POINT_PLACES)) if dimension.raw_max else none,
        "low": points[0],
        "high": points[1],
        "max": printed(to_text(dimension.max, POINT_PLACES)) if scored else none,
    }


def _total(context: Context) -> Row:
    made = context.assessment
    low, high = ends(context, made.score, score_places(made.score, made.mark), "strong")
    name = text(say("report.scores.total", context.lang), "strong")
    blank = {key: text("", "strong") for key in ("weight", "raw_low", "raw_high", "raw_max")}
    return {**blank, "name": name, "low": low, "high": high, "max": printed(to_text(made.score_max, POINT_PLACES), "strong")}


def _level_heads(context: Context) -> list[Head]:
    keys = {
        "level": "report.levels.level",
        "low": "scored.column.index_low",
        "high": "scored.column.index_high",
        "mark": "report.levels.takes",
        "holds": "report.levels.holds",
        "barred": "report.levels.limiting",
    }
    return [Head(key, say(title, context.lang), 0) for key, title in keys.items()]


def _level(context: Context, level: LevelResult) -> Row:
    low, high = ends(context, level.index, score_places(level.index, level.mark))
    status = "met" if level.reached else "undetermined" if level.possible else "not_met"
    return {
        "level": text(context.programme.tier_title(level.level, context.lang)),
        "low": low,
        "high": high,
        "mark": printed("—" if level.mark is None else context.number(level.mark)),
        "holds": text(context.word(status), status),
        "barred": text(context.listed(context.numbered(name) for name in (*level.barred_by, *level.open_by))),
    }


def _year_heads(context: Context) -> list[Head]:
    keys = {
        "year": "report.years.year",
        "low": "scored.column.low",
        "high": "scored.column.high",
        "capped_low": "scored.column.capped_low",
        "capped_high": "scored.column.capped_high",
        "complete": "report.years.complete",
        "lacking": "report.years.lacking",
    }
    return [Head(key, say(title, context.lang), 0) for key, title in keys.items()]


def _year(context: Context, year: YearResult) -> Row:
    mark = context.assessment.mark
    low, high = ends(context, year.score, score_places(year.score, mark))
    capped_low, capped_high = ends(context, year.capped, score_places(year.capped, mark))
    word = say("report.years.whole" if year.complete else "report.years.incomplete", context.lang)
    return {
        "year": whole(year.year),
        "low": low,
        "high": high,
        "capped_low": capped_low,
        "capped_high": capped_high,
        "complete": text(word, "met" if year.complete else "undetermined"),
        "lacking": text(context.listed(context.numbered(name) for name in year.lacking)),
    }
