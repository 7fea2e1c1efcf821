"""After the evaluation: the parts on conclusion, advice and references; signatures, and the annexes."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from reportlab.platypus import CondPageBreak, Flowable

from engine.assess.results import Attested, CriterionResult, Judged, Status
from engine.assess.standing import by_attestation
from engine.dossier.notes import Note
from engine.report.context import Context, figures_used
from engine.report.cover import outcome_text, rests_on
from engine.report.derivation import derivation
from engine.report.flow import Item, Para, Part, Place, Signatures, space, under_heading
from engine.report.style import AMBER, HEIGHT, MUTED, OUTCOME_COLOURS, OUTCOME_MARKS, RED, WIDTH
from engine.report.tables import Column, HeavyTable, Row
from engine.report.text import Rich, Span, spans_of
from engine.ruleset.schema import Scheme, Standard
from engine.texts import say

_UNCERTAINTY = "stability"
"""The key of the note on errors of measurement."""


def closing(context: Context) -> list[Flowable]:
    """Signatures and annexes."""
    return [*_signatures(context), *_annexes(context)]


# --- conclusion -------------------------------------------------------------------------------------------------------


def conclusion(context: Context) -> Part:
    """The conclusion in the official wording, its reasons, and how it came about."""
    lang, found = context.lang, context.assessment.determination
    colour = OUTCOME_COLOURS[found.outcome]
    verdict = (
        Span("", colour=colour, mark=OUTCOME_MARKS[found.outcome]),
        Span(say("report.conclusion.verdict", lang, outcome=outcome_text(context)), bold=True, colour=colour),
    )
    body: list[Flowable] = [Para(_pattern(context)), Para(verdict)]
    if found.reasons:
        body.append(Para(Span(say("report.conclusion.reasons", lang), bold=True), after=2))
        body += [Item(context.reason(reason), f"{i}.", after=2) for i, reason in enumerate(found.reasons, 1)]
        body.append(space(1))
    body += derivation(context)
    body.append(Para(say("report.cover.settled" if found.settled else "report.cover.open", lang) + say("report.full_stop", lang)))
    if found.provisional:
        text = rests_on(context) + say("report.cover.see_annex", lang) + say("report.conclusion.provisional", lang)
        body.append(Para(Span(text, colour=AMBER)))
    return say("report.conclusion.title", lang), body


def _pattern(context: Context) -> str:
    """The conclusion in the wording of the official template: vetoes, preconditions, score by dimension."""
    lang, made = context.lang, context.assessment
    scored = [d for d in made.dimensions if d.max and not d.not_applicable]
    by_dimension = context.listed(
        say("report.conclusion.dimension", lang, name=context.name(d.id), points=context.interval(d.contribution)) for d in scored
    )
    nothing = say("report.conclusion.nothing_scored", lang)
    score = say("report.conclusion.score", lang, score=context.score(), parts=by_dimension) if scored else nothing
    return say(
        "report.conclusion.pattern_verified" if context.verified else "report.conclusion.pattern_declared",
        lang,
        standard=context.programme.standard.title.in_(lang),
        vetoes=_vetoes(context),
        gates=_gates(context),
        score=score,
    )


def _vetoes(context: Context) -> str:
    lang = context.lang
    vetoes = [finding for finding in context.assessment.findings if finding.severity == "veto"]
    found = [finding.clause for finding in vetoes if not finding.open]
    if found:
        return say("report.conclusion.veto", lang, clauses=context.listed(dict.fromkeys(found)))
    if vetoes:
        return say("report.conclusion.veto_open", lang, clauses=context.listed(dict.fromkeys(finding.clause for finding in vetoes)))
    return say("report.conclusion.no_veto", lang)


def _gates(context: Context) -> str:
    lang, gates = context.lang, context.assessment.gates
    if not gates:
        return say("report.conclusion.no_gates", lang)
    parts = []
    for status, key in ((Status.NOT_MET, "gates_not_met"), (Status.UNDETERMINED, "gates_open")):
        names = [context.numbered(gate.id) for gate in gates if gate.status is status]
        if names:
            parts.append(say(f"report.conclusion.{key}", lang, gates=context.listed(names)))
    return say("report.overview.clause_separator", lang).join(parts) or say("report.conclusion.gates_met", lang)


# --- advice -----------------------------------------------------------------------------------------------------------


def not_met(context: Context) -> Part | None:
    """What is not met, to be put right."""
    return _open_items(context, Status.NOT_MET, "not_met", "not_met_intro")


def undetermined(context: Context) -> Part | None:
    """What is open, to be supplied."""
    settles = "undetermined_intro" if context.scored else "undetermined_intro_unscored"
    return _open_items(context, Status.UNDETERMINED, "undetermined", settles)


def _open_items(context: Context, status: Status, key: str, said: str) -> Part | None:
    lang = context.lang
    items = [item for item in context.with_status(status) if not context.idle(item.id)]
    if not items:
        return None
    return say(f"report.advice.{key}", lang), [Para(say(f"report.advice.{said}", lang)), _items(context, items), space(2)]


def advice(context: Context) -> list[Part]:
    """The notes of advice, without the one on errors of measurement."""
    return [(note.title, _note(context, note)) for note in context.notes if note.key != _UNCERTAINTY]


def uncertainty(context: Context) -> list[Part]:
    """What errors of measurement would change, where advice was asked for."""
    return [(note.title, _note(context, note)) for note in context.notes if note.key == _UNCERTAINTY]


def _note(context: Context, note: Note) -> list[Flowable]:
    """One part of the advice: its lines, then its table."""
    body: list[Flowable] = [Para(text, after=2) for text in note.lines]
    if note.rows:
        whole = sum(head.width for head in note.heads)
        columns = [Column(head.title, WIDTH * head.width / whole, "right" if head.right else "left") for head in note.heads]
        body.append(HeavyTable(columns, [Row(row) for row in note.rows]))
    if note.more:
        body.append(space(1))
        body.append(Para(Span(say("advise.outlook.more_rows", context.lang, count=note.more), colour=MUTED)))
    return [*body, space(2)]


def _items(context: Context, items: Iterable[Judged]) -> Flowable:
    lang = context.lang
    points_width = 70.0 if context.scored else 0.0
    columns = [
        Column(say("report.table.number", lang), 46),
        Column(say("report.advice.item", lang), 150),
        Column(say("report.advice.why", lang), WIDTH - 46 - 150 - points_width),
        *([Column(say("report.advice.points", lang), points_width, "right")] if context.scored else []),
    ]
    rows = []
    for item in items:
        points = say("report.advice.gate", lang)
        if isinstance(item, CriterionResult):
            points = f"{context.earned(item)} / {context.worth(item)}" if item.max else "—"
        cells = (context.link(item.id, item.number), Span(context.name(item.id), bold=True), context.reason(item.reason))
        rows.append(Row((*cells, points) if context.scored else cells))
    return HeavyTable(columns, rows)


# --- references -------------------------------------------------------------------------------------------------------


def documents(context: Context) -> Part:
    """The standards and schemes that the evaluation goes by."""
    lang, programme = context.lang, context.programme
    texts: tuple[Standard | Scheme, ...] = (programme.standard, *(part.standard for part in programme.parts), programme.scheme)
    named = dict.fromkeys(text.document for text in texts)
    titles = {text.document: text.title.in_(lang) for text in texts}
    listed: list[Flowable] = [
        Item(titles[document] if document in titles[document] else f"{titles[document]}　{document}", f"[{i}]", after=2)
        for i, document in enumerate(named, 1)
    ]
    return say("report.references.documents", lang), listed


def evidence(context: Context) -> Part:
    """The list of documents that prove what the dossier says."""
    lang, title = context.lang, say("report.references.evidence", context.lang)
    if not context.dossier.evidence:
        return title, [Para(say("report.references.no_evidence", lang))]
    return title, [Para(say("report.references.evidence_intro", lang, date=context.assessment.as_of)), _evidence(context), space(2)]


def _evidence(context: Context) -> Flowable:
    lang = context.lang
    columns = [
        Column(say("report.references.id", lang), 36),
        Column(say("report.references.name", lang), WIDTH - 36 - 92 - 78 - 58 - 58 - 46),
        Column(say("report.references.number", lang), 92),
        Column(say("report.references.issuer", lang), 78),
        Column(say("report.references.issued", lang), 58),
        Column(say("report.references.valid_until", lang), 58),
        Column(say("report.references.counted", lang), 46),
    ]
    counted = {used.id: used.counted for item in context.assessment.judged for used in item.evidence}
    rows = []
    for item in context.dossier.evidence:
        state = {True: "counted_yes", False: "counted_no", None: "unused"}[counted.get(item.id)]
        cell = Span(say(f"report.references.{state}", lang), bold=state == "counted_no", colour=RED if state == "counted_no" else MUTED)
        rows.append(Row((item.id, item.title, item.number, item.issuer, item.issued or "—", item.valid_until or "—", cell)))
    return HeavyTable(columns, rows)


# --- signatures -------------------------------------------------------------------------------------------------------


def _signatures(context: Context) -> list[Flowable]:
    lang, assessor = context.lang, context.dossier.assessor
    if context.verified:
        places = [
            Place(say("report.signatures.lead", lang), assessor.lead, "assessor"),
            Place(say("report.signatures.members", lang), assessor.members),
            Place(say("report.signatures.reviewer", lang), assessor.reviewer, "reviewer"),
            Place(say("report.signatures.approver", lang)),
        ]
    else:
        places = [Place(say("report.signatures.responsible", lang)), Place(say("report.signatures.approver", lang))]
    places.append(Place(say("report.commitment.date", lang)))
    block = Signatures(places, say("report.commitment.seal", lang), "body" if context.verified else "")
    return under_heading(say("report.signatures.title", lang), 1, [block])


# --- annexes ----------------------------------------------------------------------------------------------------------


def _annexes(context: Context) -> list[Flowable]:
    flowables: list[Flowable] = []
    if context.assessment.unattested:
        flowables += _unattested(context)
    if context.assessment.attested:
        flowables += _attested(context)
    if context.assessment.problems:
        flowables += _problems(context)
    return [CondPageBreak(HEIGHT / 2), *flowables] if flowables else []


def _unattested(context: Context) -> list[Flowable]:
    """Every figure that nobody attested, by the criterion that rests on it; its document where that is not the standard."""
    lang, made = context.lang, context.assessment
    sources = figures_used(made)
    by_item: dict[str, list[Rich]] = {}
    for entry in made.unattested:
        figure = sources.get((entry.criterion, entry.figure))
        text = context.figure(figure) if figure else weight_text(context, entry.criterion, entry.figure, entry.basis)
        other = figure.document if figure and figure.document != context.programme.standard.document else ""
        expired = say("report.annex.expired", lang, day=entry.expired) if entry.expired else ""
        by_item.setdefault(entry.criterion, []).append((Span(text + expired), Span(f"　{other}" if other else "", colour=MUTED)))
    columns = [Column(say("report.annex.item", lang), 170), Column(say("report.annex.figures", lang), WIDTH - 170)]
    rows = [
        Row((Span(context.numbered(item) if item else say("report.annex.whole", lang), bold=True), _lines(texts)))
        for item, texts in by_item.items()
    ]
    intro = rests_on(context) + say("report.annex.unattested_intro", lang, document=context.programme.standard.document)
    return under_heading(say("report.annex.unattested", lang), 1, [Para(intro), HeavyTable(columns, rows), space(2)])


def _attested(context: Context) -> list[Flowable]:
    """Every act of checking that this result rests on: who, against what, when and for how long, and which figures."""
    lang, by = context.lang, 130
    columns = [
        Column(say("report.annex.attested_by", lang), by),
        Column(say("report.annex.attested_document", lang), by),
        Column(say("report.annex.figures", lang), WIDTH - 2 * by),
    ]
    names = {found.key: _attested_name(context, found) for found in context.assessment.attested}
    rows: list[Row] = []
    for made, keys in by_attestation(context.assessment.attested).items():
        key = "report.annex.attested_until" if made.until else "report.annex.attested_on"
        day = say(key, lang, on=made.on, until=made.until) if made.until else say(key, lang, on=made.on)
        who: Rich = (Span(f"{made.organisation}　{made.by}"), Span(f"\n{day}", colour=MUTED))
        rows.append(Row((who, f"{made.document}　{made.page}".strip(), context.listed(names[key] for key in keys))))
    intro = Para(say("report.annex.attested_intro", lang))
    return under_heading(say("report.annex.attested", lang), 1, [intro, HeavyTable(columns, rows), space(2)])


def _attested_name(context: Context, found: Attested) -> str:
    name = context.figure_name(found.figure)
    return f"{context.numbered(found.criterion)} {name}" if found.criterion and ":" in found.key else name


def _lines(texts: Sequence[Rich]) -> Rich:
    """Several texts in one cell, each on a line of its own."""
    spans: list[Span] = []
    for text in texts:
        spans += [Span("\n")] if spans else []
        spans += spans_of(text)
    return tuple(spans)


def weight_text(context: Context, item: str, name: str, basis: str) -> str:
    """A figure that no criterion holds: the weight of a dimension."""
    found = next((d.weight for d in context.assessment.dimensions if d.id == item), None)
    value = "—" if found is None else context.number(found)
    return say("report.figure_text", context.lang, name=context.figure_name(name), value=value, basis=context.basis(basis))


def _problems(context: Context) -> list[Flowable]:
    lang = context.lang
    columns = [
        Column(say("report.annex.where", lang), 130),
        Column(say("report.annex.problem", lang), WIDTH - 130),
    ]
    rows: list[Row] = []
    for problem in context.assessment.problems:
        what: Rich = (Span(problem.what(lang)), Span(f"\n{problem.fix(lang)}", colour=MUTED))
        rows.append(Row((Span(str(problem.where.short()) or "—", colour=MUTED), what)))
    return under_heading(say("report.annex.problems", lang), 1, [Para(say("report.annex.problems_intro", lang)), HeavyTable(columns, rows)])
