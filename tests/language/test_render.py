from __future__ import annotations

import re
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.language import check, compile_node, parse, render, to_source, to_text
from engine.language.ast import Expr
from tests.language.trees import any_tree, scalar
from tests.language.world import SCOPE, UNITS, F, env, value

TITLES = {
    "site.buildings": "总建筑物建筑面积", "site.structures": "总构筑物建筑面积", "site.area": "用地面积",
    "energy.tce": "折标煤量", "energy.carrier": "能源种类", "energy.intensity": "能源消耗强度", "quotas.level_1": "1 级定额",
    "word": "产品",
}  # fmt: skip


def title(name: str) -> str:
    return TITLES.get(name, name)


@pytest.mark.parametrize(
    ("text", "zh"),
    [
        ("(site.buildings + site.structures) / site.area", "(总建筑物建筑面积 + 总构筑物建筑面积) ÷ 用地面积"),
        ("((a)) + (b * (c))", "a + b × c"),
        ("a - (b - c)", "a − (b − c)"),
        ("a + (b - c)", "a + b − c"),
        ("a / (b * c)", "a ÷ (b × c)"),
        ("a * (b / c)", "a × b ÷ c"),
        ("a - -b", "a − (−b)"),
        ("-(a + b) * c", "−(a + b) × c"),
        ("sum(energy.tce) / 5000 tce", "Σ(折标煤量) ÷ 5000 tce"),
        ("sum(energy.tce, energy.carrier == 'coal')", "Σ(折标煤量 | 能源种类 = “coal”)"),
        ("sum(energy.tce, energy.sold)", "Σ(折标煤量 | energy.sold)"),
        ("min(energy.tce, not energy.sold)", "最小值(折标煤量 | 非 energy.sold)"),
        ("max(a, b + 1)", "最大值(a, b + 1)"),
        ("a >= 30 % and not (p or q)", "a ≥ 30% 且 非 (p 或 q)"),
        ("word in ('coal', 'coke')", "产品 ∈ {“coal”, “coke”}"),
        ("word in codes", "产品 ∈ codes"),
        ("lookup(quotas, word, year(-1)).level_1", "1 级定额[产品, 统计年度 − 1]"),
        ("not met(energy.intensity)", "非 符合(能源消耗强度)"),
        ("abs(a - b)", "|a − b|"),
        ("p == true", "p = 是"),
    ],
)
def test_readable_mathematics(text: str, zh: str) -> None:
    assert render(parse(text), title) == zh


def test_english_words() -> None:
    assert render(parse("p and not met(energy.intensity) or count(energy) > year"), lambda name: name, "en") == (
        "p and not met(energy.intensity) or count(energy) > statistics year"
    )


def test_units_go_by_their_names() -> None:
    said = render(
        parse("n >= 3 [万元/人] or k < 5 %"), lambda name: name, "en", unit_of={"万元/人": "10k CNY/person", "%": "%"}.__getitem__
    )
    assert said == "n ≥ 3 10k CNY/person or k < 5%"


def test_numbers_stand_in_place_of_names_and_aggregates() -> None:
    typed = check("(a - b) * sum(energy.x) / b", SCOPE, UNITS)
    dossier = env({"a": F(7, 2), "b": F(-2)}, energy=[{"x": F(1)}, {"x": F(3)}])
    values = {term.syntax: to_text(F(compile_node(term)(dossier))) for term in typed.terms}  # type: ignore[arg-type]
    assert render(typed.syntax, title, value_of=values.get) == "(3.5 − (-2)) × 4 ÷ (-2)"


@given(any_tree)
def test_every_tree_can_be_read_in_both_languages(tree: Expr) -> None:
    known = parse(to_source(tree).replace("anything(", "abs("))
    assert render(known, title, "zh")
    assert render(known, title, "en")


@given(scalar, st.tuples(*[st.fractions(1, 5, max_denominator=7)] * 3))
def test_dropped_parentheses_never_change_the_value(tree: Expr, numbers: tuple[Fraction, ...]) -> None:
    text = re.sub(r"\babs\b", "first", to_source(tree))  # the bars of an absolute value do not parse back
    read = render(parse(text), lambda name: name, "en").replace("first known of ", "first")
    back = read.translate(str.maketrans({"×": "*", "÷": "/", "−": "-"}))
    dossier = env(dict(zip("abc", numbers, strict=True)))
    assert value(back, dossier) == value(text, dossier)
