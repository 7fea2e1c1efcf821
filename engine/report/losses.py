"""From the most that can be scored to the score: what each item lost or gained, as a waterfall. It adds up to the score exactly."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import NamedTuple

from engine.assess.results import CriterionResult, Interval, Status
from engine.assess.shares import shares, worths
from engine.report.context import Context
from engine.report.flow import Captioned, Para, Part
from engine.report.gauges import Step, Waterfall
from engine.report.style import ACCENT, AMBER, MUTED, RED
from engine.report.text import Rich, Span
from engine.texts import say

_MOST_STEPS = 14
_ZERO = Fraction(0)


class Loss(NamedTuple):
    """What an item is away from its most: ``change`` for certain, and so much less if what is open turns out worst."""

    item: str
    change: Fraction
    open: Fraction


def losses(context: Context) -> tuple[Loss, ...]:
    """Every item that is away from its most, the largest first; with ``score_max`` they add up to the score.

    Nothing where levels are assessed, where the score has no upper bound, or where the items do not explain the whole of it.
    """
    made = context.assessment
    if made.levels or not made.score_max or made.score.high is None:
        return ()
    earned = shares(made, context.programme)
    most = _most(context, worths(made, context.programme))
    found = tuple(
        Loss(name, interval.high - most[name], interval.high - interval.low)
        for name, interval in earned.items()
        if interval.high is not None and (interval.high != most[name] or not interval.is_point)
    )
    if made.score_max + sum((loss.change - loss.open for loss in found), _ZERO) != made.score.low:
        return ()
    return tuple(sorted(found, key=lambda loss: -(abs(loss.change) + loss.open)))


def _most(context: Context, worth: Mapping[str, Fraction]) -> dict[str, Fraction]:
    """The most that each item can contribute; what does not apply is counted as the policy says."""
    granted = context.programme.settings.na_policy.value == "renormalise"

    def most(criterion: CriterionResult) -> Fraction:
        left = granted and criterion.status is Status.NOT_APPLICABLE
        return _ZERO if left else worth.get(criterion.id, _ZERO) * criterion.max

    return {criterion.id: most(criterion) for criterion in context.assessment.criteria}


def lost_points(context: Context) -> Part | None:
    """The waterfall, with the largest steps by themselves and the rest as one."""
    lang, made = context.lang, context.assessment
    found = losses(context)
    if not found:
        return None
    shown, rest = (found, ()) if len(found) <= _MOST_STEPS else (found[: _MOST_STEPS - 1], found[_MOST_STEPS - 1 :])
    steps = [_step(context.link(loss.item), loss, context) for loss in shown]
    if rest:
        together = Loss("", sum((loss.change for loss in rest), _ZERO), sum((loss.open for loss in rest), _ZERO))
        steps.append(_step(Span(say("report.losses.rest", lang, count=len(rest)), colour=MUTED), together, context))
    key = "reference" if context.is_index else "most"
    first = (Span(say(f"report.losses.{key}", lang), bold=True), Span(context.number(made.score_max, 2), bold=True))
    low = context.score(Interval(made.score.low, made.score.low))
    last = (Span(say("report.losses.score" if made.score.is_point else "report.losses.least", lang), bold=True), Span(low, bold=True))
    intro = say("report.losses.intro_index" if context.is_index else "report.losses.intro", lang)
    chart = Waterfall(float(made.score_max), steps, first, last)
    return say("report.losses.title", lang), [Para(intro), Captioned(chart, say("report.losses.caption", lang))]


def _step(label: Rich, loss: Loss, context: Context) -> Step:
    sure = ("+" if loss.change > 0 else "−") + context.number(abs(loss.change), 2) if loss.change else ""
    value = [Span(sure, bold=True, colour=ACCENT if loss.change > 0 else RED)] if sure else []
    if loss.open:
        value.append(Span(("　" if sure else "") + "−" + context.number(loss.open, 2) + "?", colour=AMBER))
    return Step(label, tuple(value), float(loss.change), float(loss.open))
