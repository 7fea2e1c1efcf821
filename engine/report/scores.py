"""Section 3, first half: preconditions, every criterion with its points, the dimensions, and what verification changed."""

from __future__ import annotations

from collections.abc import Sequence

from reportlab.platypus import Flowable

from engine.assess.membership import deciding
from engine.assess.results import CriterionResult, DimensionResult, Interval, Judged, Shown, Status
from engine.language import parse_number, to_text
from engine.report.charts import Axis, Radar, Tick
from engine.report.context import Context, common_places
from engine.report.flow import Captioned, Para, Part, space
from engine.report.style import INK, MUTED, RED, WIDTH
from engine.report.tables import Column, HeavyTable, Row
from engine.report.text import Rich, Span
from engine.texts import say

_LEAST_AXES = 3


def preconditions(context: Context) -> Part | None:
    """All gates, whatever their status."""
    lang = context.lang
    if not context.assessment.gates:
        return None
    both = _both_filled(context.assessment.gates)
    columns = [
        Column(say("report.table.number", lang), 46),
        Column(say("report.table.gate", lang), 0),
        Column(say("report.table.declared", lang), 56),
        *([Column(say("report.table.verified", lang), 56)] if both else []),
        Column(say("report.table.status", lang), _status_width(lang)),
    ]
    rows = [
        Row(
            (_number(gate), _title(context, gate), *_values(context, gate, both), context.status(gate.status)),
            below=_notes(context, gate),
            below_from=1,
            anchor=gate.id,
        )
        for gate in context.assessment.gates
    ]
    intro = Para(say("report.gates.intro", lang))
    return say("report.gates.title", lang), [intro, HeavyTable(_stretched(columns, 1), rows), space(2)]


def score_sheet(context: Context) -> Part | None:
    """Every criterion by dimension, with subtotals and the total."""
    lang, made = context.lang, context.assessment
    if not made.criteria:
        return None
    both = _both_filled(made.criteria)
    places = common_places(criterion.max for criterion in made.criteria)
    values = 58 if lang == "zh" else 54
    values += 0 if context.scored else 38  # room that the points leave
    most = "report.levels.weight" if made.levels else "report.table.at_reference" if context.is_index else "report.table.max"
    earned = "report.levels.reached" if made.levels else "report.table.points"
    columns = [
        Column(say("report.table.number", lang), 44),
        Column(say("report.table.criterion", lang), 0),
        Column(say("report.table.kind", lang), 30 if lang == "zh" else 44),
        *([Column(say(most, lang), 36 if lang == "zh" else 34, "right")] if context.scored else []),
        Column(say("report.table.declared", lang), values, "right"),
        *([Column(say("report.table.verified", lang), values, "right")] if both else []),
        *([Column(say(earned, lang), 58, "right")] if context.scored else []),
        Column(say("report.table.status", lang), _status_width(lang)),
    ]
    columns = _stretched(columns, 1)
    rows: list[Row] = []
    for dimension in made.dimensions:
        members = [criterion for criterion in made.criteria if criterion.dimension == dimension.id]
        rows.append(_dimension_row(context, dimension, len(columns)))
        rows += [_criterion_row(context, criterion, both, places) for criterion in members]
        if dimension.raw_max:
            rows.append(_subtotal_row(context, dimension, both, places))
    if made.score_max:
        rows.append(_total_row(context, both))
    of = "scores" if context.scored else "items"
    intro = Para(say(f"report.{of}.intro", lang))
    return say(f"report.{of}.title", lang), [intro, HeavyTable(columns, rows), space(2)]


def dimensions(context: Context) -> Part | None:
    """The dimensions in one table, and as a radar where there are enough of them; nothing where no item carries points."""
    lang, made = context.lang, context.assessment
    if not made.score_max:
        return None
    width = 64.0
    columns = [
        Column(say("report.dimensions.dimension", lang), WIDTH - 5 * width),
        *(Column(say(f"report.dimensions.{name}", lang), width, "right") for name in ("weight", "raw")),
        Column(say("report.dimensions.raw_reference" if context.is_index else "report.dimensions.raw_max", lang), width, "right"),
        Column(say("report.dimensions.points", lang), width, "right"),
        Column(say("report.dimensions.reference" if context.is_index else "report.dimensions.max", lang), width, "right"),
    ]
    rows = [_dimension_line(context, dimension) for dimension in made.dimensions]
    total: tuple[Rich, ...] = (say("report.scores.total", lang), "", "", "", context.score(), to_text(made.score_max, 2))
    rows.append(Row(total, kind="subtotal"))
    body: list[Flowable] = [HeavyTable(columns, rows)]
    axes = radar_axes(context)
    if len(axes) >= _LEAST_AXES:
        caption = say("report.dimensions.radar", lang)
        marks = [tick._replace(value=tick.value / float(made.score_max)) for tick in marks_of(context) if 0 < tick.value <= made.score_max]
        caption += say("report.dimensions.radar_marks", lang) if marks else ""
        body += [space(3), Captioned(Radar(axes, marks), caption)]
    return say("report.dimensions.title", lang), body


def differences(context: Context) -> Part | None:
    """Where the verified value or its points differ from what was declared."""
    lang = context.lang
    changed = [c for c in context.assessment.criteria if c.effect is not None and (c.effect or _differs(c.declared, c.verified))]
    if not context.verified:
        return None
    heading = say("report.differences.title", lang)
    if not changed:
        return heading, [Para(say("report.differences.none", lang))]
    columns = [
        Column(say("report.table.number", lang), 46),
        Column(say("report.table.criterion", lang), WIDTH - 46 - 100 - 100 - 64 * context.scored),
        Column(say("report.table.declared", lang), 100, "right"),
        Column(say("report.table.verified", lang), 100, "right"),
        *([Column(say("report.differences.effect", lang), 64, "right")] if context.scored else []),
    ]
    rows = [
        Row(
            (
                *(context.link(c.id, c.number), context.name(c.id), context.shown(c.declared), context.shown(c.verified)),
                *([_effect(context, c)] if context.scored else []),
            ),
            below=Span(c.remark, colour=MUTED) if c.remark else "",
            below_from=1,
        )
        for c in changed
    ]
    return heading, [Para(say("report.differences.intro", lang)), HeavyTable(columns, rows), space(2)]


# --- cells ------------------------------------------------------------------------------------------------------------


def _stretched(columns: Sequence[Column], index: int) -> list[Column]:
    """The columns with one of them taking the room that the others leave."""
    free = WIDTH - sum(column.width for column in columns)
    return [Column(c.title, free, c.align) if i == index else c for i, c in enumerate(columns)]


def _status_width(lang: str) -> float:
    return 52.0 if lang == "zh" else 80.0


def _both_filled(results: Sequence[Judged]) -> bool:
    return any(result.verified is not None for result in results)


def _differs(declared: Shown | None, verified: Shown | None) -> bool:
    return declared is not None and verified is not None and declared.value != verified.value


def _number(result: Judged) -> Rich:
    return (Span(result.number), Span(f"\n{result.clause}" if result.clause else "", colour=MUTED))


def _title(context: Context, result: Judged) -> Rich:
    """An item's name; what a scheme added to a standard's own list says so, unless its whole dimension is the scheme's."""
    name = Span(context.name(result.id), bold=True)
    if result.id in context.programme.criteria and context.programme.criteria[result.id].limiting:
        return (name, Span("　" + say("report.levels.limiting_item", context.lang), colour=RED))
    if not result.local or (isinstance(result, CriterionResult) and result.dimension in context.programme.local):
        return name
    return (name, Span("　" + say("report.table.local", context.lang), colour=MUTED))


def _values(context: Context, result: Judged, both: bool) -> tuple[str, ...]:
    declared = context.shown(result.declared)
    return (declared, context.shown(result.verified)) if both else (declared,)


def _notes(context: Context, result: Judged) -> Rich:
    """What is asked, then why the verdict is what it is, benchmarks, evidence, the assessor's remark."""
    lang = context.lang
    demand = context.programme.criteria.get(result.id) or context.programme.gates.get(result.id)
    reason = context.reason(result.reason)
    parts = [(say("report.table.reason", lang), reason)]
    limits = [(name, context.shown(value)) for name, value in (result.limits if isinstance(result, CriterionResult) else ())]
    unsaid = context.listed(f"{context.limit_name(name)} {value}" for name, value in limits if value not in reason)
    if unsaid:
        parts.append((say("report.table.limits", lang), unsaid))
    if result.evidence:
        parts.append((say("report.table.evidence", lang), context.evidence(result.evidence)))
    elif demand is not None and demand.evidence and result.status is not Status.NOT_APPLICABLE:
        parts.append((say("report.table.asked", lang), context.listed(words.in_(lang) for words in demand.evidence)))
    if result.remark:
        parts.append((say("report.table.remark", lang), result.remark))
    spans = [Span(demand.requirement.in_(lang) if demand else "", colour=INK)]
    for i, (label, text) in enumerate(parts):
        spans += [Span(("\n" if i == 0 else "　") + label + " ", bold=True, colour=MUTED), Span(text, colour=MUTED)]
    return (*spans, *_workings(context, result))


def _workings(context: Context, result: Judged) -> list[Span]:
    """Links to the calculations of the indicators that the item goes by."""
    names = [name for name in result.indicators if name in context.places] if isinstance(result, CriterionResult) else []
    names = [name for name in names if context.programme.indicators[name].number] or names[:1]
    spans: list[Span] = []
    for name in names:
        spans.append(Span("　" + say("report.table.working", context.lang) + " " if not spans else "　", bold=True, colour=MUTED))
        spans.append(context.link(name, context.programme.indicators[name].number or context.name(name)))
    return spans


# --- rows of the score sheet ------------------------------------------------------------------------------------------


def _dimension_row(context: Context, dimension: DimensionResult, columns: int) -> Row:
    name = f"{dimension.number} {context.name(dimension.id)}".strip()
    weight = "" if dimension.weight is None else say("report.scores.weight", context.lang, weight=context.number(dimension.weight))
    if dimension.not_applicable:
        weight = context.word("not_applicable")
    return Row(((Span(name, bold=True), Span(f"　{weight}", colour=MUTED)),), kind="group", spans=(columns,))


def _criterion_row(context: Context, criterion: CriterionResult, both: bool, places: int) -> Row:
    cells: tuple[Rich, ...] = (
        _number(criterion),
        _title(context, criterion),
        context.word(f"kind.{criterion.kind}"),
        *((context.worth(criterion, places),) if context.scored else ()),
        *_values(context, criterion, both),
        *((Span(context.earned(criterion), bold=True),) if context.scored else ()),
        context.status(criterion.status),
    )
    return Row(cells, below=_notes(context, criterion), below_from=1, anchor=criterion.id)


def _subtotal_row(context: Context, dimension: DimensionResult, both: bool, places: int) -> Row:
    lang = context.lang
    label = Span(say("report.scores.subtotal", lang, dimension=context.name(dimension.id)), bold=True)
    weighted = dimension.max and (dimension.contribution, dimension.max) != (dimension.raw, dimension.raw_max)
    points, most = context.interval(dimension.contribution), to_text(dimension.max, 2)
    contribution = "　" + say("report.scores.contribution", lang, points=points, max=most) if weighted else ""
    if _renormalised(context, dimension):
        contribution += "　" + say("report.scores.renormalised", lang)
    return _sum_row((label, Span(contribution, colour=MUTED)), to_text(dimension.raw_max, places), context.interval(dimension.raw), both)


def _renormalised(context: Context, dimension: DimensionResult) -> bool:
    """Whether the points above do not add up to the subtotal because those of inapplicable items were shared out."""
    shared = any(policy.name == "na_policy" and policy.text == "renormalise" for policy in context.assessment.policies)
    members = (c for c in context.assessment.criteria if c.dimension == dimension.id and c.max)
    return shared and any(c.status is Status.NOT_APPLICABLE for c in members)


def _total_row(context: Context, both: bool) -> Row:
    lang, made = context.lang, context.assessment
    return _sum_row(say("report.scores.total", lang), context.number(made.score_max), context.score(), both)


def _sum_row(label: Rich, most: str, points: str, both: bool) -> Row:
    spans = (3, 1, 2 if both else 1, 1, 1)
    return Row((label, most, "", points, ""), kind="subtotal", spans=spans, align=("left", "right", "right", "right", "left"))


def _dimension_line(context: Context, dimension: DimensionResult) -> Row:
    scored = dimension.max != 0 and not dimension.not_applicable
    cells: tuple[Rich, ...] = (
        f"{dimension.number} {context.name(dimension.id)}".strip(),
        "—" if dimension.weight is None else context.number(dimension.weight),
        context.interval(dimension.raw) if dimension.raw_max else "—",
        to_text(dimension.raw_max, 2) if dimension.raw_max else "—",
        context.interval(dimension.contribution) if scored else "—",
        to_text(dimension.max, 2) if scored else "—",
    )
    return Row(cells)


def marks_of(context: Context) -> tuple[Tick, ...]:
    """The pass mark and the tiers' marks, those at the same place in one label."""
    lang, places = context.lang, {}
    if context.assessment.mark is not None:
        levels = context.assessment.levels
        name = say("report.levels.mark", lang, level=deciding(levels).level) if levels else say("report.cover.mark", lang)
        places[context.assessment.mark] = [name]
    for tier in context.programme.settings.tiers:
        if tier.mark.value is not None:
            places.setdefault(parse_number(tier.mark.value), []).append(tier.title.in_(lang))
    return tuple(Tick(f"{context.listed(names)} {context.number(mark)}", float(mark)) for mark, names in places.items())


def radar_axes(context: Context) -> list[Axis]:
    """The dimensions that carry points, as the charts show them."""
    return [_axis(context, dimension) for dimension in context.assessment.dimensions if dimension.max and not dimension.not_applicable]


def _axis(context: Context, dimension: DimensionResult) -> Axis:
    found: Interval = dimension.contribution
    low = min(1.0, float(found.low / dimension.max))  # an uncapped index may go beyond the outer ring
    high = 1.0 if found.high is None else min(1.0, float(found.high / dimension.max))
    value = f"{context.interval(found)} / {context.number(dimension.max)}"
    return Axis(f"{dimension.number} {context.name(dimension.id)}".strip(), value, low, high)


def _effect(context: Context, criterion: CriterionResult) -> Rich:
    """What verification changed: points, or levels."""
    effect = criterion.effect
    levelled = criterion.id in context.programme.indexed
    if not effect:
        return Span("—" if levelled else "0.00", colour=MUTED)
    size = say("report.levels.effect", context.lang, count=abs(effect)) if levelled else to_text(abs(effect), 2)
    return Span(("+" if effect > 0 else "−") + size, bold=True, colour=RED if effect < 0 else INK)
