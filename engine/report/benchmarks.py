"""Every measured item against its base and its lead, or its limits: the value on a track where better is to the right."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction

from engine.assess.results import CriterionResult, Shown, Status
from engine.report.context import Context
from engine.report.flow import Para, Part, space
from engine.report.gauges import Bullet
from engine.report.style import ACCENT, AMBER, MUTED, RED, WIDTH, Color
from engine.report.tables import Column, HeavyTable, Row
from engine.report.text import Span
from engine.ruleset.methods import Interpolate, Ratio
from engine.texts import say

_BASES, _LEADS = ("base", "start"), ("lead", "full")
_UPWARD, _DOWNWARD = ("at_least", "more_than", "grade_at_least"), ("at_most", "less_than")
_BASE_AT, _LEAD_AT, _LIMIT_AT = 0.35, 0.75, 0.5
_BESIDE = 1.05
"""Where a value stands that is off the track."""


def benchmarks(context: Context) -> Part | None:
    """One row an item that has a number and something to be held against."""
    lang = context.lang
    rows = [row for criterion in context.assessment.criteria if (row := _row(context, criterion)) is not None]
    if not rows:
        return None
    columns = [
        Column(say("report.table.number", lang), 44),
        Column(say("report.benchmarks.item", lang), WIDTH - 44 - 84 - 110 - 112),
        Column(say("report.indicators.value", lang), 84, "right"),
        Column(say("report.benchmarks.track", lang), 110),
        Column(say("report.table.limits", lang), 112),
    ]
    return say("report.benchmarks.title", lang), [Para(say("report.benchmarks.intro", lang)), HeavyTable(columns, rows), space(2)]


def _row(context: Context, criterion: CriterionResult) -> Row | None:
    bullet, shown = bullet_of(context, criterion), _value(context, criterion)
    if bullet is None or shown is None:
        return None
    limits = "\n".join(f"{context.limit_name(name)} {context.shown(limit)}" for name, limit in criterion.limits)
    cells = (context.link(criterion.id, criterion.number), context.name(criterion.id), context.shown(shown), bullet)
    return Row((*cells, Span(limits, colour=MUTED)))


def _value(context: Context, criterion: CriterionResult) -> Shown | None:
    return criterion.verified if context.verified else criterion.declared


def bullet_of(context: Context, criterion: CriterionResult) -> Bullet | None:
    """An item's value on its track; None where it is no number or nothing is known to hold it against."""
    limits = {name: limit.value for name, limit in criterion.limits if isinstance(limit.value, Fraction)}
    shown = _value(context, criterion)
    if shown is None or not isinstance(shown.value, Fraction):
        return None
    value, colour = shown.value, _colour(criterion)
    names = list(limits)
    base, lead = _pair(context, criterion, limits)
    if base is not None and lead is not None:
        if base == lead:
            return None
        at = _BASE_AT + (_LEAD_AT - _BASE_AT) * float((value - base) / (lead - base))
        within = names[:2] == ["at_least", "at_most"]
        return Bullet(_held(at), (_BASE_AT, _LEAD_AT), colour, (_BASE_AT, _LEAD_AT if within else 1.0))
    if len(names) != 1:
        return None
    upward = _is_upward(context, criterion, names[0])
    if upward is None:
        return None
    limit = limits[names[0]]
    reach = abs(limit) or abs(value) or Fraction(1)
    at = _LIMIT_AT + (1 if upward else -1) * (1 - _LIMIT_AT) * float((value - limit) / reach)
    return Bullet(_held(at), (_LIMIT_AT,), colour, (_LIMIT_AT, 1.0))


def _pair(context: Context, criterion: CriterionResult, limits: Mapping[str, Fraction]) -> tuple[Fraction | None, Fraction | None]:
    """Base and lead, both ends of a range, or the lowest and the highest level."""
    if "at_least" in limits and "at_most" in limits:
        return limits["at_least"], limits["at_most"]
    if criterion.id in context.programme.indexed and len(limits) > 1:
        values = list(limits.values())
        return values[-1], values[0]
    base = next((limits[name] for name in _BASES if name in limits), None)
    return base, next((limits[name] for name in _LEADS if name in limits), None)


def _is_upward(context: Context, criterion: CriterionResult, name: str) -> bool | None:
    """Whether more is better; None where that cannot be told."""
    if name in _UPWARD or name in _DOWNWARD:
        return name in _UPWARD
    method = context.programme.criteria[criterion.id].method
    return method.direction == "up" if isinstance(method, Interpolate | Ratio) else None


def _held(at: float) -> float:
    """A place on the track, or just beside the end that it is off."""
    return min(max(at, 1 - _BESIDE), _BESIDE)


def _colour(criterion: CriterionResult) -> Color:
    if criterion.status is Status.NOT_MET:
        return RED
    if criterion.status is Status.SCORED and criterion.max and not criterion.points.low:
        return AMBER
    return MUTED if criterion.status is Status.UNDETERMINED else ACCENT
