"""What decided the determination: the line of the scheme's table that holds, and the items it speaks of down to their figures."""

from __future__ import annotations

from collections.abc import Iterator

from reportlab.platypus import Flowable

from engine.assess.describe import Explanation
from engine.assess.determine import LineRead, lines_read
from engine.assess.explain import explain
from engine.assess.sentences import because_sentences, finding_sentence
from engine.report.context import Context
from engine.report.flow import Item, Para, space
from engine.report.style import MUTED
from engine.report.text import Span
from engine.texts import say

ITEMS = 6
"""So many of the items that decided are derived here; the score sheet has all of them."""
_LINES = 3


def derivation(context: Context) -> list[Flowable]:
    """The derivation of the determination in a few lines; nothing where no line of the table holds."""
    lines = lines_read(context.assessment, context.programme)
    at = next((i for i, line in enumerate(lines) if line.decides), None)
    if at is None:
        return []
    lang, line = context.lang, lines[at]
    names = list(dict.fromkeys(name for asked in line.asked if asked.now for name in asked.names))
    parts: list[Flowable] = [
        Para(Span(say("report.derivation.title", lang), bold=True), after=2),
        Item(say("report.derivation.line" if at else "report.derivation.first", lang, **_line(context, line), number=at + 1), after=2),
    ]
    parts += [Item(_derived(context, name), after=2, most=_LINES) for name in names[:ITEMS]]
    if len(names) > ITEMS:
        parts.append(
            Item(
                Span(
                    say("report.derivation.more", lang, count=len(names) - ITEMS, section=context.section_of("score_sheet")), colour=MUTED
                ),
                after=2,
            )
        )
    return [*parts, space(1)]


def _line(context: Context, line: LineRead) -> dict[str, str]:
    holding = (say(f"explain.condition.{asked.condition}", context.lang) for asked in line.asked if asked.now)
    return {"outcome": say(f"statuses.outcome.{line.outcome}", context.lang), "conditions": context.listed(holding)}


def _derived(context: Context, name: str) -> str:
    """One item that decided: its verdict in words, and its calculation in numbers where it has one; a finding with its facts."""
    lang, made = context.lang, context.assessment
    finding = next((found for found in made.findings if found.rule == name), None)
    if finding is not None:
        facts = context.listed(because_sentences(finding, context.programme, lang))
        return say("report.derivation.finding", lang, text=finding_sentence(finding, context.programme, lang), facts=facts)
    judged = next((item for item in made.judged if item.id == name), None)
    if judged is None:  # a year
        return context.name(name)
    said = {"name": context.numbered(name), "clause": judged.clause, "reason": context.reason(judged.reason)}
    tree = explain(made, context.programme, context.dossier, name, lang)
    label = say("explain.label.numbers", lang)
    numbers = next((step.text for step in _steps(tree) if step.label == label), "")
    return say("report.derivation.item_numbers" if numbers else "report.derivation.item", lang, **said, numbers=numbers)


def _steps(root: Explanation) -> Iterator[Explanation]:
    yield root
    for child in root.children:
        yield from _steps(child)
