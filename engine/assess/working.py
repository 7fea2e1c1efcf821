"""How points come about in numbers: from the value to the points, and from the points to the total."""

from __future__ import annotations

from fractions import Fraction

from engine.assess.membership import reached
from engine.assess.results import Assessment, CriterionResult, Interval, Shown
from engine.assess.score import scale
from engine.assess.sentences import interval_text, number_text, show
from engine.assess.shares import deciding_rank, shares, worths
from engine.ruleset.methods import Ratio
from engine.ruleset.programme import Programme
from engine.texts import say


def points_in_numbers(result: CriterionResult, basis: str, programme: Programme, lang: str) -> str:
    """The calculation of points from a value and its edges; empty where the sentence of the reason says all."""
    value: Shown | None = getattr(result, basis)
    number = None if value is None else value.number
    edges = {name: shown for name, shown in result.limits if shown.number is not None}
    if number is None or value is None or not result.points.is_point:
        return ""
    texts = {name: show(shown, lang, programme) for name, shown in (("value", value), *edges.items())}
    made = {"max": number_text(result.max), "points": number_text(result.points.low, 2)}
    match result.reason.code:
        case "interpolated":
            return _cut(say("explain.working.interpolated", lang, **texts, **made), _share(number, edges, "base", "lead"), lang)
        case "ladder" if 0 < result.points.low < result.max:
            return say("explain.working.ladder", lang, **texts, **made)
        case "ratio":
            return _ratio(result, number, edges, texts, made, programme, lang)
    return ""


def _share(number: Fraction, edges: dict[str, Shown], start: str, end: str) -> bool:
    """Whether a value lies outside its two edges, so that less or more than the calculation gives counts."""
    first, last = (edges[name].number for name in (start, end))
    assert first is not None and last is not None
    return not min(first, last) <= number <= max(first, last)


def _ratio(
    result: CriterionResult,
    number: Fraction,
    edges: dict[str, Shown],
    texts: dict[str, str],
    made: dict[str, str],
    programme: Programme,
    lang: str,
) -> str:
    method = programme.criteria[result.id].method
    reference = edges["reference"].number
    assert isinstance(method, Ratio) and reference is not None
    up = method.direction == "up"
    above, below = ("value", "reference") if up else ("reference", "value")
    quotient = number / reference if up else reference / number if number > 0 else None
    text = say("explain.working.ratio", lang, above=texts[above], below=texts[below], **made)
    return "" if quotient is None else _cut(text, quotient * result.max != result.points.low, lang)


def _cut(text: str, cut: bool, lang: str) -> str:
    return say("explain.working.cut", lang, text=text) if cut else text


def share_in_numbers(result: CriterionResult, assessment: Assessment, programme: Programme, lang: str) -> str:
    """What a criterion contributes to the total, and how; empty where it contributes nothing by itself."""
    share = shares(assessment, programme).get(result.id)
    if share is None or not result.max:
        return ""
    total = interval_text(share, lang=lang)
    if assessment.levels:
        part = reached(result, deciding_rank(assessment))
        weight = number_text(result.weight) if result.weight is not None else ""
        return say("explain.working.level", lang, reached=interval_text(part, 0, lang), weight=weight, share=total)
    worth = worths(assessment, programme).get(result.id, Fraction(0))
    if not worth or share != scale(result.points, worth):
        return say("explain.working.share", lang, share=total)
    points = interval_text(Interval(*result.points), lang=lang)
    return say("explain.working.worth", lang, points=points, worth=number_text(worth), share=total)
