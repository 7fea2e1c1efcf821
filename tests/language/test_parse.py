from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.language import InvalidExpression, parse, to_source
from engine.language.ast import Binary, Call, Expr, Lookup, Member, Name, NumberLiteral, TextLiteral, Unary
from tests.language.trees import any_tree

F = Fraction


def n(value: str, unit: str = "") -> NumberLiteral:
    return NumberLiteral(F(value), unit)


@pytest.mark.parametrize(
    ("text", "tree"),
    [
        ("5000 tce", n("5000", "tce")),
        ("30 %", n("30", "%")),
        ("30%", n("30", "%")),
        ("12 m²", n("12", "m²")),
        ("1.5万件", n("1.5", "万件")),
        ("0.03 [kgce/(kW·h)]", n("0.03", "kgce/(kW·h)")),
        ("1.2e3", n("1200")),
        ("5000 tce / x", Binary("/", n("5000", "tce"), Name("x"))),
        ("100 and_more", n("100", "and_more")),
        ("a.b.c", Name("a.b.c")),
        ("用地面积", Name("用地面积")),
        ("'it' == \"it\"", Binary("==", TextLiteral("it"), TextLiteral("it"))),
        ("a - b - c", Binary("-", Binary("-", Name("a"), Name("b")), Name("c"))),
        ("a + b * c", Binary("+", Name("a"), Binary("*", Name("b"), Name("c")))),
        ("-a * b", Binary("*", Unary("-", Name("a")), Name("b"))),
        ("a - -b", Binary("-", Name("a"), Unary("-", Name("b")))),
        ("not a > b and c", Binary("and", Unary("not", Binary(">", Name("a"), Name("b"))), Name("c"))),
        ("a or b and c", Binary("or", Name("a"), Binary("and", Name("b"), Name("c")))),
        ('not c in ("x")', Unary("not", Member(Name("c"), ("x",)))),
        ("c in codes", Member(Name("c"), Name("codes"))),
        ("sum(e.x, e.y > 1 t)", Call("sum", (Name("e.x"), Binary(">", Name("e.y"), n("1", "t"))))),
        ("lookup(t, k, 2).col", Lookup(Name("t"), (Name("k"), n("2")), "col")),
        ("lookup(t, k).col / 2", Binary("/", Lookup(Name("t"), (Name("k"),), "col"), n("2"))),
    ],
)
def test_text_to_tree(text: str, tree: Expr) -> None:
    assert parse(text) == tree


@pytest.mark.parametrize(
    ("text", "code", "position"),
    [
        ("", "expression_empty", 0),
        ("  ", "expression_empty", 0),
        ("a" * 2001, "expression_too_long", 2000),
        ("(" * 61 + "a" + ")" * 61, "expression_too_deep", 60),
        ("-" * 61 + "a", "expression_too_deep", 60),
        ("+".join("a" * 61), "expression_too_deep", 0),
        ("a ; b", "expression_unexpected_character", 2),
        ("（a）", "expression_unexpected_character", 0),
        ("a = b", "expression_unexpected_character", 2),
        ("a == 'b", "expression_unclosed_text", 5),
        ("3 [t", "expression_unclosed_unit", 2),
        ("a b", "expression_unexpected_token", 2),
        ("a +", "expression_unexpected_token", 3),
        ("(a", "expression_unexpected_token", 2),
        ("a % b", "expression_unexpected_token", 2),
        ("[t]", "expression_unexpected_token", 0),
        ("f()", "expression_unexpected_token", 2),
        ("f(a,)", "expression_unexpected_token", 4),
        ("a in (b)", "expression_unexpected_token", 6),
        ("a in ()", "expression_unexpected_token", 6),
        ("a + not b", "expression_unexpected_token", 4),
        ("lookup(t, k)", "expression_unexpected_token", 12),
        ("lookup('t', k).c", "expression_unexpected_token", 0),
        ("a < b < c", "expression_chained_comparison", 6),
        ("a == b in codes", "expression_chained_comparison", 7),
        ("1e40", "number_too_long", 0),
    ],
)
def test_syntax_errors_have_a_code_and_a_place(text: str, code: str, position: int) -> None:
    with pytest.raises(InvalidExpression) as refused:
        parse(text)
    assert [(e.code, e.position) for e in refused.value.errors] == [(code, position)]


def test_sixty_terms_are_not_too_deep() -> None:
    assert to_source(parse("+".join("a" * 60))) == " + ".join("a" * 60)


@given(any_tree)
def test_source_of_a_tree_parses_to_an_equal_tree(tree: Expr) -> None:
    assert parse(to_source(tree)) == tree


@given(st.text(max_size=40) | st.text("ab1.()+-*/<=> '\"[]%,in", max_size=60))
def test_any_text_is_an_expression_or_refused(text: str) -> None:
    try:
        assert parse(to_source(parse(text))) == parse(text)
    except InvalidExpression as refused:
        assert 0 <= refused.errors[0].position <= len(text)
