"""Section 3, second half: indicators with formula and inputs, and the findings of the rules."""

from __future__ import annotations

import re

from engine.assess.results import Finding, IndicatorResult, Shown
from engine.assess.sentences import because_sentences, finding_sentence
from engine.report.context import Context
from engine.report.flow import Para, Part, space
from engine.report.formula import is_exact, working
from engine.report.style import AMBER, MUTED, SEVERITY_COLOURS, SEVERITY_MARKS, WIDTH
from engine.report.tables import GAP, Column, HeavyTable, Row
from engine.report.text import Rich, Span
from engine.texts import say

_NAME = re.compile(r"[a-z][a-z0-9_.]*")
"""What may be the name of an element in the text of a fact."""


def indicators(context: Context) -> Part | None:
    """Each indicator: its formula, what went into it, and what came out."""
    lang = context.lang
    if not context.assessment.indicators:
        return None
    columns = [
        Column(say("report.indicators.name", lang), WIDTH - 110 - 12 - 150),
        Column(say("report.indicators.value", lang), 110, "right"),
        Column("", 12),
        Column(say("report.indicators.entered", lang), 150),
    ]
    rows: list[Row] = []
    for indicator in context.assessment.indicators:
        rows += _indicator_rows(context, indicator)
    intro = Para(say("report.indicators.intro", lang))
    return say("report.indicators.title", lang), [intro, HeavyTable(columns, rows), space(2)]


def _indicator_rows(context: Context, result: IndicatorResult) -> list[Row]:
    lang = context.lang
    clause = say("report.indicators.clause", lang, clause=result.clause) if result.clause else ""
    title: Rich = (Span(f"{result.number} {context.name(result.id)}".strip(), bold=True), Span(f"　{clause}", colour=MUTED))
    rows = [Row((title,), kind="group", spans=(4,), anchor=result.id, figure=working(context, result, WIDTH - GAP))]
    for name, value in result.inputs:
        rows.append(Row((context.operand(name), _value(context, value), "", Span(value.entered, colour=MUTED))))
    rows.append(Row((say("report.indicators.result", lang), context.shown(result.value), "", _beside(context, result)), kind="subtotal"))
    return rows


def _value(context: Context, value: Shown) -> Rich:
    if value.value is None:
        return Span(say("report.indicators.missing", context.lang), colour=AMBER)
    return context.shown(value)


def _beside(context: Context, result: IndicatorResult) -> Rich:
    """Why there is no value, or what was declared where verification changed it."""
    if result.reason is not None:
        return Span(context.reason(result.reason), colour=AMBER)
    if result.declared is not None and result.verified is not None and result.declared.value != result.verified.value:
        other = result.declared if context.verified else result.verified
        key = "report.indicators.declared_was" if context.verified else "report.indicators.verified_was"
        return Span(say(key, context.lang, value=context.shown(other)), colour=MUTED)
    return "" if is_exact(result.value) else Span(say("report.indicators.rounded", context.lang), colour=MUTED)


def findings(context: Context) -> Part:
    """What the rules concluded, each with the facts it came from."""
    lang = context.lang
    heading = say("report.findings.title", lang)
    if not context.assessment.findings:
        return heading, [Para(say("report.findings.none", lang))]
    columns = [
        Column(say("report.findings.severity", lang), 92),
        Column(say("report.findings.clause", lang), 62),
        Column(say("report.findings.text", lang), WIDTH - 92 - 62),
    ]
    rows = [_finding_row(context, finding) for finding in context.assessment.findings]
    return heading, [Para(say("report.findings.intro", lang)), HeavyTable(columns, rows), space(2)]


def _finding_row(context: Context, finding: Finding) -> Row:
    lang = context.lang
    colour = AMBER if finding.open else SEVERITY_COLOURS.get(finding.severity, MUTED)
    mark = "undetermined" if finding.open else SEVERITY_MARKS.get(finding.severity, "")
    word = context.word(f"severity.{finding.severity}")
    if finding.open:
        word = say("report.findings.open", lang, severity=word)
    cell = (*([Span("", colour=colour, mark=mark)] if mark else []), Span(word, bold=True, colour=colour))
    because = context.listed(because_sentences(finding, context.programme, lang))
    below = (Span(say("report.findings.because", lang, facts=because), colour=MUTED), *_items(context, finding)) if because else ""
    return Row((cell, finding.clause, finding_sentence(finding, context.programme, lang)), below=below, below_from=2)


def _items(context: Context, finding: Finding) -> list[Span]:
    """Links to the items that the facts of a finding speak of."""
    named = dict.fromkeys(name for fact in finding.facts for name in _NAME.findall(fact.text) if name in context.places)
    spans: list[Span] = []
    for name in named:
        spans.append(
            Span(
                "　" + say("report.findings.see", context.lang) + " " if not spans else say("report.list_separator", context.lang),
                colour=MUTED,
            )
        )
        spans.append(context.link(name))
    return spans
