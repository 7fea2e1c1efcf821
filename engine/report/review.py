"""What the official structures ask for beside the scores: vetoes, verification of the data, standing, practices, qualification."""

from __future__ import annotations

from collections import Counter

from engine.assess.results import CriterionResult, Judged, Status
from engine.assess.sentences import because_sentences
from engine.report.context import Context
from engine.report.flow import Item, Para, Part, space
from engine.report.style import ACCENT, AMBER, MUTED, RED, WIDTH
from engine.report.tables import Column, HeavyTable, Row
from engine.report.text import Rich, Span
from engine.texts import say

_STATUSES = (Status.MET, Status.SCORED, Status.NOT_MET, Status.UNDETERMINED, Status.NOT_APPLICABLE)
_MOST_PRACTICES = 12
_BLANK_ROWS = 3
"""Lines for documents that the third party fills in by hand."""


def vetoes(context: Context) -> Part:
    """Every veto that the rules know, with whether it applies."""
    lang = context.lang
    title = say("report.vetoes.title", lang)
    rules = [rule for rule in context.programme.rules if rule.then.veto]
    if not rules:
        return title, [Para(say("report.vetoes.none", lang))]
    columns = [
        Column(say("report.vetoes.clause", lang), 80),
        Column(say("report.vetoes.text", lang), WIDTH - 80 - 90),
        Column(say("report.vetoes.result", lang), 90),
    ]
    found = {finding.rule: finding for finding in context.assessment.findings if finding.severity == "veto"}
    rows = []
    for rule in rules:
        finding = found.get(rule.rule)
        state, mark, colour = ("absent", "met", ACCENT) if finding is None else ("open", "undetermined", AMBER)
        if finding is not None and not finding.open:
            state, mark, colour = "present", "not_met", RED
        because = context.listed(because_sentences(finding, context.programme, lang)) if finding else ""
        word = (Span("", colour=colour, mark=mark), Span(say(f"report.vetoes.{state}", lang), bold=True, colour=colour))
        below = Span(say("report.findings.because", lang, facts=because), colour=MUTED) if because else ""
        rows.append(Row((rule.clause, rule.text.in_(lang), word), below=below, below_from=1))
    return title, [Para(say("report.vetoes.intro", lang)), HeavyTable(columns, rows), space(2)]


def verification(context: Context) -> Part:
    """What the third party checked the data for: sources, scope and method, consistency, and what the self-evaluation got wrong."""
    lang, made, dossier = context.lang, context.assessment, context.dossier
    used = {one.id: one.counted for item in made.judged for one in item.evidence}
    documents = say(
        "report.verification.evidence",
        lang,
        count=len(dossier.evidence),
        counted=sum(used.values()),
        expired=sum(not counted for counted in used.values()),
        unused=sum(item.id not in used for item in dossier.evidence),
        date=made.as_of,
    )
    effects = [criterion.effect or 0 for criterion in made.criteria if criterion.effect is not None and _changed(criterion)]
    changed = say(
        "report.verification.changed" if context.scored else "report.verification.changed_values",
        lang,
        count=len(effects),
        down=sum(effect < 0 for effect in effects),
        up=sum(effect > 0 for effect in effects),
    )
    scope = say("report.verification.scope", lang, year=dossier.year or "—", indicators=len(made.indicators))
    said = {
        "evidence": documents,
        "scope": scope,
        "checks": say("report.verification.checks", lang, count=len(made.checks)),
        "changed": changed,
    }
    items = [Item((Span(say(f"report.verification.{name}_name", lang) + "　", bold=True), Span(text))) for name, text in said.items()]
    return say("report.verification.title", lang), [*items, space(1)]


def _changed(criterion: CriterionResult) -> bool:
    declared, verified = criterion.declared, criterion.verified
    return bool(criterion.effect) or (declared is not None and verified is not None and declared.value != verified.value)


def standing(context: Context) -> Part | None:
    """How many items of every dimension stand how."""
    lang, made = context.lang, context.assessment
    groups: list[tuple[str, list[Judged]]] = [(say("report.standing.gates", lang), list(made.gates))]
    groups += [(context.numbered(d.id), [c for c in made.criteria if c.dimension == d.id]) for d in made.dimensions]
    shown = [status for status in _STATUSES if any(item.status is status for item in made.judged)]
    if not shown:
        return None
    width = 72.0
    columns = [
        Column(say("report.standing.dimension", lang), WIDTH - width * (len(shown) + context.scored)),
        *(Column(context.word(status.value), width, "right") for status in shown),
        *([Column(say("report.table.points", lang), width, "right")] if context.scored else []),
    ]
    earned = {d.id: context.interval(d.contribution) for d in made.dimensions if d.max and not d.not_applicable}
    keys = ["", *(dimension.id for dimension in made.dimensions)]
    rows = []
    for key, (name, items) in zip(keys, groups, strict=True):
        if items:
            counts = Counter(item.status for item in items)
            numbers = tuple(str(counts[status]) if counts[status] else Span("—", colour=MUTED) for status in shown)
            rows.append(Row((name, *numbers, *([earned.get(key, "—")] if context.scored else []))))
    return say("report.standing.title", lang), [HeavyTable(columns, rows), space(2)]


def practices(context: Context) -> Part | None:
    """What has been done in every dimension: requirements met, full points, references reached."""
    lang = context.lang
    rows = []
    for dimension in context.assessment.dimensions:
        done = [c for c in context.assessment.criteria if c.dimension == dimension.id and _done(c)]
        if done:
            names = context.listed(context.name(c.id) for c in done[:_MOST_PRACTICES])
            more = say("report.practices.more", lang, count=len(done)) if len(done) > _MOST_PRACTICES else ""
            rows.append(Row((Span(context.numbered(dimension.id), bold=True), names + more)))
    if not rows:
        return None
    columns = [Column(say("report.standing.dimension", lang), 110), Column(say("report.practices.title", lang), WIDTH - 110)]
    return say("report.practices.title", lang), [Para(say("report.practices.intro", lang)), HeavyTable(columns, rows), space(2)]


def _done(criterion: CriterionResult) -> bool:
    if criterion.status is Status.SCORED:
        return bool(criterion.max) and criterion.points.low >= criterion.max
    return criterion.status is Status.MET


def highlights(context: Context) -> Part | None:
    """The highlights in full, as the dossier tells them."""
    text = context.dossier.highlights
    return (say("report.highlights.title", context.lang), [Para(text)]) if text else None


def qualification(context: Context) -> Part:
    """The documents that prove what the third party may do, partly to be filled in by hand."""
    lang = context.lang
    columns = [
        Column(say("report.qualification.document", lang), WIDTH - 150 - 80 - 50),
        Column(say("report.qualification.number", lang), 150),
        Column(say("report.qualification.until", lang), 80),
        Column(say("report.qualification.page", lang), 50),
    ]
    licence: tuple[Rich, ...] = (say("report.qualification.licence", lang), context.dossier.assessor.credit_code, "", "")
    rows = [Row(licence), *(Row(("", "", "", "")) for _ in range(_BLANK_ROWS))]
    return say("report.qualification.title", lang), [Para(say("report.qualification.intro", lang)), HeavyTable(columns, rows), space(2)]
