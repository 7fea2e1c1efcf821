"""Section 3, last: statements of the dossier that do not go together."""

from __future__ import annotations

from engine.assess.physics.words import check_advice, check_sentence
from engine.assess.results import CheckResult
from engine.report.context import Context
from engine.report.flow import Para, Part, space
from engine.report.style import AMBER, MUTED, WIDTH
from engine.report.tables import Column, HeavyTable, Row
from engine.report.text import Span
from engine.texts import say


def checks(context: Context) -> Part | None:
    """What the checks of the dossier found, each with both cells and what to do; nothing where they found nothing."""
    lang = context.lang
    if not context.assessment.checks:
        return None
    columns = [Column(say("report.checks.severity", lang), 62), Column(say("report.checks.text", lang), WIDTH - 62)]
    rows = [_row(context, found) for found in context.assessment.checks]
    return say("report.checks.title", lang), [Para(say("report.checks.intro", lang)), HeavyTable(columns, rows), space(2)]


def _row(context: Context, found: CheckResult) -> Row:
    lang = context.lang
    doubtful = found.severity == "doubt"
    colour = AMBER if doubtful else MUTED
    word = say(f"checks.severity.{found.severity}", lang)
    mark = [Span("", colour=colour, mark="undetermined")] if doubtful else []
    advice = Span(check_advice(found, context.programme, lang), colour=MUTED)
    return Row(((*mark, Span(word, bold=True, colour=colour)), check_sentence(found, context.programme, lang)), below=advice, below_from=1)
