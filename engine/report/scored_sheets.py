"""The sheets of the scored workbook that hold one row for each thing assessed: gates, criteria, indicators, years, findings, evidence."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from engine.assess.physics.words import check_advice, check_sentence
from engine.assess.results import CriterionResult, Finding, IndicatorResult, Judged, Shown, YearResult
from engine.assess.sentences import because_sentences, finding_sentence
from engine.dossier.schema import Evidence
from engine.dossier.workbook_sheet import Book
from engine.language import to_text
from engine.report.context import Context, common_places
from engine.report.scored_cells import BLANK, Head, Row, Value, add_sheet, day, ends, printed, shown, text, whole
from engine.texts import say

_VALUE, _UNIT, _POINTS = 16, 14, 13


def _heads(context: Context, columns: Sequence[tuple[str, str, float]]) -> list[Head]:
    return [Head(key, say(title, context.lang), width) for key, title, width in columns]


def _hint(context: Context, name: str = "results") -> str:
    return say(f"scored.hint.{name}", context.lang)


# --- gates and criteria -----------------------------------------------------------------------------------------------

_JUDGED = (
    ("number", "report.table.number", 10),
    ("clause", "scored.column.clause", 14),
)
_VALUES = (
    ("declared", "report.table.declared", _VALUE),
    ("declared_unit", "scored.column.declared_unit", _UNIT),
    ("verified", "report.table.verified", _VALUE),
    ("verified_unit", "scored.column.verified_unit", _UNIT),
    ("status", "report.table.status", 14),
)
_REASONS = (
    ("reason", "report.table.reason", 56),
    ("evidence", "report.table.evidence", 26),
    ("remark", "report.table.remark", 36),
)


def gates(book: Book, context: Context) -> None:
    """All preconditions, where there are any."""
    found = context.assessment.gates
    if not found:
        return
    title = ("title", "report.table.gate", 30)
    columns = (*_JUDGED, title, ("requirement", "scored.column.requirement", 52), *_VALUES, *_REASONS)
    add_sheet(book, "gates", _hint(context), _heads(context, columns), [_judged(context, gate) for gate in found])


def _judged(context: Context, result: Judged) -> dict[str, Value]:
    """What gates and criteria have in common."""
    demand = context.programme.criteria.get(result.id) or context.programme.gates.get(result.id)
    declared, declared_unit = shown(context, result.declared)
    verified, verified_unit = shown(context, result.verified)
    return {
        "number": text(result.number),
        "clause": text(result.clause),
        "title": text(context.name(result.id), "strong"),
        "requirement": text(demand.requirement.in_(context.lang) if demand else ""),
        "declared": declared,
        "declared_unit": declared_unit,
        "verified": verified,
        "verified_unit": verified_unit,
        "status": text(context.word(result.status.value), result.status.value),
        "reason": text(context.reason(result.reason)),
        "evidence": text(context.evidence(result.evidence)),
        "remark": text(result.remark),
    }


def criteria(book: Book, context: Context) -> None:
    """Every criterion, in the order of the standard."""
    made = context.assessment
    if not made.criteria:
        return
    points: tuple[tuple[str, str, float], ...] = ()
    if made.levels:
        points = (("max", "report.levels.weight", _POINTS), ("level", "report.levels.reached", _POINTS))
    elif context.scored:
        most = "report.table.at_reference" if context.is_index else "report.table.max"
        points = (("max", most, _POINTS), ("low", "scored.column.low", _POINTS), ("high", "scored.column.high", _POINTS))
    columns = (
        *_JUDGED,
        ("title", "scored.column.criterion", 32),
        ("dimension", "report.dimensions.dimension", 20),
        ("kind", "report.table.kind", 9),
        ("requirement", "scored.column.requirement", 52),
        *points,
        *_VALUES,
        ("limits", "report.table.limits", 24),
        *((("effect", "report.differences.effect", _POINTS),) if context.verified and context.scored else ()),
        *_REASONS,
    )
    places = common_places(criterion.max for criterion in made.criteria)
    rows = [_criterion(context, criterion, places) for criterion in made.criteria]
    add_sheet(book, "criteria", _hint(context), _heads(context, columns), rows)


def _criterion(context: Context, criterion: CriterionResult, places: int) -> Row:
    limits = context.listed(f"{context.limit_name(name)} {context.shown(value)}" for name, value in criterion.limits)
    row = _judged(context, criterion) | {
        "dimension": text(context.numbered(criterion.dimension)),
        "kind": text(context.word(f"kind.{criterion.kind}")),
        "max": printed(context.worth(criterion, places)),
        "limits": text(limits),
    }
    if criterion.id in context.programme.indexed:
        return row | {"level": text(context.earned(criterion), "strong")}
    low, high = ends(context, criterion.points, side="strong") if criterion.max else (BLANK, BLANK)
    effect = BLANK if criterion.effect is None or not criterion.max else printed(to_text(criterion.effect, 2))
    return row | {"low": low, "high": high, "effect": effect}


# --- indicators -------------------------------------------------------------------------------------------------------


def indicators(book: Book, context: Context) -> None:
    """Every indicator: its result, then the data that its formula takes."""
    found = context.assessment.indicators
    if not found:
        return
    columns = (
        ("number", "report.table.number", 10),
        ("clause", "scored.column.clause", 14),
        ("title", "scored.column.indicator", 30),
        ("datum", "scored.column.datum", 34),
        ("value", "report.indicators.value", _VALUE),
        ("unit", "scored.column.unit", _UNIT),
        ("entered", "report.indicators.entered", 22),
        *_VALUES[:-1],
        ("formula", "scored.column.formula", 56),
        ("reason", "report.table.reason", 46),
    )
    rows = [row for indicator in found for row in _indicator(context, indicator)]
    add_sheet(book, "indicators", _hint(context, "indicators"), _heads(context, columns), rows)


def _indicator(context: Context, result: IndicatorResult) -> Iterator[Row]:
    definition = context.programme.indicators.get(result.id)
    symbol = (definition.symbol if definition else None) or say("report.indicators.result", context.lang)
    about = {"number": text(result.number), "clause": text(result.clause), "title": text(context.name(result.id), "strong")}
    yield {
        **about,
        "datum": text(symbol, "strong"),
        **_pair(context, "value", "unit", result.value, "strong"),
        **_pair(context, "declared", "declared_unit", result.declared),
        **_pair(context, "verified", "verified_unit", result.verified),
        "formula": text(context.formula(result.formula)),
        "reason": text(context.reason(result.reason) if result.reason else ""),
    }
    for name, value in result.inputs:
        yield {**about, "datum": text(context.operand(name)), **_pair(context, "value", "unit", value), "entered": text(value.entered)}


def _pair(context: Context, key: str, unit_key: str, value: Shown | None, side: str = "") -> Row:
    found, unit = shown(context, value, side)
    return {key: found, unit_key: unit}


# --- years ------------------------------------------------------------------------------------------------------------


def years(book: Book, context: Context) -> None:
    """Every item that scores in every scored year, where there are several."""
    columns = (
        ("year", "report.years.year", 10),
        ("number", "report.table.number", 10),
        ("title", "report.years.item", 34),
        ("value", "report.indicators.value", _VALUE),
        ("unit", "scored.column.unit", _UNIT),
        ("max", "report.table.at_reference" if context.is_index else "report.table.max", _POINTS),
        ("low", "scored.column.low", _POINTS),
        ("high", "scored.column.high", _POINTS),
        ("status", "report.table.status", 14),
        ("reason", "report.table.reason", 56),
    )
    rows = [_of_year(context, year, result) for year in context.assessment.years for result in year.criteria if result.max]
    if rows:
        add_sheet(book, "years", _hint(context, "years"), _heads(context, columns), rows)


def _of_year(context: Context, year: YearResult, result: CriterionResult) -> Row:
    low, high = ends(context, result.points, side="strong")
    return {
        "year": whole(year.year),
        "number": text(result.number),
        "title": text(context.name(result.id), "strong"),
        **_pair(context, "value", "unit", result.verified if context.verified else result.declared),
        "max": printed(context.number(result.max)),
        "low": low,
        "high": high,
        "status": text(context.word(result.status.value), result.status.value),
        "reason": text(context.reason(result.reason)),
    }


# --- findings and checks ----------------------------------------------------------------------------------------------

_SIDES = {"veto": "not_met", "major": "not_met", "minor": "undetermined", "doubt": "undetermined"}


def findings(book: Book, context: Context) -> None:
    """What the rules concluded, then what the checks of the dossier found."""
    made, lang = context.assessment, context.lang
    rows: list[Row] = [_finding(context, finding) for finding in made.findings]
    for found in made.checks:
        side = _SIDES.get(found.severity, "")
        rows.append(
            {
                "severity": text(say(f"checks.severity.{found.severity}", lang), side),
                "text": text(check_sentence(found, context.programme, lang)),
                "facts": text(check_advice(found, context.programme, lang)),
            }
        )
    columns = (
        ("severity", "report.findings.severity", 22),
        ("clause", "report.findings.clause", 18),
        ("text", "report.findings.text", 80),
        ("facts", "scored.column.facts", 80),
    )
    hint = _hint(context) if rows else say("report.findings.none", lang)
    add_sheet(book, "findings", hint, _heads(context, columns), rows)


def _finding(context: Context, finding: Finding) -> Row:
    lang = context.lang
    word = context.word(f"severity.{finding.severity}")
    if finding.open:
        word = say("report.findings.open", lang, severity=word)
    return {
        "severity": text(word, "undetermined" if finding.open else _SIDES.get(finding.severity, "")),
        "clause": text(finding.clause),
        "text": text(finding_sentence(finding, context.programme, lang)),
        "facts": text(context.listed(because_sentences(finding, context.programme, lang))),
    }


# --- evidence ---------------------------------------------------------------------------------------------------------


def evidence(book: Book, context: Context) -> None:
    """Every document, whether it counted, and what it was brought for."""
    lang = context.lang
    columns = (
        ("id", "report.references.id", 10),
        ("name", "report.references.name", 44),
        ("number", "report.references.number", 26),
        ("issuer", "report.references.issuer", 26),
        ("issued", "report.references.issued", 13),
        ("valid_until", "report.references.valid_until", 13),
        ("counted", "report.references.counted", 11),
        ("used_by", "scored.column.used_by", 60),
    )
    rows = [_document(context, document) for document in context.dossier.evidence]
    key = "report.references.evidence_intro" if rows else "report.references.no_evidence"
    add_sheet(book, "evidence", say(key, lang, date=context.assessment.as_of), _heads(context, columns), rows)


def _document(context: Context, document: Evidence) -> Row:
    used = [(item, one) for item in context.assessment.judged for one in item.evidence if one.id == document.id]
    state, side = ("unused", "not_applicable") if not used else ("counted_yes", "") if used[-1][1].counted else ("counted_no", "not_met")
    return {
        "id": text(document.id),
        "name": text(document.title),
        "number": text(document.number),
        "issuer": text(document.issuer),
        "issued": day(document.issued),
        "valid_until": day(document.valid_until),
        "counted": text(say(f"report.references.{state}", context.lang), side),
        "used_by": text(context.listed(item.number + (f":{one.pages}" if one.pages else "") for item, one in used)),
    }
