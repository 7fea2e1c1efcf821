"""Reasons, findings and values in words, Chinese or English, made from templates only."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

from engine.assess.results import Finding, Interval, Limits, Names, Reason, Shown
from engine.language import InvalidExpression, parse, render, to_text
from engine.language.ast import Binary, Expr, Name, TextLiteral, Unary
from engine.language.numbers import JSON_PLACES, ends_within
from engine.ruleset.compile import BUILT_IN
from engine.ruleset.programme import Programme
from engine.texts import catalogue, say

MAX_PLACES = 6
"""A printed value that does not end shows so many places unless the ruleset states its own."""


def number_text(number: Fraction, places: int | None = None) -> str:
    """A number as it prints: rounded half-even once; without stated places as many as it has, at most six."""
    if places is None:
        places = next((p for p in range(MAX_PLACES) if ends_within(number, p)), MAX_PLACES)
    return to_text(number, places)


def show(shown: Shown | None, lang: str, programme: Programme) -> str:
    """A value with its unit; yes and no, and a missing value, in words."""
    if shown is None or shown.value is None:
        return say("statuses.no_value", lang)
    if isinstance(shown.value, bool):
        return say("statuses.yes" if shown.value else "statuses.no", lang)
    if isinstance(shown.value, str):
        return say("statuses.not_applicable", lang) if shown.value == "not_applicable" else _choice(shown.value, lang, programme)
    assert shown.number is not None
    unit = unit_text(shown.unit, lang, programme)
    text = number_text(shown.number, shown.places)
    return text + ("" if not unit else unit if unit == "%" else f" {unit}")


def unit_text(unit: str, lang: str, programme: Programme) -> str:
    """A unit as people read it in a language."""
    names = programme.unit_names
    return names[unit].in_(lang) if unit in names else unit


def _choice(text: str, lang: str, programme: Programme) -> str:
    for definition in programme.inputs.values():
        if text in definition.choices:
            return definition.choices[text].in_(lang)
    return text


def interval_text(interval: Interval, places: int = 2, lang: str = "zh") -> str:
    """A score: one number where it is known, both ends where it is not, open above where nothing bounds it."""
    low = to_text(interval.low, places)
    if interval.high is None:
        return say("statuses.at_least", lang, low=low)
    return low if interval.is_point else f"{low} ~ {to_text(interval.high, places)}"


def score_text(interval: Interval, mark: Fraction | None, lang: str = "zh") -> str:
    """A total with two places, or as many as tell it from the mark: 79.996 never prints as the 80.00 that it misses."""
    places = 2
    for end in (interval.low, interval.high):
        if end is not None and mark is not None and end != mark:
            while places < JSON_PLACES and to_text(end, places) == to_text(mark, places):
                places += 1
    return interval_text(interval, places, lang)


def title(name: str, programme: Programme, lang: str) -> str:
    """What people call an element; the row or month in brackets behind a table's or reference's title is kept."""
    base, bracket, rest = name.partition("[")
    if base in BUILT_IN:
        return say(f"statuses.applicant.{base}", lang)
    return programme.title(base, lang) + (f"［{rest.rstrip(']')}］" if bracket else "")


def reason_sentence(reason: Reason, programme: Programme, lang: str = "zh") -> str:
    """A reason as one sentence."""
    params = {name: _param(value, programme, lang) for name, value in reason.params}
    return say(f"reasons.{reason.code}", lang, **params)


def _param(value: object, programme: Programme, lang: str) -> str:
    if isinstance(value, Names):
        separator = "、" if lang == "zh" else ", "
        return separator.join(title(name, programme, lang) for name in value) or "—"
    if isinstance(value, Limits):
        return limits_text(value, programme, lang)
    if isinstance(value, Reason):
        return reason_sentence(value, programme, lang)
    if isinstance(value, Shown):
        return show(value, lang, programme)
    if isinstance(value, Fraction):
        return number_text(value, None if ends_within(value, 2) or not ends_within(value, JSON_PLACES) else 2)
    return str(value)


def limits_text(limits: Limits, programme: Programme, lang: str) -> str:
    """Limits with their comparisons: ``不低于 30%``."""
    separator = "，" if lang == "zh" else ", "
    return separator.join(f"{comparison_text(name, lang)} {show(shown, lang, programme)}" for name, shown in limits)


def comparison_text(name: str, lang: str) -> str:
    """A comparison in words; a level stays its own name."""
    return say(f"statuses.comparison.{name}", lang) if name in catalogue("statuses")["comparison"] else name


def finding_sentence(finding: Finding, programme: Programme, lang: str = "zh") -> str:
    """A finding in the words of its rule; an open one says that it hangs on what is undetermined."""
    text = next(rule.text for rule in programme.rules if rule.rule == finding.rule).in_(lang)
    return say("reasons.open_finding", lang, text=text) if finding.open else text


def because_sentences(finding: Finding, programme: Programme, lang: str = "zh") -> tuple[str, ...]:
    """The facts that a finding came from, in words."""
    return tuple(_fact(text, programme, lang) for text in finding.because)


def _fact(text: str, programme: Programme, lang: str) -> str:
    negated = text.startswith("not ")
    bare = text.removeprefix("not ")
    words = {rule.then.classify or rule.then.obligation or rule.rule: rule.text.in_(lang) for rule in programme.rules}
    words |= {rule.rule: rule.text.in_(lang) for rule in programme.rules}
    if bare in words:
        sentence = words[bare]
    else:
        try:
            sentence = formula_text(bare, programme, lang)
        except InvalidExpression:
            sentence = bare
    return say("reasons.not_the_case", lang, text=sentence) if negated else sentence


def formula_text(formula: str, programme: Programme, lang: str = "zh") -> str:
    """A formula as readable mathematics, inputs and choices by their titles."""
    return render(_with_choices(parse(formula), programme, lang), lambda name: title(name, programme, lang), lang)


def _with_choices(expr: Expr, programme: Programme, lang: str) -> Expr:
    """The expression with what an input is compared to by its title instead of its code."""
    match expr:
        case Binary(left=Name(name=name), right=TextLiteral(value=code)) if name in programme.inputs:
            choices = programme.inputs[name].choices
            return replace(expr, right=TextLiteral(choices[code].in_(lang))) if code in choices else expr
        case Binary():
            return replace(expr, left=_with_choices(expr.left, programme, lang), right=_with_choices(expr.right, programme, lang))
        case Unary():
            return replace(expr, operand=_with_choices(expr.operand, programme, lang))
    return expr
