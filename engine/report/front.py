"""Before the evaluation itself: basic information and commitment; the parts on overview, process and method."""

from __future__ import annotations

from collections.abc import Sequence

from reportlab.platypus import Flowable, PageBreak

from engine.assess.membership import may_decide
from engine.assess.results import Status
from engine.dossier.check import HIGHLIGHTS_LENGTH
from engine.report.context import Context, capitalised
from engine.report.flow import Item, Para, Part, Place, Signatures, space, under_heading
from engine.report.style import AMBER, MUTED, STATUS_COLOURS, WIDTH
from engine.report.tables import Column, HeavyTable, Row
from engine.report.text import Rich, Span
from engine.report.years import years_line
from engine.texts import say

_NAME = {"zh": 84.0, "en": 100.0}
_LONG = frozenset({"name", "address", "products"})
_ASSESSOR = (
    "organisation", "address", "credit_code", "members", "legal_representative", "legal_representative_phone", "contact", "phone", "lead",
    "lead_phone", "reviewer", "reviewer_phone",
)  # fmt: skip


def front(context: Context) -> list[Flowable]:
    """Basic information and commitment, on pages of their own."""
    return [*_basic_information(context), *_commitment(context), PageBreak()]


# --- basic information ------------------------------------------------------------------------------------------------


def _basic_information(context: Context) -> list[Flowable]:
    lang = context.lang
    columns = [Column("", _NAME[lang]), Column("", WIDTH / 2 - _NAME[lang])] * 2
    applicant, assessor = context.dossier.applicant, context.dossier.assessor
    values = {name: getattr(applicant, name) for name in applicant.__dataclass_fields__}
    values["industry"] = _titled(context, "industries", applicant.industry, with_code=True)
    values["district"] = _titled(context, "districts", applicant.district, with_code=False)
    rows = [_group(say("report.basic.applicant_part", lang, kind=context.kind_name))]
    asked = context.form.applicant
    fields = (*asked, *(name for name in values if name not in asked and values[name]))
    rows += _pairs([(_label(context, name), values[name], name in _LONG) for name in fields])
    if context.verified:
        rows.append(_group(say("report.basic.assessor_part", lang)))
        rows += _pairs(
            [
                (say(f"report.basic.assessor.{name}", lang), getattr(assessor, name), name in ("organisation", "address", "members"))
                for name in _ASSESSOR
            ]
        )
    rows.append(_group(say("report.basic.result_part", lang)))
    rows += _pairs(
        [
            (say("report.basic.gates", lang), _gates_boxes(context), True),
            (say("report.years.scores" if context.assessment.years else "report.basic.score", lang), _score(context), True),
            (say("report.basic.highlights", lang), _highlights(context), True),
        ]
    )
    return under_heading(say("report.basic.title", lang), 1, [HeavyTable(columns, rows, head=False)])


def _label(context: Context, name: str) -> str:
    """What the form calls a field of the applicant."""
    own = context.form.labels.get(name)
    return own[context.lang] if own else say(f"report.basic.applicant.{name}", context.lang)


def _highlights(context: Context) -> Rich:
    """The highlights as far as the form has room for them; where they are cut, that is said."""
    text = context.dossier.highlights
    if len(text) <= HIGHLIGHTS_LENGTH:
        return text
    cut = say("report.basic.highlights_cut", context.lang, length=len(text), limit=HIGHLIGHTS_LENGTH)
    return (Span(text[:HIGHLIGHTS_LENGTH]), Span(cut, colour=AMBER))


def _score(context: Context) -> str:
    if levels := context.assessment.levels:
        level, end = context.listed(one.level for one in may_decide(levels)), context.number(context.assessment.score_max)
        return say("report.levels.score_text", context.lang, level=level, score=context.score(), max=end)
    most = context.assessment.score_max
    if not most:
        return say("report.basic.nothing_scored", context.lang)
    if context.assessment.years:
        return years_line(context)
    return say("report.basic.score_text", context.lang, score=context.score(), max=context.number(most))


def _titled(context: Context, table: str, code: str, *, with_code: bool) -> str:
    """A code by its name in a reference table, where the programme has one."""
    reference = context.programme.references.get(table)
    row = reference.find(code, context.assessment.as_of or "9999-12-31") if reference and code else None
    if row is None or row.title is None:
        return code
    title = row.title.in_(context.lang)
    return f"{code} {title}" if with_code else title


def _group(title: str) -> Row:
    return Row((title,), kind="group", spans=(4,))


def _pairs(fields: Sequence[tuple[str, Rich, bool]]) -> list[Row]:
    """Two fields in a row, a long one in a row of its own."""
    rows: list[Row] = []
    waiting: list[tuple[Rich, Rich]] = []

    def flush() -> None:
        if len(waiting) == 1:
            rows.append(Row(waiting[0], spans=(1, 3)))
        elif waiting:
            rows.append(Row((*waiting[0], *waiting[1])))
        waiting.clear()

    for name, value, long in fields:
        if long:
            flush()
        waiting.append((Span(name, colour=MUTED), value or Span("—", colour=MUTED)))
        if long or len(waiting) == 2:
            flush()
    flush()
    return rows


def _gates_boxes(context: Context) -> Rich:
    """Met or not met, ticked; while something is open, neither is."""
    if not context.assessment.gates:
        return say("report.conclusion.no_gates", context.lang)
    status = context.gates_status()
    spans: list[Span] = []
    for choice in (Status.MET, Status.NOT_MET):
        spans.append(Span("", mark="checked" if choice is status else "unchecked"))
        spans.append(Span(context.word(choice.value) + "　"))
    if status is Status.UNDETERMINED:
        spans += context.status(status)
    return tuple(spans)


# --- commitment -------------------------------------------------------------------------------------------------------


def _commitment(context: Context) -> list[Flowable]:
    lang = context.lang
    signer = context.dossier.assessor.organisation if context.verified else context.dossier.applicant.name
    text = say("report.commitment.verified" if context.verified else "report.commitment.declared", lang)
    places = [Place(say("report.commitment.signature", lang)), Place(say("report.commitment.date", lang))]
    body: list[Flowable] = [
        Para(text),
        Para(Span(signer, bold=True), after=0),
        Signatures(places, say("report.commitment.seal", lang)),
    ]
    return under_heading(say("report.commitment.title", lang), 2, body, whole=True)


# --- overview ---------------------------------------------------------------------------------------------------------


def overview(context: Context) -> Part:
    """Purpose, scope, criteria, and who is evaluated."""
    lang, dossier, programme = context.lang, context.dossier, context.programme
    applicant = dossier.applicant
    name = applicant.name or dossier.id
    by = "verified" if context.verified else "declared"
    purpose = say(f"report.overview.purpose_{by}", lang, name=name, kind=context.kind_name)
    scope = say("report.overview.scope", lang, name=name, year=dossier.year or "—", date=context.assessment.as_of)
    standard = programme.standard.title.in_(lang)
    criteria = say("report.overview.criteria", lang, standard=standard, scheme=programme.scheme.title.in_(lang))
    body: list[Flowable] = [
        _labelled(say("report.overview.purpose", lang), purpose),
        _labelled(say("report.overview.scope_name", lang), scope),
        _labelled(say("report.overview.criteria_name", lang), criteria),
        _labelled(say("report.overview.subject_name", lang), _subject(context)),
    ]
    return "", body


def _subject(context: Context) -> str:
    lang, applicant = context.lang, context.dossier.applicant
    parts = [
        say("report.overview.subject", lang, name=applicant.name or context.dossier.id),
        say("report.overview.address", lang, text=applicant.address) if applicant.address else "",
        say("report.overview.industry", lang, text=_titled(context, "industries", applicant.industry, with_code=True))
        if applicant.industry
        else "",
        say("report.overview.products", lang, text=applicant.products) if applicant.products else "",
    ]
    return say("report.overview.clause_separator", lang).join(part for part in parts if part) + say("report.full_stop", lang)


def _labelled(label: str, text: str) -> Para:
    return Para((Span(f"{label}　", bold=True), Span(text)))


# --- process and method -----------------------------------------------------------------------------------------------


def process(context: Context) -> Part:
    """What the third party did, by whom and when."""
    return say("report.process.title", context.lang), [_process(context), space(2)]


def method(context: Context) -> Part:
    """By what rules the evaluation goes."""
    return say("report.method.title", context.lang), [Item(text) for text in _principles(context)]


def policies(context: Context) -> Part | None:
    """The choices of the scheme that acted on this result."""
    lang = context.lang
    if not context.assessment.policies:
        return None
    return say("report.policies.title", lang), [Para(say("report.policies.intro", lang)), _policies(context), space(2)]


def identity(context: Context) -> Part:
    """By which versions this was computed, with their content hashes."""
    lang = context.lang
    return say("report.identity.title", lang), [Para(say("report.identity.intro", lang)), _identities(context)]


def _process(context: Context) -> Flowable:
    """The stages of the procedure; when and by whom they were done is filled in by hand where the dossier does not say."""
    lang, assessor = context.lang, context.dossier.assessor
    people = {
        "organisation": context.listed(name for name in (assessor.lead, assessor.members) if name),
        "documents": "",
        "site": "",
        "review": assessor.reviewer,
    }
    columns = [
        Column(say("report.process.stage", lang), 96),
        Column(say("report.process.content", lang), WIDTH - 96 - 104 - 64),
        Column(say("report.process.people", lang), 104),
        Column(say("report.process.when", lang), 64),
    ]
    rows = [
        Row((Span(say(f"report.process.{stage}", lang), bold=True), say(f"report.process.{stage}_text", lang), who, ""))
        for stage, who in people.items()
    ]
    return HeavyTable(columns, rows)


def _principles(context: Context) -> list[str]:
    lang, made = context.lang, context.assessment
    return [
        say("report.method.basis_verified" if context.verified else "report.method.basis_declared", lang),
        say("report.method.exact", lang),
        say("report.method.interval", lang),
        say("report.method.evidence", lang, date=made.as_of),
        say("report.method.closed" if made.closed else "report.method.still_open", lang),
        say("report.method.gates", lang),
    ]


def _policies(context: Context) -> Flowable:
    lang = context.lang
    columns = [
        Column(say("report.policies.name", lang), 96),
        Column(say("report.policies.value", lang), WIDTH - 96 - 62 - 100),
        Column(say("report.policies.basis", lang), 62),
        Column(say("report.policies.source", lang), 100),
    ]
    rows = []
    for policy in context.assessment.policies:
        value = context.figure_value(policy)
        colour = STATUS_COLOURS["met" if policy.attested_on(context.assessment.as_of) else "undetermined"]
        basis = Span(context.word(f"figure_basis.{policy.basis}"), colour=colour)
        rows.append(Row((Span(capitalised(context.figure_name(policy.name)), bold=True), value, basis, policy.document)))
    return HeavyTable(columns, rows)


def _identities(context: Context) -> Flowable:
    lang, made = context.lang, context.assessment
    columns = [
        Column(say("report.identity.what", lang), 72),
        Column(say("report.identity.id", lang), WIDTH - 72 - 48 - 172),
        Column(say("report.identity.version", lang), 48),
        Column(say("report.identity.hash", lang), 172),
    ]
    parts = (("ruleset", made.ruleset), ("scheme", made.scheme), ("dossier", made.dossier))
    rows = [Row((say(f"report.identity.{name}", lang), part.id, part.version or "—", part.sha256)) for name, part in parts]
    rows.append(Row((say("report.identity.engine", lang), "greencert", made.engine_version, "—")))
    return HeavyTable(columns, rows)
