"""Reasons, findings and values in words, Chinese or English, made from templates only."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from fractions import Fraction
from functools import lru_cache

from engine.assess.results import Fact, Finding, FindingRow, Interval, Limits, Names, Reason, Shown, Used
from engine.dossier.cells import NotDetected
from engine.language import InvalidExpression, parse, render, to_text
from engine.language.ast import Binary, Call, Expr, Member, Name, TextLiteral, Unary, levels
from engine.language.numbers import JSON_PLACES, ends_within
from engine.ruleset.compile import BUILT_IN, COUNTED, ROWS
from engine.ruleset.programme import Programme
from engine.texts import catalogue, say

EXACT_PLACES = 6
"""A printed value that ends within so many places prints in full."""

POINT_PLACES = 2
"""Points and totals print with so many places."""

SIGNIFICANT = 4
"""One that does not shows so many places, or so many significant digits where it is below one, unless the ruleset states its own."""


def number_text(number: Fraction, places: int | None = None) -> str:
    """A number as it prints, rounded half-even once."""
    if places is not None:
        return to_text(number, places)
    if ends_within(number, EXACT_PLACES):
        return to_text(number, next(p for p in range(EXACT_PLACES + 1) if ends_within(number, p)))
    text = to_text(number, SIGNIFICANT + _leading_zeros(number))
    return text.rstrip("0").rstrip(".")


def _leading_zeros(number: Fraction) -> int:
    """How many zeros follow the decimal point before the first digit; none for numbers from one upwards."""
    zeros, size = 0, abs(number)
    while 0 < size < Fraction(1, 10) and zeros < JSON_PLACES:
        size, zeros = size * 10, zeros + 1
    return zeros


def number_apart(number: Fraction, others: Iterable[Fraction], places: int | None = None) -> str:
    """A number as it prints, with as many more places as tell it from others that it does not equal: never a limit it misses."""
    text = number_text(number, places)
    exact = number.as_integer_ratio()
    missed = [other for other in others if other.as_integer_ratio() != exact]
    if not missed:
        return text
    for more in range(SIGNIFICANT + 1, 4 * JSON_PLACES):
        if Fraction(text) not in missed:
            break
        text = to_text(number, more)
    return text


def show(shown: Shown | None, lang: str, programme: Programme, beside: Iterable[Fraction] = ()) -> str:
    """A value with its unit; yes and no, and a missing value, in words. It never prints like a number ``beside`` it misses."""
    if shown is None or shown.value is None:
        return say("statuses.no_value", lang)
    if isinstance(shown.value, bool):
        return say("statuses.yes" if shown.value else "statuses.no", lang)
    if isinstance(shown.value, str):
        return say("statuses.not_applicable", lang) if shown.value == "not_applicable" else choice_text(shown.value, lang, programme)
    unit = unit_text(shown.unit, lang, programme)
    if isinstance(shown.value, NotDetected):
        if shown.reporting_limit is None:
            return say("statuses.not_detected", lang)
        limit = number_apart(shown.reporting_limit, (), shown.places)
        return say("statuses.not_detected_below", lang, limit=f"{limit} {unit}".rstrip() if unit != "%" else f"{limit}%")
    number = shown.number
    assert number is not None
    text = number_apart(number, beside, shown.places)
    return text + ("" if not unit else unit if unit == "%" else f" {unit}")


def unit_text(unit: str, lang: str, programme: Programme) -> str:
    """A unit as people read it in a language; the parts of a compound one each by its name."""
    names = programme.unit_names
    if unit in names or lang == "zh":
        return names[unit].in_(lang) if unit in names else unit
    return _SYMBOL.sub(lambda match: _symbol_text(match[0], lang, programme), unit)


_SYMBOL = re.compile(r"[^\W\d_]+")


def _symbol_text(symbol: str, lang: str, programme: Programme) -> str:
    names = programme.unit_names
    if symbol in names:
        return names[symbol].in_(lang)
    multipliers: dict[str, dict[str, str]] = catalogue("statuses")["multiplier"]
    prefix = next((p for p in multipliers if symbol.startswith(p) and symbol != p), None)
    if prefix is None:
        return symbol
    rest = symbol.removeprefix(prefix)
    return multipliers[prefix][lang] + (names[rest].in_(lang) if rest in names else rest)


_APART = re.compile(r"\s*[,;、，；\n]\s*")
"""Between the codes that one text names."""


def choice_text(text: str, lang: str, programme: Programme) -> str:
    """One or several choices by their titles; another text as it is."""
    codes = _APART.split(text.strip())
    for definition in programme.inputs.values():
        if all(code in definition.choices for code in codes):
            return ("、" if lang == "zh" else ", ").join(definition.choices[code].in_(lang) for code in codes)
    return text


def interval_text(interval: Interval, places: int = POINT_PLACES, lang: str = "zh") -> str:
    """A score: one number where it is known, both ends where it is not, open above where nothing bounds it."""
    low = to_text(interval.low, places)
    if interval.high is None:
        return say("statuses.at_least", lang, low=low)
    return low if interval.is_point else f"{low} ~ {to_text(interval.high, places)}"


def score_text(interval: Interval, mark: Fraction | None, lang: str = "zh") -> str:
    """A total with two places, or as many as tell it from the mark: 79.996 never prints as the 80.00 that it misses."""
    places = POINT_PLACES
    for end in (interval.low, interval.high):
        if end is not None and mark is not None and end != mark:
            while places < JSON_PLACES and to_text(end, places) == to_text(mark, places):
                places += 1
    return interval_text(interval, places, lang)


def level_text(points: Interval, programme: Programme, lang: str) -> str:
    """The level that so many points count for where levels are assessed, or those it lies between."""
    low = _level_name(points.low, programme, lang)
    if points.is_point or points.high is None:
        return low
    return f"{low} ~ {_level_name(points.high, programme, lang)}"


def _level_name(rank: Fraction, programme: Programme, lang: str) -> str:
    names = list(programme.levels)
    return say("statuses.level", lang, level=names[len(names) - int(rank)]) if rank else say("statuses.no_level", lang)


def title(name: str, programme: Programme, lang: str) -> str:
    """What people call an element; the row or month in brackets behind a table's or reference's title is kept."""
    base, bracket, rest = name.partition("[")
    if base in BUILT_IN:
        return say(f"statuses.applicant.{base}", lang)
    if base in COUNTED:
        return say(f"statuses.counted.{base.rpartition('.')[2]}", lang)
    if base.startswith(ROWS):
        return say("statuses.counted.rows", lang, text=title(base.removeprefix(ROWS), programme, lang))
    rule = next((rule for rule in programme.rules if base in (rule.rule, rule.then.classify, rule.then.obligation)), None)
    if rule is not None:
        return rule.text.in_(lang).rstrip("。.")
    row = rest.removesuffix("]")
    reference = programme.references.get(base)
    return programme.title(base, lang) + (f"［{reference.title_of(row, lang) if reference else row}］" if bracket else "")


def reason_sentence(reason: Reason, programme: Programme, lang: str = "zh") -> str:
    """A reason as one sentence."""
    numbers = list(_numbers(value for _, value in reason.params))
    params = {name: _param(value, programme, lang, numbers) for name, value in reason.params}
    return say(f"reasons.{reason.code}", lang, **params)


def _numbers(values: Iterable[object]) -> Iterator[Fraction]:
    """The numbers that a sentence speaks of, in the units they print in."""
    for value in values:
        if isinstance(value, Limits):
            yield from _numbers(shown for _, shown in value)
        elif isinstance(value, Shown):
            number = value.number
            if number is not None:
                yield number
        elif isinstance(value, Fraction):
            yield value


def _param(value: object, programme: Programme, lang: str, beside: list[Fraction]) -> str:
    if isinstance(value, Names):
        separator = "、" if lang == "zh" else ", "
        return separator.join(title(name, programme, lang) for name in value) or "—"
    if isinstance(value, Limits):
        return limits_text(value, programme, lang)
    if isinstance(value, Reason):
        return reason_sentence(value, programme, lang)
    if isinstance(value, Shown):
        return show(value, lang, programme, beside)
    if isinstance(value, Fraction):
        return number_text(value) if ends_within(value, POINT_PLACES) else number_apart(value, beside, POINT_PLACES)
    return str(value)


def limits_text(limits: Limits, programme: Programme, lang: str) -> str:
    """Limits with their comparisons: ``不低于 30%``."""
    separator = "，" if lang == "zh" else ", "
    return separator.join(f"{comparison_text(name, lang)} {show(shown, lang, programme)}" for name, shown in limits)


def comparison_text(name: str, lang: str) -> str:
    """A comparison in words; a level stays its own name."""
    return say(f"statuses.comparison.{name}", lang) if name in catalogue("statuses")["comparison"] else name


def finding_sentence(finding: Finding, programme: Programme, lang: str = "zh") -> str:
    """A finding in the words of its rule, with the row that it is about; an open one says that it hangs on what is undetermined."""
    text = next(rule.text for rule in programme.rules if rule.rule == finding.rule).in_(lang)
    if finding.row is not None:
        text = say("reasons.finding_of_row", lang, text=text.rstrip("。."), row=row_text(finding.row, programme, lang))
    return say("reasons.open_finding", lang, text=text) if finding.open else text


def because_sentences(finding: Finding, programme: Programme, lang: str = "zh") -> tuple[str, ...]:
    """The facts that a finding came from, in words."""
    return tuple(fact_sentence(fact, programme, lang) for fact in finding.facts)


def row_text(row: FindingRow, programme: Programme, lang: str = "zh") -> str:
    """What tells a row from others, in words: its table, then the cells that it goes by."""
    cells = ("、" if lang == "zh" else ", ").join(used_text(used, programme, lang) for used in row.key)
    return f"{programme.title(row.table, lang)}：{cells}" if lang == "zh" else f"{programme.title(row.table, lang)}: {cells}"


def used_text(used: Used, programme: Programme, lang: str = "zh") -> str:
    """The value that a fact was read from, codes by their titles."""
    text = used.value.value
    if not isinstance(text, str):
        return show(used.value, lang, programme)
    return _choice_of(used.name, TextLiteral(text), programme, lang).value


def fact_sentence(fact: Fact, programme: Programme, lang: str = "zh") -> str:
    """A fact in words; one about a row with what stands in the cells."""
    text = _fact(fact.text, fact.holds, programme, lang)
    if fact.kind != "row" or not fact.used:
        return text
    separator = "，" if lang == "zh" else ", "
    values = separator.join(f"{title(used.name, programme, lang)} {used_text(used, programme, lang)}" for used in fact.used)
    return say("reasons.fact_of_row", lang, text=text, values=values)


def _fact(bare: str, holds: bool, programme: Programme, lang: str) -> str:
    words = _conclusions(programme, lang)
    if bare in words:
        sentence = words[bare]
    else:
        try:
            sentence = formula_text(bare, programme, lang)
        except InvalidExpression:
            sentence = bare
    return sentence if holds else say("reasons.not_the_case", lang, text=sentence)


@lru_cache(maxsize=64)
def _conclusions(programme: Programme, lang: str) -> Mapping[str, str]:
    """What each rule says, by what it concludes and by its own name."""
    words = {rule.then.classify or rule.then.obligation or rule.rule: rule.text.in_(lang) for rule in programme.rules}
    return words | {rule.rule: rule.text.in_(lang) for rule in programme.rules}


def formula_text(formula: str, programme: Programme, lang: str = "zh", name_of: Callable[[str], str] | None = None) -> str:
    """A formula as readable mathematics: choices and units by their names, inputs by their titles or what ``name_of`` calls them."""
    named = name_of or (lambda name: title(name, programme, lang))
    expr = _with_choices(_parsed(formula), programme, lang)
    return render(expr, named, lang, unit_of=lambda unit: unit_text(unit, lang, programme))


_parsed = lru_cache(maxsize=4096)(parse)
"""The formulas of rulesets, which every report prints anew."""


def _with_choices(expr: Expr, programme: Programme, lang: str) -> Expr:
    """The expression with what an input or a column is compared to by its title instead of its code, yes and no in words."""

    def inside(part: Expr) -> Expr:
        return _with_choices(part, programme, lang)

    match expr:
        case Binary(left=Name(name=name), right=TextLiteral() as code):
            return replace(expr, right=_choice_of(name, code, programme, lang))
        case Member(item=TextLiteral() as code, choices=Name(name=name)):
            return replace(expr, item=_choice_of(name, code, programme, lang))
        case Member(item=Name(name=name), choices=tuple() as codes):
            return replace(expr, choices=tuple(_choice_of(name, TextLiteral(code), programme, lang).value for code in codes))
        case Binary(operator="==" | "!="):
            words = _choices_within(expr, programme, lang)
            return replace(expr, left=_worded(expr.left, words), right=_worded(expr.right, words))
        case Binary():
            return replace(expr, left=inside(expr.left), right=inside(expr.right))
        case Unary():
            return replace(expr, operand=inside(expr.operand))
        case Call():
            return replace(expr, arguments=tuple(map(inside, expr.arguments)))
    return expr


def _choices_within(expr: Expr, programme: Programme, lang: str) -> dict[str, str]:
    names = (node.name for level in levels(expr) for node in level if isinstance(node, Name) and node.name in programme.inputs)
    choices = {code: words.in_(lang) for name in names for code, words in programme.inputs[name].choices.items()}
    return {answer: say(f"statuses.{answer}", lang) for answer in ("yes", "no")} | choices


def _worded(expr: Expr, words: Mapping[str, str]) -> Expr:
    """A side of a comparison with its texts in words; the keys that a table is looked up by stay as they are."""
    match expr:
        case TextLiteral():
            return replace(expr, value=words.get(expr.value, expr.value))
        case Call():
            return replace(expr, arguments=tuple(_worded(one, words) for one in expr.arguments))
    return expr


def _choice_of(name: str, code: TextLiteral, programme: Programme, lang: str) -> TextLiteral:
    table, _, column = name.partition(".")
    columns = programme.tables[table].columns if table in programme.tables else ()
    definition = programme.inputs.get(name) or next((c for c in columns if c.column == column), None)
    if definition is None:
        return code
    if code.value in definition.choices:
        return TextLiteral(definition.choices[code.value].in_(lang))
    reference = programme.references.get(definition.reference or "")
    return TextLiteral(reference.title_of(code.value, lang)) if reference else code
